"""Every model that the command line can train, by name.

A new model is one entry in `MODELS`: what it must be told about the data, what may be chosen, and its settings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gan_course.data.resident import Resident
from gan_course.models import dcgan, vanilla
from gan_course.training.game import Game
from gan_course.training.settings import Settings

Options = dict[
    str, Any
]  # plain values: they are kept in the run's folder, and rebuild the game without the data
GAME = {"objective": "non_saturating", "d_steps": 1, "r1": 0.0, "r1_every": 1}  # of `VanillaGAN`


@dataclass(frozen=True)
class Model:
    """How to make a game for given data.

    about: one line for lists. build: seed and options -> game. fits: what follows from the data, or a ValueError that
    says why they cannot be used. free: what you may choose, with the defaults. settings: defaults for `Settings`.
    """

    about: str
    build: Callable[..., Game]
    fits: Callable[[Resident], Options]
    free: Callable[[Resident], Options]
    settings: Callable[[Resident], Options]

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
        raise ValueError(f"unknown model {name!r}; known: {', '.join(MODELS)}")
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


def _dcgan_fits(data: Resident) -> Options:
    channels, height, width = data.x.shape[1:] if _is_images(data) else (0, 0, 0)
    if height == width and height in dcgan.SIZES:
        return {"size": height, "channels": channels}
    sizes = ", ".join(map(str, dcgan.SIZES))
    larger = next((size for size in dcgan.SIZES if size > max(height, width)), None)
    advice = f": try --size {larger}" if height and larger else ""
    raise ValueError(f"dcgan takes square images of {sizes} pixels; {data.name} holds {_shape(data)}{advice}")


def _dcgan_free(data: Resident) -> Options:
    return {"width": 64, "kernel": 4, "latent": 100, "prior": "normal"} | GAME


def _dcgan_settings(data: Resident) -> Options:
    # Radford et al. (2016), section 4, except that they take batches of 128; the average is ours
    return {"rounds": 20_000, "batch": 64, "lr": 2e-4, "betas": (0.5, 0.999), "ema": 0.999}


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
}
