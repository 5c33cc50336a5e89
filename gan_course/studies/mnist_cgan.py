"""The conditional GAN on real digits: MNIST, trained for longer than a notebook can.

Needs the real data set (`gan-course data download mnist`). Two judges: the reader of the stroke digits, which never saw
a scanned digit, and a reader trained here on MNIST. Writes a record and a picture of samples, one row per class.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from gan_course import records
from gan_course.data import cache, load
from gan_course.data.resident import Resident
from gan_course.evaluation.conditional import agreement, diversity_ratio
from gan_course.evaluation.distances import frechet_distance
from gan_course.evaluation.oracle import Oracle, load_oracle
from gan_course.evaluation.reader import accuracy, train_reader
from gan_course.models.cgan import CGAN, CGAN_SETTINGS, conv_cgan
from gan_course.training import Run, Settings, fit

WIDTH, EPOCHS, COLUMNS = 32, 3, 20
LONGER = {"rounds": 10_000, "ema": 0.999, "log_every": 250, "checkpoint_every": 500}
SETTINGS = Settings(**(CGAN_SETTINGS | LONGER))
ABOUT = (
    "conv_cgan of width 32 after 10,000 rounds of batch 64 on 60,000 MNIST digits; 10,000 samples with the labels "
    "of the test digits. 'agreement, strokes': share that the stroke reader takes, with confidence, for the "
    "class that was asked for; 'agreement, MNIST': share that a reader trained on MNIST takes for it, whatever its "
    "confidence; 'test digits': the same of the real ones. 'diversity': mean distance of two samples of a class over "
    "that of two test digits of the class, in the stroke reader's features, averaged over the classes. 'FD': Fréchet "
    "distance to the 10,000 test digits in those features; floor: of 10,000 training digits; untrained: of the same "
    "network before training. images per second: training alone"
)


def game() -> CGAN:
    """The networks of this study, untrained."""
    return conv_cgan(SETTINGS.seed, width=WIDTH)


def train(data: Resident, folder: str | Path, *, resume: bool = False) -> Run:
    """Train with the settings of this study; checkpoints in `folder` every 500 rounds."""
    return fit(game(), data, SETTINGS, folder=folder, resume=resume)


def figures(run: Run, training: Resident, held_out: Resident) -> dict[str, float]:
    """The numbers of the record; see `ABOUT`."""
    strokes = load_oracle("strokes")
    reader = train_reader(training.x, training.column("label"), EPOCHS)
    mnist = Oracle("mnist", reader, threshold=0.0)  # every answer counts
    labels = held_out.column("label")
    samples = run.game.draw_class(labels, seed=1, G=run.G)
    real, made = strokes.features(held_out.x), strokes.features(samples)
    untrained = strokes.features(game().draw_class(labels, seed=1))
    last = run.history.rows[-1]

    def agree(oracle: Oracle, images: Tensor) -> float:
        return agreement(oracle, images, labels).share

    return {
        "agreement, strokes": agree(strokes, samples),
        "agreement, strokes, test digits": agree(strokes, held_out.x),
        "agreement, MNIST": agree(mnist, samples),
        "agreement, MNIST, test digits": accuracy(reader, held_out.x, labels),
        "diversity": diversity_ratio(made, labels, real, labels),
        "FD": frechet_distance(real, made),
        "FD floor": frechet_distance(real, strokes.features(training.x[: len(real)])),
        "FD untrained": frechet_distance(real, untrained),
        "images per second": SETTINGS.batch * last["round"] / last["seconds"],
        "training seconds": last["seconds"],
    }


def run(folder: str | Path = records.FOLDER) -> dict[str, float]:
    """The whole study, a quarter of an hour on one core; goes on where an interrupted one stopped."""
    import matplotlib.pyplot as plt  # here, because it takes a second to import

    from gan_course.plotting.images import tiled

    training, held_out = (load("mnist", split=split) for split in ("train", "test"))
    place = cache.folder() / "studies" / "mnist_cgan"
    trained = train(training, place, resume=place.exists())
    values = figures(trained, training, held_out)
    records.write(
        "mnist_cgan",
        {key: [value] for key, value in values.items()},
        about=ABOUT,
        seeds=[SETTINGS.seed],
        seconds=values["training seconds"],
        folder=folder,
    )
    classes = torch.arange(10).repeat_interleave(COLUMNS)
    sheet = tiled(trained.game.draw_class(classes, G=trained.G), columns=COLUMNS)
    plt.imsave(Path(folder) / "mnist_cgan.png", sheet, cmap="gray", vmin=0, vmax=1)
    return values
