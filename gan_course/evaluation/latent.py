"""Walks and arithmetic in latent space (Radford, Metz and Chintala 2016, sections 6.1 and 6.3), made measurable."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor


def walk(points: Tensor, steps: int, *, spherical: bool = False) -> Tensor:
    """A path through latent points (k, d), in order: ((k - 1) · steps + 1, d), `steps` equal steps per leg.

    Straight legs, as in the paper (uniform prior). Under a normal prior in many dimensions nearly all z have a norm
    close to sqrt(d), and the middle of a straight leg only 0.7 of that, where G was never trained; `spherical` turns
    from one direction to the next instead and passes over the norms linearly.

    Raises:
        ValueError: fewer than two points or no steps.
    """
    if len(points) < 2 or steps < 1:
        raise ValueError(f"a walk needs two points and one step; got {len(points)} points and {steps} steps")
    t = torch.arange(steps, dtype=points.dtype, device=points.device)[:, None] / steps  # 0 <= t < 1
    legs = [_turn(a, b, t) if spherical else (1 - t) * a + t * b for a, b in pairwise(points)]
    return torch.cat([*legs, points[-1:]])


def _turn(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """Unit vectors by (sin((1 - t) w) a + sin(t w) b) / sin w, w the angle between a and b (Shoemake 1985)."""
    norm_a, norm_b = a.norm(), b.norm()
    a, b = a / norm_a, b / norm_b
    w = torch.acos((a @ b).clamp(-1, 1))
    if torch.sin(w) < 1e-4:  # the same direction, or opposite ones, between which no turn is the shortest
        return (1 - t) * a * norm_a + t * b * norm_b
    direction = (torch.sin((1 - t) * w) * a + torch.sin(t * w) * b) / torch.sin(w)
    return direction * ((1 - t) * norm_a + t * norm_b)


@dataclass(frozen=True)
class Steps:
    """How far apart neighbours on a walk are. largest, median: step lengths, in units of `reference`.

    A smooth walk has a small `largest`, and twice as many steps halve it. A walk that hops between remembered images
    has a `largest` near 1, however fine the steps, and a `median` near 0. ratio: largest / median.
    """

    largest: float
    median: float
    ratio: float


def step_sizes(features: Tensor, reference: Tensor) -> Steps:
    """Step lengths along a walk, from pixels or features (m, ...) of its images in order.

    reference: the same features of independent images (n, ...); the unit is the mean distance of consecutive ones.
    The control of the walk is the walk over nearest training images: `nearest(images, training)` gives their
    indices, and the features of those rows go through this function too.

    Raises:
        ValueError: fewer than two rows on either side.
    """
    if len(features) < 2 or len(reference) < 2:
        raise ValueError(f"needs two rows of each; got {len(features)} and {len(reference)}")
    unit = _steps(reference).mean()
    steps = _steps(features) / unit
    largest, median = steps.max().item(), steps.median().item()
    return Steps(largest, median, largest / median if median else float("inf"))


def _steps(rows: Tensor) -> Tensor:
    return rows.flatten(1).double().diff(dim=0).norm(dim=1)


def concept(z: Tensor, mask: Tensor, k: int, rng: torch.Generator) -> Tensor:
    """Mean (d,) of k random rows of z (n, d) among those where mask (n,) holds: "smiling woman" as a vector.

    The paper takes k = 3, because arithmetic with single exemplars was unstable. Compute the three concepts A, B, C,
    then G(A - B + C).

    Raises:
        ValueError: the mask holds for fewer than k rows.
    """
    rows = mask.nonzero()[:, 0]
    if len(rows) < k:
        raise ValueError(
            f"{k} exemplars are needed and {len(rows)} of {len(z)} samples have the attributes: draw more"
        )
    chosen = torch.randperm(len(rows), generator=rng, device=rng.device)[:k].to(rows.device)
    return z[rows[chosen]].mean(0)


def random_direction(like: Tensor, rng: torch.Generator) -> Tensor:
    """A random vector as long as `like` (d,): the control of every direction that is said to mean something."""
    direction = torch.randn(like.shape, generator=rng, dtype=like.dtype)
    return direction * (like.norm() / direction.norm())


def shift(z: Tensor, direction: Tensor, amounts: Tensor) -> Tensor:
    """z (n, d) moved along a direction (d,) by amounts (s,): (n, s, d). Amount 1 is the whole direction.

    The turn vector (Figure 8) is the direction `concept(z, right, 4, rng) - concept(z, left, 4, rng)`.
    """
    return z[:, None] + amounts[None, :, None] * direction


def correlation(amounts: Tensor, answers: Tensor) -> Tensor:
    """Pearson correlations (n,) of amounts (s,) with each row of answers (n, s); 0 for a row that never changes."""
    a = amounts.double() - amounts.double().mean()
    b = answers.double() - answers.double().mean(1, keepdim=True)
    return (b @ a) / (b.norm(dim=1) * a.norm()).clamp_min(1e-12)
