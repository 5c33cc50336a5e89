"""Handwritten digits drawn by our own pen: 28×28 grey images whose generative factors are known exactly.

A digit is a letter-form (`letterforms.py`): control points joined by Catmull-Rom curves. Every image moves its
points a little, bends the plane, slants, rotates and resizes the result, and draws it with a pen whose pressure
changes along the stroke. As in MNIST (LeCun et al. 1998, section III.A), the ink is scaled to a box of 20 pixels
and its centre of mass is put in the middle of the 28×28 image.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from gan_course.data.letterforms import FORMS, POINTS, SAMPLES, Matrices, compiled
from gan_course.data.threads import one_thread

SIDE, BOX = 28, 20  # pixels: the image, and the ink of a digit of scale 1
BLOCK = 1024  # images that share one random stream
CHUNK = 32  # images rendered together: 32 × 80 × 784 numbers of 4 bytes are 8 MB

CONTINUOUS = ("slant", "thickness", "rotation", "scale", "shift_x", "shift_y")


@dataclass(frozen=True)
class Setting:
    """A population of writers. Pairs are (mean, standard deviation), lone numbers are standard deviations.

    Lengths are in heights of a digit unless they say pixels. All laws are normal, cut at 2.5 deviations.
    """

    slant: tuple[float, float]  # shear: columns to the right per row up
    thickness: tuple[float, float]  # (median in pixels, deviation of the logarithm)
    rotation: float  # degrees, anticlockwise
    scale: float  # around 1, where the longer side of the ink is 20 pixels
    shift: float  # pixels
    jitter: float  # of every control point on its own
    bend: float  # of control points together with their neighbours
    ends: float  # free ends of a stroke, too far or too short: share of the last step between points
    aspect: tuple[float, float]  # logarithm of the factor by which the width is stretched
    pressure: float  # relative change of the thickness along the ink
    blur: tuple[float, float]  # pixels from ink to paper


SETTINGS = {
    "mild": Setting(
        slant=(0.15, 0.22),
        thickness=(2.7, 0.20),
        rotation=2.0,
        scale=0.04,
        shift=0.4,
        jitter=0.015,
        bend=0.03,
        ends=0.15,
        aspect=(0.05, 0.12),
        pressure=0.06,
        blur=(1.2, 0.1),
    ),
    "wild": Setting(
        slant=(0.15, 0.30),
        thickness=(2.7, 0.30),
        rotation=8.0,
        scale=0.08,
        shift=1.0,
        jitter=0.025,
        bend=0.08,
        ends=0.30,
        aspect=(0.10, 0.30),
        pressure=0.12,
        blur=(1.2, 0.2),
    ),
}


class Strokes(NamedTuple):
    """Images `(n, 1, 28, 28)` uint8, white ink on black, and the factors that made them, each `(n,)`.

    `label` 0 to 9 and `form`, the number of the letter-form within its class, are int64. The others are float32:
    `slant` (columns to the right per row up), `thickness` (pixels), `rotation` (degrees, anticlockwise), `scale`
    (1: the longer side of the ink is 20 pixels), `shift_x` and `shift_y` (pixels, right and down).
    """

    images: Tensor
    factors: dict[str, Tensor]


def draw(n: int, seed: int = 0, setting: str = "mild") -> Strokes:
    """Draw `n` digits, classes equally likely. A larger `n` appends: it does not change the first images.

    `setting` is "mild" (clean, moderate variation: for training GANs and measuring disentanglement) or "wild" (for
    learning to read real digits). Raises ValueError for another one.
    """
    factors = _sample_factors(n, seed, _setting(setting))
    return Strokes(render(factors, seed, setting), factors)


def render(
    factors: dict[str, Tensor], seed: int = 0, setting: str = "mild", hand: Tensor | None = None
) -> Tensor:
    """Images `(n, 1, 28, 28)` uint8 for *given* factors, named and measured as in `Strokes`.

    What is no factor (jitter, bends, pressure) is the hand. `hand`, `(n,)` int64, says for each row which image of
    `draw(..., seed, setting)` lends its hand; by default row i has hand i. A traversal repeats one image:

        row = torch.full((9,), 17)
        factors = {name: value[row] for name, value in draw(100).factors.items()}
        factors["slant"] = torch.linspace(-0.4, 0.6, 9)
        images = render(factors, hand=row)

    Raises ValueError for an unknown setting, missing factors, or a letter-form that its class does not have.
    """
    style = _setting(setting)
    if missing := [name for name in ("label", "form", *CONTINUOUS) if name not in factors]:
        raise ValueError(f"render misses {', '.join(missing)}. Start from draw(n).factors and change some.")
    n = len(factors["label"])
    form = _form_index(factors["label"], factors["form"])
    hand = torch.arange(n) if hand is None else hand
    hands = _sample_hands(int(hand.max()) + 1 if n else 0, seed, style)
    images = torch.empty(n, 1, SIDE, SIDE, dtype=torch.uint8)
    with one_thread():
        for start in range(0, n, CHUNK):
            # A short last chunk is filled up with its first row: equal shapes give every image equal bits.
            rows = torch.arange(start, start + CHUNK)
            rows = torch.where(rows < n, rows, start)
            chunk = {name: factors[name][rows].float()[:, None] for name in CONTINUOUS}
            pen = _pen_path(form[rows], chunk, {name: value[hand[rows]] for name, value in hands.items()})
            grey = (255 * _ink(*pen, _PIXELS)).round().to(torch.uint8)  # (CHUNK, 784)
            images[start : start + CHUNK] = grey.view(-1, 1, SIDE, SIDE)[: n - start]
    return images


def _setting(name: str) -> Setting:
    if name not in SETTINGS:
        raise ValueError(f"unknown setting {name!r}; stroke digits know {', '.join(map(repr, SETTINGS))}")
    return SETTINGS[name]


# Letter-forms ---------------------------------------------------------------------------------------------

_COMPILED = Matrices(*map(torch.stack, zip(*map(compiled, FORMS), strict=True)))
_SHARES = [[form.share for form in FORMS if form.label == label] for label in range(10)]
_COUNT = torch.tensor([len(shares) for shares in _SHARES])
_FIRST = _COUNT.cumsum(0) - _COUNT


def _form_index(label: Tensor, form: Tensor) -> Tensor:
    """Rows of _COMPILED, (n,)."""
    if n_wrong := int(((label < 0) | (label > 9)).sum()):
        raise ValueError(f"{n_wrong} of {len(label)} labels are not among 0 to 9")
    wrong = (form < 0) | (form >= _COUNT[label])
    if wrong.any():
        digit, number = int(label[wrong][0]), int(form[wrong][0])
        raise ValueError(f"digit {digit} has the letter-forms 0 to {_COUNT[digit] - 1}, not {number}")
    return _FIRST[label] + form


# Random numbers ---------------------------------------------------------------------------------------------


def _blocks(n: int, seed: int, stream: int) -> list[torch.Generator]:
    """One generator per BLOCK of images, so that image i does not depend on how many others are drawn."""
    seeds = [(2 * seed + stream) * 1_000_003 + block for block in range(max(1, math.ceil(n / BLOCK)))]
    return [torch.Generator().manual_seed(number) for number in seeds]


def _normal(columns: int, rng: torch.Generator) -> Tensor:
    """Standard normal numbers (BLOCK, columns) cut at 2.5, by inverting their distribution function."""
    inside = math.erf(2.5 / math.sqrt(2))
    return math.sqrt(2) * torch.erfinv(inside * (2 * torch.rand(BLOCK, columns, generator=rng) - 1))


def _sample_factors(n: int, seed: int, style: Setting) -> dict[str, Tensor]:
    shares = torch.nn.utils.rnn.pad_sequence([torch.tensor(s) for s in _SHARES], batch_first=True).float()
    spread = torch.tensor(
        [style.slant[1], style.thickness[1], style.rotation, style.scale, style.shift, style.shift]
    )
    mean = torch.tensor([style.slant[0], math.log(style.thickness[0]), 0.0, 1.0, 0.0, 0.0])
    labels, forms, continuous = [], [], []
    for rng in _blocks(n, seed, stream=0):
        labels.append(torch.randint(10, (BLOCK,), generator=rng))
        forms.append(torch.multinomial(shares[labels[-1]], 1, generator=rng)[:, 0])
        continuous.append(mean + spread * _normal(len(CONTINUOUS), rng))
    factors = {"label": torch.cat(labels)[:n], "form": torch.cat(forms)[:n]}
    factors |= dict(zip(CONTINUOUS, torch.cat(continuous)[:n].unbind(1), strict=True))
    return factors | {"thickness": factors["thickness"].exp()}


def _sample_hands(n: int, seed: int, style: Setting) -> dict[str, Tensor]:
    """What is no factor, for images 0 to n - 1: each value has shape (n, ...)."""
    laws = {  # columns, mean, deviation
        "jitter": (2 * POINTS, 0.0, style.jitter),
        "bend": (2 * POINTS, 0.0, style.bend),
        "ends": (POINTS, 0.0, style.ends),
        "aspect": (1, *style.aspect),
        "pressure": (4, 0.0, style.pressure),
        "blur": (1, *style.blur),
    }
    columns = [law[0] for law in laws.values()]
    mean, spread = (torch.cat([torch.full((law[0],), law[k]) for law in laws.values()]) for k in (1, 2))
    rows = torch.cat([_normal(sum(columns), rng) for rng in _blocks(n, seed, stream=1)])[:n]
    return dict(zip(laws, (mean + spread * rows).split(columns, dim=1), strict=True))


# From factors to pixels -------------------------------------------------------------------------------------


def _pen_path(
    form: Tensor, factors: dict[str, Tensor], hand: dict[str, Tensor]
) -> tuple[Tensor, Tensor, Tensor]:
    """Positions (c, SAMPLES, 2) of the pen and its radii (c, SAMPLES), both in pixels, and the blur (c, 1)."""
    points, curve, tips, own, together = (matrix[form] for matrix in _COMPILED)
    moves = own @ hand["jitter"].view(-1, POINTS, 2) + together @ hand["bend"].view(-1, POINTS, 2)
    points = points + moves
    points = points + hand["ends"][..., None] * (tips @ points)
    x, y = points.unbind(2)  # (c, POINTS)
    x = x * hand["aspect"].exp() - factors["slant"] * y
    angle = factors["rotation"].deg2rad()
    x, y = x * angle.cos() + y * angle.sin(), y * angle.cos() - x * angle.sin()
    path = curve @ torch.stack([x, y], dim=2)  # (c, SAMPLES, 2)

    t = torch.linspace(0, 2 * math.pi, SAMPLES)
    waves = torch.stack([t.cos(), t.sin(), (2 * t).cos(), (2 * t).sin()])
    radius = factors["thickness"] / 2 * (1 + hand["pressure"] @ waves)  # (c, SAMPLES)
    radius = radius.clamp(min=0.5)  # thinner discs would leave gaps between the samples
    longer_side = (path.amax(1) - path.amin(1)).amax(1, keepdim=True)  # (c, 1)
    path = path * ((BOX * factors["scale"] - factors["thickness"]) / longer_side)[..., None]
    path = path - (path.amax(1, keepdim=True) + path.amin(1, keepdim=True)) / 2  # all ink inside the image
    ink = _ink(path, radius, hand["blur"], _COARSE)
    mass = ink @ _COARSE[1:3].T / ink.sum(1, keepdim=True)  # (c, 2)
    shift = torch.cat([factors["shift_x"], factors["shift_y"]], dim=1)
    return path + (shift - mass)[:, None], radius, hand["blur"]


def _pixel_terms(step: int = 1) -> Tensor:
    """(|p|², p_x, p_y, 1) of the centres p of cells of step×step pixels, (4, cells); p = 0 is the middle."""
    axis = torch.arange(0, SIDE, step) + (step - SIDE) / 2
    x, y = axis.repeat(len(axis)), axis.repeat_interleave(len(axis))
    return torch.stack([x**2 + y**2, x, y, torch.ones_like(x)])


_PIXELS = _pixel_terms()
_COARSE = _pixel_terms(step=2)  # enough to find the centre of mass, for a quarter of the work


def _ink(path: Tensor, radius: Tensor, blur: Tensor, cells: Tensor) -> Tensor:
    """Ink (c, cells) in [0, 1] of discs of the given radii (c, SAMPLES) around the path (c, SAMPLES, 2).

    The edge of a disc (q, r) is |p - q| - r away from a point p; close to it, that is (|p - q|² - r²) / 2r. This is
    a scalar product of (|p|², p, 1) with numbers of the disc: one matrix product for all, no square roots.
    """
    r, q_squared = radius[..., None], (path**2).sum(2, keepdim=True)
    terms = torch.cat([torch.ones_like(r), -2 * path, q_squared - r**2], dim=2) / (2 * r)  # (c, SAMPLES, 4)
    edge = (terms @ cells).amin(1)
    return (0.5 - edge / blur).clamp(0, 1)
