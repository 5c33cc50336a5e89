"""Which change cures a collapsing GAN? Settings under which a GAN on the ring of eight Gaussians keeps at most a few
modes, and the same run with one thing changed at a time; ten seeds each.

`ARMS` names what differs from the preset. Every arm trains for as many rounds on the same data.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from gan_course import records
from gan_course.data.toy import ring
from gan_course.evaluation.modes import mode_coverage
from gan_course.models.vanilla import ring_gan
from gan_course.training import Run, Settings, fit

SEEDS = tuple(range(10))
LAW = ring()
RADIUS = 10.0  # standard deviations: 0.2, where neighbouring modes are 1.5 apart
ABOUT = (
    "modes of the ring of eight Gaussians (radius 2, std 0.02) that get at least 1.25 % of 4,000 samples within 0.2 of "
    "their mean, after 2,500 rounds"
)

PRESET = {"lr_G": 1e-3, "lr_D": 2e-4, "beta1": 0.9, "r1": 0.0, "d_steps": 1}
ARMS: dict[str, dict[str, float]] = {
    "preset": {},
    "beta1 0.5": {"beta1": 0.5},
    "beta1 0": {"beta1": 0.0},
    "lr_D 1e-3": {"lr_D": 1e-3},
    "5 D steps": {"d_steps": 5},
    "R1": {"r1": 0.1},
    "lr_D 1e-3, beta1 0": {"lr_D": 1e-3, "beta1": 0.0},
    "lr_D 1e-3, beta1 0, R1": {"lr_D": 1e-3, "beta1": 0.0, "r1": 0.1},
}


def train(arm: str, seed: int, rounds: int = 2500, **options: Any) -> Run:
    """Train one arm with one seed (weights, data and noise); `options` go to `Settings`.

    Raises:
        ValueError: unknown arm; the message lists the known ones.
    """
    if arm not in ARMS:
        raise ValueError(f"unknown arm {arm!r}; known: {', '.join(ARMS)}")
    chosen = PRESET | ARMS[arm]
    game = ring_gan(seed, latent=16, r1=chosen["r1"], d_steps=int(chosen["d_steps"]))
    settings = Settings(
        rounds=rounds,
        batch=256,
        lr={"G": chosen["lr_G"], "D": chosen["lr_D"], "R1": chosen["lr_D"]},
        betas=(chosen["beta1"], 0.999),
        seed=seed,
        **options,
    )
    return fit(game, LAW.resident("ring", 50_000, seed), settings)


def modes(run: Run) -> int:
    """Modes that 4,000 samples reach. The radius is wide: the question is which modes are left, not how sharp."""
    return mode_coverage(run.sample(4000), LAW, radius=RADIUS).covered


def measure(seeds: Sequence[int] = SEEDS, rounds: int = 2500) -> dict[str, list[float]]:
    """Arm -> modes covered, one number per seed."""
    values: dict[str, list[float]] = {arm: [] for arm in ARMS}
    for arm, seed in tqdm([(arm, seed) for arm in ARMS for seed in seeds], desc="runs"):
        values[arm].append(float(modes(train(arm, seed, rounds, log_every=rounds, snapshots=0))))
    return values


def run(folder: str | Path = records.FOLDER) -> dict[str, list[float]]:
    """The whole study, about 13 minutes on one core; writes `folder`/ring_collapse.json."""
    started = time.perf_counter()
    values = measure()
    seconds = time.perf_counter() - started
    records.write("ring_collapse", values, about=ABOUT, seeds=SEEDS, seconds=seconds, folder=folder)
    return values
