"""Checks of notebook 02: the optimal discriminator, the value of the game, density ratios, slopes of both losses."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from gan_course.exercises.checking import Attempt, Wrong
from gan_course.training.seeding import generator

LOG2, LOG4 = math.log(2.0), math.log(4.0)


def _tensor(result: Any, like: Tensor, what: str = "the result") -> Tensor:
    """The result as a detached double tensor, after a look at its type, shape, dtype and history."""
    if not isinstance(result, Tensor):
        raise Wrong(f"{what} is of type {type(result).__name__}; a tensor was expected")
    if result.shape != like.shape:
        raise Wrong(
            f"{what} has shape {tuple(result.shape)}; the argument has {tuple(like.shape)} and so must it"
        )
    if result.dtype != like.dtype:
        raise Wrong(f"{what} has dtype {result.dtype}; the argument has {like.dtype} and so must it")
    return result.detach().double()


def _unchanged(before: Tensor, after: Tensor) -> None:
    if not torch.equal(before, after):
        raise Wrong(
            "your function changed its argument: avoid in-place operations such as += and x[mask] = ... on it"
        )


def _far(found: Tensor, expected: Tensor, tolerance: float = 1e-9) -> bool:
    """Whether some entry is off by more than the tolerance, or is nan."""
    return not bool(((found - expected).abs() <= tolerance).all())


# The optimal discriminator ----------------------------------------------------------------------------------


def _judge(answer: Attempt, p: Tensor, q: Tensor) -> Tensor:
    before = p.clone(), q.clone()
    found = _tensor(answer(p, q), p)
    for old, new in zip(before, (p, q), strict=True):
        _unchanged(old, new)
    return found


def check_optimal_d(answer: Attempt) -> None:
    """Values on two atoms, empty atoms, tails, laws that are not normalised, shapes."""
    p = torch.tensor([0.75, 0.25], dtype=torch.float64)
    q = torch.tensor([0.25, 0.75], dtype=torch.float64)
    q_other = torch.tensor([0.1, 0.9], dtype=torch.float64)
    found = _judge(answer, p, q_other)
    expected = p / (p + q_other)
    slips = {
        "this is the probability of *fake*: real and fake are exchanged": 1 - expected,
        "this is the density ratio p / q; divide by the sum of both instead": p / q_other,
        "these are logits, log(p / q); D is a probability": (p / q_other).log(),
        "this decides for one side; D* is a degree of belief, between 0 and 1": (p > q_other).double(),
        "this is the mixture (p + q) / 2, not a discriminator": (p + q_other) / 2,
        "this is p alone: how often x is drawn as a fake matters too": p,
        "divide each atom by its own p + q, not by the sum over all atoms": p / 2,
    }
    for message, slip in slips.items():
        if not _far(found, slip):
            raise Wrong(message)
    if _far(found, expected):
        raise Wrong(
            f"for p = {p.tolist()}, q = {q_other.tolist()} D* is {expected.tolist()}, not {found.tolist()}"
        )
    if _far(_judge(answer, p, q), p / (p + q)):
        raise Wrong("right for one pair of laws, not for another: use both arguments, atom by atom")
    scaled = _judge(answer, 2 * p, q)
    if _far(scaled, 2 * p / (2 * p + q)):
        raise Wrong("densities at a few points need not sum to 1: do not normalise the arguments")
    _check_edges(answer)
    for shape in ((1,), (3, 1), (2, 3, 5)):
        p, q = torch.rand(2, *shape, generator=generator(3), dtype=torch.float64) + 0.01
        if _far(_judge(answer, p, q), p / (p + q)):
            raise Wrong(f"wrong for arguments of shape {shape}: every entry is an atom of its own")


def _check_edges(answer: Attempt) -> None:
    p = torch.tensor([0.5, 0.0, 0.0, 0.5], dtype=torch.float64)
    q = torch.tensor([0.0, 0.6, 0.0, 0.4], dtype=torch.float64)
    found = _judge(answer, p, q)
    if not torch.isfinite(found).all():
        raise Wrong(f"an atom without any mass gives {found.tolist()}: return 1/2 where both laws are zero")
    if abs(found[2].item() - 0.5) > 1e-9:
        raise Wrong(f"where both laws are zero return 1/2, not {found[2].item():.4g}")
    if _far(found[:2], torch.tensor([1.0, 0.0], dtype=torch.float64)):
        raise Wrong(
            f"an atom of one law alone leaves no doubt: D* is 1 and 0 there, not {found[:2].tolist()}"
        )
    tails = torch.tensor([[1e-20, 1e-100], [3e-20, 3e-100]], dtype=torch.float64)
    if _far(_judge(answer, tails[0], tails[1]), torch.tensor([0.25, 0.25], dtype=torch.float64)):
        raise Wrong(
            "wrong in the tails: for p = 1e-20, q = 3e-20 D* is 1/4. Is there a small constant, a clamp or a rounding "
            "in your formula? Treat the atoms with p = q = 0 apart instead"
        )


# JS from the value of the game ------------------------------------------------------------------------------


def check_js_from_value(answer: Attempt) -> None:
    """Both ends of the scale, one value between, tensors of any shape."""
    between = -LOG4 + 2 * 0.3
    for v, js in ((between, 0.3), (0.0, LOG2), (-LOG4, 0.0)):
        found = _number(answer(v))
        slips = {
            "this is twice JS: V(D*) = -log 4 + 2 JS has a 2": 2 * js,
            "this is in bits; JS is wanted in nats": js / LOG2,
            "the sign of JS is wrong: it is never negative": -js,
            "this is the square root of JS, the distance": math.sqrt(js),
            "add log 4, then halve; you halved V alone": v / 2 + LOG4,
            "log 4 is 2 log 2; you added log 2 before halving": (v + LOG2) / 2,
            "log 4 is subtracted; solve V = -log 4 + 2 JS for JS once more": (v - LOG4) / 2,
        }
        if abs(found - js) <= 1e-6:
            continue
        for message, slip in slips.items():
            if abs(found - slip) <= 1e-6:
                raise Wrong(message)
        raise Wrong(f"V(D*) = {v:.4f} means JS = {js:.4f}; you returned {found:.4f}")
    for shape in ((), (1,), (3,), (2, 3)):
        js = torch.rand(shape, generator=generator(4), dtype=torch.float64) * LOG2
        v = -LOG4 + 2 * js
        before = v.clone()
        result = answer(v)
        _unchanged(before, v)
        if shape and _far(_tensor(result, v), js, 1e-6):
            raise Wrong(f"right for numbers, wrong for a tensor of shape {shape}")


def _number(result: Any) -> float:
    try:
        return float(result)
    except (TypeError, ValueError):
        raise Wrong(f"for a float a number was expected, not {type(result).__name__}") from None


# Log density ratio ------------------------------------------------------------------------------------------


def check_log_ratio(answer: Attempt) -> None:
    """A hand-made law and share, large logits, shapes, both precisions."""
    p, q, share = 0.6, 0.2, 0.2
    a = torch.tensor(
        [math.log(share * p / ((1 - share) * q))], dtype=torch.float64
    )  # logit of pi p / (pi p + ...)
    found, ratio, odds = _read(answer, a, share).item(), p / q, math.log(share / (1 - share))
    slips = {
        "your answer ignores real_share: these are still the logits": a.item(),
        "the correction has the wrong sign: a judge who saw few real samples leans towards fake": a.item()
        + odds,
        "this is the ratio p / q; its logarithm is wanted": ratio,
        "this is log q - log p: real and fake are exchanged": -math.log(ratio),
        "you corrected for the share of real samples only; the share of fake ones counts too": a.item()
        - math.log(share),
        "you divided by the odds; a logarithm turns that into a difference": a.item() / odds,
        "you divided by the odds; a logarithm of the ratio needs log(odds) subtracted": a.item()
        * (1 - share)
        / share,
        "this is in bits; use the natural logarithm": math.log2(ratio),
    }
    for message, slip in slips.items():
        if abs(found - slip) <= 1e-6:
            raise Wrong(message)
    if abs(found - math.log(ratio)) > 1e-6:
        raise Wrong(
            f"p = {p}, q = {q}, real_share = {share} give a logit of {a.item():.4f} and "
            f"log(p/q) = {math.log(ratio):.4f}; you returned {found:.4f}"
        )
    far = torch.tensor([-200.0, -100.0, -30.0, 0.0, 30.0, 100.0, 200.0], dtype=torch.float64)
    for share in (0.5, 0.9, 0.01):
        found = _read(answer, far, share)
        if _far(found, far - math.log(share / (1 - share)), 1e-6):
            raise Wrong(
                f"for logits {far.tolist()} and real_share = {share} you returned {found.tolist()}: stay with "
                "logits; the sigmoid of a large logit rounds to 1, or you clamped"
            )
    for shape in ((), (1,), (5, 1), (2, 3, 2)):
        for dtype in (torch.float32, torch.float64):
            a = torch.randn(shape, generator=generator(5)).to(dtype)
            tolerance = 1e-6 if dtype == torch.float64 else 1e-5
            if _far(_read(answer, a, 0.2), a.double() - math.log(0.25), tolerance):
                raise Wrong(f"wrong for logits of shape {shape}: each entry stands for itself")


def _read(answer: Attempt, a: Tensor, share: float) -> Tensor:
    before = a.clone()
    found = _tensor(answer(a, share), a)
    _unchanged(before, a)
    return found


# Slopes of the two generator losses -------------------------------------------------------------------------


def check_logit_gradients(answer: Attempt) -> None:
    """Values by hand, no mean, stability at +-100, shapes, and that the argument stays as it was."""
    one = torch.tensor([math.log(0.25)], dtype=torch.float64)  # D = 0.2
    _name_slip(*_slopes(answer, one), sample=one)
    three = torch.tensor([math.log(0.25), 0.0, 2.0], dtype=torch.float64)
    for found, expected in zip(_slopes(answer, three), _expected(three), strict=True):
        if not _far(found * 3, expected):
            raise Wrong(
                "three samples give a third of each slope: sum before you differentiate, do not take a mean"
            )
        if _far(found, expected):
            raise Wrong(f"for logits {three.tolist()} expected {expected.tolist()}, got {found.tolist()}")
    far = torch.tensor([-100.0, -40.0, -17.0, 17.0, 40.0, 100.0], dtype=torch.float64)
    for name, found, expected in zip(("first", "second"), _slopes(answer, far), _expected(far), strict=True):
        if _far(found, expected, 1e-8):
            raise Wrong(
                f"the {name} slope at logits {far.tolist()} is {found.tolist()}: a rounded sigmoid has no logarithm, "
                "write log D = -softplus(-a) and log(1 - D) = -softplus(a)"
            )
    for shape in ((), (1,), (7, 1), (2, 3)):
        for dtype in (torch.float32, torch.float64):
            a = torch.randn(shape, generator=generator(6)).to(dtype)
            for found, expected in zip(_slopes(answer, a), _expected(a), strict=True):
                if _far(found, expected, 1e-6):
                    raise Wrong(f"wrong for logits of shape {shape} in {dtype}")
    _slopes(answer, three.clone().requires_grad_(True))


def _expected(a: Tensor) -> tuple[Tensor, Tensor]:
    return -a.double().sigmoid(), -(-a.double()).sigmoid()


def _slopes(answer: Attempt, a: Tensor) -> tuple[Tensor, Tensor]:
    before, wanted_grad = a.detach().clone(), a.requires_grad
    result = answer(a)
    if not isinstance(result, tuple | list | Tensor) or (isinstance(result, Tensor) and result.dim() == 0):
        raise Wrong("return two tensors: the slope of log(1 - D), then that of -log D")
    if len(result) != 2:
        raise Wrong(f"return two tensors, not {len(result)}")
    if any(one is None or one is ... for one in result):
        raise Wrong("one of the two slopes is missing")
    _unchanged(before, a.detach())
    if a.requires_grad != wanted_grad:
        raise Wrong("a requires gradients after the call, and did not before: work on a.detach().clone()")
    if a.grad is not None:
        raise Wrong(
            "your function left something in a.grad: use torch.autograd.grad, or work on a.detach().clone()"
        )
    first, second = result
    if any(isinstance(one, Tensor) and one.requires_grad for one in result):
        raise Wrong("the slopes carry gradient history: detach them")
    return _tensor(first, a, "the first slope"), _tensor(second, a, "the second slope")


def _name_slip(first: Tensor, second: Tensor, sample: Tensor) -> None:
    """D = 0.2: the slopes are -0.2 and -0.8."""
    pair = first.item(), second.item()
    slips = {
        "both slopes have the wrong sign: raising the logit of a fake lowers both losses": (0.2, 0.8),
        "the two slopes are exchanged: first log(1 - D), then -log D": (-0.8, -0.2),
        "the first slope has the wrong sign: differentiate log(1 - D), not -log(1 - D)": (0.2, -0.8),
        "the second slope has the wrong sign: differentiate -log D, not log D": (-0.2, 0.8),
        "these are slopes in D, not in the logit: D = sigmoid(a) has a slope too": (-1.25, -5.0),
        "these are the losses, not their slopes": (math.log(0.8), -math.log(0.2)),
        "both are the slope of log(1 - D); the non-saturating loss is -log D": (-0.2, -0.2),
        "both are the slope of -log D; the minimax loss is log(1 - D)": (-0.8, -0.8),
    }
    for message, slip in slips.items():
        if max(abs(x - y) for x, y in zip(pair, slip, strict=True)) < 1e-6:
            raise Wrong(message)
    if max(abs(pair[0] + 0.2), abs(pair[1] + 0.8)) > 1e-9:
        raise Wrong(f"at D = 0.2 (a = {sample.item():.4f}) the slopes are -0.2 and -0.8; you have {pair}")


# Prediction -------------------------------------------------------------------------------------------------

_HINTS = (
    ("D", "equal laws: JS is 0, so V(D*) is the smallest value that the best judge can be held to"),
    ("A", "the laws share nothing: D* is never in doubt, and log 1 = 0"),
    ("C", "neither equal nor disjoint: D* is 2/3 on heads and 0 on tails; put that into V"),
    ("D", "this judge is not D*: whatever the laws are, V is log(1/2) + log(1/2)"),
    ("E", "this judge says 0 on tails, and now half of the real samples are tails: log 0"),
)


def check_predict_value(answer: Attempt) -> None:
    """Five letters, row by row."""
    given = answer.value
    if not isinstance(given, str | list | tuple):
        raise Wrong(f'five letters were expected, such as "ABCDE", not {type(given).__name__}')
    letters = [letter for letter in "".join(map(str, given)).upper() if letter.isalnum()]
    if len(letters) != 5 or not set(letters) <= set("ABCDE"):
        raise Wrong(f"five letters from A to E were expected, one for each row; got {given!r}")
    for row, (letter, (right, hint)) in enumerate(zip(letters, _HINTS, strict=True), 1):
        if letter != right:
            raise Wrong(f"row {row} is not {letter}: {hint}")
