"""A course with made-up submissions, on which an instructor rehearses a day of grading.

Good, different, partly right, damaged, late and hostile hand-ins to `dcgan_celeba`, as the zips that an LMS delivers,
with a table of the automatic points that each must get.
"""

from __future__ import annotations

import copy
import csv
import random
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

from gan_course.grading import made_up, masters
from gan_course.grading.course import new_course, open_course
from gan_course.grading.demo_run import good_run
from gan_course.grading.hostile import ATTACKS, Attack
from gan_course.grading.made_up import Notebooks
from gan_course.grading.release import release

ASSIGNMENT = "dcgan_celeba"
DUE = datetime(2026, 12, 18, 22, 0, tzinfo=UTC)
# one slip each: cell -> (what stands in the solution, what stands in the hand-in)
SLIPS = {
    "discriminator": ("nn.LeakyReLU(0.2)", "nn.ReLU()"),
    "discriminator_step": ("G(z).detach()", "G(z)"),
    "initialise": ("0.02", "0.2"),
    "interpolate": ("steps", "steps + 1"),
    "fixed_noise": ("randn", "rand"),
    "generator_loss": ("-fake_logits", "fake_logits"),
    "face_arithmetic": ("z_b", "z_a"),
}
NAMES = [
    "Ada",
    "Boole",
    "Chen",
    "Dogan",
    "Eze",
    "Faure",
    "Garcia",
    "Haas",
    "Ito",
    "Jovanović",
    "O'Neil",
    "Patel",
]


@dataclass
class HandIn:
    """kind: what it is an example of. points: the automatic points it must get; None: see the attack."""

    kind: str
    notebooks: Notebooks
    points: float
    files: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    hours: float = -5.0  # before (negative) or after the due date


def make_demo(folder: Path, n: int = 12) -> list[str]:
    """Make a course folder with n submissions in its inbox, and return lines on what to do next.

    Raises:
        FileExistsError: the folder holds something. ValueError: n is less than 1.
    """
    if n < 1:
        raise ValueError("a rehearsal needs at least one submission: -n 12, for example")
    course = new_course(folder)
    toml = course.root / "grading.toml"
    due = f'[due]\n{ASSIGNMENT} = "{DUE:%Y-%m-%d %H:%M} UTC"'
    toml.write_text(toml.read_text(encoding="utf-8").replace("[due]", due), encoding="utf-8")
    course = open_course(folder)
    release(course, ASSIGNMENT)
    inbox = course.root / "inbox" / ASSIGNMENT
    inbox.mkdir(parents=True)
    students, expected = [], []
    for k, hand_in in enumerate(islice(cycle(_hand_ins(course.root / "release" / ASSIGNMENT)), n)):
        name = f"s{k + 1:03}"
        moment = DUE + timedelta(hours=hand_in.hours)
        _zip(hand_in, inbox / f"{name}_{moment:%Y-%m-%d-%H-%M-%S}_{ASSIGNMENT}.zip")
        students.append(
            [name, f"Student {k + 1}", NAMES[k % len(NAMES)], f"{name}@example.org", str(1000 + k)]
        )
        expected.append([name, hand_in.kind, f"{hand_in.points:g}"])
    _table(course.root / "students.csv", ["id", "first_name", "last_name", "email", "lms_id"], students)
    _table(course.root / "expected.csv", ["id", "kind", "points"], expected)
    steps = ("intake", "autograde", "feedback", "export")
    return [
        f"{n} submissions are in {inbox}; expected.csv says what each is and what it must get. Go on with:",
        *(f"  gan-course grade {step} {ASSIGNMENT} --course {course.root}" for step in steps),
    ]


def _table(path: Path, head: list[str], rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *rows])


def _points() -> dict[str, float]:
    """Points of the automatic tests, by the name of the answer that they test."""
    found, answer = {}, ""
    for cell in masters.read_master(ASSIGNMENT)["components"].cells:
        if cell.metadata["kind"] == "answer":
            answer = cell.metadata["id"]
        if cell.metadata["kind"] == "test":
            name = cell.metadata["id"]
            found[name if name.startswith("test_run") else answer] = float(cell.metadata["points"])
    return found


def _hand_ins(folder: Path) -> list[HandIn]:
    """One of each kind; the order mixes them, so that a short demo holds some of everything."""
    solutions, points, run = made_up.solutions(ASSIGNMENT), _points(), good_run()
    most = sum(points.values())
    trained = sum(value for name, value in points.items() if name.startswith("test_run"))

    def good(
        kind: str, change: Callable[[Notebooks], None] = lambda notebooks: None, **other: object
    ) -> HandIn:
        notebooks = made_up.filled(folder, solutions)
        change(notebooks)
        return HandIn(kind, notebooks, most, dict(run), **other)

    def slip(cell: str) -> HandIn:
        old, new = SLIPS[cell]
        assert old in solutions[cell], (cell, old)  # the slip must be one
        answers = solutions | {cell: solutions[cell].replace(old, new)}
        return HandIn(f"slip: {cell}", made_up.filled(folder, answers), most - points[cell], dict(run))

    def hostile(name: str, attack: Attack) -> HandIn:
        notebooks = made_up.filled(folder, attack.cells)
        return HandIn(f"hostile: {name}", notebooks, 0.0, dict(attack.files), dict(attack.links))

    rows = [
        [
            good("good"),
            good("late by 30 hours", hours=30.0),
            HandIn("no run", made_up.filled(folder, solutions), most - trained),
            HandIn("blank", made_up.filled(folder, {}), 0.0),
        ],
        [slip(cell) for cell in SLIPS],
        [good(f"damaged: {kind}", damage) for kind, damage in DAMAGES.items()],
        [hostile(name, attack) for name, attack in ATTACKS.items()],
    ]
    longest = max(map(len, rows))
    return [row[k] for k in range(longest) for row in rows if k < len(row)]


# What editors and students do to notebooks. Each is put right by the intake, and costs nothing.


def _cell(notebooks: Notebooks, name: str) -> int:
    cells = notebooks["components"].cells
    return next(k for k, cell in enumerate(cells) if cell.id == name)


def _delete_tests(notebooks: Notebooks) -> None:
    cells = notebooks["components"].cells
    notebooks["components"].cells = [cell for cell in cells if not cell.id.startswith("test_")]


def _edit_tests(notebooks: Notebooks) -> None:
    for cell in notebooks["components"].cells:
        if cell.id.startswith("test_"):
            cell.source = "assert True"
            cell.metadata.nbgrader.points = 400


def _copy_a_cell(notebooks: Notebooks) -> None:
    cells, k = notebooks["components"].cells, _cell(notebooks, "generator")
    twin = copy.deepcopy(cells[k])
    twin.id = "copied-by-hand"
    cells.insert(k + 1, twin)


def _lose_metadata(notebooks: Notebooks) -> None:
    for notebook in notebooks.values():
        notebook.nbformat_minor = 4
        for cell in notebook.cells:
            cell.metadata.pop("nbgrader", None)
            cell.pop("id", None)


def _shuffle_extra_cells(notebooks: Notebooks) -> None:
    rng, cells = random.Random(0), notebooks["components"].cells
    for _ in range(5):
        extra = copy.deepcopy(cells[_cell(notebooks, "setup")])
        extra.id, extra.source = f"extra-{rng.random():.6f}"[:16].replace(".", ""), "print('my own note')"
        extra.metadata.pop("nbgrader", None)
        cells.insert(rng.randrange(len(cells)), extra)


def _rename(notebooks: Notebooks) -> None:
    notebooks["components (1)"] = notebooks.pop("components")


def _other_kernel(notebooks: Notebooks) -> None:
    for notebook in notebooks.values():
        notebook.metadata.kernelspec = {
            "name": "conda-env-mine",
            "display_name": "mine",
            "language": "python",
        }


DAMAGES = {
    "test cells deleted": _delete_tests,
    "test cells edited": _edit_tests,
    "a graded cell copied": _copy_a_cell,
    "all metadata lost": _lose_metadata,
    "cells added": _shuffle_extra_cells,
    "renamed": _rename,
    "another kernel": _other_kernel,
}


def _zip(hand_in: HandIn, path: Path) -> None:
    """The zip that the student uploads; links and climbing paths go in as they are."""
    beside = Path(tempfile.mkdtemp(prefix="hand-in-"))
    try:
        inside = {name: content for name, content in hand_in.files.items() if not _climbs(name)}
        made_up.zipped(made_up.write(hand_in.notebooks, beside, inside), path)
    finally:
        shutil.rmtree(beside)
    with zipfile.ZipFile(path, "a") as archive:
        for name, content in hand_in.files.items():
            if _climbs(name):
                archive.writestr(name, content)
        for name, goal in hand_in.links.items():
            link = zipfile.ZipInfo(name)
            link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, goal)


def _climbs(name: str) -> bool:
    return name.startswith("/") or ".." in Path(name).parts
