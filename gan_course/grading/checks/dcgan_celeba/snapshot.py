"""Pictures of G for fixed noise: bytes, eval mode, and G left as it was found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gan_course.exercises.checking import Wrong
from gan_course.grading.checks.dcgan_celeba import use
from gan_course.grading.checks.dcgan_celeba.tiny import integer
from gan_course.grading.checks.dcgan_celeba.use import seen_at_work

KERNEL_SIDE = use.KERNEL_SIDE


def draw(rng: torch.Generator) -> dict[str, Any]:
    """G in training mode, in mixed modes and in eval mode, one that returns a view of z, and one with dropout.

    Those without tanh, the second to the fourth, go beyond [-1, 1].
    """
    kinds = (("train", 3, "convolutional"), ("mixed", 3, "convolutional"), ("eval", 1, "convolutional"))
    return {
        "tables": [
            {
                "G": (
                    G := use.drawn_generator(
                        rng, modes=modes, channels=channels, tanh=modes == "train", kind=kind
                    )
                ),
                "z": torch.randn(integer(rng, 4, 6), G["plan"]["latent"], generator=rng),
            }
            for modes, channels, kind in (*kinds, ("train", 1, "view"), ("train", 3, "dropout"))
        ]
    }


def observe(case: dict[str, Any], snapshot: Callable[..., Any]) -> dict[str, Any]:
    """A snapshot of every G."""
    return {"tables": [seen_at_work(table["G"], snapshot, [table["z"].clone()]) for table in case["tables"]]}


def judge(case: dict[str, Any], seen: dict[str, Any]) -> None:
    """Raise Wrong with the mistake that the snapshot looks like."""
    for asked, found in zip(case["tables"], seen["tables"], strict=True):
        plan, z = asked["G"]["plan"], asked["z"]
        bytes_ = use.pictured(found, (len(z), 4, 6, plan["channels"]), (torch.uint8,))
        use.check_left_as_found(asked["G"], [z], found)
        _judge_pictures(asked, bytes_)


@torch.no_grad()
def _judge_pictures(asked: dict[str, Any], found: Tensor) -> None:
    def drawn(mode: bool) -> Tensor:
        return use.right_generator(asked["G"], mode)(asked["z"]).double().permute(0, 2, 3, 1)

    x = drawn(False)
    pixels = ((x + 1) * 127.5).clip(0, 255)
    if _near(found, pixels):
        return
    use.check_mode_while_drawing(asked["G"])
    if bool((found <= pixels + 1e-2).all()) and bool((found >= pixels - 1 - 1e-2).all()):
        raise Wrong("the values are cut off, not rounded: .round() before .to(torch.uint8)")
    low, high = x.amin((1, 2, 3), True), x.amax((1, 2, 3), True)
    wrapped = (x + 1) * 127.5
    slips = {
        "G drew in training mode: G.eval() comes first, or the pictures depend on one another": (
            (drawn(True) + 1) * 127.5
        ).clip(0, 255),
        "this is (x + 1) · 128: use (x + 1) · 127.5": ((x + 1) * 128).clip(0, 255),
        "this is x · 255: G's pictures are in [-1, 1], use (x + 1) · 127.5": (x * 255).clip(0, 255),
        "every picture is stretched to its own range: use (x + 1) · 127.5 for all": 255
        * (x - low)
        / (high - low),
        "all pictures are stretched to their common range: use (x + 1) · 127.5": (
            255 * (x - x.min()) / (x.max() - x.min())
        ),
        "the pictures wrap around: clip to 0..255 *before* .to(torch.uint8)": wrapped.round() % 256,
        "the pictures wrap around: round and clip to 0..255 *before* .to(torch.uint8)": wrapped.trunc() % 256,
    }
    for slip, other in slips.items():
        if bool(((found - other).abs() <= 0.51).all()) or bool(((found - other.floor()).abs() <= 0.01).all()):
            raise Wrong(slip)
    worst = (found - pixels).abs().max().item()
    raise Wrong(
        f"a pixel is {worst:.1f} off round((x + 1) · 127.5), with x = G(z) in eval mode, clipped to 0..255"
    )


def _near(found: Tensor, pixels: Tensor) -> bool:
    """Whether `found` is `pixels` rounded; either neighbour counts where rounding decides by a hair."""
    return bool(((found - pixels).abs() <= 0.5 + 1e-2).all())
