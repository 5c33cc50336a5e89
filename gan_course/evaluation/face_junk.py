"""Colour images that are no faces: what the reader of faces is trained to refuse, and what it is examined on.

Pictures made by arithmetic on the pixels of faces (`ghosts`, `sums`) stay out of the training: how the reader answers
them is a question to it, and an answer that was trained in would be none.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from gan_course.evaluation import junk
from gan_course.models.dcgan import dcgan_generator, initialise
from gan_course.training.seeding import seeded


def smeared(faces: Tensor, rng: torch.Generator) -> Tensor:
    """Faces averaged over 4×4 cells and enlarged again: colours and their places are left, features are not."""
    return F.interpolate(F.adaptive_avg_pool2d(faces, 4), faces.shape[2:], mode="bicubic").clamp(-1, 1)


def shuffled(faces: Tensor, rng: torch.Generator) -> Tensor:
    """Faces cut into 4×4 tiles which are put together in random order."""
    tiles = faces.unflatten(3, (4, -1)).unflatten(2, (4, -1))  # (n, c, 4, h/4, 4, w/4)
    tiles = tiles.permute(0, 2, 4, 1, 3, 5).flatten(1, 2)  # (n, 16, c, h/4, w/4)
    order = torch.rand(len(faces), 16, generator=rng).argsort(1)
    tiles = tiles[torch.arange(len(faces))[:, None], order].unflatten(1, (4, 4))
    return tiles.permute(0, 3, 1, 4, 2, 5).reshape(faces.shape)


def warped(faces: Tensor, rng: torch.Generator) -> Tensor:
    """Faces whose pixels were moved by smooth random fields, by 6 pixels of 32 (standard deviation) either way."""
    n, _, height, width = faces.shape
    field = torch.randn(n, 2, 5, 5, generator=rng) * 6 * 2 / 32  # the image is 2 units wide for grid_sample
    field = F.interpolate(field, (height, width), mode="bicubic").permute(0, 2, 3, 1)  # (n, h, w, 2)
    straight = F.affine_grid(torch.eye(2, 3).expand(n, 2, 3), list(faces.shape), align_corners=False)
    return F.grid_sample(faces, straight + field, padding_mode="border", align_corners=False)


def untrained_dcgan(faces: Tensor, rng: torch.Generator) -> Tensor:
    """What the DCGAN of the course draws before it has learned anything."""
    with seeded(int(torch.randint(2**31, (1,), generator=rng))), torch.no_grad():
        G = initialise(dcgan_generator(100, faces.shape[-1], width=32))
        return G(torch.randn(len(faces), 100))


def gaussian(faces: Tensor, rng: torch.Generator) -> Tensor:
    """Pixels from the normal law with the mean and the covariance of (the first thousand) faces, cut to [-1, 1]."""
    base = faces[:1000].flatten(1)
    mixing = torch.randn(len(faces), len(base), generator=rng) / max(len(base) - 1, 1) ** 0.5
    # Sums of deviations with independent standard normal weights have just their covariance.
    return (base.mean(0) + mixing @ (base - base.mean(0))).clamp(-1, 1).view_as(faces)


def quartered(faces: Tensor, rng: torch.Generator) -> Tensor:
    """Faces moved by half their width and height, and closed like a torus: every corner lies in the middle."""
    return faces.roll((faces.shape[2] // 2, faces.shape[3] // 2), (2, 3))


def upside_down(faces: Tensor, rng: torch.Generator) -> Tensor:
    """Faces with the chin above."""
    return faces.flip(2)


def ghosts(faces: Tensor, rng: torch.Generator) -> Tensor:
    """The mean of two or three faces, pixel by pixel."""
    first, second, third = (faces[torch.randperm(len(faces), generator=rng)] for _ in range(3))
    two = torch.rand(len(faces), 1, 1, 1, generator=rng) < 0.5
    return torch.where(two, (first + second) / 2, (first + second + third) / 3)


def sums(faces: Tensor, rng: torch.Generator) -> Tensor:
    """One face minus another plus a third, pixel by pixel: attribute arithmetic without a generator."""
    first, second, third = (faces[torch.randperm(len(faces), generator=rng)] for _ in range(3))
    return (first - second + third).clamp(-1, 1)


# A generator of digits is black around them, so `junk.blurred` is dark at the border: `smeared` takes its place.
SEEN: dict[str, junk.Junk] = {key: kind for key, kind in junk.SEEN.items() if key != "blurred"} | {
    "smeared faces": smeared,
    "shuffled faces": shuffled,
    "warped faces": warped,
}
UNSEEN: dict[str, junk.Junk] = junk.UNSEEN | {
    "untrained DCGAN": untrained_dcgan,
    "gaussian pixels": gaussian,
    "quartered faces": quartered,
    "upside-down faces": upside_down,
    "ghosts of two or three faces": ghosts,
    "sums of three faces": sums,
}
