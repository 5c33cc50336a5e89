"""Near-duplicates with a known answer: plant jittered copies in a data set, then count which of them were found."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


def plant(images: Tensor, share: float, rng: torch.Generator, *, move: float = 0.5) -> tuple[Tensor, Tensor]:
    """Add jittered copies of a share of images (n, 3, h, w) uint8. Returns (n + k, 3, h, w) and sources (k,).

    Each copy is of another image, `sources` says of which, and is what re-saving and re-cropping does to a picture:
    moved by up to `move` pixels in both directions (half a pixel at 32 is one pixel of a 64-pixel original), up to
    5 % brighter or darker, with noise of two grey levels. Moving by parts of a pixel blurs a little, too.
    """
    k = max(1, round(share * len(images)))
    sources = torch.randperm(len(images), generator=rng)[:k]
    copies = jitter(images[sources].float() / 127.5 - 1, rng, move=move, light=0.05, noise=2 / 127.5)
    copies = copies.add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8)
    return torch.cat([images, copies]), sources


def jitter(x: Tensor, rng: torch.Generator, *, move: float, light: float, noise: float) -> Tensor:
    """Copies of images (n, 3, h, w) in [-1, 1], each moved, lit and spoiled by its own draws."""
    n, side = len(x), x.shape[-1]
    by = move * (2 * torch.rand(n, 2, generator=rng) - 1)  # pixels, (right, down)
    affine = torch.eye(2, 3).repeat(n, 1, 1)
    affine[:, :, 2] = by * 2 / side  # grid_sample measures in half images
    grid = F.affine_grid(affine, list(x.shape), align_corners=False)
    x = F.grid_sample(x, grid, padding_mode="border", align_corners=False)
    bright = 1 + light * (2 * torch.rand(n, 1, 1, 1, generator=rng) - 1)
    return (x + 1) * bright - 1 + noise * torch.randn(x.shape, generator=rng)


@dataclass(frozen=True)
class Found:
    """recall: share of planted copies paired with their source. false_positives: share of the original images that
    stand in a pair which was not planted."""

    recall: float
    false_positives: float


def score(pairs: Tensor, n: int, sources: Tensor) -> Found:
    """Pairs as from `duplicates`, over n originals followed by the copies of `sources` (k,)."""
    planted = {(source, n + k) for k, source in enumerate(sources.tolist())}
    found = {(i, j) for i, j in pairs.tolist()}
    accused = {row for pair in found - planted for row in pair if row < n}
    return Found(len(found & planted) / len(planted), len(accused) / n)
