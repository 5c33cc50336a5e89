"""Grades as tables: every task, every student, and the two shapes that Moodle and Canvas import.

Shapes. Moodle (its "Import > CSV file"): one row per user, one column that identifies the user, one for the
grade, one for the feedback; you map the columns in the import form. One unknown user, or one grade above 100 where
the site does not allow it, stops the whole import. Canvas (its gradebook's "Import"): Student, ID, SIS User
ID, SIS Login ID, Section, then one column per assignment called `title (id)`, and a row "Points Possible"
before the students.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gan_course.grading.tables import number_text, read_lines, write_table

if TYPE_CHECKING:
    from nbgrader.api import Gradebook, SubmittedAssignment


@dataclass(frozen=True)
class Row:
    """What one student has for one graded cell. auto, manual, extra: points, None where nobody gave any."""

    student: str
    notebook: str
    task: str
    auto: float | None
    manual: float | None
    extra: float | None
    score: float
    max: float
    needs_grading: bool
    comment: str

    @property
    def name(self) -> str:
        """The task as a column is called: two notebooks may have cells of the same name."""
        return f"{self.notebook}/{self.task}"


@dataclass(frozen=True)
class Total:
    """What one student has for the assignment. score: points after the late penalty, never below 0."""

    submitted: str  # time in UTC, ISO 8601; empty if unknown
    late_penalty: float
    score: float
    rows: tuple[Row, ...]

    @property
    def unfinished(self) -> list[str]:
        """The tasks that still need a grade by hand."""
        return [row.name for row in self.rows if row.needs_grading]

    @property
    def comments(self) -> str:
        """All comments as one text, a line for each task."""
        return "\n".join(f"{row.name}: {row.comment}" for row in self.rows if row.comment)


def points(gradebook: Gradebook, assignment: str) -> list[Row]:
    """A row per student and graded cell of an assignment, sorted by student, notebook and task.

    Students without a submission have no rows. Raises nbgrader's MissingEntry if there is no such assignment.
    """
    submissions = gradebook.find_assignment(assignment).submissions
    return [row for each in sorted(submissions, key=lambda s: s.student_id) for row in _rows(each)]


def totals(gradebook: Gradebook, assignment: str) -> dict[str, Total]:
    """What each student who handed in has for the assignment, by student, sorted."""
    submissions = gradebook.find_assignment(assignment).submissions
    return {each.student_id: _total(each) for each in sorted(submissions, key=lambda s: s.student_id)}


def _rows(submission: SubmittedAssignment) -> tuple[Row, ...]:
    rows = []
    for notebook in submission.notebooks:
        comments = {comment.name: comment.comment or "" for comment in notebook.comments}
        for grade in notebook.grades:
            # A comment belongs to the cell with the answer: graded by hand its own, else `x` of `test_x`.
            comment = comments.get(grade.name) or comments.get(grade.name.removeprefix("test_"), "")
            given = (grade.auto_score, grade.manual_score, grade.extra_credit)
            marks = (grade.score, grade.max_score, bool(grade.needs_manual_grade))
            rows.append(Row(submission.student_id, notebook.name, grade.name, *given, *marks, comment))
    return tuple(sorted(rows, key=lambda row: (row.notebook, row.task)))


def _total(submission: SubmittedAssignment) -> Total:
    penalty = submission.late_submission_penalty
    submitted = submission.timestamp.isoformat(timespec="seconds") if submission.timestamp else ""
    return Total(submitted, penalty, max(0.0, submission.score - penalty), _rows(submission))


def write_tables(
    course_folder: Path,
    gradebook: Gradebook,
    assignment: str,
    students: Sequence[dict[str, str]],
    *,
    partial: bool = False,
    title: str | None = None,
    canvas_id: str = "",
) -> dict[str, Path]:
    """Write the four tables of an assignment to `course_folder/grades`; returns their paths by kind.

    "tasks": a row per student and task. "students": a row per student with total, late penalty, tasks that still
    need grading and points per task. These two start with a byte order mark, so that spreadsheets read names
    right. "moodle", "canvas": for import, plain UTF-8. A student who handed in nothing has an empty score there.
    One whose grading is not finished is left out of both, so that the import changes nothing; `partial` puts
    the points so far in, and says so in Moodle's feedback.

    students: as `read_students` returns them. title: what Moodle or Canvas calls the assignment (default: its
    name here). canvas_id: Canvas's number for it, found in its address; without one Canvas goes by the title.

    Warns (UserWarning): somebody handed in and is not in `students`; they are in the first two tables only.
    """
    done = totals(gradebook, assignment)
    most = gradebook.find_assignment(assignment).max_score
    known = {student["id"]: student for student in students}
    if strangers := sorted(set(done) - set(known)):
        warnings.warn(
            f"{', '.join(strangers)} handed in {assignment} and are not in the list of students: their grades are in "
            "the tables of tasks and students, not in those for Moodle and Canvas.",
            stacklevel=2,
        )
    final = {
        name: done.get(name) for name in known if partial or name not in done or not done[name].unfinished
    }
    ready = [(known[name], total) for name, total in final.items()]
    everybody = {**known, **{name: {"id": name} for name in strangers}}
    tables = {
        "tasks": _task_table(done),
        "students": _student_table(everybody, done, most),
        "moodle": _moodle_table(ready, title or assignment),
        "canvas": _canvas_table(ready, title or assignment, canvas_id, most),
    }
    paths = {kind: Path(course_folder) / "grades" / f"{assignment}-{kind}.csv" for kind in tables}
    for kind, table in tables.items():
        write_table(paths[kind], table, encoding="utf-8" if kind in ("moodle", "canvas") else "utf-8-sig")
    return paths


def _task_table(done: dict[str, Total]) -> list[Sequence[Any]]:
    header = [field.name for field in fields(Row)]
    return [header, *(astuple(row) for total in done.values() for row in total.rows)]


def _student_table(
    students: dict[str, dict[str, str]], done: dict[str, Total], most: float
) -> list[Sequence[Any]]:
    tasks = sorted({row.name for total in done.values() for row in total.rows})
    facts = ["student", "last_name", "first_name", "email", "submitted", "late_penalty", "total", "max"]
    table: list[Sequence[Any]] = [[*facts, "needs_grading", *tasks]]
    for name in sorted(students):
        student, total = students[name], done.get(name)
        person = [name, *(student.get(key, "") for key in ("last_name", "first_name", "email"))]
        if total is None:
            table.append([*person, "", "", "", most, "", *("" for _ in tasks)])
            continue
        scores = {row.name: row.score for row in total.rows if not (row.needs_grading and row.manual is None)}
        result = [total.submitted, total.late_penalty, total.score, most, " ".join(total.unfinished)]
        table.append([*person, *result, *(scores.get(task) for task in tasks)])
    return table


def _moodle_table(ready: Iterable[tuple[dict[str, str], Total | None]], title: str) -> list[Sequence[Any]]:
    # Moodle gives a row with an empty identifier to the student of the row before (load_data.php does not reset it),
    # so a column of addresses with gaps must not exist. ID numbers are always complete.
    ready = list(ready)
    with_email = all(student.get("email") for student, _ in ready)
    table: list[Sequence[Any]] = [
        ["ID number", *(["Email address"] if with_email else []), title, f"{title} feedback"]
    ]
    for student, total in ready:
        who = [student["id"], *([student["email"]] if with_email else [])]
        table.append([*who, "" if total is None else total.score, "" if total is None else _feedback(total)])
    return table


def _feedback(total: Total) -> str:
    notes = [total.comments] if total.comments else []
    if total.late_penalty:
        notes.append(f"Late penalty: {number_text(total.late_penalty)} points, already taken off.")
    if total.unfinished:
        notes.append(f"Not final. Still to be graded: {', '.join(total.unfinished)}.")
    return "\n".join(notes)


def _canvas_table(
    ready: Iterable[tuple[dict[str, str], Total | None]], title: str, canvas_id: str, most: float
) -> list[Sequence[Any]]:
    column = f"{title} ({canvas_id})" if canvas_id else title
    table: list[Sequence[Any]] = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", column]]
    table.append(["Points Possible", "", "", "", "", most])
    for student, total in ready:
        names = [student.get("last_name", ""), student.get("first_name", "")]
        name = ", ".join(part for part in names if part) or student["id"]
        # Canvas looks for its own number first, then for the login.
        who = [name, student.get("lms_id", ""), "", student["id"], ""]
        table.append([*who, "" if total is None else total.score])
    return table


def fill_worksheet(
    worksheet: Path, filled: Path, students: Sequence[dict[str, str]], done: dict[str, Total]
) -> int:
    """Fill Moodle's offline grading worksheet with the finished grades; returns how many rows got one.

    worksheet: as Moodle's assignment page gives it (its participants' numbers exist only there), with a
    column "Email address" or "ID number" to go by. Rows of others stay as they are. done: from `totals`.

    Raises ValueError: the file has not the columns of a worksheet.
    """
    table = [line for _, line in read_lines(worksheet)]
    header = table[0]
    keys = {"Email address": "email", "ID number": "id"}
    by = next((column for column in keys if column in header), None)
    if by is None or not {"Identifier", "Grade", "Last modified (grade)"} <= set(header):
        raise ValueError(
            f"{worksheet} is not a grading worksheet of Moodle. Expected columns: Identifier, Grade, Last modified "
            f"(grade) and Email address or ID number; it has {', '.join(header)}."
        )
    names = {student[keys[by]]: student["id"] for student in students if student.get(keys[by])}
    grade = header.index("Grade")
    feedback = header.index("Feedback comments") if "Feedback comments" in header else None
    filled_rows = 0
    for line in table[1:]:
        total = done.get(names.get(line[header.index(by)], ""))
        if total is None or total.unfinished:
            continue
        line[grade] = number_text(total.score)
        if feedback is not None:
            line[feedback] = _feedback(total)
        filled_rows += 1
    write_table(filled, table)
    return filled_rows
