"""Layers of a procedural portrait: background, neck and clothes, ears, and the face with its shading."""

from __future__ import annotations

import torch
from torch import Tensor

from gan_course.data.face_canvas import Canvas, bump

Factors = dict[str, Tensor]  # numbers and classes (c, 1, 1), colours (c, 3, 1, 1)

WIDTH, HEIGHT, MIDDLE = 0.45, 0.64, 0.04  # half axes of the face, and the height of its centre

_SKIN = torch.tensor(
    [[0.99, 0.87, 0.79], [0.95, 0.76, 0.62], [0.82, 0.60, 0.45], [0.58, 0.39, 0.28], [0.38, 0.25, 0.19]]
)


def skin_colour(tone: Tensor) -> Tensor:
    """RGB (c, 3, 1, 1) of skin in full light, for tones (c, 1, 1) from 0, the lightest, to 1."""
    place = tone.flatten() * (len(_SKIN) - 1)
    below = place.long().clamp(0, len(_SKIN) - 2)
    return torch.lerp(_SKIN[below], _SKIN[below + 1], (place - below)[:, None])[:, :, None, None]


def shadow(colour: Tensor, strength: float) -> Tensor:
    """A colour in the shade: blue and green fade before red does, as on skin."""
    return colour * (1 - strength * torch.tensor([0.75, 1.0, 1.0]).view(3, 1, 1))


def face_shift(f: Factors) -> Tensor:
    """How far the face lies to the right of the axis about which the head turns, (c, 1, 1)."""
    return 0.11 * f["sin_yaw"]


def background(canvas: Canvas, f: Factors) -> None:
    axis = torch.linspace(-1, 1, canvas.pixels.shape[3])
    ramp = f["background_x"] * axis + f["background_y"] * axis[:, None]
    canvas.pixels.copy_((f["background"] + ramp[:, None]).clamp_(0, 1))


def body(canvas: Canvas, f: Factors) -> None:
    """Neck and shoulders, the shadow of the chin, and a collar."""
    upper = canvas.rows(0.4, 1.2)
    u, v = upper.u, upper.v
    low = (v - 0.66).clamp_(min=0)
    neck = 0.215 * f["face_width"] + 2.2 * low * low - u.abs()
    cover = upper.inside(neck)
    upper.paint(cover, shadow(f["skin"], 0.16))
    chin = bump(((u - face_shift(f)) / 0.34).square() + ((v - 0.62) / 0.2).square())
    upper.paint(cover * chin * 0.55, shadow(f["skin"], 0.5))

    lower = canvas.rows(0.78, 1.2)
    u, v = lower.u, lower.v
    across = u * u
    shoulders = v - 0.80 - 0.32 * across
    neckline = 0.86 + 0.1 * f["neckline"] - torch.lerp(2.2 * across, 0.6 * u.abs(), f["neckline"])
    cloth = lower.inside(torch.minimum(shoulders, v - neckline))
    lower.paint(cloth, f["clothes_colour"])
    trim = lower.inside(0.025 - (v - neckline - 0.025).abs())
    lower.paint(trim * cloth, 0.7 * f["clothes_colour"])


def ears(canvas: Canvas, f: Factors) -> None:
    """The nearer ear is the wider one; the other goes behind the head."""
    canvas = canvas.rows(-0.1, 0.24)
    for side in (-1, 1):
        nearer = -side * f["sin_yaw"]  # > 0 if this ear comes forward
        x = side * (WIDTH * f["face_width"] + 0.015) * (f["cos_yaw"] - 0.16 * nearer.clamp(min=0))
        across = (canvas.u - x) / (0.075 + 0.05 * nearer)
        along = (canvas.v - 0.07 - 0.024 * side * across) / 0.14
        r_squared = across * across + along * along
        canvas.paint(canvas.inside(0.045 * (1 - r_squared)), shadow(f["skin"], 0.08))
        canvas.paint(bump(2.2 * r_squared) * 0.7, shadow(f["skin"], 0.4))


def face_depth(canvas: Canvas, f: Factors) -> Tensor:
    """Distance to the outline of the face, positive inside: an ellipse that narrows towards the chin."""
    x = (canvas.u - face_shift(f)) / (WIDTH * f["face_width"])
    y = (canvas.v - MIDDLE) / HEIGHT
    return (0.5 * WIDTH) * (1 - x * x * (1 + f["jaw"] * y) - y * y)


def face(canvas: Canvas, f: Factors) -> None:
    """Head and face in one soft light: the side away from the light and the rim are darker and redder."""
    front = canvas.rows(-0.7, 0.72)
    x = (front.u - face_shift(f)) / WIDTH
    y = (front.v - MIDDLE) / HEIGHT
    x2, y2 = x * x, y * y
    light = 1 + 0.5 * f["light_x"] * x - 0.35 * f["light_y"] * y - 0.45 * (x2 + y2).square_()
    lit = torch.lerp(shadow(f["skin"], 0.26), f["skin"], light.clamp_(-0.4, 2)[:, None]).clamp_(0, 1)
    skull = (
        0.5
        * WIDTH
        * (1 - (front.u / (WIDTH * f["face_width"])).square() - ((front.v + 0.12) / 0.56).square())
    )
    front.paint(front.inside(torch.maximum(face_depth(front, f), skull)), lit)

    middle = canvas.rows(0.05, 0.38)
    cheeks = bump(((middle.w.abs() - 0.24) / 0.17).square() + ((middle.v - 0.22) / 0.15).square())
    rosy = torch.lerp(f["skin"], f["skin"] * torch.tensor([1.0, 0.62, 0.6]).view(3, 1, 1), 0.9)
    middle.paint(cheeks * (0.1 + 0.4 * f["blush"]), rosy)
