"""Which of a student's cells stands for which released cell.

Each released cell is looked for by the label that nbgrader gave it (grade_id), by its nbformat id, by its text, by the
name that it defines, and by its place between neighbours that were found.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from nbformat import NotebookNode

from gan_course.grading.reading import Cell
from gan_course.grading.released import is_answer, label

COMPARED = 4_000  # characters of a cell that the comparison of texts looks at
SURE, LIKELY = 0.9, 0.5  # shares of the text in common from which a cell counts as found
PLACEHOLDER = re.compile(
    r"^[ \t]*(# YOUR CODE HERE|raise NotImplementedError\(\)|YOUR ANSWER HERE)[ \t]*$", re.M
)
DEFINES = re.compile(r"^(?:async\s+def|def|class)\s+(\w+)|^(\w+)[ \t]*(?::[^=\n]+)?=(?!=)", re.M)


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
