"""Distances between the features of real and of generated samples: Fréchet and kernel.

The features come from a network of ours, so these numbers are neither FID nor KID, which are defined on the features
of one Inception network: name them after yours ("FD, stroke reader") and print the `floor` beside them.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TypeVar

import torch
from torch import Tensor, nn

from gan_course.evaluation.rows import as_comparable_rows, as_rows
from gan_course.training.seeding import generator, seeded

T = TypeVar("T")


class _Given(nn.Identity):
    """The feature network that torchmetrics asks for, when the features are already there."""

    def __init__(self, num_features: int) -> None:
        super().__init__()
        self.num_features = num_features


def frechet_distance(real_features: Tensor, fake_features: Tensor, chunk: int = 10_000) -> float:
    """|mu_r - mu_f|² + Tr(C_r + C_f - 2 (C_r C_f)^(1/2)) of features (n, d) and (m, d)   (Heusel et al. 2017).

    The squared Wasserstein-2 distance of two Gaussians with these means and covariances. The estimate is biased
    upwards, the more the smaller n is against d, so compare only values at equal counts. `chunk` rows are summed
    at a time, in double precision; it does not change the result.

    Raises:
        ValueError: fewer than two rows, different widths, values that are not finite.
    """
    from torchmetrics.image.fid import FrechetInceptionDistance

    real, fake = as_comparable_rows(2, real_features=real_features, fake_features=fake_features)
    metric = FrechetInceptionDistance(feature=_Given(real.shape[1]))
    centre = real.double().mean(0)  # a common shift changes nothing but the rounding
    for rows, is_real in ((real, True), (fake, False)):
        for part in rows.split(chunk):
            metric.update(part.double() - centre, real=is_real)
    return metric.compute().item()


def kernel_distance(
    real_features: Tensor,
    fake_features: Tensor,
    *,
    subsets: int = 100,
    subset_size: int = 500,
    seed: int = 0,
) -> tuple[float, float]:
    """MMD² with the kernel k(x, y) = (x·y / d + 1)³, of features (n, d) and (m, d)   (Bińkowski et al. 2018).

    Returns the mean over random subsets of both sides and the standard deviation between subsets. The mean is
    unbiased: for equal laws it is 0 on average at every sample size, so it is sometimes negative.

    Raises:
        ValueError: a side has fewer than `subset_size` rows, different widths, values that are not finite.
    """
    from torchmetrics.image.kid import KernelInceptionDistance

    real, fake = as_comparable_rows(2, real_features=real_features, fake_features=fake_features)
    fewest = min(len(real), len(fake))
    if not 2 <= subset_size <= fewest:
        raise ValueError(
            f"subset_size is {subset_size}; choose between 2 and the {fewest} rows of the smaller side"
        )
    with warnings.catch_warnings():  # the metric keeps all features in memory and says so at every call
        warnings.simplefilter("ignore", UserWarning)
        metric = KernelInceptionDistance(_Given(real.shape[1]), subsets=subsets, subset_size=subset_size)
    metric.update(real.double(), real=True)
    metric.update(fake.double(), real=False)
    with seeded(seed):  # the metric draws its subsets from the global random state
        mean, deviation = metric.compute()
    return mean.item(), deviation.item()


def floor(
    distance: Callable[[Tensor, Tensor], T], real_features: Tensor, size: int | None = None, seed: int = 0
) -> T:
    """The same distance between two disjoint random parts of the real data: what a perfect generator would score.

    size: rows in each part, by default half of them. Take the number of generated samples when that fits, because
    the Fréchet distance depends on it.

    Raises:
        ValueError: twice `size` exceeds the rows there are.
    """
    rows = as_rows(real_features, "real_features", least=4)
    size = len(rows) // 2 if size is None else size
    if not 2 <= size <= len(rows) // 2:
        raise ValueError(
            f"two parts of {size} rows cannot be taken from {len(rows)}; use 2 to {len(rows) // 2}"
        )
    order = torch.randperm(len(rows), generator=generator(seed))
    return distance(rows[order[:size]], rows[order[size : 2 * size]])
