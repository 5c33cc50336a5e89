"""The generator draws new faces, not remembered ones.

Drawn faces: the grader draws the training images again and looks for samples that lie closer to them than held-out
faces do. Photographs: the grader has none, so it looks at the generator alone. A table of remembered pictures has no
way from one to the next: on a straight walk through latent space its output stands still, then jumps. A generator
moves a little at every step (largest of 64 steps, in units of the distance of two samples: shipped DCGAN 0.05 to 0.09,
CelebA 0.07 to 0.1, tables 1.1 and more). The walk is judged for both sets. What it cannot find: photographs that are
remembered with smooth ways between them. Pictures that are no faces earn nothing: nobody copied them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from gan_course.data import load
from gan_course.evaluation.latent import step_sizes
from gan_course.evaluation.neighbours import not_copies
from gan_course.exercises.checking import Wrong
from gan_course.grading import run_measures
from gan_course.grading.run_kernel import draw_samples, hidden_noise, read_run

KERNEL_SIDE = (read_run, draw_samples, hidden_noise)
N, SIDE, WALKS, STEPS = 200, 32, 4, 64
POOL = 10_000  # training images that samples are compared with: the first ones of the run's set
CLOSE = 0.1  # share of samples that may lie closer to training than 99 % of held-out images do
JUMP = 0.5  # largest step on a walk, in units of the distance of two independent samples


def draw(rng: torch.Generator) -> dict[str, Any]:
    return {
        "seed": int(torch.randint(2**31, (), generator=rng)),
        "n": N,
        "walks": WALKS,
        "steps": STEPS,
    }


def observe(case: dict[str, Any], build_generator: Callable[..., nn.Module]) -> dict[str, Any]:
    found = read_run(build_generator)
    if "problem" in found:
        return found
    z = hidden_noise(case["n"], found["settings"]["latent"], case["seed"])
    starts, ends = z[: case["walks"], None], z[case["walks"] : 2 * case["walks"], None]
    t = torch.linspace(0, 1, case["steps"] + 1)[None, :, None]
    walk = ((1 - t) * starts + t * ends).flatten(0, 1)
    return {
        "settings": found["settings"],
        "samples": draw_samples(found["G"], z, side=32),
        "walked": draw_samples(found["G"], walk, side=16),
    }


def judge(case: dict[str, Any], seen: dict[str, Any]) -> None:
    jump = largest_jump(seen)
    if not jump <= JUMP:
        raise Wrong(
            f"on a walk of {STEPS} steps through latent space one step goes {jump:.2f} times as far as from one sample "
            "to another: the generator jumps between remembered pictures"
        )
    if run_measures.data_name(seen.get("settings")) == "faces" and (close := close_share(seen)) > CLOSE:
        raise Wrong(
            f"{close:.0%} of the samples lie closer to a training image than 99 % of held-out faces do: they are copies"
        )
    run_measures.must_be_faces(seen["settings"], seen["samples"])


def largest_jump(seen: dict[str, Any]) -> float:
    """The largest step of the walks that a kernel published, in units of the distance of independent samples."""
    walked = run_measures.as_pixels(
        run_measures.pictures(seen, "walked", (WALKS * (STEPS + 1), 3, *2 * [run_measures.COARSE]))
    )
    samples = run_measures.as_pixels(run_measures.pictures(seen, "samples", (N, 3, SIDE, SIDE)))
    if samples.diff(dim=0).norm(dim=1).max() == 0:
        raise Wrong("all samples are the same picture: whether it is a copy cannot be told")
    return max(step_sizes(one, samples).largest for one in walked.split(STEPS + 1))


def close_share(seen: dict[str, Any]) -> float:
    """Share of the samples that a kernel published that lie very close to a training face."""
    samples = run_measures.as_pixels(run_measures.pictures(seen, "samples", (N, 3, SIDE, SIDE)))
    training, held_out = _faces()
    return not_copies(samples, training, held_out, resamples=10).close


@cache
def _faces() -> tuple[Tensor, Tensor]:
    """Training faces and held-out ones, as coarse pixels: train.py draws all with seed 0, and another size shows the
    same persons. Drawn once on a machine, then read from the course's cache.
    """
    training = load("faces", n=POOL, size=32).x
    held_out = load("faces", n=2 * N, size=32, split="test").x
    return run_measures.as_pixels(training), run_measures.as_pixels(held_out)
