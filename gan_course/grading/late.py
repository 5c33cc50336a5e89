"""Late days: a penalty per started day, free days per term, extensions for single students.

nbgrader asks a plugin for the penalty of each notebook while it grades. Two facts make a second look
necessary: at that moment the points given by hand are missing, and free days depend on the student's other
assignments. So run `assign_penalties` once grading is finished, before feedback and export: it computes all
penalties anew.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader.api import Gradebook, SubmittedAssignment
from nbgrader.plugins import BasePlugin, LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import Float, Integer, Type, Unicode
from traitlets.config import Config

from gan_course.grading.tables import read_records

if TYPE_CHECKING:
    from gan_course.grading.course import Course

Extensions = dict[tuple[str, str], float]
"""Days by (student, assignment)."""


@dataclass(frozen=True)
class Charge:
    """What one assignment costs a student, in started days. late = free + charged."""

    late: int
    free: int
    charged: int


class LateDays(LateSubmissionPlugin):
    """The rules for late submissions.

    Days are counted as started days after due date, extension and grace. A student's free days are used up by
    themselves, in the order of that student's due dates (extensions included) over all assignments handed in.
    """

    free_days = Integer(0, min=0, help="Days per student and term that cost nothing").tag(config=True)
    percent_per_day = Float(10, min=0, max=100, help="Percent of a notebook's score per charged day").tag(
        config=True
    )
    most_percent = Float(50, min=0, max=100, help="A late notebook never loses more than this").tag(
        config=True
    )
    grace_minutes = Float(10, min=0, help="Minutes after the due date that do not count").tag(config=True)
    extensions = Unicode("", help="CSV file: student, assignment, days; '' for none").tag(config=True)
    course_folder = Unicode(".", help="The folder that `extensions` is relative to").tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """The points that a notebook with `score` points loses; None if nothing.

        nbgrader does not say which assignment it means, but the preprocessor that asks is this plugin's
        parent and knows it. total_seconds_late is not used: it knows no extensions file.
        Raises ValueError: the extensions file is wrong.
        """
        asking = self.parent
        return self.penalty(score, self.charges(asking.gradebook, student_id)[asking.assignment_id])

    def penalty(self, score: float, charge: Charge) -> float | None:
        """The points that a notebook with `score` points loses at this charge; None if nothing."""
        percent = min(charge.charged * self.percent_per_day, self.most_percent)
        return score * percent / 100 if percent else None

    def charges(self, gradebook: Gradebook, student: str) -> dict[str, Charge]:
        """What each assignment that the student handed in costs, by assignment."""
        extensions = self.read_extensions()
        deadlines = [
            (due(each, extensions.get((student, each.name), 0.0)), each.name, each)
            for each in gradebook.find_student(student).submissions
        ]
        left = self.free_days
        charges = {}
        for deadline, name, submission in sorted(
            deadlines, key=lambda item: (item[0] or datetime.max, item[1])
        ):
            late = self._days_late(submission, deadline)
            free = min(late, left)
            left -= free
            charges[name] = Charge(late, free, late - free)
        return charges

    def _days_late(self, submission: SubmittedAssignment, deadline: datetime | None) -> int:
        if deadline is None or submission.timestamp is None:
            return 0
        late = submission.timestamp - deadline - timedelta(minutes=self.grace_minutes)
        return max(0, math.ceil(late / timedelta(days=1)))

    def read_extensions(self) -> Extensions:
        """The extensions in the file named by the settings; none if none is named."""
        return read_extensions(Path(self.course_folder) / self.extensions) if self.extensions else {}


class AssignLateDays(AssignLatePenalties):
    """nbgrader's step that saves penalties, with `LateDays` as its rules."""

    plugin_class = Type(LateDays, klass=BasePlugin, help="The rules for late submissions").tag(config=True)


def configure(config: Config, course: Course) -> None:
    """Set the options of `LateDays` to what the course says; extensions.csv is read if it is there.

    Raises ValueError: there is no option of that name.
    """
    options = {"free_days", "percent_per_day", "most_percent", "grace_minutes", "extensions"}
    if unknown := set(course.late) - options:
        raise ValueError(
            f"late: unknown option {', '.join(sorted(unknown))}; known: {', '.join(sorted(options))}"
        )
    config.LateDays.course_folder = str(course.root)
    if (course.root / "extensions.csv").exists():
        config.LateDays.extensions = "extensions.csv"
    config.LateDays.update(course.late)


def due(submission: SubmittedAssignment, extension: float = 0.0) -> datetime | None:
    """When this submission is due (UTC): due date + extension in the gradebook + `extension` in days.

    None if the assignment has no due date.
    """
    return submission.duedate + timedelta(days=extension) if submission.assignment.duedate else None


def read_extensions(
    path: Path, assignments: Collection[str] | None = None, students: Collection[str] | None = None
) -> Extensions:
    """Extensions from a CSV file with the columns student, assignment, days (fractions allowed).

    assignments, students: the known names, if you want a name that is not among them to be an error.
    Raises ValueError, with file and line: a value is missing, days is no number from 0 to 366, a name is
    unknown, a student has two rows for one assignment.
    """
    extensions: Extensions = {}
    for number, entry in read_records(path, required=("student", "assignment", "days")):
        where = f"{path}, line {number}: "
        for column, known in (("student", students), ("assignment", assignments)):
            if not entry[column]:
                raise ValueError(f"{where}the {column} is empty")
            if known is not None and entry[column] not in known:
                raise ValueError(
                    f"{where}no {column} is called {entry[column]!r}; there are {', '.join(sorted(known))}"
                )
        try:
            days = float(entry["days"])
        except ValueError:
            days = math.nan
        if not 0 <= days <= 366:
            raise ValueError(
                f"{where}days is {entry['days']!r}; expected a number from 0 to 366, such as 2 or 0.5"
            )
        key = (entry["student"], entry["assignment"])
        if key in extensions:
            raise ValueError(f"{where}{key[0]} already has an extension for {key[1]}; keep one row")
        extensions[key] = days
    return extensions


def assign_penalties(
    gradebook: Gradebook, rules: LateDays, assignment: str | None = None
) -> dict[tuple[str, str], Charge]:
    """Compute late penalties anew from the scores as they are now, hand-given points included; saves them.

    assignment: only this one (default: all). Returns the charges of late submissions, by (student,
    assignment).
    Warns (UserWarning): extensions for an assignment that nobody handed in, or for students who did not hand in;
    behind one may be a misspelt name.
    """
    handed_in = {
        (each.student_id, found.name) for found in gradebook.assignments for each in found.submissions
    }
    extended = {key for key in rules.read_extensions() if assignment in (None, key[1])}
    if idle := sorted(extended - handed_in):
        names = ", ".join(f"{student} for {name}" for student, name in idle)
        warnings.warn(f"extensions without a submission (is every name right?): {names}", stacklevel=2)
    late = {}
    for student in gradebook.students:
        for name, charge in rules.charges(gradebook, student.id).items():
            if assignment not in (None, name):
                continue
            for notebook in gradebook.find_submission(name, student.id).notebooks:
                notebook.late_submission_penalty = rules.penalty(notebook.score, charge)
            if charge.late:
                late[student.id, name] = charge
    gradebook.db.commit()
    return late
