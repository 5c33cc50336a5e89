"""The banks of wrong and right answers: where they lie and what they hold."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

from gan_course.grading import masters, probes


@dataclass(frozen=True)
class Answer:
    """One answer of a bank: the text of its cell, and for a wrong one a piece of the message that names the mistake."""

    assignment: str
    task: str
    name: str
    source: str
    message: str | None  # None: the answer is right
    blind: bool  # written by someone who had not seen the check


def tasks_of(assignment: str) -> list[str]:
    """The tasks that are judged by what an answer does on hidden cases, in the order of the notebook."""
    found = [
        probes.read_probe(cell.source)
        for notebook in masters.read_master(assignment).values()
        for cell in notebook.cells
        if cell.metadata["kind"] == "test"
    ]
    return [probe.task for probe in found if probe]


def bank_of(assignment: str, task: str) -> list[Answer]:
    """All answers to a task."""
    answers = []
    for suffix in ("", "_blind", "_blind2"):
        try:
            bank = importlib.import_module(f"grading.banks.{assignment}.{task}{suffix}")
        except ModuleNotFoundError:
            continue
        blind = suffix != ""
        answers += [
            Answer(assignment, task, name, source, message, blind)
            for name, (message, source) in bank.WRONG.items()
        ]
        answers += [
            Answer(assignment, task, name, source, None, blind) for name, source in bank.RIGHT.items()
        ]
    return answers
