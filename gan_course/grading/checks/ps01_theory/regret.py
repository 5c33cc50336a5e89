"""Hidden check of `regret`: how much value a discriminator with given logits gives away, V(D*, G) - V(D, G).

V(D, G) = sum p log D + g log(1 - D) (Goodfellow et al. 2014, equation 1), D* = p / (p + g) (Proposition 1).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import softplus

from gan_course.grading.checks import _tools
from gan_course.grading.checks._tools import Case, Seen, record

KERNEL_SIDE = _tools.KERNEL_SIDE
TOLERANCE = 1e-8
EDGES = {  # what the calls try, in their order -> what to think of when one comes out wrong
    "moderate logits": "check V(D*) - V(D), term by term",
    "a batch of laws": "sum over the last dimension, and over no other",
    "logits up to 100 in size": "sigmoid rounds to 1; log D = -softplus(-a) and log(1 - D) = -softplus(a)",
    "atoms that one or both laws lack": "0 log 0 is 0, also in V at D* (torch.xlogy does that)",
    "atoms of probability 1e-18 and less": "1 - D* rounds to 0; log(1 - D*) = log g - log(p + g)",
    "logits of D* itself": "the regret is 0 there",
}


def draw(rng: torch.Generator) -> Case:
    """Calls (p, g, a): moderate logits; a batch; logits up to 100; atoms without mass; thin atoms; the best logits."""
    n = int(torch.randint(4, 8, (1,), generator=rng))
    p, g = _tools.law(rng, 2, n)
    sign = torch.tensor([1.0, -1.0, 1.0, -1.0, 1.0], dtype=torch.float64)[torch.randperm(5, generator=rng)]
    large = sign * _tools.uniform(rng, 22, 100, 5)
    large[0] = large[0].sign() * 100
    return {
        "calls": [
            [p, g, _logits(rng, n)],
            [*_tools.law(rng, 2, 2, 3, n).unbind(), _logits(rng, 2, 3, n)],
            [*_tools.law(rng, 2, 5).unbind(), large],
            [*_with_gaps(rng), _logits(rng, 6)],
            [*_thin(rng), _logits(rng, 5)],
            [p, g, p.log() - g.log()],
        ]
    }


def _with_gaps(rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Two laws on six atoms: one atom lacks p, one lacks g, one lacks both."""
    p, g = _tools.law(rng, 2, 6)
    places = torch.randperm(6, generator=rng)
    p[places[:2]], g[places[1:3]] = 0.0, 0.0
    return p / p.sum(), g / g.sum()


def _thin(rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Two laws on five atoms, some of which hardly ever occur, in one law or in both."""
    p, g = _tools.law(rng, 2, 5)
    tiny = 10 ** _tools.uniform(rng, -29, -18, 5)
    p[[0, 3]], p[4], g[[1, 3, 4]] = tiny[:2], 0.0, tiny[2:]
    return p / p.sum(), g / g.sum()


def _logits(rng: torch.Generator, *shape: int) -> Tensor:
    return 0.5 + 2 * torch.randn(shape, generator=rng, dtype=torch.float64)


def observe(case: dict[str, Any], regret: Callable[..., Any]) -> dict[str, Any]:
    """Call the answer on every (p, g, a)."""
    return record(case, regret)


def judge(case: Case, seen: Seen) -> None:
    """The first call, moderate logits and laws without zeros, names mistakes; each later one has its own edge."""
    found = _tools.results(case, seen)
    for (p, g, a), result, (edge, hint) in zip(case["calls"], found, EDGES.items(), strict=True):
        right = best_value(p, g) - value(p, g, a)
        what = f"the regret of {edge}, shape {tuple(a.shape)}"
        regret = _tools.tensor_of(result, tuple(right.shape), what, hint, EDGES["a batch of laws"])
        numbers = f"{regret.flatten()[0]:.8g} instead of {right.flatten()[0]:.8g}"
        _tools.expect(regret, right, partial(_slips, p, g, a), f"{what} is {numbers}: {hint}", TOLERANCE)


def value(p: Tensor, g: Tensor, a: Tensor) -> Tensor:
    """V at D = sigmoid(a)."""
    return -(p * softplus(-a, threshold=50) + g * softplus(a, threshold=50)).sum(-1)


def best_value(p: Tensor, g: Tensor) -> Tensor:
    """V at D*, without forming D*: p log p + g log g - (p + g) log(p + g)."""
    return (torch.xlogy(p, p) + torch.xlogy(g, g) - torch.xlogy(p + g, p + g)).sum(-1)


def _clamps(p: Tensor, g: Tensor, a: Tensor) -> dict[str, Tensor]:
    """What comes of keeping D away from 0 and 1 by a constant, or of cutting its logarithm off."""
    best, d = best_value(p, g), a.sigmoid()
    cure = "write log D = -softplus(-a) and log(1 - D) = -softplus(a)"
    floored = (p * d.log().clamp_min(-100) + g * (1 - d).log().clamp_min(-100)).sum(
        -1
    )  # F.binary_cross_entropy
    text = "log(1 - sigmoid(a)) was cut off at -100, as F.binary_cross_entropy does; sigmoid(40) rounds to 1 already: "
    slips = {text + cure: best - floored}
    for eps in (
        1e-3,
        1e-4,
        1e-5,
        1e-6,
        1e-7,
        1e-8,
        1e-9,
        1e-10,
        1e-12,
        1e-15,
        1e-16,
        1e-20,
        1e-30,
        1e-45,
        1e-300,
    ):
        ways = {
            "clamped from both sides": (d.clamp(eps, 1 - eps), 1 - d.clamp(eps, 1 - eps)),
            "clamped from below": (d.clamp_min(eps), (1 - d).clamp_min(eps)),
            "kept from 0 by adding it": (d + eps, 1 - d + eps),
        }
        for way, (low, high) in ways.items():
            text = f"D was {way} with a constant of {eps:g}, which changes V at logits up to 100: {cure}"
            slips[text] = best - (p * low.log() + g * high.log()).sum(-1)
    return slips


def _slips(p: Tensor, g: Tensor, a: Tensor) -> dict[str, Tensor]:
    """What known mistakes give."""
    return _slips_of_the_formula(p, g, a) | _clamps(p, g, a)


def _slips_of_the_formula(p: Tensor, g: Tensor, a: Tensor) -> dict[str, Tensor]:
    best, at_a = best_value(p, g), value(p, g, a)
    right, js = best - at_a, (best + math.log(4)) / 2
    as_d = a.clamp(0.01, 0.99)
    return {
        "the regret has the wrong sign: V at D* is the larger one": -right,
        "this is V at D itself: subtract it from V at D*": at_a,
        "this is -V at D: V at D* is missing": -at_a,
        "this is V at D*: V at D is still to be subtracted": best,
        "this is 2 JS - log 4 + V(D): both terms are values, subtract the second": best + at_a,
        "V at D* has JS once; it is 2 JS - log 4": js - math.log(4) - at_a,
        "V at D* is 2 JS - log 4; the log 4 has the wrong sign": best + 2 * math.log(4) - at_a,
        "V at D* lacks the - log 4": best + math.log(4) - at_a,
        "V at D* is 2 JS - log 4, not 2 JS - log 2": best + math.log(2) - at_a,
        "you used -log 4, V of the best G, in place of V at D*": -math.log(4) - at_a,
        "p and g are exchanged in V at D: real samples are paid by log D": best - value(g, p, a),
        "p and g are exchanged in V at D* and in V at D, or the logits have the wrong sign": best
        - value(p, g, -a),
        "you averaged over the batch; one regret for each pair was asked for": right.mean().expand_as(right),
        "this is an average over the atoms; expectations are sums with the weights p and g": right
        / a.shape[-1],
        "this is half the regret: V is a sum of two expectations, without 1/2": right / 2,
        "this is in bits; use the natural logarithm": right / math.log(2),
        "a was used as if it were D; D = sigmoid(a)": best
        - (torch.xlogy(p, as_d) + torch.xlogy(g, 1 - as_d)).sum(-1),
        "the real half alone: g log(1 - D) is missing": (p * (p / (p + g)).log() + p * softplus(-a)).sum(-1),
        "the fake half alone: p log D is missing": (g * (g / (p + g)).log() + g * softplus(a)).sum(-1),
        "the fakes are paid by -log D, the non-saturating loss of G; V has log(1 - D) there": best
        + (p * softplus(-a) - g * softplus(-a)).sum(-1),
        "the weights p and g are missing: V is an expectation": (
            (p / (p + g)).log() + (g / (p + g)).log() + softplus(-a) + softplus(a)
        ).sum(-1),
    }
