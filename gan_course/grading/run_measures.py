"""What the judges of a training run measure, in the features of the face reader and in coarse pixels.

The reader looks at faces averaged to 32×32, so one set of statistics serves every size of image.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gan_course import records
from gan_course.evaluation.face_oracle import FaceOracle, load_face_oracle
from gan_course.exercises.checking import Wrong

STATISTICS = records.FOLDER / "statistics" / "faces.json"  # written by the study face_statistics
SETS = ("faces", "celeba")  # those with statistics
NO_FACES = {
    "faces": 210,
    "celeba": 150,
}  # FD of 200 samples from which on they are no faces; see `run_trained`
COARSE = 16  # pixels: the side at which images are compared one by one


@dataclass(frozen=True)
class Statistics:
    """What is known of a data set's held-out images.

    mean (64,), covariance (64, 64): of the features. spread: root of the mean squared distance of the features from
    their mean. nearest: median distance of `VARIETY_N` images to the nearest other one, pixels in [-1, 1] at COARSE.
    """

    mean: Tensor
    covariance: Tensor
    spread: float
    nearest: float


@cache
def statistics(name: str) -> Statistics:
    """The statistics of the held-out images of "faces" or "celeba".

    Raises:
        Wrong: the grader knows no other set.
    """
    if name not in SETS:
        raise Wrong(
            f"the run was trained on {name!r}; what is handed in is trained on {' or '.join(SETS)}, for which the "
            "grader knows what held-out images look like"
        )
    kept = json.loads(Path(STATISTICS).read_text(encoding="utf-8"))["sets"][name]
    mean = torch.tensor(kept["mean"], dtype=torch.float64)
    rows, columns = torch.triu_indices(len(mean), len(mean))
    covariance = torch.zeros(len(mean), len(mean), dtype=torch.float64)
    covariance[rows, columns] = covariance[columns, rows] = torch.tensor(
        kept["covariance"], dtype=torch.float64
    )
    return Statistics(mean, covariance, covariance.trace().sqrt().item(), kept["nearest"])


@cache
def reader() -> FaceOracle:
    """The network of the course that sees faces."""
    return load_face_oracle()


def data_name(settings: Any) -> str:
    """The name of the data set in the settings of a hand-in, which may be anything."""
    try:
        return str(settings["data"]["name"])
    except (KeyError, TypeError):
        raise Wrong("run/settings.json does not say which data the run was trained on") from None


def pictures(seen: dict[str, Any], key: str, shape: tuple[int, ...]) -> Tensor:
    """Images of that shape, uint8, from what a kernel published.

    Raises:
        Wrong: there are none, with the problem that the kernel met; or they are something else.
    """
    if seen.get("problem") is not None:
        raise Wrong(str(seen["problem"])[:600])
    images = seen.get(key)
    if not isinstance(images, Tensor) or images.dtype != torch.uint8 or tuple(images.shape) != shape:
        found = (
            f"{images.dtype} {tuple(images.shape)}" if isinstance(images, Tensor) else type(images).__name__
        )
        raise Wrong(f"your generator draws {found}, expected images of shape {shape}")
    return images


def fd(known: Statistics, features: Tensor) -> float:
    """|mu_r - mu_f|² + Tr(C_r + C_f - 2 (C_r C_f)^(1/2)) of a known Gaussian and features (n, 64), n > 1.

    As `evaluation.distances.frechet_distance`, where one side is known only by its mean and covariance.
    """
    rows = features.double()
    covariance = rows.T.cov()
    # the eigenvalues of a product of two positive semi-definite matrices are real and not negative
    cross = torch.linalg.eigvals(known.covariance @ covariance).real.clamp_min(0).sqrt().sum()
    shift = (rows.mean(0) - known.mean).square().sum()
    return (shift + known.covariance.trace() + covariance.trace() - 2 * cross).item()


def must_be_faces(settings: Any, samples: Tensor) -> None:
    """Refuse samples, uint8 (n, 3, 32, 32), that are not even roughly faces.

    Raises:
        Wrong: they are not.
    """
    name = data_name(settings)
    value = fd(statistics(name), reader().features(samples))
    if not value <= NO_FACES[name]:
        raise Wrong(f"the samples are no faces (FD {value:.0f} to {name}): train the generator first")


def spread(features: Tensor) -> float:
    """Root of the mean squared distance of features (n, 64) from their mean."""
    return features.double().var(0).sum().sqrt().item()


def as_pixels(images: Tensor) -> Tensor:
    """uint8 images (n, 3, s, s) as rows in [-1, 1], averaged to COARSE × COARSE: (n, 3 · COARSE²)."""
    side = images.shape[-1]
    scaled = images.float().div(127.5).sub(1)
    coarse = torch.nn.functional.avg_pool2d(scaled, side // COARSE) if side > COARSE else scaled
    return coarse.flatten(1)


def nearest_other(rows: Tensor) -> Tensor:
    """Distance of every row (n, d) to the nearest other one: (n,)."""
    return (
        torch.cdist(rows, rows, compute_mode="donot_use_mm_for_euclid_dist").fill_diagonal_(torch.inf).amin(1)
    )
