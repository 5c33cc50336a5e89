"""What does each guideline of DCGAN buy? Every one of them taken away, on drawn faces of 32 pixels, five seeds each.

`ARMS` names what differs from the DCGAN of the course. Every arm trains for as many rounds on the same data. The
finished cells (arm and seed) are kept in the course's cache, so that an interrupted study goes on where it stopped.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from tqdm import tqdm

from gan_course import records
from gan_course.data import cache, faces, load
from gan_course.evaluation.distances import frechet_distance
from gan_course.evaluation.eval_mode import eval_mode
from gan_course.evaluation.face_oracle import load_face_oracle
from gan_course.models import dcgan as networks
from gan_course.models.dcgan import DCGAN, dcgan, dcgan_discriminator, dcgan_generator, initialise
from gan_course.training import Run, Settings, fit, seeded

SEEDS = tuple(range(5))
SIZE, WIDTH, ROUNDS, IMAGES, JUDGED = 32, 16, 600, 10_000, 2_000
SETTINGS = {"batch": 64, "lr": 1e-3, "betas": (0.5, 0.999), "ema": 0.99, "channels_last": True}
ABOUT = (
    "after 600 rounds on 10,000 drawn faces of 32 pixels, width 16. 'FD': Fréchet distance in the features of the face "
    "reader, 2,000 samples against 2,000 held-out faces. 'faces': share of the samples that the face reader takes for "
    "a face. 'unrest': standard deviation, over the last 150 rounds, of D's mean answer to 256 real faces"
)

Change = Callable[[nn.Module], nn.Module | None]  # a layer -> what stands in its place, None to leave it


def replaced(net: nn.Module, change: Change) -> nn.Module:
    """The network with every layer put through `change`, in place."""
    for name, child in net.named_children():
        new = change(child)
        if new is None:
            replaced(child, change)
        else:
            setattr(net, name, new)
    return net


def without_norm(layer: nn.Module) -> nn.Module | None:
    return nn.Identity() if isinstance(layer, nn.BatchNorm2d) else None


def relu_for_leaky(layer: nn.Module) -> nn.Module | None:
    return nn.ReLU() if isinstance(layer, nn.LeakyReLU) else None


def tanh_for_relu(layer: nn.Module) -> nn.Module | None:
    return nn.Tanh() if isinstance(layer, nn.ReLU) else None


def pooled(layer: nn.Module) -> nn.Module | None:
    """Plain 3×3 convolutions, with max-pooling after them in D and nearest-neighbour enlargement before them in G."""
    if not isinstance(layer, nn.Conv2d | nn.ConvTranspose2d) or layer.stride != (2, 2):
        return None
    conv = nn.Conv2d(layer.in_channels, layer.out_channels, 3, padding=1, bias=False)
    up = isinstance(layer, nn.ConvTranspose2d)
    return nn.Sequential(nn.Upsample(scale_factor=2), conv) if up else nn.Sequential(conv, nn.MaxPool2d(2))


def norm_everywhere(game: DCGAN) -> None:
    """Batch norm also where the paper leaves it out: before G's tanh and after D's first convolution."""
    game.G[-1].insert(1, nn.BatchNorm2d(3))
    game.D[0].insert(1, nn.BatchNorm2d(WIDTH))


def fully_connected(game: DCGAN, hidden: int = 256) -> None:
    """A fully connected hidden layer at either end: after z, and before D's logit."""
    latent, maps = game.latent, 4 * WIDTH
    game.G[0].insert(0, nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, latent)))
    game.D[-1] = nn.Sequential(
        nn.Flatten(), nn.Linear(maps * 16, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, 1)
    )


CHANGES: dict[str, Callable[[DCGAN], Any]] = {
    "all guidelines": lambda game: None,
    "pooling": lambda game: replaced(game, pooled),
    "no batch norm": lambda game: replaced(game, without_norm),
    "no batch norm in G": lambda game: replaced(game.G, without_norm),
    "batch norm everywhere": norm_everywhere,
    "fully connected layers": fully_connected,
    "tanh inside G": lambda game: replaced(game.G[:-1], tanh_for_relu),
    "ReLU in D": lambda game: replaced(game.D, relu_for_leaky),
}
TRAINING: dict[str, dict[str, Any]] = {
    "beta1 0.9": {"betas": (0.9, 0.999)},
    "learning rate 2e-4": {"lr": 2e-4},
}
DEFAULT_INIT = "default initialisation"
ARMS = (*CHANGES, DEFAULT_INIT, *TRAINING)


def build(arm: str, seed: int) -> DCGAN:
    """The game of one arm. All weights of a changed network are drawn again, as the paper says.

    Raises:
        ValueError: unknown arm; the message lists the known ones.
    """
    if arm not in ARMS:
        raise ValueError(f"unknown arm {arm!r}; known: {', '.join(ARMS)}")
    game = dcgan(seed, size=SIZE, width=WIDTH)
    with seeded(seed):
        if arm == DEFAULT_INIT:
            return DCGAN(dcgan_generator(100, SIZE, WIDTH), dcgan_discriminator(SIZE, WIDTH), 100)
        if arm in CHANGES:
            CHANGES[arm](game)
            initialise(game)
    return game


def train(arm: str, seed: int, rounds: int = ROUNDS, images: int = IMAGES) -> Run:
    """Train one arm with one seed (weights and noise); D's mean answer to 256 real faces is in the history."""
    data = load("faces", n=images, size=SIZE)
    probe = load("faces", n=JUDGED, size=SIZE, split="test").take(slice(0, 256))

    def answer(game: DCGAN, _: nn.Module) -> dict[str, float]:
        with torch.no_grad(), eval_mode(game.D):
            return {"D(x)": game.D(probe).sigmoid().mean().item()}

    options = SETTINGS | TRAINING.get(arm, {})
    settings = Settings(rounds=rounds, seed=seed, log_every=10, snapshots=0, **options)
    return fit(build(arm, seed), data, settings, measure=answer)


def figures(run: Run) -> dict[str, float]:
    """The numbers of one cell; see `ABOUT`."""
    oracle = load_face_oracle()
    real = load("faces", n=JUDGED, size=SIZE, split="test").x
    samples = run.sample(JUDGED)
    answers = torch.tensor(run.history["D(x)"])
    return {
        "FD": frechet_distance(oracle.features(real), oracle.features(samples)),
        "faces": oracle.judge(samples).face.double().mean().item(),
        "unrest": answers[-max(2, len(answers) // 4) :].std().item(),
    }


def cell(arm: str, seed: int, rounds: int = ROUNDS) -> dict[str, Tensor]:
    """The numbers of one arm and seed, and its first eight samples (uint8); from the cache when it was run before."""

    def play() -> dict[str, Tensor]:
        run = train(arm, seed, rounds)
        samples = run.sample(8).add(1).mul(127.5).round().to(torch.uint8)
        return {key: torch.tensor(value) for key, value in figures(run).items()} | {"samples": samples}

    sources = (sys.modules[__name__], networks, faces, *faces.SOURCES)
    return cache.cached("dcgan_ablations", {"arm": arm, "seed": seed, "rounds": rounds}, sources, play)


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
        for key in ("FD", "faces", "unrest"):
            values[f"{arm}: {key}"] = [c[key].item() for c in cells]
        strips.append(cells[0]["samples"])
    seconds = time.perf_counter() - started
    records.write("dcgan_ablations", values, about=ABOUT, seeds=seeds, seconds=seconds, folder=folder)
    image_rows(strips, ARMS, width=6).savefig(Path(folder) / "dcgan_ablations.png", dpi=70)
    return values
