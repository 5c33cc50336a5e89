"""Tiny networks that the steps and the uses of G are tried on, and what can be seen of them.

The functions of `KERNEL_SIDE` run in the student's kernel. The judge builds the same networks from the case.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn


class Watched(nn.Module):
    """A network that reports every call. `note` is a plain function, so copies of the network report as well.

    With `noise` it looks at its own mode: in training mode it adds that much noise to what it returns.
    """

    def __init__(
        self, layers: nn.Sequential, note: Callable[[nn.Module, Tensor, Tensor], None], noise: float = 0.0
    ) -> None:
        super().__init__()
        self.layers = layers
        self.note = note
        self.noise = noise

    def forward(self, x: Tensor) -> Tensor:
        out = self.layers(x)
        if self.training and self.noise:
            out = out + self.noise * torch.randn_like(out)
        self.note(self, x, out)
        return out


def tiny_generator(plan: dict[str, Any]) -> nn.Sequential:
    """z (n, latent) -> points (n, channels), or pictures (n, channels, 4, 6): not square, so that axes differ.

    Kind "view": the pictures are z itself in another shape, and share its memory. Kind "dropout": with dropout.
    """
    latent, width, channels = plan["latent"], plan["width"], plan["channels"]
    if plan["kind"] == "view":
        return nn.Sequential(nn.Unflatten(1, (channels, 4, 6)))
    if plan["kind"] == "dense":
        return nn.Sequential(nn.Linear(latent, width), nn.Tanh(), nn.Linear(width, channels))
    project = [nn.Linear(latent, width * 6), nn.Unflatten(1, (width, 2, 3)), nn.BatchNorm2d(width), nn.ReLU()]
    if plan["kind"] == "dropout":
        project.append(nn.Dropout(0.5))
    up = nn.ConvTranspose2d(width, channels, 4, stride=2, padding=1)
    return nn.Sequential(*project, up, *([nn.Tanh()] if plan["tanh"] else []))


def tiny_discriminator(plan: dict[str, Any]) -> nn.Sequential:
    """Points (n, channels) or pictures (n, channels, 4, 6) -> logits (n, 1)."""
    width, channels = plan["width"], plan["channels"]
    if plan["kind"] == "dense":
        return nn.Sequential(nn.Linear(channels, width), nn.LeakyReLU(0.2), nn.Linear(width, 1))
    first = [nn.Conv2d(channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    second = [nn.Conv2d(width, 2 * width, 3, padding=1), nn.BatchNorm2d(2 * width), nn.LeakyReLU(0.2)]
    return nn.Sequential(*first, *second, nn.Flatten(), nn.Linear(2 * width * 6, 1))


def restored(net: nn.Sequential, state: dict[str, Any]) -> nn.Sequential:
    """The network with the weights, buffers, modes, flags and gradients of `state` (see `drawn_state`)."""
    net.load_state_dict(state["tensors"])
    for module, mode in zip(net.modules(), state["modes"], strict=True):
        module.training = mode
    for name, p in net.named_parameters():
        p.requires_grad_(state["flags"][name])
        if state["grads"]:
            p.grad = state["grads"][name].clone()
    return net


def photographed(net: nn.Module) -> dict[str, Any]:
    """All of a network that a student's code may or may not change."""
    named = dict(net.named_parameters())
    return {
        "parameters": {name: p.detach().clone() for name, p in named.items()},
        "buffers": {name: b.detach().clone() for name, b in net.named_buffers()},
        "grads": {name: None if p.grad is None else p.grad.detach().clone() for name, p in named.items()},
        "flags": {name: p.requires_grad for name, p in named.items()},
        "modes": [module.training for module in net.modules()],
    }


KERNEL_SIDE = (Watched, tiny_generator, tiny_discriminator, restored, photographed)


# Drawing a case (grader) ------------------------------------------------------------------------------------


def uniform(rng: torch.Generator, low: float, high: float) -> float:
    """One number between low and high."""
    return low + (high - low) * torch.rand((), generator=rng).item()


def integer(rng: torch.Generator, low: int, high: int) -> int:
    """One whole number from low to high, both included."""
    return int(torch.randint(low, high + 1, (), generator=rng))


def drawn_state(
    net: nn.Sequential,
    rng: torch.Generator,
    *,
    modes: str = "train",
    flags: str = "on",
    grads: bool = False,
) -> dict[str, Any]:
    """Weights, buffers, modes ("train", "eval", "mixed"), flags ("on", "mixed") and stale gradients.

    All tensors are drawn from `rng`: running statistics are not those that a new network has.
    """
    names = [name for name, _ in net.named_parameters()]
    flips = [bool(coin) for coin in torch.rand(len(names), generator=rng) < 0.5]
    if names:
        flips[0], flips[-1] = False, True  # at least one of each
    # the network trains, its first layer and its batch norm are in eval mode, the others are as the coins fall
    coins = [False, *(bool(coin) for coin in torch.rand(len(net) - 1, generator=rng) < 0.5)]
    mixed = [True, *(c and not isinstance(m, nn.BatchNorm2d) for m, c in zip(net, coins, strict=True))]
    given_flags = {"on": [True] * len(names), "mixed": flips}[flags]
    stale = {name: torch.randn(p.shape, generator=rng) for name, p in net.named_parameters()}
    return {
        "tensors": {name: _drawn(name, tensor, rng) for name, tensor in net.state_dict().items()},
        "modes": {"train": [True] * len(mixed), "eval": [False] * len(mixed), "mixed": mixed}[modes],
        "flags": dict(zip(names, given_flags, strict=True)),
        "grads": stale if grads else {},
    }


def _drawn(name: str, like: Tensor, rng: torch.Generator) -> Tensor:
    if not like.is_floating_point():
        return torch.tensor(integer(rng, 3, 90))
    noise = torch.randn(like.shape, generator=rng)
    if name.endswith("running_var"):
        return 0.5 + noise.abs()
    if like.dim() < 2:
        return noise / 2 + (1.0 if name.endswith("weight") else 0.0)  # gains near 1, biases near 0
    return noise * (1.5 / like[0].numel() ** 0.5)


# Judging (grader) -------------------------------------------------------------------------------------------


def same(found: Any, right: Tensor | None) -> bool:
    """Whether what was seen is this very tensor (or None, where there was none)."""
    if right is None:
        return found is None
    return isinstance(found, Tensor) and found.dtype == right.dtype and torch.equal(found, right)


def untouched(found: dict[str, Any], right: dict[str, Any]) -> bool:
    """Whether every tensor of a dictionary is still what it was."""
    return set(found) == set(right) and all(same(found[name], right[name]) for name in right)
