"""Run the course: every notebook that changed, with progress, and a page that shows what they proved."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat

from gan_course import notebooks
from gan_course.claims import Claim, claims_in
from gan_course.publishing.pages import write_index, write_page

LIBRARIES = ("torch", "torchvision", "numpy", "scikit-learn", "matplotlib", "torchmetrics")
SUFFIXES = {".py", ".yaml", ".json", ".safetensors"}


@dataclass
class Result:
    """What is known of one notebook. state: "done", "failed" or "not run"."""

    name: str
    state: str = "not run"
    key: str = ""
    seconds: float = 0.0
    cells: list[float] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    error: str = ""


def package_fingerprint() -> str:
    """A hash of everything in the package that a notebook's outcome may depend on, and of the versions."""
    digest = hashlib.sha256()
    for path in sorted(notebooks.PACKAGE.rglob("*")):
        if path.suffix in SUFFIXES and path.is_file():
            digest.update(path.relative_to(notebooks.PACKAGE).as_posix().encode() + path.read_bytes())
    digest.update(json.dumps([platform.python_version(), *(version(name) for name in LIBRARIES)]).encode())
    return digest.hexdigest()


def key_of(path: Path, profile: str, parameters: dict[str, Any], package: str) -> str:
    """What a finished run is known by: same key, nothing to do."""
    chosen = notebooks.parameters_for(path, profile, parameters)
    about = json.dumps([path.stem, profile, chosen, package], sort_keys=True)
    return hashlib.sha256(about.encode() + path.read_bytes()).hexdigest()


def read_result(state_file: Path, name: str) -> Result:
    """The stored result of a notebook, or an empty one."""
    if not state_file.exists():
        return Result(name)
    stored = json.loads(state_file.read_text(encoding="utf-8"))
    stored["claims"] = [Claim(**claim) for claim in stored["claims"]]
    return Result(**stored)


def write_result(state_file: Path, result: Result) -> None:
    state_file.write_text(json.dumps(asdict(result), indent=1), encoding="utf-8")


class Progress:
    """One line that tells notebook, cell, seconds and what is left; rewritten on a terminal, rare in a log."""

    def __init__(self, title: str, before: list[float]) -> None:
        self.title, self.before = title, before
        self.started = self.printed = time.monotonic()
        self.on_terminal = sys.stderr.isatty()

    def __call__(self, cell: int, cells: int) -> None:
        now = time.monotonic()
        left = f"about {sum(self.before[cell:]):.0f} s left" if self.before else f"{cells - cell} cells left"
        line = f"{self.title}  cell {cell + 1} of {cells}  {now - self.started:.0f} s  {left}"
        if self.on_terminal:
            print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
        elif cell == 0 or now - self.printed > 15:
            print(line, file=sys.stderr, flush=True)
            self.printed = now

    def close(self, outcome: str) -> None:
        """Replace the line by the outcome."""
        start = "\r\x1b[K" if self.on_terminal else ""
        seconds = time.monotonic() - self.started
        print(f"{start}{self.title}  {outcome} in {seconds:.0f} s", file=sys.stderr, flush=True)


def run(
    names: Sequence[str] = (),
    *,
    profile: str = "cpu",
    parameters: dict[str, Any] | None = None,
    build: Path | None = None,
    force: bool = False,
) -> list[Result]:
    """Run the named notebooks, or all, skipping those whose last run is still valid.

    Executed notebooks, HTML pages and results go to `build/notebooks`, the page over all to `build/index.html`,
    which is refreshed after each notebook. A notebook that fails does not stop the others.

    Raises:
        NotebookError: unknown notebook, profile or parameter.
    """
    build = build or notebooks.ROOT / "build"
    out = build / "notebooks"
    out.mkdir(parents=True, exist_ok=True)
    chosen = notebooks.find(names)
    package = package_fingerprint()
    keys = {path: key_of(path, profile, parameters or {}, package) for path in chosen}
    for number, path in enumerate(chosen, start=1):
        state_file = out / f"{path.stem}.json"
        result = read_result(state_file, path.stem)
        title = f"[{number}/{len(chosen)}] {path.stem}"
        if result.state == "done" and result.key == keys[path] and not force:
            print(f"{title}  unchanged since its last run ({result.seconds:.0f} s)", file=sys.stderr)
            continue
        result = run_one(path, out, profile, parameters or {}, keys[path], Progress(title, result.cells))
        write_result(state_file, result)
        write_index(build, all_results(out), profile)
    write_index(build, all_results(out), profile)
    return [read_result(out / f"{path.stem}.json", path.stem) for path in chosen]


def run_one(
    path: Path, out: Path, profile: str, parameters: dict[str, Any], key: str, progress: Progress
) -> Result:
    """Execute one notebook and write its page. A failure becomes part of the result."""
    executed_path = out / path.name
    started = time.monotonic()
    try:
        executed = notebooks.execute(
            path, executed_path, profile=profile, parameters=parameters, on_cell=progress
        )
    except notebooks.NotebookError as error:
        progress.close("FAILED")
        print(error, file=sys.stderr)
        if executed_path.exists():
            write_page(nbformat.read(executed_path, as_version=4), executed_path.with_suffix(".html"))
        return Result(path.stem, "failed", seconds=time.monotonic() - started, error=str(error))
    write_page(executed, executed_path.with_suffix(".html"))
    claims = claims_in(executed)
    progress.close(f"done ({len(claims)} claims)")
    return Result(
        path.stem, "done", key, time.monotonic() - started, notebooks.seconds_per_cell(executed), claims
    )


def all_results(out: Path) -> list[Result]:
    """The results of all notebooks of the course, run or not, in order."""
    return [read_result(out / f"{path.stem}.json", path.stem) for path in notebooks.find()]
