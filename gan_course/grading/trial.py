"""Try a hidden check on an answer in this process, without nbgrader: for authors of checks, and for the tests.

The answer runs here unprotected: only for answers that you wrote.
"""

from __future__ import annotations

import linecache
from functools import cache
from typing import Any
from unittest import mock

from gan_course.grading import probes
from gan_course.grading.masters import read_master
from gan_course.grading.probes import Probe, Verdict

SECRET = b"trial"


def trial(assignment: str, task: str, source: str, seed: int = 0) -> Verdict:
    """The verdict on an answer, given as the text of its cell, on one hidden case that depends on `seed`.

    Raises:
        ValueError: unknown assignment or task.
    """
    given, probe = _given(assignment, task)
    cases = probes.draw_cases(SECRET, f"trial-{seed}", assignment, task, 1)
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(given, space)
    try:
        name = f"<answer {hash(source)}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        exec(compile(source, name, "exec"), space)
    except Exception as error:
        return Verdict("wrong", f"the cell stopped with {type(error).__name__}: {error}", 0.0)
    published: list[Any] = []

    def keep(data: dict[str, Any]) -> None:
        published.extend(data.values())

    with mock.patch("IPython.display.publish_display_data", keep):
        exec(probes.kernel_text(assignment, probe, cases), space)
    return probes.judge_all(assignment, task, cases, published)[0]


@cache
def _given(assignment: str, task: str) -> tuple[str, Probe]:
    """The code that the assignment gives before the answers, and the probe of the task."""
    for notebook in read_master(assignment).values():
        given = [
            cell.source
            for cell in notebook.cells
            if cell.cell_type == "code" and cell.metadata["kind"] == "given"
        ]
        for cell in notebook.cells:
            probe = probes.read_probe(cell.source) if cell.metadata["kind"] == "test" else None
            if probe and probe.task == task:
                return "\n".join(given), probe
    raise ValueError(f"no task {task!r} in {assignment!r}")
