"""Procedural portraits: colour images of friendly faces whose factors are known exactly.

A face is about thirty layers, painted back to front; every layer is a shape given by its distance to the edge, so that
edges are smooth at every size. The factors are drawn independently of each other (of real faces that is not true: a
classifier that uses a short cut between two of them gains nothing here). `smiling`, `eyeglasses`, `wearing_hat` and the
hair colours black, brown, blond and gray are named as in CelebA (Liu et al. 2015); `beard` is the opposite of its
No_Beard. `long_hair`, red hair, `yaw`, `skin_tone`, `background` and all the others are ours.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from gan_course.data import face_canvas, face_factors, face_features, face_hair, face_head
from gan_course.data.face_factors import ATTRIBUTES, CLASSES, COLOURS, HAIR, NAMES, RANGES
from gan_course.data.threads import one_thread

__all__ = ["ATTRIBUTES", "CLASSES", "COLOURS", "HAIR", "NAMES", "RANGES", "SIZES", "Faces", "draw", "render"]

SIZES = (32, 64, 128)
"""Sides of the images, in pixels."""

CHUNK = {32: 32, 64: 8, 128: 2}  # images painted together: what a layer needs stays in the cache
PADDED = 64  # rows: a multiple of every chunk and of every vector unit

LAYERS = (
    face_head.background,
    face_hair.back_hair,
    face_head.body,
    face_head.ears,
    face_head.face,
    face_features.nose,
    face_features.beard,
    face_features.mouth,
    face_features.eyes,
    face_features.brows,
    face_hair.front_hair,
    face_features.glasses,
    face_hair.hat,
)


class Faces(NamedTuple):
    """Images `(n, 3, size, size)` uint8, RGB, and the factors that made them (`face_factors`).

    `smiling`, `eyeglasses`, `beard`, `long_hair`, `wearing_hat` are 0 or 1, `hair_colour` is a class of `HAIR`: int64
    `(n,)`. `yaw` (degrees, -35 to 35; positive: the nose points to the right side of the image) and `skin_tone` (0
    lightest, 1 darkest) are float32 `(n,)`. `background` is the mean colour behind the person, float32 `(n, 3)`, RGB in
    0 to 1. The rest is listed in `CLASSES`, `RANGES` and `COLOURS`.
    """

    images: Tensor
    factors: dict[str, Tensor]


def draw(n: int, seed: int = 0, size: int = 64) -> Faces:
    """Draw `n` portraits. A larger `n` appends, and another `size` shows the same persons.

    Raises ValueError for a size that is not in `SIZES`, n below 1, or a seed that is negative or 2⁴⁰ or more.
    """
    _check_size(size)
    factors = face_factors.sample(n, seed)
    return Faces(render(factors, size), factors)


def render(factors: dict[str, Tensor], size: int = 64) -> Tensor:
    """Images `(n, 3, size, size)` uint8 for *given* factors, all of those that `draw` returns.

    The image is a function of the factors alone, so that one can be changed and everything else kept:

        factors = draw(100).factors
        with_glasses = render(factors | {"eyeglasses": torch.ones(100).long()}, 64)

    Keep numbers within `RANGES`: with a larger `scale`, `tilt` or `shift_y` layers would be cut off.

    Raises ValueError for an unknown size, missing factors, wrong shapes or classes that do not exist.
    """
    _check_size(size)
    face_factors.check(factors)
    n, chunk = len(factors["yaw"]), CHUNK[size]
    # Filled up with copies of the last row: equal shapes give every image equal bits, whatever n is.
    rows = torch.arange(math.ceil(n / PADDED) * PADDED).clamp_(max=n - 1)
    images = torch.empty(n, 3, size, size, dtype=torch.uint8)
    with one_thread():
        shaped = _shaped({name: factors[name][rows] for name in NAMES})
        for start in range(0, n, chunk):
            f = {name: value[start : start + chunk] for name, value in shaped.items()}
            canvas = face_canvas.blank(f, size)
            for layer in LAYERS:
                layer(canvas, f)
            images[start : start + chunk] = canvas.pixels.mul_(255).round_()[: n - start].to(torch.uint8)
    return images


def _shaped(factors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Numbers as (n, 1, 1) and colours as (n, 3, 1, 1), float32, with all that follows from the factors alone."""
    f = {name: value.float()[..., None, None] for name, value in factors.items()}
    yaw = f["yaw"].deg2rad()
    f |= {"sin_yaw": yaw.sin(), "cos_yaw": yaw.cos()}
    f |= {
        "skin": face_head.skin_colour(f["skin_tone"]),
        "hair": face_hair.hair_colour(f),
        **face_hair.shape(f),
    }
    f |= {"brow": 0.72 * f["hair"] + 0.04, "iris": face_features.iris_colour(f["eye_hue"])}
    f["lips"] = face_features.lip_colour(f["skin"], f["lip_colour"])
    return f


def _check_size(size: int) -> None:
    if size not in SIZES:
        raise ValueError(
            f"portraits are drawn at size {', '.join(map(str, SIZES))}, not {size}; pick one of these"
        )


SOURCES = (face_canvas, face_factors, face_features, face_hair, face_head)
"""Modules whose code, with this one's, decides the pixels, for `gan_course.data.cache.cached`."""
