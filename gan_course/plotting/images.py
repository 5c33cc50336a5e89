"""Grids of pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from gan_course.plotting.style import figure


def as_pixels(images: Tensor) -> np.ndarray:
    """Images as matplotlib wants them: (n, height, width) grey or (n, height, width, 3), values in [0, 1].

    images: (n, channels, height, width), uint8, or floats in [-1, 1].
    """
    pixels = images.detach().cpu().float()
    pixels = pixels / 255 if not images.is_floating_point() else (pixels.clamp(-1, 1) + 1) / 2
    return pixels.permute(0, 2, 3, 1).squeeze(-1).numpy()


def tiled(images: Tensor, columns: int, gap: int = 1) -> np.ndarray:
    """One picture with the images in rows of `columns`, separated by white lines of `gap` pixels."""
    pixels = as_pixels(images)
    n, height, width, *colour = pixels.shape
    rows = -(-n // columns)
    sheet = np.ones((rows * (height + gap) - gap, columns * (width + gap) - gap, *colour), dtype=pixels.dtype)
    for i, image in enumerate(pixels):
        top, left = (i // columns) * (height + gap), (i % columns) * (width + gap)
        sheet[top : top + height, left : left + width] = image
    return sheet


def draw_images(ax: Axes, images: Tensor, columns: int, title: str = "") -> None:
    """Draw images (n, channels, height, width) into `ax`, `columns` to a row."""
    ax.imshow(tiled(images, columns), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    ax.set_title(title)
    ax.axis("off")


def image_grid(images: Tensor, *, columns: int = 8, title: str = "", width: float = 5.0) -> Figure:
    """A figure with the images in a grid. Show the first ones that came: nothing is picked."""
    rows = -(-len(images) // columns)
    fig, ax = figure(width=width, height=width * rows / columns + 0.4)
    draw_images(ax, images, columns, title)
    return fig


def image_rows(rows: Sequence[Tensor], titles: Sequence[str], *, width: float = 8.0) -> Figure:
    """A figure with one titled row of images per entry, for comparisons and for samples over time."""
    columns = max(len(row) for row in rows)
    fig, axes = figure(len(rows), 1, width=width, height=width / columns + 0.35, squeeze=False)
    for ax, row, title in zip(axes[:, 0], rows, titles, strict=True):
        draw_images(ax, row, columns, title)
    return fig
