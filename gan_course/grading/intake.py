"""From whatever students hand in to the clean tree `submitted/<student>/<assignment>/` that nbgrader grades.

Put what you received into `inbox/<assignment>/` of the course, mixed freely: one zip or folder per student, loose
notebooks with an LMS's name, or the one big zip of a bulk download; `inbox.py` lists the names that are understood.
`students.csv` in the course (columns id, and if you like first_name, last_name, email, lms_id) says who these are;
a name that fits nobody, or two people, is refused and never guessed. With the nbgrader exchange, collect into a folder
of its own, since the clean tree takes the usual one:

    nbgrader collect dcgan_celeba --CourseDirectory.submitted_directory=collected

and take in with `inbox=course/"collected"`; or move `submitted/` to `collected/` after collecting.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from gan_course.grading.archives import shown
from gan_course.grading.clean_submission import write_clean
from gan_course.grading.folders import bring_back, contents, read_json, replace_folder, write_json
from gan_course.grading.inbox import Parcel, sorted_parcels
from gan_course.grading.opening import open_newest
from gan_course.grading.released import read_release
from gan_course.grading.roster import read_roster


@dataclass(frozen=True)
class Remark:
    """Something to know about a submission. student: "" if it is not known whose. notebook: "" if about all of it."""

    student: str
    notebook: str
    message: str


def take_in(
    course: Path, assignment: str, inbox: Path | None = None, students: Sequence[str] | None = None
) -> list[Remark]:
    """Fill submitted/<student>/<assignment>/ from the inbox, each notebook rebuilt on the released one.

    course: the course folder, with release/<assignment>/. inbox: inbox/<assignment> of the course unless given.
    students: only these ids.

    What was taken in before is replaced in one step; what did not change is not touched. Nothing a student hands in
    makes this raise: the remarks say what happened, and so does intake/<assignment>.json.

    Raises:
        FileNotFoundError: no inbox, or no released notebooks.
        ValueError: students.csv cannot be used, a student is unknown, or the inbox is submitted/ itself.
    """
    course, inbox = Path(course), Path(inbox) if inbox else Path(course) / "inbox" / assignment
    release = {p.stem: read_release(p) for p in sorted((course / "release" / assignment).glob("*.ipynb"))}
    if not release:
        raise FileNotFoundError(
            f"no notebooks in {course / 'release' / assignment}: release the assignment first"
        )
    if not inbox.is_dir():
        raise FileNotFoundError(f"no folder {inbox}: put what students handed in there")
    if inbox.resolve() == (course / "submitted").resolve():
        raise ValueError(
            f"{inbox} is where clean submissions go: move what was collected to another folder first"
        )
    roster = read_roster(course / "students.csv")
    if roster and (unknown := sorted(set(students or ()) - set(roster.ids))):
        raise ValueError(f"not in students.csv: {', '.join(unknown)}")
    others = {path.name for path in (course / "release").iterdir()} - {assignment}
    with ExitStack() as stack:
        parcels, refused = sorted_parcels(inbox, assignment, others, roster, stack)
        wanted = sorted(parcels) if students is None else list(dict.fromkeys(students))
        report = {
            student: _take_in_one(course, assignment, student, parcels.get(student, []), release)
            for student in wanted
        }
    missing = [student for student in (roster.ids if roster else ()) if student not in parcels]
    _write_report(course / "intake" / f"{assignment}.json", assignment, report, refused, missing)
    remarks = [Remark("", "", message) for message in refused]
    return remarks + [remark for one in report.values() for remark in one["remarks"]]


def _take_in_one(
    course: Path, assignment: str, student: str, parcels: list[Parcel], release: dict[str, NotebookNode]
) -> dict[str, Any]:
    """Build one submission beside the former one, and put it in its place if anything changed."""
    if not parcels:
        return {"state": "nothing handed in", "remarks": [Remark(student, "", "nothing was handed in")]}
    home = course / "submitted" / student
    home.mkdir(parents=True, exist_ok=True)
    target = home / assignment
    bring_back(target)
    work = Path(tempfile.mkdtemp(prefix=f".{assignment}.new.", dir=home))
    shipped = course / "release" / assignment
    try:
        try:
            opened = open_newest(assignment, parcels, work)
            when, certain = opened.when, opened.certain
            remarks = [("", message) for message in opened.remarks]
            remarks += write_clean(opened.folders, work / "clean", shipped, release)
        except Exception as error:  # whatever it is, it is this student's and must not stop the others
            kind = f"{type(error).__name__}: {shown(str(error))}"
            remarks = [("", f"could not be taken in, look at it by hand ({kind})")]
            shutil.rmtree(work / "clean", ignore_errors=True)
            remarks += write_clean([], work / "clean", shipped, release)
            when, certain = max(parcel.when for parcel in parcels), False
        stamp = f"{when:%Y-%m-%d %H:%M:%S} UTC"
        (work / "clean" / "timestamp.txt").write_text(stamp, encoding="utf-8")
        state = _put(work / "clean", target, certain)
    except OSError as error:
        state, stamp = "failed", ""
        remarks = [("", f"could not be written ({error}); what was there before is still there")]
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return {"state": state, "submitted": stamp, "remarks": [Remark(student, *remark) for remark in remarks]}


def _put(clean: Path, target: Path, certain: bool) -> str:
    """Move the new submission to its place, unless the one there is the same. Returns what happened."""
    state = "new"
    if target.exists():
        before, now = contents(target), contents(clean)
        if not certain:  # the same files again, copied at another time, are no new submission
            before.pop("timestamp.txt", None)
            now.pop("timestamp.txt")
        if before == now:
            return "unchanged"
        state = "replaced"
    replace_folder(clean, target)
    return state


def _write_report(
    path: Path, assignment: str, entries: dict[str, dict[str, Any]], refused: list[str], missing: list[str]
) -> None:
    """Enter what happened in the report, keeping what it says of students who were not looked at this time."""
    students = read_json(path).get("students", {})
    for student, entry in entries.items():
        remarks = [{"notebook": remark.notebook, "message": remark.message} for remark in entry["remarks"]]
        students[student] = entry | {"remarks": remarks}
    report = {
        "assignment": assignment,
        "refused": refused,
        "nothing_handed_in": missing,
        "students": dict(sorted(students.items())),
    }
    write_json(path, report)
