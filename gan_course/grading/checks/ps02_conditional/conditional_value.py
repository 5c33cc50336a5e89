"""Hidden check of `conditional_value`: the best D(x, y) of a conditional GAN, its value, and the value without labels.

For each label D*(x, y) = p(x|y) / (p(x|y) + g(x|y)), and V(D*) = -2 log 2 + 2 sum_y p(y) JS(p(.|y), g(.|y)):
Proposition 1 and Theorem 1 of Goodfellow et al. 2014, label by label, for equation 2 of Mirza & Osindero 2014.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from gan_course.grading.checks import _tools
from gan_course.grading.checks._tools import Case, Seen, record

KERNEL_SIDE = _tools.KERNEL_SIDE
TOLERANCE = 1e-8
NAMES = "D_star, value, value_blind"


def draw(rng: torch.Generator) -> Case:
    """Calls (prior, p, g): laws without zeros; atoms that one or both lack; thin atoms; labels exchanged; one label."""
    m = int(torch.randint(5, 8, (1,), generator=rng))
    p, g = _tools.law(rng, 2, 3, m)
    swapped = _tools.law(rng, 3, 3)
    return {
        "calls": [
            [_prior(rng, 3), p, g],
            [_prior(rng, 4), *_with_gaps(rng, 4)],
            [_prior(rng, 2), *_thin(rng)],
            [torch.full((3,), 1 / 3, dtype=torch.float64), swapped, swapped.roll(1, 0)],
            [torch.ones(1, dtype=torch.float64), *_tools.law(rng, 2, 1, 4)],
        ]
    }


def _prior(rng: torch.Generator, classes: int) -> Tensor:
    """A law of the labels that is far from uniform."""
    spread = torch.linspace(0, 1.8, classes, dtype=torch.float64)[torch.randperm(classes, generator=rng)]
    return torch.softmax(spread + _tools.uniform(rng, 0, 0.2, classes), 0)


def _with_gaps(rng: torch.Generator, classes: int) -> tuple[Tensor, Tensor]:
    """Laws on seven atoms: under each label two lack p and two lack g, one of them both; no label has the last one."""
    p, g = _tools.law(rng, 2, classes, 6)
    for y in range(classes):
        places = torch.randperm(6, generator=rng)
        p[y, places[:2]], g[y, places[1:3]] = 0.0, 0.0
    p, g = (F.pad(law, (0, 1)) for law in (p, g))
    return p / p.sum(-1, keepdim=True), g / g.sum(-1, keepdim=True)


def _thin(rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Two labels, five atoms: one hardly ever occurs in p, one in g, one in both, and there D* is still a ratio."""
    p, g = _tools.law(rng, 2, 2, 5)
    tiny = 10 ** _tools.uniform(rng, -29, -26, 2)
    p[:, 0], g[:, 1] = tiny[0], tiny[1]
    p[:, 2] = tiny[0] * _tools.uniform(rng, 1, 2, 2)
    g[:, 2] = tiny[0] * _tools.uniform(rng, 3, 9, 2)
    return p / p.sum(-1, keepdim=True), g / g.sum(-1, keepdim=True)


def observe(case: dict[str, Any], conditional_value: Callable[..., Any]) -> dict[str, Any]:
    """Call the answer on every world."""
    return record(case, conditional_value)


def judge(case: Case, seen: Seen) -> None:
    """The first call, laws without zeros, names mistakes; each later one has its own edge."""
    edges = (
        "",
        "with atoms that one or both lack",
        "with thin atoms",
        "with labels exchanged",
        "with one label",
    )
    hint = "0 log 0 is 0 and 0 / 0 is to be 1/2; log(1 - D*) is log g - log(p + g), also where D* rounds to 1"
    found = _tools.results(case, seen)
    for (prior, p, g), result, edge in zip(case["calls"], found, edges, strict=True):
        world = f"for {p.shape[0]} labels and {p.shape[1]} atoms {edge}".rstrip()
        d, value, blind = _tools.parts_of(result, NAMES, 3)
        d = _tools.tensor_of(d, tuple(p.shape), f"D_star {world}", hint, "A row for each label")
        right = best(p, g)
        row, column = divmod(int((d - right).abs().argmax()), p.shape[1])
        text = f"D_star {world} is {d[row, column]:.10g} where it should be {right[row, column]:.10g}: "
        text += "1/2 where neither law has mass, 1 or 0 where one of them has none, a ratio elsewhere"
        _tools.expect(d, right, partial(_slips_of_d, prior, p, g), text, TOLERANCE)
        for name, number, expected, slips in (
            ("value", value, conditional(prior, p, g), _slips_of_the_value),
            ("value_blind", blind, without_labels(prior, p, g), _slips_of_the_blind_value),
        ):
            number = _tools.number_of(number, f"{name} {world}", hint)
            text = f"{name} {world} is {number:.10g}, expected {expected:.10g}"
            _tools.expect(number, expected, partial(slips, prior, p, g), text, TOLERANCE)


def best(p: Tensor, g: Tensor) -> Tensor:
    """p / (p + g), and 1/2 where both are zero."""
    return torch.where(p + g > 0, p / (p + g), 0.5)


def values(p: Tensor, g: Tensor) -> Tensor:
    """V at D* for each pair of laws: sum of p log p + g log g - (p + g) log(p + g)."""
    return (torch.xlogy(p, p) + torch.xlogy(g, g) - torch.xlogy(p + g, p + g)).sum(-1)


def conditional(prior: Tensor, p: Tensor, g: Tensor) -> Tensor:
    """The expectation of V at D*(., y) over the labels."""
    return prior @ values(p, g)


def without_labels(prior: Tensor, p: Tensor, g: Tensor) -> Tensor:
    """V at D* between the two mixtures, which is all that a D without labels can tell apart."""
    return values(prior @ p, prior @ g)


def _value_at(prior: Tensor, p: Tensor, g: Tensor, d: Tensor) -> Tensor:
    return prior @ (torch.xlogy(p, d) + torch.xlogy(g, 1 - d)).sum(-1)


def _slips_of_d(prior: Tensor, p: Tensor, g: Tensor) -> dict[str, Tensor]:
    right, each = best(p, g), prior[:, None]
    mixtures = best(prior @ p, prior @ g).expand_as(p)
    return {
        "D_star is the probability of *fake*: p and g are exchanged": 1 - right,
        "D_star is the ratio p / g; divide by the sum of both": p / g,
        "D_star is the logit, log(p / g); a probability was asked for": (p / g).log(),
        "D_star is the same for all labels: it divides the mixtures, but this D sees y": mixtures,
        "D_star is p(y|x), which label a real x has; the question is real or fake": each * p / (prior @ p),
        "D_star compares p(x, y) with g(x|y): both carry p(y), which cancels": best(each * p, g),
        "D_star compares p(x|y) with the mixture of g over all labels": best(p, prior @ g),
        "D_star compares the mixture of p over all labels with g(x|y)": best((prior @ p).expand_as(g), g),
        "D_star is the mixture (p + g) / 2, not a discriminator": (p + g) / 2,
        "D_star decides for one side; it is a degree of belief, p / (p + g)": (p > g).double(),
        "D_star is 0 where neither law has mass; it is to be 1/2 there": torch.where(p + g > 0, right, 0.0),
        "D_star is 1 where neither law has mass; it is to be 1/2 there": torch.where(p + g > 0, right, 1.0),
    } | {
        f"thin atoms are lost beside a constant, or a threshold, of about {eps:g}: treat zeros exactly": slip
        for eps in (1e-6, 1e-8, 1e-10, 1e-12, 1e-15, 1e-16, 1e-20)
        for slip in ((p + eps) / (p + g + 2 * eps),)
    }


def _slips_of_one_value(right: Tensor) -> dict[str, Tensor]:
    """What goes wrong with -2 log 2 + 2 JS, whatever the laws."""
    js = right / 2 + math.log(2)
    return {
        "has the wrong sign: it is the value that D maximises, at most 0": -right,
        "is JS alone: V(D*) = -2 log 2 + 2 JS": js,
        "is 2 JS: the -2 log 2 is missing": 2 * js,
        "has JS once: V(D*) = -2 log 2 + 2 JS": js - 2 * math.log(2),
        "has -log 2 in place of -2 log 2": 2 * js - math.log(2),
        "has +2 log 2 in place of -2 log 2": 2 * js + 2 * math.log(2),
        "is half of V(D*): V adds the two expectations, real and fake": right / 2,
        "is in bits; use the natural logarithm": right / math.log(2),
        "is always -2 log 2; that is the value where p(x|y) = g(x|y)": torch.full_like(
            right, -2 * math.log(2)
        ),
    }


def _slips_of_the_value(prior: Tensor, p: Tensor, g: Tensor) -> dict[str, Tensor]:
    right, each = conditional(prior, p, g), values(p, g)
    js = each / 2 + math.log(2)
    blind = without_labels(prior, p, g)
    d = best(p, g)
    swapped = _value_at(prior, g, p, d)
    non_saturating = prior @ (torch.xlogy(p, d) - torch.xlogy(g, d)).sum(-1)
    mixed = prior @ (_kl(p, g) + _kl(g, p)) - 2 * math.log(2)
    slips = {
        "is the mean over the labels; weigh each label by p(y)": each.mean(),
        "is a sum over the labels; weigh each label by p(y)": each.sum(),
        "is the mean over the labels and the atoms; V is an expectation": (each / p.shape[1]).mean(),
        "is value_blind: the two values are exchanged, or D was given no label": blind,
        "has -2 log 2 once for each label; the p(y) add up to 1": 2 * prior @ js
        - 2 * len(prior) * math.log(2),
        "weighs the two terms by p(y) twice": prior.square() @ each,
        "is V with p and g exchanged": swapped,
        "pays the fakes by -log D, the loss of G; V has log(1 - D) there": non_saturating,
        "lacks the real half": prior @ torch.xlogy(g, 1 - d).sum(-1),
        "lacks the fake half": prior @ torch.xlogy(p, d).sum(-1),
        "has KL(p || g) in place of JS": 2 * prior @ _kl(p, g) - 2 * math.log(2),
        "has the mean of KL(p || g) and KL(g || p) in place of JS": mixed,
    }
    return {f"value {text}": slip for text, slip in (slips | _slips_of_one_value(right)).items()}


def _slips_of_the_blind_value(prior: Tensor, p: Tensor, g: Tensor) -> dict[str, Tensor]:
    even = torch.full_like(prior, 1 / len(prior))
    d = prior @ best(p, g)
    slips = {
        "is the value of a D that sees y": conditional(prior, p, g),
        "mixes all labels evenly; the mixtures weigh them by p(y)": without_labels(even, p, g),
        "sums the laws of the labels; the mixtures weigh them by p(y)": values(p.sum(0), g.sum(0)),
        "is the value of the mean of D*(x, y) over the labels; a D without labels can do better: it is p / (p + g) of "
        "the mixtures": _value_at(prior, p, g, d.expand_as(p)),
        "is the value of the unweighted mean of D*(x, y) over the labels; find the best D of the mixtures": (
            _value_at(prior, p, g, best(p, g).mean(0).expand_as(p))
        ),
        "is what not seeing y costs, value - value_blind": conditional(prior, p, g)
        - without_labels(prior, p, g),
    }
    right = without_labels(prior, p, g)
    return {f"value_blind {text}": slip for text, slip in (slips | _slips_of_one_value(right)).items()}


def _kl(p: Tensor, q: Tensor) -> Tensor:
    return (torch.xlogy(p, p) - torch.xlogy(p, q)).sum(-1)
