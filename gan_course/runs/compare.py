"""Runs beside each other."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gan_course.runs.folder import Facts, read_facts, read_history
from gan_course.runs.tables import number, table

COSTS = ("state", "round", "seconds", "images_per_second", "device", "peak_memory_bytes")


def lines(runs: Sequence[str | Path]) -> list[str]:
    """A table in three parts: settings that differ; what the runs cost; their last losses, and what was measured.

    Raises:
        FileNotFoundError, ValueError: a folder is no run, or it is damaged.
    """
    facts = [read_facts(run) for run in runs]
    plans = [_plan(one) for one in facts]
    names = list(dict.fromkeys(name for plan in plans for name in plan))
    differing = [name for name in names if any(plan.get(name) != plans[0].get(name) for plan in plans)]
    outcomes = [_losses(run) | _measures(run) for run in map(Path, runs)]
    parts = (
        ("SETTINGS THAT DIFFER" if differing else "SETTINGS THAT DIFFER: NONE", differing, plans),
        ("COSTS", COSTS, facts),
        ("RESULTS", dict.fromkeys(name for outcome in outcomes for name in outcome), outcomes),
    )
    rows: list[list[str]] = []
    for title, part, values in parts:
        rows.append([title, *("" for _ in runs)])
        rows += [[name, *(_cell(value.get(name)) for value in values)] for name in part]
    return table(["", *map(str, runs)], rows)


def _plan(facts: Facts) -> dict[str, Any]:
    """All that was chosen when a run was started, by name."""
    data = {f"data {key}" if key != "name" else "data": value for key, value in facts["data"].items()}
    parts = {
        f"{part} {name}": value
        for part, plan in facts.get("parts", {}).items()
        for name, value in plan["settings"].items()
        if name not in facts["settings"]
    }
    return (
        {"model": facts["model"]}
        | data
        | {"rows": facts["rows"]}
        | facts["options"]
        | facts["settings"]
        | parts
    )


def _losses(run: Path) -> dict[str, float]:
    rows = read_history(run).rows
    last = rows[-1] if rows else {}
    return {f"last loss {k}": v for k, v in last.items() if k not in ("round", "seconds", "images")}


def _measures(run: Path) -> dict[str, Any]:
    """What `evaluate` measured, under names that say when and on how many samples."""
    path = run / "evaluation.json"
    if not path.exists():
        return {}
    try:
        evaluation = json.loads(path.read_text(encoding="utf-8"))
        measures = {f"{one['what']} (n={one['n']})": one["value"] for one in evaluation["measures"]}
        return {"evaluated after round": evaluation["round"]} | measures
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is damaged ({error}): evaluate the run again") from None


def _cell(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    return number(value)


def curves(runs: Sequence[str | Path], path: Path) -> None:
    """Write a PNG with the losses of the runs, one panel per player."""
    import matplotlib.pyplot as plt

    from gan_course.plotting import figure

    histories = {str(run): read_history(Path(run)).rows for run in runs}
    names = list(dict.fromkeys(key for rows in histories.values() for row in rows for key in row))
    players = [name for name in names if name not in ("round", "seconds", "images")]
    if not players:
        raise ValueError("these runs have no log point yet: there is nothing to draw")
    fig, axes = figure(1, len(players), squeeze=False)
    for ax, player in zip(axes[0], players, strict=True):
        for name, rows in histories.items():
            points = [(row["round"], row[player]) for row in rows if player in row]
            ax.plot(*zip(*points, strict=True) if points else ([], []), label=name)
        ax.set(title=f"loss of {player}", xlabel="round", ylabel="mean since the last log point")
    axes[0][0].legend(fontsize=8)
    fig.savefig(path)
    plt.close(fig)
