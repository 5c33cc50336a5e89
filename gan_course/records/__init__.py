"""Records: the outcome of studies too long for a notebook, with all that is needed to repeat them.

A record is one small JSON file in this folder, written by `gan-course study NAME`. It holds one number per arm
(treatment or control) and seed, never only a mean, so that a reader can judge the spread.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Record:
    """What a study left behind.

    values: arm -> one number per seed, in the order of `seeds`. about: what the numbers are, with their unit.
    command: repeats the study. commit: of the code that ran ("unknown" outside a git checkout, "…+" with changes
    that were not committed). versions: of Python and the libraries. hardware: in words. seconds: of the whole study.
    """

    name: str
    about: str
    seeds: list[int]
    values: dict[str, list[float]]
    command: str
    commit: str
    versions: dict[str, str]
    hardware: str
    seconds: float

    def of(self, arm: str) -> list[float]:
        """The numbers of an arm, one per seed.

        Raises:
            KeyError: no such arm; the message lists the known ones.
        """
        if arm not in self.values:
            raise KeyError(f"the record {self.name!r} has no arm {arm!r}; known: {', '.join(self.values)}")
        return self.values[arm]

    def mean(self, arm: str) -> float:
        """The mean of an arm over its seeds."""
        return sum(self.of(arm)) / len(self.of(arm))

    def range(self, arm: str) -> tuple[float, float]:
        """The smallest and the largest number of an arm: where one repeated cell of the study has to fall."""
        return min(self.of(arm)), max(self.of(arm))


def write(
    name: str,
    values: Mapping[str, Sequence[float]],
    *,
    about: str,
    seeds: Sequence[int],
    seconds: float,
    folder: str | Path = FOLDER,
) -> Record:
    """Write the record of a study to `folder`/NAME.json, together with where and by what it was made.

    Raises:
        ValueError: no arm, or an arm that does not have one number per seed.
    """
    if not values:
        raise ValueError(f"the study {name!r} has no values to record")
    for arm, numbers in values.items():
        if len(numbers) != len(seeds):
            raise ValueError(
                f"arm {arm!r} has {len(numbers)} numbers for {len(seeds)} seeds; one each is needed"
            )
    record = Record(
        name=name,
        about=about,
        seeds=list(seeds),
        values={arm: [float(number) for number in numbers] for arm, numbers in values.items()},
        command=f"gan-course study {name}",
        **provenance(seconds),
    )
    text = json.dumps(asdict(record), indent=1, ensure_ascii=False)
    (Path(folder) / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    return record


def provenance(seconds: float) -> dict[str, Any]:
    """Where and by what a record was made: commit, versions, hardware, and how long it took."""
    return {
        "commit": _commit(),
        "versions": _versions(),
        "hardware": _hardware(),
        "seconds": round(seconds, 1),
    }


def read(name: str, folder: str | Path = FOLDER) -> Record:
    """The record of that name.

    Raises:
        FileNotFoundError: there is none; the message lists the known ones and how to make it.
    """
    path = Path(folder) / f"{name}.json"
    if not path.exists():
        known = ", ".join(sorted(file.stem for file in Path(folder).glob("*.json"))) or "none"
        raise FileNotFoundError(f"no record {name!r}; known: {known}. `gan-course study {name}` makes it")
    return Record(**json.loads(path.read_text(encoding="utf-8")))


def _commit() -> str:
    """The commit of the checkout this package lies in, "unknown" where there is none."""

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=FOLDER, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    try:
        return git("rev-parse", "HEAD") + ("+" if git("status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _versions() -> dict[str, str]:
    import numpy
    import torch

    import gan_course

    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": numpy.__version__,
        "gan_course": gan_course.__version__,
    }


def _hardware() -> str:
    import torch

    gpu = f", {torch.cuda.get_device_name()}" if torch.cuda.is_available() else ""
    return f"{platform.machine()}, {os.cpu_count()} cores, {torch.get_num_threads()} threads of torch{gpu}"
