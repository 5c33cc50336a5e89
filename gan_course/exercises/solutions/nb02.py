"""Solutions of notebook 02."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import softplus


def optimal_d(p_data: Tensor, p_g: Tensor) -> Tensor:
    """D* = p_data / (p_data + p_g); 1/2 where neither law has mass."""
    total = p_data + p_g
    empty = total == 0
    return torch.where(empty, 0.5, p_data / torch.where(empty, 1.0, total))


def js_from_value(v: float | Tensor) -> float | Tensor:
    """V(D*) = -log 4 + 2 JS, solved for JS."""
    return (v + math.log(4)) / 2


def log_ratio(a: Tensor, real_share: float) -> Tensor:
    """a = log(pi p) - log((1 - pi) q), so log p - log q = a - log(pi / (1 - pi))."""
    return a - math.log(real_share / (1 - real_share))


def logit_gradients(a: Tensor) -> tuple[Tensor, Tensor]:
    """The slopes of log(1 - sigmoid(a)) = -softplus(a) and of -log sigmoid(a) = softplus(-a)."""
    a = a.detach().clone().requires_grad_(True)
    (minimax,) = torch.autograd.grad(-softplus(a).sum(), a)
    (non_saturating,) = torch.autograd.grad(softplus(-a).sum(), a)
    return minimax, non_saturating


predict_value = "DACDE"
