"""What a model is: a game. It owns networks, draws what a move needs, and says who plays.

Two rules make everything else possible (the same numbers twice, exact resumption, moves that can be timed,
captured and distributed): all randomness is in `draw` and `noise`, and a player's loss is a pure function of
the networks and the batch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gan_course.data.resident import Resident
from gan_course.training.seeding import generator

Batch = dict[str, Tensor]


@dataclass(frozen=True)
class Player:
    """One side of the game.

    name: shown in curves. plays: everything this player's move updates; players with the same parameters share
    an optimiser. loss: minimised, maps a batch to a scalar. steps: moves per round, each on a fresh batch.
    every: the player moves only in every so many rounds (lazy penalties).
    """

    name: str
    plays: nn.Module
    loss: Callable[[Batch], Tensor]
    steps: int = 1
    every: int = 1


class Game(nn.Module):
    """Base class of the models. A subclass sets `G` and defines `players`, `draw` and `noise`.

    frozen: networks that take part but never learn (a text encoder, an earlier stage). They stay in eval mode
    and belong to no player.
    """

    G: nn.Module
    frozen: tuple[nn.Module, ...] = ()

    def players(self) -> Sequence[Player]:
        """Who moves in a round, in this order."""
        raise NotImplementedError

    def draw(self, data: Resident, n: int, rng: torch.Generator) -> Batch:
        """All that one move needs: n real rows and the noise. The only place where a move is random."""
        raise NotImplementedError

    def noise(self, n: int, rng: torch.Generator) -> Batch:
        """What the generator needs to make n samples."""
        raise NotImplementedError

    def generate(self, noise: Batch, G: nn.Module | None = None) -> Tensor:
        """Samples for this noise, by `G` if given (an averaged copy), else by the game's own generator."""
        return (self.G if G is None else G)(noise["z"])

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0, G: nn.Module | None = None) -> Tensor:
        """n samples (n, ...) from noise that depends on the seed alone, generator in eval mode."""
        device = next(self.parameters()).device
        return self.show(self.noise(n, generator(seed, device)), G)

    @torch.no_grad()
    def show(self, noise: Batch, G: nn.Module | None = None) -> Tensor:
        """Samples for given noise in eval mode; the mode the generator was in is restored."""
        net = self.G if G is None else G
        was_training = net.training
        net.eval()
        samples = self.generate(noise, net)
        net.train(was_training)
        return samples

    def train(self, mode: bool = True) -> Game:
        """As in torch, but frozen networks stay in eval mode."""
        super().train(mode)
        for net in self.frozen:
            net.eval()
        return self
