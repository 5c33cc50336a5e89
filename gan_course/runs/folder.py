"""The folder of a run: what is in it, how it is made and read.

    run.json         what was trained, on what, how, by which versions on which machine, and how it ended
    history.csv      one line per log point: round, seconds, images, mean loss per player since the line before
    samples/         ROUND.png at every log point, from the same noise: the first samples of seed 0
    checkpoints/     see `gan_course.training.checkpoints`
    evaluation.json  what `gan-course evaluate` measured

A model that is trained in parts has run.json with the plan of its parts, and a folder like this one for each part.
Reading a folder runs no code that came with it.
"""

from __future__ import annotations

import copy
import csv
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from gan_course.data.resident import Resident
from gan_course.models import catalogue
from gan_course.models.catalogue import Model
from gan_course.training import checkpoints
from gan_course.training.game import Game
from gan_course.training.history import History
from gan_course.training.seeding import generator

FORMAT = 1  # of run.json and history.csv; a reader of this version reads all smaller numbers, too
HOMEWORK = "homework"  # the model of runs whose networks are in a notebook of yours
RUNS = Path("runs")
BLOCK = 64  # samples drawn at a time

Facts = dict[str, Any]


@dataclass(frozen=True)
class SavedRun:
    """A run read from its folder.

    facts: what is in run.json. game: its networks after `round` rounds; of a run in parts, those of all parts together.
    G: the generator to sample from, the averaged one if the run kept an average. history: of all log points; it has no
    snapshots, and a run in parts has none.
    """

    folder: Path
    facts: Facts
    game: Game
    G: nn.Module
    round: int
    history: History

    def sample(self, n: int, seed: int = 0, label: int | None = None) -> Tensor:
        """The first n samples of a seed, on the CPU: images (n, c, h, w) in [-1, 1], or points (n, d).

        Those of a conditional model take the classes in turn, or are all of the class `label`.

        Raises:
            ValueError: n is not positive, or the model knows no such class.
        """
        return first_samples(self.game, self.G, n, seed, label)

    def labels(self, n: int) -> Tensor | None:
        """The classes (n,) of those samples, None for a model that knows no classes."""
        classes = getattr(self.game, "classes", 0)
        return torch.arange(n) % classes if classes else None


def open_run(folder: str | Path, device: torch.device | str = "cpu", model: Model | None = None) -> SavedRun:
    """Read a run: its facts, its history, and the networks of its newest intact checkpoint, on `device`.

    model: how to build its game, for a model that is in no catalogue.

    Warns (UserWarning): a newer checkpoint is damaged.

    Raises:
        FileNotFoundError: the folder is no run, or it has no checkpoint yet.
        ValueError: nothing in it is intact, or a newer version of the course wrote it.
    """
    folder = Path(folder)
    facts = read_facts(folder)
    game = build(facts, model)
    if "parts" in facts:
        return _open_parts(folder, facts, game, device)
    rounds, networks = checkpoints.load_networks(checkpoint_folder(folder))
    averaged = copy.deepcopy(game.G) if networks["ema"] else game.G
    try:
        game.load_state_dict(networks["game"])
        if networks["ema"]:
            averaged.load_state_dict(networks["ema"])
    except RuntimeError as error:
        raise ValueError(
            f"the weights in {folder} are not those of the model in its run.json: {error}"
        ) from None
    game.eval()
    return SavedRun(folder, facts, game.to(device), averaged.eval().to(device), rounds, read_history(folder))


def _open_parts(folder: Path, facts: Facts, game: Game, device: torch.device | str) -> SavedRun:
    """The networks of all parts in one game, whose G chains the parts' generators to sample from."""
    generators, rounds = {}, 0
    for name in facts["parts"]:
        try:
            run = open_run(folder / name, device)
        except FileNotFoundError:
            raise FileNotFoundError(
                f"{name} of {folder} was not trained yet: gan-course train --resume {folder}"
            ) from None
        part = run.facts["options"]["part"]
        game.parts()[part].load_state_dict(run.game.state_dict())
        generators[part] = run.G
        rounds += run.round
    G = game.chain(generators).eval()
    return SavedRun(folder, facts, game.eval().to(device), G.to(device), rounds, History())


def block(game: Game) -> int:
    """How many samples are drawn at a time: all classes of a conditional game equally often."""
    classes = getattr(game, "classes", 0)
    return max(BLOCK // classes, 1) * classes if classes else BLOCK


def first_samples(game: Game, G: nn.Module, n: int, seed: int = 0, label: int | None = None) -> Tensor:
    """The first n samples of a seed, on the CPU. Drawn in blocks, so that a larger n only adds samples.

    label: the class of all of them; by default a conditional game takes its classes in turn.

    Raises:
        ValueError: n is not positive, or the game knows no such class.
    """
    if n < 1:
        raise ValueError(f"n is the number of samples, at least 1, not {n}")
    classes = getattr(game, "classes", 0)
    if label is not None and not 0 <= label < classes:
        known = f"knows the classes 0 to {classes - 1}" if classes else "knows no classes"
        raise ValueError(f"no class {label}: this model {known}")
    device = next(game.parameters()).device
    rng = generator(seed, device)
    blocks = []
    for _ in range(0, n, block(game)):
        noise = game.noise(block(game), rng)
        if label is not None:
            noise["y"] = torch.full_like(noise["y"], label)
        blocks.append(game.show(noise, G).float().cpu())
    return torch.cat(blocks)[:n]


def build(facts: Facts, model: Model | None = None) -> Game:
    """The untrained game of a run, by `model`, or by the one of the catalogue that run.json names.

    Raises:
        ValueError: run.json names a model or options that this version does not know.
    """
    if model is None and facts["model"] == HOMEWORK:
        raise ValueError(
            "this run trained the networks of a notebook, which only train.py beside that notebook can rebuild. There "
            "`python train.py --measure RUN` measures it and `python train.py --resume RUN` goes on with it; samples "
            "are in RUN/samples/, and open_networks(NAME) of report.ipynb draws more"
        )
    model = model or catalogue.find(facts["model"])
    try:
        return model.build(facts["settings"]["seed"], **facts["options"])
    except TypeError as error:
        raise ValueError(f"run.json does not describe a {facts['model']} of this version: {error}") from None


def load_data(facts: Facts) -> Resident:
    """The data a run is trained on.

    Raises:
        ValueError: they are not what they were when the run was started.
    """
    from gan_course.data import load

    data = load(**facts["data"])
    if (now := fingerprint(data)) != facts["fingerprint"]:
        raise ValueError(
            f"the data set {data.name!r} is not the one this run was started with: {len(data):,} rows with the "
            f"fingerprint {now[:12]}, the run has {facts['rows']:,} with {facts['fingerprint'][:12]}. Restore the "
            "data, or start a new run"
        )
    return data


def fingerprint(data: Resident) -> str:
    """SHA-256 of the rows, their shape and their type."""
    digest = hashlib.sha256(f"{tuple(data.x.shape)} {data.x.dtype}".encode())
    for rows in data.x.split(10_000):
        digest.update(rows.contiguous().cpu().numpy())
    return digest.hexdigest()


def create(facts: Facts, out: Path | None) -> Path:
    """Make the folder of a new run, `out` or runs/MODEL-DATA-NUMBER with the next free number.

    Raises:
        ValueError: `out` exists and is not an empty folder.
    """
    if out is not None:
        if out.exists() and not (out.is_dir() and not any(out.iterdir())):
            raise ValueError(f"{out} exists already and is never overwritten; choose another name for --out")
        out.mkdir(parents=True, exist_ok=True)
    else:
        RUNS.mkdir(exist_ok=True)
        out = next(filter(_made, (RUNS / f"{facts['model']}-{facts['data']['name']}-{k}" for k in count(1))))
    write_facts(out, facts)
    return out


def _made(folder: Path) -> bool:
    """Make the folder unless it exists; two runs that start at once get two folders."""
    try:
        folder.mkdir()
    except FileExistsError:
        return False
    return True


def checkpoint_folder(folder: Path) -> Path:
    return folder / "checkpoints"


def write_facts(folder: Path, facts: Facts) -> None:
    """Write run.json."""
    write_json(folder / "run.json", facts)


def write_json(path: Path, content: Any) -> None:
    """Write plain values as a file for people to read, too; complete or not at all."""
    checkpoints.write(path, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())


def read_facts(folder: str | Path) -> Facts:
    """What is in run.json.

    Raises:
        FileNotFoundError: the folder is no run.
        ValueError: the file is damaged, or a newer version of the course wrote it.
    """
    path = Path(folder) / "run.json"
    if not path.is_file():
        raise FileNotFoundError(
            f"{folder} is no folder of a run: it has no run.json. Runs here: {_runs_here()}"
        )
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        written_as = facts["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is damaged: {error}") from None
    if written_as > FORMAT:
        raise ValueError(
            f"{path} has format {written_as}, this version of gan_course reads up to {FORMAT}: update it"
        )
    return facts


def _runs_here() -> str:
    return ", ".join(sorted(str(path.parent) for path in RUNS.glob("*/run.json"))) or f"none in {RUNS}/"


def write_history(folder: Path, rows: Sequence[dict[str, float]], columns: Sequence[str]) -> None:
    """Write history.csv anew."""
    checkpoints.write(folder / "history.csv", (",".join(columns) + "\n" + as_csv(rows, columns)).encode())


def as_csv(rows: Sequence[dict[str, float]], columns: Sequence[str]) -> str:
    """Lines of a history; a player who did not move since the last one leaves its column empty."""
    text = io.StringIO()
    csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore").writerows(rows)
    return text.getvalue()


def read_history(folder: Path) -> History:
    """The history of a run; a last line that was cut short is left out."""
    path = folder / "history.csv"
    if not path.exists():
        return History()
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    whole = [line for line in lines if line.endswith("\n")]
    rows = csv.DictReader(whole)
    return History([{name: _number(value) for name, value in row.items() if value} for row in rows])


def _number(text: str) -> float:
    return int(text) if text.isdigit() else float(text)
