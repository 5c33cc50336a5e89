"""What does the chain of LAPGAN buy, and what does each of its parts? Drawn faces of 32 pixels, five seeds each.

`PARTS` are the networks to train; `ARMS` are the ways to make images with them, some from real coarse images, some
without any network. The finished parts (part and seed) are kept in the course's cache, so that an interrupted study
goes on where it stopped.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate
from tqdm import tqdm

from gan_course import pyramid, records
from gan_course.data import cache, faces, load
from gan_course.evaluation.distances import floor, frechet_distance
from gan_course.evaluation.face_oracle import load_face_oracle
from gan_course.evaluation.spectrum import spectrum_error
from gan_course.evaluation.two_sample import classifier_test
from gan_course.models import lapgan as games
from gan_course.models import lapgan_networks
from gan_course.models.dcgan import dcgan
from gan_course.models.vanilla import digit_gan
from gan_course.pyramid import coarser, gaussian, up
from gan_course.training import Game, Settings, fit
from gan_course.training.seeding import generator

SEEDS = tuple(range(5))
SIZE, IMAGES, JUDGED, SHOWN = 32, 10_000, 2_000, 8
ABOUT = (
    "10,000 drawn faces of 32 pixels; 2,000 samples against 2,000 held-out faces. 'FD': Fréchet distance in the "
    "features of the face reader. 'faces': share that the face reader takes for a face. 'diversity': mean distance of "
    "two samples in those features, over that of two real faces. 'spectrum': mean difference of the radial power "
    "spectra, in decibels. 'told apart': accuracy on unseen images of a logistic classifier of those features, real "
    "against made; 0.5 is ideal. The one-shot GANs have the CPU time of the chain's three parts together. 'noise': "
    "standard deviation of a level's details over z for given l, over that of all details. 'swapped': share of pairs "
    "in which the level's trained D gives the higher logit to h with its own l rather than with that of another image"
)

# seed -> the game, the side of its images, its settings
Part = Callable[[int], tuple[Game, int, dict[str, Any]]]


def _level(side: int, **options: Any) -> Part:
    return lambda seed: (games.level(seed, size=side, **options), side, games.LEVEL_SETTINGS)


PARTS: dict[str, Part] = {
    "base": lambda seed: (games.base_gan(seed), 8, games.BASE_SETTINGS),
    "16": _level(16),
    "32": _level(32),
    "16, D sees the detail": _level(16, sees="detail"),
    "32, D sees the detail": _level(32, sees="detail"),
    "16, no noise": _level(16, noise_scale=0.0),
    "32, no noise": _level(32, noise_scale=0.0),
    "DCGAN": lambda seed: (
        dcgan(seed, size=SIZE, width=16),
        SIZE,
        {"rounds": 2400, "lr": 1e-3, "betas": (0.5, 0.999), "ema": 0.99, "channels_last": True},
    ),
    "MLP": lambda seed: (
        digit_gan(seed, shape=(3, SIZE, SIZE)),
        SIZE,
        {"rounds": 2300, "lr": 1e-3, "betas": (0.0, 0.99), "ema": 0.995},
    ),
}
LEVELS = ("16", "32")
ARMS = (
    "chain",
    "chain, D sees the detail",
    "chain, no noise",
    "levels on real 8×8",
    "level on real 16×16",
    "generated 8×8, up",
    "generated 16×16, up",
    "generated 16×16, bicubic",
    "real 16×16, up",
    "real 16×16, bicubic",
    "DCGAN",
    "MLP",
)
MEASURES = ("FD", "faces", "diversity", "spectrum", "told apart")


def part(name: str, seed: int, rounds: int | None = None) -> Game:
    """One trained part; its G is the averaged one. From the cache when it was trained before.

    Raises:
        ValueError: unknown part; the message lists the known ones.
    """
    if name not in PARTS:
        raise ValueError(f"unknown part {name!r}; known: {', '.join(PARTS)}")
    game, side, options = PARTS[name](seed)
    chosen = {} if rounds is None else {"rounds": rounds}
    settings = Settings(**{"seed": games.level_seed(seed, side)} | options | {"snapshots": 0} | chosen)

    def play() -> dict[str, Tensor]:
        run = fit(game, coarser(load("faces", n=IMAGES, size=SIZE), side), settings)
        return {f"G.{key}": tensor for key, tensor in run.G.state_dict().items()} | {
            f"D.{key}": tensor for key, tensor in run.game.D.state_dict().items()
        }

    sources = (sys.modules[__name__], games, lapgan_networks, pyramid, faces, *faces.SOURCES)
    arguments = {"part": name, "seed": seed, "settings": settings.as_dict()}
    state = cache.cached("lapgan_chain", arguments, sources, play)
    game, _, _ = PARTS[name](seed)  # as fresh as one whose weights were on disk, down to the order in memory
    for net in ("G", "D"):
        getattr(game, net).load_state_dict(
            {key[2:]: tensor for key, tensor in state.items() if key[0] == net}
        )
    return game.eval()


def enlarged(images: Tensor, mode: str = "up") -> Tensor:
    """Images of any level at SIZE × SIZE pixels, clamped to [-1, 1]: by the pyramid's `up`, or bicubic."""
    if mode == "bicubic":
        return interpolate(images, size=(SIZE, SIZE), mode="bicubic", align_corners=False).clamp(-1, 1)
    while images.shape[-1] < SIZE:
        images = up(images, (2 * images.shape[-1],) * 2)
    return images.clamp(-1, 1)


def _chain(base: nn.Module, parts: Mapping[str, Game], kind: str = "") -> lapgan_networks.Chain:
    return lapgan_networks.Chain({"8": base} | {side: parts[side + kind].G for side in LEVELS})


@torch.no_grad()
def samples(parts: Mapping[str, Game], held_out: Tensor) -> dict[str, Tensor]:
    """The images (n, 3, 32, 32) of every arm, n as many as held-out faces: all from the noise of seed 0."""
    n = len(held_out)
    noise = games.LAPGAN(parts["base"], [parts[side] for side in LEVELS]).noise(n, generator(0))
    silent = {key: z if key == "8" else torch.zeros_like(z) for key, z in noise.items()}
    _, middle, coarse = gaussian(held_out, 2)
    base = parts["base"].G
    stages = _chain(base, parts).stages(noise)
    condition = up(middle, (SIZE, SIZE))
    detail = parts["32"].G(noise["32"], condition)
    made = {
        "chain": stages[-1].image,
        "chain, D sees the detail": _chain(base, parts, ", D sees the detail")(noise),
        "chain, no noise": _chain(base, parts, ", no noise")(silent),
        "levels on real 8×8": _chain(_Given(coarse), parts)(noise),
        "level on real 16×16": condition + detail,
        "generated 8×8, up": enlarged(stages[0].image),
        "generated 16×16, up": enlarged(stages[1].image),
        "generated 16×16, bicubic": enlarged(stages[1].image, "bicubic"),
        "real 16×16, up": enlarged(middle),
        "real 16×16, bicubic": enlarged(middle, "bicubic"),
        "DCGAN": parts["DCGAN"].sample(n),
        "MLP": parts["MLP"].sample(n),
    }
    return {arm: images.clamp(-1, 1) for arm, images in made.items()}


class _Given(nn.Module):
    """A base that puts out given images, whatever the noise."""

    def __init__(self, images: Tensor) -> None:
        super().__init__()
        self.images = images

    def forward(self, z: Tensor) -> Tensor:
        return self.images


def spread(features: Tensor) -> float:
    """Mean Euclidean distance between two different rows of features (n, d)."""
    return torch.pdist(features.double()).mean().item()


def figures(images: Tensor, held_out: Tensor) -> dict[str, float]:
    """The five numbers of an arm; see `ABOUT`."""
    oracle = load_face_oracle()
    real, fake = oracle.features(held_out), oracle.features(images)
    return {
        "FD": frechet_distance(real, fake),
        "faces": oracle.judge(images).face.double().mean().item(),
        "diversity": spread(fake) / spread(real),
        "spectrum": spectrum_error(held_out, images),
        "told apart": classifier_test(real, fake).accuracy,
    }


@torch.no_grad()
def noise_share(level: games.Level, held_out: Tensor, draws: int = 8) -> float:
    """How much of the details is random: their standard deviation over z at given l, over that of all details."""
    low = level.condition(held_out)
    details = torch.stack([level.detail(low, seed) for seed in range(draws)])  # (draws, n, c, s, s)
    return (details.var(0).mean() / details.var()).sqrt().item()


@torch.no_grad()
def own_condition_share(level: games.Level, held_out: Tensor) -> float:
    """Share of images for which D prefers (h, own l) to (h, l of the next image); equal logits count half."""
    low = level.condition(held_out)
    h = held_out - low
    matched, swapped = level.D(h, low), level.D(h, low.roll(1, 0))
    return ((matched > swapped).double() + (matched == swapped).double() / 2).mean().item()


def cell(seed: int, rounds: int | None = None) -> tuple[dict[str, float], dict[str, Tensor]]:
    """All numbers of one seed, and the first eight samples of every arm."""
    parts = {name: part(name, seed, rounds) for name in tqdm(PARTS, desc=f"seed {seed}")}
    held_out = load("faces", n=JUDGED, size=SIZE, split="test").take(slice(None))
    images = samples(parts, held_out)
    values = {
        f"{arm}: {key}": value
        for arm, made in images.items()
        for key, value in figures(made, held_out).items()
    }
    real = {str(images.shape[-1]): images for images in gaussian(held_out, 1)}
    for side in LEVELS:
        values[f"{side}: noise"] = noise_share(parts[side], real[side][:200])
        for kind in ("", ", D sees the detail"):
            values[f"{side}{kind}: swapped"] = own_condition_share(parts[side + kind], real[side])
    features = load_face_oracle().features(load("faces", n=2 * JUDGED, size=SIZE, split="test").x)
    values["floor: FD"] = floor(frechet_distance, features, JUDGED, seed)
    return values, {arm: made[:SHOWN] for arm, made in images.items()}


def run(
    seeds: Sequence[int] = SEEDS, rounds: int | None = None, folder: str | Path = records.FOLDER
) -> dict[str, list[float]]:
    """The whole study, about half an hour on one core; writes the record and a picture of samples beside it."""
    from gan_course.plotting import image_rows  # matplotlib takes a second to import

    started = time.perf_counter()
    cells = [cell(seed, rounds) for seed in seeds]
    values = {key: [numbers[key] for numbers, _ in cells] for key in cells[0][0]}
    seconds = time.perf_counter() - started
    records.write("lapgan_chain", values, about=ABOUT, seeds=seeds, seconds=seconds, folder=folder)
    strips = [cells[0][1][arm] for arm in ARMS]
    image_rows(strips, ARMS, width=6).savefig(Path(folder) / "lapgan_chain.png", dpi=70)
    return values
