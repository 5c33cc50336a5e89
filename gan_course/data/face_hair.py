"""Layers of a procedural portrait: hair behind and in front of the head, and the hat."""

from __future__ import annotations

import torch
from torch import Tensor

from gan_course.data.face_canvas import Canvas, bump, wave
from gan_course.data.face_head import WIDTH, Factors, shadow

# Classes of the factor hair_colour: black, brown, blond, red, gray.
HAIR_COLOURS = torch.tensor(
    [[0.11, 0.10, 0.11], [0.38, 0.23, 0.14], [0.88, 0.72, 0.42], [0.70, 0.29, 0.13], [0.68, 0.68, 0.70]]
)
# Hairlines of the styles swept, fringe, parted, curly: height in the middle, slope along the side of the parting,
# rise of a tent with its peak at the parting, and bumps.
_LINE = torch.tensor(
    [[-0.34, 0.16, 0.0, 0.0], [-0.19, 0.02, 0.0, 0.0], [-0.50, 0.0, 0.42, 0.0], [-0.33, 0.04, 0.0, 1.0]]
)
_SKULL = -0.14  # height of the widest place of the hair


def hair_colour(f: Factors) -> Tensor:
    """RGB (c, 3, 1, 1): the colour of the class, a little lighter or darker, warmer or cooler."""
    base = HAIR_COLOURS[f["hair_colour"].flatten().long()][:, :, None, None]
    warm = torch.tensor([0.03, 0.0, -0.03]).view(3, 1, 1)
    return (base * (1 + 0.13 * f["hair_shade"][:, None]) + warm * f["hair_warmth"][:, None]).clamp(0.02, 0.98)


def shape(f: Factors) -> Factors:
    """What the style says of the hair, each (c, 1, 1): the rows of _LINE, and half the width of the hair."""
    rows = _LINE[f["hair_style"].flatten().long()][..., None, None]  # (c, 4, 1, 1)
    line = dict(zip(("line", "slope", "tent", "curly"), rows.unbind(1), strict=True))
    width = WIDTH * f["face_width"] + 0.035 + (0.055 + 0.05 * line["curly"]) * f["hair_volume"]
    return line | {"hair_width": width}


def _bumps(canvas: Canvas, f: Factors) -> Tensor:
    """Curls, (c, rows, columns) in -1 to 1."""
    phase = f["hair_phase"]
    return wave(3.0 * canvas.u + phase).mul_(wave(2.7 * canvas.v + 2 * phase))


def _outline(canvas: Canvas, f: Factors, bottom: Tensor, curls: Tensor) -> Tensor:
    """Distance to the outline of the hair, positive inside: a dome above the ears, a curtain below."""
    width = f["hair_width"]
    height = 0.57 + (0.09 + 0.06 * f["curly"]) * f["hair_volume"]
    height = torch.lerp(height, torch.full_like(height, 0.50), f["wearing_hat"])  # a hat presses it down
    below = (canvas.v - _SKULL).clamp(min=0)
    shift = 0.05 * f["sin_yaw"]
    sway = 0.04 * f["hair_wave"] * below * wave(1.4 * canvas.v + f["hair_phase"])
    x2 = ((canvas.u - shift + sway) / width).square_()
    y2 = ((canvas.v - _SKULL).clamp(max=0) / height).square_()
    dome = (0.5 * width) * (1 - x2 - y2) + (0.45 * f["long_hair"] - 0.35) * below
    return torch.minimum(dome, bottom - 0.125 * x2 - canvas.v) + curls


def _bottom(f: Factors, short: float) -> Tensor:
    return torch.lerp(torch.full_like(f["yaw"], short), 0.72 + 0.5 * f["hair_length"], f["long_hair"])


def back_hair(canvas: Canvas, f: Factors) -> None:
    curls = _bumps(canvas, f) * (0.028 * f["curly"])
    canvas.paint(canvas.inside(_outline(canvas, f, _bottom(f, 0.30), curls)), 0.72 * f["hair"])


def front_hair(canvas: Canvas, f: Factors) -> None:
    """From the dome down to the hairline; long hair also falls in front of the shoulders."""
    curly = f["curly"]
    bumps = _bumps(canvas, f)
    x = canvas.w / WIDTH
    q = x * x
    line = (0.42 * q).mul_(q).mul_(q)
    line.add_(f["tent"] * (x - 0.45 * f["hair_part"]).abs_()).add_(f["slope"] * f["hair_part"].sign() * x)
    line.add_(f["line"] + f["hairline"]).add_(0.03 * curly * bumps)
    above = line - canvas.v  # distance to the hairline, positive on the hair
    outline = _outline(canvas, f, _bottom(f, 0.07), bumps * (0.028 * curly))
    cover = canvas.inside(torch.minimum(above, outline))

    soft = ((above + 0.09) / 0.09).clamp_(0, 1) * canvas.inside(outline - 0.04)
    canvas.paint(soft * 0.28, shadow(f["skin"], 0.6))
    strands = wave(2.7 * x + 0.8 * canvas.v + 0.5 * q + f["hair_phase"]) * (1 - curly) + 1.3 * bumps * curly
    shine = bump(((canvas.v + 0.50 - 0.22 * q) / 0.15).square())
    light = 0.9 + 0.05 * strands + 0.22 * shine + 0.16 * f["light_x"] * canvas.u - 0.10 * canvas.v
    canvas.paint(cover, (f["hair"] * light[:, None] + 0.06 * shine[:, None]).clamp_(0, 1))


def hat(canvas: Canvas, f: Factors) -> None:
    """A beanie with a fold, a hat with a brim all round, or a cap with a visor that turns with the face."""
    canvas = canvas.rows(-1.2, 0.06)
    kind = f["hat_kind"]
    beanie, brimmed, cap = ((kind == i).float() for i in range(3))
    on = f["wearing_hat"]
    width = f["hair_width"] + 0.035
    x2 = (canvas.u / width).square_()
    y = canvas.v - (-0.30 + 0.06 * x2)  # height below the edge of the hat
    height = 0.38 + 0.06 * f["hat_height"] + 0.07 * (1 - beanie)
    up = (y / height).square_()
    dome = torch.minimum(0.5 * width * (1 - x2 - torch.lerp(up, up * up, brimmed)), -y)
    light = 1 + 0.22 * f["light_x"] * canvas.u - 0.25 * up
    canvas.paint(canvas.inside(dome) * on, (f["hat_colour"] * light[:, None]).clamp_(0, 1))
    band = torch.minimum(dome + 0.03 * beanie, 0.065 + 0.02 * beanie - (y + 0.07).abs())
    canvas.paint(canvas.inside(band) * (1 - cap) * on, 0.62 * f["hat_colour"])
    reach, thick = 0.46 * cap + 0.82 * (1 - cap), 0.10 * cap + 0.07 * (1 - cap)
    across = ((canvas.u - 0.32 * f["sin_yaw"] * cap) / reach).square_()
    brim = thick * (1 - across) - (y - 0.01 - 0.05 * cap + 0.05 * across).abs()
    canvas.paint(canvas.inside(brim) * (1 - beanie) * on, 0.72 * f["hat_colour"])
    pompom = 0.5 * (0.10 - (canvas.u.square() + (canvas.v + 0.31 + height).square()) / 0.10)
    canvas.paint(canvas.inside(pompom) * beanie * on, 0.5 + 0.5 * f["hat_colour"])
