"""Solutions of notebook 03, one per exercise, under the exercise's name."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus
from torch.optim import Optimizer


def gan_losses(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """D minimises -E log D(x) - E log(1 - D(G(z))), G minimises -E log D(G(z)); both from logits."""
    d_loss = softplus(-real).mean() + softplus(fake).mean()
    g_loss = softplus(-fake).mean()
    return d_loss, g_loss


def discriminator_step(
    G: nn.Module, D: nn.Module, optimiser: Optimizer, x_real: Tensor, latent: int
) -> float:
    """One move of D. `detach` cuts the graph between G and D, so that no gradient reaches G."""
    optimiser.zero_grad()
    z = torch.randn(len(x_real), latent)
    x_fake = G(z).detach()
    loss = softplus(-D(x_real)).mean() + softplus(D(x_fake)).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


def generator_step(G: nn.Module, D: nn.Module, optimiser: Optimizer, n: int, latent: int) -> float:
    """One move of G. The gradient passes through D on its way to G; only G's parameters are in the optimiser."""
    optimiser.zero_grad()
    z = torch.randn(n, latent)
    loss = softplus(-D(G(z))).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


def play_round(
    d_move: Callable[[Tensor], float], g_move: Callable[[], float], batches: Iterator[Tensor], k: int
) -> tuple[float, float]:
    """k moves of D, each on the next batch, then one of G."""
    d_losses = [d_move(next(batches)) for _ in range(k)]
    return sum(d_losses) / k, g_move()


def count_modes(samples: Tensor, means: Tensor, radius: float, least: float) -> int:
    """Modes whose neighbourhood holds at least the share `least` of all samples."""
    distance, mode = torch.cdist(samples, means).min(dim=1)  # (n,), (n,)
    found = torch.bincount(mode[distance <= radius], minlength=len(means))
    return int((found >= least * len(samples)).sum())


def latent_path(G: nn.Module, z_start: Tensor, z_end: Tensor, steps: int) -> Tensor:
    """G along the straight line from z_start to z_end, in eval mode and without a graph."""
    t = torch.linspace(0, 1, steps)[:, None]  # (steps, 1)
    was_training = G.training
    G.eval()
    with torch.no_grad():
        samples = G((1 - t) * z_start + t * z_end)
    G.train(was_training)
    return samples


gradient_forecast = {
    "minimax": "weak",  # size sigma(a): 0.269 at a = -1, 0.0025 at a = -6
    "non_saturating": "strong",  # size 1 - sigma(a): 0.731 at a = -1, 0.9975 at a = -6
    "ratio": math.exp(6),  # (1 - sigma(a)) / sigma(a) = e^(-a)
}
