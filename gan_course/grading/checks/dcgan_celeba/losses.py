"""What the two losses share: they are tried on ordinary and on extreme logits, with their gradients."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gan_course.exercises.checking import Wrong
from gan_course.grading.checks.dcgan_celeba.tiny import integer, same

Loss = Callable[..., Tensor]
ORDINARY = "ordinary"
FIRM = "firm"


# In the student's kernel ------------------------------------------------------------------------------------


def tried(loss: Callable[..., Any], batches: list[Tensor]) -> dict[str, Any]:
    """The loss of these logits, and its gradients in them; once more on logits that ask for no gradient."""
    leaves = [logits.clone().requires_grad_() for logits in batches]
    # the function gets no leaves, so that a change in place is no error here but a mistake that has a name
    given = [leaf * 1.0 for leaf in leaves]
    result = loss(*given)
    graph = isinstance(result, Tensor) and result.requires_grad
    if graph:
        result.sum().backward()
    plain = [logits.clone() for logits in batches]
    loss(*plain)
    return {
        "value": result.detach().double() if isinstance(result, Tensor) else None,
        "type": type(result).__name__,
        "graph": graph,
        "gradients": [leaf.grad for leaf in leaves],
        "after": plain,
    }


KERNEL_SIDE = (tried,)


# Drawing a case ---------------------------------------------------------------------------------------------


def drawn_batches(rng: torch.Generator, count: int) -> list[dict[str, Any]]:
    """Rounds of `count` batches of logits (n, 1): ordinary ones, the last of them 0, sure ones, ones at about ±100, and
    firm ones, of either sign, where the loss is nearly, but not yet, linear or flat.
    """
    sizes = torch.randperm(7, generator=rng)[:count] + 3  # all different
    rounds = [_drawn_round(rng, ORDINARY, [int(n) for n in sizes], 0.0, 2.0)]
    for kind, low, high in (("sure", 20.0, 50.0), ("extreme", 85.0, 100.0)):
        rounds.append(_drawn_round(rng, kind, [integer(rng, 4, 6) for _ in range(count)], low, high))
    firm = torch.tensor([2.0, 3, 4, 5, 6, 7, 8])[:, None]
    batches = [torch.cat([firm, -firm]) + torch.rand(14, 1, generator=rng) for _ in range(count)]
    return [*rounds, {"kind": FIRM, "batches": batches}]


def _drawn_round(
    rng: torch.Generator, kind: str, sizes: list[int], low: float, high: float
) -> dict[str, Any]:
    """Logits of both signs with magnitudes from low to high; the extreme ones hold ±100 too, ordinary ones 0."""
    batches = []
    for n in sizes:
        logits = low + (high - low) * torch.rand(n, 1, generator=rng)
        logits *= torch.where(torch.rand(n, 1, generator=rng) < 0.5, -1.0, 1.0)
        if kind == "extreme":
            logits[:2, 0] = torch.tensor([100.0, -100.0])
        elif kind == ORDINARY:
            logits[-1] = 0.0  # where relu and abs have no derivative
        else:
            logits[:2, 0] = logits[:2, 0].abs() * torch.tensor([1.0, -1.0])
        batches.append(logits)
    return {"kind": kind, "batches": batches}


# Judging ----------------------------------------------------------------------------------------------------


def judge_loss(case: dict[str, Any], seen: dict[str, Any], right: Loss, slips: dict[str, Loss]) -> None:
    """Compare value and gradients with those of `right`; name the slip that gives the same value if one does."""
    for asked, found in zip(case["rounds"], seen["rounds"], strict=True):
        got = _scalar(found)
        batches, ordinary = asked["batches"], asked["kind"] == ORDINARY
        leaves = [b.double().requires_grad_() for b in batches]
        expected = right(*leaves)
        gradients = torch.autograd.grad(expected, leaves)
        if not _near(got, expected.item()):
            _name_value(got, expected.item(), batches, slips if ordinary else {}, asked["kind"])
        if not all(same(after, before) for after, before in zip(found["after"], batches, strict=True)):
            raise Wrong("your function changes the logits it is given: work on new tensors")
        _check_gradients(batches, found["gradients"], list(gradients), ordinary)


def _scalar(found: dict[str, Any]) -> float:
    """The value, if it is a tensor without dimensions from which gradients can flow."""
    value = found["value"]
    if not isinstance(value, Tensor):
        if found["type"] == "NoneType":
            raise Wrong("your function returns nothing (None): not answered yet, or is `return` missing?")
        raise Wrong(
            f"you returned a {found['type']}: no gradient flows from it; return a tensor, without .item()"
        )
    if value.dim():
        raise Wrong(
            f"the loss has shape {tuple(value.shape)}; a scalar, shape (), was asked: the mean over the batch"
        )
    if not found["graph"]:
        raise Wrong("no gradient flows from your loss to the logits: is there a detach, .item() or no_grad?")
    return float(value)


def _near(got: float, right: float) -> bool:
    return abs(got - right) <= 2e-5 * max(1.0, abs(right))


def _name_value(got: float, right: float, batches: list[Tensor], slips: dict[str, Loss], kind: str) -> None:
    where = "" if kind == ORDINARY else f" (logits between {_span(batches)})"
    text = f"the loss is {got:.4f}, expected {right:.4f}{where}"
    for slip, other in slips.items():
        if math.isclose(got, other(*(b.double() for b in batches)).item(), rel_tol=1e-4, abs_tol=1e-6):
            raise Wrong(f"{text}: {slip}")
    if kind == FIRM:
        text += (
            ": log(1 + e^a) is not a yet, nor is it 0 at -a; is a threshold too low, or a clamp too tight?"
        )
    elif kind != ORDINARY:
        text += (
            ": the logarithm of a rounded probability is lost, and clamping or eps hides it; use softplus, logsigmoid "
            "or BCE with logits"
        )
    raise Wrong(text)


def _span(batches: list[Tensor]) -> str:
    joined = torch.cat(batches)
    return f"{joined.min().item():.0f} and {joined.max().item():.0f}"


def _check_gradients(batches: list[Tensor], found: list[Any], right: list[Tensor], ordinary: bool) -> None:
    for logits, got, gradient in zip(batches, found, right, strict=True):
        if got is None:
            raise Wrong("the value is right, but no gradient reaches one of the batches of logits: a detach?")
        if tuple(got.shape) == tuple(gradient.shape) and bool(
            ((got.double() - gradient).abs() <= 1e-5).all()
        ):
            continue
        row = int((got.double() - gradient).abs().nan_to_num(nan=math.inf).argmax())
        shown = f"{got.flatten()[row].item():.4g}, expected {gradient.flatten()[row].item():.4g}"
        if ordinary and float(logits.flatten()[row]) == 0:
            raise Wrong(
                f"the value is right, but the gradient in a logit of exactly 0 is {shown}: relu, abs and clamp have a "
                "kink there, the loss has none"
            )
        if ordinary:
            raise Wrong(
                f"the value is right, but a gradient in the logits is {shown}: is something detached?"
            )
        raise Wrong(
            f"for sure logits a gradient is {shown}: a clamp, an eps or a rounded probability keeps the value and "
            "kills the gradient; use softplus, logsigmoid or BCE with logits"
        )
