"""Invented ways down and up a pyramid, and networks for its levels: what tasks on LAPGAN are tried with.

The ways are odd on purpose: lopsided filters, sides that shrink by 1, 2 or 3, a bend that makes them nonlinear.
The judge builds the same ones from the case.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan_course.exercises.checking import Wrong

# In the student's kernel ------------------------------------------------------------------------------------------


def filtered(x: Tensor, taps: Tensor) -> Tensor:
    """Each channel filtered with taps (odd, odd); the pixel at the border is repeated."""
    n, channels, height, width = x.shape
    above, left = (side // 2 for side in taps.shape)
    wide = F.pad(x, (left, left, above, above), mode="replicate").reshape(
        n * channels, 1, height + 2 * above, -1
    )
    return F.conv2d(wide, taps[None, None]).reshape(n, channels, height, width)


def way_down(way: dict[str, Any]) -> Callable[[Tensor], Tensor]:
    """down(x): (n, c, h, w) -> (n, c, h', w'), always a new tensor."""

    def down(x: Tensor, /) -> Tensor:
        if not isinstance(x, Tensor) or x.dim() != 4:
            raise ValueError("down(x) takes images (n, c, h, w)")
        y = filtered(x, way["down"])[..., :: way["step"][0], :: way["step"][1]]
        return y + way["bend"] * torch.sin(y)

    return down


def way_up(way: dict[str, Any]) -> Callable[[Tensor, Any], Tensor]:
    """up(x, size): (n, c, h', w') -> (n, c, *size); a new tensor, or x itself where way and size allow."""

    def up(x: Tensor, size: Any, /) -> Tensor:
        if not isinstance(x, Tensor) or x.dim() != 4:
            raise ValueError("up(x, size) takes images (n, c, h, w)")
        if not hasattr(size, "__len__") or len(size) != 2:
            raise ValueError(f"up(x, size) takes size = (height, width), not {size}")
        if way.get("same") and tuple(x.shape[2:]) == tuple(size):
            return x
        for dim, side in ((2, int(size[0])), (3, int(size[1]))):
            x = x.index_select(dim, torch.arange(side) * x.shape[dim] // side)
        y = filtered(x, way["up"])
        return y + way["bend"] * torch.cos(y)

    return up


class Detail(nn.Module):
    """G(z, l): a plane of noise (n, 1, h, w) and a condition (n, c, h, w) -> a detail (n, c, h, w)."""

    def __init__(self, weights: list[Tensor]) -> None:
        super().__init__()
        self.first, self.last, self.bias = (nn.Parameter(w.clone()) for w in weights)

    def forward(self, z: Tensor, low: Tensor) -> Tensor:
        n, channels = len(low), len(self.last)
        if low.dim() != 4 or low.shape[1] != channels or z.shape != (n, 1, *low.shape[2:]):
            raise ValueError(
                f"G(z, l) takes z (n, 1, h, w) and l (n, {channels}, h, w), not {tuple(z.shape)} and {tuple(low.shape)}"
            )
        hidden = torch.tanh(F.conv2d(torch.cat([z, low], 1), self.first, padding=1))
        return F.conv2d(hidden, self.last, self.bias, padding=1)


class Judge(nn.Module):
    """D(image): (n, c, h, w) -> logits (n, 1); images of one size only."""

    def __init__(self, weights: list[Tensor]) -> None:
        super().__init__()
        self.first, self.last, self.bias = (nn.Parameter(w.clone()) for w in weights)

    def forward(self, image: Tensor) -> Tensor:
        channels, pixels = self.first.shape[1], self.last.shape[1] // self.first.shape[0]
        if image.dim() != 4 or image.shape[1] != channels or image[0, 0].numel() != pixels:
            raise ValueError(
                f"D takes images (n, {channels}, h, w) of its level, not a tensor {tuple(image.shape)}"
            )
        hidden = F.leaky_relu(F.conv2d(image, self.first, padding=1), 0.2).flatten(1)
        return F.linear(hidden, self.last, self.bias)


def seated(nets: list[nn.Module]) -> list[nn.Module]:
    """The networks in training mode, in eval mode, in training mode, ...; each with gradients of an earlier step."""
    for k, net in enumerate(nets):
        net.train(k % 2 == 0)
        for p in net.parameters():
            p.grad = torch.full_like(p, 0.25)
    return nets


def photographed(nets: list[nn.Module]) -> dict[str, Any]:
    """All of the networks that an answer must leave as it is."""
    parameters = [p for net in nets for p in net.parameters()]
    return {
        "weights": [p.detach().clone() for p in parameters],
        "grads": [None if p.grad is None else p.grad.clone() for p in parameters],
        "flags": [p.requires_grad for p in parameters],
        "modes": [net.training for net in nets],
    }


KERNEL_SIDE = (filtered, way_down, way_up, Detail, Judge, seated, photographed)


# In the grader's process --------------------------------------------------------------------------------------


def check_untouched(nets: dict[str, Any], weights: list[Tensor]) -> None:
    """Compare what `photographed` saw with networks of these weights, fresh from `seated`.

    Raises:
        Wrong: the answer changed a network.
    """
    if len(nets["weights"]) != len(weights) or not all(map(torch.equal, weights, nets["weights"])):
        raise Wrong("your function changed weights of a network; it only computes, it takes no step")
    for grad, weight in zip(nets["grads"], weights, strict=True):
        if grad is None or not torch.equal(grad, torch.full_like(weight, 0.25)):
            raise Wrong(
                "your function changed .grad of a network; it only computes, no backward(), no zero_grad()"
            )
    if nets["flags"] != [True] * len(weights):
        raise Wrong("requires_grad of a network is not what it was before; put it back, or leave it alone")
    if nets["modes"] != [k % 2 == 0 for k in range(len(nets["modes"]))]:
        raise Wrong("the mode of a network, train or eval, is not what it was before; leave it alone")


def integer(rng: torch.Generator, low: int, high: int) -> int:
    """One whole number from low to high, both included."""
    return int(torch.randint(low, high + 1, (), generator=rng))


def normal(rng: torch.Generator, *shape: int) -> Tensor:
    """Independent standard normal numbers."""
    return torch.randn(shape, generator=rng, dtype=torch.float64)


def drawn_way(rng: torch.Generator, step: tuple[int, int], bend: float = 0.0) -> dict[str, Any]:
    """A way down and up: two lopsided filters whose weights sum to about 1, and how far each side shrinks."""

    def taps(*shape: int) -> Tensor:
        return normal(rng, *shape) * 0.15 + 1 / (shape[0] * shape[1])

    return {"down": taps(3, 5), "up": taps(5, 3), "step": list(step), "bend": bend}


def drawn_generator(rng: torch.Generator, channels: int, width: int = 3) -> list[Tensor]:
    """Weights of a `Detail` whose details are about as large as images."""
    first = normal(rng, width, channels + 1, 3, 3) * 0.4
    return [first, normal(rng, channels, width, 3, 3) * 0.4, normal(rng, channels) * 0.3]


def drawn_discriminator(rng: torch.Generator, channels: int, height: int, width: int) -> list[Tensor]:
    """Weights of a `Judge` of images (channels, height, width); its logits are of order 1."""
    maps = 3
    first = normal(rng, maps, channels, 3, 3) / (3 * channels**0.5)
    last = normal(rng, 1, maps * height * width) * 1.5 / (maps * height * width) ** 0.5
    return [first, last, normal(rng, 1) * 0.3]
