"""`fit`: the training loop. It plays any game, and it is the only loop in the project."""

from __future__ import annotations

import math
import os
import time
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
    """The outcome of `fit`: the trained game, its history, and the generator to sample from (averaged if asked)."""

    game: Game
    history: History
    G: nn.Module
    settings: Settings

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
) -> Run:
    """Train `game` on `data` for `settings.rounds` rounds.

    measure: called at every log point with the game and the generator to sample from; what it returns joins the
    history. It must not draw from torch's global random state. folder: where checkpoints go (none without it).
    resume: go on from the checkpoint in `folder`; on one machine the result equals that of an uninterrupted run
    bit for bit.

    Raises:
        FloatingPointError: a loss is not finite. Nothing is saved.
        ValueError: resuming with other settings than the run was started with (rounds may grow).
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
            state.restore(checkpoints.load(folder or "", "cpu"))
        _play(state, data, fixed_noise, measure, folder)
    return Run(game, state.history, state.G, settings)


class _State:
    """All that changes while a run goes on, so that all of it can be saved and restored."""

    def __init__(self, game: Game, settings: Settings, rng: torch.Generator) -> None:
        self.game, self.settings, self.rng = game, settings, rng
        self.optimisers = make_optimisers(game, settings)
        self.ema = EMA(game.G, settings.ema) if settings.ema else None
        self.history = History()
        self.rounds_done = 0
        self.seconds = 0.0
        self.images = 0

    @property
    def G(self) -> nn.Module:
        """The generator to sample from."""
        return self.ema.net if self.ema else self.game.G

    def as_dict(self) -> dict[str, Any]:
        on_gpu = self.rng.device.type == "cuda"
        return {
            "settings": self.settings.as_dict(),
            "game": self.game.state_dict(),
            "ema": self.ema.net.state_dict() if self.ema else {},
            "optimisers": {name: optimiser.state_dict() for name, optimiser in self.optimisers.items()},
            "rng": self.rng.get_state(),
            "global_rng": torch.get_rng_state(),
            "cuda_rng": torch.cuda.get_rng_state(self.rng.device) if on_gpu else None,
            "history": self.history.state(),
            "progress": [self.rounds_done, self.seconds, self.images],
        }

    def restore(self, saved: dict[str, Any]) -> None:
        mine, theirs = self.settings.as_dict(), saved["settings"]
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
        self.rng.set_state(saved["rng"])
        torch.set_rng_state(saved["global_rng"])
        if saved["cuda_rng"] is not None and self.rng.device.type == "cuda":
            torch.cuda.set_rng_state(saved["cuda_rng"], self.rng.device)
        self.history = History(**saved["history"])
        self.rounds_done, self.seconds, self.images = saved["progress"]


def _play(
    state: _State,
    data: Resident,
    fixed_noise: Batch | None,
    measure: Measure | None,
    folder: str | Path | None,
) -> None:
    game, settings = state.game, state.settings
    game.train()
    players = list(game.players())
    losses: dict[str, list[Tensor]] = {player.name: [] for player in players}
    bar = tqdm(
        total=settings.rounds,
        initial=state.rounds_done,
        desc="rounds",
        mininterval=0.5,
        **({"disable": True} if "GAN_COURSE_PROFILE" in os.environ else {}),  # headless runs stay quiet
    )
    with bar:
        started = time.perf_counter()
        while state.rounds_done < settings.rounds:
            for player in players:
                if state.rounds_done % player.every:
                    continue
                optimiser = state.optimisers[player.name]
                for _ in range(player.steps):
                    loss = move(game, player, optimiser, data, settings.batch, state.rng, settings.precision)
                    losses[player.name].append(loss)
                    state.images += settings.batch
            state.rounds_done += 1
            if state.ema:
                state.ema.update(game.G, state.rounds_done)
            bar.update()
            last = state.rounds_done == settings.rounds
            if state.rounds_done % settings.log_every == 0 or last:
                state.seconds += time.perf_counter() - started
                bar.set_postfix_str(_log(state, losses, fixed_noise, measure))
                started = time.perf_counter()
            if folder and (state.rounds_done % settings.checkpoint_every == 0 or last):
                checkpoints.save(state.as_dict(), folder)


def _log(
    state: _State,
    losses: dict[str, list[Tensor]],
    fixed_noise: Batch | None,
    measure: Measure | None,
) -> str:
    """Add the mean losses since the last log point, what was measured, and a snapshot to the history.

    The only place where numbers leave the device. Empties `losses`; returns the losses for the progress bar.
    """
    means = {name: torch.stack(values).mean().item() for name, values in losses.items() if values}
    broken = [name for name, loss in means.items() if not math.isfinite(loss)]
    if broken:
        raise FloatingPointError(
            f"the loss of {', '.join(broken)} is not finite after {state.rounds_done} rounds. Try a smaller "
            "learning rate, losses on logits instead of probabilities, a gradient penalty, or precision='fp32'."
        )
    for values in losses.values():
        values.clear()
    row = {"round": state.rounds_done, "seconds": state.seconds, "images": state.images, **means}
    if measure:
        row |= measure(state.game, state.G)
        state.game.train()
    state.history.rows.append(row)
    if fixed_noise:
        state.history.snapshots.append((state.rounds_done, state.game.show(fixed_noise, state.G).cpu()))
    return ", ".join(f"{name} {loss:.3f}" for name, loss in means.items())
