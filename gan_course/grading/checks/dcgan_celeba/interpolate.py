"""A straight walk in equal steps between two codes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gan_course.exercises.checking import Wrong
from gan_course.grading.checks.dcgan_celeba.tiny import integer, same


def draw(rng: torch.Generator) -> dict[str, Any]:
    """Codes of different length and scale; every small number of steps, and a large one."""
    walks = []
    for steps in (*range(2, 33), integer(rng, 33, 60)):
        ends = torch.randn(2, integer(rng, 7, 8), generator=rng)
        walks.append({"z0": ends[0], "z1": (1.0, 0.3, 2.0)[steps % 3] * ends[1] + 0.1, "steps": steps})
    return {"walks": walks}


def observe(case: dict[str, Any], interpolate: Callable[..., Any]) -> dict[str, Any]:
    """Every walk, and its ends after the call."""
    walks = []
    for asked in case["walks"]:
        z0, z1 = asked["z0"].clone(), asked["z1"].clone()
        result = interpolate(z0, z1, asked["steps"])
        walks.append({"codes": result, "type": type(result).__name__, "ends": [z0, z1]})
    return {"walks": walks}


def judge(case: dict[str, Any], seen: dict[str, Any]) -> None:
    """Raise Wrong with the mistake that the walk looks like."""
    for asked, found in zip(case["walks"], seen["walks"], strict=True):
        z0, z1, steps = asked["z0"], asked["z1"], asked["steps"]
        _check_tensor(found, (steps, len(z0)), steps)
        if not (same(found["ends"][0], z0) and same(found["ends"][1], z1)):
            raise Wrong("your function changes z0 or z1: work on new tensors")
    # the longest walk first: two steps cannot tell a curve from a straight line
    for asked, found in reversed(list(zip(case["walks"], seen["walks"], strict=True))):
        _judge_walk(asked["z0"].double(), asked["z1"].double(), asked["steps"], found["codes"].double())


def _check_tensor(found: dict[str, Any], shape: tuple[int, int], steps: int) -> None:
    codes = found["codes"]
    if not isinstance(codes, Tensor):
        if found["type"] == "NoneType":
            raise Wrong("your function returns nothing (None): not answered yet, or is `return` missing?")
        raise Wrong(f"your function returned a {found['type']}; a tensor {shape} was asked")
    if tuple(codes.shape) == shape[::-1] != shape:
        raise Wrong(
            f"the walk has shape {tuple(codes.shape)}: one code per row was asked, (steps, latent) = {shape}"
        )
    if tuple(codes.shape) != shape:
        raise Wrong(
            f"the walk has shape {tuple(codes.shape)}, expected (steps, latent) = {shape}: {steps} codes, the two ends "
            "among them"
        )
    if not codes.is_floating_point() or not torch.isfinite(codes).all():
        raise Wrong("the codes of the walk are not all finite floating-point numbers")


def _judge_walk(z0: Tensor, z1: Tensor, steps: int, codes: Tensor) -> None:
    t = torch.linspace(0, 1, steps, dtype=torch.float64)[:, None]

    def walk(s: Tensor) -> Tensor:
        return (1 - s) * z0 + s * z1

    if _near(codes, walk(t)):
        return
    angle = torch.acos(torch.nn.functional.cosine_similarity(z0, z1, dim=0))
    great_circle = (torch.sin((1 - t) * angle) * z0 + torch.sin(t * angle) * z1) / torch.sin(angle)
    inner = torch.linspace(0, 1, steps + 2, dtype=torch.float64)[1:-1, None]
    k = torch.arange(steps, dtype=torch.float64)[:, None]
    slips = {
        "it starts at z1 and ends at z0: the other way round": walk(1 - t),
        "the last code must be z1: the steps are 1/(steps - 1) long": walk(k / steps),
        "the first code must be z0": walk((k + 1) / steps),
        "neither end is included: the first code is z0, the last z1": walk(inner),
        "this is the great circle (slerp); a straight walk was asked": great_circle,
        "the steps are not equal: no easing": walk(t * t * (3 - 2 * t)),
    }
    for slip, other in slips.items():
        if _near(codes, other):
            raise Wrong(slip)
    if not (_near(codes[0], z0) and _near(codes[-1], z1)):
        raise Wrong("the ends are not z0 (first) and z1 (last)")
    raise Wrong("the ends are right, but between them it is not straight, in equal steps: (1 - t) z0 + t z1")


def _near(found: Tensor, right: Tensor) -> bool:
    return bool(((found - right).abs() <= 1e-4).all())
