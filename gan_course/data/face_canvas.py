"""The canvas of a procedural portrait: coordinates that turn with the head, edges without steps, layers of paint.

Lengths are in half image sides: the image is 2 wide and 2 high, its middle is (0, 0), y points down. Every face has its
own coordinates (u, v), moved, tilted and scaled with it, and a third one, w, that turns with it: w replaces u wherever
a shape sits on the front of the head.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from gan_course.data.face_factors import RANGES

RADIUS = 0.5  # of the head, for turning
SMALLEST, LARGEST = RANGES["scale"]
SLACK = RANGES["shift_y"][1] + LARGEST * 0.7 * math.sin(math.radians(RANGES["tilt"][1]))  # at |u| = 0.7


@dataclass(frozen=True)
class Canvas:
    """pixels (c, 3, rows, columns), changed in place; u, v, w (c, rows, columns); sharp (c, 1, 1): pixels per unit."""

    pixels: Tensor
    u: Tensor
    v: Tensor
    w: Tensor
    sharp: Tensor

    def rows(self, top: float, bottom: float) -> Canvas:
        """The rows in which the heights v from top to bottom may lie, for factors within their ranges.

        A layer costs what its rows cost, so every layer takes as few as it needs.
        """
        size = self.pixels.shape[3]
        first = top * (LARGEST if top < 0 else SMALLEST) - SLACK
        last = bottom * (SMALLEST if bottom < 0 else LARGEST) + SLACK
        part = slice(max(0, int((first + 1) / 2 * size)), min(size, int((last + 1) / 2 * size) + 1))
        return replace(
            self, pixels=self.pixels[:, :, part], u=self.u[:, part], v=self.v[:, part], w=self.w[:, part]
        )

    def inside(self, depth: Tensor) -> Tensor:
        """Share of a pixel that a shape covers. depth: distance to its edge, positive inside."""
        return torch.mul(depth, self.sharp).add_(0.5).clamp_(0, 1)

    def paint(self, cover: Tensor, colour: Tensor) -> None:
        """A layer of colour (c, 3, 1, 1), or (c, 3, rows, columns), over what is there, with opacity `cover`."""
        self.pixels.lerp_(colour, cover[:, None])


def blank(f: dict[str, Tensor], size: int) -> Canvas:
    """An unpainted canvas with the coordinates of every face."""
    axis = (torch.arange(size) + 0.5) * (2 / size) - 1
    x, y = axis - f["shift_x"], axis[:, None] - f["shift_y"]  # (c, 1, size), (c, size, 1)
    tilt = f["tilt"].deg2rad()
    cos, sin = tilt.cos() / f["scale"], tilt.sin() / f["scale"]
    u, v = cos * x + sin * y, cos * y - sin * x
    pixels = torch.empty(len(u), 3, size, size)
    return Canvas(pixels, u, v, turned(u, f), f["scale"] * (size / 2))


def turned(u: Tensor, f: dict[str, Tensor]) -> Tensor:
    """The point w of the frontal face that the turn of the head brings to u.

    On a sphere of radius 1, w = sin(arcsin u - yaw) = u cos yaw - √(1 - u²) sin yaw. A parabola in place of the root
    keeps w increasing up to the edge, so that nothing is seen twice.
    """
    s = u / RADIUS
    return (s * f["cos_yaw"]).sub_((1 - s * s).clamp_(min=0).mul_(0.72 * f["sin_yaw"])).mul_(RADIUS)


def bump(r_squared: Tensor) -> Tensor:
    """A soft spot: 1 where r² is 0, falling smoothly to 0 where it is 1."""
    spot = (1 - r_squared).clamp_(min=0)
    return spot.mul_(spot)


def wave(turns: Tensor) -> Tensor:
    """A sine of period 1 out of parabolas, at most 0.06 off: it costs a tenth of the exact one."""
    t = turns - turns.round()
    return (1 - 2 * t.abs()).mul_(t).mul_(8)
