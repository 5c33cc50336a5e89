"""The factors of a procedural portrait: their names, their laws, and how they are drawn."""

from __future__ import annotations

import math

import torch
from torch import Tensor

ATTRIBUTES = ("smiling", "eyeglasses", "beard", "long_hair", "wearing_hat")
"""Factors that are absent (0) or present (1)."""

RATES = dict(zip(ATTRIBUTES, (0.5, 0.35, 0.3, 0.5, 0.25), strict=True))

HAIR = ("black", "brown", "blond", "red", "gray")
"""Names of the classes of the factor `hair_colour`."""

CLASSES = {
    "hair_colour": HAIR,
    "hair_style": ("swept", "fringe", "parted", "curly"),
    "hat_kind": ("beanie", "brimmed", "cap"),
}

# Uniform factors: (lowest, highest). Lengths are in half image sides at scale 1 unless a comment says otherwise.
RANGES = {
    "yaw": (-35.0, 35.0),  # degrees; positive: the person's nose points to the right side of the image
    "skin_tone": (0.0, 1.0),
    "tilt": (-6.0, 6.0),  # degrees, clockwise
    "scale": (1.1, 1.24),  # the head fills most of the image, as in the usual crops of CelebA
    "shift_x": (-0.05, 0.05),  # right
    "shift_y": (-0.04, 0.04),  # down
    "light_x": (-1.0, 1.0),  # 1: the right side of the image is the brighter one
    "light_y": (0.2, 1.0),  # 1: light from above
    "background_x": (-0.08, 0.08),  # change of brightness from the middle to the right edge
    "background_y": (-0.08, 0.08),  # ... to the lower edge
    "face_width": (0.91, 1.09),  # factor
    "jaw": (0.08, 0.42),  # 0: as wide as the forehead
    "blush": (0.0, 1.0),
    "eye_gap": (-0.015, 0.015),
    "eye_size": (0.88, 1.15),  # factor
    "eye_shape": (0.0, 1.0),  # 0 almond, 1 round
    "eye_hue": (0.0, 1.0),  # through dark brown, hazel, green, blue and grey
    "gaze": (-0.016, 0.016),  # right
    "lashes": (0.0, 1.0),
    "brow_angle": (-0.20, 0.12),  # rise outwards per unit of width
    "brow_height": (-0.015, 0.02),
    "brow_thickness": (0.016, 0.034),
    "nose_width": (0.8, 1.25),  # factor
    "nose_length": (-0.02, 0.03),
    "mouth_width": (0.88, 1.12),  # factor
    "mouth_open": (0.0, 1.0),  # how much of the teeth a smile shows
    "lip_fullness": (0.75, 1.35),  # factor
    "lip_colour": (0.0, 1.0),  # 0 natural, 1 painted
    "beard_length": (0.01, 0.07),
    "hair_shade": (-1.0, 1.0),
    "hair_warmth": (-1.0, 1.0),
    "hair_volume": (0.0, 1.0),
    "hair_length": (0.0, 1.0),  # of long hair: from the chin to the lower edge
    "hair_part": (-1.0, 1.0),  # side of the parting
    "hairline": (-0.04, 0.04),  # down
    "hair_wave": (0.0, 1.0),
    "hair_phase": (0.0, 1.0),  # of waves, strands and curls
    "glasses_square": (0.0, 1.0),  # 0 round, 1 rectangular
    "glasses_size": (0.92, 1.08),  # factor
    "glasses_thickness": (0.022, 0.034),
    "glasses_tint": (0.0, 1.0),  # sunglasses above 0.8
    "hat_height": (0.0, 1.0),
    "neckline": (0.0, 1.0),  # 0 high and round, 1 low and pointed
}

# Colours, RGB in 0..1 of shape (n, 3): (lowest, highest) of saturation and of value; all hues are equally likely.
COLOURS = {
    "background": ((0.05, 0.45), (0.45, 0.92)),
    "clothes_colour": ((0.1, 0.75), (0.2, 0.9)),
    "hat_colour": ((0.2, 0.85), (0.25, 0.9)),
    "glasses_colour": ((0.0, 0.9), (0.03, 0.38)),
}

NAMES = (*ATTRIBUTES, *CLASSES, *RANGES, *COLOURS)
"""All factors; a drawing is a function of them and nothing else."""

BLOCK = 1024  # images that share one random stream


def sample(n: int, seed: int) -> dict[str, Tensor]:
    """All factors of `n` portraits, independent of each other; a larger `n` appends rows.

    Attributes and classes are int64 (n,), ranges float32 (n,), colours float32 (n, 3). Raises ValueError for a
    negative seed, a seed of 2⁴⁰ or more, or n below 1.
    """
    if n < 1:
        raise ValueError(f"n is the number of portraits, at least 1, not {n}")
    if not 0 <= seed < 2**40:
        raise ValueError(f"seed must be between 0 and 2**40 - 1, not {seed}")
    columns = len(ATTRIBUTES) + len(CLASSES) + len(RANGES) + 3 * len(COLOURS)
    generators = [torch.Generator().manual_seed(seed * 1_000_003 + i) for i in range(math.ceil(n / BLOCK))]
    uniform = torch.cat([torch.rand(BLOCK, columns, generator=generator) for generator in generators])[:n]
    column = iter(uniform.unbind(1))
    factors = {name: (next(column) < RATES[name]).long() for name in ATTRIBUTES}
    factors |= {name: (next(column) * len(names)).long() for name, names in CLASSES.items()}
    factors |= {name: next(column) * (high - low) + low for name, (low, high) in RANGES.items()}
    for name, laws in COLOURS.items():
        hue = next(column)
        saturation, value = (next(column) * (high - low) + low for low, high in laws)
        factors[name] = _rgb(hue, saturation, value)
    return factors


def check(factors: dict[str, Tensor]) -> None:
    """Raises ValueError: a factor is missing, has another number of rows, or a class does not exist."""
    if missing := [name for name in NAMES if name not in factors]:
        raise ValueError(f"render misses {', '.join(missing)}. Start from draw(n).factors and change some.")
    n = len(factors["yaw"])
    for name in NAMES:
        expected = (n, 3) if name in COLOURS else (n,)
        if tuple(factors[name].shape) != expected:
            raise ValueError(
                f"factor {name!r} has shape {tuple(factors[name].shape)}, expected {expected}: "
                "one row for every row of 'yaw'"
            )
    for name, names in CLASSES.items():
        if n and not 0 <= int(factors[name].min()) <= int(factors[name].max()) < len(names):
            known = ", ".join(f"{i} {label}" for i, label in enumerate(names))
            raise ValueError(f"factor {name!r} has a class outside of {known}")


def _rgb(hue: Tensor, saturation: Tensor, value: Tensor) -> Tensor:
    """Hue, saturation and value, each (n,) in 0..1, as RGB (n, 3)."""
    sector = (hue[:, None] + torch.tensor([0.0, 2 / 3, 1 / 3])).remainder(1) * 6  # (n, 3)
    pure = ((sector - 3).abs() - 1).clamp(0, 1)
    return value[:, None] * (1 - saturation[:, None] * (1 - pure))
