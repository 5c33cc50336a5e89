"""The machinery of exercises: find the check, run it on an answer, say what came out."""

from __future__ import annotations

import importlib
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import Tensor

NOTEBOOKS = ("nb00", "nb01", "nb02", "nb03", "nb04", "nb05")


class Wrong(Exception):
    """Raised by a check: the answer is not right, and this is the mistake it looks like."""


class ToDo(Exception):
    """Raised by `Attempt` when the answer is still a stub."""


@dataclass(frozen=True)
class Verdict:
    """What became of an answer. state: "ok", "wrong" or "to do"."""

    state: str
    message: str


class Attempt:
    """A learner's answer as the checks see it.

    Calling it calls the answer; None as a result means that it is still to do. `Attempt.value` is for answers
    that are plain values (a prediction) instead of functions.
    """

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.answer is None:
            raise ToDo
        if not callable(self.answer):
            raise Wrong(
                f"a function was expected, not {type(self.answer).__name__}: pass it without calling it"
            )
        result = self.answer(*args, **kwargs)
        if result is None:
            raise ToDo
        return result

    @property
    def value(self) -> Any:
        """The answer itself, for predictions and choices."""
        if self.answer is None or self.answer is ...:
            raise ToDo
        return self.answer


# What checks ask of any answer, and say when they do not get it.


def call(answer: Attempt, *inputs: Any) -> Any:
    """Call the answer, and refuse it if it changes a tensor it was given or draws from torch's global state."""
    # It works on copies: a tensor of the check's own must be the same for the next attempt. One that asks for
    # gradients goes in itself, or they would not arrive at it.
    given = [x.clone() if isinstance(x, Tensor) and not x.requires_grad else x for x in inputs]
    before = [x.clone() if isinstance(x, Tensor) else x for x in inputs]
    state = torch.get_rng_state()
    result = answer(*given)
    for i, (old, new) in enumerate(zip(before, given, strict=True), 1):
        if isinstance(new, Tensor) and not torch.allclose(old, new, rtol=0, atol=0, equal_nan=True):
            raise Wrong(f"your function changed its input number {i}: work on a copy, such as x.clone()")
    if not torch.equal(state, torch.get_rng_state()):
        raise Wrong("your function drew from torch's global random state: draw with generator=rng, if at all")
    return result


def rows(result: Any, shape: tuple[int, ...]) -> Tensor:
    """The result as a tensor of that shape, finite, or a message."""
    if not isinstance(result, Tensor):
        raise Wrong(f"a tensor was expected, not {type(result).__name__}")
    if tuple(result.shape) != shape:
        raise Wrong(f"the result has shape {tuple(result.shape)}, expected {shape}")
    if not torch.isfinite(result).all():
        raise Wrong(f"the result holds values that are not finite: {result.flatten()[:6].tolist()}")
    return result.detach().double()


def scalar(result: Any) -> float:
    """The result as a float, from a float or a tensor without dimensions."""
    if isinstance(result, Tensor) and result.dim() > 0:
        raise Wrong(f"one number was expected, not a tensor of shape {tuple(result.shape)}")
    try:
        return float(result)
    except (TypeError, ValueError):
        raise Wrong(f"one number was expected, not {type(result).__name__}") from None


def close(a: Tensor, b: Tensor, tolerance: float = 1e-6) -> bool:
    """Whether two tensors of one shape agree entry by entry."""
    return bool((a - b).abs().max() <= tolerance)


# Finding a check and running it.


@cache
def _checks() -> dict[str, tuple[str, Callable[[Attempt], None]]]:
    """Every exercise: name -> (file, check). A check is a public function of an nbXX file named check_NAME."""
    found = {}
    for file in NOTEBOOKS:
        module = importlib.import_module(f"gan_course.exercises.{file}")
        for name, function in vars(module).items():
            if name.startswith("check_"):
                found[name.removeprefix("check_")] = (file, function)
    return found


def _find(name: str) -> tuple[str, Callable[[Attempt], None]]:
    if name not in _checks():
        raise ValueError(f"unknown exercise {name!r}; known: {', '.join(sorted(_checks()))}")
    return _checks()[name]


def exercises_of(file: str) -> list[str]:
    """The exercises of a notebook file such as "nb02", in order."""
    return [name for name, (home, _) in _checks().items() if home == file]


def solution(name: str) -> Any:
    """The course's own answer to an exercise.

    Raises:
        ValueError: unknown exercise; the message lists the known ones.
    """
    file, _ = _find(name)
    return getattr(importlib.import_module(f"gan_course.exercises.solutions.{file}"), name)


def judge(name: str, answer: Any) -> Verdict:
    """Check an answer without showing anything. An answer that raises an error is wrong, with that error."""
    _, run_check = _find(name)
    try:
        run_check(Attempt(answer))
    except ToDo:
        return Verdict("to do", "not answered yet: replace the stub, run its cell, then run this one")
    except Wrong as mistake:
        return Verdict("wrong", str(mistake))
    except Exception as error:  # a learner's code may raise anything
        return Verdict("wrong", _explain(error))
    return Verdict("ok", "passed every check")


def _explain(error: Exception) -> str:
    """Name an unexpected error and the learner's line that raised it."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"your code stopped with {type(error).__name__}: {error} (line {place.lineno}, in {place.name})"


def check(name: str, answer: Any) -> Verdict:
    """Check an answer and print the verdict.

    Raises:
        ValueError: unknown exercise; the message lists the known ones.
    """
    verdict = judge(name, answer)
    print({"ok": "[ok]", "wrong": "[wrong]", "to do": "[to do]"}[verdict.state], name + ":", verdict.message)
    return verdict


def reference(name: str, answer: Any) -> Any:
    """The learner's answer if it is right, else the course's, so that later cells work either way."""
    return answer if judge(name, answer).state == "ok" else solution(name)
