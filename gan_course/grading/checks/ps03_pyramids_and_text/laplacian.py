"""Hidden check of `laplacian` and `reconstruct`: bands of a pyramid, exact for any way down and up.

Burt & Adelson (1983), with ways that no pyramid would have: whatever `up` fails to restore stays in the detail.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from gan_course.exercises.checking import Wrong
from gan_course.grading.checks import _tools
from gan_course.grading.checks._tools import Case, Seen
from gan_course.grading.checks.ps03_pyramids_and_text import tries, ways
from gan_course.grading.checks.ps03_pyramids_and_text.tries import tried
from gan_course.grading.checks.ps03_pyramids_and_text.ways import way_down, way_up

KERNEL_SIDE = (*ways.KERNEL_SIDE, *tries.KERNEL_SIDE)
TOLERANCE = 1e-8
GIVEN = "use the functions down and up that are given, whatever they do"


def draw(rng: torch.Generator) -> Case:
    """Odd sides and several levels; sides that shrink by 2 and 3; no levels; bands that come from no image."""

    def odd(low: int) -> int:
        return low + 2 * ways.integer(rng, 0, 2)

    bent, by_3, level, one = (
        ways.drawn_way(rng, step, bend)
        for step, bend in (((2, 2), 0.4), ((3, 2), 0.0), ((1, 1), 0.4), ((2, 2), 0.3))
    )
    analysis = [
        {"x": 1.5 * ways.normal(rng, 2, 2, odd(11), odd(13)), "levels": 2, "way": bent},
        {"x": 1.5 * ways.normal(rng, 1, 3, odd(21), 10), "levels": 4, "way": by_3},
        {"x": 1.5 * ways.normal(rng, 1, 1, 6, odd(5)), "levels": 1, "way": one},
        {"x": 1.5 * ways.normal(rng, 2, 1, 4, 5), "levels": 0, "way": bent},
        {"x": 1.5 * ways.normal(rng, 1, 2, 2, 3), "levels": 4, "way": bent},  # one pixel, and levels left
    ]
    high, wide = odd(7), odd(9)
    sizes = [[(5, 7)] * 3, [(high, wide), (4, 5), (3, 2)], [(14, 9), (5, 5), (2, 1), (1, 1)], [(4, 5)]]
    synthesis = [
        {"bands": [1.5 * ways.normal(rng, 2, channels, *size) for size in some], "way": way}
        for some, channels, way in zip(sizes, (2, 3, 1, 2), (level, bent, by_3, one), strict=True)
    ]
    kept = [1.5 * ways.normal(rng, 1, 2, 4, 5) for _ in range(3)]
    synthesis.append({"bands": kept, "way": level | {"same": True}})  # up returns what it was given
    return {"analysis": analysis, "synthesis": synthesis}


def observe(
    case: dict[str, Any], laplacian: Callable[..., Any], reconstruct: Callable[..., Any]
) -> dict[str, Any]:
    """Bands of every image, and an image from every list of bands."""

    def take_apart(call: dict[str, Any]) -> dict[str, Any]:
        x = call["x"].clone()
        bands = laplacian(x, call["levels"], way_down(call["way"]), way_up(call["way"]))
        return {"result": bands, "after": [x]}

    def put_together(call: dict[str, Any]) -> dict[str, Any]:
        bands = [band.clone() for band in call["bands"]]
        image = reconstruct(bands, way_up(call["way"]))
        return {"result": image, "after": bands}

    return {
        "analysis": tried(case["analysis"], take_apart),
        "synthesis": tried(case["synthesis"], put_together),
    }


def judge(case: Case, seen: Seen) -> None:
    """The first call of either function names mistakes; the later ones those of sizes and of the number of bands."""
    images = {"calls": [[call["x"]] for call in case["analysis"]]}
    for k, (_, result) in enumerate(tries.results(images, seen["analysis"])):
        _judge_bands(case["analysis"][k], result, named=k == 0)
    for done, call in zip(seen["synthesis"]["calls"], case["synthesis"], strict=False):
        if len(done["after"]) != len(call["bands"]):
            raise Wrong("reconstruct changed the list `bands`: avoid pop() on it, or work on a copy")
    lists = {"calls": [call["bands"] for call in case["synthesis"]]}
    for k, (bands, result) in enumerate(tries.results(lists, seen["synthesis"])):
        up = way_up(case["synthesis"][k]["way"])
        right = synthesis(bands, up)
        what = f"reconstruct of {len(bands)} bands, the finest {_size(bands[0])}"
        image = _tools.tensor_of(
            result, tuple(right.shape), what, "", "The image is as large as the finest band"
        )
        text = f"{what}, is wrong. From coarse to fine: I_k = up(I_(k+1), size of h_k) + h_k; {GIVEN}"
        slips = partial(_slips_of_synthesis, bands, up) if k == 0 else dict
        _tools.expect(image, right, slips, text, TOLERANCE)


def _judge_bands(given: dict[str, Any], result: Any, named: bool) -> None:
    x, levels = given["x"], given["levels"]
    ways_of_it = way_down(given["way"]), way_up(given["way"])
    right = analysis(x, levels, *ways_of_it)
    what = f"laplacian of {_size(x)} pixels with levels={levels}"
    if not isinstance(result, list):
        came = result if isinstance(result, str) else type(result).__name__
        raise Wrong(f"{what} is {came[:40]}; a list of bands was expected")
    if len(result) != levels + 1:
        raise Wrong(
            f"{what} has {len(result)} bands, expected {levels + 1}: one detail for each level, then I_K"
        )
    shapes = [tuple(band.shape) if isinstance(band, Tensor) else None for band in result]
    if levels and shapes == [tuple(band.shape) for band in right[::-1]]:
        raise Wrong(f"{what}: the order of the bands is reversed; the finest, h_0, comes first and I_K last")
    for k, (band, expected) in enumerate(zip(result, right, strict=True)):
        name = f"band {k} ({'h' if k < levels else 'I'}_{k}) of {what}"
        _tools.tensor_of(
            band, tuple(expected.shape), name, "", "up goes to the size of I_k; down says how it shrinks"
        )
    wrong = [k for k in range(levels + 1) if _tools.far(result[k], right[k], TOLERANCE)]
    if wrong:
        formula = "h_k = I_k - up(I_(k+1), size of I_k)" if wrong[0] < levels else "the last band is I_K"
        text = f"{what}: band {wrong[0]} is wrong, {formula} with I_(k+1) = down(I_k); {GIVEN}"
        slips = partial(_slips_of_analysis, x, levels, *ways_of_it) if named else dict
        _tools.expect(_joined(result), _joined(right), slips, text, TOLERANCE)


def _size(x: Tensor) -> str:
    return f"{x.shape[-2]} x {x.shape[-1]}"


def _joined(bands: list[Tensor]) -> Tensor:
    return torch.cat([band.flatten() for band in bands])


Down = Callable[[Tensor], Tensor]
Up = Callable[[Tensor, Any], Tensor]


def gaussian(x: Tensor, levels: int, down: Down) -> list[Tensor]:
    """[I_0, ..., I_K]."""
    images = [x]
    for _ in range(levels):
        images.append(down(images[-1]))
    return images


def analysis(x: Tensor, levels: int, down: Down, up: Up) -> list[Tensor]:
    """[h_0, ..., h_(K-1), I_K]."""
    images = gaussian(x, levels, down)
    lows = [up(small, large.shape[-2:]) for large, small in itertools.pairwise(images)]
    return [image - low for image, low in zip(images[:-1], lows, strict=True)] + images[-1:]


def synthesis(bands: list[Tensor], up: Up) -> Tensor:
    """The image of these bands."""
    image = bands[-1]
    for band in bands[-2::-1]:
        image = up(image, band.shape[-2:]) + band
    return image


# Known mistakes --------------------------------------------------------------------------------------------------


def _slips_of_analysis(x: Tensor, levels: int, down: Down, up: Up) -> dict[str, Tensor]:
    """What known mistakes give, all bands in one row."""
    images, right = gaussian(x, levels, down), analysis(x, levels, down, up)
    on_details, rest = [], x  # the detail instead of the image goes on to the next level
    for _ in range(levels):
        low = up(down(rest), rest.shape[-2:])
        on_details.append(rest - low)
        rest = down(rest - low)
    last = images[-1]
    lowpass = [up(down(image), image.shape[-2:]) for image in images]
    blurred, smooth = [], x  # l_k instead of I_k goes on to the next level
    for _ in range(levels):
        small = down(smooth)
        low = up(small, smooth.shape[-2:])
        blurred.append(smooth - low)
        smooth = down(low)
    slips = {
        "these are the images I_0 to I_K; a detail is I_k - up(I_(k+1), size of I_k)": images,
        "the details have the wrong sign: h_k = I_k - up(I_(k+1))": [-band for band in right[:-1]] + [last],
        "the next level works on the detail h_k; it works on the small image I_(k+1) = down(I_k)": [
            *on_details,
            rest,
        ],
        "the next level works on down(up(I_(k+1))); it works on I_(k+1) = down(I_k)": [*blurred, smooth],
        "the last band is a detail again; it is the image I_K, or nothing is left to start from": (
            [*right[:-1], last - lowpass[-1]]
        ),
        "the last band is smoothed once more; it is I_K as it is": [*right[:-1], lowpass[-1]],
        "the last band is zero; it is I_K": [*right[:-1], torch.zeros_like(last)],
        "these are the low-pass images up(I_(k+1)); a detail is what they lack": [*lowpass[:-1], last],
        "the bands are clamped to [-1, 1]; a detail may be larger, and what is cut off cannot be restored": [
            band.clamp(-1, 1) for band in right
        ],
        "the details are clamped to [-1, 1]; what is cut off cannot be restored": [
            *(band.clamp(-1, 1) for band in right[:-1]),
            last,
        ],
        "the image is clamped to [-1, 1] first; take it as it is": analysis(x.clamp(-1, 1), levels, down, up),
        "the details are halved": [band / 2 for band in right[:-1]] + [last],
    }
    return {f"laplacian: {text}": _joined(bands) for text, bands in slips.items()}


def _slips_of_synthesis(bands: list[Tensor], up: Up) -> dict[str, Tensor]:
    """What known mistakes give where all bands have one size, so that none of them stops with an error."""
    size = bands[0].shape[-2:]

    def lifted(band: Tensor, times: int) -> Tensor:
        for _ in range(times):
            band = up(band, size)
        return band

    def folded(step: Callable[[Tensor, Tensor], Tensor], some: list[Tensor]) -> Tensor:
        image = some[0]
        for band in some[1:]:
            image = step(image, band)
        return image

    right, coarse_first = synthesis(bands, up), bands[::-1]
    slips = {
        "every band is expanded on its own and the results are added: up(a + b) need not be up(a) + up(b)": sum(
            (lifted(band, k) for k, band in enumerate(bands)), torch.zeros_like(right)
        ),
        "the bands are taken in the wrong order: the last one is I_K, start there": synthesis(
            coarse_first, up
        ),
        "the details are left out": lifted(bands[-1], len(bands) - 1),
        "the details are subtracted; laplacian took up(I_(k+1)) away, so the details are added": folded(
            lambda image, band: up(image, size) - band, coarse_first
        ),
        "the signs are exchanged: I_k = h_k + up(I_(k+1))": folded(
            lambda image, band: band - up(image, size), coarse_first
        ),
        "the detail is added before up; first expand, then add": folded(
            lambda image, band: up(image + band, size), coarse_first
        ),
        "the bands are added without up": folded(lambda image, band: image + band, coarse_first),
        "up is applied to each detail instead of the image so far": folded(
            lambda image, band: image + up(band, size), coarse_first
        ),
        "up is applied to the band I_K alone, once; expand the image again at every level": folded(
            lambda image, band: image + band, [up(bands[-1], size), *bands[-2::-1]]
        ),
        "h_0 is missing": synthesis([torch.zeros_like(bands[0]), *bands[1:]], up),
        "of the details only h_0 is added": bands[0] + lifted(bands[-1], len(bands) - 1),
        "up is applied once more at the end": up(right, size),
        "the result is clamped to [-1, 1]; return the image as it is": right.clamp(-1, 1),
        "the image is clamped to [-1, 1] at every level; return it as it is": folded(
            lambda image, band: (up(image, size) + band).clamp(-1, 1), coarse_first
        ),
        "the image is cut to [0, 1]; return it as it is": right.clamp(0, 1),
    }
    return {f"reconstruct: {text}": slip for text, slip in slips.items()}
