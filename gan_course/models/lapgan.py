"""LAPGAN (Denton, Chintala, Szlam and Fergus 2015): an image drawn coarse first, then one detail band after another.

With the Laplacian pyramid of `gan_course.pyramid` (d halves an image, u doubles it):

    min_G max_D  E log D(h, l) + E log(1 - D(G(z, l), l)),   l = u(d(I)),  h = I - l          (a level)
    Ĩ_K = G_K(z_K),   Ĩ_k = u(Ĩ_{k+1}) + G_k(z_k, u(Ĩ_{k+1}))                                 (sampling)

The coarsest images come from an ordinary GAN, and each finer level is a conditional GAN of its own: no level sees
another one in training, so they can be trained in any order, or side by side, and any one of them anew. In training the
conditions l come from real images; in the chain they come from the level before.

D looks at h + l, the image itself (the first layer of the authors' D adds its two inputs); the real and the generated
half of a batch have different images behind them; and G minimises -log D, not log(1 - D): all three as in the authors'
code.

Where we deviate: `fit` trains with Adam (the authors: SGD with momentum .5 to .7); logits instead of a last sigmoid;
all real and all generated samples of a batch go through D (theirs: half a batch of each); R1 on real images holds D
back (theirs: dropout); d is Burt and Adelson's filter (their script resizes, bilinearly); images in [-1, 1] without
standardisation per pixel. `networks="official"` are the networks of their CIFAR-10 script (16 -> 32 pixels),
everything else is ours: smaller, for a CPU.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from gan_course import objectives
from gan_course.data.resident import Resident
from gan_course.models.lapgan_networks import Chain, Stage, level_networks
from gan_course.models.vanilla import VanillaGAN, mlp_discriminator, mlp_generator
from gan_course.pyramid import coarser, down, up
from gan_course.training.game import Batch, Game, Player
from gan_course.training.seeding import generator, seeded
from gan_course.training.settings import Settings

# For `Settings`: what `lapgan` was tuned with on 10,000 drawn faces of 32 pixels.
BASE_SETTINGS = {"rounds": 2000, "batch": 64, "lr": 1e-3, "betas": (0.0, 0.99), "ema": 0.995}
LEVEL_SETTINGS = {"rounds": 600, "batch": 64, "lr": 1e-3, "betas": (0.5, 0.99), "ema": 0.99, "snapshots": 0}


def level_seed(seed: int, side: int) -> int:
    """The seed of one level: for its weights, for its training, and for its noise in the chain."""
    return 1000 * seed + side


class Level(Game):
    """The conditional GAN of one level of the pyramid; its data are the images I_k of `side` × `side` pixels.

    G: (z, l) -> h. D: (h, l) -> logits (n, 1). classes: how many, 0 for a level that knows no classes; then both
    networks also get y, read from the `column` of the data. planes: of noise, each as large as the image.
    noise_scale: the noise is uniform on [-noise_scale, noise_scale]; 0 for the control without noise. objective, r1,
    r1_every: as in `VanillaGAN`; the penalty is on D's slope in h.
    """

    def __init__(
        self,
        G: nn.Module,
        D: nn.Module,
        side: int,
        *,
        classes: int = 0,
        column: str = "label",
        planes: int = 1,
        noise_scale: float = 1.0,
        objective: str = "non_saturating",
        r1: float = 0.0,
        r1_every: int = 1,
    ) -> None:
        super().__init__()
        self.G, self.D, self.side = G, D, side
        self.classes, self.column = classes, column
        self.planes, self.noise_scale = planes, noise_scale
        self.objective = objectives.objective(objective)
        self.r1, self.r1_every = r1, r1_every

    def players(self) -> list[Player]:
        players = [Player("D", self.D, self.d_loss), Player("G", self.G, self.g_loss)]
        if self.r1:
            players.insert(1, Player("R1", self.D, self.r1_loss, every=self.r1_every))
        return players

    def condition(self, images: Tensor) -> Tensor:
        """l = u(d(I)) of images I (n, c, side, side): what is left of them one level further down.

        Raises:
            ValueError: images of another size.
        """
        if images.shape[-2:] != (self.side, self.side):
            came = "×".join(map(str, images.shape[-2:]))
            raise ValueError(
                f"this level is trained on images of {self.side}×{self.side} pixels, not {came}: "
                f"`pyramid.coarser(data, {self.side})` makes them"
            )
        return up(down(images), (self.side, self.side))

    def draw(self, data: Resident, n: int, rng: torch.Generator) -> Batch:
        """h and l of n real images; fake_l (and fake_y) of n other ones, drawn independently; z for those."""
        real, fake = data.index(n, rng), data.index(n, rng)
        images = data.take(real)
        low, fake_low = self.condition(images), self.condition(data.take(fake))
        batch = {"h": images - low, "l": low, "fake_l": fake_low, "z": self.noise(n, rng)["z"]}
        if self.classes:
            y = data.column(self.column)
            batch |= {"y": y[real], "fake_y": y[fake]}
        return batch

    def noise(self, n: int, rng: torch.Generator) -> Batch:
        """z (n, planes, side, side), and for classes y (n,), which takes them in turn. The condition is not noise."""
        z = torch.rand(n, self.planes, self.side, self.side, generator=rng, device=rng.device)
        noise = {"z": self.noise_scale * (2 * z - 1)}
        return noise | ({"y": torch.arange(n, device=rng.device) % self.classes} if self.classes else {})

    def generate(self, noise: Batch, G: nn.Module | None = None) -> Tensor:
        """The details h for this noise and the condition noise["l"].

        Raises:
            ValueError: there is no condition.
        """
        if "l" not in noise:
            raise ValueError(
                "a level makes no images from noise alone: give it coarse images by `detail(l)`, sample the whole "
                "`LAPGAN`, and train with Settings(snapshots=0)"
            )
        return (self.G if G is None else G)(noise["z"], noise["l"], noise.get("y"))

    @torch.no_grad()
    def detail(
        self, low: Tensor, seed: int = 0, G: nn.Module | None = None, y: Tensor | None = None
    ) -> Tensor:
        """h = G(z, l) for conditions l (n, c, side, side), in eval mode; the noise depends on the seed alone."""
        noise = self.noise(len(low), generator(seed, low.device)) | {"l": low}
        return self.show(noise | ({} if y is None else {"y": y}), G)

    def d_loss(self, batch: Batch) -> Tensor:
        fake_h = self.G(batch["z"], batch["fake_l"], batch.get("fake_y")).detach()
        real = self.D(batch["h"], batch["l"], batch.get("y"))
        return self.objective.d_loss(real, self.D(fake_h, batch["fake_l"], batch.get("fake_y")))

    def g_loss(self, batch: Batch) -> Tensor:
        fake_h = self.G(batch["z"], batch["fake_l"], batch.get("fake_y"))
        fake = self.D(fake_h, batch["fake_l"], batch.get("fake_y"))
        relativistic = self.objective.name == "relativistic"
        return self.objective.g_loss(
            fake, self.D(batch["h"], batch["l"], batch.get("y")) if relativistic else None
        )

    def r1_loss(self, batch: Batch) -> Tensor:
        """Lazy R1, as in `VanillaGAN`, on the slope of D(·, l) at the real details."""
        slope = objectives.zero_centred_penalty(lambda h: self.D(h, batch["l"], batch.get("y")), batch["h"])
        return self.r1 * self.r1_every * slope


class LAPGAN(Game):
    """The whole chain: a base GAN for the coarsest images and a `Level` per doubling of the side, coarse to fine.

    It samples; it is not trained itself, its `parts` are, each with `fit` on its `part_data`.
    """

    def __init__(self, base: VanillaGAN, levels: Sequence[Level], base_side: int = 8) -> None:
        super().__init__()
        sides = [base_side, *(level.side for level in levels)]
        if any((fine + 1) // 2 != coarse for coarse, fine in pairwise(sides)):
            raise ValueError(f"the sides must double from part to part, coarsest first; these are {sides}")
        self.games = nn.ModuleDict(
            {str(side): part for side, part in zip(sides, [base, *levels], strict=True)}
        )
        self.G = self.chain({name: part.G for name, part in self.parts().items()})

    def parts(self) -> dict[str, Game]:
        """The games to train, by the side of their images: {"8": base, "16": level, "32": level}."""
        return dict(self.games.items())

    def part_data(self, data: Resident) -> dict[str, Resident]:
        """The data of every part: the images at its side.

        Raises:
            ValueError: halving these images does not lead to all of the sides.
        """
        return {name: coarser(data, int(name)) for name in self.games}

    def plan(self, seed: int = 0, **changes: Any) -> dict[str, Settings]:
        """The settings of every part, as tuned; its seed depends on `seed` and its own side alone."""
        first, *levels = self.games
        tuned = {first: BASE_SETTINGS} | dict.fromkeys(levels, LEVEL_SETTINGS)
        return {
            name: Settings(**{"seed": level_seed(seed, int(name))} | options | changes)
            for name, options in tuned.items()
        }

    def chain(self, networks: Mapping[str, nn.Module]) -> Chain:
        """A chain of other generators in place of this game's own: the averaged ones of finished runs, for example."""
        return Chain({name: networks[name] for name in self.games})

    def players(self) -> Sequence[Player]:
        raise ValueError(
            "the parts of a LAPGAN are trained one by one: fit(part, data, settings) for each of `parts()`"
        )

    def noise(self, n: int, rng: torch.Generator) -> Batch:
        """The noise of every part under its name, each from a source of its own; with classes also "y", in turn."""
        seed = int(torch.randint(2**40, (1,), generator=rng, device=rng.device))
        parts = {
            name: part.noise(n, generator(level_seed(seed, int(name)), rng.device))
            for name, part in self.parts().items()
        }
        classes = [{"y": noise["y"]} for noise in parts.values() if "y" in noise]
        return {name: noise["z"] for name, noise in parts.items()} | (classes[0] if classes else {})

    def generate(self, noise: Batch, G: nn.Module | None = None) -> Tensor:
        """Images (n, c, s, s), clamped to [-1, 1]."""
        return (self.G if G is None else G)(noise)

    @torch.no_grad()
    def stages(self, noise: Batch, G: Chain | None = None) -> list[Stage]:
        """Every step of the chain for this noise in eval mode, for figures."""
        chain = self.G if G is None else G
        was_training = chain.training
        stages = chain.eval().stages(noise)
        chain.train(was_training)
        return stages


def base_gan(
    seed: int = 0, *, size: int = 8, channels: int = 3, latent: int = 64, width: int = 256, **options: Any
) -> VanillaGAN:
    """The ordinary GAN for the coarsest images (n, channels, size, size): fully connected, as the paper's.

    Hidden layers of `width` and 2·width units; `options` go to `VanillaGAN` and replace the defaults.
    """
    shape = (channels, size, size)
    with seeded(level_seed(seed, size)):
        G = mlp_generator(latent, shape, (width, 2 * width), batch_norm=True)
        D = mlp_discriminator(shape, (2 * width, width))
    return VanillaGAN(G, D, latent, **({"r1": 2.0, "r1_every": 4} | options))


def level(
    seed: int = 0,
    *,
    size: int = 32,
    channels: int = 3,
    width: int = 16,
    d_width: int | None = None,
    networks: str = "small",
    sees: str = "sum",
    classes: int = 0,
    planes: int = 1,
    **options: Any,
) -> Level:
    """One level for images (n, channels, size, size), initialised from the seed and its size alone.

    width, d_width: maps of the first layer of G and of D; d_width is twice the width if you leave it out. networks:
    "small", or "official" with width=64 for those of the authors' script. sees: what D looks at, "sum"
    (h + l, the paper's), "detail" (h alone) or "pair" (h + l and l). `options` go to `Level` and replace the defaults.

    Raises:
        ValueError: an unknown name (the message lists the known ones), or a size that the networks are not built for.
    """
    G, D = level_networks(
        level_seed(seed, size), size, channels, (width, d_width), networks, sees, classes, planes
    )
    return Level(G, D, size, classes=classes, planes=planes, **({"r1": 1.0, "r1_every": 4} | options))


def official_cifar_level(seed: int = 0, **options: Any) -> Level:
    """The level 16 -> 32 with the networks of the authors' CIFAR-10 script, and no R1, which they do not have."""
    return level(
        seed, **({"size": 32, "width": 64, "d_width": 64, "networks": "official", "r1": 0.0} | options)
    )


def lapgan(
    seed: int = 0,
    *,
    size: int = 32,
    base: int = 8,
    channels: int = 3,
    width: int = 16,
    base_options: Mapping[str, Any] | None = None,
    **options: Any,
) -> LAPGAN:
    """The chain base -> … -> size; `options` go to every `level`, `base_options` to `base_gan`.

    With classes=…, all levels know the class, but the base GAN does not.

    Raises:
        ValueError: doubling `base` does not lead to `size`.
    """
    sides = [base]
    while sides[-1] < size:
        sides.append(2 * sides[-1])
    if sides[-1] != size:
        raise ValueError(f"doubling {base} leads to {', '.join(map(str, sides[1:]))}, not to {size}")
    levels = [level(seed, size=side, channels=channels, width=width, **options) for side in sides[1:]]
    return LAPGAN(base_gan(seed, size=base, channels=channels, **(base_options or {})), levels, base)
