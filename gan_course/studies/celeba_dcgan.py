"""DCGAN on photographs: CelebA at 64 pixels, on whatever machine runs the study.

The networks are half as wide as the usual ones, so that an hour or two on one CPU core is enough to see faces. Needs
the real data set (`gan-course data import … --name celeba --size 64`). Writes a record and a picture of samples. The
weights stay in the course's cache: CelebA is for non-commercial research only, and no weights made from it are shipped.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch.nn import functional as F

from gan_course import records
from gan_course.data import cache, load
from gan_course.data.resident import Resident
from gan_course.evaluation.distances import floor, frechet_distance
from gan_course.evaluation.face_oracle import load_face_oracle
from gan_course.evaluation.neighbours import not_copies
from gan_course.models.dcgan import DCGAN, dcgan
from gan_course.training import Settings, fit
from gan_course.training.loop import Run

SIZE, WIDTH, JUDGED, SHOWN = 64, 32, 1_200, 64
SETTINGS = Settings(
    rounds=5_500,
    batch=64,
    lr=4e-4,  # twice the paper's: its runs saw millions of images, this one a third of a million
    betas=(0.5, 0.999),
    ema=0.999,
    log_every=250,
    checkpoint_every=500,
    precision="bf16",
    channels_last=True,
)
ABOUT = (
    "DCGAN of width 32 after 5,500 rounds of batch 64 on 21,600 CelebA faces of 64 pixels. FD: in the features of the "
    "face reader, which was trained on drawn faces; 1,200 samples against 1,200 held-out photographs; floor: 1,200 "
    "other held-out photographs; blurred: those averaged over 4×4 pixels; untrained: the same network before "
    "training. copies: distance of samples to the nearest training photograph over that of held-out ones, pixels "
    "averaged to 16×16. images per second: training alone"
)


def game() -> DCGAN:
    """The networks of this study, untrained."""
    return dcgan(SETTINGS.seed, size=SIZE, width=WIDTH)


def train(data: Resident, folder: str | Path, *, resume: bool = False) -> Run:
    """Train with the settings of this study; checkpoints in `folder` every 500 rounds."""
    return fit(game(), data, SETTINGS, folder=folder, resume=resume)


def figures(run: Run, training: Resident, held_out: Resident) -> dict[str, float]:
    """The numbers of the record; see `ABOUT`."""
    features = load_face_oracle().features
    samples, fresh = run.sample(JUDGED, seed=1), game().eval().sample(JUDGED, seed=1)
    photographs = held_out.take(slice(None))
    real = features(photographs)
    blurred = F.interpolate(F.avg_pool2d(photographs[:JUDGED], 4), scale_factor=4)

    def coarse(x: torch.Tensor) -> torch.Tensor:
        return F.adaptive_avg_pool2d(x, 16).flatten(1)

    pool = torch.cat([coarse(training.take(slice(i, i + 2000))) for i in range(0, len(training), 2000)])
    last = run.history.rows[-1]
    return {
        "FD": frechet_distance(real[JUDGED : 2 * JUDGED], features(samples)),
        "FD floor": floor(frechet_distance, real, JUDGED),
        "FD blurred": frechet_distance(real[JUDGED : 2 * JUDGED], features(blurred)),
        "FD untrained": frechet_distance(real[JUDGED : 2 * JUDGED], features(fresh)),
        "copies": not_copies(coarse(samples), pool, coarse(photographs[:JUDGED])).ratio,
        "images per second": SETTINGS.batch * last["round"] / last["seconds"],
        "training seconds": last["seconds"],
    }


def run(folder: str | Path = records.FOLDER) -> dict[str, float]:
    """The whole study, an hour or two on one core; goes on where an interrupted one stopped."""
    import matplotlib.pyplot as plt  # here, because it takes a second to import

    from gan_course.plotting.images import tiled

    training, held_out = (load("celeba", size=SIZE, split=split) for split in ("train", "test"))
    place = cache.folder() / "studies" / "celeba_dcgan"
    trained = train(training, place, resume=place.exists())
    values = figures(trained, training, held_out)
    records.write(
        "celeba_dcgan",
        {key: [value] for key, value in values.items()},
        about=ABOUT,
        seeds=[SETTINGS.seed],
        seconds=values["training seconds"],
        folder=folder,
    )
    plt.imsave(Path(folder) / "celeba_dcgan.png", tiled(trained.sample(SHOWN), columns=16))
    return values
