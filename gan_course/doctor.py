"""What this machine has: printed by `gan-course doctor`, and the first thing to look at when something fails."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path

import torch

from gan_course.data import celeba, imported, real, registry
from gan_course.training.device import pick_device


def bf16(device: torch.device) -> str:
    """Whether matrix products in bfloat16 work on this device."""
    try:
        ones = torch.ones(8, 8, device=device, dtype=torch.bfloat16)
        return "works" if (ones @ ones).float().sum().item() == 512 else "gives wrong results"
    except RuntimeError as error:
        return f"does not work ({str(error).splitlines()[0]})"


def data_states() -> dict[str, str]:
    """Every data set with "built in", where it is, or the command that fetches it. Decodes no pictures."""
    states = dict.fromkeys(registry.EMBEDDED, "built in, works without a network")
    for name in registry.REAL:
        try:
            states[name] = f"present in {_place(name)}"
        except real.MissingDataError:
            states[name] = f"not here; fetch it with: gan-course data download {name}"
    for name, sizes in imported.sizes().items():
        sides = ", ".join(f"{size}×{size}" for size in sizes)
        states[name] = f"imported as {sides} in {real.default_root() / 'imported'}"
    return states


def _place(name: str) -> Path:
    if name == "celeba":
        return celeba.find().path
    registry.load(name, split="test")
    return real.default_root()


def report() -> list[tuple[str, str]]:
    """Pairs of what and how it is."""
    device = pick_device("auto")
    name = f" ({torch.cuda.get_device_name(device)})" if device.type == "cuda" else ""
    lines = [
        ("Python", f"{platform.python_version()} on {platform.system()} {platform.machine()}"),
        ("gan-course", version("gan-course")),
        ("torch", f"{torch.__version__}, torchvision {version('torchvision')}"),
        ("CUDA", "present" if torch.cuda.is_available() else "not present"),
        ("Apple MPS", "present" if torch.backends.mps.is_available() else "not present"),
        ("device taken by 'auto'", f"{device}{name}"),
        ("bfloat16 there", bf16(device)),
        ("threads", str(torch.get_num_threads())),
    ]
    return lines + [(f"data: {name}", state) for name, state in data_states().items()]
