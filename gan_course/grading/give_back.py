"""After grading: feedback pages and tables of grades, with late penalties computed from the points as they are now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config

from gan_course.grading import export, feedback, late, tables
from gan_course.grading.course import Course, configure
from gan_course.grading.pool import backup


def give_feedback(
    course: Course, assignment: str, students: Sequence[str] | None = None, say: Callable[[str], None] = print
) -> dict[str, str]:
    """Write the feedback pages, feedback/STUDENT/ASSIGNMENT/*.html; returns what failed: {student: reason}."""
    config = Config()
    configure(config, course)
    api = NbGraderAPI(config=config)
    _penalise(course, assignment, api, say)
    return feedback.write_feedback(api, assignment, students, say)


def write_grades(
    course: Course,
    assignment: str,
    *,
    partial: bool = False,
    worksheet: Path | None = None,
    say: Callable[[str], None] = print,
) -> list[Path]:
    """Write grades/ASSIGNMENT-*.csv: per task, per student, for Moodle and for Canvas.

    partial: the grades of submissions whose hand grading is unfinished, too. worksheet: Moodle's offline grading
    worksheet; a filled copy goes into grades/.
    """
    config = Config()
    configure(config, course)
    api = NbGraderAPI(config=config)
    _penalise(course, assignment, api, say)
    roster = course.root / "students.csv"
    with api.gradebook as gradebook:
        students = tables.read_students(roster) if roster.exists() else _everybody(gradebook)
        written = list(
            export.write_tables(course.root, gradebook, assignment, students, partial=partial).values()
        )
        if worksheet is not None:
            filled = course.root / "grades" / f"{assignment}-worksheet.csv"
            rows = export.fill_worksheet(worksheet, filled, students, export.totals(gradebook, assignment))
            say(f"the worksheet has grades for {rows} students")
            written.append(filled)
    return written


def _penalise(course: Course, assignment: str, api: NbGraderAPI, say: Callable[[str], None]) -> None:
    backup(course)
    with api.gradebook as gradebook:
        charges = late.assign_penalties(gradebook, late.LateDays(parent=api), assignment)
    for (student, _), charge in sorted(charges.items()):
        say(f"{student}: {charge.late} days late, {charge.free} of them free")


def _everybody(gradebook: Gradebook) -> list[dict[str, str]]:
    """Without a list of students, those who handed something in."""
    return [dict.fromkeys(tables.STUDENT_COLUMNS, "") | {"id": student.id} for student in gradebook.students]
