"""A student's notebook, however damaged, read into cells whose parts have the right types."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

MAX_CELLS = 2_000  # of one notebook; more are left out
MAX_VALUES = 5_000_000  # commas and brackets in the file: bounds the memory that parsing takes
MAX_TEXT = 20_000_000  # characters of all cells; pictures pasted into text are long, too


class Unreadable(Exception):
    """Raised for a file that is no notebook; the message says what is wrong with it, in plain words."""


@dataclass(frozen=True)
class Cell:
    """What of a student's cell may be used, with types that can be relied on."""

    kind: str  # "code", "markdown" or "raw"
    source: str
    cell_id: str | None = None
    grade_id: str | None = None
    points: Any = None
    attachments: dict[str, dict[str, str]] | None = None


def read_cells(content: bytes) -> tuple[list[Cell], list[str]]:
    """The cells of a student's notebook, and remarks on the file. Outputs and unknown parts are dropped.

    Raises:
        Unreadable: the bytes are no notebook.
    """
    if not content.strip():
        raise Unreadable("the file is empty")
    if sum(content.count(mark) for mark in (b",", b"[", b"{")) > MAX_VALUES:
        raise Unreadable("the file holds too many values to be read: clear the outputs and hand it in again")
    remarks = []
    try:
        text = content.decode(json.detect_encoding(content))
    except UnicodeDecodeError:
        text = content.decode("latin-1")
        remarks.append("the file is not in UTF-8; it was read as Latin-1, so accents may be wrong")
    try:
        notebook = json.loads(text)
    except RecursionError:
        raise Unreadable("the file is nested too deeply") from None
    except ValueError as error:
        if "\n<<<<<<< " in text:
            raise Unreadable("the file holds the marks of an unresolved Git conflict") from None
        line = f" (at line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(f"the file is damaged: it is not valid JSON{line}") from None
    raw = _raw_cells(notebook)
    cells: list[Cell] = []
    room = MAX_TEXT
    for cell in map(_cell, raw[:MAX_CELLS]):
        if cell and len(cell.source) <= room:
            room -= len(cell.source)
            cells.append(cell)
    if len(raw) > MAX_CELLS:
        remarks.append(f"the notebook has {len(raw)} cells; those after number {MAX_CELLS} were left out")
    if lost := len(raw[:MAX_CELLS]) - len(cells):
        remarks.append(f"{lost} cells are damaged or too long and were left out")
    return cells, remarks + _language(notebook)


def _raw_cells(notebook: Any) -> list[Any]:
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if cells is None and isinstance(notebook, dict) and isinstance(notebook.get("worksheets"), list):
        # Before version 4, cells lay on worksheets.
        sheets = [sheet.get("cells") for sheet in notebook["worksheets"] if isinstance(sheet, dict)]
        cells = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    if not isinstance(cells, list):
        raise Unreadable("the file is not a notebook: it has no list of cells")
    return cells


def _cell(raw: Any) -> Cell | None:
    """The cell without anything that has the wrong type; None if nothing is left of it."""
    if not isinstance(raw, dict):
        return None
    source = raw.get("source", raw.get("input", ""))
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    kind = {"code": "code", "markdown": "markdown"}.get(str(raw.get("cell_type")), "raw")
    metadata = raw.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    nbgrader = nbgrader if isinstance(nbgrader, dict) else {}
    return Cell(
        kind,
        _clean(source),
        _text(raw.get("id")),
        _text(nbgrader.get("grade_id")),
        nbgrader.get("points"),
        _pictures(raw.get("attachments")),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _clean(text: str) -> str:
    # Half a surrogate pair is allowed in JSON but cannot be written to a file.
    return text.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")


def _pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """Attached pictures: name -> media type -> base64 text."""
    found: dict[str, dict[str, str]] = {}
    for name, data in attachments.items() if isinstance(attachments, dict) else ():
        for media, content in data.items() if isinstance(data, dict) else ():
            content = "".join(map(str, content)) if isinstance(content, list) else content
            if media.startswith("image/") and isinstance(content, str):
                found.setdefault(_clean(name), {})[_clean(media)] = _clean(content)
    return found


def _language(notebook: dict[str, Any]) -> list[str]:
    # Names of kernels differ from machine to machine; only another language is worth a remark.
    metadata = notebook.get("metadata")
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    language = _text(kernel.get("language") or kernel.get("name")) if isinstance(kernel, dict) else None
    if language and not re.search("python|conda|pyodide|env", language, re.I) and language.isidentifier():
        return [f"the notebook asks for a {language[:20]} kernel; the released one's kernel is used"]
    return []
