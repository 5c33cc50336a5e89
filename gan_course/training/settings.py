"""How long and how fast to train: one small record, kept with every run."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Settings:
    """Settings of `fit`.

    rounds: every player moves `player.steps` times per round. batch: rows per move. lr: learning rate of Adam,
    one number or one per player name. betas: Adam's. ema: decay per round of the generator's running average, 0
    for none. log_every: rounds between log points, the only moments at which numbers leave the device.
    snapshots: how many samples from a fixed noise to keep at each log point. checkpoint_every: rounds between
    checkpoints when a folder is given. device: "auto", "cpu", "cuda" or "mps". precision: "fp32" or "bf16".

    Raises:
        ValueError: a value that cannot work.
    """

    rounds: int = 1000
    batch: int = 64
    lr: float | dict[str, float] = 2e-4
    betas: tuple[float, float] = (0.5, 0.999)
    ema: float = 0.0
    log_every: int = 100
    snapshots: int = 64
    checkpoint_every: int = 1000
    seed: int = 0
    device: str = "cpu"
    precision: str = "fp32"
    channels_last: bool = False

    def __post_init__(self) -> None:
        for name in ("rounds", "batch", "log_every", "checkpoint_every"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, not {getattr(self, name)}")
        if not 0 <= self.ema < 1:
            raise ValueError(f"ema is a decay in [0, 1), not {self.ema}; 0 means no average")
        if self.precision not in ("fp32", "bf16"):
            raise ValueError(f"unknown precision {self.precision!r}; known: fp32, bf16")

    def rate(self, player: str) -> float:
        """The learning rate of a player.

        Raises:
            ValueError: rates were given per player and this one is missing.
        """
        if not isinstance(self.lr, dict):
            return self.lr
        if player not in self.lr:
            raise ValueError(f"no learning rate for player {player!r}; given: {', '.join(self.lr)}")
        return self.lr[player]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for checkpoints and records."""
        return asdict(self) | {"betas": list(self.betas)}
