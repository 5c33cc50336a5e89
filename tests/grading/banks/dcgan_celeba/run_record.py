"""Hand-ins with a bad and with a good run record."""

from __future__ import annotations

from pathlib import Path

from grading import hand_ins as h
from grading.banks.dcgan_celeba import run_shared as shared

STEADY = [(k * 100, k * 10.0, k * 12800, 1.3 / k, 0.7 * k) for k in range(1, 51)]


def _settings(**changes):
    def spoil(folder: Path, base: Path) -> None:
        h.change_settings(folder, **changes)

    return spoil


def _history(rows, columns="round,seconds,images,D,G"):
    def spoil(folder: Path, base: Path) -> None:
        h.write_history(folder, rows, columns)

    return spoil


def _without(name: str):
    def spoil(folder: Path, base: Path) -> None:
        (folder / "run" / name).unlink()

    return spoil


def ten_steps(folder: Path, base: Path) -> None:
    h.change_settings(folder, steps=10)
    h.write_history(folder, [(5, 1.0, 640, 1.3, 0.9), (10, 2.0, 1280, 1.2, 1.0)])


def nan_loss(folder: Path, base: Path) -> None:
    rows = [list(row) for row in STEADY]
    rows[20][3] = "nan"
    h.write_history(folder, [tuple(row) for row in rows])


def infinite_loss(folder: Path, base: Path) -> None:
    h.write_history(folder, [*STEADY[:-1], (5000, 600.0, 700000, "inf", 1.0)])


WRONG = {
    "no_settings": ("settings.json is missing", shared.no_settings),
    "broken_settings": ("settings.json is damaged", shared.broken_settings),
    "no_history": ("history.csv is missing", _without("history.csv")),
    "no_samples": ("samples.safetensors is missing", _without("samples.safetensors")),
    "no_picture": ("samples.png is missing", _without("samples.png")),
    "no_weights": ("generator.safetensors is missing", shared.no_weights),
    "no_steps": ("the run has 0 steps", _settings(steps=0)),
    "ten_steps": ("the run has 10 steps", ten_steps),
    "steps_as_text": ("the run has many steps", _settings(steps="many")),
    "more_steps_than_history": ("ends at round 5,000", _settings(steps=50_000)),
    "no_seed": ("does not say seed", _settings(seed=None)),
    "no_hardware": ("does not say versions, hardware", _settings(versions=None, hardware=None)),
    "nan_loss": ("line 22: a number is not finite", nan_loss),
    "infinite_loss": ("not finite", infinite_loss),
    "empty_history": ("ends at round 0", _history([])),
    "text_in_history": ("no number", _history([*STEADY[:-1], (5000, "fast", 1, 1, 1)])),
    "other_columns": ("has the columns step, loss", _history([(1, 2)], "step,loss")),
    "time_runs_back": (
        "'seconds' does not grow",
        _history([(100, 9.0, 1e4, 1, 1), (5000, 3.0, 7e5, 1.1, 1)]),
    ),
    "losses_never_change": (
        "losses never change",
        _history([(k * 1000, k * 10.0, k * 128000, 1.386, 0.693) for k in range(1, 6)]),
    ),
    "too_few_images": ("fewer than", _history([(2500, 5.0, 1000, 1.2, 0.9), (5000, 9.0, 2000, 1.1, 1.0)])),
    "lies_about_size": ("do not fit build_generator", shared.lies_about_size),
}
RIGHT = {
    "unchanged": shared.unchanged,
    "extra_files": shared.extra_files,
    "other_steps": _settings(more="settings", averaged=False),
    "long_history": _history(STEADY),
    "third_player": _history(
        [(k * 1000, k * 9.0, k * 192000, 1.2 / k, "" if k % 2 else 0.01, 1.5 * k) for k in range(1, 6)],
        "round,seconds,images,D,R1,G",
    ),
    "kernel_five": shared.kernel_five,
}
