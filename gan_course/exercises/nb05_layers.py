"""The check of notebook 05 on class-conditional batch norm."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gan_course.exercises.checking import Attempt, Wrong, call, rows
from gan_course.training.seeding import generator


def check_class_batch_norm(answer: Attempt) -> None:
    """Four numbers by hand, then random maps: values, shapes, dtype, gradients, a batch of one, a large eps."""
    h = torch.tensor([1.0, 3.0, 5.0, 7.0], dtype=torch.float64).view(4, 1, 1, 1)
    gain = torch.tensor([[2.0], [10.0]], dtype=torch.float64)
    shift = torch.tensor([[0.0], [100.0]], dtype=torch.float64)
    y = torch.tensor([0, 1, 0, 1])
    _expect(answer, "values 1, 3, 5, 7 of classes 0, 1, 0, 1", h, y, gain, shift, 1e-5)
    _expect(answer, "the same with eps = 4", h, y, gain, shift, 4.0)
    rng = generator(0)
    for n, c, height, width, k in ((6, 3, 4, 5, 4), (1, 2, 3, 3, 2), (5, 1, 2, 2, 10), (3, 3, 3, 3, 3)):
        h = 3 * torch.randn(n, c, height, width, generator=rng, dtype=torch.float64) + 2
        h = h + torch.arange(n).view(n, 1, 1, 1)
        y = torch.randint(k, (n,), generator=rng)
        gain, shift = (torch.randn(k, c, generator=rng, dtype=torch.float64) for _ in range(2))
        case = f"maps {tuple(h.shape)}, {k} classes"
        _expect(answer, case, h, y, gain, shift, 1e-5)
        _expect_gradients(answer, case, h, y, gain, shift)
    found = answer(h.float(), y, gain.float(), shift.float(), 1e-5)
    if found.dtype != torch.float32:
        raise Wrong(f"float32 maps gave {found.dtype}: the result has the dtype of h")


def _rows_of(table: Tensor, y: Tensor) -> Tensor:
    return table[y][:, :, None, None]


def _normalised(
    h: Tensor, axes: tuple[int, ...], eps: float, unbiased: bool = False, inside: bool = True
) -> Tensor:
    centred = h - h.mean(axes, keepdim=True)
    var = h.var(axes, unbiased=unbiased, keepdim=True)
    return centred / ((var + eps).sqrt() if inside else var.sqrt() + eps)


def _by_class(h: Tensor, y: Tensor, eps: float) -> Tensor:
    out = torch.empty_like(h)
    for label in y.unique():
        out[y == label] = _normalised(h[y == label], (0, 2, 3), eps)
    return out


def _right(h: Tensor, y: Tensor, gain: Tensor, shift: Tensor, eps: float) -> Tensor:
    return _rows_of(gain, y) * _normalised(h, (0, 2, 3), eps) + _rows_of(shift, y)


def _expect(
    answer: Attempt, case: str, h: Tensor, y: Tensor, gain: Tensor, shift: Tensor, eps: float
) -> None:
    found = rows(call(answer, h, y, gain, shift, eps), tuple(h.shape))
    if torch.allclose(found, _right(h, y, gain, shift, eps), atol=1e-7):
        return

    def scaled(x: Tensor) -> Tensor:
        return _rows_of(gain, y) * x + _rows_of(shift, y)

    # Slips as functions: a batch of one has no unbiased variance, and only a refused answer needs them.
    slips: dict[str, Callable[[], Tensor]] = {
        "the statistics are those of each class: take mean and variance over the whole batch": lambda: scaled(
            _by_class(h, y, eps)
        ),
        "every image is normalised on its own: take mean and variance over the whole batch": lambda: scaled(
            _normalised(h, (2, 3), eps)
        ),
        "the channels share their statistics: each has its own": lambda: scaled(
            _normalised(h, (0, 1, 2, 3), eps)
        ),
        "the variance is the unbiased one: batch norm divides by the number of values": lambda: scaled(
            _normalised(h, (0, 2, 3), eps, unbiased=True)
        ),
        "eps goes under the root, to the variance": lambda: scaled(
            _normalised(h, (0, 2, 3), eps, inside=False)
        ),
        "eps is ignored or fixed: use the one that is given": lambda: scaled(_normalised(h, (0, 2, 3), 1e-5)),
        "gain and shift are exchanged": lambda: _right(h, y, shift, gain, eps),
        "the gain is multiplied on as it is, not 1 + gain": lambda: _right(h, y, 1 + gain, shift, eps),
        "the shift is missing": lambda: _right(h, y, gain, 0 * shift, eps),
        "the gain is missing": lambda: _right(h, y, torch.ones_like(gain), shift, eps),
        "the shift goes on after the gain, not before": lambda: (
            _rows_of(gain, y) * (_normalised(h, (0, 2, 3), eps) + _rows_of(shift, y))
        ),
        "nothing is normalised: subtract the mean, divide by the deviation": lambda: scaled(h),
        "every row got the gain and shift of one class: use those of its own label": lambda: _right(
            h, y[:1].expand_as(y), gain, shift, eps
        ),
        "you divided by the variance, not by its root": lambda: scaled(
            (h - h.mean((0, 2, 3), keepdim=True)) / (h.var((0, 2, 3), unbiased=False, keepdim=True) + eps)
        ),
    }
    for slip, value in slips.items():
        if torch.allclose(found, value(), atol=1e-7, equal_nan=False):
            raise Wrong(f"{case}: {slip}")
    right = _right(h, y, gain, shift, eps)
    at = int((found - right).abs().argmax())
    raise Wrong(f"{case}: an entry is {found.flatten()[at]:.5g}, expected {right.flatten()[at]:.5g}")


def _expect_gradients(answer: Attempt, case: str, h: Tensor, y: Tensor, gain: Tensor, shift: Tensor) -> None:
    given = [x.clone().requires_grad_() for x in (h, gain, shift)]
    found = answer(given[0], y, given[1], given[2], 1e-5)
    if not found.requires_grad:
        raise Wrong("the result carries no gradient: stay with tensors, without .data, .item() or no_grad")
    weights = torch.randn(h.shape, generator=generator(1), dtype=h.dtype)
    got = torch.autograd.grad((found * weights).sum(), given, allow_unused=True)
    right = torch.autograd.grad((_right(given[0], y, given[1], given[2], 1e-5) * weights).sum(), given)
    for name, g, r in zip(("h", "gain", "shift"), got, right, strict=True):
        if g is None:
            raise Wrong(f"no gradient reaches {name}: a detach, .data or new tensor cuts the graph")
        if not torch.allclose(g, r, atol=1e-6):
            hint = ": mean and variance belong to the graph, too" if name == "h" else ""
            raise Wrong(f"{case}: the values are right, the gradient in {name} is not{hint}")
