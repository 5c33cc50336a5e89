"""The deep convolutional GAN of Radford, Metz and Chintala (2016): the vanilla game, played by other networks.

The five guidelines (section 3), as they appear below:

1. strided convolutions in D and fractionally strided ones in G, no pooling;
2. batch norm in both, except at G's output and D's input;
3. no fully connected hidden layers: z is projected to 4×4 maps, and D's last maps go to its one logit;
4. ReLU in G, tanh at its output;
5. leaky ReLU (slope 0.2) in D.

Two versions. `kernel=5, width=128, prior="uniform"` is the paper's (Figure 1, and the authors' code for faces);
`kernel=4, width=64, prior="normal"` the one of the Torch port that everybody uses. Where we deviate from both: D
returns a logit, its sigmoid is part of the loss; batch norm adds torch's 1e-5 to the variance (the authors: 1e-8);
no L2 penalty (the authors' code: 1e-5); samples are drawn in eval mode, with running averages of the batch
statistics (the authors draw them with the statistics of the batch of samples).
"""

from __future__ import annotations

import itertools
import math

import torch
from torch import Tensor, nn

from gan_course.models.vanilla import VanillaGAN
from gan_course.training.game import Batch
from gan_course.training.seeding import seeded

SIZES = (32, 64, 128)
BASE = 4  # side of the smallest maps, in pixels

# kernel -> arguments with which a strided convolution halves an even side and a transposed one doubles it:
# (n - 1)·2 - 2·padding + kernel + output_padding = 2n
HALVE = {4: {"stride": 2, "padding": 1}, 5: {"stride": 2, "padding": 2}}
DOUBLE = {4: HALVE[4], 5: HALVE[5] | {"output_padding": 1}}


def dcgan_generator(
    latent: int = 100, size: int = 64, width: int = 64, channels: int = 3, *, kernel: int = 4
) -> nn.Sequential:
    """z (n, latent) -> images (n, channels, size, size) in [-1, 1].

    A stack of blocks, one per doubling of the side: 4 -> 8 -> ... -> size. `width` is the number of maps before the
    output; they double on the way down to 4×4 (64 pixels: 8·width, 4·width, 2·width, width maps).

    Raises:
        ValueError: a size or kernel that the networks are not built for.
    """
    doublings = _doublings(size, kernel)
    widths = [width * 2**k for k in reversed(range(doublings))]
    blocks = [_project(latent, widths[0], kernel)]
    for before, after in itertools.pairwise(widths):
        up = nn.ConvTranspose2d(before, after, kernel, **DOUBLE[kernel], bias=False)
        blocks += [nn.Sequential(up, nn.BatchNorm2d(after), nn.ReLU())]
    blocks += [
        nn.Sequential(nn.ConvTranspose2d(width, channels, kernel, **DOUBLE[kernel], bias=False), nn.Tanh())
    ]
    return nn.Sequential(*blocks)


def dcgan_discriminator(
    size: int = 64, width: int = 64, channels: int = 3, *, kernel: int = 4
) -> nn.Sequential:
    """images (n, channels, size, size) -> logits (n, 1): the mirror image of the generator.

    A stack of blocks, one per halving of the side, and a last layer from the 4×4 maps to the logit.

    Raises:
        ValueError: a size or kernel that the networks are not built for.
    """
    widths = [width * 2**k for k in range(_doublings(size, kernel))]
    first = nn.Conv2d(channels, width, kernel, **HALVE[kernel], bias=False)
    blocks = [nn.Sequential(first, nn.LeakyReLU(0.2))]
    for before, after in itertools.pairwise(widths):
        down = nn.Conv2d(before, after, kernel, **HALVE[kernel], bias=False)
        blocks += [nn.Sequential(down, nn.BatchNorm2d(after), nn.LeakyReLU(0.2))]
    return nn.Sequential(*blocks, _logit(widths[-1], kernel))


def _doublings(size: int, kernel: int) -> int:
    """How often 4 must be doubled to make `size`."""
    if size not in SIZES:
        raise ValueError(f"DCGAN is built for images of {', '.join(map(str, SIZES))} pixels, not {size}")
    if kernel not in HALVE:
        raise ValueError(f"kernel must be 4 (the usual network) or 5 (the paper's), not {kernel}")
    return round(math.log2(size / BASE))


def _project(latent: int, maps: int, kernel: int) -> nn.Sequential:
    """z (n, latent) -> (n, maps, 4, 4). A matrix product in both versions; the port writes it as a convolution."""
    if kernel == 5:
        project = [nn.Linear(latent, maps * BASE**2, bias=False), nn.Unflatten(1, (maps, BASE, BASE))]
    else:
        project = [nn.Unflatten(1, (latent, 1, 1)), nn.ConvTranspose2d(latent, maps, BASE, bias=False)]
    return nn.Sequential(*project, nn.BatchNorm2d(maps), nn.ReLU())


def _logit(maps: int, kernel: int) -> nn.Sequential:
    """(n, maps, 4, 4) -> (n, 1): one weight per map and place, in both versions."""
    if kernel == 5:
        return nn.Sequential(nn.Flatten(), nn.Linear(maps * BASE**2, 1, bias=False))
    return nn.Sequential(nn.Conv2d(maps, 1, BASE, bias=False), nn.Flatten())


@torch.no_grad()
def initialise(net: nn.Module) -> nn.Module:
    """All weights from N(0, 0.02²), batch-norm gains from N(1, 0.02²), biases zero (section 4). Returns the net."""
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            layer.weight.normal_(0.0, 0.02)
        elif isinstance(layer, nn.BatchNorm2d):
            layer.weight.normal_(1.0, 0.02)
        else:
            continue
        if layer.bias is not None:
            layer.bias.zero_()
    return net


class DCGAN(VanillaGAN):
    """The 2014 game between convolutional networks.

    prior: "normal", or "uniform" on [-1, 1] as in the paper; the other arguments are those of `VanillaGAN`.
    """

    def __init__(
        self, G: nn.Module, D: nn.Module, latent: int, *, prior: str = "normal", **options: object
    ) -> None:
        super().__init__(G, D, latent, **options)
        if prior not in ("normal", "uniform"):
            raise ValueError(f"unknown prior {prior!r}; known: normal, uniform")
        self.prior = prior

    def noise(self, n: int, rng: torch.Generator) -> Batch:
        if self.prior == "normal":
            return super().noise(n, rng)
        return {"z": torch.rand(n, self.latent, generator=rng, device=rng.device) * 2 - 1}


def dcgan(
    seed: int = 0,
    *,
    size: int = 64,
    width: int = 64,
    channels: int = 3,
    kernel: int = 4,
    latent: int = 100,
    **options: object,
) -> DCGAN:
    """Both networks, initialised as the paper says, from the seed alone; `options` go to `DCGAN`."""
    with seeded(seed):
        G = initialise(dcgan_generator(latent, size, width, channels, kernel=kernel))
        D = initialise(dcgan_discriminator(size, width, channels, kernel=kernel))
    return DCGAN(G, D, latent, **options)


def feature_maps(net: nn.Sequential, x: Tensor) -> list[Tensor]:
    """What every block of a network puts out, in order: [(n, c, h, w), ...]; the last one is the network's output."""
    maps = []
    for block in net:
        x = block(x)
        maps.append(x)
    return maps
