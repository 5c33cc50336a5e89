"""From whatever students hand in to the clean tree `submitted/<student>/<assignment>/` that nbgrader grades.

Put what you received into `inbox/<assignment>/` of the course, mixed freely: one zip or folder per student, loose
notebooks with an LMS's name, or the one big zip of a bulk download. These names are understood:

    s001.zip   s001/   s001_anything.zip                             a student's id (or name, or e-mail) first
    s001_2026-11-20-10-00-01_dcgan.zip   ..._s001_attempt_2026-11-20-10-00-01_dcgan.zip       with a moment (UTC)
    Anna Example_12345_assignsubmission_file_/dcgan.zip              Moodle
    exampleanna_12345_67890_dcgan.zip   exampleanna_late_12345_...   Canvas
    s001/<assignment>/...   s001+<assignment>+2026-11-20 10:00:01 UTC+.../...                 the nbgrader exchange

`students.csv` in the course (columns id, and if you like first_name, last_name, email, lms_id) says who these are;
a name that fits nobody, or two people, is refused and never guessed. Without it a name up to its first "_" or "." is
the id. With the exchange, collect into a folder of its own, since the clean tree takes the usual one:

    nbgrader collect dcgan_celeba --CourseDirectory.submitted_directory=collected

and take in with `inbox=course/"collected"`; or move `submitted/` to `collected/` after collecting.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import nbformat
from nbformat import NotebookNode

from gan_course.grading.archives import (
    LITTER,
    MAX_BULK_RECORDS,
    NOTEBOOK,
    Budget,
    Refused,
    copy_in,
    entry_time,
    gather,
    listed,
    members,
    open_zip,
    shown,
    unpack,
)
from gan_course.grading.matching import Rebuilt, Unreadable, read_release, rebuild

MAX_CANDIDATES = 12  # notebooks of one submission that are looked at
STUDENT_ID = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9._-]*")
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
COPY_MARKS = re.compile(r"([ _.-]*(copy\s*\d*|kopie|\(\d+\)|final|v?\d+))+$")


@dataclass(frozen=True)
class Remark:
    """Something to know about a submission. student: "" if it is not known whose. notebook: "" if about all of it."""

    student: str
    notebook: str
    message: str


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


@dataclass
class Roster:
    """Who is who: normalised names, e-mails and LMS numbers -> ids."""

    ids: list[str] = field(default_factory=list)
    keys: dict[str, set[str]] = field(default_factory=dict)
    numbers: dict[str, set[str]] = field(default_factory=dict)


class Nobody(Exception):
    """Raised when a name fits no student, or two."""


def take_in(
    course: Path, assignment: str, inbox: Path | None = None, students: Sequence[str] | None = None
) -> list[Remark]:
    """Fill submitted/<student>/<assignment>/ from the inbox, each notebook rebuilt on the released one.

    course: the course folder, with release/<assignment>/. inbox: inbox/<assignment> of the course unless given.
    students: only these ids.

    What was taken in before is replaced in one step; what did not change is not touched. Nothing a student hands in
    makes this raise: the remarks say what happened, and so does intake/<assignment>.json.

    Raises:
        FileNotFoundError: no inbox, or no released notebooks.
        ValueError: students.csv cannot be used, a student is unknown, or the inbox is submitted/ itself.
    """
    course, inbox = Path(course), Path(inbox) if inbox else Path(course) / "inbox" / assignment
    release = {p.stem: read_release(p) for p in sorted((course / "release" / assignment).glob("*.ipynb"))}
    if not release:
        raise FileNotFoundError(
            f"no notebooks in {course / 'release' / assignment}: release the assignment first"
        )
    if not inbox.is_dir():
        raise FileNotFoundError(f"no folder {inbox}: put what students handed in there")
    if inbox.resolve() == (course / "submitted").resolve():
        raise ValueError(
            f"{inbox} is where clean submissions go: move what was collected to another folder first"
        )
    roster = read_roster(course / "students.csv")
    if roster and (unknown := sorted(set(students or ()) - set(roster.ids))):
        raise ValueError(f"not in students.csv: {', '.join(unknown)}")
    others = {path.name for path in (course / "release").iterdir()} - {assignment}
    with ExitStack() as stack:
        parcels, refused = _sorted_parcels(inbox, assignment, others, roster, stack)
        wanted = sorted(parcels) if students is None else list(dict.fromkeys(students))
        report = {
            student: _take_in_one(course, assignment, student, parcels.get(student, []), release)
            for student in wanted
        }
    missing = [student for student in (roster.ids if roster else ()) if student not in parcels]
    _write_report(course / "intake" / f"{assignment}.json", assignment, report, refused, missing)
    remarks = [Remark("", "", message) for message in refused]
    return remarks + [remark for one in report.values() for remark in one["remarks"]]


# Whose is it?


def read_roster(path: Path) -> Roster | None:
    """students.csv; None if there is none.

    Raises:
        ValueError: no column id, an id that cannot be a folder's name, or an id that occurs twice.
    """
    if not path.exists():
        return None
    roster = Roster()
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if "id" not in (rows.fieldnames or ()):
            raise ValueError(
                f"{path} needs a column id; it has: {', '.join(rows.fieldnames or ()) or 'nothing'}"
            )
        for row in rows:
            row = {key: (value or "").strip() for key, value in row.items() if isinstance(value, str | None)}
            student, first, last = row["id"], row.get("first_name", ""), row.get("last_name", "")
            if not STUDENT_ID.fullmatch(student):
                raise ValueError(
                    f"{path}: {student!r} cannot be an id; use letters, digits, '.', '_' and '-'"
                )
            if student in roster.ids:
                raise ValueError(f"{path}: the id {student} occurs twice")
            roster.ids.append(student)
            for key in {student, row.get("email", ""), f"{first}{last}", f"{last}{first}"} - {""}:
                roster.keys.setdefault(_key(key), set()).add(student)
            if number := row.get("lms_id"):
                roster.numbers.setdefault(number, set()).add(student)
    return roster


def _key(name: str) -> str:
    """A name without case, accents, spaces and signs: "Müller, Anna" -> "mulleranna"."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def _whose(name: str, number: str, roster: Roster | None, exact: bool) -> str:
    """The id of a student. exact: the name must fit as a whole, else its beginning up to a "_" or "." may.

    Raises:
        Nobody: the message says why.
    """
    if roster is None:
        student = name if exact else re.split(r"[_.]", name)[0]
        if not STUDENT_ID.fullmatch(student):
            raise Nobody("its name is no student's id; list your students in students.csv")
        return student
    cuts = [] if exact else [match.start() for match in re.finditer(r"[_.]", name)]
    for part in [name, *(name[:cut] for cut in reversed(cuts))]:
        by_name = {part} if part in roster.ids else roster.keys.get(_key(part), set())
        if by_name:
            break
    by_number = roster.numbers.get(number, set())
    fits = by_name & by_number if by_name and by_number else by_name | by_number
    if len(fits) == 1:
        return fits.pop()
    if by_name and by_number and not fits:
        raise Nobody(f"its name says {', '.join(sorted(by_name))}, its number {', '.join(sorted(by_number))}")
    raise Nobody(f"it fits {' and '.join(sorted(fits))}" if fits else "it fits nobody in students.csv")


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
            return _whose(who, found.get("lms") or "", roster, exact=kind != "timed")
    if name.lower().endswith(".zip"):
        return _whose(name[:-4], "", roster, exact=False)
    if roster is None and not parcel.folder:
        raise Nobody("a loose file needs a name such as s001_2026-11-20-10-00-01_components.ipynb")
    # Folders that the exchange made bear the whole id.
    return _whose(name, "", roster, exact=roster is None and (parcel.path / assignment).is_dir())


def read_moment(text: str) -> datetime | None:
    """A moment in UTC from an LMS's file name or a timestamp.txt; None if it cannot be read."""
    if re.fullmatch(MOMENT, text):
        text = f"{text[:10]} {text[11:].replace('-', ':')}"
    try:
        moment = datetime.fromisoformat(re.sub(r" ?(UTC|Z)$", "+00:00", text.strip()))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _sorted_parcels(
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


def _hand_ins(parcels: list[Parcel]) -> list[list[Parcel]]:
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


# What is in it?


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


def _take_in_one(
    course: Path, assignment: str, student: str, parcels: list[Parcel], release: dict[str, NotebookNode]
) -> dict[str, Any]:
    """Build one submission beside the former one, and put it in its place if anything changed."""
    if not parcels:
        return {"state": "nothing handed in", "remarks": [Remark(student, "", "nothing was handed in")]}
    home = course / "submitted" / student
    home.mkdir(parents=True, exist_ok=True)
    target, old = home / assignment, home / f".{assignment}.old"
    if old.exists() and not target.exists():
        old.rename(target)  # an earlier intake was interrupted between its two renamings
    work = Path(tempfile.mkdtemp(prefix=f".{assignment}.new.", dir=home))
    shipped = course / "release" / assignment
    try:
        try:
            roots, when, certain, messages = _unpacked(assignment, parcels, work)
            remarks = [("", message) for message in messages]
            remarks += _build(roots, work / "clean", shipped, release)
        except Exception as error:  # whatever it is, it is this student's and must not stop the others
            kind = f"{type(error).__name__}: {shown(str(error))}"
            remarks = [("", f"could not be taken in, look at it by hand ({kind})")]
            shutil.rmtree(work / "clean", ignore_errors=True)
            remarks += _build([], work / "clean", shipped, release)
            when, certain = max(parcel.when for parcel in parcels), False
        stamp = f"{when:%Y-%m-%d %H:%M:%S} UTC"
        (work / "clean" / "timestamp.txt").write_text(stamp, encoding="utf-8")
        state = _put(work / "clean", target, old, certain)
    except OSError as error:
        state, stamp = "failed", ""
        remarks = [("", f"could not be written ({error}); what was there before is still there")]
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return {"state": state, "submitted": stamp, "remarks": [Remark(student, *remark) for remark in remarks]}


def _unpacked(
    assignment: str, parcels: list[Parcel], work: Path
) -> tuple[list[Path], datetime, bool, list[str]]:
    """The newest submission that can be opened: its folders, its moment, whether that is certain, and remarks."""
    messages = []
    hand_ins = _hand_ins(parcels)
    if len(hand_ins) > 1:
        names = listed(parcel.name for hand_in in hand_ins for parcel in hand_in)
        messages.append(f"handed in {len(hand_ins)} times ({names}); the newest that can be opened counts")
    for number, hand_in in enumerate(hand_ins):
        roots, budget, opened = [], Budget(), False
        for part, parcel in enumerate(hand_in):
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
    newest = max(hand_in if opened else hand_ins[0], key=lambda parcel: parcel.when)
    return roots, newest.when, newest.certain, messages


def _put(clean: Path, target: Path, old: Path, certain: bool) -> str:
    """Move the new submission to its place, unless the one there is the same. Returns what happened."""
    if target.exists():
        before, now = _contents(target), _contents(clean)
        if not certain:  # the same files again, copied at another time, are no new submission
            before.pop("timestamp.txt", None)
            now.pop("timestamp.txt")
        if before == now:
            return "unchanged"
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
        clean.rename(target)
        shutil.rmtree(old, ignore_errors=True)
        return "replaced"
    clean.rename(target)
    return "new"


def _contents(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): _digest(path) for path in files}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _build(
    roots: list[Path], clean: Path, shipped: Path, release: dict[str, NotebookNode]
) -> list[tuple[str, str]]:
    """Write the clean submission; returns remarks as (notebook, message)."""
    clean.mkdir()
    remarks: list[tuple[str, str]] = []
    files = [path for root in roots for path in sorted(root.rglob("*")) if path.is_file()]
    notebooks = [path for path in files if NOTEBOOK.search(path.name)]
    chosen: list[Path] = []
    for name, candidates in _candidates(notebooks[:MAX_CANDIDATES], release).items():
        best, rebuilt, messages = _best(name, candidates, release[name])
        chosen += [best] if best else []
        notebook = rebuilt.notebook if rebuilt else release[name]
        nbformat.write(notebook, clean / f"{name}.ipynb")
        remarks += [(name, message) for message in messages]
    general = []
    if ignored := [path.name for path in notebooks if path not in chosen]:
        general.append(f"notebooks left out: {listed(ignored)}")
    if not notebooks and (
        odd := [p.name for p in files if p.suffix.lower() in (".7z", ".rar", ".gz", ".tar")]
    ):
        general.append(f"no notebook was found, but {listed(odd)}: only zip archives are opened")
    general += _copy_others(files, chosen, roots, clean, shipped)
    return remarks + [("", message) for message in general]


def _candidates(notebooks: list[Path], release: dict[str, NotebookNode]) -> dict[str, list[Path]]:
    """For each released notebook, the files that may be it: by their names, or else by what is in them."""
    found: dict[str, list[Path]] = {name: [] for name in release}
    strangers = []
    for path in notebooks:
        rank, _, name = max((_rank(path, name), len(name), name) for name in release)
        (found[name] if rank else strangers).append(path)
    for path in strangers:
        shares = {name: _share(path, release[name]) for name in release if not found[name]}
        if shares and max(shares.values()) >= 0.4:
            found[max(shares, key=lambda name: shares[name])].append(path)
    return found


def _rank(path: Path, name: str) -> int:
    """How well a file's name fits: 3 exactly, 2 as a copy ("components (1)"), 1 as a part of it, 0 not."""
    stem = NOTEBOOK.sub("", path.name)
    if stem == name:
        return 3
    stem, name = stem.casefold(), name.casefold()
    if COPY_MARKS.sub("", stem) == name:
        return 2
    return int(bool(re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", stem)))


def _share(path: Path, release: NotebookNode) -> float:
    try:
        return rebuild(path.read_bytes(), release).found
    except Unreadable:
        return 0.0


def _best(
    name: str, candidates: list[Path], release: NotebookNode
) -> tuple[Path | None, Rebuilt | None, list[str]]:
    """The newest of the files that may be this notebook, among those that hold answers if any does."""
    blank = "the blank released notebook takes its place"
    if not candidates:
        return None, None, [f"the notebook is missing; {blank}"]
    rebuilt: dict[Path, Rebuilt] = {}
    problems: dict[Path, str] = {}
    for path in candidates:
        try:
            rebuilt[path] = rebuild(path.read_bytes(), release)
        except Unreadable as problem:
            problems[path] = str(problem)

    def worth(path: Path) -> tuple[bool, bool, float, int, int]:
        readable = path in rebuilt
        worked_on = readable and rebuilt[path].worked_on
        return readable, worked_on, path.stat().st_mtime, _rank(path, name), -len(path.parts)

    best = max(candidates, key=worth)
    messages = []
    if len(candidates) > 1:
        names = listed(path.name for path in candidates)
        messages.append(
            f"{len(candidates)} files may be this notebook ({names}); {shown(best.name)} was taken"
        )
    elif best.name != f"{name}.ipynb":
        messages.append(f"handed in as {shown(best.name)}")
    if best in problems:
        return best, None, [*messages, f"{problems[best]}; {blank}"]
    return best, rebuilt[best], messages + rebuilt[best].remarks


def _copy_others(
    files: list[Path], chosen: list[Path], roots: list[Path], clean: Path, shipped: Path
) -> list[str]:
    """Copy the release's own files, then the student's other files; returns remarks.

    A student's file lies relative to the notebook's folder, or else to the outermost folder that holds anything.
    """
    own = {path.relative_to(shipped): path for path in shipped.rglob("*") if path.is_file()}
    own = {
        place: path
        for place, path in own.items()
        if not NOTEBOOK.search(path.name) and not any(map(LITTER.fullmatch, place.parts))
    }
    for place, path in own.items():
        (clean / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, clean / place)
    homes = sorted({path.parent for path in chosen}, key=lambda folder: -len(folder.parts))
    homes += [_inmost(root) for root in roots]
    budget, changed = Budget(), []
    at_home = [(next(i for i, home in enumerate(homes) if path.is_relative_to(home)), path) for path in files]
    for i, path in sorted(at_home):
        place = path.relative_to(homes[i])
        if place in own:
            changed += [str(place)] if _digest(path) != _digest(own[place]) else []
        elif not NOTEBOOK.search(path.name) and str(place) != "timestamp.txt":
            copy_in(path, clean, place.parts, budget, "file")
    restored = [f"files of the release were changed and are restored: {listed(changed)}"] if changed else []
    return budget.remarks() + restored


def _inmost(folder: Path) -> Path:
    """The folder itself, or the only folder in it, and so on: zips often wrap everything in one."""
    while len(inner := list(folder.iterdir())) == 1 and inner[0].is_dir():
        folder = inner[0]
    return folder


# What is said about it?


def _write_report(
    path: Path, assignment: str, entries: dict[str, dict[str, Any]], refused: list[str], missing: list[str]
) -> None:
    """Enter what happened in the report, keeping what it says of students who were not looked at this time."""
    try:
        students = json.loads(path.read_text(encoding="utf-8"))["students"]
    except (OSError, ValueError, KeyError, TypeError):
        students = {}
    for student, entry in entries.items():
        remarks = [{"notebook": remark.notebook, "message": remark.message} for remark in entry["remarks"]]
        students[student] = entry | {"remarks": remarks}
    report = {
        "assignment": assignment,
        "refused": refused,
        "nothing_handed_in": missing,
        "students": dict(sorted(students.items())),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    beside.replace(path)
