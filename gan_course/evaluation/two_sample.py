"""Two-sample tests: can anything tell generated samples from real ones?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from gan_course.evaluation.rows import as_comparable_rows
from gan_course.training.seeding import generator


@dataclass(frozen=True)
class NeighbourTest:
    """Leave-one-out accuracies of the 1-NN classifier, over all samples and on the real and the fake ones apart.

    0.5 is ideal. 1.0: the two sets lie apart. 0.0: every sample has a copy on the other side. A low `real` with a
    high `fake` accuracy is, in many dimensions, the sign of little variety: fakes crowd in the middle of the data, so
    that they are each other's nearest neighbours and those of the real samples around them.
    """

    accuracy: float
    real: float
    fake: float
    n: int


def neighbour_test(real: Tensor, fake: Tensor) -> NeighbourTest:
    """Leave-one-out 1-NN two-sample test on n real and n generated samples (n, ...)   (Xu et al. 2018).

    Every sample is classified by its nearest other sample, real or fake. Give features rather than pixels of images.
    Scikit-learn works through the distances in pieces, whatever n is.

    Raises:
        ValueError: the counts differ (0.5 is the ideal only for equal ones), or the widths, or values are not finite.
    """
    from sklearn.neighbors import NearestNeighbors

    sides = as_comparable_rows(2, real=real, fake=fake)
    n = len(sides[0])
    if len(sides[1]) != n:
        raise ValueError(
            f"the test needs as many fake as real samples; got {n} real and {len(sides[1])} fake"
        )
    pooled = torch.cat(sides).double().numpy()
    # kneighbors() without arguments leaves the sample itself out.
    nearest = NearestNeighbors(n_neighbors=1).fit(pooled).kneighbors(return_distance=False)[:, 0]
    is_real = torch.arange(2 * n) < n
    right = is_real[torch.from_numpy(nearest)] == is_real
    halves = right.double().view(2, n).mean(1)
    return NeighbourTest(halves.mean().item(), halves[0].item(), halves[1].item(), n)


@dataclass(frozen=True)
class ClassifierTest:
    """Held-out accuracy of a classifier that was trained to tell real from fake, on all samples and by side.

    p_value: the probability of an accuracy this high if both sets came from one law, by the normal approximation
    N(1/2, 1/(4 n)) for n held-out samples.
    """

    accuracy: float
    real: float
    fake: float
    p_value: float
    n: int


CLASSIFIERS = ("logistic", "mlp")


def classifier_test(
    real: Tensor, fake: Tensor, *, classifier: str = "logistic", seed: int = 0
) -> ClassifierTest:
    """Classifier two-sample test on n real and n generated samples (n, ...)   (Lopez-Paz and Oquab 2017, section 3).

    Half of each side trains the classifier, the other half tests it. classifier: "logistic" sees differences of the
    means only, "mlp" (one hidden layer of 64) sees more and needs more samples.

    Raises:
        ValueError: the counts or widths differ, fewer than 20 samples, values not finite, or an unknown classifier.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if classifier not in CLASSIFIERS:
        raise ValueError(f"unknown classifier {classifier!r}; known: {', '.join(CLASSIFIERS)}")
    sides = as_comparable_rows(20, real=real, fake=fake)
    if len(sides[0]) != len(sides[1]):
        raise ValueError(
            f"the test needs as many fake as real samples; got {len(sides[0])} real and {len(sides[1])} fake"
        )
    rng = generator(seed)
    half = len(sides[0]) // 2
    train, test = [], []
    for rows in sides:
        order = torch.randperm(len(rows), generator=rng)
        train.append(rows[order[:half]])
        test.append(rows[order[half:]])
    model = {
        "logistic": lambda: LogisticRegression(max_iter=1000),
        "mlp": lambda: MLPClassifier((64,), alpha=1e-2, max_iter=300, early_stopping=True, random_state=seed),
    }[classifier]()
    model = make_pipeline(StandardScaler(), model)
    model.fit(torch.cat(train).double().numpy(), [1] * half + [0] * half)
    says_real = [torch.from_numpy(model.predict(rows.double().numpy())).bool() for rows in test]
    on_real = says_real[0].double().mean().item()
    on_fake = 1 - says_real[1].double().mean().item()
    n = len(test[0]) + len(test[1])
    accuracy = (on_real + on_fake) / 2
    z = (accuracy - 0.5) * 2 * math.sqrt(n)
    return ClassifierTest(accuracy, on_real, on_fake, 0.5 * math.erfc(z / math.sqrt(2)), n)
