"""Submissions that no student wrote: the release filled in with given answers, for the demo course and the tests."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from gan_course.grading import masters

Notebooks = dict[str, NotebookNode]


def solutions(assignment: str) -> dict[str, str]:
    """The course's own answers: cell id -> text of the cell, for answers in code and in words."""
    marks = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION\n?", re.MULTILINE)
    return {
        cell.metadata["id"]: marks.sub("", cell.source).split("**Marks**")[0]  # how it is graded is no answer
        for master in masters.read_master(assignment).values()
        for cell in master.cells
        if cell.metadata["kind"] in ("answer", "written", "shown")
    }


def filled(release: Path, answers: dict[str, str]) -> Notebooks:
    """The notebooks of a released folder with these cells replaced; the other ones stay stubs.

    Raises:
        KeyError: there is no such cell.
    """
    notebooks = {path.stem: nbformat.read(path, as_version=4) for path in sorted(release.glob("*.ipynb"))}
    cells = {cell.id: cell for notebook in notebooks.values() for cell in notebook.cells}
    for name, source in answers.items():
        cells[name].source = source
    return notebooks


def write(notebooks: Notebooks, folder: Path, files: dict[str, bytes] | None = None) -> Path:
    """Write a hand-in as a folder: the notebooks, and other files by their path in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, notebook in notebooks.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    for name, content in (files or {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def zipped(folder: Path, target: Path) -> Path:
    """A hand-in as the zip that a student uploads."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))
    return target
