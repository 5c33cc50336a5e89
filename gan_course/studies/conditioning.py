"""How should a GAN be told the class? Three ways in, two blindfolds, three AC-GANs; stroke digits, five seeds each.

`ARMS` names them. All train on the same data, for as many rounds. The finished cells (arm and seed) are
kept in the course's cache, so that an interrupted study goes on where it stopped.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor
from tqdm import tqdm

from gan_course import records
from gan_course.data import cache, load, strokes
from gan_course.evaluation.conditional import agreement, class_frechet_distance, diversity_ratio
from gan_course.evaluation.oracle import load_oracle
from gan_course.models import acgan as acgan_module
from gan_course.models import cgan, conditional_networks
from gan_course.models.acgan import acgan
from gan_course.models.cgan import CGAN, CGAN_SETTINGS, conv_cgan
from gan_course.training import Run, Settings, fit

SEEDS = tuple(range(5))
ROUNDS, IMAGES, JUDGED = 1_000, 20_000, 2_000
FIGURES = ("agreement", "diversity", "FD")
ABOUT = (
    "after 1,000 rounds of batch 64 on 20,000 stroke digits, width 16, with the settings that suit projection; "
    "2,000 samples with the labels of 2,000 held-out digits. 'agreement': share of the samples that the stroke "
    "reader takes, with confidence, for the class that was asked for. 'diversity': mean distance of two samples of "
    "a class over that of two held-out digits of the class, in the reader's features, averaged over the classes; 1 "
    "is right. 'FD': Fréchet distance within every class in the same features, averaged over the classes. 'held-out"
    " digits' are other real ones in place of samples"
)
ARMS: dict[str, Callable[[int], CGAN]] = {
    "concat": lambda seed: conv_cgan(seed, how="concat"),
    "embedding": lambda seed: conv_cgan(seed, how="embedding"),
    "projection": lambda seed: conv_cgan(seed, how="projection"),
    "label zeroed in G": lambda seed: conv_cgan(seed, blind_g=True),
    "D blind to the label": lambda seed: conv_cgan(seed, blind_d=True),
    "AC-GAN": acgan,
    "AC-GAN, real images classified only": lambda seed: acgan(seed, classify_fakes=False),
    "AC-GAN, class weight 4": lambda seed: acgan(seed, class_weight=4.0),
}
REAL = "held-out digits"


def build(arm: str, seed: int) -> CGAN:
    """The game of one arm.

    Raises:
        ValueError: unknown arm; the message lists the known ones.
    """
    if arm not in ARMS:
        raise ValueError(f"unknown arm {arm!r}; known: {', '.join(ARMS)}")
    return ARMS[arm](seed)


def train(arm: str, seed: int, rounds: int = ROUNDS, images: int = IMAGES) -> Run:
    """Train one arm with one seed, of weights and noise."""
    settings = Settings(**(CGAN_SETTINGS | {"rounds": rounds}), seed=seed, snapshots=0)
    return fit(build(arm, seed), load("strokes", n=images), settings)


def figures(samples: Tensor, labels: Tensor) -> dict[str, float]:
    """The numbers of one cell, from samples (n, 1, 28, 28) and the labels (n,) that were asked for; see `ABOUT`."""
    oracle, real = load_oracle("strokes"), load("strokes", n=JUDGED, split="test")
    features = oracle.features(samples), labels, oracle.features(real.x), real.column("label")
    return {
        "agreement": agreement(oracle, samples, labels).share,
        "diversity": diversity_ratio(*features),
        "FD": class_frechet_distance(*features),
    }


def cell(arm: str, seed: int, rounds: int = ROUNDS) -> dict[str, Tensor]:
    """The numbers of one arm and seed, and one sample of every class (uint8); from the cache when it was run before."""

    def play() -> dict[str, Tensor]:
        run = train(arm, seed, rounds)
        labels = load("strokes", n=JUDGED, split="test").column("label")
        values = figures(run.game.draw_class(labels, G=run.G), labels)
        samples = run.sample(10).add(1).mul(127.5).round().to(torch.uint8)
        return {key: torch.tensor(value) for key, value in values.items()} | {"samples": samples}

    sources = (sys.modules[__name__], cgan, acgan_module, conditional_networks, strokes)
    return cache.cached("conditioning", {"arm": arm, "seed": seed, "rounds": rounds}, sources, play)


def ceiling(seed: int) -> dict[str, float]:
    """The numbers of other real digits in place of samples: what a perfect generator would score."""
    others = load("strokes", n=JUDGED, seed=1 + seed, split="test")
    return figures(others.x, others.column("label"))


def run(
    seeds: Sequence[int] = SEEDS, rounds: int = ROUNDS, folder: str | Path = records.FOLDER
) -> dict[str, list[float]]:
    """The whole study, about half an hour on one core; writes the record and a picture of samples beside it."""
    from gan_course.plotting import image_rows  # matplotlib takes a second to import

    started = time.perf_counter()
    values: dict[str, list[float]] = {}
    strips = []
    for arm in tqdm(ARMS, desc="arms"):
        cells = [cell(arm, seed, rounds) for seed in seeds]
        for key in FIGURES:
            values[f"{arm}: {key}"] = [c[key].item() for c in cells]
        strips.append(cells[0]["samples"])
    for seed in seeds:
        for key, value in ceiling(seed).items():
            values.setdefault(f"{REAL}: {key}", []).append(value)
    seconds = time.perf_counter() - started
    records.write("conditioning", values, about=ABOUT, seeds=seeds, seconds=seconds, folder=folder)
    image_rows(strips, list(ARMS), width=6).savefig(Path(folder) / "conditioning.png", dpi=70)
    return values
