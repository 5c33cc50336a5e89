"""What held-out faces look like to the face reader: the statistics against which homework runs are judged.

Needs CelebA (`gan-course data import … --name celeba --size 64`). No photograph and no part of one is kept: 64 means,
their covariances and one distance per set.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import torch

from gan_course import records
from gan_course.data import load
from gan_course.evaluation.face_reader import SIDE
from gan_course.grading import run_measures
from gan_course.runs.folder import write_json
from gan_course.training.seeding import generator

ROWS = {"faces": 10_000, "celeba": None}  # held-out rows; None: all there are
SIZES = {"faces": 32, "celeba": 64}
VARIETY_N = 200
ABOUT = (
    "mean and covariance (upper triangle, row by row) of the 64 features of the face reader over held-out images; "
    "nearest: median distance of 200 images, drawn from those with seed 0, to the nearest other one of them, pixels "
    "in [-1, 1] averaged to 16×16; averaged to 32×32, all sizes of a set look the same to the reader"
)


def of_set(name: str) -> dict[str, Any]:
    """The statistics of one set, as plain values."""
    data = load(name, size=SIZES[name], split="test", n=ROWS[name])
    features = torch.cat(
        [run_measures.reader().features(data.x[i : i + 1000]) for i in range(0, len(data), 1000)]
    ).double()
    rows, columns = torch.triu_indices(features.shape[1], features.shape[1])
    chosen = data.x[torch.randperm(len(data), generator=generator(0))[:VARIETY_N]]
    return {
        "rows": len(data),
        "size": SIZES[name],
        "read at": SIDE,
        "mean": _short(features.mean(0)),
        "covariance": _short(features.T.cov()[rows, columns]),
        "nearest": round(run_measures.nearest_other(run_measures.as_pixels(chosen)).median().item(), 4),
    }


def _short(values: torch.Tensor) -> list[float]:
    """Six significant digits."""
    return [float(f"{value:.6g}") for value in values.tolist()]


def run(path: str | Path = run_measures.STATISTICS) -> dict[str, Any]:
    """Measure both sets and write the file."""
    began = time.perf_counter()
    sets = {name: of_set(name) for name in run_measures.SETS}
    facts = records.provenance(time.perf_counter() - began)
    content = {"about": ABOUT, "command": "gan-course study face_statistics", "sets": sets, **facts}
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    write_json(Path(path), content)
    return content
