"""What is kept of every graded submission: the verdicts on all tasks, and what a person should look at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan_course.grading.folders import read_json, write_json


@dataclass(frozen=True)
class Record:
    """The file RECORDS/ASSIGNMENT/STUDENT.json; a student's resubmission replaces it."""

    records: str | Path
    assignment: str
    student: str

    @property
    def path(self) -> Path:
        return Path(self.records) / self.assignment / f"{self.student}.json"

    def read(self) -> dict[str, Any]:
        """What it holds; empty if there is none, or a broken one."""
        return read_json(self.path)

    def write(self, facts: dict[str, Any]) -> None:
        """Replace it; a reader never meets half a file."""
        write_json(self.path, facts)

    def add(self, notebook: str, verdicts: dict[str, Any], stops: list[str]) -> None:
        """Add what came out of one notebook. verdicts: cell -> verdicts on its cases."""
        facts = self.read()
        facts.setdefault("verdicts", {})[notebook] = verdicts
        facts["look"] = [*facts.get("look", []), *(f"{notebook}: {stop}" for stop in stops)]
        self.write(facts)

    def clear(self) -> None:
        """Forget it."""
        self.path.unlink(missing_ok=True)
