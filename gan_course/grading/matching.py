"""A student's notebook, however damaged, rebuilt on the released one.

The student contributes the answers (cells with `solution: true` in the nbgrader metadata), pictures attached to them,
and cells of their own; everything else comes from the release. Each released cell is looked for by the label that
nbgrader gave it (grade_id), by its nbformat id, by its text, by the name that it defines, and by its place between
neighbours that were found. Whatever had to be repaired is said in a remark.
"""

from __future__ import annotations

import copy
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

MAX_CELLS = 2_000  # of one notebook; more are left out
MAX_VALUES = 5_000_000  # commas and brackets in the file: bounds the memory that parsing takes
MAX_TEXT = 20_000_000  # characters of all cells; pictures pasted into text are long, too
COMPARED = 4_000  # characters of a cell that the comparison of texts looks at

SURE, LIKELY = 0.9, 0.5  # shares of the text in common from which a cell counts as found
PLACEHOLDER = re.compile(
    r"^[ \t]*(# YOUR CODE HERE|raise NotImplementedError\(\)|YOUR ANSWER HERE)[ \t]*$", re.M
)
DEFINES = re.compile(r"^(?:async\s+def|def|class)\s+(\w+)|^(\w+)[ \t]*(?::[^=\n]+)?=(?!=)", re.M)

# Worth a look by a human; nothing more, since each has honest uses. `m.__class__.__name__` is one that many know.
SUSPICIOUS = {
    "get_ipython": r"\bget_ipython\b",
    "builtins": r"\bbuiltins\b|__builtins__",
    "__class__": r"__class__(?!\s*\.\s*__name__)",
    "__subclasses__": r"__subclasses__",
    "__globals__": r"__globals__",
    "os._exit": r"\b_exit\b",
    "sqlite3": r"\bsqlite3\b",
    "subprocess": r"\bsubprocess\b",
    "input_transformers": r"\binput_transformer",
}


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


@dataclass(frozen=True)
class Rebuilt:
    """A notebook on the released one.

    remarks: what was repaired. found: share of the released cells that were found, 0 to 1. worked_on: whether
    anything differs from the blank release.
    """

    notebook: NotebookNode
    remarks: list[str]
    found: float
    worked_on: bool


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


# Reading: from any bytes to cells whose parts have the right types.


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


# Matching: which of the student's cells stands for which released cell.


def plain(text: str) -> str:
    """The text without white space at the ends of its lines, and without empty lines around it."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def defines(source: str) -> set[str]:
    """Names that a cell defines at its outer level."""
    return {name for pair in DEFINES.findall(source) for name in pair if name}


Shingles = frozenset[tuple[str, str]]


def _shingles(text: str) -> Shingles:
    """Neighbouring words and signs: what two texts are compared by, in time linear in their length."""
    words = re.findall(r"\w+|[^\w\s]", text[:COMPARED])
    return frozenset(itertools.pairwise(words))


class Matching:
    """Which cell stands for which. found, how: index of the released cell -> the student's, and how it was found."""

    def __init__(self, handed: Sequence[Cell], released: Sequence[NotebookNode]) -> None:
        self.handed, self.released = handed, released
        self.found: dict[int, int] = {}
        self.how: dict[int, str] = {}
        self.copies: set[int] = set()
        self.copied: dict[int, int] = {}  # released cell -> how often it occurs
        self.texts = [plain(cell.source) for cell in handed]
        self.stubs = [plain(cell.source) for cell in released]
        self.defined = [defines(cell.source) if cell.kind == "code" else set() for cell in handed]
        self.names = [defines(cell.source) if is_answer(cell) else set() for cell in released]
        self._by_key([cell.grade_id for cell in handed], [label(cell) for cell in released], "label")
        self._by_key([cell.cell_id for cell in handed], [cell.id for cell in released], "id")
        self.shingles = {s: _shingles(self.texts[s]) for s in self._free()} if self._missing() else {}
        self._by_text(SURE)
        self._by_name()
        self._by_text(LIKELY)
        self._by_place()
        self.elsewhere = {r for r in range(len(released)) if self._is_elsewhere(r)}

    def _take(self, r: int, s: int, how: str) -> None:
        self.found[r], self.how[r] = s, how

    def _missing(self) -> list[int]:
        return [r for r in range(len(self.released)) if r not in self.found]

    def _free(self) -> list[int]:
        """The student's cells that may still stand for a released one."""
        taken = self.copies.union(self.found.values())
        return [s for s, cell in enumerate(self.handed) if s not in taken and cell.source.strip()]

    def _by_key(self, handed: list[str | None], released: list[str | None], how: str) -> None:
        taken = self.copies.union(self.found.values())
        places: dict[str | None, list[int]] = {}
        for s, key in enumerate(handed):
            if key and s not in taken:
                places.setdefault(key, []).append(s)
        for r in self._missing():
            if candidates := places.get(released[r]):
                best = max(candidates, key=lambda s: (*self._worth(r, s), -s))
                self._take(r, best, how)
                self.copies.update(s for s in candidates if s != best)
                if len(candidates) > 1:
                    self.copied[r] = len(candidates)

    def _worth(self, r: int, s: int) -> tuple[bool, bool, bool]:
        """Which of several copies is the answer: one that was changed, has the name asked for, is the original."""
        changed = is_answer(self.released[r]) and self.texts[s] != self.stubs[r]
        return changed, bool(self.names[r] & self.defined[s]), self.handed[s].cell_id == self.released[r].id

    def _by_text(self, least: float) -> None:
        free = self._free()
        pairs = []
        for r in self._missing():
            stub = _shingles(PLACEHOLDER.sub("", self.released[r].source))
            for s in free:
                if (score := self._likeness(r, s, stub)) >= least:
                    # Among equals: the cell at about the same place in the notebook.
                    shift = abs(r / len(self.released) - s / len(self.handed))
                    pairs.append((-score, shift, r, s))
        taken: set[int] = set()
        for _, _, r, s in sorted(pairs):
            if r not in self.found and s not in taken:
                self._take(r, s, "text")
                taken.add(s)

    def _likeness(self, r: int, s: int, stub: Shingles) -> float:
        if self.stubs[r] == self.texts[s]:
            return 1.0
        if len(stub) < 4:
            return 0.0
        handed = self.shingles[s]
        common = len(stub & handed)
        if not is_answer(self.released[r]):
            return 2 * common / (len(stub) + len(handed))  # Dice's coefficient
        # An answer holds the stub and more. One that defines none of the stub's names answers another question.
        if self.names[r] and not self.names[r] & self.defined[s]:
            return 0.0
        return common / len(stub)

    def _by_name(self) -> None:
        """Answers that define the name asked for. Copies count: a copied cell may have become another answer."""
        for r in self._missing():
            taken = set(self.found.values())
            scores = {
                s: (len(common), s not in self.copies, -s)
                for s, defined in enumerate(self.defined)
                if s not in taken and (common := self.names[r] & defined)
            }
            if scores:
                best = max(scores, key=lambda s: scores[s])
                self.copies.discard(best)
                self._take(r, best, "name")

    def _by_place(self) -> None:
        """Answers without a name (words, plots): the cell between the same neighbours, the longest if several."""
        end = len(self.released)
        for r in self._missing():
            if not is_answer(self.released[r]) or self.names[r]:
                continue
            left = next((k for k in range(r - 1, -1, -1) if k in self.found), -1)
            right = next((k for k in range(r + 1, end) if k in self.found), end)
            if left < 0 and right == end:
                continue  # no neighbour was found
            after, before = self.found.get(left, -1), self.found.get(right, len(self.handed))
            gap = [s for s in self._free() if after < s < before]
            alike = [s for s in gap if self.handed[s].kind == self.released[r].cell_type]
            candidates = alike or (gap if len(gap) == 1 else [])
            rivals = sum(is_answer(self.released[k]) for k in range(left + 1, right) if k not in self.found)
            if candidates:
                longest = max(candidates, key=lambda s: len(self.handed[s].source))
                self._take(r, candidates[0] if rivals > 1 else longest, "place")

    def _is_elsewhere(self, r: int) -> bool:
        """Whether an answer is missing or blank, but the student defines all its names in other cells."""
        if not self.names[r] or (r in self.found and self.texts[self.found[r]] != self.stubs[r]):
            return False
        locked = {s for k, s in self.found.items() if not is_answer(self.released[k])}
        others = [
            defined
            for s, defined in enumerate(self.defined)
            if s not in locked and self.texts[s] != self.stubs[r]
        ]
        return self.names[r] <= set().union(*others)


# Rebuilding: the released notebook with the student's answers and extra cells in it.


def rebuild(content: bytes, release: NotebookNode) -> Rebuilt:
    """The released notebook with what the student may change taken from the file that was handed in.

    release: from `read_release`; it is not changed.

    Raises:
        Unreadable: the file is no notebook.
    """
    handed, remarks = read_cells(content)
    matching = Matching(handed, release.cells)
    extras = _extras(matching)
    notebook = copy.deepcopy(release)
    notebook.cells = []
    used = {cell.id for cell in release.cells}
    names = (name for name in map("extra-{}".format, range(1, MAX_CELLS + len(used) + 1)) if name not in used)
    waiting = extras[-1]
    for r, original in enumerate(release.cells):
        # Restored answers come before the student's own cells at that place, which may hold the real answer;
        # restored tests come after them.
        if r in matching.found or is_test(original):
            notebook.cells += [_extra(handed[s], next(names)) for s in waiting]
            waiting = extras[r] if r in matching.found else []
        notebook.cells.append(_rebuilt(matching, r))
    notebook.cells += [_extra(handed[s], next(names)) for s in waiting]
    nbformat.validate(notebook)
    worked_on = [cell.source for cell in notebook.cells] != [cell.source for cell in release.cells]
    remarks += [*_repairs(matching), *_suspicions(notebook)]
    return Rebuilt(notebook, remarks, len(matching.found) / max(1, len(release.cells)), worked_on)


def _extras(matching: Matching) -> dict[int, list[int]]:
    """The student's own cells by the released cell that they follow; -1: at the top.

    Empty ones and word-for-word copies of released cells are left out: a copied stub would undo the answer above it.
    """
    place, extras = -1, {r: [] for r in range(-1, len(matching.released))}
    released = {s: r for r, s in matching.found.items()}
    for s in range(len(matching.handed)):
        if s in released:
            place = released[s]
        elif matching.texts[s] and matching.texts[s] not in matching.stubs:
            extras[place].append(s)
    return extras


def _extra(cell: Cell, name: str) -> NotebookNode:
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    extra = make.get(cell.kind, nbformat.v4.new_raw_cell)(cell.source, id=name)
    if cell.attachments and cell.kind != "code":
        extra.attachments = nbformat.from_dict(cell.attachments)
    return extra


def _rebuilt(matching: Matching, r: int) -> NotebookNode:
    cell = copy.deepcopy(matching.released[r])
    if not is_answer(cell):
        return cell
    if r in matching.elsewhere:
        # The stub would undo an answer that ran before it.
        cell.source = "# Answered in another cell of this notebook."
    elif r in matching.found:
        handed = matching.handed[matching.found[r]]
        cell.source = handed.source
        if handed.attachments and cell.cell_type != "code":
            cell.attachments = nbformat.from_dict(handed.attachments)
    return cell


def name_of(cell: NotebookNode) -> str:
    """What to call a released cell in a remark."""
    return label(cell) or cell.id


def _repairs(matching: Matching) -> Iterator[str]:
    """What was repaired, in words for an instructor."""
    released, found, how = matching.released, matching.found, matching.how

    def names(cells: Iterable[int]) -> str:
        return ", ".join(name_of(released[r]) for r in cells)

    def groups(answers: bool) -> list[int]:
        return [r for r in range(len(released)) if is_answer(released[r]) == answers]

    if not found:
        yield "nothing of the released notebook was found in this file: is it the right one?"
        return
    labelled = [r for r in found if label(released[r])]
    unlabelled = sorted(r for r in labelled if how[r] != "label")
    if labelled and len(unlabelled) == len(labelled):
        yield "all nbgrader metadata was lost (Colab and some editors drop it); cells were found without it"
    elif unlabelled:
        yield f"the nbgrader label was lost or changed: {names(unlabelled)}"
    for way in ("text", "name", "place"):
        if guessed := [r for r in groups(True) if how.get(r) == way]:
            yield f"answers found by their {way}, please check: {names(guessed)}"
    for r, times in sorted(matching.copied.items()):
        number = found[r] + 1
        yield f"cell {name_of(released[r])} was copied and occurs {times} times: cell number {number} counts"
    if matching.elsewhere:
        yield f"answered in another cell than the one meant for it: {names(sorted(matching.elsewhere))}"
    if blank := [r for r in groups(True) if r not in found and r not in matching.elsewhere]:
        yield f"answer cells were deleted and are blank again: {names(blank)}"
    if deleted := [r for r in groups(False) if r not in found]:
        yield f"deleted cells were restored: {names(deleted)}"
    if edited := [r for r in groups(False) if r in found and matching.texts[found[r]] != matching.stubs[r]]:
        yield f"read-only cells were changed; the released text is back: {names(edited)}"
    if turned := sorted(r for r in found if matching.handed[found[r]].kind != released[r].cell_type):
        yield f"the cell type was changed and is as released again: {names(turned)}"
    for r in sorted(found):
        points, own = released[r].metadata.get("nbgrader", {}).get("points"), matching.handed[found[r]].points
        if how[r] == "label" and own is not None and own != points:
            yield f"the points of {name_of(released[r])} were changed; they are {points} again"


def _suspicions(notebook: NotebookNode) -> Iterator[str]:
    previous = "the top"
    for cell in notebook.cells:
        extra = not label(cell) and cell.id.startswith("extra-")
        name = f"{cell.id} (after {previous})" if extra else name_of(cell)
        if cell.cell_type == "code" and (extra or is_answer(cell)):
            words = [word for word, pattern in SUSPICIOUS.items() if re.search(pattern, cell.source)]
            if words:
                yield f"look at cell {name}: uses {', '.join(words)}"
        previous = previous if extra else name
