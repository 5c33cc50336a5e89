"""Which device to train on, and in which precision."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import torch


def pick_device(name: str = "auto") -> torch.device:
    """The device of that name; "auto" takes CUDA, else Apple's MPS, else the CPU.

    Raises:
        ValueError: the name is unknown, or this machine has no such device.
    """
    present = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        return torch.device(next(kind for kind, there in present.items() if there))
    kind = name.partition(":")[0]
    if kind not in present:
        raise ValueError(f"unknown device {name!r}; known: auto, {', '.join(present)}")
    if not present[kind]:
        here = ", ".join(kind for kind, there in present.items() if there)
        raise ValueError(f"this machine has no {kind!r} device that torch can use; present: {here}")
    return torch.device(name)


def autocast(device: torch.device, precision: str) -> AbstractContextManager:
    """A context in which forward passes run in `precision` ("fp32" or "bf16"); weights stay in fp32."""
    if precision == "fp32":
        return nullcontext()
    return torch.autocast(device.type, dtype=torch.bfloat16)
