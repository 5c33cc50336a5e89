"""The folder of an nbgrader course: its settings, its secret, and the configuration that nbgrader gets."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import tomllib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from gan_course.grading import sandbox
from gan_course.notebooks import ROOT

HOME = ROOT / "assignments"
PUBLIC_SECRET = "for-trying-things-out"  # anybody can read it here: real courses set their own
KEPT_OUT = [".ipynb_checkpoints", "*.pyc", "__pycache__", "data", "runs"]  # of hand-ins
SETTINGS = {"course_id", "sandbox", "jobs", "cases", "cell_seconds", "due", "late"}


@dataclass(frozen=True)
class Course:
    """A course folder and what its grading.toml says.

    sandbox: auto, bubblewrap or none. jobs: submissions graded at once, 0 for one per core. cases: hidden cases per
    task. cell_seconds: what one cell may take. due: assignment -> moment, in UTC. late: options of `LateDays`.
    """

    root: Path
    course_id: str = "gan"
    sandbox: str = "auto"
    jobs: int = 0
    cases: int = 2
    cell_seconds: int = 60
    due: dict[str, datetime] = field(default_factory=dict)
    late: dict[str, Any] = field(default_factory=dict)

    @property
    def records(self) -> Path:
        """Where verdicts are kept."""
        return self.root / "records"

    def secret(self) -> str:
        """From the environment variable GAN_COURSE_SECRET, or the file secret.txt, or the public one."""
        kept = self.root / "secret.txt"
        text = os.environ.get("GAN_COURSE_SECRET") or (kept.read_text("utf-8") if kept.exists() else "")
        return text.strip() or PUBLIC_SECRET

    def students(self) -> list[str]:
        """Everybody with a submission, in order."""
        return sorted(path.name for path in (self.root / "submitted").glob("*") if path.is_dir())


def open_course(root: str | Path = HOME) -> Course:
    """The course in a folder.

    Raises:
        FileNotFoundError: it is no course folder. ValueError: a setting is unknown or cannot be read.
    """
    root = Path(root).resolve()
    path = root / "grading.toml"
    if not path.exists():
        raise FileNotFoundError(
            f"{root} is no course folder: grading.toml is missing. Name one with --course DIR"
        )
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path} cannot be read: {error}") from None
    unknown = set(found) - SETTINGS
    if unknown:
        raise ValueError(
            f"{path}: unknown setting {', '.join(sorted(unknown))}; known: {', '.join(sorted(SETTINGS))}"
        )
    due = {name: _moment(path, name, text) for name, text in found.pop("due", {}).items()}
    return Course(root, **found, due=due)


def _moment(path: Path, name: str, text: Any) -> datetime:
    """ "2026-12-18 23:59 Europe/Zurich" as a moment in UTC."""
    try:
        day, hour, zone = str(text).split()
        return datetime.fromisoformat(f"{day} {hour}").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, KeyError) as error:
        example = f'{name} = "2026-12-18 23:59 Europe/Zurich"'
        raise ValueError(f"{path}: due date {text!r} is not of the form {example} ({error})") from None


def new_course(root: Path) -> Course:
    """Make a course folder with default settings and a secret of its own.

    Raises:
        FileExistsError: the folder holds something.
    """
    if root.exists() and any(root.iterdir()):
        raise FileExistsError(f"{root} is not empty: name a new folder")
    root.mkdir(parents=True, exist_ok=True)
    for name in ("nbgrader_config.py", "grading.toml"):
        shutil.copy(HOME / name, root / name)
    (root / "secret.txt").write_text(os.urandom(16).hex() + "\n", encoding="utf-8")
    return open_course(root)


@contextmanager
def runtime_folder() -> Iterator[Path]:
    """A folder for the sockets of kernels: their paths may have 100 characters at most, so it lies in /tmp."""
    folder = Path(tempfile.mkdtemp(prefix="gan", dir="/tmp" if os.path.isdir("/tmp") else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def configure(config: Config, course: Course, runtime: Path | None = None) -> str:
    """Tell nbgrader how this course is graded. Returns a line on what protects the machine.

    runtime: the folder of this process's sockets; without it nothing can be autograded.

    Raises:
        sandbox.Unprotected: students' code would run as root.
    """
    from nbconvert.preprocessors import ClearMetadataPreprocessor
    from nbgrader.preprocessors import CheckCellMetadata, LimitOutput, SaveAutoGrades

    from gan_course.grading import feedback, late
    from gan_course.grading.execute import GuardedExecute
    from gan_course.grading.preprocessors import JudgeCases, SendCases

    # nbgrader's own queries make SQLAlchemy warn about a session; it has no effect on what is saved.
    warnings.filterwarnings("ignore", "Object of type .* not in session", category=SAWarning)
    # nbgrader calls the program `alembic`, which lies beside this Python even if no environment is activated.
    beside = str(Path(sys.executable).parent)
    if beside not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join((beside, os.environ["PATH"]))
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.course_id = course.course_id
    config.CourseDirectory.ignore = KEPT_OUT
    config.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
    for step in (config.SendCases, config.JudgeCases):
        step.secret, step.cases, step.records = course.secret(), course.cases, str(course.records)
    config.Autograde.autograde_preprocessors = [
        SendCases,
        GuardedExecute,
        JudgeCases,
        ClearMetadataPreprocessor,
        LimitOutput,
        SaveAutoGrades,
        late.AssignLateDays,
        CheckCellMetadata,
    ]
    late.configure(config, course)
    feedback.configure(config)
    if runtime is None:
        return ""
    limits = sandbox.Limits(cell_seconds=course.cell_seconds)
    return sandbox.prepare(config, runtime, course.sandbox, limits)
