"""Guided backpropagation: which pixels drive a feature of a network? (Springenberg et al. 2015.)

The plain gradient of a feature is full of pixels that push it down as well as up. Guided backpropagation keeps, at
every rectifier, only what pushes up. For a pre-activation a and the gradient g that arrives from above:

    plain ReLU    g · [a > 0]
    guided        g · [a > 0] · [g > 0]

The rule is the same for leaky ReLU here: its small slope on a <= 0 is used on the way forward and ignored on the way
back. The result is a picture of the network, not a derivative of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from gan_course.evaluation.eval_mode import eval_mode


class _Guided(torch.autograd.Function):
    """Forward: the rectifier's own output, untouched. Backward: the guided rule."""

    @staticmethod
    def forward(ctx: torch.autograd.function.FunctionCtx, before: Tensor, after: Tensor) -> Tensor:
        ctx.save_for_backward(before)
        return after.clone()

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, grad: Tensor) -> tuple[Tensor, None]:
        (before,) = ctx.saved_tensors
        return grad * (before > 0) * (grad > 0), None


@contextmanager
def guided(net: nn.Module) -> Iterator[nn.Module]:
    """Within this block every nn.ReLU and nn.LeakyReLU of the net follows the guided rule on the way back.

    Outputs do not change. The hooks that do it are removed at the end.

    Raises:
        ValueError: a rectifier works in place: its pre-activation is gone when the rule asks for it.
    """
    rectifiers = [module for module in net.modules() if isinstance(module, nn.ReLU | nn.LeakyReLU)]
    if any(module.inplace for module in rectifiers):
        raise ValueError(
            "guided backpropagation needs the pre-activations: build the network with inplace=False"
        )
    hooks = [
        module.register_forward_hook(lambda _, inputs, output: _Guided.apply(inputs[0], output))
        for module in rectifiers
    ]
    try:
        yield net
    finally:
        for hook in hooks:
            hook.remove()


def guided_gradient(net: nn.Sequential, x: Tensor, layer: int, feature: int) -> Tensor:
    """Guided gradient (n, c, h, w) of the largest activation of one feature map, with respect to images x.

    net: a stack of blocks; the map is number `feature` of the output of block `layer` (the paper's Figure 5: the
    first six maps of D's last convolutional layer, the block before the logit). Each image is treated alone, in
    eval mode; an image on which the map is nowhere positive gets zeros. The net comes back as it was.

    Raises:
        ValueError: a rectifier works in place.
    """
    x = x.detach().clone().requires_grad_(True)
    last = range(len(net))[layer]  # counts from the end when layer is negative
    with eval_mode(net), guided(net), torch.enable_grad():
        maps = net[: last + 1](x)  # (n, maps, h', w')
        strongest = maps[:, feature].flatten(1).amax(1)  # (n,)
        (gradient,) = torch.autograd.grad(strongest.sum(), x)
    return gradient
