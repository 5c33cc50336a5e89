"""From masters to what students get: `source/`, `release/` and a zip, with everything hidden left out, and checked."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import zipfile
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config

from gan_course.grading import feedback, masters
from gan_course.grading.course import Course, configure
from gan_course.grading.folders import replace_folder

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


def release(course: Course, assignment: str) -> Path:
    """Build an assignment and return the zip for students; the gradebook learns its cells and its due date.

    Raises:
        ValueError: unknown assignment, nbgrader refused, or something hidden would be released; the
            former release then stays as it was.
    """
    write_source(assignment, course.root / "source" / assignment)
    beside = Path(tempfile.mkdtemp(prefix="release-", dir=course.root))
    try:
        _generate(course, assignment, beside)
        made = beside / assignment
        problems = check_release(assignment, made)
        if problems:
            raise ValueError(f"{assignment} was not released:\n" + "\n".join(problems))
        replace_folder(made, course.root / "release" / assignment)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", course.course_id) as gradebook:
        due = course.due.get(assignment)
        gradebook.update_or_create_assignment(assignment, duedate=due and due.replace(tzinfo=None))
    return _zip(course.root / "release" / assignment)


def write_source(assignment: str, folder: Path) -> None:
    """Write the notebooks with solutions and hidden tests, and the files that go with them, anew."""
    notebooks = masters.read_master(assignment)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix="source-", dir=folder.parent))
    for name, master in notebooks.items():
        nbformat.write(masters.source_notebook(master), beside / f"{name}.ipynb")
    for path in masters.files_of(assignment):
        goal = beside / path.relative_to(masters.MASTERS / assignment / "files")
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, goal)
    os.chmod(beside, 0o755)  # a temporary folder is its owner's alone
    replace_folder(beside, folder)


def _generate(course: Course, assignment: str, folder: Path) -> None:
    # nbgrader empties its release folder before it knows whether it will succeed: so it gets another one.
    config = Config()
    configure(config, course)
    config.CourseDirectory.release_directory = str(folder)
    outcome = NbGraderAPI(config=config).generate_assignment(assignment)
    if not outcome["success"]:
        reason = outcome.get("log") or outcome.get("error") or ""
        if "Cannot add or remove cells" in reason or "Cannot modify existing assignment" in reason:
            reason = "students have handed in already, so no cell may be added or removed; the text of tests may change"
        raise ValueError(f"nbgrader could not make {assignment}: {reason.strip()[-1500:]}")


def check_release(assignment: str, folder: Path) -> list[str]:
    """What is wrong with a released folder, in words: hidden lines, outputs, cells or files that do not belong."""
    notebooks = masters.read_master(assignment)
    base = masters.MASTERS / assignment / "files"
    allowed = {f"{name}.ipynb" for name in notebooks}
    allowed |= {str(path.relative_to(base)) for path in masters.files_of(assignment)}
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    problems = [f"file that does not belong there: {name}" for name in sorted(found - allowed)]
    problems += [f"file is missing: {name}" for name in sorted(allowed - found)]
    problems += feedback.leaks(folder, masters.hidden_lines(assignment))
    for name, master in notebooks.items():
        path = folder / f"{name}.ipynb"
        if path.exists():
            problems += _differences(name, master, nbformat.read(path, as_version=4))
    return problems


def _differences(name: str, master: nbformat.NotebookNode, released: nbformat.NotebookNode) -> list[str]:
    """Where a released notebook is not the source without its gaps."""
    if [cell.metadata.id for cell in master.cells] != [cell.get("id") for cell in released.cells]:
        return [f"{name}: its cells are not those of the master"]
    problems = []
    for want, have in zip(master.cells, released.cells, strict=True):
        if have.source.strip() != without_gaps(want.source, want.cell_type).strip():
            problems.append(f"{name}, cell {have.id}: it differs from the master outside the gaps")
        if have.get("outputs"):
            problems.append(f"{name}, cell {have.id}: it has outputs")
    return problems


def without_gaps(source: str, cell_type: str = "code") -> str:
    """The text of a cell as students get it."""
    stub = STUB if cell_type == "code" else "YOUR ANSWER HERE"
    (begin, end), *others = masters.GAPS

    def fill(gap: re.Match[str]) -> str:
        return "\n".join(gap["indent"] + line for line in stub.splitlines())

    text = re.sub(
        rf"(?m)^(?P<indent>[ \t]*){re.escape(begin)}\n(?:.*\n)*?[ \t]*{re.escape(end)}$", fill, source
    )
    for begin, end in others:
        text = re.sub(rf"(?m)^[ \t]*{re.escape(begin)}\n(?:.*\n)*?[ \t]*{re.escape(end)}\n?", "", text)
    return text


def _zip(folder: Path) -> Path:
    """The released folder as one file beside it."""
    path, beside = folder.with_suffix(".zip"), folder.with_suffix(".zip.tmp")
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, Path(folder.name) / file.relative_to(folder))
    os.replace(beside, path)
    return path
