"""The Laplacian pyramid (Burt & Adelson 1983): an image as one coarse image and the details that it lacks.

    I_0 = I,   I_{k+1} = d(I_k),   h_k = I_k - u(I_{k+1})  for k < K,   h_K = I_K          (analysis)
    I_k = u(I_{k+1}) + h_k                                                                  (synthesis)

d blurs and keeps every second pixel, u puts pixels in between. The synthesis adds back exactly what the analysis took
away, so it is exact for *any* d and u, up to the rounding of the largest value that u puts out; good ones leave little
to the details h_k.

Sides halve and are rounded up: 32 -> 16 -> 8, and 7 -> 4 -> 2 -> 1. Pixels 0, 2, 4, … are kept, so that the last pixel
of an odd side is kept and that of an even side is not. `up` must therefore be told the side: 7 and 8 both become 4.

Images are floats (n, channels, height, width). Both filters are linear and work on rows and columns apart, so each is
a product with a small matrix from the left and with another from the right.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

import torch
from torch import Tensor

from gan_course.data.resident import Resident

# the binomial filter, (1 4 6 4 1)/16: Burt & Adelson's generating kernel for a = 3/8
TAPS = (1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16)

Down = Callable[[Tensor], Tensor]
Up = Callable[[Tensor, tuple[int, int]], Tensor]


def down(x: Tensor) -> Tensor:
    """Blur and keep every second pixel: (n, c, h, w) -> (n, c, ceil(h/2), ceil(w/2)).

    Beyond the border the image goes on as its mirror image, pixel 1 next to pixel 0. Constant images stay constant.
    """
    _check_images(x)
    height, width = x.shape[-2:]
    return _shrink(height, x.dtype, x.device) @ x @ _shrink(width, x.dtype, x.device).T


def up(x: Tensor, size: tuple[int, int]) -> Tensor:
    """Zeros between the pixels, then 4 times the blur of `down`; size = (h, w).

    (n, c, ceil(h/2), ceil(w/2)) -> (n, c, h, w). Where the filter reaches over the border, the weights inside are
    scaled to the same sum. Constant images stay constant.

    Raises:
        ValueError: `down` makes images of another size from images of `size`.
    """
    _check_images(x)
    wanted = tuple((side + 1) // 2 for side in size)
    if tuple(x.shape[-2:]) != wanted:
        came, (high, wide) = "×".join(map(str, x.shape[-2:])), wanted
        raise ValueError(
            f"up() to {size[0]}×{size[1]} takes images of half that size, rounded up: {high}×{wide}, not {came}"
        )
    return _grow(size[0], x.dtype, x.device) @ x @ _grow(size[1], x.dtype, x.device).T


@lru_cache(maxsize=64)
def _shrink(side: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """The matrix (ceil(side/2), side) of `down` along one axis: row i holds the taps around pixel 2i."""
    matrix = torch.zeros((side + 1) // 2, side, dtype=torch.float64)
    for i in range(len(matrix)):
        for offset, tap in enumerate(TAPS, start=-2):
            matrix[i, _mirrored(2 * i + offset, side)] += tap
    return matrix.to(device, dtype)


def _mirrored(i: int, side: int) -> int:
    """The pixel that stands for pixel i: … 2 1 0 1 2 … side-2 side-1 side-2 …"""
    if side == 1:
        return 0
    i %= 2 * (side - 1)
    return min(i, 2 * (side - 1) - i)


@lru_cache(maxsize=64)
def _grow(side: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """The matrix (side, ceil(side/2)) of `up` along one axis: column i holds the taps around pixel 2i."""
    matrix = torch.zeros(side, (side + 1) // 2, dtype=torch.float64)
    for i in range(matrix.shape[1]):
        for offset, tap in enumerate(TAPS, start=-2):
            if 0 <= 2 * i + offset < side:
                matrix[2 * i + offset, i] = tap
    matrix /= matrix.sum(1, keepdim=True)  # inside the image every row sums to 1/2: a factor of 2 per axis
    return matrix.to(device, dtype)


def gaussian(x: Tensor, levels: int, down: Down = down) -> list[Tensor]:
    """The Gaussian pyramid [I_0, …, I_levels] with I_0 = x.

    Raises:
        ValueError: x is not a batch of float images, or levels is negative.
    """
    _check_images(x)
    if levels < 0:
        raise ValueError(f"levels is how often to halve the image, 0 or more, not {levels}")
    images = [x]
    for _ in range(levels):
        images.append(down(images[-1]))
    return images


def build(x: Tensor, levels: int, down: Down = down, up: Up = up) -> list[Tensor]:
    """The Laplacian pyramid [h_0, …, h_{K-1}, I_K] with K = levels, finest first.

    down: (n, c, h, w) -> a smaller image. up: (that image, (h, w)) -> (n, c, h, w). They need not fit together.

    Raises:
        ValueError: as for `gaussian`.
    """
    images = gaussian(x, levels, down)
    details = [  # h_k = I_k - u(I_{k+1})
        fine - up(coarse, tuple(fine.shape[-2:])) for fine, coarse in itertools.pairwise(images)
    ]
    return [*details, images[-1]]


def collapse(bands: Sequence[Tensor], up: Up = up) -> Tensor:
    """The image (n, c, h, w) of a pyramid [h_0, …, I_K]; undoes `build` with the same `up`."""
    *details, image = bands
    for detail in reversed(details):
        image = up(image, tuple(detail.shape[-2:])) + detail  # I_k = u(I_{k+1}) + h_k
    return image


def coarser(data: Resident, size: int, chunk: int = 2000) -> Resident:
    """The images of the data set at `size` × `size` pixels, by `down` as often as needed; columns are kept.

    They are floats in [-1, 1]; data that have that size already are returned as they are. `chunk` images are worked
    on at a time.

    Raises:
        ValueError: no square images, or halving does not lead to `size`; the message lists where it does.
    """
    if data.x.dim() != 4 or data.x.shape[-1] != data.x.shape[-2]:
        raise ValueError(f"{data.name} holds no square images but rows of shape {tuple(data.x.shape[1:])}")
    side = data.x.shape[-1]
    sides = [side]
    while sides[-1] > 1:
        sides.append((sides[-1] + 1) // 2)
    if size not in sides:
        raise ValueError(
            f"halving images of {side} pixels leads to {', '.join(map(str, sides[1:]))}, not to {size}"
        )
    if size == side:
        return data
    levels = sides.index(size)
    parts = [gaussian(data.take(slice(i, i + chunk)), levels)[-1] for i in range(0, len(data), chunk)]
    return replace(data, x=torch.cat(parts))


def energy(bands: Sequence[Tensor]) -> Tensor:
    """The share of every band in the energy of a pyramid, (K+1,), finest first; sums to 1.

    The energy of a band is the variance of its values over all images, channels and pixels: per pixel, so that bands
    of different sizes compare.
    """
    variances = torch.stack([band.double().var(correction=0) for band in bands])
    return variances / variances.sum()


def kurtosis(x: Tensor) -> float:
    """E (x - mean)⁴ / Var(x)² over all values: 3 for a Gaussian, 1.8 for a uniform law, large where a few values stand
    out from many small ones, as edges do.
    """
    centred = x.double() - x.double().mean()
    return (centred.pow(4).mean() / centred.square().mean().square()).item()


def _check_images(x: Tensor) -> None:
    if x.dim() != 4 or not x.is_floating_point():
        raise ValueError(
            f"a pyramid takes float images (n, channels, height, width), not {x.dtype} of shape {tuple(x.shape)}; "
            "`data.take(rows)` gives them"
        )
