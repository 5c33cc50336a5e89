"""The generator is trained: the Fréchet distance of its samples to held-out images, in generous tiers.

In the features of the face reader, 1,000 samples (fewer above 32 pixels) for hidden noise against the mean and
covariance of held-out images. What the tiers rest on, one seed each but for the ranges:

    FD to faces                               FD to CelebA
      0.5  1,000 held-out faces                 0.4  1,000 held-out photographs
     18-28 1,000 rounds, width 24               3.2  5,500 rounds at 64 pixels, width 32
     53    700 rounds, width 16                30    photographs averaged over 4×4 of 32 pixels
     60    faces averaged over 4×4             44    ten photographs over and over (refused by run_variety)
    116    300 rounds, width 16                62    300 rounds, width 16
    130    200 rounds, width 16                86    200 rounds, width 16
    141    ten faces over and over            135    100 rounds, width 16
    236    100 rounds, width 16               150    two photographs over and over
    243    faces averaged over 8×8            159    drawn faces
    300    untrained                          211    the mean photograph under noise
    313    the mean face under noise          335    untrained
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
COUNTS = {32: 1000, 64: 500, 128: 200}  # size -> samples
TIERS = {  # data set -> (largest FD, share of the points)
    "faces": ((80, 1.0), (120, 0.8), (160, 0.5), (200, 0.2)),
    "celeba": ((70, 1.0), (95, 0.8), (120, 0.5), (140, 0.2)),
}
SIDE = 32  # pixels: what the reader sees


def draw(rng: torch.Generator) -> dict[str, Any]:
    return {
        "seed": int(torch.randint(2**31, (), generator=rng)),
        "counts": {str(size): n for size, n in COUNTS.items()},
    }


def observe(case: dict[str, Any], build_generator: Callable[..., nn.Module]) -> dict[str, Any]:
    found = read_run(build_generator)
    if "problem" in found:
        return found
    settings, G = found["settings"], found["G"]
    n = case["counts"][str(settings["size"])]
    samples = draw_samples(G, hidden_noise(n, settings["latent"], case["seed"]), side=32)
    return {"settings": settings, "samples": samples}


def judge(case: dict[str, Any], seen: dict[str, Any]) -> float:
    value, name = measured(seen), run_measures.data_name(seen["settings"])
    for largest, share in TIERS[name]:
        if value <= largest:
            return share
    raise Wrong(
        f"the FD of your samples to held-out {name} is {value:.0f}; points begin at {TIERS[name][-1][0]}. Either the "
        "run is too short, or it broke down: look at samples.png and history.csv"
    )


def measured(seen: dict[str, Any]) -> float:
    """The FD of what a kernel published.

    Raises:
        Wrong: it published no samples.
    """
    settings = seen.get("settings") or {}
    n = COUNTS.get(settings.get("size"), COUNTS[SIDE])
    samples = run_measures.pictures(seen, "samples", (n, 3, SIDE, SIDE))
    known = run_measures.statistics(run_measures.data_name(settings))
    return run_measures.fd(known, run_measures.reader().features(samples))
