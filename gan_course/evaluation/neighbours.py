"""Are the samples copies of training images? Nearest neighbours, and a test that can say "no"."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from gan_course.evaluation.rows import as_comparable_rows
from gan_course.training.seeding import generator


def nearest(samples: Tensor, training: Tensor, chunk: int = 250) -> tuple[Tensor, Tensor]:
    """The nearest training row of every sample: Euclidean distances (n,) and row numbers (n,).

    samples: (n, ...), training: (m, ...), both pixels or both features. `chunk` samples are compared with the whole
    training set at a time: chunk × m numbers of 4 bytes.

    Raises:
        ValueError: rows of different width, pixels against floats, no rows, or values that are not finite.
    """
    queries, pool = as_comparable_rows(samples=samples, training=training)
    centre = pool.mean(0)  # cdist multiplies matrices; rows around the origin lose fewer digits in it
    queries, pool = queries.float() - centre, pool.float() - centre
    index = torch.cat([torch.cdist(part, pool).argmin(1) for part in queries.split(chunk)])
    # The distance to the winner once more, by subtraction: an exact copy then lies at exactly 0.
    distance = torch.cat(
        [
            (part - pool[rows]).norm(dim=1)
            for part, rows in zip(queries.split(chunk), index.split(chunk), strict=True)
        ]
    )
    return distance, index


@dataclass(frozen=True)
class CopyTest:
    """What `not_copies` found.

    ratio: mean distance from samples to their nearest training rows, over the same for held-out real rows; about 1
    for new draws of the data's law, 0 for copies. low, high: bootstrap interval of the ratio. margin: what `low` must
    exceed. passes: it does. close: share of the samples nearer to training than 99 % of the held-out rows are, about
    0.01 for new draws; it shows a few copies among many originals, which a mean hides. n: number of samples.
    """

    ratio: float
    low: float
    high: float
    margin: float
    passes: bool
    close: float
    n: int


def not_copies(
    samples: Tensor,
    training: Tensor,
    held_out: Tensor,
    *,
    margin: float = 0.75,
    level: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
    chunk: int = 250,
) -> CopyTest:
    """Test that samples keep the distance from the training rows that fresh real rows keep.

    This is an equivalence test: the burden of proof lies on "not copies", and too few samples make it fail. (A test of
    the opposite burden, "the difference is not significant", passes whenever the samples are few.) Only nearness fails
    it: noise is far from everything and passes, so read it together with a measure of quality. A generator that draws
    only digits with close neighbours, ones for example, may fail without copying: look at the class histogram.

    Copies under noise as large as the distance between real images cannot be told from new images. Prefer pixels: the
    features of a classifier may be thrown far off by noise that leaves the copy plain to the eye.

    samples (n, ...), training (m, ...), held_out (k, ...): all pixels, or all features of one network; held-out rows
    must not be in the training rows. margin: for `CopyTest.low`. level: of the interval.

    Raises:
        ValueError: shapes or scales that do not match, fewer than 20 samples or held-out rows, or held-out rows that
            are training rows themselves.
    """
    as_comparable_rows(20, samples=samples, training=training, held_out=held_out)
    own, _ = nearest(samples, training, chunk)
    reference, _ = nearest(held_out, training, chunk)
    if reference.mean() == 0:
        raise ValueError("every held-out row is also a training row: hold out rows that were not trained on")
    rng = generator(seed)
    tops, bottoms = (_bootstrap_means(distances, resamples, rng) for distances in (own, reference))
    tail = (1 - level) / 2
    low, high = (tops / bottoms).quantile(torch.tensor([tail, 1 - tail], dtype=torch.float64)).tolist()
    return CopyTest(
        ratio=(own.mean() / reference.mean()).item(),
        low=low,
        high=high,
        margin=margin,
        passes=low > margin,
        close=(own < reference.quantile(0.01)).double().mean().item(),
        n=len(own),
    )


def _bootstrap_means(values: Tensor, resamples: int, rng: torch.Generator) -> Tensor:
    """Means (resamples,) of as many rows drawn with replacement (Efron 1979)."""
    values = values.double()
    draws = (torch.randint(len(values), (len(values),), generator=rng) for _ in range(resamples))
    return torch.stack([values[index].mean() for index in draws])
