"""Task `preprocess`: photographs of any size become square pictures in [-1, 1]."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from gan_course.exercises.checking import Wrong, rows

REGROUPED = "the numbers were regrouped (view or reshape) where axes must move: permute(0, 3, 1, 2)"


def draw(rng: torch.Generator) -> dict[str, Any]:
    """Six stacks of photographs: upright, lying, square, too small, of the right size, nearly black.

    The first shrinks by a factor between 1 and 2, the second by more than 2; both have an odd rest.
    """

    def integer(low: int, high: int) -> int:
        return int(torch.randint(low, high + 1, (), generator=rng))

    short, rest = integer(17, 30), 2 * integer(2, 5) + 1
    tiny = integer(5, 9)
    sizes = [
        (short + rest, short, integer(math.ceil(0.6 * short), int(0.8 * short))),
        (short, short + rest + 2, integer(6, 8)),
        (short + 4, short + 4, integer(8, 15)),
        (tiny, tiny + integer(3, 6), integer(12, 16)),
        (16, 16 + rest, 16),
    ]
    stacks = []
    for h, w, size in sizes:
        # Smooth ramps and noise, every channel and corner different.
        noise = torch.rand(integer(1, 3), h, w, 3, generator=rng)
        ramp = torch.linspace(0, 1, h)[:, None, None] * torch.rand(3, generator=rng)
        ramp = ramp + torch.linspace(0, 1, w)[None, :, None] * torch.rand(3, generator=rng)
        stacks.append(
            {"photos": (255 * (0.6 * noise + 0.2 * ramp)).clamp(0, 255).to(torch.uint8), "size": size}
        )
    dark = torch.randint(0, 2, (1, short, short, 3), generator=rng).to(torch.uint8)
    return {"stacks": [*stacks, {"photos": dark, "size": integer(8, 15)}]}


def observe(case: dict[str, Any], preprocess: Callable) -> dict[str, Any]:
    seen = []
    for stack in case["stacks"]:
        photos = stack["photos"].clone()
        result = preprocess(photos, stack["size"])
        if result is None:
            raise NotImplementedError
        kind = str(result.dtype) if isinstance(result, Tensor) else type(result).__name__
        seen.append({"result": result, "kind": kind, "photos": photos})
    return {"stacks": seen}


def judge(case: dict[str, Any], seen: dict[str, Any]) -> None:
    for stack, found in zip(case["stacks"], seen["stacks"], strict=True):
        photos, size, result = stack["photos"], stack["size"], found["result"]
        n, h, w, _ = photos.shape
        said = f"photos of {h}×{w}, size {size}"
        if not isinstance(result, Tensor):
            raise Wrong(f"a tensor was expected, not {found['kind']}")
        if tuple(result.shape) == (n, size, size, 3):
            raise Wrong(f"{said}: the colours stay last: (n, h, w, 3) becomes (n, 3, size, size)")
        pictures = rows(result, (n, 3, size, size))
        if found["kind"] != "torch.float32":
            raise Wrong(f"{said}: the pictures are {found['kind']}, expected torch.float32")
        _compare(said, photos, size, pictures)
        if not (isinstance(found["photos"], Tensor) and torch.equal(found["photos"], photos)):
            raise Wrong("your function changed the photos it was given: work on a copy")


def _resized(square: Tensor, size: int, mode: str = "bilinear", **options: Any) -> Tensor:
    """A square (n, 3, side, side) of numbers in 0..255, at `size` pixels, scaled to [-1, 1]."""
    options = options or {"antialias": True, "align_corners": False}
    return F.interpolate(square, (size, size), mode=mode, **options) / 127.5 - 1


def _crop(x: Tensor, top: int, left: int, side: int) -> Tensor:
    return x[:, :, top : top + side, left : left + side]


def _compare(said: str, photos: Tensor, size: int, found: Tensor) -> None:
    """The right pictures, or the mistake that makes these."""
    x = photos.permute(0, 3, 1, 2).double()
    h, w = x.shape[2:]
    side = min(h, w)
    square = _crop(x, (h - side) // 2, (w - side) // 2, side)
    right = _resized(square, size)
    if (found - right).abs().max() <= 1e-4:
        return
    later = _crop(x, -(-(h - side) // 2), -(-(w - side) // 2), side)
    scale = size / side
    whole = F.interpolate(
        x, (max(size, int(h * scale)), max(size, int(w * scale))), mode="bilinear", antialias=True
    )
    whole = _crop(whole, (whole.shape[2] - size) // 2, (whole.shape[3] - size) // 2, size)
    slips: dict[str, Callable[[], Tensor]] = {
        "the crop starts one pixel too late: with an odd rest, round down": lambda: _resized(later, size),
        "the square is taken from the top left corner, not from the middle": lambda: _resized(
            _crop(x, 0, 0, side), size
        ),
        "the square is taken from the bottom right corner, not from the middle": lambda: _resized(
            x[:, :, h - side :, w - side :], size
        ),
        "there is no crop: the whole photo is squeezed into the square": lambda: _resized(x, size),
        "you resize the whole photo and crop then; near the edge of the square, pixels from outside join in: crop "
        "first": lambda: whole / 127.5 - 1,
        "only `size` pixels from the middle are left: take the largest square, then resize it": lambda: (
            _crop(x, (h - size) // 2, (w - size) // 2, size) / 127.5 - 1
        ),
        "the range is guessed from the brightest pixel, and these photos are nearly black: the scale is fixed": (
            lambda: 255 * (right + 1) - 1
        ),
        "there is no antialiasing": lambda: _resized(square, size, align_corners=False),
        "align_corners is True; False was asked": lambda: _resized(
            square, size, antialias=True, align_corners=True
        ),
        "align_corners is True and there is no antialiasing": lambda: _resized(
            square, size, align_corners=True
        ),
        "this is nearest-neighbour resizing, bilinear was asked": lambda: _resized(
            square, size, "nearest", antialias=False
        ),
        "this is bicubic resizing, bilinear was asked": lambda: _resized(
            square, size, "bicubic", antialias=True, align_corners=False
        ),
        "this is area averaging, bilinear was asked": lambda: _resized(square, size, "area", antialias=False),
        "values lie in [0, 1]: scale to [-1, 1]": lambda: (right + 1) / 2,
        "values lie in [-0.5, 0.5]: scale to [-1, 1]": lambda: right / 2,
        "values are still in 0..255": lambda: (right + 1) * 127.5,
        "values are x/127.5 without the - 1": lambda: right + 1,
        "the scale is x/128 - 1; 255 must become 1: x/127.5 - 1": lambda: (right + 1) * 127.5 / 128 - 1,
        "the numbers are divided by 255 and by 127.5: divide once": lambda: (right + 1) / 255 - 1,
        "dark and bright are exchanged": lambda: -right,
        "the colours are exchanged (BGR): keep the order": lambda: right.flip(1),
        "rows and columns are exchanged: (n, h, w, 3) to (n, 3, h, w) is permute(0, 3, 1, 2)": lambda: (
            right.mT
        ),
        "pictures are upside down": lambda: right.flip(2),
        "pictures are mirrored": lambda: right.flip(3),
        REGROUPED: lambda: _resized(
            _crop(photos.reshape(len(x), 3, h, w).double(), (h - side) // 2, (w - side) // 2, side), size
        ),
        f"{REGROUPED}, after the crop too": lambda: _resized(
            square.permute(0, 2, 3, 1).reshape(len(x), 3, side, side), size
        ),
        "each batch is stretched to its own darkest and brightest value: the scale is fixed": lambda: (
            2 * (right - right.min()) / (right.max() - right.min()) - 1
        ),
        "all pictures of the batch are the first one": lambda: right[:1].expand_as(right),
    }
    for slip, value in slips.items():
        try:
            other = value()
        except (RuntimeError, ValueError):  # a mistake that cannot be made at this size
            continue
        if other.shape == found.shape and (found - other).abs().max() <= 1e-3:
            raise Wrong(f"{said}: {slip}")
    step = (found - right).abs().max() * 127.5
    if step <= 1.01:
        raise Wrong(
            f"{said}: pixels are off by up to {step:.2f} of 255: values were rounded or cut to whole numbers on the "
            "way; convert to float before you resize"
        )
    raise Wrong(
        f"{said}: a pixel is off by {(found - right).abs().max():.3g}: largest central square, antialiased bilinear "
        "interpolation, x/127.5 - 1, in this order"
    )
