"""Noise that depends on the seed alone, and leaves torch's global random state as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gan_course.exercises.checking import Wrong
from gan_course.grading.checks.dcgan_celeba.tiny import integer
from gan_course.grading.checks.dcgan_celeba.use import check_normal


def draw(rng: torch.Generator) -> dict[str, Any]:
    """Two seeds and 0; shapes; many rows; states of the global generator."""
    n, latent = integer(rng, 3, 6), integer(rng, 7, 12)
    first, second = (integer(rng, 1, 10**6) for _ in range(2))
    return {
        "calls": [
            [n, latent, first],
            [n, latent, second],
            [n, latent, 0],
            [1, latent, first],
            [400, latent, second],
        ],
        "states": [integer(rng, 0, 10**6) for _ in range(5)],
    }


def observe(case: dict[str, Any], fixed_noise: Callable[..., Any]) -> dict[str, Any]:
    """Every call twice, from different global states; what the global generator draws after it and without it."""
    seen: dict[str, Any] = {"noise": [], "again": [], "types": [], "after": [], "without": []}
    for (n, latent, seed), state in zip(case["calls"], case["states"], strict=True):
        torch.manual_seed(state)
        torch.rand(5)  # so that the state is not the one that the initial seed gives
        before = torch.get_rng_state()
        seen["without"].append(torch.rand(8))
        torch.set_rng_state(before)
        noise = fixed_noise(n, latent, seed)
        seen["after"].append(torch.rand(8))
        seen["again"].append(fixed_noise(n, latent, seed))
        seen["noise"].append(noise)
        seen["types"].append([type(noise).__name__, str(getattr(noise, "dtype", ""))])
    return seen


def judge(case: dict[str, Any], seen: dict[str, Any]) -> None:
    """Raise Wrong with the mistake that the noise looks like."""
    calls = len(case["calls"])
    if any(len(seen[key]) != calls for key in ("noise", "again", "after", "without")):
        raise Wrong("some calls are missing")
    for (n, latent, _), noise, (kind, dtype) in zip(case["calls"], seen["noise"], seen["types"], strict=True):
        if kind == "NoneType":
            raise Wrong("your function returns nothing (None): not answered yet, or is `return` missing?")
        if not isinstance(noise, Tensor):
            raise Wrong(f"your function returned a {kind}; a tensor (n, latent) was asked")
        if tuple(noise.shape) != (n, latent):
            raise Wrong(f"the noise has shape {tuple(noise.shape)}, expected (n, latent) = ({n}, {latent})")
        if dtype != "torch.float32":
            raise Wrong(f"the noise has dtype {dtype}; G's weights are float32, and so must be its noise")
    _judge_seeds(case, seen)
    check_normal(seen["noise"][-1], "your noise")
    _check_not_standardised([z.double() for z in seen["noise"] if len(z) > 1])


def _check_not_standardised(noises: list[Tensor]) -> None:
    """The means and deviations of all numbers, of columns and of rows are themselves random, in every call."""
    for dims, of in (((0, 1), "of all numbers"), ((0,), "of each column"), ((1,), "of each row")):
        offsets = [[z.mean(dims) for z in noises]]
        offsets += [[z.std(dims, correction=c) - 1 for z in noises] for c in (0, 1)]
        for statistic, offset in zip(("mean", "deviation", "deviation"), offsets, strict=True):
            if all(bool((x.abs() < 1e-5).all()) for x in offset):
                raise Wrong(
                    f"the {statistic} {of} is exactly that of N(0, I), whatever the seed: the noise was shifted or "
                    "scaled afterwards, so its numbers depend on one another; leave it as torch.randn draws it"
                )


def _judge_seeds(case: dict[str, Any], seen: dict[str, Any]) -> None:
    pairs = list(zip(seen["noise"], seen["again"], strict=True))
    if not all(torch.equal(noise, again) for noise, again in pairs):
        raise Wrong(
            "the same seed gave different noise: draw from a generator that is made from the seed, in the function"
        )
    for mine, other in ((0, 1), (0, 2), (1, 2)):
        if torch.allclose(seen["noise"][mine], seen["noise"][other]):
            seeds = f"{case['calls'][mine][2]} and {case['calls'][other][2]}"
            raise Wrong(f"the seeds {seeds} gave the same noise: it must depend on the seed")
    if not all(torch.equal(a, b) for a, b in zip(seen["after"], seen["without"], strict=True)):
        raise Wrong(
            "after your function torch's global generator draws other numbers than without it: the training noise "
            "would change; use torch.Generator().manual_seed(seed), not torch.manual_seed(seed)"
        )
