"""Data that lives on the device as a whole: a batch is an index and a normalisation."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import torch
from torch import Tensor


@dataclass(frozen=True)
class Resident:
    """A data set in memory.

    name: for titles and messages. x: images as uint8 (n, channels, height, width), or points as floats (n, d).
    columns: what is known of each row (label, slant, caption ids ...), each of shape (n, ...).
    """

    name: str
    x: Tensor
    columns: dict[str, Tensor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key, column in self.columns.items():
            if len(column) != len(self.x):
                raise ValueError(f"{self.name}: column {key!r} has {len(column)} rows, x has {len(self.x)}")

    def __len__(self) -> int:
        return len(self.x)

    def take(self, index: Tensor | slice) -> Tensor:
        """Rows as the networks see them: images as floats in [-1, 1], points as they are."""
        rows = self.x[index]
        return rows.float().div(127.5).sub(1) if rows.dtype == torch.uint8 else rows

    def draw(self, n: int, rng: torch.Generator) -> Tensor:
        """n rows drawn independently and uniformly, as Algorithm 1 of Goodfellow et al. (2014) asks."""
        return self.take(self.index(n, rng))

    def index(self, n: int, rng: torch.Generator) -> Tensor:
        """n row numbers drawn independently and uniformly, shape (n,)."""
        return torch.randint(len(self), (n,), generator=rng, device=self.x.device)

    def to(self, device: torch.device | str) -> Resident:
        """The same data on another device."""
        columns = {key: column.to(device) for key, column in self.columns.items()}
        return replace(self, x=self.x.to(device), columns=columns)

    def rows(self, start: int, stop: int) -> Resident:
        """A part of the data, rows start to stop."""
        columns = {key: column[start:stop] for key, column in self.columns.items()}
        return replace(self, x=self.x[start:stop], columns=columns)

    def column(self, name: str) -> Tensor:
        """What is known of each row under this name.

        Raises:
            KeyError: this data set does not have it; the message lists what it has.
        """
        if name not in self.columns:
            known = ", ".join(self.columns) or "none"
            raise KeyError(f"{self.name!r} has no column {name!r}; known: {known}")
        return self.columns[name]
