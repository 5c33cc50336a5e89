"""A running average of the generator's weights, whose samples are steadier than those of any single step."""

from __future__ import annotations

import copy

import torch
from torch import nn


class EMA:
    """Exponential moving average: after round t, average <- decay_t * average + (1 - decay_t) * weights.

    decay_t = min(decay, (1 + t) / (10 + t)), so that early rounds, far from the result, are soon forgotten.
    Buffers (batch-norm statistics) are copied. Source of the use in GANs: Yazici et al. 2019.
    """

    def __init__(self, net: nn.Module, decay: float) -> None:
        self.decay = decay
        self.net = copy.deepcopy(net).eval().requires_grad_(False)

    @torch.no_grad()
    def update(self, net: nn.Module, rounds_done: int) -> None:
        """Take in the weights after `rounds_done` rounds (1 for the first)."""
        decay = min(self.decay, (1 + rounds_done) / (10 + rounds_done))
        # one fused call for all tensors; torch's own AveragedModel reads a counter back from the device
        torch._foreach_lerp_(list(self.net.parameters()), list(net.parameters()), 1 - decay)
        for mine, theirs in zip(self.net.buffers(), net.buffers(), strict=True):
            mine.copy_(theirs)
