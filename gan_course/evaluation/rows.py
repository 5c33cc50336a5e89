"""What every measurement asks of its data: rows of finite numbers, as wide on one side as on the other."""

from __future__ import annotations

import torch
from torch import Tensor


def as_rows(x: Tensor, name: str, least: int = 1) -> Tensor:
    """Samples `(n, ...)` as floating-point rows `(n, d)` on the CPU; `(n,)` becomes `(n, 1)`.

    Raises:
        ValueError: `x` has no dimension, fewer than `least` rows, no columns, or values that are not finite.
    """
    if x.dim() == 0:
        raise ValueError(f"{name} is a single number; expected samples of shape (n, ...)")
    if len(x) < least:
        raise ValueError(
            f"{name} has {len(x)} rows; this measurement needs at least {least}: draw more samples"
        )
    rows = x.detach().cpu().reshape(len(x), -1) if x.numel() else x.new_empty(len(x), 0)
    if rows.shape[1] == 0:
        raise ValueError(f"{name} has shape {tuple(x.shape)}, which holds no numbers")
    if not rows.is_floating_point():
        return rows.float()
    if not torch.isfinite(rows).all():
        raise ValueError(
            f"{name} holds values that are not finite: look at the generator before measuring it"
        )
    return rows


def as_comparable_rows(least: int = 1, **named: Tensor) -> list[Tensor]:
    """Several sets of samples, each as by `as_rows`, after a check that they can be compared.

    Raises:
        ValueError: the sets differ in width, or pixels 0..255 would be compared with floats (call `Resident.take`).
    """
    rows = [as_rows(x, name, least) for name, x in named.items()]
    if len({row.shape[1] for row in rows}) > 1:
        shapes = ", ".join(f"{name} {tuple(x.shape)}" for name, x in named.items())
        raise ValueError(f"rows of different width cannot be compared: {shapes}")
    if len({x.is_floating_point() for x in named.values()}) > 1:
        types = ", ".join(f"{name} {x.dtype}" for name, x in named.items())
        raise ValueError(
            f"whole numbers are compared with floats ({types}): bring all to one scale first; `Resident.take` "
            "turns pixels 0..255 into floats in [-1, 1]"
        )
    return rows
