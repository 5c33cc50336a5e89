"""Who is who: the students in students.csv, found by id, e-mail, name or their number in an LMS."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from gan_course.grading.tables import STUDENT_ID, read_students


class Nobody(Exception):
    """Raised when a name fits no student, or two; the message says why."""


@dataclass
class Roster:
    """ids: of all students. names: normalised ids, names and e-mails -> ids. numbers: of an LMS -> id."""

    ids: list[str] = field(default_factory=list)
    names: dict[str, set[str]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)


def read_roster(path: Path) -> Roster | None:
    """students.csv; None if there is none. Raises ValueError as `read_students` does."""
    if not path.exists():
        return None
    roster = Roster()
    for student in read_students(path):
        name, first, last = student["id"], student["first_name"], student["last_name"]
        roster.ids.append(name)
        for key in {name, student["email"], f"{first}{last}", f"{last}{first}"} - {""}:
            roster.names.setdefault(normalised(key), set()).add(name)
        if student["lms_id"]:
            roster.numbers[student["lms_id"]] = name
    return roster


def normalised(name: str) -> str:
    """A name without case, accents, spaces and signs: "Müller, Anna" -> "mulleranna"."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def whose(name: str, number: str, roster: Roster | None, exact: bool) -> str:
    """The id of the student whom a name, and an LMS's number if there is one, stand for.

    exact: the name must fit as a whole, else its beginning up to a "_" or "." may. Without a roster the name, or its
    beginning up to the first such sign, is the id.

    Raises:
        Nobody: no student fits, or two.
    """
    if roster is None:
        student = name if exact else re.split(r"[_.]", name)[0]
        if not STUDENT_ID.fullmatch(student):
            raise Nobody("its name is no student's id; list your students in students.csv")
        return student
    cuts = [] if exact else [match.start() for match in re.finditer(r"[_.]", name)]
    for part in [name, *(name[:cut] for cut in reversed(cuts))]:
        by_name = {part} if part in roster.ids else roster.names.get(normalised(part), set())
        if by_name:
            break
    by_number = {roster.numbers[number]} if number in roster.numbers else set()
    fits = by_name & by_number if by_name and by_number else by_name | by_number
    if len(fits) == 1:
        return fits.pop()
    if by_name and by_number and not fits:
        raise Nobody(f"its name says {', '.join(sorted(by_name))}, its number {', '.join(by_number)}")
    raise Nobody(f"it fits {' and '.join(sorted(fits))}" if fits else "it fits nobody in students.csv")
