"""Near-duplicates in a training set, found by a semantic hash (Radford, Metz and Chintala 2016, section 4.1).

A model that has seen an image twice has twice the reason to remember it. The paper trains a 3072-128-3072 autoencoder
on 32×32 images, sets each of its 128 code units to "on" or "off", and removes images with equal codes (about 275,000
of three million bedrooms).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan_course.evaluation.planted import jitter
from gan_course.training.seeding import generator, seeded

SIDE, BITS = 32, 128


class Hasher(nn.Module):
    """Denoising autoencoder of 3072-128-3072 units; the code is a ReLU layer under dropout.

    mean: the average training image (3, 32, 32) in [-1, 1], taken off every image first. Without it every unit sees
    mostly that average, many end up off for all images, and a bit that never changes tells nothing apart.
    Dropout makes every unit useful without the help of the others, so that none carries a fine detail alone.
    """

    mean: Tensor

    def __init__(self, mean: Tensor, dropout: float = 0.2) -> None:
        super().__init__()
        self.register_buffer("mean", mean)
        self.encode = nn.Sequential(nn.Flatten(), nn.Linear(3 * SIDE**2, BITS), nn.ReLU())
        self.drop = nn.Dropout(dropout)
        self.decode = nn.Sequential(nn.Linear(BITS, 3 * SIDE**2), nn.Unflatten(1, (3, SIDE, SIDE)))

    def code(self, x: Tensor) -> Tensor:
        """Images (n, 3, 32, 32) in [-1, 1] -> code units (n, 128), not negative."""
        return self.encode(x - self.mean)

    def forward(self, x: Tensor) -> Tensor:
        """Images (n, 3, 32, 32) in [-1, 1] -> their reconstructions."""
        return self.decode(self.drop(self.code(x))) + self.mean


def train_hasher(
    images: Tensor, seed: int = 0, epochs: int = 12, *, batch: int = 128, lr: float = 2e-3
) -> Hasher:
    """Train it on images (n, 3, 32, 32) uint8: rebuild the image from a spoiled copy (denoising).

    A spoiled copy is moved by up to one pixel, up to 5 % darker or brighter, and noisy: what the code must not
    notice, so that near-duplicates get nearly equal codes. (The paper does not say how it spoils.) The learning rate
    falls to zero along a half cosine. The same images, seed and thread count give the same weights. Returned in eval
    mode.

    Raises:
        ValueError: other images than RGB of 32 pixels, or fewer than one batch.
    """
    _check(images)
    if len(images) < batch:
        raise ValueError(
            f"{len(images)} images do not fill one batch of {batch}: pass more, or a smaller batch"
        )
    rng = generator(seed)
    steps = len(images) // batch
    with seeded(seed):
        hasher = Hasher(_as_input(images).mean(0))
        optimiser = torch.optim.Adam(hasher.parameters(), lr, fused=True)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs * steps)
        for _ in range(epochs):
            order = torch.randperm(len(images), generator=rng)
            for index in order[: steps * batch].view(steps, batch):
                x = _as_input(images[index])
                loss = F.mse_loss(hasher(jitter(x, rng, move=1.0, light=0.05, noise=0.1)), x)
                optimiser.zero_grad(set_to_none=True)
                loss.backward()
                optimiser.step()
                schedule.step()
    return hasher.eval()


@torch.no_grad()
def codes(hasher: Hasher, images: Tensor) -> Tensor:
    """Semantic hashes (n, 128) bool of images (n, 3, 32, 32) uint8: which code units are active.

    Raises:
        ValueError: other images than RGB of 32 pixels.
    """
    _check(images)
    return torch.cat([hasher.code(_as_input(part)) > 0 for part in images.split(1000)])


def choose_radius(hashes: Tensor, rate: float = 0.005) -> int:
    """The largest radius at which at most a share `rate` of these distinct images has another one within it.

    hashes (n, bits): of images known to be distinct, as many as will be searched later, because the chance of a
    neighbour grows with n. -1: even equal hashes are more common than that.
    """
    bits = hashes.float()
    distance = torch.cdist(bits, bits, p=1).fill_diagonal_(torch.inf)
    nearest = distance.amin(1).round().long().sort().values
    # the first rows may lie within the radius, the next one must not
    return int(nearest[int(rate * len(hashes))]) - 1


def duplicates(hashes: Tensor, radius: int = 0) -> Tensor:
    """Pairs (p, 2) of rows i < j whose hashes (n, bits) differ in at most `radius` bits, in order.

    No comparison of everything with everything: cut the hashes into radius + 1 parts. Two hashes with at most
    `radius` different bits agree on at least one whole part, so only rows that share a part, found by a dictionary,
    are compared in full. Linear in n as long as parts are long enough to be rarely shared; for radius 0 the part is
    the whole hash, as in the paper.
    """
    found = set()
    for part in torch.arange(hashes.shape[1]).tensor_split(radius + 1):
        buckets: dict[bytes, list[int]] = {}
        for row, key in enumerate(hashes[:, part].numpy()):
            buckets.setdefault(key.tobytes(), []).append(row)
        for rows in (torch.tensor(rows) for rows in buckets.values() if len(rows) > 1):
            bits = hashes[rows].float()
            # |a - b| summed over bits = the number of bits that differ
            close = (torch.cdist(bits, bits, p=1) <= radius + 0.5).triu(diagonal=1).nonzero()
            found.update((rows[i].item(), rows[j].item()) for i, j in close.tolist())
    return torch.tensor(sorted(found), dtype=torch.long).view(-1, 2)


def _check(images: Tensor) -> None:
    if images.shape[1:] != (3, SIDE, SIDE) or images.dtype != torch.uint8:
        raise ValueError(
            f"needs uint8 RGB images of {SIDE} pixels, (n, 3, {SIDE}, {SIDE}); got {images.dtype} {tuple(images.shape)}"
        )


def _as_input(images: Tensor) -> Tensor:
    return images.float().div(127.5).sub(1)
