"""The clean submission: the released notebooks with the student's answers, the release's files, the student's files."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from gan_course.grading.archives import LITTER, NOTEBOOK, Budget, copy_in, listed, shown
from gan_course.grading.folders import fingerprint
from gan_course.grading.reading import Unreadable
from gan_course.grading.rebuilding import Rebuilt, rebuild

MAX_CANDIDATES = 12  # notebooks of one submission that are looked at
COPY_MARKS = re.compile(r"([ _.-]*(copy\s*\d*|kopie|\(\d+\)|final|v?\d+))+$")


def write_clean(
    roots: list[Path], clean: Path, shipped: Path, release: dict[str, NotebookNode]
) -> list[tuple[str, str]]:
    """Write the clean submission into the new folder `clean`; returns remarks as (notebook, message).

    roots: the opened folders of the submission. shipped: the released folder. release: its notebooks, by name.
    """
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
            changed += [str(place)] if fingerprint(path) != fingerprint(own[place]) else []
        elif not NOTEBOOK.search(path.name) and str(place) != "timestamp.txt":
            copy_in(path, clean, place.parts, budget, "file")
    restored = [f"files of the release were changed and are restored: {listed(changed)}"] if changed else []
    return budget.remarks() + restored


def _inmost(folder: Path) -> Path:
    """The folder itself, or the only folder in it, and so on: zips often wrap everything in one."""
    while len(inner := list(folder.iterdir())) == 1 and inner[0].is_dir():
        folder = inner[0]
    return folder
