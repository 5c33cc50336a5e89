"""Checkerboards: what a transposed convolution does to maps that are constant (Odena, Dumoulin and Olah 2016)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def overlap(kernel: int, stride: int = 2, size: int = 16) -> Tensor:
    """How many input pixels each output pixel of a transposed convolution sees: (side, side), side = size · stride.

    The output for a constant input and constant weights. It is flat inside where `stride` divides `kernel`; otherwise
    neighbours see different numbers of inputs, and the network has to learn weights that undo it.
    """
    ones = torch.ones(1, 1, size, size)
    full = F.conv_transpose2d(ones, torch.ones(1, 1, kernel, kernel), stride=stride)[0, 0]
    cut = max(0, kernel - stride)  # what padding removes, split over both edges
    low = cut // 2
    return full[low : low + size * stride, low : low + size * stride]


def nyquist_share(images: Tensor) -> float:
    """Share of the variance of images (n, c, h, w), sides even, that alternates from pixel to pixel.

    By the discrete Fourier transform: the power at the highest frequency in rows, columns or both, over all power
    but the mean's. White noise has (h + w - 1) / (h w - 1), smooth images far less. Leave the border out when
    padding shows there.
    """
    power = torch.fft.fft2(images.double()).abs().square().sum((0, 1))  # (h, w)
    power[0, 0] = 0.0
    h, w = power.shape
    fastest = power[h // 2].sum() + power[:, w // 2].sum() - power[h // 2, w // 2]
    return (fastest / power.sum().clamp_min(1e-12)).item()
