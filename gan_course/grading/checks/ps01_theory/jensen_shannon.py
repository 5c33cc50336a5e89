"""Hidden check of `jensen_shannon`: values in nats, atoms without mass, batches of laws, broadcasting.

JS(p, q) = KL(p || m) / 2 + KL(q || m) / 2 with m = (p + q) / 2; between 0 and log 2.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from gan_course.grading.checks import _tools
from gan_course.grading.checks._tools import Case, Seen, record

KERNEL_SIDE = _tools.KERNEL_SIDE
TOLERANCE = 1e-8


def draw(rng: torch.Generator) -> Case:
    """Calls (p, q): one pair; a batch (2, 3, 4); atoms without mass; one law against a batch; a batch against one;
    batches with leading dimensions of length 1.
    """
    n = int(torch.randint(4, 8, (1,), generator=rng))
    p, q = _tools.law(rng, 2, 6)
    places = torch.randperm(6, generator=rng)
    p, q = p.index_fill(0, places[:2], 0.0), q.index_fill(0, places[1:3], 0.0)  # place 1: nobody
    apart = _tools.law(rng, 2, 6)
    apart[0, places[:3]], apart[1, places[3:]] = 0.0, 0.0  # no atom in common
    same = _tools.law(rng, 6).index_fill(0, places[:1], 0.0)
    holes = torch.stack([p, apart[0], same]), torch.stack([q, apart[1], same])
    return {
        "calls": [
            [*_tools.law(rng, 2, n).unbind()],
            [*_tools.law(rng, 2, 2, 3, 4).unbind()],
            [*(laws / laws.sum(-1, keepdim=True) for laws in holes)],
            [_tools.law(rng, n), _tools.law(rng, 3, n)],
            [_tools.law(rng, 2, 1, n), _tools.law(rng, 5, n)],
            [_tools.law(rng, 1, n), _tools.law(rng, n)],
            [_tools.law(rng, 3, 1, n), _tools.law(rng, 1, 1, n)],
        ]
    }


def observe(case: dict[str, Any], jensen_shannon: Callable[..., Any]) -> dict[str, Any]:
    """Call the answer on every pair of laws."""
    return record(case, jensen_shannon)


def judge(case: Case, seen: Seen) -> None:
    """The first call, one pair of laws, names mistakes of the formula; the others those at its edges."""
    found = _tools.results(case, seen)
    for k, ((p, q), result) in enumerate(zip(case["calls"], found, strict=True)):
        what = f"JS of laws of shape {tuple(p.shape)} and {tuple(q.shape)}"
        right = _js(p, q)
        js = _tools.tensor_of(
            result,
            tuple(right.shape),
            what,
            "0 log 0 is 0: an atom without mass adds nothing (torch.xlogy does that)",
            "Sum over the last dimension, and over no other",
        )
        what += ", some atoms without mass" * (k == 2)
        text = f"{what}: {_some(js)} instead of {_some(right)}"
        _tools.expect(js, right, partial(_slips, p, q), text, TOLERANCE)


def _some(values: Tensor) -> str:
    return str([round(value, 6) for value in values.flatten()[:3].tolist()])


def _kl(p: Tensor, q: Tensor) -> Tensor:
    return (torch.xlogy(p, p) - torch.xlogy(p, q)).sum(-1)


def _js(p: Tensor, q: Tensor) -> Tensor:
    m = (p + q) / 2
    return (_kl(p, m) + _kl(q, m)) / 2


def _slips(p: Tensor, q: Tensor) -> dict[str, Tensor]:
    """What known mistakes give."""
    return _slips_of_the_formula(p, q) | _slips_at_zeros(p, q)


def _slips_of_the_formula(p: Tensor, q: Tensor) -> dict[str, Tensor]:
    js, m = _js(p, q), (p + q) / 2
    geometric = (p * q).sqrt()
    return {
        "this is JS in bits (log base 2); nats were asked for": js / math.log(2),
        "this is twice JS: each of the two KL carries 1/2": 2 * js,
        "this is half of JS: the two halves are there already": js / 2,
        "this has the wrong sign: JS is never negative": -js,
        "this is KL(p || q); JS compares both laws with their mixture": _kl(p, q),
        "this is KL(q || p); JS compares both laws with their mixture": _kl(q, p),
        "this is the mean of KL(p || q) and KL(q || p); JS compares each law with the mixture": (
            _kl(p, q) + _kl(q, p)
        )
        / 2,
        "this is KL(p || q) + KL(q || p); JS compares each law with the mixture": _kl(p, q) + _kl(q, p),
        "this is KL(p || m) alone; KL(q || m) belongs to it as well": _kl(p, m),
        "this is half of KL(p || m) alone; KL(q || m) belongs to it as well": _kl(p, m) / 2,
        "this is KL(q || m) alone; KL(p || m) belongs to it as well": _kl(q, m),
        "this is half of KL(q || m) alone; KL(p || m) belongs to it as well": _kl(q, m) / 2,
        "KL has its arguments exchanged: KL(p || m), not KL(m || p); F.kl_div(a, b) is KL(b || e^a)": (
            _kl(m, p) + _kl(m, q)
        )
        / 2,
        "the mixture is p + q instead of (p + q) / 2: this is JS - log 2": js - math.log(2),
        "the mixture is the geometric mean; JS has the arithmetic one": (
            _kl(p, geometric) + _kl(q, geometric)
        )
        / 2,
        "this is the square root of JS, the distance": js.sqrt(),
        "this is C(G) = -log 4 + 2 JS, the value of the game at D*": 2 * js - math.log(4),
        "this is the total variation; JS was asked for": (p - q).abs().sum(-1) / 2,
        "this is an average over the atoms; a sum was asked for": js / p.shape[-1],
        "this is the mean over the batch in every place; one JS for each pair was asked for": js.mean().expand(
            js.shape
        ),
    }


def _slips_at_zeros(p: Tensor, q: Tensor) -> dict[str, Tensor]:
    """What comes of leaving out atoms without mass, or of making do with a small constant."""
    js, m = _js(p, q), (p + q) / 2
    both = ((p > 0) & (q > 0)).double()
    terms = (torch.xlogy(p, p / m) + torch.xlogy(q, q / m)) / 2
    left_out = (terms.nan_to_num(0.0) * both).sum(-1)
    slips = {"an atom that one law lacks was left out altogether; the other law's term stays": left_out}
    for eps in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8):
        for text, (a, b) in {
            "added to": (p + eps, q + eps),
            "as a lower bound of": (p.clamp_min(eps), q.clamp_min(eps)),
        }.items():
            slips[
                f"a constant of {eps:g} {text} the probabilities changes the result: treat zeros exactly"
            ] = _js(a, b)
    same_support = ((p > 0) == (q > 0)).all(-1)
    slips["laws with different supports got JS = 0; infinities and nan are not to be replaced by 0"] = (
        torch.where(same_support, js, 0.0)
    )
    return slips
