"""What students hand in, unpacked without harm: zips and folders into a fresh folder, within limits.

A student's zip is not to be trusted. Nothing is written outside the target folder; links and special files are left
out; sizes and numbers are bounded before a byte is unpacked; nothing is executable afterwards. What is left out is
remembered, so that the student can be told. Notebooks come first, so that a huge checkpoint or a forgotten virtual
environment cannot crowd them out.
"""

from __future__ import annotations

import calendar
import os
import re
import shutil
import stat
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

MB = 1_000_000
MAX_FILE = 60 * MB  # one file of a submission
MAX_TOTAL = 150 * MB  # all files of a submission together
MAX_NOTEBOOK = 120 * MB  # one notebook: mostly outputs, which are dropped later
MAX_NOTEBOOKS = 240 * MB  # all notebooks of a submission together
MAX_ARCHIVE = 300 * MB  # a zip, and all zips inside one submission together
MAX_FILES = 2_000  # files of a submission
MAX_DEPTH = 20  # folders inside folders
MAX_PATH = 240  # characters of a path inside the submission
MAX_RECORDS = 100_000  # directory records in a student's zip, counting those of archives stored inside it
MAX_BULK_RECORDS = 2_000_000  # the same in a bulk download of a whole class

NOTEBOOK = re.compile(r"\.ipynb(\.(json|txt))?$", re.IGNORECASE)  # browsers append .json or .txt at times
# Made by systems, not by students: left out without a word. `._x` and .ipynb_checkpoints would look like notebooks.
LITTER = re.compile(r"\..*|__MACOSX|__pycache__|Thumbs\.db|desktop\.ini", re.IGNORECASE)


class Refused(Exception):
    """Raised when nothing can be unpacked; the message says why, in plain words."""


class Budget:
    """How much one submission may still bring, and what had to be left out."""

    def __init__(self) -> None:
        self.files = MAX_FILES
        self.room = {"notebook": MAX_NOTEBOOKS, "zip": MAX_ARCHIVE, "file": MAX_TOTAL}
        self.left_out: dict[str, list[str]] = {}

    def leave(self, reason: str, name: str) -> None:
        """Remember that a file was left out."""
        self.left_out.setdefault(reason, []).append(name)

    def admits(self, name: str, size: int, kind: str | None = None) -> bool:
        """Whether a file of `size` bytes still fits; if so it is counted, else remembered as left out."""
        kind = kind or kind_of(name)
        most = {"notebook": MAX_NOTEBOOK, "zip": MAX_ARCHIVE, "file": MAX_FILE}[kind]
        if size > most:
            self.leave(f"larger than {most // MB} MB", name)
        elif self.files < 1:
            self.leave(f"more than {MAX_FILES} files", name)
        elif size > self.room[kind]:
            self.leave("too much in all", name)
        else:
            self.files -= 1
            self.room[kind] -= size
            return True
        return False

    def remarks(self) -> list[str]:
        """One sentence for each reason for which something was left out."""
        return [f"left out ({reason}): {listed(names)}" for reason, names in self.left_out.items()]


def kind_of(name: str) -> str:
    """What a file is by its name: "notebook", "zip" or "file"."""
    if NOTEBOOK.search(name):
        return "notebook"
    return "zip" if name.lower().endswith(".zip") else "file"


def shown(text: str) -> str:
    """A student's file name fit to be printed: no control characters, at most 80 characters."""
    clean = "".join(c if c.isprintable() else "?" for c in text)
    return clean if len(clean) <= 80 else f"{clean[:77]}..."


def listed(names: Iterable[str]) -> str:
    """The first five names, and how many more there are."""
    names = list(names)
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(shown(name) for name in names[:5]) + more


def open_zip(path: Path, records: int = MAX_RECORDS) -> zipfile.ZipFile:
    """Open a zip whose directory is not too long to be read into memory.

    Raises:
        Refused: not a zip, damaged, too large or with too many entries.
    """
    try:
        if records == MAX_RECORDS and path.stat().st_size > MAX_ARCHIVE:
            raise Refused(f"the zip is larger than {MAX_ARCHIVE // MB} MB")
        if _records(path) > records:
            raise Refused("the zip has too many entries")
        return zipfile.ZipFile(path)
    except Refused:
        raise
    except Exception as error:  # the bytes are the student's: zipfile may raise nearly anything on them
        raise Refused("the zip is damaged, or not a zip at all: it cannot be opened") from error


def _records(path: Path) -> int:
    # The counts in the zip's own header may lie and zipfile would follow the lie, so the records themselves are
    # counted. One that lies across two chunks is missed; the bound is not that tight.
    with path.open("rb") as file:
        return sum(chunk.count(b"PK\x01\x02") for chunk in iter(lambda: file.read(16 * MB), b""))


Parts = tuple[str, ...]


def members(
    archive: zipfile.ZipFile, budget: Budget | None = None, inside: Parts = ()
) -> Iterator[tuple[Parts, zipfile.ZipInfo]]:
    """The regular files at the path `inside` of a zip, each with the parts of its path, without litter.

    Unsafe ones are remembered in the budget, where there is one.
    """
    for info in archive.infolist():
        parts = tuple(part for part in info.filename.replace("\\", "/").split("/") if part != ".")
        if info.is_dir() or not parts or not parts[-1] or parts[: len(inside)] != inside:
            continue
        if any(LITTER.fullmatch(part) for part in parts if part != ".."):
            continue
        reason = _objection(parts, info)
        if reason is None:
            yield parts, info
        elif budget is not None:
            budget.leave(reason, info.filename)


def _objection(parts: Parts, info: zipfile.ZipInfo) -> str | None:
    mode = stat.S_IFMT(info.external_attr >> 16)
    if mode not in (0, stat.S_IFREG):
        return "links are not allowed" if mode == stat.S_IFLNK else "special files are not allowed"
    if not safe(parts):
        return "unsafe path"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "unusual compression"  # the other methods unpack without a bound on memory
    return None


def safe(parts: Parts) -> bool:
    """Whether these parts make a relative path that stays below its root and that any system can store."""
    path = "/".join(parts)
    return (
        all(part not in ("", "..") for part in parts)
        and not re.match("[A-Za-z]:", path)
        and path.isprintable()
        and len(parts) <= MAX_DEPTH
        and len(path) <= MAX_PATH
    )


def unpack(archive: zipfile.ZipFile, into: Path, budget: Budget, inside: Parts = ()) -> None:
    """Unpack a zip, or what lies at the path `inside` of it, into the folder `into`.

    Modification times are kept (a zip has no time zone: they are read as UTC).

    Raises:
        Refused: the zip is encrypted.
    """
    # A name that occurs twice stands for its last entry, as in every unzip program.
    chosen = dict(members(archive, budget, inside))
    if any(info.flag_bits & 1 for info in chosen.values()):
        raise Refused("the zip is protected by a password")
    for parts, info in sorted(chosen.items(), key=lambda member: kind_of(member[0][-1]) != "notebook"):
        place = parts[len(inside) :] or parts[-1:]
        name = "/".join(place)
        if not budget.admits(name, info.file_size):
            continue
        try:
            target = _room_for(into, place)
            file = target.open("xb")
        except OSError:
            budget.leave("cannot be stored", name)
            continue
        try:
            # zipfile yields at most the file_size that the budget has admitted.
            with file, archive.open(info) as source:
                shutil.copyfileobj(source, file, MB)
        except Exception:  # again: the bytes are the student's
            target.unlink()
            budget.leave("damaged", name)
        else:
            seconds = entry_time(info)
            os.utime(target, (seconds, seconds))


def entry_time(info: zipfile.ZipInfo) -> float:
    """When a zip entry was last modified, in seconds since 1970; 0 if its date does not exist."""
    try:
        return float(calendar.timegm((*info.date_time, 0, 0, 0)))
    except ValueError:
        return 0.0


def gather(source: Path, into: Path, budget: Budget) -> None:
    """Copy a folder into the folder `into` under the same rules as a zip; links are not followed."""
    for path in sorted(_walk(source, budget), key=lambda path: (kind_of(path.name) != "notebook", path)):
        copy_in(path, into, path.relative_to(source).parts, budget)


def copy_in(path: Path, into: Path, place: Parts, budget: Budget, kind: str | None = None) -> None:
    """Copy one file to its place below `into`, if it fits; modification time kept, permissions not."""
    name = "/".join(place)
    if not safe(place):
        budget.leave("unsafe path", name)
    elif budget.admits(name, path.stat().st_size, kind):
        try:
            target = _room_for(into, place)
            with path.open("rb") as source, target.open("xb") as file:
                shutil.copyfileobj(source, file, MB)
            os.utime(target, (path.stat().st_mtime,) * 2)
        except OSError:
            budget.leave("cannot be stored", name)


def _walk(folder: Path, budget: Budget, depth: int = 1) -> Iterator[Path]:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if LITTER.fullmatch(entry.name):
            continue
        if entry.is_symlink():
            budget.leave("links are not allowed", entry.name)
        elif entry.is_dir(follow_symlinks=False) and depth < MAX_DEPTH:
            yield from _walk(Path(entry.path), budget, depth + 1)
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path)
        else:
            budget.leave("too deep, or not a regular file", entry.name)


def _room_for(into: Path, place: Parts) -> Path:
    target = into.joinpath(*place)
    target.parent.mkdir(parents=True, exist_ok=True)
    return target
