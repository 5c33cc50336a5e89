"""How people write the ten digits: two to four letter-forms per class, as control points of pen strokes.

A form is a list of strokes, a stroke a list of control points `x,y` that the pen passes through. The grid is 100
units high and about 65 wide, x to the right, y *down*, as on the screen. A bar `|` lifts the pen. Strokes that name
the same point are joined there, and stay joined when the point moves: that is how a sharp corner is written. Round
closed shapes are drawn past their beginning instead, as a pen does, and may come out open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

Point = tuple[float, float]


@dataclass(frozen=True)
class Form:
    """One way of writing one digit. `share`: how often it is chosen, relative to other forms of the class."""

    label: int
    name: str
    share: float
    path: str

    @property
    def strokes(self) -> list[list[Point]]:
        """Control points (x, y) of each stroke."""
        return [[_point(text) for text in stroke.split()] for stroke in self.path.split("|")]


def _point(text: str) -> Point:
    x, y = text.split(",")
    return float(x), float(y)


FORMS: tuple[Form, ...] = (
    Form(0, "closed", 3, "38,4 13,17 4,50 13,83 34,96 55,83 64,50 56,17 36,3 24,8"),
    Form(0, "overlapping", 2, "52,18 34,5 12,24 4,60 20,94 48,90 62,56 52,16 32,6 18,20"),
    Form(1, "stick", 7, "30,0 30,50 30,100"),
    Form(1, "flag", 2, "10,28 23,15 34,0 | 34,0 34,50 34,100"),
    Form(1, "flag and foot", 1, "12,22 24,12 34,0 | 34,0 34,50 34,98 | 8,98 34,98 60,97"),
    Form(2, "loop", 3, "8,24 28,3 52,14 48,46 28,80 10,96 2,84 18,70 42,84 72,95"),
    Form(2, "wide loop", 3, "16,30 10,15 32,2 52,18 46,52 26,88 8,94 4,72 24,64 48,80 74,86"),
    Form(2, "corner", 3, "6,20 28,3 54,14 50,40 28,70 4,96 | 4,96 36,94 70,93"),
    Form(2, "wave", 3, "6,22 28,4 52,16 46,46 26,74 4,94 | 4,94 22,82 44,92 72,90"),
    Form(3, "round", 4, "8,14 28,2 52,14 46,36 24,47 | 24,47 50,56 56,78 34,98 6,88"),
    Form(3, "flat top", 2, "8,6 30,5 54,4 | 54,4 40,24 26,42 | 26,42 50,50 56,74 36,97 6,90"),
    Form(3, "loop", 2, "8,14 30,2 52,14 44,38 24,50 18,46 30,44 52,60 52,86 28,98 6,86"),
    Form(4, "open", 4, "12,2 8,28 6,52 | 6,52 30,54 62,50 | 52,2 48,50 46,100"),
    Form(4, "round", 3, "12,4 6,34 16,54 38,50 54,36 | 58,2 54,36 50,66 46,100"),
    Form(4, "closed", 2, "48,0 28,30 4,62 | 4,62 32,62 66,60 | 48,0 47,50 46,100"),
    Form(5, "hat", 3, "18,6 15,24 12,42 | 12,42 36,36 56,56 50,84 28,98 4,88 | 18,6 38,5 66,2"),
    Form(5, "long hat", 2, "24,10 18,26 13,44 | 13,44 38,42 50,62 40,88 20,98 2,90 | 27,8 54,5 82,0"),
    Form(5, "one stroke", 3, "68,2 40,4 20,14 14,36 36,46 54,64 46,88 24,98 2,88"),
    Form(6, "straight", 4, "50,2 28,24 10,54 8,80 26,98 50,86 48,62 28,56 8,76"),
    Form(6, "curled", 2, "56,10 40,2 16,24 6,62 18,92 42,94 52,74 38,56 16,66 8,80"),
    Form(6, "low loop", 3, "26,0 10,34 4,68 16,95 44,96 60,80 50,64 30,70 18,86"),
    Form(7, "plain", 5, "4,10 30,7 60,6 | 60,6 44,40 32,70 24,100"),
    Form(7, "serif", 2, "2,32 5,19 8,8 | 8,8 32,7 60,6 | 60,6 46,36 34,66 28,100"),
    Form(7, "crossbar", 3, "4,10 30,7 60,6 | 60,6 44,40 32,70 24,100 | 18,54 38,52 58,49"),
    Form(7, "bow", 2, "4,18 20,6 48,4 54,20 40,52 28,100"),
    Form(8, "one stroke", 4, "56,16 36,2 12,12 16,34 42,54 54,76 34,97 8,88 12,68 34,48 54,30 56,10 44,3"),
    Form(8, "narrow foot", 3, "58,12 34,2 8,15 12,36 36,52 46,74 34,98 20,84 28,60 52,38 60,14 48,3"),
    Form(8, "open", 3, "58,12 38,2 14,12 18,34 42,54 50,78 30,98 8,86 16,64 40,42 64,10"),
    Form(
        8,
        "two rings",
        1,
        "32,46 12,34 14,10 34,2 52,14 50,36 30,47 | 30,47 8,66 12,92 36,98 54,84 48,60 32,46",
    ),
    Form(9, "stem", 3, "52,12 28,4 6,24 14,46 38,42 52,12 | 52,12 50,54 46,100"),
    Form(9, "hook", 1, "52,16 32,3 8,22 14,46 40,44 52,16 | 52,16 54,60 40,94 12,90"),
    Form(9, "open", 1, "46,8 22,5 6,26 16,45 40,42 57,16 | 58,4 54,52 50,100"),
    Form(9, "curved", 3, "54,14 34,3 10,20 10,42 32,46 54,18 52,44 38,72 22,100"),
)
"""All letter-forms, sorted by label: the number of a form within its class is its factor `form`."""

POINTS = max(len({point for stroke in form.strokes for point in stroke}) for form in FORMS)
"""Control points of the longest form; shorter forms are padded."""

SAMPLES = 80  # points along the ink of one digit: less than a pixel apart in the longest form, an 8

REACH = 0.35  # digit heights over which a bend moves neighbouring points together


class Matrices(NamedTuple):
    """A form, padded to POINTS control points; all that a hand does to it is linear in them.

    points: (POINTS, 2), y down, one unit high. curve: (SAMPLES, POINTS), `curve @ points` lie at equal distances on
    the ink. tips: (POINTS, POINTS), `tips @ points` is the last step at free ends of strokes, zero elsewhere.
    own, together: (POINTS, POINTS), turn independent normal numbers into displacements of points.
    """

    points: Tensor
    curve: Tensor
    tips: Tensor
    own: Tensor
    together: Tensor


def compiled(form: Form) -> Matrices:
    """The matrices of one form, see Matrices."""
    names = list(dict.fromkeys(point for stroke in form.strokes for point in stroke))
    ends = [stroke[k] for stroke in form.strokes for k in (0, -1)]
    m = len(names)
    points = torch.zeros(POINTS, 2)
    points[:m] = torch.tensor(names) / 100 - torch.tensor([0.32, 0.5])

    tips, weights, lengths = torch.zeros(POINTS, POINTS), [], []
    for stroke in form.strokes:
        index = [names.index(point) for point in stroke]
        for tip, before in ((index[0], index[1]), (index[-1], index[-2])):
            if ends.count(names[tip]) == 1:
                tips[tip, tip], tips[tip, before] = 1.0, -1.0
        dense = _catmull_rom(index)
        weights.append((dense[1:] + dense[:-1]) / 2)
        lengths.append(((dense[1:] - dense[:-1]) @ points).norm(dim=1))
    travelled = torch.cat(lengths).cumsum(0)
    marks = (torch.arange(SAMPLES) + 0.5) / SAMPLES * travelled[-1]
    curve = torch.cat(weights)[torch.searchsorted(travelled, marks)]

    # Slant, rotation, aspect, scale and shift are affine and drawn elsewhere: displacements must not add to them.
    affine = torch.cat([torch.ones(m, 1), points[:m]], dim=1)
    rest = torch.eye(m) - affine @ torch.linalg.pinv(affine)
    own, together = torch.zeros(2, POINTS, POINTS)
    own[:m, :m] = rest
    # A smooth random field: correlation exp(-|p - q|² / 2 REACH²) between the displacements of points p and q.
    correlation = torch.exp(-(torch.cdist(points[:m], points[:m]) ** 2) / (2 * REACH**2))
    together[:m, :m] = rest @ torch.linalg.cholesky(correlation + 1e-4 * torch.eye(m))
    return Matrices(points, curve, tips, own, together)


def _catmull_rom(index: list[int], per_segment: int = 100) -> Tensor:
    """Weights (per_segment × segments + 1, POINTS) of control points along a stroke (Catmull and Rom 1974)."""
    basis = torch.tensor([[0.0, 2, 0, 0], [-1, 0, 1, 0], [2, -5, 4, -1], [-1, 3, -3, 1]]) / 2
    powers = (torch.arange(per_segment)[:, None] / per_segment) ** torch.arange(4)  # t^0, ..., t^3
    one_hot = torch.eye(POINTS)[index]
    first, last = 2 * one_hot[0] - one_hot[1], 2 * one_hot[-1] - one_hot[-2]  # mirrored beyond the ends
    padded = torch.cat([first[None], one_hot, last[None]])
    segments = [powers @ basis @ padded[k : k + 4] for k in range(len(index) - 1)]
    return torch.cat([*segments, one_hot[-1:]])
