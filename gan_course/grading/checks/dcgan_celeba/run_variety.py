"""The generator has not collapsed: its samples are as spread as held-out images, and no two are nearly the same.

Two measures, because each misses something: the spread of the features is large for a generator of two pictures, and
the distance to the nearest other sample is large for pictures under noise. Pictures that are no faces earn nothing,
however many there are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from gan_course.exercises.checking import Wrong
from gan_course.grading import run_measures
from gan_course.grading.run_kernel import draw_samples, hidden_noise, read_run

KERNEL_SIDE = (read_run, draw_samples, hidden_noise)
N, SIDE = 200, 32
# Shares of the figure of held-out images: from there on all points, half of them. Measured, spread and nearest:
# shipped DCGAN on faces 0.9 and 0.8, on CelebA 1.0 and 1.1; a small one after 100 rounds 0.4 and 0.3, after 300 rounds
# 0.6 and 0.5; one, two or ten pictures over and over: nearest 0; untrained 0.0 and 0.0
SPREAD = (0.5, 0.35)
NEAREST = (0.4, 0.25)


def draw(rng: torch.Generator) -> dict[str, Any]:
    return {"seed": int(torch.randint(2**31, (), generator=rng)), "n": N}


def observe(case: dict[str, Any], build_generator: Callable[..., nn.Module]) -> dict[str, Any]:
    found = read_run(build_generator)
    if "problem" in found:
        return found
    z = hidden_noise(case["n"], found["settings"]["latent"], case["seed"])
    return {"settings": found["settings"], "samples": draw_samples(found["G"], z, side=32)}


def judge(case: dict[str, Any], seen: dict[str, Any]) -> float | None:
    values = measured(seen)
    if not values["spread"] >= SPREAD[1]:
        raise Wrong(
            f"the samples are all alike: their features are spread {values['spread']:.2f} times as far as those of "
            "held-out images. The generator collapsed"
        )
    if not values["nearest"] >= NEAREST[1]:
        raise Wrong(
            f"many samples are nearly the same picture: the nearest other one lies {values['nearest']:.2f} times as "
            "far as among held-out images. The generator collapsed"
        )
    run_measures.must_be_faces(seen["settings"], seen["samples"])
    return None if values["spread"] >= SPREAD[0] and values["nearest"] >= NEAREST[0] else 0.5


def measured(seen: dict[str, Any]) -> dict[str, float]:
    """`spread` and `nearest` of what a kernel published, over those of held-out images.

    Raises:
        Wrong: it published no samples.
    """
    samples = run_measures.pictures(seen, "samples", (N, 3, SIDE, SIDE))
    known = run_measures.statistics(run_measures.data_name(seen.get("settings")))
    return {
        "spread": run_measures.spread(run_measures.reader().features(samples)) / known.spread,
        "nearest": run_measures.nearest_other(run_measures.as_pixels(samples)).median().item()
        / known.nearest,
    }
