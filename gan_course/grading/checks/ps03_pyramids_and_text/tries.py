"""Calls of an answer: an error in a later one must not hide the mistake that an earlier one shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gan_course.exercises.checking import Wrong
from gan_course.grading.checks import _tools
from gan_course.grading.prelude import place_of


def tried(calls: list[Any], attempt: Callable[[Any], Any]) -> dict[str, Any]:
    """What every call gave, up to the first that stopped with an error, and that error. One in the first is raised."""
    seen: list[Any] = []
    for call in calls:
        try:
            seen.append(attempt(call))
        except Exception as error:  # students' code may raise anything
            if not seen:
                raise
            text = f"{type(error).__name__}: {str(error)[:500]}{place_of(error)}"
            return {"calls": seen, "stopped": text}
    return {"calls": seen, "stopped": None}


KERNEL_SIDE = (tried,)


def results(case: _tools.Case, seen: _tools.Seen) -> Iterator[tuple[list[Any], Any]]:
    """Each call's arguments with its result, as far as there are results.

    Raises:
        Wrong: as `_tools.results`; or, after the last result, because not all calls were reached.
    """
    made = seen["calls"][: len(case["calls"])]
    some = case["calls"][: len(made)]
    yield from zip(some, _tools.results({"calls": some}, {"calls": made}), strict=True)
    if len(made) < len(case["calls"]):
        raise Wrong(f"your code stopped with {seen['stopped']}")
