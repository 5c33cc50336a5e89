"""The auxiliary classifier GAN (Odena, Olah and Shlens 2017): D is not told the class, it has to name it."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from gan_course import objectives
from gan_course.models.cgan import CGAN
from gan_course.models.conditional_networks import ConvGenerator, ConvTrunk
from gan_course.models.dcgan import initialise
from gan_course.training.game import Batch
from gan_course.training.seeding import seeded


class ACGAN(CGAN):
    """D maximises L_S + L_C, G maximises L_C - L_S (Odena et al. 2017), where

    L_S = E log P(S = real | X_real) + E log P(S = fake | X_fake) and
    L_C = E log P(C = c | X_real) + E log P(C = c | X_fake).

    G: (z (n, latent), y (n,) int64) -> samples. D: samples -> (source logits (n, 1), class logits (n, K)). G takes the
    non-saturating form of its part of L_S, as everywhere in the course. class_weight: of L_C, 1 in the paper.
    classify_fakes: whether D learns to name the class of generated samples too, as in the paper; False: of real ones
    only. G always learns from the class of its samples. The other options are those of `CGAN`.
    """

    def __init__(
        self,
        G: nn.Module,
        D: nn.Module,
        latent: int,
        classes: int,
        *,
        class_weight: float = 1.0,
        classify_fakes: bool = True,
        **options: object,
    ) -> None:
        super().__init__(G, D, latent, classes, **(options | {"d_sees_y": False}))
        self.class_weight, self.classify_fakes = class_weight, classify_fakes

    def d_loss(self, batch: Batch) -> Tensor:
        real_source, real_class = self.D(batch["real"])
        fake_source, fake_class = self.D(self.generate(batch).detach())
        class_loss = cross_entropy(real_class, batch["real_y"])  # -E log P(C = c | X_real)
        if self.classify_fakes:
            class_loss = class_loss + cross_entropy(fake_class, batch["y"])  # -E log P(C = c | X_fake)
        return self.objective.d_loss(real_source, fake_source) + self.class_weight * class_loss

    def g_loss(self, batch: Batch) -> Tensor:
        relativistic = self.objective.name == "relativistic"
        real_source = self.D(batch["real"])[0] if relativistic else None
        fake_source, fake_class = self.D(self.generate(batch))
        class_loss = cross_entropy(fake_class, batch["y"])
        return self.objective.g_loss(fake_source, real_source) + self.class_weight * class_loss

    def r1_loss(self, batch: Batch) -> Tensor:
        """Lazy R1 on the source logit."""
        penalty = objectives.zero_centred_penalty(lambda x: self.D(x)[0], batch["real"])
        return self.r1 * self.r1_every * penalty


class TwoHeads(nn.Module):
    """images -> (source logits (n, 1), class logits (n, classes)), both linear in the trunk's phi(x)."""

    def __init__(self, trunk: ConvTrunk, classes: int) -> None:
        super().__init__()
        self.trunk = trunk
        self.source = nn.Linear(trunk.features, 1)
        self.classes = nn.Linear(trunk.features, classes)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        phi = self.trunk(x)
        return self.source(phi), self.classes(phi)


def acgan(
    seed: int = 0,
    *,
    how: str = "embedding",
    size: int = 28,
    width: int = 16,
    channels: int = 1,
    latent: int = 64,
    classes: int = 10,
    blind_g: bool = False,
    **options: object,
) -> ACGAN:
    """The networks of `cgan.conv_cgan` with two heads on D; train them with the same settings (`cgan.CGAN_SETTINGS`).

    how: the way the class gets into G, by default that of `conv_cgan`'s G. blind_g: the label is multiplied by zero in
    G. `options` go to `ACGAN`.

    Raises:
        ValueError: an unknown way, or a size that the networks are not built for.
    """
    shape = {"size": size, "width": width, "channels": channels}
    with seeded(seed):
        G = ConvGenerator(latent, classes, **shape, how=how, blind=blind_g)
        D = initialise(TwoHeads(ConvTrunk(**shape), classes))
    return ACGAN(G, D, latent, classes, **options)
