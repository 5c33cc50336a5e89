"""Layers of a procedural portrait on the front of the face: beard, mouth, nose, eyes, brows and glasses.

All of them use w, the coordinate that turns with the head; |w| draws both sides at once.
"""

from __future__ import annotations

import torch

from gan_course.data.face_canvas import Canvas, bump
from gan_course.data.face_head import HEIGHT, MIDDLE, WIDTH, Factors, face_depth, shadow

EYE_LINE, NOSE, MOUTH = 0.0, 0.235, 0.40  # heights
EYE_PLACE = 0.195  # half the distance of the eyes

_IRIS = torch.tensor(
    [[0.20, 0.11, 0.06], [0.42, 0.27, 0.12], [0.30, 0.45, 0.22], [0.22, 0.45, 0.68], [0.45, 0.52, 0.58]]
)
_LIPS = torch.tensor([[0.80, 0.42, 0.40], [0.78, 0.14, 0.22]])  # natural, painted


def rgb(red: float, green: float, blue: float) -> torch.Tensor:
    return torch.tensor([red, green, blue]).view(3, 1, 1)


def beard(canvas: Canvas, f: Factors) -> None:
    """From the sideburns under the cheeks to the chin, with a moustache."""
    canvas = canvas.rows(-0.3, 0.8)
    y = ((canvas.v - MIDDLE) / HEIGHT).clamp_(0, 1)
    longer = face_depth(canvas, f) + f["beard_length"] * y * y * y + 0.01
    q = (canvas.w / WIDTH).square_()
    cheek = (0.31 + f["nose_length"]) + 0.30 * q - 0.62 * q * q
    depth = torch.minimum(longer, (canvas.v - cheek) * 0.8)
    shade = (0.72 + 1.1 * longer.clamp(0, 0.2) + 0.15 * f["light_x"] * canvas.w)[:, None]
    canvas.paint(canvas.inside(depth) * f["beard"], (f["hair"] * shade).clamp_(0, 1))


def mouth(canvas: Canvas, f: Factors) -> None:
    """Lips between two parabolas. A smile is wide, its corners are up, and it shows teeth.

    Without teeth, 32 pixels are too few to tell a smile: readers got 94 % of them right, with teeth more.
    """
    canvas = canvas.rows(0.28, 0.62)
    smile = f["smiling"]
    half = (0.145 + 0.07 * smile) * f["mouth_width"]
    t = 1 - (canvas.w / half).square_()  # 1 in the middle, 0 at the corners
    opening = 0.065 * smile * (0.8 + 0.5 * f["mouth_open"])
    bend = 0.012 + 0.088 * smile
    above = canvas.v - (MOUTH - 0.045 * smile) - bend * t  # distance below the line between the lips
    upper, lower = 0.028 * f["lip_fullness"], 0.042 * f["lip_fullness"]
    lips = torch.minimum(above + (opening * 0.35 + upper) * t, (opening * 0.65 + lower) * t - above)
    canvas.paint(canvas.inside(lips + 0.004), f["lips"])
    inner = torch.minimum(above + opening * 0.35 * t, opening * 0.65 * t - above) + (
        0.010 + 0.005 * smile
    ) * (0.35 + t)
    dark = canvas.inside(inner)
    canvas.paint(dark, shadow(f["lips"], 0.7))
    teeth = torch.minimum(inner - 0.008, 0.25 * opening * t + 0.012 - above)
    canvas.paint(canvas.inside(teeth) * (opening > 0), rgb(0.97, 0.96, 0.93))


def nose(canvas: Canvas, f: Factors) -> None:
    """The bridge in a soft shadow on the side away from the light, a bright tip, and the base with its nostrils."""
    canvas = canvas.rows(-0.18, 0.36)
    base = NOSE + f["nose_length"]
    forward = ((canvas.v + 0.12) / 0.34).clamp_(0, 1)  # the tip stands out, so that a turn moves it most
    x = (canvas.w - 0.15 * f["sin_yaw"] * forward) / f["nose_width"]
    y = canvas.v - base
    dark = shadow(f["skin"], 0.42)
    away = x + 0.055 * (f["light_x"] + 1.2 * f["sin_yaw"]).clamp(-1, 1)
    canvas.paint(bump((away / 0.075).square() + ((y + 0.13) / 0.24).square()) * 0.40, dark)
    tip = (x / 0.075).square()
    canvas.paint(bump(tip + ((y + 0.05) / 0.085).square()) * 0.45, (f["skin"] * 1.12 + 0.04).clamp(0, 1))
    under = 0.020 - (y - 0.028 + 0.035 * (x / 0.075).square()).abs() - 0.012 * (x / 0.075).square()
    canvas.paint(canvas.inside(under) * 0.65, dark)


def eyes(canvas: Canvas, f: Factors) -> None:
    canvas = canvas.rows(-0.18, 0.14)
    place = EYE_PLACE + f["eye_gap"]
    x, y = canvas.w.abs() - place, canvas.v - EYE_LINE
    half, height = 0.098 * f["eye_size"], (0.050 + 0.016 * f["eye_shape"]) * f["eye_size"]
    t = 1 - (x / half).square_()  # 1 in the middle, 0 at the corners
    open_ = torch.minimum(y + height * t, 0.8 * height * t - y)  # between the lids
    socket = bump((x / 0.17).square() + ((y + 0.02) / 0.13).square())
    canvas.paint(socket * 0.35, shadow(f["skin"], 0.35))
    white = canvas.inside(open_)
    canvas.paint(white, rgb(0.97, 0.96, 0.95))
    looking = (canvas.w - f["gaze"]).abs() - place
    r_squared = looking * looking + y * y
    radius = 0.053 * f["eye_size"]
    # The distance to a circle of radius r is close to (r - |p|²/r) / 2 near its edge.
    canvas.paint(canvas.inside(0.5 * (radius - r_squared / radius)) * white, f["iris"])
    pupil = 0.5 * radius
    canvas.paint(canvas.inside(0.5 * (pupil - r_squared / pupil)) * white, rgb(0.05, 0.04, 0.05))
    spark = (looking - 0.018).square() + (y + 0.02).square()
    canvas.paint(canvas.inside(0.5 * (0.016 - spark / 0.016)), rgb(1.0, 1.0, 1.0))
    lid = (0.013 + 0.011 * f["lashes"]) * (0.4 + t).clamp(max=1) - (y + height * t + 0.004).abs()
    canvas.paint(canvas.inside(lid), rgb(0.16, 0.10, 0.09))


def brows(canvas: Canvas, f: Factors) -> None:
    canvas = canvas.rows(-0.3, -0.04)
    x = (canvas.w.abs() - EYE_PLACE - 0.01) / 0.125
    t = 1 - x * x
    arch = -0.155 - f["brow_height"] - 0.125 * f["brow_angle"] * x - 0.028 * t
    depth = f["brow_thickness"] * (0.35 + 0.65 * t - 0.25 * x) - (canvas.v - arch).abs()
    canvas.paint(canvas.inside(torch.minimum(depth, 0.12 * t)), f["brow"])


def glasses(canvas: Canvas, f: Factors) -> None:
    """Rims between circle and rectangle, a bridge, temples to the ears, and glass with a tint."""
    canvas = canvas.rows(-0.2, 0.22)
    half = 0.155 * f["glasses_size"]
    height = half * (0.92 - 0.25 * f["glasses_square"])
    place = torch.maximum(EYE_PLACE + f["eye_gap"], half + 0.03)
    side = canvas.w.abs()
    y = canvas.v - EYE_LINE - 0.012
    x2, y2 = ((side - place) / half).square_(), (y / height).square_()
    round_ = 0.5 * half * (1 - x2 - y2)
    square = 0.25 * half * (1 - x2 * x2 - y2 * y2)
    depth = torch.lerp(round_, square, f["glasses_square"])  # distance to the rim, positive on the glass
    dark = (f["glasses_tint"] > 0.8).float()
    canvas.paint(
        canvas.inside(depth) * (0.10 + 0.72 * dark) * f["eyeglasses"],
        torch.lerp(rgb(0.85, 0.92, 1.0), rgb(0.1, 0.1, 0.13), dark[:, None]),
    )
    thick = f["glasses_thickness"]
    rim = thick - depth.abs()
    bridge = torch.minimum(0.85 * thick - (y + 0.03).abs(), place - half - side)
    temple = torch.minimum(
        0.85 * thick - (y + 0.04).abs(), torch.minimum(side - place - half, face_depth(canvas, f) + 0.02)
    )
    frame = torch.maximum(rim, torch.maximum(bridge, temple))
    canvas.paint(canvas.inside(frame) * f["eyeglasses"], f["glasses_colour"])


def iris_colour(hue: torch.Tensor) -> torch.Tensor:
    """RGB (c, 3, 1, 1) for a place (c, 1, 1) in the row of eye colours, 0 to 1."""
    place = hue.flatten() * (len(_IRIS) - 1)
    below = place.long().clamp(0, len(_IRIS) - 2)
    return torch.lerp(_IRIS[below], _IRIS[below + 1], (place - below)[:, None])[:, :, None, None]


def lip_colour(skin: torch.Tensor, painted: torch.Tensor) -> torch.Tensor:
    """RGB (c, 3, 1, 1): natural lips follow the skin, painted ones do so less."""
    natural, paint = (colour.view(3, 1, 1) for colour in _LIPS)
    strength = (painted - 0.45).clamp(min=0)[:, None] / 0.55
    return torch.lerp(0.45 * skin + 0.55 * natural * (0.35 + 0.65 * skin[:, :1]), paint, 0.8 * strength)
