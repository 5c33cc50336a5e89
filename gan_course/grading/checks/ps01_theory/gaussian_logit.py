"""Hidden check of `gaussian_logit`: the Bayes posterior of two Gaussians with one covariance is a logistic regression.

log p(y=1|x) / p(y=0|x) = w.x + b with w = S^-1 (mu1 - mu0), b = (mu0.S^-1 mu0 - mu1.S^-1 mu1) / 2 + log odds of y.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from gan_course.exercises.checking import Wrong
from gan_course.grading.checks import _tools
from gan_course.grading.checks._tools import Case, Seen, record

KERNEL_SIDE = _tools.KERNEL_SIDE
TOLERANCE = 1e-6


def draw(rng: torch.Generator) -> Case:
    """Calls (mu1, mu0, cov, prior1): either class is rare once, and very rare once; once cov is nearly flat."""
    very_rare = 10 ** _tools.number(rng, -7, -6)
    priors = [_tools.number(rng, *ends) for ends in ((0.65, 0.95), (0.05, 0.35), (0.996, 0.999))]
    priors.insert(2, very_rare)
    priors.append(1 - 10 ** _tools.number(rng, -9, -8))  # float32 rounds it to 1
    calls = [[*_gaussians(rng, d), prior] for d, prior in zip((3, 2, 5, 1, 2), priors, strict=True)]
    mu1, mu0, _ = _gaussians(rng, 3)
    return {"calls": [*calls, [mu1, mu0, _flat(rng, 3), _tools.number(rng, 0.2, 0.8)]]}


def _gaussians(rng: torch.Generator, d: int) -> tuple[Tensor, Tensor, Tensor]:
    mu1, mu0 = _tools.uniform(rng, -2, 2, 2, d).unbind()
    A = torch.randn(d, d, generator=rng, dtype=torch.float64)
    scale = _tools.uniform(rng, 0.6, 1.7, d)
    return mu1, mu0, (A @ A.T / d + 0.4 * torch.eye(d)) * scale * scale[:, None]


def _flat(rng: torch.Generator, d: int) -> Tensor:
    """A covariance with variances about 1 along its axes, but for one that is 2000 to 8000 times smaller."""
    axes = torch.linalg.qr(torch.randn(d, d, generator=rng, dtype=torch.float64)).Q
    variances = _tools.uniform(rng, 0.8, 1.0, d)
    variances[0] /= _tools.number(rng, 2000, 8000)
    cov = (axes * variances) @ axes.T
    return (cov + cov.T) / 2


def observe(case: dict[str, Any], gaussian_logit: Callable[..., Any]) -> dict[str, Any]:
    """Call the answer on every set of arguments."""
    return record(case, gaussian_logit)


def judge(case: Case, seen: Seen) -> None:
    """Compare w and b; the first call, with correlated coordinates and a prior far from 1/2, names mistakes."""
    for given, result in zip(case["calls"], _tools.results(case, seen), strict=True):
        if not isinstance(result, list) or len(result) != 2:
            raise Wrong("return a pair: w, then b")
        d = len(given[0])
        w = _tools.tensor_of(result[0], (d,), f"in {d} dimensions w", "which number did you divide by 0?")
        b = _tools.number_of(
            result[1], f"in {d} dimensions b", "did you divide by 0, or round a prior near 1 to 1 (float32)?"
        )
        right_w, right_b = _answer(*given)
        where = f"in {d} dimensions, prior {given[3]:.3g}, 1 - prior {1 - given[3]:.3g}"
        _tools.expect(w, right_w, partial(_slips_w, *given), f"w is wrong {where}", TOLERANCE)
        _tools.expect(b, right_b, partial(_slips_b, *given), f"w is right, b is wrong {where}", TOLERANCE)


def _answer(mu1: Tensor, mu0: Tensor, cov: Tensor, prior1: float) -> tuple[Tensor, Tensor]:
    w = torch.linalg.solve(cov, mu1 - mu0)
    return w, -(w @ (mu1 + mu0)) / 2 + math.log(prior1 / (1 - prior1))  # a difference of two squares


def _slips_w(mu1: Tensor, mu0: Tensor, cov: Tensor, prior1: float) -> dict[str, Tensor]:
    right, _ = _answer(mu1, mu0, cov, prior1)
    gap, L = mu1 - mu0, torch.linalg.cholesky(cov)
    half = torch.linalg.solve_triangular(L, gap[:, None], upper=False)[:, 0]
    return {
        "w has the wrong sign: w.x + b is the logit of class 1, so w points from mu0 to mu1": -right,
        "w is mu1 - mu0: the inverse of the covariance is missing": gap,
        "w multiplies with the covariance; its inverse is needed: torch.linalg.solve(cov, ...)": cov @ gap,
        "w treats the coordinates as independent (naive Bayes): use all of cov, not its diagonal": gap
        / cov.diagonal(),
        "w inverts cov entry by entry; the inverse of the matrix is needed": (1 / cov) @ gap,
        "w multiplies with the inverse of the Cholesky factor once: S^-1 = L^-T L^-1, twice": half,
        "w applies the inverse of cov twice": torch.linalg.solve(cov, right),
        "w is twice what it should be: the 1/2 of the Gaussian cancels against the two cross terms": 2
        * right,
        "w is half of what it should be: each square has two cross terms, which cancel the 1/2": right / 2,
        "w is a difference of w for each class with the prior as a factor; the prior belongs to b alone": (
            torch.linalg.solve(cov, prior1 * mu1 - (1 - prior1) * mu0)
        ),
        "w is scaled to length 1; its length says how sure the posterior is": right / right.norm(),
    }


def _slips_b(mu1: Tensor, mu0: Tensor, cov: Tensor, prior1: float) -> dict[str, Tensor]:
    w, right = _answer(mu1, mu0, cov, prior1)
    odds = math.log(prior1 / (1 - prior1))
    squares = right - odds  # (mu0.S^-1 mu0 - mu1.S^-1 mu1) / 2
    gap = mu1 - mu0
    clamped = {
        f"b clamps the prior to [{eps:g}, 1 - {eps:g}]; any prior between 0 and 1 may come": squares
        + math.log(min(max(prior1, eps), 1 - eps) / (1 - min(max(prior1, eps), 1 - eps)))
        for eps in (0.05, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
    }
    return clamped | {
        "b leaves the prior out: add log(prior1 / (1 - prior1))": squares,
        "b has the log prior odds with the wrong sign: a frequent class 1 raises the logit": squares - odds,
        "b has log prior1 alone; class 0 has a prior too, 1 - prior1": squares + math.log(prior1),
        "b adds the prior odds themselves; their logarithm is needed": squares + prior1 / (1 - prior1),
        "b adds prior1 itself; the log odds are needed": squares + prior1,
        "b has the prior odds in bits; use the natural logarithm": squares + odds / math.log(2),
        "b has the log prior odds halved; only the squares carry 1/2": squares + odds / 2,
        "b is the log prior odds alone: the squares of the two means are missing": torch.full_like(
            right, odds
        ),
        "b is without the 1/2 of the Gaussian in front of the squares": 2 * squares + odds,
        "b has the squares with the wrong sign: a mean far from the origin speaks against its class": odds
        - squares,
        "b has the wrong sign as a whole: it is the b of class 0": -right,
        "b uses (mu1 - mu0).S^-1 (mu1 - mu0); it is the difference of two squares, not the square of a difference": (
            odds - (gap @ w) / 2
        ),
        "b adds the two squares; they are subtracted": odds
        - (mu1 @ torch.linalg.solve(cov, mu1) + mu0 @ torch.linalg.solve(cov, mu0)) / 2,
        "b has the squares of the means without the inverse covariance": odds + (mu0 @ mu0 - mu1 @ mu1) / 2,
    }
