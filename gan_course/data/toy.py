"""Laws on the line and on the plane that are known exactly: what a GAN learned can be compared with the truth."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from gan_course.data.resident import Resident
from gan_course.training.seeding import generator


@dataclass(frozen=True)
class Mixture:
    """A mixture of Gaussians with round components.

    weights: (k,), sum 1. means: (k, d). std: (k,), the standard deviation of each component.

    Raises:
        ValueError: the three do not speak of the same number of components.
    """

    weights: Tensor
    means: Tensor
    std: Tensor

    def __post_init__(self) -> None:
        if not len(self.weights) == len(self.means) == len(self.std):
            raise ValueError(
                f"a mixture needs one of each per component; got {len(self.weights)} weights, {len(self.means)} "
                f"means and {len(self.std)} standard deviations"
            )

    def density(self, x: Tensor) -> Tensor:
        """p(x) at points x (..., d), or (...) for a mixture on the line. Returns (...), in double precision."""
        return self.log_density(x).exp()

    def log_density(self, x: Tensor) -> Tensor:
        """log p(x), in nats, without underflow far from the modes."""
        means, std, weights = self.means.double(), self.std.double(), self.weights.double()
        weights = weights / weights.sum()  # single-precision weights miss 1 by up to 1e-7
        d = means.shape[1]
        points = x.double().reshape(*x.shape[: x.dim() - (d > 1)], 1, d)
        squared = (points - means).square().sum(-1)  # (..., k)
        log_normal = -squared / (2 * std**2) - d * (std.log() + 0.5 * math.log(2 * math.pi))
        return torch.logsumexp(weights.log() + log_normal, -1)

    def sample(self, n: int, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        """n points (n, d) and the component (n,) that each came from."""
        component = torch.multinomial(self.weights, n, replacement=True, generator=rng)
        noise = torch.randn(n, self.means.shape[1], generator=rng)
        return self.means[component] + self.std[component, None] * noise, component

    def resident(self, name: str, n: int, seed: int) -> Resident:
        """A fixed sample of n points as training data; column `mode` is the component."""
        x, component = self.sample(n, generator(seed))
        return Resident(name, x.float(), {"mode": component})


def line_mixture(
    means: tuple[float, ...] = (-2.0, 2.0),
    std: tuple[float, ...] = (0.5, 0.5),
    weights: tuple[float, ...] | None = None,
) -> Mixture:
    """A mixture on the line; equal weights unless given."""
    k = len(means)
    law = torch.tensor(weights) if weights else torch.full((k,), 1 / k)
    return Mixture(law, torch.tensor(means)[:, None], torch.tensor(std))


def ring(modes: int = 8, radius: float = 2.0, std: float = 0.02) -> Mixture:
    """`modes` Gaussians evenly on a circle.

    The angles are 2 pi k / modes. The frequently copied `linspace(0, 2 * pi, 8)` includes both ends, so that
    its first and last mode coincide and only seven are left.
    """
    angles = 2 * math.pi * torch.arange(modes) / modes
    means = radius * torch.stack([angles.cos(), angles.sin()], dim=1)
    return Mixture(torch.full((modes,), 1 / modes), means, torch.full((modes,), std))


def grid25(spacing: float = 2.0, std: float = 0.05) -> Mixture:
    """25 Gaussians on a five by five grid around the origin."""
    ticks = spacing * torch.arange(-2.0, 3.0)
    return Mixture(torch.full((25,), 1 / 25), torch.cartesian_prod(ticks, ticks), torch.full((25,), std))


def swiss_roll(n: int, seed: int = 0, noise: float = 0.05) -> Resident:
    """n points along a spiral in the plane, within about [-2, 2]; column `angle` tells how far along, in radians."""
    rng = generator(seed)
    angle = 1.5 * math.pi * (1 + 2 * torch.rand(n, generator=rng))
    spiral = torch.stack([angle * angle.cos(), angle * angle.sin()], dim=1) / 7
    return Resident("swiss_roll", spiral + noise * torch.randn(n, 2, generator=rng), {"angle": angle})
