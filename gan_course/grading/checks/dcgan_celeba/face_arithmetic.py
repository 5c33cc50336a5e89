"""Vector arithmetic with three codes per concept: one picture, G left as it was found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gan_course.exercises.checking import Wrong
from gan_course.grading.checks.dcgan_celeba import use
from gan_course.grading.checks.dcgan_celeba.use import seen_at_work

KERNEL_SIDE = use.KERNEL_SIDE


def draw(rng: torch.Generator) -> dict[str, Any]:
    """G in training mode, in mixed modes, in eval mode, and with dropout, each with three codes for three concepts."""
    return {
        "tables": [
            {
                "G": (G := use.drawn_generator(rng, modes=modes, channels=channels, tanh=True, kind=kind)),
                "codes": [torch.randn(3, G["plan"]["latent"], generator=rng) for _ in range(3)],
            }
            for modes, channels, kind in (
                ("train", 3, "convolutional"),
                ("mixed", 3, "convolutional"),
                ("eval", 1, "convolutional"),
                ("train", 3, "dropout"),
            )
        ]
    }


def observe(case: dict[str, Any], face_arithmetic: Callable[..., Any]) -> dict[str, Any]:
    """One picture by every G."""
    tables = [(table["G"], [z.clone() for z in table["codes"]]) for table in case["tables"]]
    return {"tables": [seen_at_work(G, face_arithmetic, codes) for G, codes in tables]}


def judge(case: dict[str, Any], seen: dict[str, Any]) -> None:
    """Raise Wrong with the mistake that the arithmetic looks like."""
    for asked, found in zip(case["tables"], seen["tables"], strict=True):
        shape = (asked["G"]["plan"]["channels"], 4, 6)
        picture = use.pictured(found, shape, (torch.float32, torch.float64))
        use.check_left_as_found(asked["G"], asked["codes"], found)
        _judge_picture(asked, picture)


@torch.no_grad()
def _judge_picture(asked: dict[str, Any], found: Tensor) -> None:
    def drawn(z: Tensor, mode: bool = False) -> Tensor:
        return use.right_generator(asked["G"], mode)(z).double()

    a, b, c = asked["codes"]
    mean_a, mean_b, mean_c = (z.mean(0, keepdim=True) for z in (a, b, c))
    right = mean_a - mean_b + mean_c
    pictures = drawn(torch.cat([a, b, c])).unflatten(0, (3, 3)).mean(1)
    slips = {
        "G drew in training mode: G.eval() comes first": drawn(right, True),
        "the arithmetic is done with pictures: it belongs into the codes": pictures[0]
        - pictures[1]
        + pictures[2],
        "the codes are summed: take the mean of the three of each concept": drawn(3 * right),
        "only the first code of each concept is used: take the mean of three": drawn(a[:1] - b[:1] + c[:1]),
        "the three pictures are averaged: average the codes, then draw one picture": drawn(a - b + c).mean(0),
        "the signs are others: mean(a) - mean(b) + mean(c)": drawn(mean_a + mean_b - mean_c),
        "the signs are others, b and a exchanged: mean(a) - mean(b) + mean(c)": drawn(
            mean_b - mean_a + mean_c
        ),
        "all three concepts are added: mean(a) - mean(b) + mean(c)": drawn(mean_a + mean_b + mean_c),
        "both are subtracted: mean(a) - mean(b) + mean(c)": drawn(mean_a - mean_b - mean_c),
        "c is missing: mean(a) - mean(b) + mean(c)": drawn(mean_a - mean_b),
        "the code is scaled to length 1: leave it as it comes out": drawn(right / right.norm()),
        "the code is scaled to length √latent: leave it as it comes out": drawn(
            right / right.norm() * right.shape[1] ** 0.5
        ),
    }
    if _near(found, drawn(right)[0]):
        return
    use.check_mode_while_drawing(asked["G"])
    for slip, other in slips.items():
        if _near(found, other[0] if other.dim() == 4 else other):
            raise Wrong(slip)
    if _near(found, (drawn(right)[0] + 1) / 2):
        raise Wrong("the picture is scaled to [0, 1]: return what G puts out, in [-1, 1]")
    raise Wrong("this is not G's picture of mean(a) - mean(b) + mean(c) in eval mode")


def _near(found: Tensor, right: Tensor) -> bool:
    return found.shape == right.shape and bool(((found - right).abs() <= 1e-4).all())
