"""A student's notebook, however damaged, rebuilt on the released one.

The student contributes the answers (cells with `solution: true` in the nbgrader metadata), pictures attached to them,
and cells of their own; everything else comes from the release. Whatever had to be repaired is said in a remark.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from gan_course.grading.matching import Matching
from gan_course.grading.reading import Cell, read_cells
from gan_course.grading.released import is_answer, is_test, label, name_of
from gan_course.grading.suspicious import suspicions


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
    names = (name for name in map("extra-{}".format, itertools.count(1)) if name not in used)
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
    remarks += [*_repairs(matching), *suspicions(notebook)]
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
    return _with_pictures(make.get(cell.kind, nbformat.v4.new_raw_cell)(cell.source, id=name), cell)


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
        return _with_pictures(cell, handed)
    return cell


def _with_pictures(cell: NotebookNode, handed: Cell) -> NotebookNode:
    if handed.attachments and cell.cell_type != "code":
        cell.attachments = nbformat.from_dict(handed.attachments)
    return cell


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
