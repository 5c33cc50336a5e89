"""Hidden check of `sample_chain`: from a coarse picture to a fine one, a detail at each level.

I_K = G_K(z_K), then I_k = u(I_{k+1}) + G_k(z_k, u(I_{k+1})) (Denton et al. 2015).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan_course.exercises.checking import Wrong
from gan_course.grading.checks import _tools
from gan_course.grading.checks._tools import Case, Seen
from gan_course.grading.checks.ps03_pyramids_and_text import tries, ways
from gan_course.grading.checks.ps03_pyramids_and_text.tries import tried
from gan_course.grading.checks.ps03_pyramids_and_text.ways import Detail, photographed, seated, way_up

TOLERANCE = 1e-8
LATENT = 4


# In the student's kernel -----------------------------------------------------------------------------------------


class Base(nn.Module):
    """G_K: noise (n, latent) -> coarsest images (n, c, h, w)."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight.clone())  # (c, h, w, latent)

    def forward(self, z: Tensor) -> Tensor:
        latent = self.weight.shape[-1]
        if z.dim() != 2 or z.shape[1] != latent:
            raise ValueError(f"base takes noise (n, {latent}), z[0], not {tuple(z.shape)}")
        return F.linear(z, self.weight.flatten(0, 2)).unflatten(1, self.weight.shape[:3])


def sampled(call: dict[str, Any], sample_chain: Callable[..., Any]) -> dict[str, Any]:
    """The images of one chain, and the noise as it is afterwards."""
    base, *generators = nets = seated([Base(call["base"]), *map(Detail, call["generators"])])
    z = [noise.clone() for noise in call["z"]]
    result = sample_chain(base, generators, z, way_up(call["way"]))
    return {"result": result, "after": z, "generators": len(generators), "nets": photographed(nets)}


KERNEL_SIDE = (*ways.KERNEL_SIDE, *tries.KERNEL_SIDE, Base, sampled)


def observe(case: dict[str, Any], sample_chain: Callable[..., Any]) -> dict[str, Any]:
    """One sample of each chain."""
    return tried(case["calls"], lambda call: sampled(call, sample_chain))


# In the grader's process ----------------------------------------------------------------------------------------------


def draw(rng: torch.Generator) -> Case:
    """Three levels of one size; levels whose sides grow unevenly; a single level; a base alone."""
    high, wide = ways.integer(rng, 5, 7), ways.integer(rng, 8, 10)
    kept = _chain(rng, 2, 2, [(4, 5)] * 3, 0.0)
    kept["way"]["same"] = True  # up returns what it was given
    return {
        "calls": [
            _chain(rng, 3, 2, [(5, 6)] * 4, 0.4),
            _chain(rng, 2, 3, [(2, 3), (high - 2, wide - 3), (2 * high - 1, wide)], 0.0),
            _chain(rng, 1, 1, [(3, 3), (high, wide)], 0.4),
            _chain(rng, 2, 1, [(4, 3)], 0.4),
            kept,
        ]
    }


def _chain(
    rng: torch.Generator, n: int, channels: int, sizes: list[tuple[int, int]], bend: float
) -> dict[str, Any]:
    """A chain through images of these sizes, coarse to fine."""
    planes = [2 * torch.rand(n, 1, *size, generator=rng, dtype=torch.float64) - 1 for size in sizes[1:]]
    return {
        "base": ways.normal(rng, channels, *sizes[0], LATENT),
        "generators": [ways.drawn_generator(rng, channels) for _ in planes],
        "z": [ways.normal(rng, n, LATENT), *planes],
        "way": ways.drawn_way(rng, (2, 2), bend),
    }


def judge(case: Case, seen: Seen) -> None:
    """The first call, whose levels are all of one size, names mistakes; the later ones those of sizes."""
    for call, done in zip(case["calls"], seen["calls"], strict=False):
        if len(done["after"]) != len(call["z"]) or done["generators"] != len(call["generators"]):
            raise Wrong(
                "your function changed a list that it was given: avoid pop() on it, or work on a copy"
            )
        ways.check_untouched(done["nets"], [call["base"], *itertools.chain(*call["generators"])])
    noise = {"calls": [call["z"] for call in case["calls"]]}
    for k, (_, result) in enumerate(tries.results(noise, seen)):
        _judge_chain(case["calls"][k], result, named=k == 0)


def _judge_chain(call: dict[str, Any], result: Any, named: bool) -> None:
    chain = Chain(call)
    right = chain.images()
    what = f"a chain of a base and {len(chain.generators)} generators"
    if not isinstance(result, list):
        came = result if isinstance(result, str) else type(result).__name__
        raise Wrong(f"{what} gives {came[:40]}; a list of all images was expected, coarse to fine")
    if len(result) != len(right):
        raise Wrong(
            f"{what} gives {len(result)} images, expected {len(right)}: that of the base, then one per generator"
        )
    shapes = [tuple(image.shape) if isinstance(image, Tensor) else None for image in result]
    if len(right) > 1 and shapes == [tuple(image.shape) for image in right[::-1]] != shapes[::-1]:
        raise Wrong(f"{what}: the images are in the wrong order; coarse to fine, the base's first")
    for k, (image, expected) in enumerate(zip(result, right, strict=True)):
        name = f"image {k} of {what}"
        _tools.tensor_of(image, tuple(expected.shape), name, "", "Each level has the size of its noise")
    wrong = [k for k in range(len(right)) if _tools.far(result[k], right[k], TOLERANCE)]
    if wrong:
        level = "l + G(z, l) with l = up(image before it, size of z), z the plane given for this level"
        formula = level if wrong[0] else "base(z[0])"
        text = f"{what}: image {wrong[0]} is wrong; it is {formula}, nothing else"
        _tools.expect(_joined(result), _joined(right), chain.slips if named else dict, text, TOLERANCE)


def _joined(images: list[Tensor]) -> Tensor:
    return torch.cat([image.flatten() for image in images]).detach()


Step = Callable[[nn.Module, Tensor, Tensor], Tensor]


class Chain:
    """The networks of a case, and right and wrong ways to chain them."""

    def __init__(self, call: dict[str, Any]) -> None:
        self.base, self.z, self.up = Base(call["base"]), call["z"], way_up(call["way"])
        self.generators = [Detail(weights) for weights in call["generators"]]

    def rise(self, image: Tensor, z: Tensor) -> Tensor:
        """The condition l of the level that this noise belongs to."""
        return self.up(image, z.shape[-2:])

    def step(self, G: nn.Module, z: Tensor, image: Tensor) -> Tensor:
        """The image of the next level."""
        low = self.rise(image, z)
        return low + G(z, low)

    def chained(
        self, first: Tensor, generators: list[Detail], planes: list[Tensor], step: Step | None = None
    ) -> list[Tensor]:
        """All images, coarse to fine; `step(G, z, image before)` may be a wrong one."""
        images = [first]
        for G, z in zip(generators, planes, strict=True):
            images.append((step or self.step)(G, z, images[-1]))
        return images

    def images(self, step: Step | None = None) -> list[Tensor]:
        """The chain as it is asked for, or with a wrong step."""
        return self.chained(self.base(self.z[0]), self.generators, self.z[1:], step)

    def slips(self) -> dict[str, Tensor]:
        """What known mistakes give where all levels have one size, so that none of them stops with an error."""
        rise, planes = self.rise, self.z[1:]
        right = self.images()
        base, levels = right[0], list(zip(self.generators, planes, strict=True))
        lows = [rise(image, z) for image, z in zip(right, planes, strict=False)]
        steps: dict[str, Step] = {
            "the condition is the image before `up`; G gets l = up(image), and its detail is added to l": (
                lambda G, z, image: rise(image, z) + G(z, image)
            ),
            "G's detail is added to the image before `up`; it is added to l = up(image)": (
                lambda G, z, image: image + G(z, rise(image, z))
            ),
            "`up` is missing: l = up(image) is G's condition, and what its detail is added to": (
                lambda G, z, image: image + G(z, image)
            ),
            "the detail is not added: the next image is l + G(z, l), not G(z, l)": (
                lambda G, z, image: G(z, rise(image, z))
            ),
            "G's detail is subtracted": lambda G, z, image: rise(image, z) - G(z, rise(image, z)),
            "the detail is left out: the next image is l + G(z, l)": lambda G, z, image: rise(image, z),
            "l is added twice": lambda G, z, image: 2 * rise(image, z) + G(z, rise(image, z)),
            "l and the image before it are both added; add l alone": lambda G, z, image: (
                image + rise(image, z) + G(z, rise(image, z))
            ),
            "the sum is clamped to [-1, 1]; the chain goes on with the images as they are": lambda G, z, image: (
                (rise(image, z) + G(z, rise(image, z))).clamp(-1, 1)
            ),
            "the sum goes through tanh; the chain goes on with the images as they are": lambda G, z, image: (
                rise(image, z) + G(z, rise(image, z))
            ).tanh(),
            "the condition is clamped to [-1, 1]": lambda G, z, image: (
                rise(image, z).clamp(-1, 1) + G(z, rise(image, z).clamp(-1, 1))
            ),
            "the sum goes through `up`; first expand the image, then add the detail": lambda G, z, image: (
                rise(image + G(z, image), z)
            ),
            "`up` is applied to the detail as well": lambda G, z, image: (
                rise(image, z) + rise(G(z, rise(image, z)), z)
            ),
            "every level gets the first plane of noise, z[1]; each has its own": lambda G, z, image: (
                rise(image, z) + G(planes[0], rise(image, z))
            ),
            "every level gets the last plane of noise; each has its own": lambda G, z, image: (
                rise(image, z) + G(planes[-1], rise(image, z))
            ),
            "the generators get zeros in place of their noise": lambda G, z, image: (
                rise(image, z) + G(torch.zeros_like(z), rise(image, z))
            ),
            "the first generator is used at every level": lambda G, z, image: (
                rise(image, z) + self.generators[0](z, rise(image, z))
            ),
            "the last generator is used at every level": lambda G, z, image: (
                rise(image, z) + self.generators[-1](z, rise(image, z))
            ),
            "G gets the base's image as condition at every level": lambda G, z, image: (
                rise(image, z) + G(z, rise(base, z))
            ),
            "details are added to the expanded image of the base": lambda G, z, image: (
                rise(base, z) + G(z, rise(image, z))
            ),
            "the detail is halved": lambda G, z, image: rise(image, z) + G(z, rise(image, z)) / 2,
        }
        slips = {text: self.images(step) for text, step in steps.items()}

        on_details, detail = [base], base  # the detail alone goes on to the next level
        plain, smooth = [base], base  # l alone goes on
        for G, z in zip(self.generators, planes, strict=True):
            low, smooth = rise(detail, z), rise(smooth, z)
            detail = G(z, low)
            on_details.append(low + detail)
            plain.append(smooth + G(z, smooth))
        slips |= {
            "the list is in the wrong order; coarse to fine, the base's image first": right[::-1],
            "the generators are used in the wrong order; generators[0] follows the base": self.chained(
                base, self.generators[::-1], planes
            ),
            "the planes of noise are used in the wrong order; z[i + 1] belongs to generators[i]": self.chained(
                base, self.generators, planes[::-1]
            ),
            "the generators and the noise are used in the wrong order; generators[0] follows the base": self.chained(
                base, self.generators[::-1], planes[::-1]
            ),
            "the next level is given the detail G(z, l) alone; it is given the image l + G(z, l)": on_details,
            "the next level is given l alone; it is given the image l + G(z, l)": plain,
            "these are the details; the images were asked for": [
                base,
                *(G(z, low) for (G, z), low in zip(levels, lows, strict=True)),
            ],
            "these are the conditions l; the images were asked for": [base, *lows],
            "the images returned are clamped to [-1, 1]; return them as they are": [
                x.clamp(-1, 1) for x in right
            ],
            "the base's image is clamped to [-1, 1]": self.chained(
                base.clamp(-1, 1), self.generators, planes
            ),
            "the base's image goes through tanh": self.chained(base.tanh(), self.generators, planes),
            "the last detail is missing": [*right[:-1], lows[-1]],
        }
        return {text: _joined(images) for text, images in slips.items()}
