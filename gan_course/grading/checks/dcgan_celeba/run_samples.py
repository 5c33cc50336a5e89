"""The weights load, and they are the ones that drew the samples handed in for the fixed noise."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from gan_course.exercises.checking import Wrong
from gan_course.grading import run_measures
from gan_course.grading.hand_in import FIXED_N, FIXED_SEED
from gan_course.grading.run_kernel import draw_samples, hidden_noise, read_run

KERNEL_SIDE = (read_run, draw_samples, hidden_noise)
COMPARED = 16  # of the samples: which ones, the case decides
# Levels of 255 that may differ: on average, and at most so far, but for few pixels
MEAN, FAR, FEW = 1.0, 3, 0.01


def draw(rng: torch.Generator) -> dict[str, Any]:
    return {
        "fixed": {"n": FIXED_N, "seed": FIXED_SEED},
        "rows": torch.randperm(FIXED_N, generator=rng)[:COMPARED].sort().values,
        "hidden": int(torch.randint(2**31, (), generator=rng)),
    }


def observe(case: dict[str, Any], build_generator: Callable[..., nn.Module]) -> dict[str, Any]:
    from safetensors.torch import load_file

    found = read_run(build_generator)
    if "problem" in found:
        return found
    settings, G = found["settings"], found["G"]
    path = Path("run/samples.safetensors")
    if not path.is_file():
        return {"problem": "run/samples.safetensors is missing: train.py writes it"}
    if path.stat().st_size > 10_000_000:
        return {
            "problem": f"run/samples.safetensors has {path.stat().st_size:,} bytes, too many for 64 samples"
        }
    try:
        handed_in = load_file(path)["samples"]
    except Exception as error:  # whatever the file is, it is not what it should be
        return {
            "problem": f"run/samples.safetensors cannot be read: {type(error).__name__}: {str(error)[:200]}"
        }
    seen = {"size": settings["size"], "shape": list(handed_in.shape), "kind": str(handed_in.dtype)}
    n = case["fixed"]["n"]
    if len(handed_in) != n:
        return seen
    z = hidden_noise(n, settings["latent"], case["fixed"]["seed"])
    rows = case["rows"]
    seen["handed_in"] = handed_in[rows]
    seen["drawn"] = draw_samples(G, z)[rows]
    seen["hidden"] = draw_samples(G, hidden_noise(len(rows), settings["latent"], case["hidden"]))
    with torch.no_grad():  # what a generator would draw that was left in training mode
        in_training = copy.deepcopy(G).train()(z)
    seen["in_training"] = in_training.add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8)[rows]
    return seen


def judge(case: dict[str, Any], seen: dict[str, Any]) -> None:
    size = seen.get("size")
    shape = (COMPARED, 3, size, size)
    if seen.get("problem") is None and (
        seen.get("kind") != "torch.uint8" or seen.get("shape") != [FIXED_N, *shape[1:]]
    ):
        raise Wrong(
            f"run/samples.safetensors holds {seen.get('kind')} {seen.get('shape')}, expected `samples` as "
            f"torch.uint8 {[FIXED_N, *shape[1:]]}"
        )
    drawn, handed_in, hidden, in_training = (
        run_measures.pictures(seen, key, shape) for key in ("drawn", "handed_in", "hidden", "in_training")
    )
    if not _same(drawn, handed_in):
        raise Wrong(_why(drawn, handed_in, in_training))
    if _same(drawn, hidden):
        raise Wrong("your generator draws the same pictures for other noise: it does not look at its input")


def _same(a: Tensor, b: Tensor) -> bool:
    """Equal but for what another machine rounds differently."""
    apart = (a.float() - b.float()).abs()
    return bool(apart.mean() <= MEAN and (apart > FAR).float().mean() <= FEW)


def _why(drawn: Tensor, handed_in: Tensor, in_training: Tensor) -> str:
    if _same(in_training, handed_in):
        return (
            "the samples were drawn in training mode: call G.eval() first, so that none depends on the rest"
        )
    apart = (drawn.float() - handed_in.float()).abs().mean().item()
    return (
        f"run/samples.safetensors is not what these weights draw for the fixed noise: they differ by {apart:.1f} of "
        "255 levels on average. Other weights (the running average or not?) or other noise: make both with "
        "train.py --pack RUN"
    )
