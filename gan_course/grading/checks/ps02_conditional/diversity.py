"""Hidden check of `diversity`: distances between images of one class, generated over real, averaged over classes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from gan_course.grading.checks import _tools
from gan_course.grading.checks._tools import Case, Seen, record

KERNEL_SIDE = _tools.KERNEL_SIDE
TOLERANCE = 1e-8
Rule = Callable[[Tensor, Tensor], Tensor]  # two batches of one class: a ratio

EDGES = {  # what the calls try, in their order -> what to think of when one comes out wrong
    "ordinary features": "check the steps on a class of three images by hand",
    "a class with one image, and classes that one side lacks": "a class counts if both sides have two images of it",
    "features far from the origin": (
        "|a|^2 + |b|^2 - 2 a.b loses the digits; subtract first (torch.cdist: compute_mode)"
    ),
    "images that occur more than once": "two images that agree are a pair too, with distance 0: leave out i = j only",
    "one feature, one class": "a feature tensor of shape (n, 1) is like any other",
}


def draw(rng: torch.Generator) -> Case:
    """One call (features, labels, real_features, real_labels) for each of EDGES."""
    d = int(torch.randint(3, 6, (1,), generator=rng))
    spread = torch.tensor([0.5, 1.0, 2.0], dtype=torch.float64) * _tools.uniform(rng, 0.9, 1.1, 3)
    # real classes have it in reverse order: some ratios are above 1, some below
    spread = spread if torch.rand(1, generator=rng) < 0.5 else spread.flip(0)
    far = torch.sign(torch.randn(d, generator=rng, dtype=torch.float64)) * _tools.uniform(rng, 8e3, 1e4, d)
    twice = _side(rng, {0: 5, 1: 4}, d)
    twice[0][twice[1] == 0] = twice[0][twice[1] == 0][:1]  # class 0 has collapsed to one image
    twice[0][torch.nonzero(twice[1])[:2, 0]] = twice[0][torch.nonzero(twice[1])[0]]
    near = _side(rng, {0: 30, 1: 28}, d, 0.02 * spread[:2]), _side(rng, {0: 29, 1: 31}, d, 0.04 * spread[1:])
    return {
        "calls": [
            [*_side(rng, {0: 4, 1: 7, 2: 5}, d, spread), *_side(rng, {0: 6, 1: 3, 2: 8}, d, spread.flip(0))],
            [
                *_side(rng, {-1: 4, 2: 1, 5: 3, 6: 3, 8: 2, 9: 2}, d),
                *_side(rng, {-1: 5, 2: 4, 5: 3, 6: 1, 7: 3, 9: 4}, d),
            ],
            [x for features, y in near for x in (features + far * (1 - 2 * y[:, None]), y)],  # far apart, too
            [*twice, *_side(rng, {0: 4, 1: 6}, d)],
            [*_side(rng, {3: 4}, 1), *_side(rng, {3: 5}, 1)],
        ]
    }


def _side(
    rng: torch.Generator, counts: dict[int, int], d: int, spread: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Features and labels, shuffled: so many images of each class, around a centre of its own, more or less spread."""
    labels = torch.tensor([label for label, n in counts.items() for _ in range(n)])
    row = torch.tensor([k for k, n in enumerate(counts.values()) for _ in range(n)])
    scale = torch.ones(len(counts), dtype=torch.float64) if spread is None else spread
    centres = 4 * scale[:, None] * torch.randn(len(counts), d, generator=rng, dtype=torch.float64)
    noise = torch.randn(len(labels), d, generator=rng, dtype=torch.float64)
    order = torch.randperm(len(labels), generator=rng)
    return (centres[row] + scale[row, None] * noise)[order], labels[order]


def observe(case: dict[str, Any], diversity: Callable[..., Any]) -> dict[str, Any]:
    """Call the answer on every pair of samples."""
    return record(case, diversity)


def judge(case: Case, seen: Seen) -> None:
    """The first two calls name mistakes; the others have their own edge."""
    found = _tools.results(case, seen)
    for k, (given, result, (edge, hint)) in enumerate(zip(case["calls"], found, EDGES.items(), strict=True)):
        ratio = _tools.number_of(result, f"the ratio for {edge}", hint)
        right = _mean_ratio(*given)
        text = f"the ratio for {edge} is {ratio:.10g}, expected {right:.10g}: {hint}"
        _tools.expect(ratio, right, partial(_slips, *given) if k < 2 else dict, text, TOLERANCE)


def _pairs(x: Tensor) -> Tensor:
    """The distances of all pairs i < j."""
    i, j = torch.triu_indices(len(x), len(x), 1)
    return (x[i] - x[j]).norm(dim=1)


def _ratio(x: Tensor, real: Tensor) -> Tensor:
    return _pairs(x).mean() / _pairs(real).mean()


def _groups(x: Tensor, labels: Tensor, real: Tensor, real_labels: Tensor) -> list[tuple[Tensor, Tensor]]:
    """The two batches of each class of which both sides have two images."""
    pairs = [(x[labels == c], real[real_labels == c]) for c in labels.unique()]
    return [(a, b) for a, b in pairs if min(len(a), len(b)) >= 2]


def _mean_ratio(x: Tensor, labels: Tensor, real: Tensor, real_labels: Tensor, rule: Rule = _ratio) -> Tensor:
    return torch.stack([rule(a, b) for a, b in _groups(x, labels, real, real_labels)]).mean()


def _all_pairs(x: Tensor) -> Tensor:
    return (x[:, None] - x).norm(dim=-1)


RULES: dict[str, Rule] = {
    "the distances are squared, or this is a ratio of variances, which is the same; take the Euclidean distance": (
        lambda a, b: _pairs(a).square().mean() / _pairs(b).square().mean()
    ),
    "each image is paired with itself as well: divide by the number of pairs i < j": (
        lambda a, b: _all_pairs(a).mean() / _all_pairs(b).mean()
    ),
    "the distances are summed; take their mean, since the two sides differ in size": (
        lambda a, b: _pairs(a).sum() / _pairs(b).sum()
    ),
    "the sum of distances is divided by the number of images, not of pairs": (
        lambda a, b: (_pairs(a).sum() / len(a)) / (_pairs(b).sum() / len(b))
    ),
    "the ratio is real over generated; generated over real was asked for": lambda a, b: 1 / _ratio(a, b),
    "this is the mean over the classes of the generated distances; divide by those of the real images": (
        lambda a, b: _pairs(a).mean() * torch.ones(())
    ),
    "this is the distance from generated to real images; pairs lie within one side": (
        lambda a, b: (a[:, None] - b).norm(dim=-1).mean() / _pairs(b).mean()
    ),
    "this is the mean distance from generated to real images": lambda a, b: (
        (a[:, None] - b).norm(dim=-1).mean()
    ),
    "these are distances to the mean of the class; distances of pairs were asked for": (
        lambda a, b: (a - a.mean(0)).norm(dim=1).mean() / (b - b.mean(0)).norm(dim=1).mean()
    ),
    "this is a ratio of standard deviations; mean distances of pairs were asked for": (
        lambda a, b: a.std(0).mean() / b.std(0).mean()
    ),
    "this is a median; take the mean of the distances": lambda a, b: _pairs(a).median() / _pairs(b).median(),
    "this is the nearest neighbour's distance; take the mean over all pairs": lambda a, b: (
        _nearest(a) / _nearest(b)
    ),
    "the distances are those of sums of absolute values (L1); take the Euclidean one": (
        lambda a, b: _city(a) / _city(b)
    ),
    "only images that follow each other are paired; all pairs i < j count": (
        lambda a, b: (a[1:] - a[:-1]).norm(dim=1).mean() / (b[1:] - b[:-1]).norm(dim=1).mean()
    ),
    "this is the difference of the two means; their ratio was asked for": (
        lambda a, b: _pairs(a).mean() - _pairs(b).mean()
    ),
    "the ratio is limited to 1; a generator may be more diverse than the data": lambda a, b: _ratio(
        a, b
    ).clamp(max=1),
    "the root mean square of the distances was taken; take their mean": (
        lambda a, b: (_pairs(a).square().mean() / _pairs(b).square().mean()).sqrt()
    ),
}


def _nearest(x: Tensor) -> Tensor:
    return (_all_pairs(x) + torch.diag(torch.full((len(x),), torch.inf, dtype=x.dtype))).min(1).values.mean()


def _city(x: Tensor) -> Tensor:
    i, j = torch.triu_indices(len(x), len(x), 1)
    return (x[i] - x[j]).abs().sum(1).mean()


def _slips(x: Tensor, labels: Tensor, real: Tensor, real_labels: Tensor) -> dict[str, Tensor]:
    """What known mistakes give, each in the mean over the classes that count."""
    given = (x, labels, real, real_labels)
    slips = {text: _mean_ratio(*given, rule) for text, rule in RULES.items()}
    groups = _groups(*given)
    means = torch.stack([torch.stack([_pairs(a).mean(), _pairs(b).mean()]) for a, b in groups])
    ratios = means[:, 0] / means[:, 1]
    pooled = (
        torch.cat([_pairs(a) for a, _ in groups]).mean() / torch.cat([_pairs(b) for _, b in groups]).mean()
    )
    weights = torch.tensor([float(len(a)) for a, _ in groups], dtype=torch.float64)
    real_weights = torch.tensor([float(len(b)) for _, b in groups], dtype=torch.float64)
    every = len(labels.unique())
    everywhere = len(torch.cat([labels, real_labels]).unique())
    slips |= {
        "pairs of different classes are counted; keep within one class": _ratio(x, real),
        "this is the ratio of the mean distances; the mean of the ratios was asked for, class by class": (
            means[:, 0].mean() / means[:, 1].mean()
        ),
        "the pairs of all classes were pooled before dividing; take the ratio class by class": pooled,
        "classes are weighed by their number of generated images; every class counts the same": (
            weights @ ratios / weights.sum()
        ),
        "classes are weighed by their number of real images; every class counts the same": (
            real_weights @ ratios / real_weights.sum()
        ),
        "the ratios are summed over the classes; take their mean": ratios.sum(),
        "this is the smallest ratio; take the mean over the classes": ratios.min(),
        "this is the median of the ratios; take their mean": ratios.median(),
        "this is the geometric mean of the ratios; take the arithmetic one": ratios.log().mean().exp(),
        "classes that do not count were averaged in as 0; leave them out": ratios.sum() / every,
        "classes that do not count were averaged in as 0; leave them out ": ratios.sum() / everywhere,
        "classes that do not count were averaged in as 1; leave them out": (
            (ratios.sum() + every - len(ratios)) / every
        ),
        "classes that do not count were averaged in as 1; leave them out ": (
            (ratios.sum() + everywhere - len(ratios)) / everywhere
        ),
    }
    return slips
