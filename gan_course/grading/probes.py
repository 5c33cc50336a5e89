"""Hidden tests: hidden cases, what the kernel is sent, and the verdict on what came back.

Whatever decides about points runs here, in the grader's process. The kernel, in which the student's code can change
everything, only says what the answer did; to forge that, one has to compute it.
"""

from __future__ import annotations

import ast
import hashlib
import hmac
import importlib
import inspect
import json
import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch

from gan_course.exercises.checking import Wrong
from gan_course.grading import prelude

TODO = "not answered yet"


@dataclass(frozen=True)
class Verdict:
    """What became of an answer. state: "ok", "wrong" or "to do"; share: of the points, 0 to 1."""

    state: str
    message: str
    share: float


@dataclass(frozen=True)
class Probe:
    """One line of a master: probe("task", answer, ...)."""

    task: str
    answers: tuple[str, ...]


def read_probe(source: str) -> Probe | None:
    """The probe in the text of a test cell, if it has one.

    Raises:
        ValueError: it is not of the form probe("task", name, ...), or there are several.
    """
    calls = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "probe"
    ]
    if not calls:
        return None
    if len(calls) > 1 or not calls[0].args or not isinstance(calls[0].args[0], ast.Constant):
        raise ValueError('a test cell holds one line of the form probe("task", answer, ...)')
    task, *answers = calls[0].args
    return Probe(str(task.value), tuple(ast.unparse(answer) for answer in answers))


def find_check(assignment: str, task: str) -> Any:
    """The module with `draw`, `observe` and `judge` of a task.

    Raises:
        ValueError: there is none of that name.
    """
    name = f"gan_course.grading.checks.{assignment}.{task}"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and name.startswith(error.name):
            raise ValueError(f"no check for the task {task!r} of {assignment!r}") from None
        raise


def draw_cases(secret: bytes, student: str, assignment: str, task: str, n: int) -> list[dict[str, Any]]:
    """n hidden cases: {"seed": ..., "case": ...}. The same secret, student and task give the same cases."""
    check, cases = find_check(assignment, task), []
    for k in range(n):
        words = "\x1f".join((student, assignment, task, str(k)))
        digest = hmac.new(secret, words.encode(), hashlib.sha256).digest()
        rng = torch.Generator().manual_seed(int.from_bytes(digest[:7], "big"))
        cases.append({"seed": int.from_bytes(digest[7:11], "big"), "case": check.draw(rng)})
    return cases


def kernel_text(assignment: str, probe: Probe, cases: list[dict[str, Any]]) -> str:
    """The cell that the kernel runs instead of the test cell."""
    sent = json.dumps([{"seed": case["seed"], "case": prelude.encode(case["case"])} for case in cases])
    body = _sent_code(assignment, probe.task)
    call = f"show_seen(CASES, observe, {list(probe.answers)!r}, STUDENT)"
    # In a name space of its own, so that it neither meets nor leaves names in the student's.
    lines = [
        "import __future__",
        "_space = {'__name__': 'hidden', 'STUDENT': globals()}",
        f"_space['CASES'] = {sent!r}",
        f"_code = compile({body + call!r}, 'hidden test', 'exec', __future__.annotations.compiler_flag)",
        "exec(_code, _space)",
    ]
    return "\n".join(lines)


@cache
def _sent_code(assignment: str, task: str) -> str:
    """The prelude, what the check's `observe` calls, and `observe` itself, as text."""
    check = find_check(assignment, task)
    parts = (prelude, *getattr(check, "KERNEL_SIDE", ()), check.observe)
    return "\n\n".join([*(inspect.getsource(part) for part in parts), ""])


def judge_all(assignment: str, task: str, cases: list[dict[str, Any]], published: list[Any]) -> list[Verdict]:
    """A verdict for every case. `published`: the data of all displays of our kind that the cell sent."""
    if len(published) != 1:
        why = "nothing came back from your cell" if not published else "your code sent a forged answer"
        return [Verdict("wrong", why, 0.0)] * len(cases)
    try:
        entries = list(published[0]["seen"])
    except (TypeError, KeyError, IndexError):
        entries = []
    if len(entries) != len(cases):
        return [Verdict("wrong", "your code sent a forged answer", 0.0)] * len(cases)
    return [_judge(assignment, task, case["case"], entry) for case, entry in zip(cases, entries, strict=True)]


def _judge(assignment: str, task: str, case: dict[str, Any], entry: Any) -> Verdict:
    try:
        if "error" in entry:
            return _stopped(entry)
        share = find_check(assignment, task).judge(case, prelude.decode(entry["seen"]))
    except Wrong as mistake:
        return Verdict("wrong", str(mistake), 0.0)
    except Exception as error:  # what was seen comes from the student's kernel: it may be anything
        return Verdict("wrong", f"what your code returned cannot be judged ({type(error).__name__})", 0.0)
    if share is None:
        return Verdict("ok", "passed", 1.0)
    if not (isinstance(share, float | int) and math.isfinite(share)):
        return Verdict("wrong", "what your code returned cannot be judged", 0.0)
    share = min(1.0, max(0.0, float(share)))
    return Verdict("ok" if share > 0 else "wrong", f"{share:.0%} of the points", share)


def _stopped(entry: dict[str, Any]) -> Verdict:
    kind, message, place = (str(entry.get(key, ""))[:500] for key in ("error", "message", "place"))
    if kind == "NotImplementedError":
        return Verdict("to do", TODO, 0.0)
    return Verdict("wrong", f"your code stopped with {kind}: {message}{place}", 0.0)


def together(verdicts: list[Verdict]) -> Verdict:
    """The verdict on the task: that on the worst case."""
    return min(verdicts, key=lambda verdict: verdict.share)
