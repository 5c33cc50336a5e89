"""A good hand-in of a training run, made from shipped weights, and the tools with which banks spoil copies of it."""

from __future__ import annotations

import ast
import contextlib
import json
from pathlib import Path
from unittest import mock

import torch
from safetensors.torch import load, save_file
from torch import nn

from gan_course.grading import probes
from gan_course.grading.hand_in import fixed_noise
from gan_course.grading.probes import Probe, Verdict
from gan_course.grading.run_kernel import draw_samples
from gan_course.models.shipped import load_shipped
from gan_course.runs.pictures import save_picture

SETUP = "import math\nimport torch\nfrom torch import Tensor, nn\nfrom torch.nn import functional as F\n"
GENERATOR = """
def build_generator(latent, size, width, channels=3):
    maps = width * size // 8
    layers = [nn.Unflatten(1, (latent, 1, 1)), nn.ConvTranspose2d(latent, maps, 4, bias=False)]
    layers += [nn.BatchNorm2d(maps), nn.ReLU()]
    while maps > width:
        layers += [nn.ConvTranspose2d(maps, maps // 2, 4, 2, 1, bias=False), nn.BatchNorm2d(maps // 2), nn.ReLU()]
        maps //= 2
    return nn.Sequential(*layers, nn.ConvTranspose2d(width, channels, 4, 2, 1, bias=False), nn.Tanh())
"""
# A generator without convolutions: {body} makes images (n, 3, size, size) of z, from the buffer `x` if it wants.
ODD = """
class Odd(nn.Module):
    def __init__(self, rows, size):
        super().__init__()
        self.size = size
        self.register_buffer("x", torch.zeros(rows, 3, size, size))
        self.register_buffer("w", torch.zeros(100, rows))

    def forward(self, z):
{body}

def build_generator(latent, size, width, channels=3):
    return Odd({rows}, size)
"""
TABLE = "        return self.x[(z @ self.w).argmax(1)]"


def write_notebook(folder: Path, source: str) -> None:
    """The notebook of the hand-in, with this text in its cell `generator`."""
    cells = [
        {
            "cell_type": "code",
            "id": name,
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": text,
        }
        for name, text in (("setup", SETUP), ("generator", source))
    ]
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "components.ipynb").write_text(json.dumps(content))


def student_space(folder: Path) -> dict:
    """What the kernel holds after the cells of the notebook."""
    space: dict = {"__name__": "__main__"}
    for cell in json.loads((folder / "components.ipynb").read_text())["cells"]:
        exec(cell["source"], space)
    return space


def built(folder: Path) -> nn.Module:
    """The generator that a hand-in describes, with its weights."""
    settings = read_settings(folder)
    shape = {key: settings[key] for key in ("latent", "size", "width", "channels")}
    G = student_space(folder)["build_generator"](**shape)
    G.load_state_dict(get_weights(folder))
    return G.eval()


def redraw(folder: Path) -> None:
    """Make the samples those that the weights draw, so that nothing else is wrong with a hand-in."""
    samples = draw_samples(built(folder), fixed_noise(read_settings(folder)["latent"]))
    save_file({"samples": samples}, folder / "run/samples.safetensors")


def make_good(folder: Path) -> None:
    """The hand-in of the shipped DCGAN: faces, 64 pixels, width 32."""
    (folder / "run").mkdir(parents=True)
    write_notebook(folder, GENERATOR)
    options = {"generator": "build_generator", "size": 64, "channels": 3, "width": 32, "latent": 100}
    settings = {
        "format": 1, "run": "runs/homework-faces-1", "data": {"name": "faces", "size": 64, "n": 20000},
        "rows": 20000, "size": 64, "channels": 3, "width": 32, "latent": 100, "options": options,
        "training": {"batch": 64, "lr": 0.001}, "steps": 5000, "seed": 0, "averaged": True, "seconds": 1908.4,
        "images_per_second": 335.0, "device": "cpu", "versions": {"torch": "2.15"}, "hardware": "2 cores",
        "command": "python train.py --size 64",
    }  # fmt: skip
    (folder / "run/settings.json").write_text(json.dumps(settings))
    shipped = load_shipped("dcgan_faces64").G.state_dict()
    empty = student_space(folder)["build_generator"](100, 64, 32)
    set_weights(folder, dict(zip(empty.state_dict(), shipped.values(), strict=True)))
    write_history(
        folder, [(k * 1000, k * 380.0, k * 128000, 1.2 - 0.05 * k, 1.5 + 0.1 * k) for k in range(1, 6)]
    )
    redraw(folder)
    samples = get_samples(folder)
    save_picture(folder / "run/samples.png", samples.float().div(127.5).sub(1))


def read_settings(folder: Path) -> dict:
    return json.loads((folder / "run/settings.json").read_text())


def change_settings(folder: Path, **changes) -> None:
    """Change some of the settings; None takes one away."""
    settings = {key: value for key, value in (read_settings(folder) | changes).items() if value is not None}
    (folder / "run/settings.json").write_text(json.dumps(settings))


def write_history(folder: Path, rows: list[tuple], columns: str = "round,seconds,images,D,G") -> None:
    lines = [columns, *(",".join(map(str, row)) for row in rows)]
    (folder / "run/history.csv").write_text("\n".join(lines) + "\n")


def get_weights(folder: Path) -> dict[str, torch.Tensor]:
    return load(
        (folder / "run/generator.safetensors").read_bytes()
    )  # no map of a file that is then overwritten


def set_weights(folder: Path, weights: dict[str, torch.Tensor]) -> None:
    save_file({key: value.contiguous().clone() for key, value in weights.items()},
              folder / "run/generator.safetensors")  # fmt: skip


def get_samples(folder: Path) -> torch.Tensor:
    return load((folder / "run/samples.safetensors").read_bytes())["samples"]


def set_samples(folder: Path, samples: torch.Tensor) -> None:
    save_file({"samples": samples.contiguous()}, folder / "run/samples.safetensors")


def use_odd(folder: Path, body: str, images: torch.Tensor | None = None, rows: int = 1) -> None:
    """Hand in a generator without convolutions; `images` uint8 (rows, 3, s, s) are its buffer `x`."""
    rows = rows if images is None else len(images)
    size = 32 if images is None else images.shape[-1]
    change_settings(folder, size=size, data={"name": "faces", "size": size})
    write_notebook(folder, ODD.format(body=body, rows=rows))
    x = torch.zeros(rows, 3, size, size) if images is None else images.float().div(127.5).sub(1)
    w = torch.randn(100, rows, generator=torch.Generator().manual_seed(1))
    set_weights(folder, {"x": x, "w": w})
    redraw(folder)


def verdict_on(folder: Path, task: str, seed: int = 0, answer: str = "build_generator") -> Verdict:
    """The verdict of one hidden check on a hand-in: the text that the kernel gets, run in its folder."""
    cases = probes.draw_cases(b"trial", f"trial-{seed}", "dcgan_celeba", task, 1)
    text = probes.kernel_text("dcgan_celeba", Probe(task, (answer,)), cases)
    ast.parse(text)
    published: list = []
    space = student_space(folder)
    with (
        contextlib.chdir(folder),
        mock.patch("IPython.display.publish_display_data", lambda data: published.extend(data.values())),
    ):
        exec(text, space)
    return probes.judge_all("dcgan_celeba", task, cases, json.loads(json.dumps(published)))[0]
