"""Hand-ins whose samples are, and are not, those of their weights."""

from __future__ import annotations

from pathlib import Path

import torch

from gan_course.grading.hand_in import fixed_noise
from gan_course.grading.run_kernel import draw_samples, hidden_noise
from grading import hand_ins as h
from grading.banks.dcgan_celeba import run_shared as shared

OTHER = "not what these weights draw"


def other_noise(folder: Path, base: Path) -> None:
    h.set_samples(folder, draw_samples(h.built(folder), hidden_noise(64, 100, 65)))


def other_weights(folder: Path, base: Path) -> None:
    """Weights a little later in the training: what the running average and the latest ones differ by."""
    weights = h.get_weights(folder)
    torch.manual_seed(1)
    for key, value in weights.items():
        if value.dim() == 4:
            weights[key] = value + 0.1 * value.std() * torch.randn(value.shape)
    h.set_weights(folder, weights)


def training_mode(folder: Path, base: Path) -> None:
    with torch.no_grad():
        images = h.built(folder).train()(fixed_noise(100))
    h.set_samples(folder, images.add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8))


def training_images(folder: Path, base: Path) -> None:
    h.set_samples(folder, shared.faces(64).repeat_interleave(2, 2).repeat_interleave(2, 3))


def _samples(change):
    def spoil(folder: Path, base: Path) -> None:
        h.set_samples(folder, change(h.get_samples(folder)))

    return spoil


def cut_short(folder: Path, base: Path) -> None:
    path = folder / "run/samples.safetensors"
    path.write_bytes(path.read_bytes()[:5000])


def pickled_samples(folder: Path, base: Path) -> None:
    torch.save({"samples": h.get_samples(folder)}, folder / "run/samples.safetensors")


def other_name(folder: Path, base: Path) -> None:
    h.save_file({"images": h.get_samples(folder)}, folder / "run/samples.safetensors")


def no_samples(folder: Path, base: Path) -> None:
    (folder / "run/samples.safetensors").unlink()


def huge_samples(folder: Path, base: Path) -> None:
    with (folder / "run/samples.safetensors").open("ab") as file:
        file.truncate(20_000_000)


WRONG = shared.UNUSABLE | {
    "other_noise": (OTHER, other_noise),
    "other_weights": (OTHER, other_weights),
    "untrained_weights": (
        OTHER,
        lambda folder, base: (shared.untrained(folder, base), _restore(folder, base)),
    ),
    "training_mode": ("drawn in training mode", training_mode),
    "training_images": (OTHER, training_images),
    "reversed": (OTHER, _samples(lambda x: x.flip(0))),
    "mirrored": (OTHER, _samples(lambda x: x.flip(3))),
    "blue_for_red": (OTHER, _samples(lambda x: x.flip(1))),
    "brighter": (OTHER, _samples(lambda x: (x.float() * 1.1).clamp(0, 255).to(torch.uint8))),
    "black": (OTHER, _samples(torch.zeros_like)),
    "as_floats": ("torch.float32", _samples(lambda x: x.float().div(127.5).sub(1))),
    "channels_last": ("expected `samples`", _samples(lambda x: x.permute(0, 2, 3, 1))),
    "half_of_them": ("[32, 3, 64, 64]", _samples(lambda x: x[:32])),
    "cut_short": ("cannot be read", cut_short),
    "pickled_samples": ("cannot be read", pickled_samples),
    "other_name": ("cannot be read", other_name),
    "no_samples": ("samples.safetensors is missing", no_samples),
    "huge_samples": ("too many for 64 samples", huge_samples),
    "one_picture": ("does not look at its input", shared.one_picture),
}


def _restore(folder: Path, base: Path) -> None:
    (folder / "run/samples.safetensors").write_bytes((base / "run/samples.safetensors").read_bytes())


def rounded_down(folder: Path, base: Path) -> None:
    with torch.no_grad():
        images = h.built(folder)(fixed_noise(100))
    h.set_samples(folder, images.add(1).mul(127.5).to(torch.uint8))


def another_machine(folder: Path, base: Path) -> None:
    """One pixel in fifty differs by one level."""
    samples = h.get_samples(folder)
    flips = torch.rand(samples.shape, generator=torch.Generator().manual_seed(0)) < 0.02
    h.set_samples(folder, torch.where(flips, samples.clamp(1, 254) + 1, samples))


RIGHT = shared.SOUND | {"rounded_down": rounded_down, "another_machine": another_machine}
