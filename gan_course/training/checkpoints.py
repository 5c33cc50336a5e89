"""Checkpoints that hold all a run needs to go on as if it had never stopped."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

NAME = "checkpoint.pt"


def _tensors(state: Any) -> list[Tensor]:
    """Every tensor in a nest of dicts, lists and tuples."""
    if isinstance(state, Tensor):
        return [state]
    children = state.values() if isinstance(state, dict) else state if isinstance(state, list | tuple) else ()
    return [tensor for child in children for tensor in _tensors(child)]


def save(state: dict[str, Any], folder: str | Path) -> Path:
    """Write the state of a run to `folder`; the previous file stays in place until the new one is complete.

    Raises:
        FloatingPointError: a tensor holds a value that is not finite. Nothing is written.
    """
    if not all(torch.isfinite(tensor).all() for tensor in _tensors(state) if tensor.is_floating_point()):
        raise FloatingPointError(
            "the run holds values that are not finite; the checkpoint was not written and the previous one, if "
            "any, is intact. Try a smaller learning rate, a gradient penalty, or precision='fp32'."
        )
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / (NAME + ".partial")
    torch.save(state, partial)
    os.replace(partial, folder / NAME)
    return folder / NAME


def load(folder: str | Path, device: torch.device | str = "cpu") -> dict[str, Any]:
    """Read the state of a run. Only tensors and plain values are unpickled, so a stranger's file runs no code.

    Raises:
        FileNotFoundError: no checkpoint in that folder.
    """
    path = Path(folder) / NAME
    if not path.exists():
        raise FileNotFoundError(f"no {NAME} in {folder}: train with folder=... first, or drop resume=True")
    return torch.load(path, map_location=device, weights_only=True)
