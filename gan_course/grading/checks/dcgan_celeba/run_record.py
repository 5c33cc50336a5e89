"""The run record: settings.json and history.csv say what was trained, and agree with each other and the weights."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from torch import nn

from gan_course.exercises.checking import Wrong
from gan_course.grading.run_kernel import read_run

KERNEL_SIDE = (read_run,)
LEAST = 100  # steps: fewer are a trial
FIRST = ("round", "seconds", "images")  # columns of history.csv before the losses
KEYS = ("data", "size", "width", "latent", "channels", "steps", "seed", "seconds", "versions", "hardware")
LONGEST = 1_000_000  # characters of history.csv


def draw(rng: torch.Generator) -> dict[str, Any]:
    return {"row": int(torch.randint(1000, (), generator=rng))}


def observe(case: dict[str, Any], build_generator: Callable[..., nn.Module]) -> dict[str, Any]:
    found = read_run(build_generator)
    texts = {}
    for name in ("settings.json", "history.csv"):
        path = Path("run") / name
        texts[name] = path.read_text(encoding="utf-8")[:1_000_001] if path.is_file() else None
    others = {name: (Path("run") / name).is_file() for name in ("samples.safetensors", "samples.png")}
    return {"problem": found.get("problem"), "texts": texts, "others": others}


def judge(case: dict[str, Any], seen: dict[str, Any]) -> None:
    """The texts are read here; the case decides only which line of the history is named in a message."""
    settings, rows = _settings(seen["texts"]["settings.json"]), _history(seen["texts"]["history.csv"])
    if seen.get("problem") is not None:
        raise Wrong(str(seen["problem"])[:600])
    missing = [name for name, there in seen["others"].items() if there is not True]
    if missing:
        raise Wrong(f"run/{missing[0]} is missing: train.py writes it")
    absent = [key for key in KEYS if key not in settings]
    if absent:
        raise Wrong(f"run/settings.json does not say {', '.join(absent)}")
    steps = settings["steps"]
    if type(steps) is not int or steps < LEAST:
        raise Wrong(
            f"the run has {steps} steps: that is a trial, not a training; at least {LEAST} are asked for"
        )
    _check_history(rows, steps, settings)


def _settings(text: Any) -> dict[str, Any]:
    if not isinstance(text, str):
        raise Wrong("run/settings.json is missing: train.py writes it")
    try:
        settings = json.loads(text)
    except ValueError as error:
        raise Wrong(f"run/settings.json is damaged: {error}") from None
    if not isinstance(settings, dict):
        raise Wrong("run/settings.json is damaged: it holds no settings")
    return settings


def _history(text: Any) -> list[dict[str, float]]:
    if not isinstance(text, str):
        raise Wrong("run/history.csv is missing: train.py writes it")
    if len(text) > LONGEST:
        raise Wrong(f"run/history.csv is longer than {LONGEST:,} characters: log less often")
    reader = csv.DictReader(io.StringIO(text))
    columns = tuple(reader.fieldnames or ())
    if not columns[: len(FIRST)] == FIRST or len(columns) < len(FIRST) + 2:
        raise Wrong(
            f"run/history.csv has the columns {', '.join(columns)[:200] or 'none'}; expected {', '.join(FIRST)} and "
            "a loss per player"
        )
    try:
        return [{name: float(value) for name, value in row.items() if value != ""} for row in reader]
    except (ValueError, TypeError):
        raise Wrong("run/history.csv is damaged: a line holds something that is no number") from None


def _check_history(rows: list[dict[str, float]], steps: int, settings: dict[str, Any]) -> None:
    broken = [number for number, row in enumerate(rows, 2) if not all(map(math.isfinite, row.values()))]
    if broken:
        raise Wrong(f"run/history.csv, line {broken[0]}: a number is not finite, so this run broke down")
    if not rows or int(rows[-1]["round"]) != steps:
        end = int(rows[-1]["round"]) if rows else 0
        raise Wrong(f"run/history.csv ends at round {end:,}, run/settings.json says {steps:,} steps")
    for name in FIRST:
        values = [row[name] for row in rows]
        if values[0] <= 0 or any(later <= earlier for earlier, later in pairwise(values)):
            raise Wrong(f"run/history.csv: the column {name!r} does not grow from line to line")
    losses = [tuple(value for key, value in row.items() if key not in FIRST) for row in rows]
    if len(rows) > 2 and len(set(losses)) == 1:
        raise Wrong("run/history.csv: the losses never change, so nothing was trained")
    batch = settings.get("training", {}).get("batch")
    if type(batch) is int and rows[-1]["images"] < steps * batch:
        raise Wrong(
            f"run/history.csv counts {rows[-1]['images']:,.0f} images, fewer than {steps:,} steps of batch {batch}"
        )
