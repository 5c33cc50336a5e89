"""Every model that the command line can train, by name.

A new model is one entry in `MODELS`: what it must be told about the data, what may be chosen, and its settings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from gan_course.data.resident import Resident
from gan_course.models import acgan, cgan, dcgan, lapgan, vanilla
from gan_course.models.conditional_networks import KERNELS
from gan_course.pyramid import coarser
from gan_course.training.game import Game
from gan_course.training.settings import Settings

Options = dict[
    str, Any
]  # plain values: they are kept in the run's folder, and rebuild the game without the data
LABELLED = ("strokes", "digits", "mnist", "fashion_mnist", "cifar10", "svhn")
GAME = {"objective": "non_saturating", "d_steps": 1, "r1": 0.0, "r1_every": 1}  # of `VanillaGAN`


@dataclass(frozen=True)
class Part:
    """A training that belongs to a larger one: the `model` of this catalogue, with its options and settings."""

    model: str
    options: Options
    settings: Settings


@dataclass(frozen=True)
class Model:
    """How to make a game for given data.

    about: one line for lists. build: seed and options -> game. fits: what follows from the data, or a ValueError that
    says why they cannot be used. free: what you may choose, with the defaults. settings: defaults for `Settings`.

    rows: the rows it learns from, made of the data. preview: (game, G, rows, n) -> n pictures at a log point, for a
    game that makes none from noise alone.

    parts: for a model that is trained in parts, (options, chosen settings) -> the parts by the name of their folder, in
    the order of training. Its game then has the methods `parts` and `chain` of `lapgan.LAPGAN`, and "part" in the
    options of a part is its name there.
    """

    about: str
    build: Callable[..., Game]
    fits: Callable[[Resident], Options]
    free: Callable[[Resident], Options]
    settings: Callable[[Resident], Options]
    rows: Callable[[Resident, Options], Resident] = lambda data, options: data
    preview: Callable[[Game, nn.Module, Resident, int], Tensor] | None = None
    parts: Callable[[Options, Options], dict[str, Part]] | None = None

    def options(self, data: Resident, chosen: Options) -> Options:
        """All that `build` needs besides the seed: what follows from the data, the defaults, and what was chosen.

        Raises:
            ValueError: the model cannot take these data, or a name or a kind of value that it does not know.
        """
        fixed, free = self.fits(data), self.free(data)
        for name, value in chosen.items():
            if name not in free:
                known = ", ".join(f"{key}={default}" for key, default in free.items())
                raise ValueError(f"no option {name!r} for this model on {data.name}; known: {known}")
            wanted = type(free[name])
            if not isinstance(value, wanted) and not (wanted is float and type(value) is int):
                raise ValueError(f"{name} is of the kind {free[name]!r}, not {value!r}")
        return fixed | free | chosen

    def plan(self, data: Resident, chosen: Options) -> Settings:
        """The settings of a training, all but the `chosen` ones by default."""
        return Settings(**self.settings(data) | chosen)


def find(name: str) -> Model:
    """The model of that name.

    Raises:
        ValueError: there is none; the message lists the known ones.
    """
    if name not in MODELS:
        raise ValueError(f"unknown model {name!r}; known: {', '.join(NAMES)}")
    return MODELS[name]


def _is_images(data: Resident) -> bool:
    return data.x.dim() == 4


def _build_vanilla(seed: int, **options: Any) -> Game:
    return vanilla.digit_gan(seed, **options) if "shape" in options else vanilla.ring_gan(seed, **options)


def _vanilla_fits(data: Resident) -> Options:
    if _is_images(data):
        return {"shape": list(data.x.shape[1:])}
    if data.x.shape[1:] != (2,):
        raise ValueError(f"vanilla takes images or points in the plane; {data.name} holds {_shape(data)}")
    return {}


def _vanilla_free(data: Resident) -> Options:
    return GAME | (
        {"latent": 64, "r1": 2.0, "r1_every": 4} if _is_images(data) else {"latent": 2, "width": 128}
    )


def _vanilla_settings(data: Resident) -> Options:
    if _is_images(data):
        return dict(vanilla.DIGIT_SETTINGS)
    return {"rounds": 2500, "batch": 256, "lr": 1e-3, "betas": (0.5, 0.999)}


def _square(name: str, data: Resident, sizes: Sequence[int]) -> Options:
    """Side and channels of the images.

    Raises:
        ValueError: the model `name` is not built for them.
    """
    channels, height, width = data.x.shape[1:] if _is_images(data) else (0, 0, 0)
    if height == width and height in sizes:
        return {"size": height, "channels": channels}
    larger = next((size for size in sizes if size > max(height, width)), None)
    advice = f": try --size {larger}" if height and larger else ""
    known = ", ".join(map(str, sizes))
    raise ValueError(
        f"{name} takes square images of {known} pixels; {data.name} holds {_shape(data)}{advice}"
    )


def _dcgan_fits(data: Resident) -> Options:
    return _square("dcgan", data, dcgan.SIZES)


def _dcgan_free(data: Resident) -> Options:
    return {"width": 64, "kernel": 4, "latent": 100, "prior": "normal"} | GAME


def _dcgan_settings(data: Resident) -> Options:
    # Radford et al. (2016), section 4, except that they take batches of 128; the average is ours
    return {"rounds": 20_000, "batch": 64, "lr": 2e-4, "betas": (0.5, 0.999), "ema": 0.999}


def _conditional_fits(name: str) -> Callable[[Resident], Options]:
    def fits(data: Resident) -> Options:
        if "label" not in data.columns:
            raise ValueError(
                f"{name} learns from the class of every image, and {data.name} has no labels; sets that have them: "
                f"{', '.join(LABELLED)}"
            )
        classes = int(data.column("label").max()) + 1
        return _square(name, data, tuple(KERNELS)) | {"classes": classes}

    return fits


def _cgan_free(data: Resident) -> Options:
    return {"how": "projection", "width": 16, "latent": 64, "blind_g": False, "blind_d": False} | GAME


def _acgan_free(data: Resident) -> Options:
    own = {"class_weight": 1.0, "classify_fakes": True}
    return {"how": "embedding", "width": 16, "latent": 64, "blind_g": False} | own | GAME


LAPGAN_SIZES = (16, 32, 64, 128)  # doublings of the base


def _lapgan_parts(options: Options, chosen: Options) -> dict[str, Part]:
    seed = chosen.get("seed", 0)
    changes = {"snapshots": 0} | {name: value for name, value in chosen.items() if name != "seed"}
    plan = lapgan.lapgan(seed, **options).plan(seed, **changes)
    return {
        f"level-{name}": Part("lapgan-level", options | {"part": name, "chain_seed": seed}, settings)
        for name, settings in plan.items()
    }


def _build_level(seed: int, *, part: str, chain_seed: int, **options: Any) -> Game:
    """A part's weights depend on the seed of the chain, and not on that of its own training."""
    return lapgan.lapgan(chain_seed, **options).parts()[part]


def _level_preview(game: Game, G: nn.Module, rows: Resident, n: int) -> Tensor:
    """The first images, coarse, with generated details; of the base its samples."""
    if not isinstance(game, lapgan.Level):
        return game.sample(n, 0, G)
    with torch.no_grad():
        low = game.condition(rows.take(slice(0, n)).to(next(game.parameters()).device))
        return (low + game.detail(low, 0, G)).clamp(-1, 1)


def _not_started_alone(data: Resident) -> Options:
    raise ValueError("a level is trained as a part of: gan-course train lapgan")


def _shape(data: Resident) -> str:
    """ "images of 1×28×28" or "points of 3 numbers"."""
    sides = "×".join(str(side) for side in data.x.shape[1:])
    return (
        f"images of {sides} (channels × height × width)" if _is_images(data) else f"points of {sides} numbers"
    )


MODELS = {
    "vanilla": Model(
        "the GAN of Goodfellow et al. (2014), fully connected",
        _build_vanilla,
        _vanilla_fits,
        _vanilla_free,
        _vanilla_settings,
    ),
    "dcgan": Model(
        "the convolutional GAN of Radford et al. (2016)",
        lambda seed, **options: dcgan.dcgan(seed, **options),
        _dcgan_fits,
        _dcgan_free,
        _dcgan_settings,
    ),
    "cgan": Model(
        "the conditional GAN of Mirza and Osindero (2014), convolutional",
        lambda seed, **options: cgan.conv_cgan(seed, **options),
        _conditional_fits("cgan"),
        _cgan_free,
        lambda data: dict(cgan.CGAN_SETTINGS),
    ),
    "acgan": Model(
        "the auxiliary classifier GAN of Odena et al. (2017)",
        lambda seed, **options: acgan.acgan(seed, **options),
        _conditional_fits("acgan"),
        _acgan_free,
        lambda data: dict(cgan.CGAN_SETTINGS),
    ),
    "lapgan": Model(
        "the Laplacian pyramid of Denton et al. (2015): a GAN per level",
        lambda seed, **options: lapgan.lapgan(seed, **options),
        lambda data: _square("lapgan", data, LAPGAN_SIZES),
        lambda data: {"base": 8, "width": 16, "networks": "small", "sees": "sum", "planes": 1},
        lambda data: {},
        parts=_lapgan_parts,
    ),
    "lapgan-level": Model(
        "one part of lapgan",
        _build_level,
        _not_started_alone,
        _not_started_alone,
        _not_started_alone,
        rows=lambda data, options: coarser(data, int(options["part"])),
        preview=_level_preview,
    ),
}
NAMES = tuple(name for name in MODELS if name != "lapgan-level")  # what can be started
