"""The generative adversarial network of Goodfellow et al. (2014), with fully connected networks."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from gan_course import objectives
from gan_course.data.resident import Resident
from gan_course.training.game import Batch, Game, Player
from gan_course.training.seeding import seeded


def mlp_generator(
    latent: int, shape: Sequence[int], widths: Sequence[int] = (256, 512), *, batch_norm: bool = False
) -> nn.Sequential:
    """z (n, latent) -> samples (n, *shape); images (three dimensions) end in tanh, points are linear."""
    layers: list[nn.Module] = []
    for before, after in zip([latent, *widths], widths, strict=False):
        layers += [nn.Linear(before, after)]
        layers += [nn.BatchNorm1d(after)] if batch_norm else []
        layers += [nn.ReLU()]
    layers += [nn.Linear(widths[-1], math.prod(shape))]
    layers += [nn.Tanh(), nn.Unflatten(1, tuple(shape))] if len(shape) == 3 else []
    return nn.Sequential(*layers)


def mlp_discriminator(
    shape: Sequence[int], widths: Sequence[int] = (512, 256), *, dropout: float = 0.0
) -> nn.Sequential:
    """samples (n, *shape) -> logits (n, 1)."""
    layers: list[nn.Module] = [nn.Flatten()]
    for before, after in zip([math.prod(shape), *widths], widths, strict=False):
        layers += [nn.Linear(before, after), nn.LeakyReLU(0.2)]
        layers += [nn.Dropout(dropout)] if dropout else []
    layers += [nn.Linear(widths[-1], 1)]
    return nn.Sequential(*layers)


class VanillaGAN(Game):
    """min_G max_D E log D(x) + E log(1 - D(G(z))), z ~ N(0, I)   (Goodfellow et al. 2014, eq. 1).

    G: z (n, latent) -> samples. D: samples -> logits (n, 1). objective: a name in `objectives.OBJECTIVES`.
    d_steps: the k of Algorithm 1. r1: weight of the zero-centred penalty on real samples, 0 for none, applied
    in every `r1_every`-th round with that many times the weight.
    """

    def __init__(
        self,
        G: nn.Module,
        D: nn.Module,
        latent: int,
        *,
        objective: str = "non_saturating",
        d_steps: int = 1,
        r1: float = 0.0,
        r1_every: int = 1,
    ) -> None:
        super().__init__()
        self.G, self.D, self.latent = G, D, latent
        self.objective = objectives.objective(objective)
        self.d_steps, self.r1, self.r1_every = d_steps, r1, r1_every

    def players(self) -> list[Player]:
        players = [
            Player("D", self.D, self.d_loss, steps=self.d_steps),
            Player("G", self.G, self.g_loss),
        ]
        if self.r1:
            players.insert(1, Player("R1", self.D, self.r1_loss, every=self.r1_every))
        return players

    def draw(self, data: Resident, n: int, rng: torch.Generator) -> Batch:
        return {"real": data.draw(n, rng)} | self.noise(n, rng)

    def noise(self, n: int, rng: torch.Generator) -> Batch:
        return {"z": torch.randn(n, self.latent, generator=rng, device=rng.device)}

    def d_loss(self, batch: Batch) -> Tensor:
        """Real and generated samples go through D apart, so that batch statistics never tell them apart."""
        fake = self.G(batch["z"]).detach()
        return self.objective.d_loss(self.D(batch["real"]), self.D(fake))

    def g_loss(self, batch: Batch) -> Tensor:
        real = self.D(batch["real"]) if self.objective.name == "relativistic" else None
        return self.objective.g_loss(self.D(self.G(batch["z"])), real)

    def r1_loss(self, batch: Batch) -> Tensor:
        """Lazy R1: taken every so many rounds and weighted by as much (Karras et al. 2020)."""
        return self.r1 * self.r1_every * objectives.zero_centred_penalty(self.D, batch["real"])


def ring_gan(seed: int = 0, *, latent: int = 2, width: int = 128, **options: object) -> VanillaGAN:
    """Two small networks for laws on the plane; `options` go to `VanillaGAN`."""
    with seeded(seed):
        G = mlp_generator(latent, (2,), (width, width))
        D = mlp_discriminator((2,), (width, width))
    return VanillaGAN(G, D, latent, **options)


# For `Settings`: what `digit_gan` was tuned with on stroke digits. With these betas, twice the learning rate was
# worse after 1,500 rounds (one seed).
DIGIT_SETTINGS = {"rounds": 6000, "batch": 64, "lr": 1e-3, "betas": (0.0, 0.99), "ema": 0.995}


def digit_gan(
    seed: int = 0, *, latent: int = 64, shape: Sequence[int] = (1, 28, 28), **options: object
) -> VanillaGAN:
    """Fully connected networks for images of `shape`; `options` go to `VanillaGAN` and replace the defaults.

    Train it with `Settings(**DIGIT_SETTINGS)`. R1 keeps D's slope small where the data are. Batch norm is for G
    alone: each logit of D must depend on one image, or the penalty would not be the slope at that image.
    """
    with seeded(seed):
        G = mlp_generator(latent, shape, (256, 512), batch_norm=True)
        D = mlp_discriminator(shape, (512, 256))
    return VanillaGAN(G, D, latent, **({"r1": 2.0, "r1_every": 4} | options))
