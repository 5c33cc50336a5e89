"""Checks of notebook 04: pooled features, arithmetic with concepts, a prediction about batch norm. Those of single
layers, of the initialisation and of the generator are in files of their own.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from gan_course.exercises.checking import Attempt, ToDo, Wrong, call, close, rows, scalar
from gan_course.exercises.nb04_generator import check_build_generator
from gan_course.exercises.nb04_init import check_dcgan_init
from gan_course.exercises.nb04_layers import check_doubling, check_transposed_convolution
from gan_course.training.seeding import generator

__all__ = [
    "check_batch_norm_prediction",
    "check_build_generator",
    "check_concept_arithmetic",
    "check_dcgan_init",
    "check_doubling",
    "check_pooled_features",
    "check_transposed_convolution",
]

# Pooled features --------------------------------------------------------------------------------------------


def check_pooled_features(answer: Attempt) -> None:
    """A grid of numbers in order, negative maps, several layers and images, the dimension of a network of the paper."""
    ordered = torch.arange(64.0).view(1, 1, 8, 8)
    _expect_features(answer, "one 8×8 map that counts from 0 to 63", [ordered])
    _expect_features(answer, "one 8×8 map that counts from -1 down to -64", [-1 - ordered])
    _expect_features(answer, "one 4×4 map", [ordered[..., 2:6, 1:5]])
    rng = generator(0)
    shapes = [(2, 3, 16, 16), (2, 5, 8, 8), (2, 2, 4, 4)]
    maps = [torch.randn(*shape, generator=rng) - 3 for shape in shapes]
    _expect_features(answer, "two images, maps of 16×16, 8×8 and 4×4 with 3, 5 and 2 channels", maps)
    oblong = [
        torch.randn(3, 2, 8, 20, generator=rng).double(),
        torch.randn(3, 1, 12, 4, generator=rng).double(),
    ]
    _expect_features(answer, "three images, maps of 8×20 and 12×4 in float64", oblong)
    layers = [torch.randn(1, c, side, side, generator=rng) for c, side in ((64, 16), (128, 8), (256, 4))]
    _expect_features(answer, "the paper's network with 64, 128 and 256 channels", layers)


def _expect_features(answer: Attempt, case: str, maps: list[Tensor]) -> None:
    given = [a.clone() for a in maps]
    result = answer(maps)
    if len(maps) != len(given) or not all(torch.equal(a, b) for a, b in zip(maps, given, strict=True)):
        raise Wrong("your function changes the list of maps or the maps in it: work on copies")
    n, total = len(given[0]), 16 * sum(a.shape[1] for a in given)
    if isinstance(result, Tensor) and tuple(result.shape) != (n, total):
        raise Wrong(
            f"{case}: shape {tuple(result.shape)}, expected {(n, total)}: 16 numbers per channel, all layers side by "
            "side, one row per image"
        )
    found = rows(result, (n, total))
    grids = [F.adaptive_max_pool2d(a, 4).double() for a in given]
    right = torch.cat([a.flatten(1) for a in grids], 1)
    if close(found, right):
        if result.dtype != given[0].dtype:
            raise Wrong(f"{case}: dtype {result.dtype}, expected {given[0].dtype} as in the maps")
        return
    slips = {
        "you took means: the maximum of each cell was asked": [F.adaptive_avg_pool2d(a, 4) for a in given],
        "you kept one pixel of each cell: take its maximum": [
            a[..., :: a.shape[2] // 4, :: a.shape[3] // 4] for a in given
        ],
        "you took minima": [-F.adaptive_max_pool2d(-a, 4) for a in given],
        "the maximum starts from 0: activations of a leaky ReLU can be negative all over a cell": [
            a.clamp(min=0) for a in grids
        ],
        "the cells are not blocks of neighbours: cell (i, j) covers rows i h/4 to (i + 1) h/4": [
            a.unflatten(2, (-1, 4)).unflatten(4, (-1, 4)).amax((2, 4)) for a in given
        ],
        "the channels run fastest: flatten (c, 4, 4) with the channel first": [
            a.movedim(1, 3) for a in grids
        ],
        "rows and columns of the grid are exchanged": [a.mT for a in grids],
        "the rows are scaled to length 1: the features themselves were asked": [
            F.normalize(right, dim=1).view(n, total)
        ],
    }
    for slip, parts in slips.items():
        if close(found, torch.cat([a.double().flatten(1) for a in parts], 1)):
            raise Wrong(f"{case}: {slip}")
    if close(found, torch.cat([a.flatten(1) for a in reversed(grids)], 1)):
        raise Wrong(f"{case}: the layers come in the order of the list, you have them backwards")
    if close(found.sort(1).values, right.sort(1).values):
        raise Wrong(
            f"{case}: the right numbers in another order: layer, then channel, row and column of the grid"
        )
    raise Wrong(f"{case}: an entry is off by {(found - right).abs().max():.3g}")


# Arithmetic with concepts -----------------------------------------------------------------------------------

# Twelve rows: glasses alone 3 times, neither 4 times, long hair alone 3 times, both twice.
GLASSES = torch.tensor([1, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0]).bool()
LONG = torch.tensor([1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0]).bool()


def check_concept_arithmetic(answer: Attempt) -> None:
    """Powers of five, in which every sum shows its terms; k = 1, 2, 3; too few exemplars; wider latents."""
    z = torch.tensor([5.0**i for i in range(12)], dtype=torch.float64)[:, None] * torch.tensor([[1.0, -3.0]])
    for k in (1, 2, 3):
        _expect_concept(answer, z, GLASSES, LONG, k)
    wide = torch.randn(12, 50, generator=generator(0))
    _expect_concept(answer, wide, GLASSES, LONG, 3)
    _expect_concept(answer, wide, LONG, GLASSES, 2)
    groups = {
        "glasses and short hair": (True, False),
        "neither": (False, False),
        "long hair alone": (False, True),
    }
    for concept, (glasses, long_hair) in groups.items():
        group = (glasses == GLASSES) & (long_hair == LONG)
        keep = ~group | (group.cumsum(0) <= 2)
        _expect_refusal(
            answer, wide[keep], GLASSES[keep], LONG[keep], f"2 exemplars with {concept} and k = 3", 3
        )
        _expect_concept(answer, wide[keep], GLASSES[keep], LONG[keep], 2)
        _expect_refusal(
            answer, wide[~group], GLASSES[~group], LONG[~group], f"no exemplar with {concept} and k = 1", 1
        )


def _expect_concept(answer: Attempt, z: Tensor, glasses: Tensor, long_hair: Tensor, k: int) -> None:
    result = call(answer, z, glasses, long_hair, k)
    found = rows(result, (z.shape[1],))
    a, b, c = (z[has].double() for has in (glasses & ~long_hair, ~glasses & ~long_hair, ~glasses & long_hair))

    def mix(x: Tensor, y: Tensor, w: Tensor) -> Tensor:
        return x[:k].mean(0) - y[:k].mean(0) + w[:k].mean(0)

    right = mix(a, b, c)
    if close(found, right, 1e-5):
        if result.dtype != z.dtype:
            raise Wrong(f"the result has dtype {result.dtype}, expected {z.dtype} as in z")
        return
    both, bare, short = z[glasses & long_hair].double(), z[~glasses].double(), z[~long_hair].double()
    every, long_all = z[glasses].double(), z[long_hair].double()
    slips = {
        "the signs are wrong: neither is taken away, the two others are added": [
            -right,
            mix(a, b, -c),
            mix(-a, -b, c),
            mix(a, -b, -c),
            mix(a, -b, c),
            mix(-a, b, c),
            mix(-a, b, -c),
        ],
        "you returned sums over exemplars: take means": [k * right],
        "the whole is divided by three: a mean for each concept, then minus and plus": [right / 3],
        "every exemplar is used: only the first k of each concept": [a.mean(0) - b.mean(0) + c.mean(0)],
        "only one exemplar of each concept is used: the mean of the first k": [a[0] - b[0] + c[0]],
        "you took the last k exemplars: the first k rows": [mix(a.flip(0), b.flip(0), c.flip(0))],
        "exemplars with both attributes slipped in: glasses means glasses and short hair, long hair no glasses": [
            mix(every, b, c),
            mix(a, b, long_all),
            mix(every, b, long_all),
            mix(every, bare, long_all),
            mix(every, short, long_all),
            mix(a, b, both),
            mix(both, b, c),
        ],
        "`neither` must have short hair and no glasses": [
            mix(a, bare, c),
            mix(a, short, c),
            mix(every, bare, c),
        ],
        "that starts from another concept: glasses - neither + long hair": [mix(both, a, b), mix(both, c, b)],
    }
    for slip, values in slips.items():
        if any(value.shape == found.shape and close(found, value, 1e-5) for value in values):
            raise Wrong(f"k = {k}: {slip}")
    raise Wrong(
        f"k = {k}: you returned {found[:2].tolist()} (first two entries), expected {right[:2].tolist()}: mean of the "
        "first k rows of each concept, glasses - neither + long hair"
    )


def _expect_refusal(
    answer: Attempt, z: Tensor, glasses: Tensor, long_hair: Tensor, case: str, k: int
) -> None:
    try:
        answer(z, glasses, long_hair, k)
    except ValueError:
        return
    except ToDo:
        raise Wrong(f"{case}: you returned nothing; raise ValueError") from None
    except Exception as error:
        raise Wrong(f"{case}: raise ValueError, not {type(error).__name__}") from None
    raise Wrong(f"{case}: raise ValueError instead of a mean over fewer")


# The prediction ---------------------------------------------------------------------------------------------

NUMBERS = {
    "separate": (
        0.0,
        "in training mode batch norm takes off the mean of its own batch",
        {"that is the mean before batch norm": 4.0, "that is the answer for both together": 0.8},
    ),
    "mixed": (
        0.8,
        "the four values together have mean 0 and mean square 25: 1 and 7 become 0.2 and 1.4",
        {
            "that is the answer for the real batch alone": 0.0,
            "that is the mean before batch norm": 4.0,
            "divide by the standard deviation 5, not by the variance 25": 4 / 25,
            "divide by the standard deviation of all four values (5), not of the real ones (3)": 4 / 3,
            "the real values are the positive ones": -0.8,
            "batch norm normalises with the variance over n, not over n - 1": 4 / math.sqrt(100 / 3),
        },
    ),
    "scaled": (
        1.0,
        "the mean and the standard deviation grow with the inputs, so the ratio stays",
        {
            "the output is divided by the batch's own standard deviation, which grows as well": 10.0,
            "divided once, not twice": 0.1,
            "the standard deviation grows by 10, not by its root": math.sqrt(10),
        },
    ),
    "running_mean": (
        0.4,
        "torch's momentum 0.1 is the weight of the new value: 0.9 · 0 + 0.1 · 4",
        {
            "that is with momentum 0.9 on the new value": 3.6,
            "that is the batch mean itself; one batch only moves the running mean part of the way": 4.0,
            "training mode does move the running mean": 0.0,
        },
    ),
}


def check_batch_norm_prediction(answer: Attempt) -> None:
    """Numbers in order of the statement, then the choice."""
    guess = answer.value
    if not isinstance(guess, dict) or set(guess) != {*NUMBERS, "depends"}:
        raise Wrong(f"fill in the dictionary with the keys {', '.join([*NUMBERS, 'depends'])}")
    if any(value is ... or value is None for value in guess.values()):
        raise Wrong("one prediction is still missing")
    for key, (right, why, slips) in NUMBERS.items():
        _check_number(key, guess[key], right, why, slips)
    if guess["depends"] not in ("train", "eval", "both", "neither"):
        raise Wrong(f'"depends" is {guess["depends"]!r}: choose "train", "eval", "both" or "neither"')
    if guess["depends"] != "train":
        raise Wrong(
            f'"depends" is not {guess["depends"]!r}: training mode uses the statistics of the batch at hand, eval mode '
            "the stored running statistics"
        )


def _check_number(key: str, value: Any, right: float, why: str, slips: dict[str, float]) -> None:
    got = scalar(value)
    if math.isclose(got, right, abs_tol=0.01):
        return
    slip = next((slip for slip, number in slips.items() if math.isclose(got, number, abs_tol=0.011)), None)
    raise Wrong(f'"{key}" is not {got:g}' + (f": {slip}" if slip else "") + f". Think again: {why}")
