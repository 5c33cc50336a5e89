"""Ways to spoil a hand-in that several checks must notice, and ways to change one that are right.

Every function takes the folder to spoil, a copy of the good hand-in, and the good hand-in itself.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch.nn import functional as F

from gan_course.data import load
from grading import hand_ins as h

FACES = {"n": 10_000, "size": 32}  # what the grader draws, too


def faces(n: int, split: str = "train") -> torch.Tensor:
    """The first n drawn faces of 32 pixels."""
    return load("faces", split=split, **(FACES if split == "train" else {"n": 400, "size": 32})).x[:n]


# Weights that cannot be used


def no_weights(folder: Path, base: Path) -> None:
    (folder / "run/generator.safetensors").unlink()


def missing_key(folder: Path, base: Path) -> None:
    weights = h.get_weights(folder)
    weights.pop("1.weight")
    h.set_weights(folder, weights)


def other_width(folder: Path, base: Path) -> None:
    empty = h.student_space(folder)["build_generator"](100, 64, 16)
    h.set_weights(folder, empty.state_dict())


def nan_weights(folder: Path, base: Path) -> None:
    weights = h.get_weights(folder)
    weights["1.weight"][0, 0] = float("nan")
    h.set_weights(folder, weights)


def pickled(folder: Path, base: Path) -> None:
    torch.save(h.get_weights(folder), folder / "run/generator.safetensors")


def cut_short(folder: Path, base: Path) -> None:
    path = folder / "run/generator.safetensors"
    path.write_bytes(path.read_bytes()[:100_000])


def huge(folder: Path, base: Path) -> None:
    with (folder / "run/generator.safetensors").open("ab") as file:
        file.truncate(70_000_000)


def prefixed_keys(folder: Path, base: Path) -> None:
    """As nn.DataParallel saves them."""
    h.set_weights(folder, {f"module.{key}": value for key, value in h.get_weights(folder).items()})


# Settings that lie


def lies_about_size(folder: Path, base: Path) -> None:
    h.change_settings(folder, size=32)


def lies_about_latent(folder: Path, base: Path) -> None:
    h.change_settings(folder, latent=64)


def impossible_width(folder: Path, base: Path) -> None:
    h.change_settings(folder, width=10**9)


def no_settings(folder: Path, base: Path) -> None:
    (folder / "run/settings.json").unlink()


def broken_settings(folder: Path, base: Path) -> None:
    path = folder / "run/settings.json"
    path.write_text(path.read_text()[:-40])


def stub(folder: Path, base: Path) -> None:
    h.write_notebook(
        folder, "def build_generator(latent, size, width, channels=3):\n    raise NotImplementedError()"
    )


# Generators that draw the wrong pictures, with samples to match


def untrained(folder: Path, base: Path) -> None:
    torch.manual_seed(0)
    G = h.student_space(folder)["build_generator"](100, 64, 32)
    h.set_weights(folder, G.state_dict())
    h.redraw(folder)


def one_picture(folder: Path, base: Path) -> None:
    h.use_odd(folder, "        return self.x.expand(len(z), -1, -1, -1)", faces(1))


def two_pictures(folder: Path, base: Path) -> None:
    h.use_odd(folder, h.TABLE, faces(2))


def table_of_ten(folder: Path, base: Path) -> None:
    h.use_odd(folder, h.TABLE, faces(10))


def table_of_hundred(folder: Path, base: Path) -> None:
    h.use_odd(folder, h.TABLE, faces(100))


def table_of_thousand(folder: Path, base: Path) -> None:
    h.use_odd(folder, h.TABLE, faces(1000))


def mean_face(folder: Path, base: Path) -> None:
    mean = faces(2000).float().mean(0, keepdim=True).round().to(torch.uint8)
    h.use_odd(folder, "        return self.x.expand(len(z), -1, -1, -1) + 1e-3 * z[:, :1, None, None]", mean)


def noisy_mean_face(folder: Path, base: Path) -> None:
    mean = faces(2000).float().mean(0, keepdim=True).round().to(torch.uint8)
    h.use_odd(folder, NOISY.format(scale=0.2), mean)


NOISY = """        places = torch.linspace(1, 2, self.size**2).view(self.size, -1)
        waves = torch.sin(1e4 * z[:, :3, None, None] * places)
        return (self.x + {scale} * waves).clamp(-1, 1)"""


def noise_pixels(folder: Path, base: Path) -> None:
    h.use_odd(folder, NOISY.format(scale=1.0))


def plain_colours(folder: Path, base: Path) -> None:
    h.use_odd(folder, "        return z[:, :3, None, None].tanh().expand(-1, -1, self.size, self.size)")


def blurred(folder: Path, base: Path) -> None:
    """A table of faces averaged over 16×16 pixels."""
    coarse = F.interpolate(F.avg_pool2d(faces(1000).float(), 16), scale_factor=16)
    h.use_odd(folder, h.TABLE, coarse.round().to(torch.uint8))


def timid(folder: Path, base: Path) -> None:
    """The good generator, fed with codes next to 0: it hardly looks at its input."""
    _rescaled(folder, "0.03 * z")


def one_dimension(folder: Path, base: Path) -> None:
    """The good generator, which looks at the sign of one number alone."""
    _rescaled(folder, "z[:, :1].sign() * torch.linspace(-1, 1, z.shape[1])")


def negative(folder: Path, base: Path) -> None:
    """Dark for bright."""
    weights = h.get_weights(folder)
    # By number: the file does not keep the order of the layers.
    last = max((key for key in weights if weights[key].dim() == 4), key=lambda key: int(key.split(".")[0]))
    weights[last] = -weights[last]
    h.set_weights(folder, weights)
    h.redraw(folder)


def half_forgotten(folder: Path, base: Path) -> None:
    """The first layer is drawn anew, as after a restart that loaded half of a checkpoint."""
    weights = h.get_weights(folder)
    torch.manual_seed(0)
    weights["7.weight"] = 0.02 * torch.randn(weights["7.weight"].shape)
    h.set_weights(folder, weights)
    h.redraw(folder)


def _rescaled(folder: Path, codes: str) -> None:
    _wrapped(folder, WRAPPED.format(codes=codes))
    h.redraw(folder)


def _wrapped(folder: Path, wrapper: str) -> None:
    h.write_notebook(folder, h.GENERATOR.replace("build_generator", "inner") + wrapper)
    h.set_weights(folder, {f"inner.{key}": value for key, value in h.get_weights(folder).items()})


WRAPPED = """
class Wrapped(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, z):
        return self.inner({codes})

def build_generator(latent, size, width, channels=3):
    return Wrapped(inner(latent, size, width, channels))
"""


def foreign_data(folder: Path, base: Path) -> None:
    h.change_settings(folder, data={"name": "my_cats", "size": 64})


def claims_photographs(folder: Path, base: Path) -> None:
    h.change_settings(folder, data={"name": "celeba", "size": 64})


# Right ones


def unchanged(folder: Path, base: Path) -> None:
    pass


def extra_files(folder: Path, base: Path) -> None:
    (folder / "run/notes.txt").write_text("it took an hour")
    (folder / "run/more").mkdir()
    save_file({"D": torch.zeros(3)}, folder / "run/more/discriminator.safetensors")


def nested_modules(folder: Path, base: Path) -> None:
    """Another structure with other names; warns, and says something."""
    _rescaled(folder, "z * 1")
    path = folder / "components.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][1]["source"] += '\nimport warnings\nwarnings.warn("slow")\nprint("built")\n'
    path.write_text(json.dumps(notebook))


def kernel_five(folder: Path, base: Path) -> None:
    """The paper's kernels and its linear projection; a kernel of 4 is one of 5 with a row and a column of zeros."""
    weights = h.get_weights(folder)
    source = h.GENERATOR.replace("4, 2, 1, bias", "5, 2, 2, 1, bias").replace(
        "nn.Unflatten(1, (latent, 1, 1)), nn.ConvTranspose2d(latent, maps, 4, bias=False)",
        "nn.Linear(latent, 16 * maps, bias=False), nn.Unflatten(1, (maps, 4, 4))",
    )
    h.write_notebook(folder, source)
    made = {}
    for key, value in weights.items():
        if key == "1.weight":
            made["0.weight"] = value.flatten(1).T
        else:
            made[key] = F.pad(value, (1, 0, 1, 0)) if value.dim() == 4 else value
    h.set_weights(folder, made)
    h.redraw(folder)


def small_pictures(folder: Path, base: Path) -> None:
    """32 pixels: the good generator, averaged."""
    h.change_settings(folder, size=32, data={"name": "faces", "size": 32}, averaged=False)
    _wrapped(folder, WRAPPED.format(codes="z").replace("inner(latent, size,", "inner(latent, 2 * size,").replace(
        "self.inner(z)", "F.avg_pool2d(self.inner(z), 2)"
    ))  # fmt: skip
    h.redraw(folder)


def half_precision(folder: Path, base: Path) -> None:
    """Weights kept in 16 bits load into a network of 32."""
    weights = {
        key: value.half().float() if value.is_floating_point() else value
        for key, value in h.get_weights(folder).items()
    }
    h.set_weights(folder, {key: v.half() if v.is_floating_point() else v for key, v in weights.items()})
    h.redraw(folder)


UNUSABLE = {
    "no_weights": ("generator.safetensors is missing", no_weights),
    "missing_key": ("do not fit build_generator", missing_key),
    "other_width": ("do not fit build_generator", other_width),
    "nan_weights": ("not finite", nan_weights),
    "pickled": ("cannot be read as safetensors", pickled),
    "cut_short": ("cannot be read as safetensors", cut_short),
    "huge": ("at most 64,000,000", huge),
    "prefixed_keys": ("do not fit build_generator", prefixed_keys),
    "lies_about_size": ("do not fit build_generator", lies_about_size),
    "lies_about_latent": ("do not fit build_generator", lies_about_latent),
    "impossible_width": ("which no run can have", impossible_width),
    "no_settings": ("settings.json is missing", no_settings),
    "stub": ("not answered yet", stub),
}
SOUND = {
    "unchanged": unchanged,
    "extra_files": extra_files,
    "nested_modules": nested_modules,
    "kernel_five": kernel_five,
    "small_pictures": small_pictures,
    "half_precision": half_precision,
}
