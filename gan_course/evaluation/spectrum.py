"""The power of images over their frequencies: how much coarse and how much fine structure they have."""

from __future__ import annotations

import torch
from torch import Tensor


def radial_spectrum(images: Tensor) -> Tensor:
    """Mean power at radius 1, 2, …, side // 2 of the images' frequency planes: (side // 2,), float64.

    images: floats (n, c, side, side). The radius, in periods per side, is rounded; the mean over directions, images
    and channels is taken. Radius 0, the mean colour, is left out. White noise of variance v has v · side² everywhere.

    Raises:
        ValueError: no square float images.
    """
    if images.dim() != 4 or images.shape[-1] != images.shape[-2] or not images.is_floating_point():
        raise ValueError(
            f"a spectrum takes square float images (n, c, s, s), not {images.dtype} {tuple(images.shape)}"
        )
    side = images.shape[-1]
    power = torch.fft.fft2(images.double()).abs().square().mean((0, 1))  # (side, side)
    frequencies = torch.fft.fftfreq(side, 1 / side, dtype=torch.float64, device=images.device)
    radius = (frequencies[:, None].square() + frequencies.square()).sqrt().round().long()
    total = torch.zeros(int(radius.max()) + 1, dtype=torch.float64, device=images.device)
    count = torch.zeros_like(total)
    total.index_add_(0, radius.flatten(), power.flatten())
    count.index_add_(0, radius.flatten(), torch.ones_like(power).flatten())
    return (total / count)[1 : side // 2 + 1]


def spectrum_error(real: Tensor, fake: Tensor) -> float:
    """Mean over the radii of |10 log10 (power of fake / power of real)|, in decibels; 0 is ideal.

    real, fake: floats (n, c, side, side) and (m, c, side, side). Blurred images lack power at the large radii.

    Raises:
        ValueError: no square float images, or two sizes.
    """
    if real.shape[1:] != fake.shape[1:]:
        raise ValueError(
            f"spectra of images {tuple(real.shape[1:])} and {tuple(fake.shape[1:])} do not compare"
        )
    ratio = radial_spectrum(fake).clamp_min(1e-12) / radial_spectrum(real).clamp_min(1e-12)
    return (10 * ratio.log10()).abs().mean().item()
