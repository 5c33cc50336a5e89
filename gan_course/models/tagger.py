"""A conditional GAN that names things: it draws a word vector for an image (Mirza and Osindero 2014, section 4.2).

The data are pairs (word vector, features of the image); both encoders are frozen. The paper's features come from a
network trained on ImageNet. Ours are the last layer of the face reader, which was trained on the very factors that
make most of our words true: an easier task. Widths, the paper's and ours:

| network | branch | paper | here |
|---|---|---|---|
| G | z, N(0, I) | 100 -> 500, ReLU | 32 -> 64, ReLU |
| G | image features | 4096 -> 2000, ReLU | 64 -> 128, ReLU |
| G | both | -> 200, linear | -> 128, ReLU -> 24, linear (`joint=0`: the paper's) |
| D | word vector | 200 -> 500, ReLU | 24 -> 64, ReLU |
| D | image features | 4096 -> 1200, ReLU | 64 -> 128, ReLU |
| D | both | maxout, 1000 units of 3 pieces -> 1 | maxout, 64 of 3 -> 1 |

Why ours has a joint layer: without one, G(z, f) = A relu(B z) + C relu(E f) + b is a sum. Its samples for two images
are the same cloud in two places: the image moves the cloud and cannot change its shape.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from gan_course.data.resident import Resident
from gan_course.models.conditional_networks import Maxout
from gan_course.models.vanilla import VanillaGAN
from gan_course.objectives import zero_centred_penalty
from gan_course.training.game import Batch, Game, Player
from gan_course.training.seeding import generator, seeded

WORD_WIDTH, IMAGE_WIDTH = 64, 128  # units of a branch that reads words or noise, and of one that reads images

TAGGER_SETTINGS = {
    "rounds": 3000,
    "batch": 128,
    "lr": 2e-3,
    "betas": (0.0, 0.99),
    "ema": 0.998,
    "snapshots": 0,  # noise alone makes no sample: the game needs images
}
"""For `Settings`, on the words of drawn faces: chosen among a few trials with one seed; `regressor` takes them, too."""


def _see(features: int, width: int) -> nn.Sequential:
    """The image's branch. Features of any network are brought to one scale first; nothing of that is learned."""
    scale = nn.LayerNorm(features, elementwise_affine=False)
    return nn.Sequential(scale, nn.Linear(features, width), nn.ReLU())


def _say(before: int, joint: int, words: int) -> nn.Sequential:
    """From what the branches found to a word vector; `joint` hidden units in between, or none."""
    hidden = [nn.Linear(before, joint), nn.ReLU()] if joint else []
    return nn.Sequential(*hidden, nn.Linear(joint or before, words))


class TagGenerator(nn.Module):
    """z (n, latent), features (n, f) -> word vectors (n, d)."""

    def __init__(self, latent: int, features: int, words: int, *, joint: int = 128) -> None:
        super().__init__()
        self.imagine = nn.Sequential(nn.Linear(latent, WORD_WIDTH), nn.ReLU())
        self.see = _see(features, IMAGE_WIDTH)
        self.say = _say(WORD_WIDTH + IMAGE_WIDTH, joint, words)

    def forward(self, z: Tensor, features: Tensor) -> Tensor:
        return self.say(torch.cat([self.imagine(z), self.see(features)], 1))


class TagDiscriminator(nn.Module):
    """word vectors (n, d), features (n, f) -> logits (n, 1): does this word belong to this image?"""

    def __init__(self, features: int, words: int) -> None:
        super().__init__()
        self.read = nn.Sequential(nn.Linear(words, WORD_WIDTH), nn.ReLU())
        self.see = _see(features, IMAGE_WIDTH)
        self.judge = nn.Sequential(Maxout(WORD_WIDTH + IMAGE_WIDTH, 64, 3), nn.Linear(64, 1))

    def forward(self, x: Tensor, features: Tensor) -> Tensor:
        return self.judge(torch.cat([self.read(x), self.see(features)], 1))


class Tagger(VanillaGAN):
    """min_G max_D E log D(x, f) + E log(1 - D(G(z, f), f))   (Mirza and Osindero 2014, eq. 2).

    Data: x are word vectors (m, d), column "features" (m, f) belongs to the image of each. smear: the standard
    deviation of Gaussian noise on the real vectors, which are otherwise a few points without a density (instance
    noise, Sønderby et al. 2017, on one side only). The other arguments are those of `VanillaGAN`.
    """

    def __init__(
        self, G: nn.Module, D: nn.Module, latent: int, *, smear: float = 0.0, **options: object
    ) -> None:
        super().__init__(G, D, latent, **options)
        self.smear = smear

    def draw(self, data: Resident, n: int, rng: torch.Generator) -> Batch:
        """Real pairs, and images of other rows to make words for: D never sees a real word with a wrong image."""
        real, other = data.index(n, rng), data.index(n, rng)
        x = data.take(real)
        return {
            "real": x + self.smear * torch.randn(x.shape, generator=rng, device=rng.device),
            "real_features": data.column("features")[real],
            "features": data.column("features")[other],
        } | self.noise(n, rng)

    def generate(self, noise: Batch, G: nn.Module | None = None) -> Tensor:
        """Word vectors (n, d) for noise {"z", "features"}.

        Raises:
            ValueError: no features; what to do instead.
        """
        if "features" not in noise:
            raise ValueError(
                "a tagger draws words for images: call samples(features); in Settings, snapshots=0"
            )
        return (self.G if G is None else G)(noise["z"], noise["features"])

    def samples(self, features: Tensor, each: int = 100, seed: int = 0, G: nn.Module | None = None) -> Tensor:
        """`each` word vectors per image: features (n, f) -> (n, each, d), by `G` or the game's own generator."""
        many = features.repeat_interleave(each, 0)  # (n · each, f)
        noise = self.noise(len(many), generator(seed, features.device))
        return self.show(noise | {"features": many}, G).unflatten(0, (len(features), each))

    def d_loss(self, batch: Batch) -> Tensor:
        fake = self.G(batch["z"], batch["features"]).detach()
        real_logits = self.D(batch["real"], batch["real_features"])
        return self.objective.d_loss(real_logits, self.D(fake, batch["features"]))

    def g_loss(self, batch: Batch) -> Tensor:
        needs_real = self.objective.name == "relativistic"
        real = self.D(batch["real"], batch["real_features"]) if needs_real else None
        return self.objective.g_loss(self.D(self.G(batch["z"], batch["features"]), batch["features"]), real)

    def r1_loss(self, batch: Batch) -> Tensor:
        """The slope in the word, the image held fixed."""
        penalty = zero_centred_penalty(lambda x: self.D(x, batch["real_features"]), batch["real"])
        return self.r1 * self.r1_every * penalty


def tagger(
    seed: int = 0,
    *,
    features: int = 64,
    words: int = 24,
    latent: int = 32,
    joint: int = 128,
    **options: object,
) -> Tagger:
    """Both networks from the seed alone; `options` go to `Tagger` and replace the defaults.

    features, words: numbers of an image and of a word vector. joint: hidden units of G that see noise and image
    together; 0 for the paper's generator, whose output is a sum of the two.
    """
    with seeded(seed):
        G = TagGenerator(latent, features, words, joint=joint)
        D = TagDiscriminator(features, words)
    return Tagger(G, D, latent, **({"smear": 0.25, "r1": 2.0, "r1_every": 4} | options))


class Regressor(Game):
    """The control: the tagger's generator without z, trained to min E |G(f) - x|². No D, no game.

    Its best answer is the conditional mean E[x | f]: one vector per image, between all the words that people use.
    """

    def __init__(self, G: nn.Module) -> None:
        super().__init__()
        self.G = G

    def players(self) -> list[Player]:
        return [Player("G", self.G, self.loss)]

    def draw(self, data: Resident, n: int, rng: torch.Generator) -> Batch:
        index = data.index(n, rng)
        return {"real": data.take(index), "real_features": data.column("features")[index]}

    def noise(self, n: int, rng: torch.Generator) -> Batch:
        return {}

    def loss(self, batch: Batch) -> Tensor:
        return functional.mse_loss(self.G(batch["real_features"]), batch["real"])

    @torch.no_grad()
    def predict(self, features: Tensor, G: nn.Module | None = None) -> Tensor:
        """One word vector per image: features (n, f) -> (n, d)."""
        return (self.G if G is None else G)(features)


def regressor(seed: int = 0, *, features: int = 64, words: int = 24, joint: int = 128) -> Regressor:
    """The image's branch of `tagger` and the layers after it, from the seed alone."""
    with seeded(seed):
        return Regressor(nn.Sequential(_see(features, IMAGE_WIDTH), _say(IMAGE_WIDTH, joint, words)))
