"""Does a conditional generator draw what was asked for, and in as many ways as the data?

Two questions that need each other: a generator that draws one perfect 3 for every 3 answers the first one best.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from gan_course.evaluation.distances import frechet_distance
from gan_course.evaluation.oracle import Oracle, share
from gan_course.evaluation.rows import as_comparable_rows, as_rows


@dataclass(frozen=True)
class Agreement:
    """How often an oracle reads the class that was asked for.

    share: of all samples. per_class: (K,) of the samples of each class, not a number where none was asked for.
    readable: share of samples with an answer that counts. One that cannot be read is a wrong one.
    """

    share: float
    per_class: Tensor
    readable: float


def agreement(oracle: Oracle, images: Tensor, labels: Tensor) -> Agreement:
    """Compare the oracle's answers with the requested labels (n,) int64 of the samples (n, 1, 28, 28).

    K is the largest label plus one. What real images score is the ceiling: print it next to this.

    Raises:
        ValueError: a shape that the oracle does not read, or not one label per image.
    """
    labels = _labels(labels, len(images), "images")
    seen, counts = oracle.judge(images)
    right = ((seen == labels) & counts).double()
    per_class = right.new_zeros(int(labels.max()) + 1).index_add(0, labels, right) / labels.bincount()
    return Agreement(right.mean().item(), per_class, share(counts))


def within_class_diversity(features: Tensor, labels: Tensor) -> Tensor:
    """Mean Euclidean distance between two different rows of the same class, for every class: (K,) float64.

    features (n, d), for example of an oracle, and their labels (n,) int64, of which every class 0..K-1 has at least
    two rows. Zero: all samples of the class are the same.

    Raises:
        ValueError: a class with fewer than two rows, not one label per row, or values that are not finite.
    """
    rows = as_rows(features, "features", least=2).double()
    labels = _labels(labels, len(rows), "rows of features")
    counts = labels.bincount()
    if counts.min() < 2:
        few = ", ".join(map(str, (counts < 2).nonzero().flatten().tolist()))
        raise ValueError(
            f"a distance needs two samples of a class; class {few} has fewer: draw more, or equally many of each"
        )
    return torch.stack([torch.pdist(rows[labels == k]).mean() for k in range(len(counts))])


def diversity_ratio(
    fake_features: Tensor, fake_labels: Tensor, real_features: Tensor, real_labels: Tensor
) -> float:
    """`within_class_diversity` of samples over that of real data, averaged over the classes.

    1: samples of a class differ from each other as much as real ones do. Below: less; 0: one picture per class. Above:
    more, which is no virtue either: samples of other classes among them would do it.

    Raises:
        ValueError: the classes are not the same on both sides, or what `within_class_diversity` refuses.
    """
    fake_features, real_features = as_comparable_rows(
        2, fake_features=fake_features, real_features=real_features
    )
    fake = within_class_diversity(fake_features, fake_labels)
    real = within_class_diversity(real_features, real_labels)
    _same_classes(fake, real)
    return (fake / real).mean().item()


def class_frechet_distance(
    fake_features: Tensor, fake_labels: Tensor, real_features: Tensor, real_labels: Tensor
) -> float:
    """The Fréchet distance within every class, averaged: what Miyato and Koyama (2018) call intra FID, on our features.

    Unlike the distance of all samples to all data, it sees a right image under a wrong label. Compare values only at
    equal counts per class, as for `distances.frechet_distance`.

    Raises:
        ValueError: the classes are not the same on both sides, or one has fewer than two rows.
    """
    fake_labels = _labels(fake_labels, len(fake_features), "fake rows")
    real_labels = _labels(real_labels, len(real_features), "real rows")
    _same_classes(fake_labels.bincount(), real_labels.bincount())
    distances = [
        frechet_distance(real_features[real_labels == k], fake_features[fake_labels == k])
        for k in range(int(real_labels.max()) + 1)
    ]
    return sum(distances) / len(distances)


def _labels(labels: Tensor, n: int, what: str) -> Tensor:
    labels = labels.cpu()
    if labels.shape != (n,) or labels.dtype != torch.int64:
        raise ValueError(
            f"expected one int64 label for each of the {n} {what}; got {labels.dtype} of shape {tuple(labels.shape)}"
        )
    return labels


def _same_classes(fake: Tensor, real: Tensor) -> None:
    if len(fake) != len(real):
        raise ValueError(
            f"samples reach to class {len(fake) - 1}, the data to class {len(real) - 1}: use the same classes"
        )
