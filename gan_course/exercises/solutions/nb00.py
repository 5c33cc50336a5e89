"""Solutions to the exercises of notebook 00."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import softplus


def expectation(f: Callable[[Tensor], Tensor], x: Tensor, weights: Tensor) -> Tensor:
    """E f(x) = sum_i w_i f(x_i) / sum_i w_i, a scalar; x and weights (n,), weights >= 0 of any positive sum."""
    return (weights * f(x)).sum() / weights.sum()


def log_sigmoid(a: Tensor) -> Tensor:
    """log sigma(a) = -log(1 + exp(-a)) = -softplus(-a), any shape; softplus never forms a large exponential."""
    return -softplus(-a)


def to_bytes(x: Tensor) -> Tensor:
    """Floats in [-1, 1], any shape, to bytes 0..255: the inverse of u / 127.5 - 1, cut off outside, rounded."""
    return ((x + 1) * 127.5).clamp(0, 255).round().to(torch.uint8)


def sgd_step(loss_of: Callable[[], Tensor], parameters: list[Tensor], lr: float) -> float:
    """One step p <- p - lr dL/dp in place for all parameters; returns the loss before it."""
    for p in parameters:
        p.grad = None  # zero
    loss = loss_of()  # forward and loss
    loss.backward()  # backward
    with torch.no_grad():
        for p in parameters:
            if p.grad is not None:  # a parameter that the loss does not use stays as it is
                p -= lr * p.grad  # step
    return loss.item()


# 1: 0.01 * 0.9 / (0.01 * 0.9 + 0.99 * 0.1) = 1/12. 2: (1 * 3 + 9 * 1) / 4. 4: 2 * 2 * (1 * 2 - 5).
# 5: 1 + 0.1 * 12. 7: (32 + 2 - 4) / 2 + 1 = 16.
diagnostic = {1: "c", 2: "b", 3: "a", 4: "d", 5: "a", 6: "b", 7: "c", 8: "d", 9: "b", 10: "d"}
