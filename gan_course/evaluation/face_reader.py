"""A small network that reads faces: attributes, hair, head turn, colours, and whether there is a face at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan_course.data.faces import ATTRIBUTES, HAIR
from gan_course.evaluation import face_junk, junk
from gan_course.evaluation.one_cycle import check_rows, train_one_cycle
from gan_course.evaluation.reader import as_input, halve
from gan_course.training.seeding import generator, seeded

SIDE = 32  # pixels: what the network sees
SIZES = (32, 64, 128)
YAW = 35.0  # degrees: the largest head turn, which the network knows as 1


class FaceAnswers(NamedTuple):
    """What the network puts out for n images: logits, and estimates in units of about 1."""

    attributes: Tensor  # (n, 5) logits, in the order of ATTRIBUTES
    hair: Tensor  # (n, len(HAIR)) logits
    yaw: Tensor  # (n,) head turn / 35 degrees
    skin_tone: Tensor  # (n,) 0..1
    background: Tensor  # (n, 3) RGB, 0..1
    face: Tensor  # (n,) logit: is there a face?


class FaceReader(nn.Module):
    """Three strided convolutions and two linear layers, 227,184 parameters.

    `forward` maps images `(n, 3, s, s)` in [-1, 1], s one of 32, 64 and 128, to `FaceAnswers`; larger images are first
    averaged down to 32×32. `features` is the layer before: `(n, 64)`, not negative; distances between distributions
    of faces are measured there.
    """

    def __init__(self) -> None:
        super().__init__()
        self.convolutions = nn.Sequential(
            halve(3, 32, kernel=5),  # 32 -> 16
            halve(32, 64, kernel=3),  # 16 -> 8
            halve(64, 128, kernel=3),  # 8 -> 4
        )
        self.hidden = nn.Linear(128 * 4 * 4, 64)
        self.widths = [len(ATTRIBUTES), len(HAIR), 1, 1, 3, 1]  # of the answers, in the order of FaceAnswers
        self.heads = nn.Linear(64, sum(self.widths))
        # Same numbers in another order of memory, twice as fast on a CPU.
        self.to(memory_format=torch.channels_last)

    def features(self, x: Tensor) -> Tensor:
        return F.relu(self.hidden(self.convolutions(shrink(x)).flatten(1)))

    def forward(self, x: Tensor) -> FaceAnswers:
        out = self.heads(self.features(x))
        attributes, hair, yaw, skin_tone, background, face = out.split(self.widths, 1)
        return FaceAnswers(attributes, hair, yaw[:, 0], skin_tone[:, 0], background, face[:, 0])


def shrink(x: Tensor) -> Tensor:
    """Floats (n, 3, s, s) averaged over squares to (n, 3, 32, 32); s is a multiple of 32."""
    return x if x.shape[-1] == SIDE else F.avg_pool2d(x, x.shape[-1] // SIDE)


def weathered(x: Tensor, rng: torch.Generator) -> Tensor:
    """Faces (n, 3, 32, 32) in [-1, 1] as a young generator might draw them: moved by up to two pixels, every other
    one a little blurred, noise of up to 0.08 on all. Their colours stay as they are; see `relit`.
    """
    n, _, height, width = x.shape
    padded = F.pad(x, (2, 2, 2, 2), mode="replicate")
    down, right = torch.randint(5, (2, n, 1), generator=rng)
    rows, columns = down + torch.arange(height), right + torch.arange(width)  # (n, 32) each
    x = padded.permute(0, 2, 3, 1)[torch.arange(n)[:, None, None], rows[:, :, None], columns[:, None, :]]
    x = x.permute(0, 3, 1, 2)  # (n, 3, 32, 32), channels last
    softness = 0.6 * torch.rand(n, 1, 1, 1, generator=rng)
    softness[::2] = 0
    x = x.lerp(F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, stride=1), softness)
    noise = torch.randn(x.shape, generator=rng) * torch.rand(n, 1, 1, 1, generator=rng)
    return (x + 0.08 * noise).clamp(-1, 1)


def relit(x: Tensor, rng: torch.Generator) -> Tensor:
    """Images (n, 3, h, w) in [-1, 1] with other contrast (0.7 to 1.2) and brightness (up to 0.15 more or less)."""
    contrast, light = torch.rand(2, len(x), 1, 1, 1, generator=rng)
    return (x * (0.7 + 0.5 * contrast) + 0.3 * (light - 0.5)).clamp(-1, 1)


def train_face_reader(
    images: Tensor,
    factors: Mapping[str, Tensor],
    epochs: int = 4,
    seed: int = 0,
    batch: int = 64,
    lr: float = 3e-3,
    *,
    junk_rows: int = 16,
) -> FaceReader:
    """Train a FaceReader on drawn faces (n, 3, 32, 32) uint8 with their factors, and to tell them from junk.

    Every step shows a batch of weathered faces and `junk_rows` images of the kinds in `face_junk.SEEN`, which only the
    question "is this a face?" is asked about. Half of the faces are relit, and not asked for their colours. AdamW,
    one cycle of the learning rate; the same data, seed and thread count give the same weights. Returned in
    evaluation mode.

    Raises:
        ValueError: fewer images than one batch, or more junk than images in it.
    """
    check_rows(len(images), batch, junk_rows)
    truth = targets(factors)
    is_face = torch.cat([torch.ones(batch), torch.zeros(junk_rows)])
    with seeded(seed):
        reader = FaceReader()
        rng = generator(seed)

        def loss(index: Tensor) -> Tensor:
            faces = as_input(images[index])
            nothing = junk.mixture(faces[:junk_rows], rng, face_junk.SEEN)
            faces = weathered(faces, rng)
            half = batch // 2
            faces = torch.cat([faces[:half], relit(faces[half:], rng)])
            # All go through the net together: its batch statistics are those of the mixture, never of one kind.
            out = reader(torch.cat([faces, nothing]).contiguous(memory_format=torch.channels_last))
            of_faces = FaceAnswers(*(answer[:batch] for answer in out))
            reading = reading_loss(of_faces, FaceAnswers(*(column[index] for column in truth)), half)
            return reading + F.binary_cross_entropy_with_logits(out.face, is_face)

        train_one_cycle(reader, len(images), epochs, batch, lr, rng, loss)
    return reader.eval()


def targets(factors: Mapping[str, Tensor]) -> FaceAnswers:
    """The factors of drawn faces in the form and the units of the network's answers: what it should have said."""
    return FaceAnswers(
        attributes=torch.stack([factors[name].float() for name in ATTRIBUTES], 1),
        hair=factors["hair_colour"],
        yaw=factors["yaw"] / YAW,
        skin_tone=factors["skin_tone"],
        background=factors["background"],
        face=torch.ones(len(factors["yaw"])),
    )


def reading_loss(said: FaceAnswers, truth: FaceAnswers, coloured: int) -> Tensor:
    """Cross-entropy of the attributes (summed over them) and of the hair, and twenty times the squared errors of
    the rest; skin tone and background only of the first `coloured` rows.
    """
    attributes = F.binary_cross_entropy_with_logits(said.attributes, truth.attributes) * len(ATTRIBUTES)
    hair = F.cross_entropy(said.hair, truth.hair)
    errors = F.mse_loss(said.yaw, truth.yaw)
    errors = errors + F.mse_loss(said.skin_tone[:coloured], truth.skin_tone[:coloured])
    errors = errors + F.mse_loss(said.background[:coloured], truth.background[:coloured])
    return attributes + hair + 20 * errors
