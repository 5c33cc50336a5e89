"""Samples as picture files."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from gan_course.training.game import Game

LEAST = 512  # pixels: smaller pictures are enlarged by a whole number, every pixel a square
COLUMNS = 8
MOST_COLUMNS = 20


def columns_of(game: Game) -> int:
    """Pictures in a row: eight, or one per class, so that a column shows one class."""
    classes = getattr(game, "classes", 0)
    return classes if 2 <= classes <= MOST_COLUMNS else COLUMNS


def save_picture(path: Path, samples: Tensor, real: Tensor | None = None, *, columns: int = COLUMNS) -> None:
    """Write all samples, in order, as one PNG.

    samples: images (n, channels, height, width) in [-1, 1], drawn in rows of `columns`; or points (n, 2), drawn over
    the `real` ones, if given.

    Raises:
        ValueError: neither images nor points in the plane.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if samples.dim() == 4:
        _images(path, samples, columns)
    elif samples.dim() == 2 and samples.shape[1] == 2:
        _points(path, samples, real)
    else:
        raise ValueError(
            f"no picture for samples of shape {tuple(samples.shape)}: expected images, or points (n, 2)"
        )


def _images(path: Path, images: Tensor, columns: int) -> None:
    from PIL import Image

    from gan_course.plotting.images import tiled

    sheet = torch.from_numpy(tiled(images, min(columns, len(images)))).mul(255).round().to(torch.uint8)
    picture = Image.fromarray(sheet.numpy())
    enlarged = max(1, LEAST // max(picture.size))
    size = (picture.width * enlarged, picture.height * enlarged)
    picture.resize(size, Image.Resampling.NEAREST).save(path)


def _points(path: Path, points: Tensor, real: Tensor | None) -> None:
    import matplotlib.pyplot as plt

    from gan_course.plotting import figure

    fig, ax = figure(width=4.4, height=4.4)
    if real is not None:
        ax.scatter(*real.cpu().T.numpy(), s=12, color="0.75", label="real")
    ax.scatter(*points.T.numpy(), s=3, label=f"{len(points):,} samples")
    ax.set_aspect("equal")
    ax.legend(loc="upper right", fontsize=8)
    fig.savefig(path)
    plt.close(fig)
