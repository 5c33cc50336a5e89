"""A hand-in of a training run for the demo course: the shipped DCGAN, as if the solution had trained it."""

from __future__ import annotations

import io
import json
from functools import cache
from typing import Any

import torch
from PIL import Image
from safetensors.torch import save
from torch import Tensor
from torchvision.utils import make_grid

from gan_course.grading import made_up
from gan_course.grading.hand_in import fixed_noise
from gan_course.grading.run_kernel import draw_samples
from gan_course.models.shipped import load_shipped, shipped_card

SHAPE = {"latent": 100, "size": 64, "width": 32, "channels": 3}


@cache
def good_run() -> dict[str, bytes]:
    """The files of run/, by their path in the hand-in."""
    G = _solution()(**SHAPE)
    weights = load_shipped("dcgan_faces64").G.state_dict()
    filled = {
        name: _fitted(old, new)
        for (name, old), new in zip(G.state_dict().items(), weights.values(), strict=True)
    }
    G.load_state_dict(filled)
    samples = draw_samples(G, fixed_noise(SHAPE["latent"]))
    return {
        "run/generator.safetensors": save({name: value.contiguous() for name, value in filled.items()}),
        "run/samples.safetensors": save({"samples": samples}),
        "run/samples.png": _picture(samples),
        "run/settings.json": json.dumps(_settings()).encode(),
        "run/history.csv": _history(),
    }


def _solution() -> Any:
    """`build_generator` of the solution."""
    space: dict[str, Any] = {}
    exec(
        "import math\nimport torch\nfrom torch import Tensor, nn\nfrom torch.nn import functional as F", space
    )
    exec(made_up.solutions("dcgan_celeba")["generator"], space)
    return space["build_generator"]


def _fitted(old: Tensor, new: Tensor) -> Tensor:
    """Shipped weights as the solution has them: its projection is (maps·16, latent), not (latent, maps, 4, 4)."""
    return new.clone() if old.shape == new.shape else new.flatten(1).t().contiguous().reshape(old.shape)


def _settings() -> dict[str, Any]:
    card = shipped_card("dcgan_faces64")
    options = SHAPE | {"generator": "build_generator", "discriminator": "build_discriminator"}
    return SHAPE | {
        "format": 1,
        "run": "runs/homework-faces-1",
        "data": {"name": "faces", "size": 64, "n": 20_000},
        "rows": 20_000,
        "options": options,
        "training": {"batch": 64, "lr": 0.001, "ema": 0.999, "seed": 0},
        "steps": 5000,
        "seed": 0,
        "averaged": True,
        "seconds": 1900.0,
        "images_per_second": 335.0,
        "device": "cpu",
        "versions": {"torch": torch.__version__},
        "hardware": "made up for the demo course",
        "command": "python train.py --data faces --size 64 --width 32 --steps 5000",
        "card": card["what"],
    }


def _history() -> bytes:
    """Five lines of losses; made up, like the rest of the student."""
    lines = [
        f"{k * 1000},{k * 380.0},{k * 128_000},{1.2 - 0.05 * k:.3f},{1.5 + 0.1 * k:.3f}" for k in range(1, 6)
    ]
    return "\n".join(["round,seconds,images,D,G", *lines, ""]).encode()


def _picture(samples: Tensor) -> bytes:
    grid, kept = make_grid(samples, nrow=8), io.BytesIO()
    Image.fromarray(grid.permute(1, 2, 0).numpy()).save(kept, "PNG")
    return kept.getvalue()
