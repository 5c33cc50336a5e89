"""Hidden check of `blur_and_decimate` and `expand`: the two ways of a pyramid, with repeated borders.

Both are linear and work on rows and columns apart, so right and wrong ones are pairs of small matrices. The filter
(1, 4, 6, 4, 1) / 16 is the one that Burt & Adelson (1983) get for a = 3/8.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from gan_course.grading.checks import _tools
from gan_course.grading.checks._tools import Case, Seen, record
from gan_course.grading.checks.ps03_pyramids_and_text import tries
from gan_course.grading.checks.ps03_pyramids_and_text.tries import tried

KERNEL_SIDE = (*_tools.KERNEL_SIDE, *tries.KERNEL_SIDE)
TOLERANCE = 1e-8
TAPS = (1.0, 4.0, 6.0, 4.0, 1.0)
BORDERS = {  # what a wrong answer may do beyond the border -> how to say it
    "zeros": "zeros stand beyond the border: your images get darker there; repeat the pixel at the border",
    "mirror": "the image is mirrored at its border, as in notebook 06; here the pixel at the border is repeated",
    "doubled mirror": "the image is mirrored at its border (the border pixel twice); repeat the border pixel instead",
    "wrap": "the image goes on at its other side; repeat the pixel at the border",
    "scaled": "the weights that lie inside are scaled to the same sum; here the pixel at the border is repeated",
}


def draw(rng: torch.Generator) -> Case:
    """Images of an even and an odd side; of an odd and an even one; of one row; with few pixels. Expanded: likewise."""

    def side(odd: int) -> int:
        return 6 + odd + 2 * int(torch.randint(0, 2, (1,), generator=rng))

    def images(n: int, channels: int, height: int, width: int) -> Tensor:
        return 0.5 + torch.randn(n, channels, height, width, generator=rng, dtype=torch.float64)

    sizes = [
        (2, 3, side(0), side(1)),
        (3, 1, side(1), side(0)),
        (1, 2, 1, side(0)),
        (2, 2, 2, 3),
        (1, 1, 1, 1),
    ]
    down = [[images(*size)] for size in sizes]
    up = [[images(n, c, (h + 1) // 2, (w + 1) // 2), [h, w]] for n, c, h, w in sizes]
    return {"down": {"calls": down}, "up": {"calls": up}}


def observe(
    case: dict[str, Any], blur_and_decimate: Callable[..., Any], expand: Callable[..., Any]
) -> dict[str, Any]:
    """Both functions on all their images."""
    return {
        "down": tried(
            case["down"]["calls"], lambda call: record({"calls": [call]}, blur_and_decimate)["calls"][0]
        ),
        "up": tried(
            case["up"]["calls"],
            lambda call: record({"calls": [call]}, lambda x, size: expand(x, tuple(size)))["calls"][0],
        ),
    }


def judge(case: Case, seen: Seen) -> None:
    """The first images of either function, an even and an odd side, name mistakes; the later ones those of size."""
    for k, ((x,), result) in enumerate(tries.results(case["down"], seen["down"])):
        height, width = x.shape[-2:]
        right = _apply(_down(height), x, _down(width))
        what = f"blur_and_decimate of {height} x {width} pixels"
        found = _tools.tensor_of(
            result,
            tuple(right.shape),
            what,
            "",
            "Pixels 0, 2, 4, ... of each side are kept: half, rounded up",
        )
        text = f"{what} is wrong: {_where(found, right)}"
        slips = partial(_slips_of_down, x) if k == 0 else dict
        _tools.expect(found, right, slips, text, TOLERANCE)
    for k, ((x, (height, width)), result) in enumerate(tries.results(case["up"], seen["up"])):
        right = _apply(_up(x.shape[-2], height), x, _up(x.shape[-1], width))
        what = f"expand of {x.shape[-2]} x {x.shape[-1]} pixels to {height} x {width}"
        found = _tools.tensor_of(
            result, tuple(right.shape), what, "", "`size` is (height, width) of the result"
        )
        text = f"{what} is wrong: {_where(found, right)}"
        slips = partial(_slips_of_up, x, height, width) if k == 0 else dict
        _tools.expect(found, right, slips, text, TOLERANCE)


def _where(found: Tensor, right: Tensor) -> str:
    """The place of the largest error, and what stands there."""
    place = int((found - right).abs().argmax())
    *_, row, column = (int(i) for i in torch.unravel_index(torch.tensor(place), right.shape))
    return (
        f"{found.flatten()[place]:.6f} in row {row}, column {column}, expected {right.flatten()[place]:.6f}"
    )


def _apply(rows: Tensor, x: Tensor, columns: Tensor) -> Tensor:
    return rows @ x @ columns.T


# Right and wrong filters as matrices ---------------------------------------------------------------------------


def _beyond(i: int, side: int, border: str) -> int | None:
    """The pixel of a side that stands for pixel i, which may lie beyond it; None: there is a zero."""
    if 0 <= i < side:
        return i
    if border == "repeat":
        return min(max(i, 0), side - 1)
    if border == "mirror":
        i %= 2 * (side - 1)
        return min(i, 2 * (side - 1) - i)
    if border == "doubled mirror":
        i %= 2 * side
        return min(i, 2 * side - 1 - i)
    return i % side if border == "wrap" else None


def _blur(side: int, border: str = "repeat", taps: tuple[float, ...] = TAPS) -> Tensor:
    """The matrix (side, side) of the filter along one axis. Its rows sum to 1, at a border of zeros to less."""
    matrix = torch.zeros(side, side, dtype=torch.float64)
    for row in range(side):
        for offset, tap in enumerate(taps, start=-(len(taps) // 2)):
            pixel = _beyond(row + offset, side, border)
            if pixel is not None:
                matrix[row, pixel] += tap / sum(taps)
    return matrix / matrix.sum(1, keepdim=True) if border == "scaled" else matrix


def _down(side: int, border: str = "repeat", taps: tuple[float, ...] = TAPS, start: int = 0) -> Tensor:
    """The matrix (ceil(side / 2), side): blur, then keep pixels 0, 2, 4, ..."""
    return _blur(side, border, taps)[start::2]


def _up(side: int, size: int, border: str = "repeat", even: tuple[float, ...] = (1, 6, 1)) -> Tensor:
    """The matrix (size, side): pixels at even places, zeros between them, and twice the filter.

    Even places get (x[i-1] + 6 x[i] + x[i+1]) / 8 and odd ones (x[i] + x[i+1]) / 2.
    """
    matrix = torch.zeros(size, side, dtype=torch.float64)
    for row in range(size):
        i = row // 2
        near = (
            [(i - 1, even[0]), (i, even[1]), (i + 1, even[2])] if row % 2 == 0 else [(i, 4.0), (i + 1, 4.0)]
        )
        for pixel, weight in near:
            place = _beyond(pixel, side, border)
            if place is not None:
                matrix[row, place] += weight / 8
    return matrix / matrix.sum(1, keepdim=True) if border == "scaled" else matrix


def _up_on_the_fine_grid(side: int, size: int, border: str) -> Tensor:
    """As `_up`, with the border rule applied after the zeros were put in."""
    spread = torch.zeros(size, side, dtype=torch.float64)
    spread[::2] = torch.eye(side, dtype=torch.float64)
    return 2 * _blur(size, border) @ spread


def _nearest(side: int, size: int) -> Tensor:
    return torch.eye(side, dtype=torch.float64)[torch.arange(size) // 2]


# Known mistakes --------------------------------------------------------------------------------------------------


def _slips_of_down(x: Tensor) -> dict[str, Tensor]:
    """What known mistakes make of images of an even height and an odd width."""
    height, width = x.shape[-2:]
    right = _apply(_down(height), x, _down(width))

    def with_taps(*taps: float) -> Tensor:
        return _apply(_down(height, taps=taps), x, _down(width, taps=taps))

    slips = {
        f"blur_and_decimate: {text}": _apply(_down(height, border), x, _down(width, border))
        for border, text in BORDERS.items()
    }
    kept = x[..., ::2, ::2]
    again = _apply(_blur(height), x, _blur(width))
    others = {
        "pixels are dropped without a blur: high frequencies come back as wrong low ones": kept,
        "pixels are dropped before the blur; blur first": _apply(
            _blur(kept.shape[-2]), kept, _blur(kept.shape[-1])
        ),
        "the weights sum to 256: divide by 16 along each side": 256 * right,
        "the weights sum to 16: divide by 16 along each side, the height and the width": 16 * right,
        "the weights sum to 1/16; the outer product of two filters that sum to 1 sums to 1 already": right
        / 16,
        "the weights sum to 4; that factor belongs to `expand`": 4 * right,
        "only the rows are kept apart: the blur goes along the width, not along the height": (
            x[..., ::2, :] @ _down(width).T
        ),
        "the blur goes along the height only": (_down(height) @ x)[..., ::2],
        "blurred twice": _apply(_down(height), again, _down(width)),
        "pixels 1, 3, 5, ... are kept; keep 0, 2, 4, ...": _apply(_down(height, start=1), x, _down(width)),
        "the filter is (1, 2, 1); use (1, 4, 6, 4, 1)": with_taps(1, 2, 1),
        "the five weights are equal; use (1, 4, 6, 4, 1)": with_taps(1, 1, 1, 1, 1),
        "the filter is (1, 2, 3, 2, 1); use (1, 4, 6, 4, 1)": with_taps(1, 2, 3, 2, 1),
        "the channels are summed; filter each on its own (groups=channels)": right.sum(
            1, keepdim=True
        ).expand_as(right),
        "the channels are averaged; filter each on its own": right.mean(1, keepdim=True).expand_as(right),
        "this is average pooling; use the filter (1, 4, 6, 4, 1)": F.avg_pool2d(x, 2, ceil_mode=True),
        "this is bilinear interpolation; use the filter (1, 4, 6, 4, 1)": _resized(x, right, "bilinear"),
        "this is interpolation with antialias=True; use the filter (1, 4, 6, 4, 1)": (
            _resized(x, right, "bilinear", antialias=True)
        ),
        "this is interpolation by area; use the filter (1, 4, 6, 4, 1)": _resized(x, right, "area"),
    }
    return slips | {f"blur_and_decimate: {text}": slip for text, slip in others.items()}


def _slips_of_up(x: Tensor, height: int, width: int) -> dict[str, Tensor]:
    """What known mistakes make of images that grow to an even height and an odd width."""
    rows, columns = x.shape[-2:]
    right = _apply(_up(rows, height), x, _up(columns, width))

    def by(matrix: Callable[[int, int], Tensor]) -> Tensor:
        return _apply(matrix(rows, height), x, matrix(columns, width))

    slips = {f"expand: {text}": by(partial(_up, border=border)) for border, text in BORDERS.items()}
    slips |= {
        f"expand: after the zeros were put in, {text}": by(partial(_up_on_the_fine_grid, border=border))
        for border, text in BORDERS.items()
        if border not in ("zeros", "scaled")
    }
    others = {
        "the border was repeated after the zeros were put in; repeat the border of x, then put in zeros": by(
            partial(_up_on_the_fine_grid, border="repeat")
        ),
        "the image is four times too dark: three of four pixels that the blur meets are zeros": right / 4,
        "the image is half as bright as it should be: the factor is 2 along each side, 4 in all": right / 2,
        "the image is four times too bright": 4 * right,
        "the image is twice too bright": 2 * right,
        "the image is 16 times too bright: the factor is 2 along each side, 4 in all": 16 * right,
        "this repeats pixels (nearest neighbour); use the filter (1, 4, 6, 4, 1)": by(_nearest),
        "pixels are repeated before the blur; put zeros between them": by(
            lambda side, size: _blur(size) @ _nearest(side, size)
        ),
        "zeros are put in, but nothing is blurred": by(
            lambda side, size: torch.eye(size, dtype=torch.float64)[:, ::2]
        ),
        "even places take over the pixel itself (linear interpolation); they get (x[i-1] + 6 x[i] + x[i+1]) / 8": by(
            partial(_up, even=(0, 8, 0))
        ),
        "the pixels stand at the odd places: pixel (i, j) belongs to (2i, 2j)": by(
            lambda side, size: _shifted(_up(side, size + 1), 1)
        ),
        "pixel (i, j) stands one place too far, at (2i + 1, 2j + 1)": by(
            lambda side, size: torch.roll(_up(side, size), 1, 0)
        ),
        "this is bilinear interpolation; use the filter (1, 4, 6, 4, 1)": _resized(x, right, "bilinear"),
        "this is bilinear interpolation with align_corners=True; use the filter (1, 4, 6, 4, 1)": (
            _resized(x, right, "bilinear", align_corners=True)
        ),
        "this is bicubic interpolation; use the filter (1, 4, 6, 4, 1)": _resized(x, right, "bicubic"),
        "the channels are summed; filter each on its own": right.sum(1, keepdim=True).expand_as(right),
    }
    return slips | {f"expand: {text}": slip for text, slip in others.items()}


def _shifted(matrix: Tensor, by: int) -> Tensor:
    return matrix[by:]


def _resized(x: Tensor, like: Tensor, mode: str, **options: Any) -> Tensor:
    return F.interpolate(x, size=like.shape[-2:], mode=mode, **options)
