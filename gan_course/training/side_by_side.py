"""Several independent trainings at once, each in a process of its own with one torch thread.

A treatment and its controls do not read each other, so two cores can train two of them at a time. Processes are started
by "spawn", the way that works on Linux, macOS and Windows and in notebooks: a child imports the package afresh, gets
the game, the data and the settings as bytes, and sends the trained state back.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

import torch
from tqdm import tqdm

from gan_course.data.resident import Resident
from gan_course.training.device import pick_device
from gan_course.training.ema import EMA
from gan_course.training.game import Game
from gan_course.training.history import History
from gan_course.training.loop import Run, fit
from gan_course.training.settings import Settings


@dataclass(frozen=True)
class Job:
    """The arguments of one `fit`."""

    game: Game
    data: Resident
    settings: Settings


def fit_side_by_side(jobs: dict[str, Job], processes: int = 2) -> dict[str, Run]:
    """`fit` every job, up to `processes` of them at a time; the runs have the order and the names of the jobs.

    The outcome is the same bit for bit for every number of processes, because each job has one torch thread and its
    own random numbers; `processes=1` trains one after the other in this process. As with `fit`, the games passed in
    are trained afterwards. In a script, not in a notebook, call it under `if __name__ == "__main__":`.

    Raises:
        ValueError: no positive number of processes, two jobs that share a game, or a game that another process could
            not build because a part of it is defined in a notebook or inside a function.
        RuntimeError: a process ended without a result.
        Whatever `fit` raises, with a note that names the job. All other trainings are given up, as after Ctrl-C.
    """
    if processes < 1:
        raise ValueError(f"processes is how many trainings run at a time, at least 1, not {processes}")
    if len({id(job.game) for job in jobs.values()}) < len(jobs):
        raise ValueError("two jobs share a game, which would be trained twice: build one game per job")
    packed = {
        name: _packed(name, job.game) for name, job in jobs.items()
    }  # the rule holds for processes=1, too
    if min(processes, len(jobs)) > 1:
        return _fit_in_children(jobs, packed, min(processes, len(jobs)))
    with _one_thread():
        return {name: _fit_here(name, job) for name, job in jobs.items()}


@contextmanager
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _fit_here(name: str, job: Job) -> Run:
    try:
        return fit(job.game, job.data, job.settings)
    except Exception as error:
        error.add_note(f"in the training {name!r}")
        raise


class _Packer(pickle.Pickler):
    """Pickles a game, and refuses classes and functions that only this process has."""

    def reducer_override(self, value: Any) -> Any:
        if getattr(value, "__module__", None) == "__main__" and hasattr(value, "__qualname__"):
            raise pickle.PicklingError(f"{value.__qualname__} is defined there")
        return NotImplemented


def _packed(name: str, game: Game) -> bytes:
    buffer = io.BytesIO()
    try:
        _Packer(buffer).dump(game)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise ValueError(
            f"the game of {name!r} cannot be sent to another process, because a part of it belongs to this notebook or "
            f"script alone ({error}). Build it from classes and functions of gan_course or of a file that can be "
            "imported, or train it with fit(game, data, settings)"
        ) from None
    return buffer.getvalue()


# In the child


def _serve(connection: Connection) -> None:
    """Train what comes in until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # after Ctrl-C the parent ends this process
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # tidily
    os.environ.setdefault("GAN_COURSE_PROFILE", "unjudged")  # no progress bars: the parent shows them
    torch.set_num_threads(1)
    try:
        while True:
            answer = _answer(connection.recv_bytes(), connection)
            connection.send_bytes(pickle.dumps(answer))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the parent is gone


def _answer(order: bytes, connection: Connection) -> dict[str, Any]:
    """The outcome of a training, or its error."""
    try:
        packed, data, settings = pickle.loads(order)

        def report(run: Run) -> None:
            connection.send_bytes(pickle.dumps({"rounds": run.rounds}))

        return _state(fit(pickle.loads(packed), data, settings, on_log=report))
    except (BrokenPipeError, ConnectionResetError):
        raise
    except Exception as error:
        return {"error": _sendable(error), "trace": traceback.format_exc()}


def _state(run: Run) -> dict[str, Any]:
    """What of a run the parent cannot know. Bytes of plain CPU tensors: no shared memory, no file handles."""
    return {
        "game": {key: tensor.cpu() for key, tensor in run.game.state_dict().items()},
        "average": {key: tensor.cpu() for key, tensor in run.G.state_dict().items()}
        if run.settings.ema
        else {},
        "learns": [parameter.requires_grad for parameter in run.game.parameters()],
        "history": run.history.state(),
        "played": run.rounds,
        "seconds": run.seconds,
    }


def _sendable(error: Exception) -> Exception:
    """The error, or one with its words if its kind cannot be sent."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


# In the parent


@dataclass
class _Child:
    process: BaseProcess
    connection: Connection
    name: str = ""  # of the job it works on

    def give(self, name: str, packed: bytes, job: Job) -> None:
        self.name = name
        try:
            self.connection.send_bytes(pickle.dumps((packed, job.data, job.settings)))
        except OSError:
            raise self.lost() from None

    def receive(self) -> dict[str, Any]:
        try:
            return pickle.loads(self.connection.recv_bytes())
        except (EOFError, OSError):
            raise self.lost() from None

    def lost(self) -> RuntimeError:
        self.process.join(10)
        return RuntimeError(
            f"the process of the training {self.name!r} ended without a result (exit code {self.process.exitcode}). "
            "In a script, call fit_side_by_side under `if __name__ == '__main__':`. Was the memory full? Then use "
            "processes=1"
        )


def _start() -> _Child:
    context = multiprocessing.get_context("spawn")
    mine, its = context.Pipe()
    process = context.Process(target=_serve, args=(its,), daemon=True)
    process.start()
    its.close()  # or the end of the child would not be noticed here
    return _Child(process, mine)


def _fit_in_children(jobs: dict[str, Job], packed: dict[str, bytes], processes: int) -> dict[str, Run]:
    children: list[_Child] = []
    waiting = iter(jobs.items())
    runs: dict[str, Run] = {}
    try:
        with _Progress(jobs) as progress:
            for _ in range(processes):
                children.append(_start())
            for child, (name, job) in zip(children, waiting, strict=False):
                child.give(name, packed[name], job)
            while len(runs) < len(jobs):
                for child in _ready(children):
                    answer = child.receive()
                    if "error" in answer:
                        answer["error"].add_note(
                            f"in the training {child.name!r}, in its process:\n{answer['trace']}"
                        )
                        raise answer["error"]
                    if "rounds" in answer:
                        progress.show(child.name, answer["rounds"])
                        continue
                    runs[child.name] = _run(jobs[child.name], answer)
                    progress.done(child.name, runs[child.name])
                    for name, job in waiting:
                        child.give(name, packed[name], job)
                        break
    finally:  # children that are done wait for work; after an error or Ctrl-C the others work for nobody
        for child in children:
            child.process.terminate()
        for child in children:
            child.process.join(10)
            child.process.kill()
            child.connection.close()
    return {name: runs[name] for name in jobs}


def _ready(children: list[_Child]) -> list[_Child]:
    by_connection = {child.connection: child for child in children}
    return [by_connection[connection] for connection in wait(list(by_connection))]


def _run(job: Job, state: dict[str, Any]) -> Run:
    """What `fit` would have returned, with the job's own game."""
    game = job.game.to(pick_device(job.settings.device))
    game.load_state_dict(state["game"])
    for parameter, learns in zip(game.parameters(), state["learns"], strict=True):
        parameter.requires_grad_(learns)
    game.train()
    G = game.G
    if job.settings.ema:
        G = EMA(game.G, job.settings.ema).net
        G.load_state_dict(state["average"])
    return Run(game, History(**state["history"]), G, job.settings, state["played"], state["seconds"])


class _Progress:
    """One bar for all rounds, and a line for every job that is done; nothing if the run is headless.

    A bar per job would need the cursor to move up, which notebooks do not do.
    """

    def __init__(self, jobs: dict[str, Job]) -> None:
        quiet = {"disable": True} if "GAN_COURSE_PROFILE" in os.environ else {}
        total = sum(job.settings.rounds for job in jobs.values())
        self.bar = tqdm(total=total, desc=f"rounds of {len(jobs)} trainings", mininterval=0.5, **quiet)
        self.rounds = dict.fromkeys(jobs, 0)

    def show(self, name: str, rounds: int) -> None:
        self.bar.update(rounds - self.rounds[name])
        self.rounds[name] = rounds

    def done(self, name: str, run: Run) -> None:
        if not self.bar.disable:
            self.bar.write(f"{name}: {run.rounds:,} rounds in {run.seconds:.0f} s", file=sys.stderr)

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()
