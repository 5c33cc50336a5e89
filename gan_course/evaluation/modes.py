"""How many modes of a known mixture a generator draws, and how evenly."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from gan_course import theory
from gan_course.data.toy import Mixture
from gan_course.evaluation.rows import as_rows


@dataclass(frozen=True)
class ModeCoverage:
    """What `mode_coverage` found.

    covered: modes that are drawn often enough. modes: how many there are. high_quality: share of the samples that lie
    within the radius of a mode; ideal: that share for the mixture itself. histogram: (modes,) high-quality samples at
    each mode. kl, js: divergence of the histogram from the mixture's weights, in nats, 0 when the proportions are
    right; without a single high-quality sample they are at their worst, infinite and log 2.
    """

    covered: int
    modes: int
    high_quality: float
    ideal: float
    histogram: Tensor
    kl: float
    js: float


def mode_coverage(
    samples: Tensor, mixture: Mixture, *, radius: float = 3.0, least: float = 0.1, chunk: int = 100_000
) -> ModeCoverage:
    """Judge samples (n, d) against a mixture whose means lie far apart.

    A sample is of high quality, and belongs to its nearest mode, when it lies within `radius` standard deviations of
    it; three is the usual choice (Srivastava et al. 2017). A mode is covered when it gets at least `least` times its
    due, which is its weight times n: by default a tenth, 1.25 % of the samples on the ring of eight. (The usual rule,
    one sample is enough, depends on how many samples one draws.) `chunk` samples are compared at a time.

    Raises:
        ValueError: the samples are not of the mixture's dimension, not finite, or so few that one sample would cover
            a mode.
    """
    points = as_rows(samples, "samples")
    modes, d = mixture.means.shape
    if points.shape[1] != d:
        raise ValueError(
            f"samples have shape {tuple(samples.shape)}; the mixture has dimension {d}, expected (n, {d})"
        )
    due = least * len(points) * mixture.weights.double()  # (modes,) samples that make a mode covered
    if due.min() <= 1:
        needed = int(1 / (least * mixture.weights.min().item())) + 1
        raise ValueError(f"{len(points)} samples are too few to judge {modes} modes: draw at least {needed}")
    histogram = torch.zeros(modes, dtype=torch.int64)
    for part in points.double().split(chunk):
        # the distance to every mode in its standard deviations, (c, modes)
        away = (part[:, None] - mixture.means.double()).norm(dim=2) / mixture.std.double()
        nearest, mode = away.min(1)
        histogram += mode[nearest <= radius].bincount(minlength=modes)
    found = int(histogram.sum())
    weights = mixture.weights.double() / mixture.weights.double().sum()
    law = histogram.double() / max(found, 1)
    return ModeCoverage(
        covered=int((histogram >= due).sum()),
        modes=modes,
        high_quality=found / len(points),
        ideal=_within(radius, d),
        histogram=histogram,
        kl=theory.kl(law, weights).item() if found else torch.inf,
        js=theory.js(law, weights).item() if found else theory.LOG2,
    )


def _within(radius: float, d: int) -> float:
    """P(|x| <= radius) for x ~ N(0, I_d): the squared norm follows a chi-squared law with d degrees of freedom."""
    half = torch.tensor([d / 2, radius**2 / 2], dtype=torch.float64)
    return torch.special.gammainc(half[0], half[1]).item()
