"""What lies in the inbox: whose each zip, folder or file is, when it was handed in, and what belongs together.

These names are understood:

    s001.zip   s001/   s001_anything.zip                             a student's id (or name, or e-mail) first
    s001_2026-11-20-10-00-01_dcgan.zip   ..._s001_attempt_2026-11-20-10-00-01_dcgan.zip       with a moment (UTC)
    Anna Example_12345_assignsubmission_file_/dcgan.zip              Moodle
    exampleanna_12345_67890_dcgan.zip   exampleanna_late_12345_...   Canvas
    s001/<assignment>/...   s001+<assignment>+2026-11-20 10:00:01 UTC+.../...                 the nbgrader exchange

Without students.csv a name up to its first "_" or "." is the id.
"""

from __future__ import annotations

import os
import re
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from gan_course.grading.archives import (
    LITTER,
    MAX_BULK_RECORDS,
    Refused,
    entry_time,
    members,
    open_zip,
    shown,
)
from gan_course.grading.roster import Nobody, Roster, whose

LAST_SECOND = 253_402_300_799.0  # of the year 9999: file systems can hold times beyond
MOMENT = r"\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d"
# What stands before a student's own file name is written by the LMS and can be relied on; what follows cannot, so
# each pattern takes its first match and nothing is looked for in `rest`.
NAMES = (
    (
        "moodle",
        re.compile(r"(?P<who>.+?)_(?P<lms>\d+)_assignsubmission_(file|(?P<aside>onlinetext))_?(?P<rest>.*)"),
    ),
    ("canvas", re.compile(r"(?P<who>[^_]+)_(late_)?(?P<lms>\d+)_\d+_(?P<rest>.+)", re.IGNORECASE)),
    ("exchange", re.compile(r"(?P<who>[^+]+)\+(?P<aside>[^+]+)\+(?P<time>[^+]+)(\+.*)?")),
    ("timed", re.compile(rf"(?P<who>.+?)_(?P<time>{MOMENT})(_(?P<rest>.+)|\..*)?")),
)


@dataclass
class Parcel:
    """One thing in the inbox: a zip, a folder or a file, perhaps still inside a bulk download."""

    name: str
    path: Path
    when: datetime
    folder: bool
    kind: str = "plain"  # which pattern of NAMES its name has
    certain: bool = False  # whether `when` was written by an LMS or the exchange, not read off a file
    rest: str = ""  # the student's own file name
    bulk: ZipFile | None = None
    inside: tuple[str, ...] = ()


def read_moment(text: str) -> datetime | None:
    """A moment in UTC from an LMS's file name or a timestamp.txt; None if it cannot be read."""
    if re.fullmatch(MOMENT, text):
        text = f"{text[:10]} {text[11:].replace('-', ':')}"
    try:
        moment = datetime.fromisoformat(re.sub(r" ?(UTC|Z)$", "+00:00", text.strip()))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _address(parcel: Parcel, assignment: str, roster: Roster | None) -> str | None:
    """Whose parcel it is, with what its name tells about it entered in the parcel; None if it is to be skipped.

    Raises:
        Nobody: it cannot be said.
    """
    name = parcel.name
    for kind, pattern in NAMES:
        if match := pattern.fullmatch(name):
            found = match.groupdict()
            if (kind == "exchange" and found["aside"] != assignment) or found.get("aside") == "onlinetext":
                return None
            parcel.kind, parcel.rest = kind, found.get("rest") or ""
            if moment := read_moment(found.get("time") or ""):
                parcel.when, parcel.certain = moment, True
            who = re.sub(r".*_([^_]+)_attempt$", r"\1", found["who"])  # Blackboard puts the assignment first
            return whose(who, found.get("lms") or "", roster, exact=kind != "timed")
    if name.lower().endswith(".zip"):
        return whose(name[:-4], "", roster, exact=False)
    if roster is None and not parcel.folder:
        raise Nobody("a loose file needs a name such as s001_2026-11-20-10-00-01_components.ipynb")
    # Folders that the exchange made bear the whole id.
    return whose(name, "", roster, exact=roster is None and (parcel.path / assignment).is_dir())


def sorted_parcels(
    inbox: Path, assignment: str, others: set[str], roster: Roster | None, stack: ExitStack
) -> tuple[dict[str, list[Parcel]], list[str]]:
    """The parcels of each student, and a message for each that was refused."""
    parcels: dict[str, list[Parcel]] = {}
    refused = []
    for path in sorted(inbox.iterdir()):
        if LITTER.fullmatch(path.name):
            continue
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            refused.append(f"{shown(path.name)} was not taken in: it is a link or a special file")
            continue
        if path.is_dir() and {inner.name for inner in path.iterdir()} <= others:
            continue  # a student of the exchange who handed in nothing, or other assignments
        parcel = Parcel(path.name, path, _changed(path), path.is_dir())
        for one in _bulk(parcel, assignment, roster, stack) or [parcel]:
            try:
                if student := _address(one, assignment, roster):
                    parcels.setdefault(student, []).append(one)
            except Nobody as reason:
                refused.append(f"{shown(one.name)} was not taken in: {reason}")
    return parcels, refused


def _changed(path: Path) -> datetime:
    """When a file, or the newest file of a folder, was last modified."""
    files = [Path(top) / name for top, _, names in os.walk(path) for name in names] if path.is_dir() else []
    seconds = [file.lstat().st_mtime for file in files if not file.is_symlink()] or [path.stat().st_mtime]
    return datetime.fromtimestamp(min(max(0.0, *seconds), LAST_SECOND), UTC)


def _bulk(parcel: Parcel, assignment: str, roster: Roster | None, stack: ExitStack) -> list[Parcel]:
    """The parcels inside a zip that is the download of a whole class; empty if it is anything else.

    It is one if its own name fits nobody and is not that of one student's file in an LMS, while names inside fit
    students. Without students.csv no zip counts as one, since what lies in a student's zip must not pass for others'.
    """
    if roster is None or parcel.folder or parcel.path.suffix.lower() != ".zip":
        return []
    try:
        _address(parcel, assignment, roster)
        return []
    except Nobody:
        if parcel.kind in ("moodle", "canvas") or "_attempt_" in parcel.name:
            return []
    try:
        archive = stack.enter_context(open_zip(parcel.path, MAX_BULK_RECORDS))
    except Refused:
        return []
    for depth in range(3):  # the students may lie below a folder or two
        inner: dict[str, Parcel] = {}
        for parts, info in members(archive):
            if len(parts) > depth:
                when = datetime.fromtimestamp(entry_time(info), UTC)
                when = when if when.year > 1980 else parcel.when  # 1980: the zip does not know
                one = Parcel(parts[depth], parcel.path, when, len(parts) > depth + 1, bulk=archive)
                one.inside = parts[: depth + 1]
                known = inner.setdefault("/".join(one.inside), one)
                known.when = max(known.when, when)
        if any(_fits(one, assignment, roster) for one in inner.values()):
            return list(inner.values())
    return []


def _fits(parcel: Parcel, assignment: str, roster: Roster) -> bool:
    try:
        return _address(parcel, assignment, roster) is not None
    except Nobody:
        return False


def hand_ins(parcels: list[Parcel]) -> list[list[Parcel]]:
    """Parcels that make up one submission each, the newest submission first."""
    groups: dict[Any, list[Parcel]] = {}
    for number, parcel in enumerate(parcels):
        loose = not parcel.folder and not parcel.name.lower().endswith(".zip")
        if parcel.kind in ("moodle", "canvas"):
            key: Any = "lms"  # these hand out the latest attempt only, in as many parts as it has
        elif loose:
            key = parcel.when if parcel.certain else "loose"
        else:
            key = number
        groups.setdefault(key, []).append(parcel)
    return sorted(groups.values(), key=lambda group: max(parcel.when for parcel in group), reverse=True)
