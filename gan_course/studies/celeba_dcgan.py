"""DCGAN on photographs: CelebA at 64 pixels, on whatever machine runs the study.

The networks are half as wide as the usual ones, so that an hour or two on one CPU core is enough to see faces. Needs
the real data set (see `gan_course.data.celeba`). Writes a record and a picture of samples. The weights stay in the
run's folder: CelebA is for non-commercial research only, and the course ships no weights trained on it.
"""

from __future__ import annotations

from pathlib import Path

from gan_course.data.resident import Resident
from gan_course.models.dcgan import DCGAN, dcgan
from gan_course.training import Settings, fit
from gan_course.training.loop import Run

SIZE, WIDTH = 64, 32
SETTINGS = Settings(
    rounds=11_000,
    batch=64,
    lr=4e-4,  # twice the paper's: fewer rounds than its 5 epochs of 3 million images
    betas=(0.5, 0.999),
    ema=0.999,
    log_every=250,
    checkpoint_every=500,
    precision="bf16",
    channels_last=True,
)


def game() -> DCGAN:
    """The networks of this study, untrained."""
    return dcgan(SETTINGS.seed, size=SIZE, width=WIDTH)


def train(data: Resident, folder: str | Path, *, resume: bool = False) -> Run:
    """Train with the settings of this study; checkpoints in `folder` every 500 rounds."""
    return fit(game(), data, SETTINGS, folder=folder, resume=resume)
