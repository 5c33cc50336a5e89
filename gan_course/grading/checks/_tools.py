"""What the checks of the problem sets share: call a function on several hidden inputs, and compare what came out.

A case is {"calls": [[argument, ...], ...]}; what was seen is {"calls": [{"result": ..., "after": [...]}, ...]}, in the
same order, with the tensors among the arguments as they are after the call.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gan_course.exercises.checking import Wrong

Case = dict[str, Any]
Seen = dict[str, Any]


# In the student's kernel -------------------------------------------------------------------------------------


def record(case: dict[str, Any], answer: Callable[..., Any]) -> dict[str, Any]:
    """Call the answer with each list of arguments, and note what it returned and what became of the tensors."""
    calls = []
    for given in case["calls"]:
        arguments = copy.deepcopy(given)
        result = answer(*arguments)
        after = [x.detach().clone() for x in arguments if isinstance(x, Tensor)]
        calls.append({"result": result, "after": after})
    return {"calls": calls}


def record_with_gradients(case: dict[str, Any], answer: Callable[..., Any]) -> dict[str, Any]:
    """As `record`, and for each tensor returned its gradients in the floating-point arguments, None where none arrives.

    Of a tensor that is no scalar, the gradient is that of a weighted sum, with weights from 1 to 2.
    """
    calls = record(case, answer)["calls"]
    for given, call in zip(case["calls"], calls, strict=True):
        leaves = [
            x.clone().requires_grad_() if isinstance(x, Tensor) and x.is_floating_point() else x
            for x in given
        ]
        # the answer gets no leaves, so that a change in place is no error here but a mistake that has a name
        found = answer(
            *(x * 1.0 if isinstance(x, Tensor) and x.requires_grad else copy.deepcopy(x) for x in leaves)
        )
        call["gradients"] = []
        if not all(map(torch.equal, [x for x in given if isinstance(x, Tensor)], call["after"])):
            continue  # an argument was changed: autograd would stop, and hide that
        for out in found if isinstance(found, list | tuple) else [found]:
            if not (isinstance(out, Tensor) and out.requires_grad):
                call["gradients"].append(None)
                continue
            weights = torch.linspace(1, 2, out.numel(), dtype=out.dtype).reshape(out.shape)
            wanted = [x for x in leaves if isinstance(x, Tensor) and x.requires_grad]
            grads = torch.autograd.grad(out, wanted, weights, retain_graph=True, allow_unused=True)
            call["gradients"].append(list(grads))
    return {"calls": calls}


KERNEL_SIDE = (record,)
KERNEL_SIDE_WITH_GRADIENTS = (record, record_with_gradients)


# In the grader's process -------------------------------------------------------------------------------------


def results(case: Case, seen: Seen) -> list[Any]:
    """What each call returned.

    Raises:
        Wrong: a result is missing or None, or an argument was changed.
    """
    calls = seen.get("calls")
    if not isinstance(calls, list) or len(calls) != len(case["calls"]):
        raise Wrong("some results are missing: the function was not called on every hidden case")
    for given, call in zip(case["calls"], calls, strict=True):
        if not isinstance(call, dict) or call.get("result") is None:
            raise Wrong("not answered yet: your function returned None; has it a return statement?")
        before, after = [x for x in given if isinstance(x, Tensor)], call.get("after")
        if not isinstance(after, list) or not all(map(_same, before, after)) or len(before) != len(after):
            raise Wrong(
                "your function changed a tensor it was given: avoid +=, x[mask] = ... and methods that end in _ on "
                "arguments, or work on x.clone()"
            )
    return [call["result"] for call in calls]


def _same(before: Tensor, after: Any) -> bool:
    return isinstance(after, Tensor) and after.dtype == before.dtype and torch.equal(before, after)


def tensor_of(
    result: Any,
    shape: tuple[int, ...],
    what: str,
    not_finite: str,
    wrong_shape: str = "",
    dtype: torch.dtype = torch.float64,
) -> Tensor:
    """The result as a tensor of that shape and dtype; a plain number serves where the shape is ().

    Raises:
        Wrong: not a tensor, or of another shape or dtype; or not finite, with the hint `not_finite`.
    """
    if isinstance(result, float | int) and not isinstance(result, bool) and shape == ():
        result = torch.tensor(float(result), dtype=dtype)
    if not isinstance(result, Tensor):
        came = result if isinstance(result, str) else type(result).__name__
        raise Wrong(f"{what} is {came[:40]}; a tensor was expected")
    if tuple(result.shape) != shape:
        raise Wrong(f"{what} has shape {tuple(result.shape)}, expected {shape}. {wrong_shape}".rstrip())
    if not torch.isfinite(result).all():
        raise Wrong(f"{what} holds nan or inf: {not_finite}")
    if result.dtype != dtype:
        asked = str(dtype).removeprefix("torch.")
        raise Wrong(f"{what} has dtype {result.dtype}; {asked} was asked for")
    return result


def number_of(result: Any, what: str, not_finite: str) -> Tensor:
    """The result as a float64 tensor of shape (); a plain number or a tensor with one element will do."""
    one = isinstance(result, Tensor) and result.numel() == 1
    return tensor_of(result.reshape(()) if one else result, (), what, not_finite)


def far(found: Tensor, expected: Tensor, tolerance: float) -> bool:
    """Whether some entry is off by more than `tolerance`, relative to 1 or to the largest entry if that is larger.

    Anything is far from nan and from infinity.
    """
    near = (found - expected).abs() <= tolerance * expected.abs().max().clamp_min(1)
    return not bool((near & torch.isfinite(expected)).all())


def expect(
    found: Tensor,
    right: Tensor,
    slips: Callable[[], dict[str, Tensor]],
    otherwise: str,
    tolerance: float = 1e-8,
) -> None:
    """Compare with the right result and, if it is another, with what known mistakes give.

    Raises:
        Wrong: with the name of the slip that gives `found`, else with `otherwise`.
    """
    if not far(found, right, tolerance):
        return
    for message, slip in slips().items():  # computed for wrong results only
        if slip.shape == found.shape and not far(found, slip, tolerance):
            raise Wrong(message)
    if not far(found, right, 1e-4):
        otherwise += "; it is nearly right: did float32, a small constant or a clamp slip in?"
    raise Wrong(otherwise)


def parts_of(result: Any, names: str, n: int) -> list[Any]:
    """The n parts of a result.

    Raises:
        Wrong: it is not a tuple or list of that length.
    """
    if not isinstance(result, list) or len(result) != n:
        raise Wrong(f"return {n} results: {names}, in this order, with commas between them")
    return result


def expect_gradients(
    gradients: Any, right: Tensor, arguments: dict[str, Tensor], what: str, hint: str, tolerance: float = 1e-8
) -> None:
    """Compare the gradients of one returned tensor with those of `right`, which was computed from `arguments`.

    Raises:
        Wrong: with the name of the first argument whose gradient is missing or another.
    """
    if gradients is None:
        raise Wrong(f"{what} is right, but no gradient flows from it: is there a detach, .item() or no_grad?")
    weights = torch.linspace(1, 2, right.numel(), dtype=right.dtype).reshape(right.shape)
    wanted = list(arguments.values())
    expected = torch.autograd.grad(right, wanted, weights, retain_graph=True, allow_unused=True)
    for (name, x), got, grad in zip(arguments.items(), gradients, expected, strict=True):
        grad = torch.zeros_like(x) if grad is None else grad
        if got is None and bool(grad.any()):
            raise Wrong(f"{what} is right, but no gradient reaches {name}: was it detached?")
        got = torch.zeros_like(grad) if got is None else got.to(grad.dtype)
        if got.shape != grad.shape or far(got, grad, tolerance):
            raise Wrong(f"{what} is right, but its gradient in {name} is not: {hint}")


# Random laws -------------------------------------------------------------------------------------------------


def law(rng: torch.Generator, *shape: int) -> Tensor:
    """Random laws along the last dimension, every entry positive."""
    return torch.softmax(1.2 * torch.randn(shape, generator=rng, dtype=torch.float64), -1)


def uniform(rng: torch.Generator, low: float, high: float, *shape: int) -> Tensor:
    """Uniform numbers in [low, high)."""
    return low + (high - low) * torch.rand(shape, generator=rng, dtype=torch.float64)


def number(rng: torch.Generator, low: float, high: float) -> float:
    """One uniform number in [low, high)."""
    return uniform(rng, low, high).item()
