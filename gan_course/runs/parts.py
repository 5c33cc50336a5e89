"""Runs of a model that is trained in parts, as LAPGAN's levels are: a folder whose parts are ordinary runs.

RUN/run.json holds what was asked for and the plan of every part; RUN/PART/ is the run of that part. Parts are trained
in the order of the plan, so that a later one could read an earlier one. Going on with RUN goes on with every part that
is not finished, and begins one whose folder is missing.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from gan_course.models import catalogue
from gan_course.records import provenance
from gan_course.runs import folder as folders
from gan_course.runs import training
from gan_course.runs.folder import Facts
from gan_course.training.device import pick_device
from gan_course.training.history import History

START = "from gan_course.cli import main; main()"


@dataclass(frozen=True)
class PartsJob:
    """All that a training in parts needs. processes: how many parts are trained at a time."""

    folder: Path
    facts: Facts
    processes: int

    @property
    def parts(self) -> dict[str, Path]:
        return {name: self.folder / name for name in self.facts["parts"]}


def start(
    model: str,
    data: Facts,
    chosen: Facts,
    options: Facts,
    out: Path | None = None,
    command: str = "",
    processes: int = 1,
) -> PartsJob:
    """Prepare a new run and make its folder; arguments as for `training.start`, and `chosen` goes for every part.

    Raises:
        ValueError: an unknown name, or data that the model cannot take. No folder is left behind.
    """
    from gan_course.data import load

    _check(processes)
    entry = catalogue.find(model)
    rows = load(**data)
    options = entry.options(rows, options)
    plan = entry.parts(options, chosen)
    pick_device(chosen.get("device", "cpu"))  # an unknown device is an error now, not in a folder
    facts = training.describe(model, options, data, rows, {"seed": 0} | chosen, command)
    facts |= {
        "parts": {
            name: {"model": part.model, "options": part.options, "settings": part.settings.as_dict()}
            for name, part in plan.items()
        },
        "processes": processes,
    }
    return PartsJob(folders.create(facts, out), facts, processes)


def go_on(folder: str | Path, changes: Facts, processes: int | None = None) -> PartsJob:
    """Prepare to go on with a run; `changes` may hold other "rounds" and another "device", for every part.

    Raises:
        FileNotFoundError, ValueError: it is no run, or it is damaged.
    """
    folder, facts = Path(folder), folders.read_facts(folder)
    processes = facts["processes"] if processes is None else processes
    _check(processes)
    plan = {name: part | {"settings": part["settings"] | changes} for name, part in facts["parts"].items()}
    facts |= {
        "parts": plan,
        "settings": facts["settings"] | changes,
        "processes": processes,
        "state": "running",
    }
    return PartsJob(folder, facts, processes)


@dataclass(frozen=True)
class PartsRun:
    """What came of it: rounds and seconds of all parts together. history: empty, the parts have theirs."""

    rounds: int
    seconds: float
    history: History


def play(
    job: PartsJob, *, tensorboard: bool = False, say: Callable[[str], None] = print
) -> tuple[PartsRun, int]:
    """Train all parts that are not finished, and keep the folder up to date.

    Returns what came of it, and the number of the signal that stopped it (or 0).

    Raises:
        Whatever the training of a part raises; a part that failed in another process is a RuntimeError.
    """
    folders.write_facts(job.folder, job.facts)
    waiting = [name for name, folder in job.parts.items() if not _ready(job, name, folder)]
    state = "failed"
    try:
        train = _one_by_one if job.processes == 1 else _at_once
        stopped_by = train({name: job.parts[name] for name in waiting}, job.processes, tensorboard, say)
        state = "interrupted" if stopped_by else "finished"
    except KeyboardInterrupt:
        state = "interrupted"
        raise
    finally:
        outcome = _outcome(job)
        folders.write_facts(job.folder, job.facts | outcome | {"state": state})
    return PartsRun(outcome["round"], outcome["seconds"], History()), stopped_by


def _check(processes: int) -> None:
    if processes < 1:
        raise ValueError(f"--processes is how many parts are trained at a time, at least 1, not {processes}")


def _ready(job: PartsJob, name: str, folder: Path) -> bool:
    """Whether a part is finished. Its run.json is written, or brought up to the plan, if not."""
    plan = job.facts["parts"][name]
    if not (folder / "run.json").exists():
        folder.mkdir(exist_ok=True)
        ours = {key: value for key, value in job.facts.items() if key not in ("parts", "processes")}
        folders.write_facts(folder, ours | plan | {"state": "waiting"})
        return False
    facts = folders.read_facts(folder)
    if facts["state"] == "finished" and facts["round"] >= plan["settings"]["rounds"]:
        return True
    changed = {name: plan["settings"][name] for name in ("rounds", "device")}
    folders.write_facts(folder, facts | {"settings": facts["settings"] | changed})
    return False


def _one_by_one(parts: dict[str, Path], processes: int, tensorboard: bool, say: Callable[[str], None]) -> int:
    for name, folder in parts.items():
        say(name)
        run, stopped_by = training.play(training.go_on(folder, {}), tensorboard=tensorboard)
        say(f"{name}: {run.rounds:,} rounds, {run.seconds:.0f} s of training")
        if stopped_by:
            return stopped_by
    return 0


def _at_once(parts: dict[str, Path], processes: int, tensorboard: bool, say: Callable[[str], None]) -> int:
    """Every part is a `gan-course train --resume PART` of its own, with its share of the threads."""
    threads = str(max(1, torch.get_num_threads() // processes))
    environment = os.environ | {"OMP_NUM_THREADS": threads, "TQDM_DISABLE": "1"}
    waiting, running = list(parts), dict[str, subprocess.Popen[bytes]]()
    passed_on = 0
    with training.signals() as seen:
        try:
            while running or (waiting and not seen):
                while waiting and len(running) < processes and not seen:
                    name = waiting.pop(0)
                    say(f"{name}: training in a process of its own")
                    running[name] = _train(parts[name], tensorboard, environment)
                if len(seen) > passed_on:
                    passed_on = len(seen)
                    for process in running.values():
                        process.send_signal(signal.SIGTERM)
                for name in [name for name, process in running.items() if process.poll() is not None]:
                    _ended(name, parts[name], running.pop(name).returncode, bool(seen), say)
                time.sleep(0.1)
        except BaseException:  # an error of one part, or a second Ctrl-C
            for process in running.values():
                process.terminate()
            for process in running.values():
                process.wait()
            raise
    return seen[0] if seen else 0


def _train(folder: Path, tensorboard: bool, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    words = ["train", "--resume", str(folder), *(["--tensorboard"] if tensorboard else [])]
    # in a session of its own, so that Ctrl-C reaches it once, from here
    return subprocess.Popen(
        [sys.executable, "-c", START, *words],
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def _ended(name: str, folder: Path, code: int, stopping: bool, say: Callable[[str], None]) -> None:
    facts = folders.read_facts(folder)
    if code and not stopping:
        raise RuntimeError(
            f"{name} failed (exit code {code}); its message is above. Go on with: "
            + shlex.join(["gan-course", "train", "--resume", str(folder.parent)])
        )
    say(f"{name}: {facts.get('round', 0):,} rounds, {facts['seconds']:.0f} s of training, {facts['state']}")


def _outcome(job: PartsJob) -> Facts:
    """What the parts cost together: rounds and seconds are sums, the memory is that of the largest."""
    ended = [folders.read_facts(folder) for folder in job.parts.values() if (folder / "run.json").exists()]
    devices = {facts["device"] for facts in ended if "device" in facts}
    return provenance(round(sum(facts["seconds"] for facts in ended), 2)) | {
        "round": sum(facts.get("round", 0) for facts in ended),
        "peak_memory_bytes": max((facts.get("peak_memory_bytes", 0) for facts in ended), default=0),
        "device": ", ".join(sorted(devices)),
    }
