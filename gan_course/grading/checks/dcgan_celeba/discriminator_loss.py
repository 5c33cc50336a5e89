"""D's loss from logits: values, gradients, batches of different size, logits at ±100."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import softplus

from gan_course.grading.checks.dcgan_celeba.losses import KERNEL_SIDE as KERNEL_SIDE
from gan_course.grading.checks.dcgan_celeba.losses import Loss, drawn_batches, judge_loss, tried


def draw(rng: torch.Generator) -> dict[str, Any]:
    """Real and fake logits, of different number where they are ordinary."""
    return {"rounds": drawn_batches(rng, 2)}


def observe(case: dict[str, Any], discriminator_loss: Callable[..., Any]) -> dict[str, Any]:
    """The loss and its gradients in every round."""
    return {"rounds": [tried(discriminator_loss, asked["batches"]) for asked in case["rounds"]]}


def judge(case: dict[str, Any], seen: dict[str, Any]) -> None:
    """Raise Wrong with the mistake that the loss looks like."""
    judge_loss(case, seen, _right, SLIPS)


def _right(real: Tensor, fake: Tensor) -> Tensor:
    # -log D(x) = softplus(-a), -log(1 - D(G(z))) = softplus(a) for a logit a
    return softplus(-real).mean() + softplus(fake).mean()


def _smooth(real: Tensor, keep: float) -> Tensor:
    return (keep * softplus(-real) + (1 - keep) * softplus(real)).mean()


SLIPS: dict[str, Loss] = {
    "the sign is wrong: D minimises -log D(x) - log(1 - D(G(z))), a positive number": lambda r, f: (
        -_right(r, f)
    ),
    "real and fake are exchanged: D's target is 1 for real and 0 for fake": lambda r, f: _right(f, r),
    "half of what was asked: the two means are added, not averaged": lambda r, f: _right(r, f) / 2,
    "a sum over the batch: take the mean of each half": lambda r, f: softplus(-r).sum() + softplus(f).sum(),
    "one mean over both batches together: each half is the mean over its own batch": lambda r, f: torch.cat(
        [softplus(-r), softplus(f)]
    ).mean(),
    "twice one mean over both batches together: each half is the mean over its own batch": lambda r, f: (
        2 * torch.cat([softplus(-r), softplus(f)]).mean()
    ),
    "each half must be divided by its own number of logits, not by that of the real ones": lambda r, f: (
        softplus(-r).mean() + softplus(f).sum() / len(r)
    ),
    "each half must be divided by its own number of logits, not by that of the fakes": lambda r, f: (
        softplus(-r).sum() / len(f) + softplus(f).mean()
    ),
    "the half on fakes is missing": lambda r, f: softplus(-r).mean(),
    "the half on real pictures is missing": lambda r, f: softplus(f).mean(),
    "the fakes have the target 1 here: their target in D's loss is 0": lambda r, f: (
        softplus(-r).mean() + softplus(-f).mean()
    ),
    "the real pictures have the target 0 here: their target is 1": lambda r, f: (
        softplus(r).mean() + softplus(f).mean()
    ),
    "the sigmoid is applied twice: a loss *with logits* takes logits": lambda r, f: _right(
        r.sigmoid(), f.sigmoid()
    ),
    "the real labels are smoothed; the task uses 1": lambda r, f: _smooth(r, 0.9) + softplus(f).mean(),
    "both labels are smoothed; the task uses 1 and 0": lambda r, f: _smooth(r, 0.9) + _smooth(-f, 0.9),
    "it is in bits: use the natural logarithm": lambda r, f: _right(r, f) / math.log(2),
    "the sign of the half on fakes is wrong: add -log(1 - D(G(z)))": lambda r, f: (
        softplus(-r).mean() - softplus(f).mean()
    ),
    "this is the hinge loss; binary cross-entropy was asked": lambda r, f: (
        torch.relu(1 - r).mean() + torch.relu(1 + f).mean()
    ),
    "this is the least-squares loss; binary cross-entropy was asked": lambda r, f: (
        ((r - 1) ** 2).mean() + (f**2).mean()
    ),
    "this is the Wasserstein loss; binary cross-entropy was asked": lambda r, f: f.mean() - r.mean(),
}
