"""From a finished run to a model that comes with the course."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

from gan_course.models.shipped import CHECKPOINTS, save_shipped
from gan_course.runs.folder import open_run

KEPT = (
    "model",
    "options",
    "parts",
    "data",
    "rows",
    "fingerprint",
    "settings",
    "versions",
    "hardware",
    "seconds",
)
LICENCE = "MIT"


def ship(folder: str | Path, name: str, checkpoints: str | Path = CHECKPOINTS) -> dict[str, Any]:
    """Put a run's averaged generator and its other networks among the shipped models; returns the card.

    Raises:
        FileNotFoundError: no run, or it was not evaluated: a card without measures helps nobody.
        ValueError: the run was not finished, or its data may not be passed on.
    """
    run = open_run(folder)
    if run.facts["state"] != "finished":
        raise ValueError(
            f"{folder} is {run.facts['state']}: finish it with `gan-course train --resume {folder}`"
        )
    if run.facts["data"]["name"] not in ("ring", "grid25", "swiss_roll", "strokes", "faces"):
        raise ValueError(
            "only models trained on data that the course draws itself are shipped: weights may carry what they saw"
        )
    path = Path(folder) / "evaluation.json"
    if not path.exists():
        raise FileNotFoundError(f"measure it first: gan-course evaluate {folder}")
    evaluation = json.loads(path.read_text(encoding="utf-8"))
    run.game.G = run.G
    facts = {key: run.facts[key] for key in KEPT if key in run.facts} | {
        "what": f"{run.facts['model']} on {run.facts['data']['name']}, {run.round:,} rounds",
        "seed": run.facts["settings"]["seed"],
        "command": without_out(run.facts["command"]),
        "measured": {key: evaluation[key] for key in ("n", "seed", "measures")},
        "limits": "one seed; the generator is the running average of the weights",
        "license": LICENCE,
    }
    return save_shipped(name, run.game, facts, checkpoints)


def without_out(command: str) -> str:
    """The command line without `--out FOLDER`, which is nobody else's folder."""
    words = shlex.split(command)
    if "--out" in words:
        at = words.index("--out")
        del words[at : at + 2]
    return shlex.join(words)
