"""The conditional GAN of Mirza and Osindero (2014): the game of 2014, in which both players are told the class."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from gan_course import objectives
from gan_course.data.resident import Resident
from gan_course.models.conditional_networks import (
    ConvDiscriminator,
    ConvGenerator,
    Joined,
    PaperDiscriminator,
    PaperGenerator,
)
from gan_course.models.vanilla import VanillaGAN, mlp_discriminator, mlp_generator
from gan_course.training.game import Batch
from gan_course.training.seeding import generator, seeded


class CGAN(VanillaGAN):
    """min_G max_D E log D(x|y) + E log(1 - D(G(z|y)|y))   (Mirza and Osindero 2014, eq. 2).

    The first mean is over pairs (x, y) of the data, the second over z and over labels y with the frequencies of the
    data. There is no pair of a real image and a wrong label: what D learns of y, it learns from these two.

    G: (z (n, latent), y (n,) int64) -> samples. D: (samples, y) -> logits (n, 1). classes: K, labels are 0..K-1.
    column: of the data, where the labels are. d_sees_y: False for the control in which D is an ordinary one and is
    called as D(x). The other options are those of `VanillaGAN`.
    """

    def __init__(
        self,
        G: nn.Module,
        D: nn.Module,
        latent: int,
        classes: int,
        *,
        column: str = "label",
        d_sees_y: bool = True,
        **options: object,
    ) -> None:
        super().__init__(G, D, latent, **options)
        self.classes, self.column, self.d_sees_y = classes, column, d_sees_y

    def labels(self, data: Resident) -> Tensor:
        """The labels of all rows (n,).

        Raises:
            ValueError: the data have no such column, or it does not hold one whole number per row.
        """
        if self.column not in data.columns:
            raise ValueError(
                f"a conditional GAN needs the class of every row, and {data.name!r} has no column {self.column!r} "
                f"(it has: {', '.join(data.columns) or 'none'}). Take data with labels, such as strokes or digits, "
                "or name another column with column=..."
            )
        labels = data.columns[self.column]
        if labels.dim() != 1 or labels.dtype != torch.int64:
            raise ValueError(
                f"labels are whole numbers, int64 of shape (n,); column {self.column!r} of {data.name!r} is "
                f"{labels.dtype} of shape {tuple(labels.shape)}"
            )
        return labels

    def draw(self, data: Resident, n: int, rng: torch.Generator) -> Batch:
        """n real rows with their labels, and noise with labels drawn from the data, independently of those rows."""
        labels = self.labels(data)
        rows, others = data.index(n, rng), data.index(n, rng)
        return self.noise(n, rng) | {"real": data.take(rows), "real_y": labels[rows], "y": labels[others]}

    def noise(self, n: int, rng: torch.Generator) -> Batch:
        """z (n, latent), and the labels 0, 1, ..., K-1, 0, 1, ...: a row of samples shows every class in turn."""
        y = torch.arange(n, device=rng.device) % self.classes
        return super().noise(n, rng) | {"y": y}

    def generate(self, noise: Batch, G: nn.Module | None = None) -> Tensor:
        return (self.G if G is None else G)(noise["z"], noise["y"])

    def draw_class(self, labels: Tensor, seed: int = 0, G: nn.Module | None = None) -> Tensor:
        """Samples of the classes that you ask for, labels (n,) int64, in eval mode; z depends on the seed alone."""
        device = next(self.parameters()).device
        z = self.noise(len(labels), generator(seed, device))["z"]
        return self.show({"z": z, "y": labels.to(device)}, G)

    def judge(self, x: Tensor, y: Tensor) -> Tensor:
        """D's logits (n, 1) for samples with their labels."""
        return self.D(x, y) if self.d_sees_y else self.D(x)

    def d_loss(self, batch: Batch) -> Tensor:
        """-E log D(x|y) - E log(1 - D(G(z|y)|y)), in the form of the objective."""
        fake = self.generate(batch).detach()
        real_logits = self.judge(batch["real"], batch["real_y"])
        return self.objective.d_loss(real_logits, self.judge(fake, batch["y"]))

    def g_loss(self, batch: Batch) -> Tensor:
        """-E log D(G(z|y)|y), in the form of the objective."""
        relativistic = self.objective.name == "relativistic"
        real_logits = self.judge(batch["real"], batch["real_y"]) if relativistic else None
        return self.objective.g_loss(self.judge(self.generate(batch), batch["y"]), real_logits)

    def r1_loss(self, batch: Batch) -> Tensor:
        """Lazy R1 at the real pairs: the slope of D(., y) in the image."""
        penalty = objectives.zero_centred_penalty(lambda x: self.judge(x, batch["real_y"]), batch["real"])
        return self.r1 * self.r1_every * penalty


# For `Settings`: what `conv_cgan` was tuned with on 20,000 stroke digits. D is ahead at first, so G learns faster.
CGAN_SETTINGS = {
    "rounds": 1000,
    "batch": 64,
    "lr": {"D": 1e-3, "G": 2e-3},
    "betas": (0.5, 0.999),
    "ema": 0.99,
    "channels_last": True,
}


def conv_cgan(
    seed: int = 0,
    *,
    how: str = "projection",
    size: int = 28,
    width: int = 16,
    channels: int = 1,
    latent: int = 64,
    classes: int = 10,
    blind_g: bool = False,
    blind_d: bool = False,
    **options: object,
) -> CGAN:
    """Convolutional networks for images of 28 or 32 pixels; train them with `Settings(**CGAN_SETTINGS)`.

    how: the way the class gets in, "concat", "embedding" or "projection"; see `conditional_networks`, and the record
    "conditioning" for what each of them gives. blind_g: the label is multiplied by zero in G. blind_d: D does not see
    it. `options` go to `CGAN`.

    Raises:
        ValueError: an unknown way, or a size that the networks are not built for.
    """
    shape = {"size": size, "width": width, "channels": channels, "how": how}
    with seeded(seed):
        G = ConvGenerator(latent, classes, **shape, blind=blind_g)
        D = ConvDiscriminator(classes, **shape, blind=blind_d)
    return CGAN(G, D, latent, classes, **({"d_sees_y": not blind_d} | options))


def mlp_cgan(
    seed: int = 0,
    *,
    shape: Sequence[int] = (1, 28, 28),
    latent: int = 64,
    classes: int = 10,
    widths: Sequence[int] = (256, 512),
    blind_g: bool = False,
    **options: object,
) -> CGAN:
    """Fully connected networks for samples of `shape`, images or points: the label is joined to the input of both.

    widths: of G's hidden layers; D has the same in reverse. blind_g: as in `conv_cgan`. `options` go to `CGAN` and
    replace the defaults, which are those of `vanilla.digit_gan`: batch norm in G, R1 on D.
    """
    with seeded(seed):
        G = mlp_generator(latent + classes, shape, widths, batch_norm=True)
        D = mlp_discriminator((math.prod(shape) + classes,), widths[::-1])
    G, D = Joined(G, classes, blind=blind_g), Joined(D, classes)
    return CGAN(G, D, latent, classes, **({"r1": 2.0, "r1_every": 4} | options))


class PaperCGAN(CGAN):
    """With the noise of section 4.1: uniform on the unit hypercube."""

    def noise(self, n: int, rng: torch.Generator) -> Batch:
        return super().noise(n, rng) | {"z": torch.rand(n, self.latent, generator=rng, device=rng.device)}


def paper_cgan(seed: int = 0, **options: object) -> CGAN:
    """The networks of Mirza and Osindero (2014), section 4.1, for ten classes of 28×28 pixels.

    Initial weights are torch's own, because the paper does not give any. The authors trained with plain SGD, momentum
    0.5 to 0.7 and a learning rate falling from 0.1; `fit` uses Adam.
    """
    with seeded(seed):
        return PaperCGAN(PaperGenerator(), PaperDiscriminator(), 100, 10, **options)
