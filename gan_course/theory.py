"""Exact results about the GAN game on laws that can be written down.

A *law* is a tensor of probabilities over atoms in its last dimension: shape (..., n), entries >= 0, sum 1.
A density on the line becomes a law with `on_grid`, so every function here serves discrete laws and densities.
Everything is computed in double precision and in nats (natural logarithm).

Source of the game and its solution: Goodfellow et al. 2014, equation 1, Proposition 1, Theorem 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

LOG2 = math.log(2.0)
LOG4 = math.log(4.0)


def as_law(weights: Tensor, *, tolerance: float = 1e-9) -> Tensor:
    """Check that `weights` (..., n) is a law and return it in double precision.

    Raises:
        ValueError: an entry is negative or not finite, or the last dimension does not sum to 1.
    """
    law = torch.as_tensor(weights, dtype=torch.float64)
    if not torch.isfinite(law).all() or (law < 0).any():
        raise ValueError("a law needs finite probabilities >= 0; got " + str(law.flatten()[:8].tolist()))
    total = law.sum(-1)
    if (total - 1).abs().max() > tolerance:
        raise ValueError(f"the probabilities of a law sum to 1; these sum to {total.flatten()[:4].tolist()}")
    return law


def on_grid(
    density: Callable[[Tensor], Tensor], low: float, high: float, n: int = 20_001
) -> tuple[Tensor, Tensor]:
    """Turn a density on [low, high] into points (n,) and a law (n,) by the trapezoidal rule.

    For a smooth density that vanishes at both ends the rule converges faster than any power of the
    spacing, which is why the identities of the course hold to 1e-10 on a plain grid.

    Raises:
        ValueError: more than 1e-9 of the mass lies outside [low, high].
    """
    x = torch.linspace(low, high, n, dtype=torch.float64)
    weights = torch.full_like(x, (high - low) / (n - 1))
    weights[[0, -1]] /= 2
    mass = density(x) * weights
    if abs(mass.sum().item() - 1) > 1e-9:
        raise ValueError(
            f"the density has mass {mass.sum().item():.12f} on [{low}, {high}], not 1: widen the interval or "
            "refine the grid"
        )
    return x, mass


def xlogy(p: Tensor, value: Tensor) -> Tensor:
    """p * log(value), with 0 * log(0) = 0: an atom that never occurs adds nothing to an expectation."""
    return torch.special.xlogy(p, value)


def value(d: Tensor, p_data: Tensor, p_g: Tensor) -> Tensor:
    """V(D, G) = E_{x ~ p_data}[log D(x)] + E_{x ~ p_g}[log(1 - D(x))]   (Goodfellow et al. 2014, eq. 1).

    d: (..., n) in [0, 1], the discriminator's answer on every atom. Returns (...,), in nats.
    """
    return (xlogy(p_data, d) + xlogy(p_g, 1 - d)).sum(-1)


def optimal_discriminator(p_data: Tensor, p_g: Tensor) -> Tensor:
    """D*(x) = p_data(x) / (p_data(x) + p_g(x))   (Goodfellow et al. 2014, Proposition 1). Shape (..., n).

    Where neither law has mass the value does not matter for V; it is set to 1/2.
    """
    total = p_data + p_g
    d = torch.where(total > 0, p_data / total.clamp_min(1e-300), torch.full_like(total, 0.5))
    # Where p_g is below 1e-16 of p_data, D* rounds to 1 and log(1 - D*) to minus infinity. The largest number
    # below 1 in its place changes V by less than 1e-16.
    return torch.where(p_g > 0, d.clamp_max(1 - torch.finfo(d.dtype).eps / 2), d)


def generator_criterion(p_data: Tensor, p_g: Tensor) -> Tensor:
    """C(G) = max_D V(D, G) = V(D*, G), what the generator of the minimax game minimises (Theorem 1).

    With log D* = log p_data - log(p_data + p_g) the rounded D* is never used: where D* is within 1e-16 of 1,
    1 - D* rounds to 0 and its logarithm to minus infinity.
    """
    total = p_data + p_g
    return (xlogy(p_data, p_data) + xlogy(p_g, p_g) - xlogy(total, total)).sum(-1)


def kl(p: Tensor, q: Tensor) -> Tensor:
    """KL(p || q) = sum_x p(x) log(p(x) / q(x)), in nats; infinite where p has mass and q has none."""
    return (xlogy(p, p) - xlogy(p, q)).sum(-1)


def js(p: Tensor, q: Tensor) -> Tensor:
    """JS(p, q) = KL(p || m) / 2 + KL(q || m) / 2 with m = (p + q) / 2. Between 0 and log 2, in nats."""
    mixture = (p + q) / 2
    return (kl(p, mixture) + kl(q, mixture)) / 2


def total_variation(p: Tensor, q: Tensor) -> Tensor:
    """TV(p, q) = sum |p - q| / 2, between 0 and 1."""
    return (p - q).abs().sum(-1) / 2


def wasserstein1(p: Tensor, q: Tensor, x: Tensor) -> Tensor:
    """W1 on the line: the area between the two distribution functions, in the units of x.

    x: (n,) increasing positions of the atoms.
    """
    gap = (p - q).cumsum(-1)[..., :-1].abs()
    return (gap * x.diff()).sum(-1)


def f_divergence(p: Tensor, q: Tensor, f: Callable[[Tensor], Tensor]) -> Tensor:
    """D_f(p || q) = sum_x q(x) f(p(x) / q(x)) for convex f with f(1) = 0; q must have mass wherever p has.

    Raises:
        ValueError: q(x) = 0 somewhere with p(x) > 0.
    """
    if ((q == 0) & (p > 0)).any():
        raise ValueError("f_divergence needs q(x) > 0 wherever p(x) > 0")
    ratio = torch.where(q > 0, p / q.clamp_min(1e-300), torch.ones_like(q))
    return (q * f(ratio)).sum(-1)


def bilinear_play(x: float, y: float, step: float, moves: int, *, alternating: bool) -> Tensor:
    """Gradient play of min_x max_y V(x, y) = x y; returns the path, shape (moves + 1, 2).

    Simultaneous: (x, y) <- (x - step * y, y + step * x); the norm grows by sqrt(1 + step^2) each move.
    Alternating: y answers the new x; x^2 + y^2 - step * x * y never changes, so the path stays on an ellipse.
    """
    path = torch.empty(moves + 1, 2, dtype=torch.float64)
    path[0] = torch.tensor([x, y], dtype=torch.float64)
    for move in range(moves):
        new_x = x - step * y  # dV/dx = y, x descends
        y = y + step * (new_x if alternating else x)  # dV/dy = x, y ascends
        x = new_x
        path[move + 1] = torch.tensor([x, y], dtype=torch.float64)
    return path
