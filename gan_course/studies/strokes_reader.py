"""The oracle of the stroke digits: trained, calibrated, examined, and shipped with the package.

A second reader, trained on the same images without junk, is the control: it shows what training on junk buys.
Writes checkpoints/strokes_reader.safetensors with its card, and the record of both readers.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gan_course import records
from gan_course.data import strokes
from gan_course.evaluation import junk
from gan_course.evaluation.oracle import CHECKPOINTS, Oracle, SelfReport, calibrate, save_oracle, self_report
from gan_course.evaluation.reader import Reader, as_input, train_reader
from gan_course.evaluation.rejection import train_rejecting_reader
from gan_course.training.seeding import generator

WILD, MILD, HELD_OUT, EPOCHS = 60_000, 10_000, 10_000, 4
ABOUT = (
    "shares on 10,000 held-out wild strokes: of right answers (accuracy), of answers above the calibrated threshold "
    "(confident) and of the right ones among those; 'junk …' is the largest share of confident answers on any kind "
    "of junk, of the kinds seen and not seen in training"
)


def training_set(wild: int = WILD, mild: int = MILD) -> tuple[Tensor, Tensor]:
    """Images (n, 1, 28, 28) uint8 and labels (n,) of both settings."""
    parts = [strokes.draw(wild, 0, "wild"), strokes.draw(mild, 1, "mild")]
    return torch.cat([p.images for p in parts]), torch.cat([p.factors["label"] for p in parts])


def examine(reader: Reader, junk_share: float = 0.01) -> tuple[Oracle, dict[str, SelfReport]]:
    """Calibrate on one held-out set, then report on two others: setting -> report."""
    calibration = strokes.draw(HELD_OUT, 2, "wild")
    nothing = junk.mixture(as_input(calibration.images), generator(2))
    threshold = calibrate(
        reader, calibration.images, calibration.factors["label"], nothing, junk_share=junk_share
    )
    oracle = Oracle("strokes", reader, threshold)
    tests = {"wild": strokes.draw(HELD_OUT, 3, "wild"), "mild": strokes.draw(HELD_OUT, 4, "mild")}
    return oracle, {
        key: self_report(oracle, test.images, test.factors["label"]) for key, test in tests.items()
    }


def run(checkpoints: str | Path = CHECKPOINTS, folder: str | Path = records.FOLDER) -> dict[str, Any]:
    """The whole study, a few minutes on one core; returns the card."""
    started = time.perf_counter()
    images, labels = training_set()
    oracle, reports = examine(train_rejecting_reader(images, labels, EPOCHS))
    # A plain reader is sure of so much junk that no threshold rejects it: it is calibrated on digits alone.
    control, control_reports = examine(train_reader(images, labels, EPOCHS), junk_share=1.0)
    values = _row("rejecting", oracle, reports["wild"]) | _row("plain", control, control_reports["wild"])
    records.write(
        "strokes_reader",
        values,
        about=ABOUT,
        seeds=(0,),
        seconds=time.perf_counter() - started,
        folder=folder,
    )
    facts = {
        "what": "reads 28×28 digits and judges samples of generators",
        "trained_on": f"{WILD} wild and {MILD} mild strokes and junk, {EPOCHS} epochs, seed 0",
        "calibrated_on": f"{HELD_OUT} other wild strokes and as many images of junk",
        "accuracy": reports["wild"].accuracy,
        "held_out": {setting: asdict(report) for setting, report in reports.items()},
        "junk_seen_in_training": list(junk.SEEN),
        "limits": "trained on drawn digits, not on photographed or scanned ones",
        "command": "gan-course study strokes_reader",
        "license": "MIT",
    }
    return save_oracle(oracle, facts, checkpoints)


def _row(arm: str, oracle: Oracle, report: SelfReport) -> dict[str, list[float]]:
    numbers = {
        "accuracy": report.accuracy,
        "confident": report.confident,
        "confident accuracy": report.confident_accuracy,
        "threshold": oracle.threshold,
        "junk seen": max(report.junk[kind] for kind in junk.SEEN),
        "junk unseen": max(report.junk[kind] for kind in junk.UNSEEN),
    }
    return {f"{arm}: {name}": [number] for name, number in numbers.items()}
