"""Checks of notebook 00: expectations, a stable logarithm, pixels and bytes, one training step, the ten questions."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gan_course.exercises.checking import Attempt, Wrong
from gan_course.exercises.nb00_diagnostic import check_diagnostic

__all__ = ["check_diagnostic", "check_expectation", "check_log_sigmoid", "check_sgd_step", "check_to_bytes"]


def vector(*values: float) -> Tensor:
    """A float64 vector."""
    return torch.tensor(values, dtype=torch.float64)


def scalar(result: Any) -> float:
    """The result as a float, from a number or a tensor without dimensions."""
    if isinstance(result, Tensor) and result.dim() > 0:
        raise Wrong(f"one number was expected, not a tensor of shape {tuple(result.shape)}")
    try:
        return float(result.detach() if isinstance(result, Tensor) else result)
    except (TypeError, ValueError):
        raise Wrong(f"one number was expected, not {type(result).__name__}") from None


def untouched(before: Tensor, after: Tensor) -> None:
    """Refuse an answer that changed a tensor it was given."""
    if not torch.equal(before, after):
        raise Wrong("your function changed its input: work on a copy, and avoid operations that end in _")


# expectation --------------------------------------------------------------------------------------------------


def check_expectation(answer: Attempt) -> None:
    """Hand-computable laws, counts instead of probabilities, zero weights, one atom, other functions, gradients."""
    x, weights = vector(-1, 3), vector(0.75, 0.25)
    before = x.clone(), weights.clone()
    found = scalar(answer(torch.square, x, weights))
    slips = {
        0.0: "that is f(E x): apply f to every value first, and average afterwards",
        5.0: "that is the mean with equal weights: each value counts as much as its weight",
        1.5: "you divided by the number of values as well: a weighted sum divides by the sum of the weights alone",
        7.0: "the weights seem to be in the wrong order: weights[i] belongs to x[i]",
    }
    if not math.isclose(found, 3.0, abs_tol=1e-9):
        hint = next((text for slip, text in slips.items() if math.isclose(found, slip, abs_tol=1e-9)), "")
        raise Wrong(f"x = -1, 3 with weights 3/4, 1/4 and f(x) = x²: expected 3, got {found:.4g}. {hint}")
    for old, new in zip(before, (x, weights), strict=True):
        untouched(old, new)
    counts = vector(30, 10)
    found = scalar(answer(torch.square, x, counts))
    untouched(vector(30, 10), counts)
    if math.isclose(found, 120.0):
        raise Wrong("weights 30 and 10 are counts: divide by their sum, so that 3/4 and 1/4 come out")
    if not math.isclose(found, 3.0, abs_tol=1e-9):
        raise Wrong(f"weights 30, 10 mean the same as 3/4, 1/4: expected 3, got {found:.4g}")
    cases = [
        (
            torch.exp,
            vector(0, math.log(5)),
            vector(0.5, 0.5),
            3.0,
            "f = exp, values 0 and log 5, equal weights",
        ),
        (torch.abs, vector(-2, 7, 1), vector(1, 0, 1), 1.5, "a value of weight 0 never occurs"),
        (
            torch.square,
            vector(4),
            vector(0.2),
            16.0,
            "a single value has expectation f(x) whatever its weight",
        ),
        (lambda t: 2 * t + 1, vector(1, 2, 3, 4), vector(4, 3, 2, 1), 5.0, "f(x) = 2x + 1, four values"),
    ]
    for f, x, weights, expected, what in cases:
        found = scalar(answer(f, x, weights))
        if not math.isclose(found, expected, abs_tol=1e-9):
            raise Wrong(f"{what}: expected {expected}, got {found:.6g}")
    x = vector(1, 2).requires_grad_()
    result = answer(torch.square, x, vector(1, 3))
    if not (isinstance(result, Tensor) and result.requires_grad):
        raise Wrong("the result carries no gradient: return a tensor, without .item(), float() or detach()")
    (gradient,) = torch.autograd.grad(result, x)
    if not torch.allclose(gradient, vector(0.5, 3.0)):
        raise Wrong(f"the gradient in x of E x² should be 2 w x = (0.5, 3), got {gradient.tolist()}")
    narrow = scalar(answer(torch.square, torch.tensor([-1.0, 3.0]), torch.tensor([0.75, 0.25])))
    if not math.isclose(narrow, 3.0, rel_tol=1e-5):
        raise Wrong("float32 inputs should work as well")


# log_sigmoid --------------------------------------------------------------------------------------------------


def check_log_sigmoid(answer: Attempt) -> None:
    """Values, both tails, gradients, shapes, both precisions."""
    a = vector(0, math.log(3), -math.log(3))
    before = a.clone()
    found = same_shape(answer(a), a)
    untouched(before, a)
    expected = vector(0.5, 0.75, 0.25).log()
    slips = {
        "that is sigma(a) itself; its logarithm is wanted": expected.exp(),
        "the sign is flipped: log sigma(a) is never positive": -expected,
        "that is log(1 - sigma(a)) = log sigma(-a)": vector(0.5, 0.25, 0.75).log(),
        "that is a logarithm to base 2; this course uses natural logarithms": expected / math.log(2),
        "that is a logarithm to base 10; this course uses natural logarithms": expected / math.log(10),
    }
    if not torch.allclose(found, expected, rtol=0, atol=1e-9):
        hint = next((text for text, slip in slips.items() if torch.allclose(found, slip, atol=1e-9)), "")
        raise Wrong(f"a = 0, log 3, -log 3: expected {expected.tolist()}, got {found.tolist()}. {hint}")
    for dtype in (torch.float32, torch.float64):
        _tails(answer, dtype)
    a.requires_grad_()
    (slope,) = torch.autograd.grad(answer(a).sum(), a)
    if not torch.allclose(slope, torch.sigmoid(-a.detach()), atol=1e-6):
        raise Wrong(f"at a = 0, log 3, -log 3 the derivative is 1/2, 1/4, 3/4; yours is {slope.tolist()}")
    for shape in ((1,), (3, 1), (2, 3, 5), ()):
        a = torch.linspace(-4, 4, math.prod(shape) + 1, dtype=torch.float64)[1:].reshape(shape)
        found = same_shape(answer(a), a)
        if not torch.allclose(found, torch.sigmoid(a).log(), atol=1e-9):
            raise Wrong(f"logits of shape {shape} between -4 and 4 come out wrong: work entry by entry")


def same_shape(result: Any, like: Tensor) -> Tensor:
    """The result, if it is a tensor of the shape and dtype of `like`."""
    if not isinstance(result, Tensor):
        raise Wrong(f"a tensor was expected, not {type(result).__name__}")
    if result.shape != like.shape:
        raise Wrong(
            f"input of shape {tuple(like.shape)} gave {tuple(result.shape)}: keep the shape, one entry per entry"
        )
    if result.dtype != like.dtype:
        raise Wrong(f"input of {like.dtype} gave {result.dtype}: keep the precision that came in")
    return result


def _tails(answer: Attempt, dtype: torch.dtype) -> None:
    """log sigma(a) is a far below 0 and -e^-a far above; its derivative is sigma(-a)."""
    a = torch.tensor([-1000.0, -100.0, -30.0, 2.0, 30.0, 100.0, 1000.0], dtype=dtype, requires_grad=True)
    given = a.detach().clone()
    found = same_shape(answer(a), a)
    untouched(given, a.detach())
    if not torch.isfinite(found).all():
        bad = a[~torch.isfinite(found)].tolist()
        raise Wrong(
            f"{dtype}: the result is not finite at a = {bad}: log must never see 0, exp no large number"
        )
    wanted = torch.where(a < 0, a, -torch.exp(-a.abs())).detach()
    wanted[3] = math.log(1 / (1 + math.exp(-2)))
    if (found[:2] - wanted[:2]).abs().max() > 1e-3:
        raise Wrong(
            f"{dtype}: far below 0 log sigma(a) is a itself: log sigma(-1000) = -1000, log sigma(-100) = -100, you "
            f"have {found[0].item():.6g} and {found[1].item():.6g}. Was the sigmoid cut off, or an epsilon added?"
        )
    if not torch.allclose(found[4], wanted[4], rtol=1e-3, atol=0):
        raise Wrong(
            f"{dtype}: log sigma(30) = -exp(-30) = -9.36e-14, you have {found[4].item():.3g}: 1 + exp(-30) was "
            "rounded to 1 before the logarithm (torch.log1p avoids it)"
        )
    if not torch.allclose(found, wanted, rtol=1e-3, atol=1e-30):
        raise Wrong(f"{dtype}: at a = {a.tolist()} you have {found.tolist()}")
    if not found.requires_grad:
        raise Wrong("the result carries no gradient: work with torch functions, without .item() or detach()")
    (slope,) = torch.autograd.grad(found.sum(), a)
    if not torch.allclose(slope, torch.sigmoid(-a.detach()), rtol=1e-3, atol=1e-12):
        raise Wrong(
            f"{dtype}: the derivative should be sigma(-a), between 0 and 1; yours is {slope.tolist()}"
        )


# to_bytes -----------------------------------------------------------------------------------------------------


def check_to_bytes(answer: Attempt) -> None:
    """Ends and middle, all 256 levels there and back, values outside, shapes, both precisions."""
    x = torch.tensor([-1.0, 1.0]).view(1, 1, 1, 2)
    before = x.clone()
    ends = _bytes(answer(x), x)
    untouched(before, x)
    if ends != [0, 255]:
        raise Wrong(
            f"-1 is black (0) and 1 is white (255); you have {ends[0]} and {ends[1]}. Multiply x + 1 by 127.5 = 255 / 2"
        )
    levels = torch.arange(256, dtype=torch.uint8).view(4, 1, 8, 8)
    for dtype in (torch.float32, torch.float64):
        x = levels.to(dtype) / 127.5 - 1
        back = answer(x)
        found = _bytes(back, x)
        wrong = [want for want, got in zip(range(256), found, strict=True) if want != got]
        if wrong and not any(found[:128]):
            raise Wrong(
                "the lower half of the levels turned black: x lies in [-1, 1], not in [0, 1]; add 1 first"
            )
        if wrong:
            raise Wrong(
                f"{dtype}: {len(wrong)} of 256 levels do not survive u / 127.5 - 1 and back, for example {wrong[0]}: "
                "multiply by 127.5, and round first, because a conversion to bytes cuts decimals off"
            )
    between = _bytes(
        answer(vector(0.4, -0.4, 0.6, 99.7).div(127.5).view(1, 1, 2, 2)), torch.zeros(1, 1, 2, 2)
    )
    if between != [128, 127, 128, 227]:
        raise Wrong(
            f"levels 127.9, 127.1, 128.1 and 227.2 are nearest to 128, 127, 128 and 227, not {between}"
        )
    x = torch.tensor([-1.5, -1.01, 1.01, 3.0]).view(1, 1, 2, 2)
    before = x.clone()
    outside = _bytes(answer(x), x)
    untouched(before, x)
    if outside != [0, 0, 255, 255]:
        raise Wrong(
            f"-1.5, -1.01, 1.01, 3 should become 0, 0, 255, 255, not {outside}: bytes wrap around, 256 turns "
            "into 0, so cut values off before you convert"
        )
    dim = torch.full((3, 1, 5, 7), -0.2)
    if _bytes(answer(dim), dim) != [102] * 105:
        raise Wrong(
            "a batch of equal values -0.2 should become 102 everywhere: do not stretch each batch to its range"
        )


def _bytes(result: Any, like: Tensor) -> list[int]:
    """The values of a uint8 result of the right shape."""
    if not isinstance(result, Tensor):
        raise Wrong(f"a tensor was expected, not {type(result).__name__}")
    if result.dtype != torch.uint8:
        raise Wrong(f"the result has dtype {result.dtype}, expected torch.uint8")
    if result.shape != like.shape:
        raise Wrong(f"an input of shape {tuple(like.shape)} gave {tuple(result.shape)}: keep the shape")
    return result.flatten().tolist()


# sgd_step -----------------------------------------------------------------------------------------------------


def check_sgd_step(answer: Attempt) -> None:
    """One step, old gradients, in place, the loss before, several parameters, one unused, one call of the loss."""
    theta = vector(1.0).requires_grad_()
    calls: list[int] = []
    loss = scalar(answer(_counted(lambda: (theta * 2 - 5).square().sum(), calls), [theta], 0.05))
    moved = theta.item()
    slips = {
        1.0: "the parameter did not change: update it in place, as in `p -= ...` under torch.no_grad()",
        0.4: "you went up the gradient: a loss is minimised, subtract",
        13.0: "the learning rate is missing: move by lr * gradient",
        1.05: "that moves by lr against the sign of the gradient; its size counts too",
    }
    if not math.isclose(moved, 1.6, abs_tol=1e-9):
        hint = next((text for slip, text in slips.items() if math.isclose(moved, slip, abs_tol=1e-9)), "")
        raise Wrong(f"(2θ - 5)² at θ = 1, gradient -12, lr 0.05: expected θ = 1.6, got {moved:.6g}. {hint}")
    if math.isclose(loss, 3.24, abs_tol=1e-6):
        raise Wrong("you returned the loss after the step (3.24); the loss before it, 9, is wanted")
    if not math.isclose(loss, 9.0, abs_tol=1e-9):
        raise Wrong(f"the loss before the step is 9, you returned {loss:.6g}")
    if len(calls) != 1:
        raise Wrong(f"loss_of was called {len(calls)} times; call it once, it may draw new noise each time")
    answer(lambda: (theta * 2 - 5).square().sum(), [theta], 0.05)
    if not math.isclose(theta.item(), 1.96, abs_tol=1e-9):
        raise Wrong(
            f"a second step should go from 1.6 to 1.96, yours to {theta.item():.6g}: the gradient of the first step "
            "was still there and backward() added to it; zero gradients before backward()"
        )
    _several_parameters(answer)


def _counted(f: Callable[[], Tensor], calls: list[int]) -> Callable[[], Tensor]:
    """f, which also leaves a mark in `calls` each time."""

    def call() -> Tensor:
        calls.append(1)
        return f()

    return call


def _several_parameters(answer: Attempt) -> None:
    """A matrix, a vector with an old gradient, one that the loss does not use, one that is not to move."""
    w = torch.ones(2, 3, requires_grad=True)
    b = torch.zeros(2, requires_grad=True)
    b.grad = torch.full((2,), 7.0)
    unused = torch.tensor([4.0], requires_grad=True)
    unused.grad = torch.tensor([1.0])
    opponent = torch.tensor(2.0, requires_grad=True)
    x = torch.tensor([1.0, 0.0, -1.0])
    result = answer(lambda: opponent * ((w @ x + b) - 1).square().mean(), [unused, w, b], 0.1)
    if isinstance(result, Tensor) and result.requires_grad:
        raise Wrong(
            "return the loss as a number, loss.item(): as a tensor it keeps the whole graph in memory"
        )
    if not torch.allclose(b, torch.tensor([0.2, 0.2])):
        raise Wrong(
            f"a parameter with an old gradient 7 in .grad should move to 0.2, yours is {b.tolist()}: zero it first"
        )
    if not torch.allclose(w, 1 + 0.2 * x.expand(2, 3)):
        raise Wrong(f"a matrix of ones should become 1 + 0.2 x in each row, yours is {w.tolist()}")
    if not torch.equal(unused.detach(), torch.tensor([4.0])):
        raise Wrong("a parameter that the loss does not use moved: its old gradient was not zeroed")
    if opponent.item() != 2.0:
        raise Wrong("a tensor that is not in `parameters` moved: the opponent stays as it is in your move")
    if not all(p.is_leaf and p.requires_grad for p in (w, b, unused)):
        raise Wrong("a parameter is no longer a leaf that requires a gradient: update under torch.no_grad()")
