"""Hidden check of `pull_shares`: which fakes of a batch the generator's gradient listens to.

Slopes in the logit: -sigmoid(a) for log(1 - D), -(1 - sigmoid(a)) for -log D; section 3 of Goodfellow et al. 2014
proposes the second loss.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid, softplus

from gan_course.exercises.checking import Wrong
from gan_course.grading.checks import _tools
from gan_course.grading.checks._tools import Case, Seen, record

KERNEL_SIDE = _tools.KERNEL_SIDE
TOLERANCE = 1e-8
LOSSES = ("minimax", "non-saturating")


def draw(rng: torch.Generator) -> Case:
    """Calls (a, loss), both losses each: moderate logits; all near one end of the scale; both ends; one fake;
    batches on the way to either end, where sigmoid(a) is nearly, but not yet, exp(a).
    """

    def near(centre: float, n: int) -> Tensor:
        return centre + 1.5 * torch.randn(n, generator=rng, dtype=torch.float64)

    far = _tools.number(rng, 800, 990)
    groups = [
        near(0.0, 6),
        near(-far, 5),
        near(far, 4),
        torch.cat([near(-far, 3), near(0.0, 2), near(far, 2)]),
    ]
    groups.append(near(0.0, 1))
    groups += [near(sign * size, 5) for size in (6.0, 10.0, 14.0) for sign in (-1, 1)]
    return {"calls": [[a, loss] for a in groups for loss in LOSSES]}


def observe(case: dict[str, Any], pull_shares: Callable[..., Any]) -> dict[str, Any]:
    """Call the answer on every batch with both losses."""
    return record(case, pull_shares)


def judge(case: Case, seen: Seen) -> None:
    """The first two calls, one batch under both losses, name mistakes; the others lie where a sigmoid rounds."""
    calls = [
        (a, loss, result) for (a, loss), result in zip(case["calls"], _tools.results(case, seen), strict=True)
    ]
    minimax, non_saturating = (_read(*call) for call in calls[:2])
    for loss in LOSSES:
        expected = shares(calls[0][0], loss)
        if not _tools.far(minimax, expected, TOLERANCE) and not _tools.far(
            non_saturating, expected, TOLERANCE
        ):
            raise Wrong(f"both losses give the shares of {loss!r}: the argument `loss` has no effect")
    for k, (a, loss, result) in enumerate(calls):
        found, right = _read(a, loss, result), shares(a, loss)
        some, others = ([round(share, 9) for share in x[:3].tolist()] for x in (found, right))
        hint = "; stay in logarithms: a rounded sigmoid, or a clamp, loses the slope" * (a.abs().max() > 100)
        text = f"{_what(a, loss)} begin with {some}, expected {others}{hint}"
        _tools.expect(found, right, partial(_slips, a, loss) if k < 2 else dict, text, TOLERANCE)


def _what(a: Tensor, loss: str) -> str:
    return f"the shares of {len(a)} fakes with logits from {a.min():.1f} to {a.max():.1f} under {loss!r}"


def _read(a: Tensor, loss: str, result: Any) -> Tensor:
    hint = "all slopes round to 0, and 0 / 0 is left: work with the logarithms of their sizes"
    return _tools.tensor_of(result, tuple(a.shape), _what(a, loss), hint, "One share for each fake")


def shares(a: Tensor, loss: str) -> Tensor:
    """The slopes' sizes divided by their sum: the softmax of their logarithms."""
    return torch.softmax(logsigmoid(a if loss == "minimax" else -a), 0)


def _slips(a: Tensor, loss: str) -> dict[str, Tensor]:
    """What known mistakes give for moderate logits."""
    minimax = loss == "minimax"
    other = LOSSES[minimax]
    size = (a if minimax else -a).sigmoid()
    value = -softplus(a) if minimax else softplus(-a)  # log(1 - D), -log D
    in_d = 1 / (1 - a.sigmoid()) if minimax else 1 / a.sigmoid()
    d = a.sigmoid()
    return {
        f"under {loss!r} you return the shares of {other!r}: the two losses are exchanged": shares(a, other),
        "these are the sizes of the slopes; divide by their sum": size,
        "these are the slopes themselves, with their sign; shares are sizes divided by their sum": -size,
        "the shares have the wrong sign: take the size of each slope": -size / size.sum(),
        "these are sizes divided by the number of fakes, the slopes of the mean; divide by their sum": size
        / len(a),
        "you took the share of each *loss*; its slope in the logit was asked for": value / value.sum(),
        "the slope was taken in D, not in the logit: D = sigmoid(a) has a slope too": in_d / in_d.sum(),
        "this is the softmax of the logits: right only for fakes that D is sure of": torch.softmax(
            a if minimax else -a, 0
        ),
        "this is the softmax of the logits": torch.softmax(-a if minimax else a, 0),
        "this is the softmax of the slopes; divide them by their sum instead": torch.softmax(size, 0),
        "you divided by the largest; divide by the sum, so that the shares add up to 1": size / size.max(),
        "you squared the slopes before dividing": size.square() / size.square().sum(),
        "this is sigma (1 - sigma), the slope of D in the logit; the slope of the loss was asked for": (
            d * (1 - d) / (d * (1 - d)).sum()
        ),
        "every fake gets the same share: the slopes depend on the logit": torch.full_like(a, 1 / len(a)),
    }
