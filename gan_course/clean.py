"""The canonical form of notebooks: what is committed, and nothing else.

No outputs, no counts, no tool's private metadata; cell ids are kept, so that a changed cell is the only change
in a diff. Formatting twice changes nothing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CELL_METADATA = ("tags", "slideshow", "exercise", "jupyter", "alt")
MACHINE_TAGS = {"injected-parameters", "papermill-error-cell-tag"}
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def canonical_cell(cell: dict[str, Any]) -> dict[str, Any]:
    """One cell in canonical form: source as a list of lines without trailing blanks, known metadata only."""
    text = "".join(cell["source"]).strip("\n")
    lines = [line.rstrip() for line in text.split("\n")]
    clean = {
        "cell_type": cell["cell_type"],
        "id": cell["id"],
        "metadata": {key: cell["metadata"][key] for key in CELL_METADATA if key in cell["metadata"]},
        "source": "\n".join(lines).splitlines(keepends=True),
    }
    if cell["cell_type"] == "code":
        clean |= {"execution_count": None, "outputs": []}
    return clean


def canonical(notebook: dict[str, Any]) -> str:
    """The canonical text of a notebook given as parsed JSON.

    Raises:
        ValueError: a cell has no id (notebook format older than 4.5).
    """
    cells = [cell for cell in notebook["cells"] if not MACHINE_TAGS & set(cell["metadata"].get("tags", []))]
    if any("id" not in cell for cell in cells):
        raise ValueError("a cell has no id: open and save the notebook in JupyterLab (format 4.5) first")
    clean = {
        "cells": [canonical_cell(cell) for cell in cells],
        "metadata": NOTEBOOK_METADATA,
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(clean, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def clean(path: Path, *, check: bool = False) -> bool:
    """Put one notebook into canonical form, or with `check` only look. Returns whether it already was."""
    before = path.read_text(encoding="utf-8")
    after = canonical(json.loads(before))
    if before != after and not check:
        path.write_text(after, encoding="utf-8", newline="\n")
    return before == after
