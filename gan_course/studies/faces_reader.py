"""The oracle of the drawn faces: trained, calibrated, examined at three sizes, and shipped with the package.

The first seed is shipped; more seeds show how much its figures owe to chance.
Writes checkpoints/faces_reader.safetensors with its card, and the record of all seeds.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gan_course import records
from gan_course.data import faces
from gan_course.evaluation import face_junk
from gan_course.evaluation.cards import CHECKPOINTS
from gan_course.evaluation.face_oracle import (
    QUESTIONS,
    FaceOracle,
    FaceSelfReport,
    calibrate_faces,
    face_self_report,
    save_face_oracle,
)
from gan_course.evaluation.face_reader import SIDE, shrink, train_face_reader

SMALL, SHRUNK, EPOCHS = 24_000, 6_000, 4  # faces drawn at 32 pixels, and at 64 and averaged down
CALIBRATION = 4_000
HELD_OUT = {32: 4_000, 64: 1_000, 128: 500}  # pixels -> faces
ABOUT = (
    "on 4,000 held-out drawn faces of 32 pixels: 'accuracy NAME' is the share of right answers, 'counted NAME' the "
    "share of answers above the calibrated threshold and 'counted accuracy NAME' that of the right ones among those; "
    "'error NAME' is the mean absolute error (yaw in degrees, colours in 0..1); 'face' is the share of faces that pass "
    "for faces, 'junk seen' the largest share of any kind of junk seen in training that does, 'junk unseen: KIND' that "
    "of a kind not seen"
)


def training_set(small: int = SMALL, shrunk: int = SHRUNK) -> tuple[Tensor, dict[str, Tensor]]:
    """Images (n, 3, 32, 32) uint8 and their factors: drawn at this size, and drawn at 64 pixels and averaged down."""
    direct, large = faces.draw(small, 0, SIDE), faces.draw(shrunk, 1, 2 * SIDE)
    averaged = shrink(large.images.float()).round().to(torch.uint8)
    factors = {key: torch.cat([direct.factors[key], large.factors[key]]) for key in direct.factors}
    return torch.cat([direct.images, averaged]), factors


def run(
    checkpoints: str | Path = CHECKPOINTS, folder: str | Path = records.FOLDER, seeds: Sequence[int] = (0,)
) -> dict[str, Any]:
    """The whole study, about three minutes for each seed on one quiet core; returns the card."""
    started = time.perf_counter()
    images, factors = training_set()
    calibration = faces.draw(CALIBRATION, 2, SIDE)
    tests = {size: faces.draw(count, 3, size) for size, count in HELD_OUT.items()}
    rows = []
    for seed in seeds:
        reader = train_face_reader(images, factors, EPOCHS, seed)
        oracle = FaceOracle("faces", reader, calibrate_faces(reader, calibration))
        reports = {size: face_self_report(oracle, test) for size, test in tests.items()}
        if not rows:
            shipped, shipped_reports = oracle, reports
        rows.append(_row(oracle, reports[SIDE]))
    values = {arm: [row[arm] for row in rows] for arm in rows[0]}
    seconds = time.perf_counter() - started
    records.write("faces_reader", values, about=ABOUT, seeds=seeds, seconds=seconds, folder=folder)
    facts = {
        "what": "reads drawn faces of 32, 64 or 128 pixels and judges samples of generators",
        "trained_on": f"{SMALL} faces drawn at 32 pixels, {SHRUNK} drawn at 64 and averaged down, and junk, "
        f"{EPOCHS} epochs, seed {seeds[0]}",
        "calibrated_on": f"{CALIBRATION} other faces, clean and weathered, and as many images of every kind of junk",
        "held_out": {f"{size} pixels": asdict(report) for size, report in shipped_reports.items()},
        "junk_seen_in_training": list(face_junk.SEEN),
        "limits": "trained on drawn faces, not on photographs; means and sums of faces were kept out of its junk",
        "command": "gan-course study faces_reader",
        "license": "MIT",
    }
    return save_face_oracle(shipped, facts, checkpoints)


def _row(oracle: FaceOracle, report: FaceSelfReport) -> dict[str, float]:
    numbers = {"face": report.face, "junk seen": max(report.junk[kind] for kind in face_junk.SEEN)}
    numbers |= {f"junk unseen: {kind}": report.junk[kind] for kind in face_junk.UNSEEN}
    numbers |= {f"threshold {key}": value for key, value in oracle.thresholds.items()}
    for key in QUESTIONS:
        numbers[f"accuracy {key}"] = report.accuracy[key]
        numbers[f"counted {key}"] = report.counted[key]
        numbers[f"counted accuracy {key}"] = report.counted_accuracy[key]
    for key in report.error:
        numbers[f"error {key}"] = report.error[key]
        numbers[f"r2 {key}"] = report.r2[key]
    return numbers
