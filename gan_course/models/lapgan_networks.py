"""The networks of LAPGAN's levels: small ones that two CPU cores can train, and those of the authors' CIFAR-10 script.
And `Chain`, which puts the generators of all levels in a row.

Both kinds are conditional. G: (z (n, planes, s, s), l (n, c, s, s), y) -> details h (n, c, s, s), without an activation
at the end, because details have either sign and no natural bound. D: (h, l, y) -> logits (n, 1). y (n,) are the classes
of a class-conditional level, and are left out otherwise. In the code `low` stands for l.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from gan_course.pyramid import up
from gan_course.training.game import Batch
from gan_course.training.seeding import seeded

# What D looks at, and how many channels it has per channel of the image. The paper's is "sum"; the others are controls.
SEES = {
    "sum": (lambda h, low: h + low, 1),  # I_k itself: the condition enters through the sum alone
    "detail": (lambda h, low: h, 1),  # D never learns what the details belong to
    "pair": (lambda h, low: torch.cat([h + low, low], 1), 2),
}


class ClassPlane(nn.Module):
    """Classes (n,) int64 -> one plane (n, 1, side, side): one-hot, linear, ReLU, as in the authors' script."""

    def __init__(self, classes: int, side: int) -> None:
        super().__init__()
        self.classes, self.side = classes, side
        self.linear = nn.Linear(classes, side * side)

    def forward(self, y: Tensor) -> Tensor:
        plane = self.linear(one_hot(y, self.classes).to(self.linear.weight.dtype)).relu()
        return plane.view(-1, 1, self.side, self.side)


class LevelGenerator(nn.Module):
    """h = G(z, l): the noise planes, the condition and the plane of the class, joined as channels, go through `net`."""

    def __init__(self, net: nn.Module, label: ClassPlane | None = None) -> None:
        super().__init__()
        self.net, self.label = net, label

    def forward(self, z: Tensor, low: Tensor, y: Tensor | None = None) -> Tensor:
        planes = [low, z] if self.label is None else [low, z, self.label(y)]
        return self.net(torch.cat(planes, 1))


class LevelDiscriminator(nn.Module):
    """The logit of (h, l): `sees` says what of the two goes through `net`; see `SEES`."""

    def __init__(self, net: nn.Module, sees: str = "sum", label: ClassPlane | None = None) -> None:
        super().__init__()
        self.net, self.sees, self.label = net, sees, label

    def forward(self, h: Tensor, low: Tensor, y: Tensor | None = None) -> Tensor:
        look, _ = SEES[self.sees]
        seen = look(h, low)
        return self.net(seen if self.label is None else torch.cat([seen, self.label(y)], 1))


class Hourglass(nn.Module):
    """Two strided convolutions down to a quarter of the side and two fractionally strided ones back.

    The maps of half the side are handed over to the way back (as in the U-Net of Ronneberger et al. 2015). Most of
    the work is done on small maps, while every output pixel still sees a quarter of the picture and more.
    """

    def __init__(self, before: int, after: int, width: int) -> None:
        super().__init__()
        halve = {"kernel_size": 4, "stride": 2, "padding": 1}
        self.to_half = nn.Sequential(nn.Conv2d(before, width, **halve), nn.LeakyReLU(0.2))
        self.by_quarter = nn.Sequential(
            nn.Conv2d(width, 2 * width, bias=False, **halve),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, 2 * width, 3, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(),
            nn.ConvTranspose2d(2 * width, width, bias=False, **halve),
            nn.BatchNorm2d(width),
            nn.ReLU(),
        )
        self.to_whole = nn.ConvTranspose2d(2 * width, after, **halve)

    def forward(self, x: Tensor) -> Tensor:
        half = self.to_half(x)  # (n, width, s/2, s/2)
        return self.to_whole(torch.cat([half, self.by_quarter(half)], 1))


def hourglass_level(before: int, after: int, width: int, side: int) -> nn.Module:
    """G of the small networks: (n, before, side, side) -> (n, after, side, side)."""
    return Hourglass(before, after, width)


def strided_judge(before: int, width: int, side: int) -> nn.Sequential:
    """D of the small networks: (n, before, side, side) -> (n, 1).

    Strided convolutions down to 4×4: `width` maps, then twice as many. Without batch norm: each logit must depend on
    one image, for R1.
    """
    layers: list[nn.Module] = []
    maps, after = before, width
    while side > 4:
        layers += [nn.Conv2d(maps, after, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        maps, after, side = after, 2 * width, side // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(maps * side * side, 1))


def official_level(before: int, after: int, width: int = 64, side: int = 32) -> nn.Sequential:
    """G of the authors' CIFAR-10 script: convolutions 7×7, 7×7 and 5×5 at full size, ReLU between them."""
    return nn.Sequential(
        nn.Conv2d(before, width, 7, padding=3),
        nn.ReLU(),
        nn.Conv2d(width, width, 7, padding=3),
        nn.ReLU(),
        nn.Conv2d(width, after, 5, padding=2),
    )


def official_judge(before: int, width: int = 64, side: int = 32) -> nn.Sequential:
    """D of the same script: two convolutions 5×5 without padding, the second strided, dropout, linear."""
    last = ((side - 4) - 5) // 2 + 1  # 32 -> 28 -> 12
    return nn.Sequential(
        nn.Conv2d(before, width, 5),
        nn.ReLU(),
        nn.Conv2d(width, width, 5, stride=2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Dropout(0.5),
        nn.Linear(width * last**2, 1),
    )


NETWORKS = {"small": (hourglass_level, strided_judge), "official": (official_level, official_judge)}


def level_networks(
    seed: int,
    size: int,
    channels: int,
    widths: tuple[int, int | None],
    networks: str,
    sees: str,
    classes: int,
    planes: int,
) -> tuple[LevelGenerator, LevelDiscriminator]:
    """G and D of one level, initialised from the seed; see `gan_course.models.lapgan.level`.

    Raises:
        ValueError: an unknown name (the message lists the known ones), or a size that the networks are not built for.
    """
    for kind, name, known in (("networks", networks, NETWORKS), ("sees", sees, SEES)):
        if name not in known:
            raise ValueError(f"unknown {kind} {name!r}; known: {', '.join(known)}")
    if size % 8:
        raise ValueError(f"the side of a level is a multiple of 8, not {size}")
    make_G, make_D = NETWORKS[networks]
    width, d_width = widths
    label = 1 if classes else 0
    with seeded(seed):
        G = LevelGenerator(
            make_G(channels + planes + label, channels, width, size),
            ClassPlane(classes, size) if classes else None,
        )
        D = LevelDiscriminator(
            make_D(SEES[sees][1] * channels + label, d_width or 2 * width, size),
            sees,
            ClassPlane(classes, size) if classes else None,
        )
    return G, D


@dataclass(frozen=True)
class Stage:
    """One step of the chain: image = up + detail, each (n, c, s, s).

    up: the image of the step before, enlarged; zeros in the first. image: not clamped to [-1, 1].
    """

    up: Tensor
    detail: Tensor
    image: Tensor


class Chain(nn.Module):
    """The generators of all parts in a row, coarse to fine. networks: side as text -> generator, coarsest first."""

    def __init__(self, networks: Mapping[str, nn.Module]) -> None:
        super().__init__()
        self.networks = nn.ModuleDict(networks)

    def stages(self, noise: Batch) -> list[Stage]:
        """What every step adds. noise: that of every part under its name, and "y" where there are classes."""
        (first, base), *levels = self.networks.items()
        image = base(noise[first])  # Ĩ_K = G_K(z_K)
        stages = [Stage(torch.zeros_like(image), image, image)]
        for name, G in levels:
            coarse = up(stages[-1].image, (int(name), int(name)))  # l = u(Ĩ_{k+1})
            detail = G(noise[name], coarse, noise.get("y"))
            stages.append(Stage(coarse, detail, coarse + detail))  # Ĩ_k = u(Ĩ_{k+1}) + G_k(z_k, l)
        return stages

    def forward(self, noise: Batch) -> Tensor:
        return self.stages(noise)[-1].image.clamp(-1, 1)
