"""Checks of notebook 04 on single layers: the transposed convolution from scratch, and its doubling sizes."""

from __future__ import annotations

import operator
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import conv_transpose2d
from torch.overrides import TorchFunctionMode

from gan_course.exercises.checking import Attempt, Wrong, call, rows
from gan_course.training.seeding import generator

# The transposed convolution ---------------------------------------------------------------------------------

# n, c_in, c_out, h, w, k, stride, padding
SHAPES = [
    (1, 2, 3, 3, 5, 2, 1, 0),
    (2, 3, 2, 4, 3, 3, 2, 1),
    (3, 1, 2, 2, 4, 4, 2, 1),
    (2, 2, 2, 3, 3, 5, 2, 2),
    (1, 3, 1, 4, 2, 3, 3, 0),
    (2, 2, 3, 5, 4, 4, 1, 3),
    (1, 2, 2, 3, 4, 5, 3, 4),
    (2, 1, 1, 3, 3, 2, 3, 1),
]


class _NoConvolution(TorchFunctionMode):
    """Refuses torch's own convolutions while the answer runs."""

    def __torch_function__(
        self, func: Callable, types: Any, args: tuple = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if "conv" in getattr(func, "__name__", ""):
            raise Wrong(
                f"your function calls torch's {func.__name__}: build the layer yourself, from sums and products"
            )
        return func(*args, **(kwargs or {}))


def check_transposed_convolution(answer: Attempt) -> None:
    """Hand-made stamps, then torch's layer on many shapes: sizes, values, dtype, gradients, inputs unchanged."""
    two = torch.tensor([[[[1.0, 10.0]]]], dtype=torch.float64)
    square = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]], dtype=torch.float64)
    kernel = torch.tensor([[[[1.0, 2.0], [3.0, 5.0]]]], dtype=torch.float64)
    wide = torch.arange(1.0, 10.0, dtype=torch.float64).view(1, 1, 3, 3)
    channels = torch.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=torch.float64).view(2, 2, 1, 1)
    pair = torch.tensor([1.0, 10.0], dtype=torch.float64).view(1, 2, 1, 1)
    _compare(answer, "2×2 pixels and a 2×2 kernel, stride 2, padding 0", square, kernel, 2, 0)
    _compare(answer, "two pixels, 1 and 10, and a 2×2 kernel, stride 1, padding 0", two, kernel, 1, 0)
    _compare(answer, "2×2 pixels and a 3×3 kernel, stride 2, padding 1", square, wide, 2, 1)
    _compare(answer, "one pixel, two channels in and out, a 1×1 kernel", pair, channels, 1, 0)
    rng = generator(0)
    for n, c_in, c_out, h, w, k, stride, padding in SHAPES:
        x = torch.randn(n, c_in, h, w, generator=rng, dtype=torch.float64)
        weight = torch.randn(c_in, c_out, k, k, generator=rng, dtype=torch.float64)
        case = f"x {tuple(x.shape)}, weight {tuple(weight.shape)}, stride {stride}, padding {padding}"
        _compare(answer, case, x, weight, stride, padding)
        _compare_gradients(answer, case, x, weight, stride, padding)
    found = answer(square.float(), wide.float(), 2, 1)
    if found.dtype != torch.float32:
        raise Wrong(f"float32 inputs gave {found.dtype}: the result has the dtype of x")


def _compare(answer: Attempt, case: str, x: Tensor, weight: Tensor, stride: int, padding: int) -> None:
    right = conv_transpose2d(x, weight, stride=stride, padding=padding)
    with _NoConvolution():
        result = call(answer, x, weight, stride, padding)
    if isinstance(result, Tensor) and result.shape != right.shape:
        hint = _size_mistake(tuple(result.shape), tuple(right.shape), x, weight.shape[-1], stride, padding)
        raise Wrong(f"{case}: shape {tuple(result.shape)}, expected {tuple(right.shape)}{hint}")
    found = rows(result, tuple(right.shape))
    if result.dtype != x.dtype:
        raise Wrong(f"{case}: the result has dtype {result.dtype}, expected {x.dtype}, that of x")
    if torch.allclose(found, right):
        return
    for slip, value in _slips(x, weight, stride, padding).items():
        if value.shape == right.shape and torch.allclose(found, value):
            raise Wrong(f"{case}: {slip}")
    if len(x) > 1 and torch.allclose(found[:1], right[:1]):
        raise Wrong(f"{case}: only the first sample of the batch is right: the samples do not mix")
    at = (found - right).abs().argmax()
    place = [int(i) for i in np.unravel_index(int(at), found.shape)]
    raise Wrong(f"{case}: entry {place} is {found.flatten()[at]:.5g}, expected {right.flatten()[at]:.5g}")


def _stamps(x: Tensor, weight: Tensor, stride: int, cover: bool = False) -> Tensor:
    """All stamps before anything is cut off; with cover, a later stamp hides what lies beneath it."""
    (n, _, h, w), (_, c_out, k, _) = x.shape, weight.shape
    out = x.new_zeros(n, c_out, (h - 1) * stride + k, (w - 1) * stride + k)
    for i, j in product(range(h), range(w)):
        stamp = torch.einsum("nc,cokl->nokl", x[:, :, i, j], weight)
        window = out[:, :, i * stride : i * stride + k, j * stride : j * stride + k]
        if cover:
            window.copy_(stamp)
        else:
            window.add_(stamp)
    return out


def _slips(x: Tensor, weight: Tensor, stride: int, padding: int) -> dict[str, Tensor]:
    """What well-known mistakes return."""
    full = _stamps(x, weight, stride)
    height, width = full.shape[2:]
    count = _stamps(torch.ones_like(x[:, :1]), torch.ones_like(weight[:1]), stride).clamp(min=1)
    inside = (..., slice(padding, height - padding), slice(padding, width - padding))
    slips = {
        "the kernel comes out turned by 180°: a stamp is not turned": _stamps(x, weight.flip(2, 3), stride)[
            inside
        ],
        "the kernel comes out with rows and columns exchanged": _stamps(x, weight.mT, stride)[inside],
        "a stamp covers those before it: where stamps overlap they add up": _stamps(x, weight, stride, True)[
            inside
        ],
        "where stamps overlap you take their mean: they add up": (full / count)[inside],
    }
    if padding:
        slips["you cut all the padding off at the top and left: cut `padding` from each side"] = full[
            ..., 2 * padding :, 2 * padding :
        ]
        slips["you cut all the padding off at the bottom and right: cut `padding` from each side"] = full[
            ..., : -2 * padding, : -2 * padding
        ]
    if weight.shape[0] == weight.shape[1]:
        exchanged = _stamps(x, weight.transpose(0, 1), stride)[inside]
        slips["input and output channels are exchanged: weight is (c_in, c_out, k, k)"] = exchanged
    return slips


def _size_mistake(
    got: tuple[int, ...], right: tuple[int, ...], x: Tensor, k: int, stride: int, padding: int
) -> str:
    n, _, h, w = x.shape
    if len(got) != 4 or got[:2] != right[:2]:
        return f": (n, c_out, H, W) was asked, with n = {n} and c_out = weight.shape[1] = {right[1]}"

    def sizes(of: Callable[[int], int]) -> tuple[int, int]:
        return max(of(h), 0), max(of(w), 0)

    mistakes = {
        "with padding 0 the slice [padding:-padding] is empty": (0, 0) if padding == 0 else None,
        "height and width are exchanged": (right[3], right[2]),
        "padding is not cut off: it removes that many rows and columns from each side": sizes(
            lambda s: (s - 1) * stride + k
        ),
        "cut `padding` rows and columns from each side, not from one": sizes(
            lambda s: (s - 1) * stride + k - padding
        ),
        "padding makes the output of a transposed convolution smaller, not larger": sizes(
            lambda s: (s - 1) * stride + k + 2 * padding
        ),
        "this is the size of an ordinary convolution": sizes(lambda s: (s + 2 * padding - k) // stride + 1),
        "the stride is ignored": sizes(lambda s: s - 1 + k - 2 * padding),
        "the last stamp needs k rows, starting at row (h - 1) stride": sizes(lambda s: s * stride),
    }
    hint = next(
        (slip for slip, value in mistakes.items() if value == got[2:]), "H = (h - 1) stride - 2 padding + k"
    )
    return f": {hint}"


def _compare_gradients(
    answer: Attempt, case: str, x: Tensor, weight: Tensor, stride: int, padding: int
) -> None:
    x, weight = x.clone().requires_grad_(), weight.clone().requires_grad_()
    found = answer(x, weight, stride, padding)
    if not found.requires_grad:
        raise Wrong(
            "the result carries no gradient: stay with tensors, without .data, .item(), NumPy or no_grad"
        )
    right = conv_transpose2d(x, weight, stride=stride, padding=padding)
    seen = torch.randn(right.shape, generator=generator(1), dtype=right.dtype)
    expected = torch.autograd.grad((right * seen).sum(), (x, weight))
    gradients = torch.autograd.grad((found * seen).sum(), (x, weight), allow_unused=True)
    for name, got, good in zip(("x", "weight"), gradients, expected, strict=True):
        if got is None:
            raise Wrong(f"no gradient reaches {name}: a detach, .data or new tensor cuts the graph")
        if not torch.allclose(got, good):
            raise Wrong(
                f"{case}: the values are right, the gradient in {name} is not: is part of it detached?"
            )


# Doubling ---------------------------------------------------------------------------------------------------


def check_doubling(answer: Attempt) -> None:
    """Kernels 4 and 5 of the two well-known versions first, then all from 2 to 13."""
    for kernel in (4, 5, 2, 3, 6, 7, *range(8, 14)):
        padding, output_padding = _two_integers(answer(kernel), kernel)
        said = f"kernel {kernel}: padding = {padding}, output_padding = {output_padding}"
        if padding < 0 or output_padding < 0:
            raise Wrong(f"{said}: neither can be negative")
        if output_padding >= 2:
            raise Wrong(
                f"{said}: output_padding only chooses between the sizes that the stride leaves open, so it must be "
                "smaller than the stride, 0 or 1 here; torch refuses this"
            )
        sizes = {n: 2 * (n - 1) - 2 * padding + kernel + output_padding for n in (4, 8)}
        if sizes != {4: 8, 8: 16}:
            why = "an odd kernel needs output_padding" if kernel % 2 and not output_padding else ""
            why = why or "solve 2 (n - 1) - 2 padding + kernel + output_padding = 2 n for both"
            raise Wrong(f"{said} makes 4 pixels {sizes[4]} and 8 pixels {sizes[8]}, not 8 and 16: {why}")


def _two_integers(result: Any, kernel: int) -> tuple[int, int]:
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise Wrong("return the pair (padding, output_padding)")
    try:
        return operator.index(result[0]), operator.index(result[1])
    except TypeError:
        raise Wrong(
            f"kernel {kernel}: {result} are not integers, which layers need: divide with //"
        ) from None
