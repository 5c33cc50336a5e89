"""A student's hand-ins opened: the newest that can be, as folders of harmless files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gan_course.grading.archives import (
    NOTEBOOK,
    Budget,
    Refused,
    copy_in,
    gather,
    listed,
    open_zip,
    shown,
    unpack,
)
from gan_course.grading.inbox import Parcel, hand_ins, read_moment


@dataclass(frozen=True)
class Opened:
    """One submission. when: its moment (UTC), `certain` unless it was read off a file. remarks: what was left out."""

    folders: list[Path]
    when: datetime
    certain: bool
    remarks: list[str]


def open_newest(assignment: str, parcels: list[Parcel], work: Path) -> Opened:
    """Unpack the newest submission that can be opened into new folders below `work`.

    parcels: what the student handed in, at least one. Where nothing can be opened, the submission has no folders.
    """
    messages = []
    attempts = hand_ins(parcels)
    if len(attempts) > 1:
        names = listed(parcel.name for attempt in attempts for parcel in attempt)
        messages.append(f"handed in {len(attempts)} times ({names}); the newest that can be opened counts")
    for number, attempt in enumerate(attempts):
        roots, budget, opened = [], Budget(), False
        for part, parcel in enumerate(attempt):
            root = work / f"raw{number}.{part}"
            try:
                _fetch(parcel, assignment, root, work / f"hold{number}.{part}", budget)
                opened = True
            except Refused as reason:
                messages.append(f"{shown(parcel.name)}: {reason}")
            roots += [root] if root.is_dir() else []
        messages += budget.remarks()
        if opened:
            break
    newest = max(attempt if opened else attempts[0], key=lambda parcel: parcel.when)
    return Opened(roots, newest.when, newest.certain, messages)


def _fetch(parcel: Parcel, assignment: str, into: Path, hold: Path, budget: Budget) -> None:
    """Copy or unpack a parcel into the folder `into`; an exchange's timestamp is entered in the parcel.

    Raises:
        Refused: a zip that cannot be opened.
    """
    path = parcel.path
    if parcel.bulk:
        unpack(parcel.bulk, hold, outer := Budget(), parcel.inside)
        for reason, names in outer.left_out.items():
            budget.left_out.setdefault(reason, []).extend(names)
        path = hold if parcel.folder else hold / parcel.name
    into.mkdir(parents=True)
    if parcel.folder:
        if parcel.kind in ("plain", "exchange"):
            exchanged = path / assignment if (path / assignment).is_dir() else path
            if exchanged != path or parcel.kind == "exchange":
                _read_timestamp(parcel, exchanged / "timestamp.txt")
            path = exchanged
        gather(path, into, budget)
    elif path.suffix.lower() == ".zip":
        with open_zip(path) as archive:
            unpack(archive, into, budget)
    elif path.exists():
        copy_in(path, into, (parcel.rest or parcel.name,), budget)
    for _ in range(2):  # an LMS may wrap the student's zip, and the student a zip in a zip
        files = [found for found in sorted(into.rglob("*")) if found.is_file()]
        if any(NOTEBOOK.search(file.name) for file in files):
            break
        for file in files:
            if file.suffix.lower() == ".zip":
                with open_zip(file) as archive:
                    unpack(archive, file.with_suffix(""), budget)
                file.unlink()


def _read_timestamp(parcel: Parcel, path: Path) -> None:
    # Only where the exchange puts it: one inside a zip would be the student's own.
    if path.is_symlink() or not path.is_file() or path.stat().st_size > 100:
        return
    if moment := read_moment(path.read_text(encoding="utf-8", errors="replace")):
        parcel.when, parcel.certain = moment, True
