"""Starting a run, going on with it, and keeping its folder up to date while it trains."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Any

import torch

from gan_course.data.resident import Resident
from gan_course.models import catalogue
from gan_course.models.catalogue import Model
from gan_course.records import provenance
from gan_course.runs import folder as folders
from gan_course.runs.folder import Facts
from gan_course.runs.pictures import columns_of, save_picture
from gan_course.training import Run, Settings, fit
from gan_course.training.device import pick_device
from gan_course.training.game import Game

POINTS_SHOWN = 1000  # in pictures of laws on the plane; of images as many as a block holds


@dataclass(frozen=True)
class Job:
    """All that a training needs. data: the rows it learns from. resume: the folder has checkpoints to go on from."""

    folder: Path
    facts: Facts
    model: Model
    game: Game
    data: Resident
    settings: Settings
    resume: bool


def start(
    model: str | Model,
    data: Facts,
    chosen: Facts,
    options: Facts,
    out: Path | None = None,
    command: str = "",
) -> Job:
    """Prepare a new run and make its folder.

    model: a name in the catalogue, or a model of your own, which `go_on` must be given again. data: arguments of
    `gan_course.data.load`. chosen: for `Settings`. options: of the model.

    Raises:
        ValueError: an unknown name, or data that the model cannot take. No folder is left behind.
    """
    from gan_course.data import load

    entry = catalogue.find(model) if isinstance(model, str) else model
    rows = load(**data)
    settings = entry.plan(rows, {"snapshots": 0} | chosen)
    pick_device(settings.device)  # an unknown device is an error now, not in a folder
    options = entry.options(rows, options)
    name = model if isinstance(model, str) else model.about
    facts = describe(name, options, data, rows, settings.as_dict(), command)
    game = folders.build(facts, entry)
    learned = entry.rows(rows, options)
    return Job(folders.create(facts, out), facts, entry, game, learned, settings, resume=False)


def describe(model: str, options: Facts, data: Facts, rows: Resident, settings: Facts, command: str) -> Facts:
    """What run.json says of a run that begins now."""
    return {
        "format": folders.FORMAT,
        "model": model,
        "options": options,
        "data": data,
        "rows": len(rows),
        "shape": list(rows.x.shape[1:]),
        "fingerprint": folders.fingerprint(rows),
        "settings": settings,
        "command": command,
        "state": "running",
        **provenance(0.0),
    }


def go_on(folder: str | Path, changes: Facts, model: Model | None = None) -> Job:
    """Prepare to go on with a run; `changes` may hold other "rounds" and another "device".

    model: the one that was started, if it is in no catalogue.

    Raises:
        FileNotFoundError, ValueError: it is no run, or its data have changed.
    """
    folder, facts = Path(folder), folders.read_facts(folder)
    settings = replace(_settings(facts), **changes)
    game = folders.build(facts, model)
    entry = model or catalogue.find(facts["model"])
    rows = entry.rows(folders.load_data(facts), facts["options"])
    has_checkpoint = any(folders.checkpoint_folder(folder).glob("checkpoint-*.sha256"))
    facts = facts | {"settings": settings.as_dict(), "state": "running"}
    return Job(folder, facts, entry, game, rows, settings, resume=has_checkpoint)


def _settings(facts: Facts) -> Settings:
    try:
        return Settings(**facts["settings"] | {"betas": tuple(facts["settings"]["betas"])})
    except TypeError as error:
        raise ValueError(f"run.json has settings that this version does not know: {error}") from None


def play(job: Job, *, tensorboard: bool = False) -> tuple[Run, int]:
    """Train, and keep the folder up to date. Returns the run, and the number of the signal that stopped it (or 0).

    Raises:
        Whatever `fit` raises; run.json then says "failed".
    """
    log = _logger(job, tensorboard)
    folders.write_facts(job.folder, job.facts)
    try:
        with signals() as seen:
            run = fit(
                job.game,
                job.data,
                job.settings,
                folder=folders.checkpoint_folder(job.folder),
                resume=job.resume,
                on_log=log,
                stop=lambda: bool(seen),
            )
    except BaseException as error:
        state = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
        with suppress(OSError):  # a full disk must not hide the reason
            folders.write_facts(job.folder, job.facts | {"state": state})
        raise
    finished = run.rounds >= job.settings.rounds
    outcome = {"state": "finished" if finished else "interrupted"}
    folders.write_facts(job.folder, job.facts | outcome | _outcome(job, run))
    return run, 0 if finished else seen[0]


def _outcome(job: Job, run: Run) -> Facts:
    device = next(run.game.parameters()).device
    speed = {"images_per_second": round(run.history.images_per_second, 1)} if run.history.rows else {}
    peak = max(_peak_memory(device), job.facts.get("peak_memory_bytes", 0))
    return (
        provenance(run.seconds)
        | speed
        | {"round": run.rounds, "device": device.type, "peak_memory_bytes": peak}
    )


def _peak_memory(device: torch.device) -> int:
    """Bytes: on CUDA what torch held there at most, else what the whole process held; 0 where that is unknown."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    try:
        import resource
    except ImportError:  # Windows
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


@contextmanager
def signals() -> Iterator[list[int]]:
    """Collect Ctrl-C and SIGTERM instead of dying of them; a second one interrupts at once, as usual."""
    seen: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        if seen:
            raise KeyboardInterrupt
        seen.append(number)
        print("\nstopping after this round; once more to stop at once", file=sys.stderr)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield seen
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _logger(job: Job, tensorboard: bool) -> Callable[[Run], None]:
    """What happens at a log point: a line in history.csv, a picture, and the same for TensorBoard if asked."""
    columns = ["round", "seconds", "images", *(player.name for player in job.game.players())]
    board = _board(job.folder) if tensorboard else None
    images = job.data.x.dim() == 4
    real = None if images else job.data.x[:POINTS_SHOWN]
    shown = folders.block(job.game) if images else POINTS_SHOWN
    preview = job.model.preview or (lambda game, G, rows, n: folders.first_samples(game, G, n))
    begun = False

    def log(run: Run) -> None:
        nonlocal begun
        row = run.history.rows[-1]
        if begun:
            with (job.folder / "history.csv").open("a", encoding="utf-8") as file:
                file.write(folders.as_csv([row], columns))
        else:  # lines of rounds after the checkpoint that a killed run left are dropped
            folders.write_history(job.folder, run.history.rows, columns)
            begun = True
        samples = preview(run.game, run.G, job.data, shown)
        save_picture(
            job.folder / "samples" / f"{run.rounds:06d}.png", samples, real, columns=columns_of(run.game)
        )
        if board:
            for name in columns[3:]:
                if name in row:
                    board.add_scalar(f"loss/{name}", row[name], run.rounds)
            board.flush()

    return log


def _board(folder: Path) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise ValueError("--tensorboard needs a package that is not here: pip install tensorboard") from None
    return SummaryWriter(str(folder / "tensorboard"))
