"""Autograding many submissions at once: with progress, resumable, and no submission can stop another one."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from traitlets.config import Config

from gan_course.grading.course import Course, configure, open_course, runtime_folder
from gan_course.grading.records import Record

BACKUPS = 5  # of the gradebook that are kept


@dataclass(frozen=True)
class Outcome:
    """What became of one submission. state: "graded", "unchanged" or "failed"; points: of its autograded cells."""

    student: str
    state: str
    points: float
    most: float
    seconds: float
    look: tuple[str, ...]  # what a person should see


def autograde(
    course: Course,
    assignment: str,
    students: Sequence[str] | None = None,
    *,
    again: bool = False,
    say: Callable[[str], None] = print,
) -> list[Outcome]:
    """Grade all submissions of an assignment, or those of some students, that have changed since they were graded.

    Stopped halfway, it goes on where it was when called again. again: grade unchanged ones, too.

    Raises:
        ValueError: nothing to grade. sandbox.Unprotected: students' code would run as root.
    """
    wanted = [name for name in course.students() if (course.root / "submitted" / name / assignment).is_dir()]
    missing = sorted(set(students or ()) - set(wanted))
    if missing or not wanted:
        raise ValueError(
            f"no submission of {assignment} by {', '.join(missing) or 'anybody'}: is the intake done "
            f"(gan-course grade intake {assignment})?"
        )
    wanted = list(students or wanted)
    with runtime_folder() as runtime:  # an error about the sandbox belongs here, not into every worker
        say(configure(Config(), course, runtime))
    backup(course)
    todo = [name for name in wanted if again or not _unchanged(course, assignment, name)]
    outcomes = [_outcome(course, assignment, name, "unchanged", 0.0) for name in wanted if name not in todo]
    if outcomes:
        say(f"{len(outcomes)} unchanged since they were graded; {len(todo)} to grade")
    jobs = min(course.jobs or os.cpu_count() or 1, max(1, len(todo)))
    start = time.monotonic()
    # Fresh processes: nbgrader, torch and zmq do not like to be forked.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_start, initargs=(course.root,)) as pool:
        futures = {pool.submit(grade_one, assignment, name): name for name in todo}
        for done, future in enumerate(as_completed(futures), 1):
            try:
                outcome = future.result()
            except Exception as error:  # a worker that was killed takes its submission with it, not the class
                look = (f"grading stopped: {type(error).__name__}: {error}",)
                outcome = Outcome(futures[future], "failed", 0.0, 0.0, 0.0, look)
            outcomes.append(outcome)
            left = (time.monotonic() - start) / done * (len(todo) - done)
            say(_line(done, len(todo), outcome, left))
    return sorted(outcomes, key=lambda outcome: outcome.student)


def _line(done: int, of: int, outcome: Outcome, left: float) -> str:
    points = f"{outcome.points:5.1f} of {outcome.most:g}" if outcome.state != "failed" else "failed"
    wait = f"about {left / 60:.0f} min left" if left > 90 else f"about {left:.0f} s left"
    looks = "".join(f"\n    look: {look}" for look in outcome.look)
    return f"[{done}/{of}] {outcome.student:16} {points:>12}  {outcome.seconds:4.0f} s, {wait}{looks}"


_API: Any = None
_COURSE: Course
_OPEN = ExitStack()  # keeps the runtime folder of this worker until it ends


def _start(root: Path) -> None:
    """Prepare a worker: one runtime folder and one nbgrader for all its submissions."""
    global _API, _COURSE
    from nbgrader.apps.api import NbGraderAPI

    runtime, config = _OPEN.enter_context(runtime_folder()), Config()
    os.environ["JUPYTER_RUNTIME_DIR"] = str(runtime)
    _COURSE = open_course(root)
    configure(config, _COURSE, runtime)
    _API = NbGraderAPI(config=config)


def grade_one(assignment: str, student: str) -> Outcome:
    """Grade one submission in this worker."""
    began = time.monotonic()
    record = Record(_COURSE.records, assignment, student)
    before, now = record.read().get("notebooks"), _hashes(_COURSE.root / "submitted" / student / assignment)
    settled = _settled(assignment, student) if before == now else set()
    kept = {"fingerprint": fingerprint(_COURSE, assignment, student), "notebooks": now}
    record.clear()
    _clear_scores(assignment, student)
    result = _API.autograde(assignment, student, force=True)
    facts = record.read()
    if result["success"]:
        _settle(assignment, student, settled)
    else:
        _clear_scores(assignment, student, 0.0)  # it counts nothing until a person has looked
        reason = (result.get("error") or result.get("log") or "").strip().splitlines()
        facts["look"] = [
            *facts.get("look", []),
            f"nbgrader gave up: {reason[-1] if reason else 'why is unknown'}",
        ]
    seconds = time.monotonic() - began
    record.write(facts | kept | {"graded": result["success"], "seconds": round(seconds, 1)})
    state = "graded" if result["success"] else "failed"
    return _outcome(_COURSE, assignment, student, state, seconds)


def _grades(assignment: str, student: str, gradebook: Any) -> list[Any]:
    """All grades of a submission; none if the gradebook does not know it yet."""
    from nbgrader.api import MissingEntry

    try:
        submission = gradebook.find_submission(assignment, student)
    except MissingEntry:
        return []
    return [grade for notebook in submission.notebooks for grade in notebook.grades]


def _clear_scores(assignment: str, student: str, to: float | None = None) -> None:
    """Old automatic points must not survive a test that does not run; points given by hand stay."""
    with _API.gradebook as gradebook:
        for grade in _grades(assignment, student, gradebook):
            grade.auto_score, grade.needs_manual_grade = to, True
        gradebook.db.commit()


def _settled(assignment: str, student: str) -> set[str]:
    """The cells that somebody has graded by hand and marked as done."""
    with _API.gradebook as gradebook:
        return {
            grade.name
            for grade in _grades(assignment, student, gradebook)
            if grade.manual_score is not None and not grade.needs_manual_grade
        }


def _settle(assignment: str, student: str, cells: set[str]) -> None:
    """nbgrader asks to look at hand-given points again after every run; not if the same notebook was run again."""
    with _API.gradebook as gradebook:
        for grade in _grades(assignment, student, gradebook):
            if grade.name in cells:
                grade.needs_manual_grade = False
        gradebook.db.commit()


def _hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of every notebook of a submission."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.ipynb"))
    }


def _outcome(course: Course, assignment: str, student: str, state: str, seconds: float) -> Outcome:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", course.course_id) as gradebook:
        tests = [
            (grade.auto_score, grade.max_score)
            for grade in _grades(assignment, student, gradebook)
            if grade.auto_score is not None
        ]
    look = Record(course.records, assignment, student).read().get("look", [])
    points, most = (sum(column) for column in zip(*tests, strict=True)) if tests else (0.0, 0.0)
    return Outcome(student, state, points, most, seconds, tuple(look))


def _unchanged(course: Course, assignment: str, student: str) -> bool:
    facts = Record(course.records, assignment, student).read()
    kept = (course.root / "autograded" / student / assignment).is_dir()
    return bool(
        kept and facts.get("graded") and facts["fingerprint"] == fingerprint(course, assignment, student)
    )


def fingerprint(course: Course, assignment: str, student: str) -> str:
    """Of everything that the automatic points depend on: the submission, the source, the secret, the cases."""
    digest = hashlib.sha256(f"{course.secret()} {course.cases}".encode())
    for folder in (course.root / "submitted" / student / assignment, course.root / "source" / assignment):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                digest.update(str(path.relative_to(folder)).encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def backup(course: Course) -> Path | None:
    """Copy the gradebook before it is changed; the last few copies are kept."""
    book = course.root / "gradebook.db"
    if not book.exists():
        return None
    folder = course.root / "backups"
    folder.mkdir(exist_ok=True)
    path = folder / f"gradebook-{datetime.now():%Y%m%d-%H%M%S-%f}.db"
    with sqlite3.connect(book) as source, sqlite3.connect(path) as copy:  # a consistent copy, even in use
        source.backup(copy)
    for old in sorted(folder.glob("gradebook-*.db"))[:-BACKUPS]:
        old.unlink()
    return path
