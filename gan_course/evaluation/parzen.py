"""The Parzen-window log-likelihood, as Goodfellow et al. (2014, section 5) measured it.

It is here to be understood, not to be trusted: a worse set of samples can score higher (Theis et al. 2016).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from gan_course.evaluation.rows import as_comparable_rows

SIGMAS = tuple(10 ** (-1 + k / 9) for k in range(10))  # ten values from 0.1 to 1, equally far apart in log


def log_density(points: Tensor, samples: Tensor, sigma: float | Sequence[float], chunk: int = 500) -> Tensor:
    """Log-density of a Gaussian window of width sigma on every sample, at the points; in nats.

    log p(x) = log (1/n) sum_i exp(-|x - s_i|² / (2 sigma²)) - (d/2) log(2 pi sigma²)

    points: (m, ...), samples: (n, ...), floats on one scale. Returns (m,) for one sigma and (k, m) for a sequence of
    k. `chunk` points are compared with all samples at a time: chunk × n numbers of 8 bytes.

    Raises:
        ValueError: rows of different width, whole numbers instead of floats, values not finite, a sigma that is not
            positive.
    """
    sigmas = torch.as_tensor(sigma, dtype=torch.float64)
    if not (sigmas > 0).all():
        raise ValueError(f"the width of the window must be positive; got {sigma}")
    if not points.is_floating_point():
        raise ValueError(
            f"points are {points.dtype}; sigma has a meaning for floats only: scale pixels to [0, 1]"
        )
    x, centres = (rows.double() for rows in as_comparable_rows(points=points, samples=samples))
    n, d = centres.shape
    parts = []
    for part in x.split(chunk):
        squared = torch.cdist(part, centres).square()  # (c, n)
        parts.append(
            torch.stack([torch.logsumexp(-squared / (2 * s**2), 1) for s in sigmas.flatten()])
        )  # (k, c)
    normaliser = math.log(n) + d / 2 * torch.log(2 * math.pi * sigmas.reshape(-1, 1) ** 2)
    return (torch.cat(parts, 1) - normaliser).reshape(*sigmas.shape, len(x))


@dataclass(frozen=True)
class ParzenScore:
    """mean: average log-density of the test points, in nats; standard_error: of that mean. sigma: the width chosen,
    validation: the average log-density of the validation points for every width tried."""

    mean: float
    standard_error: float
    sigma: float
    validation: dict[float, float]


def parzen_score(
    samples: Tensor,
    validation: Tensor,
    test: Tensor,
    *,
    sigmas: Sequence[float] = SIGMAS,
    chunk: int = 500,
) -> ParzenScore:
    """The protocol of Goodfellow et al. (2014): a Gaussian window on generated samples, scored on test data.

    The width is the one of `sigmas` with the highest average log-density on at most 1,000 validation points; their
    tables use 10,000 samples of MNIST with pixels in [0, 1]. All arguments are floats (n, ...) on that scale.

    Raises:
        ValueError: as `log_density`, or fewer than two test points.
    """
    as_comparable_rows(2, samples=samples, validation=validation, test=test)
    scores = log_density(validation[:1000], samples, sigmas, chunk).mean(1)  # (k,)
    sigma = sigmas[int(scores.argmax())]
    values = log_density(test, samples, sigma, chunk)
    return ParzenScore(
        mean=values.mean().item(),
        standard_error=(values.std() / math.sqrt(len(values))).item(),
        sigma=sigma,
        validation=dict(zip(sigmas, scores.tolist(), strict=True)),
    )
