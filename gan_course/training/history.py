"""What a run leaves behind: numbers per log point and samples from a fixed noise."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from torch import Tensor


@dataclass
class History:
    """rows: one dict per log point ("round", "seconds", "images", one mean loss per player, extra measures).

    snapshots: (round, samples) from the same noise at every log point. `history["D"]` is a column.
    """

    rows: list[dict[str, float]] = field(default_factory=list)
    snapshots: list[tuple[int, Tensor]] = field(default_factory=list)

    def __getitem__(self, name: str) -> list[float]:
        known = sorted({key for row in self.rows for key in row})
        if name not in known:
            raise KeyError(f"no column {name!r} in this history; known: {', '.join(known)}")
        return [row[name] for row in self.rows if name in row]

    @property
    def images_per_second(self) -> float:
        """Real rows shown to the players per second of training, measuring and drawing excluded."""
        last = self.rows[-1]
        return last["images"] / last["seconds"]

    def state(self) -> dict[str, Any]:
        """Plain values and tensors, for a checkpoint."""
        return {"rows": self.rows, "snapshots": self.snapshots}
