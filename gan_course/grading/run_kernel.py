"""What the hidden checks of a training run do in the student's kernel, where `gan_course` does not exist.

Every function here is sent as text, by itself: it uses torch, safetensors, the standard library and its neighbours.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def read_run(build_generator: Callable[..., nn.Module]) -> dict[str, Any]:
    """The hand-in in `run/`: {"settings": ..., "G": ...}, or {"problem": what is wrong with it}.

    Weights are read by safetensors alone, which runs no code of whoever wrote the file.
    """
    from safetensors.torch import load_file

    largest = {"generator.safetensors": 64_000_000, "settings.json": 200_000}  # bytes
    for name, limit in largest.items():
        path = Path("run") / name
        if not path.is_file():
            return {"problem": f"run/{name} is missing: train.py writes it"}
        if path.stat().st_size > limit:
            return {"problem": f"run/{name} has {path.stat().st_size:,} bytes, at most {limit:,} are read"}
    try:
        settings = json.loads(Path("run/settings.json").read_text(encoding="utf-8"))
        shape = {key: settings[key] for key in ("latent", "size", "width", "channels")}
    except (ValueError, KeyError, TypeError) as error:
        return {"problem": f"run/settings.json is damaged: {type(error).__name__}: {error}"}
    allowed = {"latent": range(1, 513), "size": (32, 64, 128), "width": range(1, 257), "channels": (3,)}
    for key, values in allowed.items():
        if type(shape[key]) is not int or shape[key] not in values:
            return {"problem": f"run/settings.json says {key} = {shape[key]!r}, which no run can have"}
    try:
        weights = load_file("run/generator.safetensors")
    except Exception as error:  # whatever the file is, it is not what it should be
        return {"problem": f"run/generator.safetensors cannot be read as safetensors: {str(error)[:200]}"}
    if not all(torch.isfinite(value).all() for value in weights.values() if value.is_floating_point()):
        return {"problem": "the weights in run/generator.safetensors are not finite"}
    G = build_generator(**shape)
    try:
        G.load_state_dict(weights, strict=True)
    except RuntimeError as error:
        called = ", ".join(f"{key}={value}" for key, value in shape.items())
        reason = " ".join(str(error).split())[:300]
        return {"problem": f"the weights in run/ do not fit build_generator({called}): {reason}"}
    return {"settings": settings, "G": G}


@torch.no_grad()
def draw_samples(G: nn.Module, z: Tensor, side: int | None = None) -> Tensor:
    """Samples of G in eval mode for the codes z (n, latent), uint8 (n, channels, h, w); averaged to `side` if given.

    Raises:
        ValueError: values that are not finite.
    """
    modes = {layer: layer.training for layer in G.modules()}
    G.eval()
    parts = []
    for codes in z.split(100):
        images = G(codes).float()
        if not torch.isfinite(images).all():
            raise ValueError("the generator draws values that are not finite")
        if side is not None and images.shape[-1] > side:
            images = F.avg_pool2d(images, images.shape[-1] // side)
        parts.append(images.add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8))
    for layer, mode in modes.items():
        layer.training = mode
    return torch.cat(parts)


def hidden_noise(n: int, latent: int, seed: int) -> Tensor:
    """Codes (n, latent) from N(0, I), from a seed that the grader drew."""
    return torch.randn(n, latent, generator=torch.Generator().manual_seed(seed))
