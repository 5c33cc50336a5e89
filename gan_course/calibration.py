"""How far the bounds of live claims are from luck: each notebook over five seeds and 1, 2 and 4 threads.

A live bound must lie between treatment and control, at least three standard deviations from both. `calibrate` runs
a notebook without judging its claims and keeps what treatment and control came to in each run; a test reads these
records and refuses a live claim that has none, or whose bound is too close.
"""

from __future__ import annotations

import json
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gan_course import notebooks
from gan_course.claims import Claim, claims_in
from gan_course.records import FOLDER, provenance

RUNS = ((0, 2), (1, 1), (2, 4), (3, 2), (4, 1))  # (seed, threads)


def record_path(name: str, folder: Path = FOLDER) -> Path:
    """Where the calibration of a notebook is kept."""
    return folder / "calibration" / f"{name}.json"


def calibrate(
    path: Path, runs: Sequence[tuple[int, int]] = RUNS, folder: Path = FOLDER
) -> dict[str, list[Claim]]:
    """Run a notebook once per (seed, threads) under the cpu profile and write what its live claims came to.

    Returns the live claims by their text, one per run.
    """
    started = time.perf_counter()
    found: dict[str, list[Claim]] = {}
    for seed, threads in runs:
        print(f"{path.stem}: seed {seed}, {threads} threads", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as scratch, notebooks.environment(OMP_NUM_THREADS=str(threads)):
            executed = notebooks.execute(
                path, Path(scratch) / path.name, parameters={"seed": seed}, judged=False
            )
        for claim in claims_in(executed):
            if claim.kind == "live":
                found.setdefault(claim.text, []).append(claim)
    record = {
        "command": f"gan-course calibrate {path.stem}",
        "runs": [{"seed": seed, "threads": threads} for seed, threads in runs],
        "claims": {text: numbers(claims) for text, claims in found.items()},
    } | provenance(time.perf_counter() - started)
    target = record_path(path.stem, folder)
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return found


def numbers(claims: Sequence[Claim]) -> dict[str, list[float | None]]:
    """What treatment and control came to in each run."""
    return {
        "treatment": [claim.value for claim in claims],
        "control": [claim.control for claim in claims],
    }


def margins(low: float | None, high: float | None, entry: dict[str, Any]) -> tuple[float, float]:
    """Distance of the bounds from the means of treatment and control, in standard deviations of each.

    entry: the numbers of a claim, as in a record. Negative when the mean lies on the wrong side. With both bounds,
    the nearer one counts for the treatment and the one that the control violates for the control. Infinite when
    a sample does not vary.
    """

    def inside(mean: float) -> float:
        return min(mean - low if low is not None else math.inf, high - mean if high is not None else math.inf)

    distances = []
    for values, sign in ((entry["treatment"], 1), (entry["control"], -1)):
        spread = statistics.stdev(values)
        gap = sign * inside(statistics.fmean(values))
        distances.append(gap / spread if spread else math.copysign(math.inf, gap))
    return distances[0], distances[1]
