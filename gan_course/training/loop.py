"""`fit`: the training loop. It plays any game, and it is the only loop in the project."""

from __future__ import annotations

import math
import os
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Adam, Optimizer
from tqdm import tqdm

from gan_course.data.resident import Resident
from gan_course.training import checkpoints
from gan_course.training.device import autocast, pick_device
from gan_course.training.ema import EMA
from gan_course.training.game import Batch, Game, Player
from gan_course.training.history import History
from gan_course.training.seeding import generator, seeded
from gan_course.training.settings import Settings

Measure = Callable[[Game, nn.Module], dict[str, float]]


@dataclass
class Run:
    """The outcome of `fit`: the trained game, its history, and the generator to sample from (averaged if asked).

    rounds: how many were played, all that `settings` asks for unless the run was stopped. seconds: of training.
    """

    game: Game
    history: History
    G: nn.Module
    settings: Settings
    rounds: int
    seconds: float

    def sample(self, n: int, seed: int = 0) -> Tensor:
        """n samples from noise that depends on the seed alone."""
        return self.game.sample(n, seed, self.G)


def move(
    game: Game,
    player: Player,
    optimiser: Optimizer,
    data: Resident,
    n: int,
    rng: torch.Generator,
    precision: str = "fp32",
) -> Tensor:
    """One move of one player on a fresh batch: the unit of everything. Returns the loss, still on the device."""
    own = {id(parameter) for parameter in player.plays.parameters()}
    for parameter in game.parameters():
        parameter.requires_grad_(id(parameter) in own)  # opponents are read, never changed
    optimiser.zero_grad(set_to_none=True)
    batch = game.draw(data, n, rng)
    with autocast(rng.device, precision):
        loss = player.loss(batch)
    loss.backward()
    optimiser.step()
    return loss.detach()


def make_optimisers(game: Game, settings: Settings) -> dict[str, Optimizer]:
    """One Adam per set of parameters; players who play the same parameters get the same optimiser."""
    by_parameters: dict[frozenset[int], Optimizer] = {}
    optimisers = {}
    for player in game.players():
        key = frozenset(id(parameter) for parameter in player.plays.parameters())
        if key not in by_parameters:
            by_parameters[key] = Adam(
                player.plays.parameters(), lr=settings.rate(player.name), betas=settings.betas, fused=True
            )
        optimisers[player.name] = by_parameters[key]
    return optimisers


def fit(
    game: Game,
    data: Resident,
    settings: Settings,
    *,
    measure: Measure | None = None,
    folder: str | Path | None = None,
    resume: bool = False,
    on_log: Callable[[Run], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Run:
    """Train `game` on `data` for `settings.rounds` rounds.

    measure: called at every log point with the game and the generator to sample from; what it returns joins the
    history. It must not draw from torch's global random state, and neither must on_log. folder: where checkpoints go
    (none without it). resume: go on from the newest intact checkpoint in `folder`; on one machine the result equals
    that of an uninterrupted run bit for bit. on_log: called with the run so far after every log point. stop: asked
    after every round; once it says yes, a checkpoint is written and the run so far is returned.

    Raises:
        FloatingPointError: a loss is not finite. Nothing is saved.
        ValueError: resuming with other settings than the run was started with (rounds may grow), or no checkpoint in
            the folder is intact.
        FileNotFoundError: resuming without a checkpoint.
    """
    device = pick_device(settings.device)
    game = game.to(device)
    if settings.channels_last:
        game = game.to(memory_format=torch.channels_last)
    data = data.to(device)
    rng = generator(settings.seed, device)
    fixed_noise = game.noise(settings.snapshots, generator(0, device)) if settings.snapshots else None
    state = _State(game, settings, rng)
    with seeded(settings.seed):  # dropout and the like draw from the global state
        if resume:
            state.restore(checkpoints.load(folder or ""))
        _play(state, data, fixed_noise, measure, folder, on_log, stop)
    return state.run()


class _State:
    """All that changes while a run goes on, so that all of it can be saved and restored."""

    def __init__(self, game: Game, settings: Settings, rng: torch.Generator) -> None:
        self.game, self.settings, self.rng = game, settings, rng
        self.optimisers = make_optimisers(game, settings)
        self.ema = EMA(game.G, settings.ema) if settings.ema else None
        self.history = History()
        self.losses: dict[str, list[Tensor]] = {
            name: [] for name in self.optimisers
        }  # since the last log point
        self.rounds_done = 0
        self.seconds = 0.0
        self.images = 0
        self.saved: list[int] = []  # rounds of this run's checkpoints

    @property
    def G(self) -> nn.Module:
        """The generator to sample from."""
        return self.ema.net if self.ema else self.game.G

    def run(self) -> Run:
        """What the caller of `fit` gets to see."""
        return Run(self.game, self.history, self.G, self.settings, self.rounds_done, self.seconds)

    def save(self, folder: str | Path) -> None:
        checkpoints.save(self.rounds_done, self.as_dict(), folder, keep=self.saved)
        self.saved.append(self.rounds_done)

    def as_dict(self) -> dict[str, Any]:
        on_gpu = self.rng.device.type == "cuda"
        return {
            "settings": self.settings.as_dict(),
            "game": self.game.state_dict(),
            "ema": self.ema.net.state_dict() if self.ema else {},
            "optimisers": {name: optimiser.state_dict() for name, optimiser in self.optimisers.items()},
            "device": self.rng.device.type,
            "rng": self.rng.get_state(),
            "global_rng": torch.get_rng_state(),
            "cuda_rng": torch.cuda.get_rng_state(self.rng.device) if on_gpu else None,
            "history": self.history.state(),
            "losses": {name: torch.stack(values) for name, values in self.losses.items() if values},
            "progress": [self.rounds_done, self.seconds, self.images],
        }

    def restore(self, saved: dict[str, Any]) -> None:
        mine, theirs = self.settings.as_dict(), Settings().as_dict() | saved["settings"]
        changed = [k for k in mine if k not in ("rounds", "device") and mine[k] != theirs[k]]
        if changed:
            details = ", ".join(f"{key}: {theirs[key]} then, {mine[key]} now" for key in changed)
            raise ValueError(
                f"this run was started with other settings ({details}); resume with the same ones"
            )
        self.game.load_state_dict(saved["game"])
        if self.ema:
            self.ema.net.load_state_dict(saved["ema"])
        for name, optimiser in self.optimisers.items():
            optimiser.load_state_dict(saved["optimisers"][name])
        self.history = History(**saved["history"])
        self.losses |= {
            name: list(values.to(self.rng.device).unbind()) for name, values in saved["losses"].items()
        }
        self.rounds_done, self.seconds, self.images = saved["progress"]
        self.saved = [self.rounds_done]
        self._restore_random_states(saved)

    def _restore_random_states(self, saved: dict[str, Any]) -> None:
        device = self.rng.device
        torch.set_rng_state(saved["global_rng"])
        if saved["device"] != device.type:  # the generators of two devices have nothing in common
            warnings.warn(
                f"this run was trained on {saved['device']} and goes on on {device.type}: with other random numbers",
                stacklevel=5,
            )
            self.rng.manual_seed(self.settings.seed + self.rounds_done)
            return
        self.rng.set_state(saved["rng"])
        if device.type == "cuda":
            torch.cuda.set_rng_state(saved["cuda_rng"], device)


def _play(
    state: _State,
    data: Resident,
    fixed_noise: Batch | None,
    measure: Measure | None,
    folder: str | Path | None,
    on_log: Callable[[Run], None] | None,
    stop: Callable[[], bool] | None,
) -> None:
    game, settings = state.game, state.settings
    game.train()
    players = list(game.players())
    bar = tqdm(
        total=settings.rounds,
        initial=state.rounds_done,
        desc="rounds",
        mininterval=0.5,
        **({"disable": True} if "GAN_COURSE_PROFILE" in os.environ else {}),  # headless runs stay quiet
    )
    stopped = False
    with bar:
        started = time.perf_counter()
        while state.rounds_done < settings.rounds and not stopped:
            for player in players:
                if state.rounds_done % player.every:
                    continue
                optimiser = state.optimisers[player.name]
                for _ in range(player.steps):
                    loss = move(game, player, optimiser, data, settings.batch, state.rng, settings.precision)
                    state.losses[player.name].append(loss)
                    state.images += settings.batch
            state.rounds_done += 1
            if state.ema:
                state.ema.update(game.G, state.rounds_done)
            bar.update()
            last = state.rounds_done == settings.rounds
            stopped = stop is not None and stop()
            logs = last or state.rounds_done % settings.log_every == 0
            saves = folder and (last or stopped or state.rounds_done % settings.checkpoint_every == 0)
            if not logs and not saves:
                continue
            if state.rng.device.type != "cpu":
                torch.accelerator.synchronize(state.rng.device)  # work that is only queued takes time, too
            state.seconds += time.perf_counter() - started
            if logs:
                bar.set_postfix_str(_log(state, fixed_noise, measure))
                if on_log:
                    on_log(state.run())
                    game.train()
            if saves:
                state.save(folder)
            started = time.perf_counter()


def _log(state: _State, fixed_noise: Batch | None, measure: Measure | None) -> str:
    """Add the mean losses since the last log point, what was measured, and a snapshot to the history.

    The only place where numbers leave the device. Empties `state.losses`; returns the means for the progress bar.
    """
    means = {name: torch.stack(values).mean().item() for name, values in state.losses.items() if values}
    broken = [name for name, loss in means.items() if not math.isfinite(loss)]
    if broken:
        raise FloatingPointError(
            f"the loss of {', '.join(broken)} is not finite after {state.rounds_done} rounds. Try a smaller "
            "learning rate, losses on logits instead of probabilities, a gradient penalty, or precision='fp32'."
        )
    for values in state.losses.values():
        values.clear()
    row = {"round": state.rounds_done, "seconds": state.seconds, "images": state.images, **means}
    if measure:
        row |= measure(state.game, state.G)
        state.game.train()
    state.history.rows.append(row)
    if fixed_noise:
        state.history.snapshots.append((state.rounds_done, state.game.show(fixed_noise, state.G).cpu()))
    return ", ".join(f"{name} {loss:.3f}" for name, loss in means.items())
