"""The notebook that was released: how it is read, and what its cells are for."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode


def read_release(path: Path) -> NotebookNode:
    """A released notebook without outputs, in a format whose cells have ids."""
    release = nbformat.read(path, as_version=4)
    release.nbformat_minor = max(release.nbformat_minor, 5)
    for number, cell in enumerate(release.cells):
        cell.setdefault("id", f"released-{number}")
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return release


def label(cell: NotebookNode) -> str | None:
    """The grade_id of a released cell."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def is_answer(cell: NotebookNode) -> bool:
    """Whether a released cell is the student's to change."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def is_test(cell: NotebookNode) -> bool:
    """Whether a released cell is graded automatically."""
    return bool(cell.metadata.get("nbgrader", {}).get("grade")) and not is_answer(cell)


def name_of(cell: NotebookNode) -> str:
    """What to call a released cell in a remark."""
    return label(cell) or cell.id
