"""G's non-saturating loss from logits: values, gradients, logits at ±100."""

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
    """Fake logits."""
    return {"rounds": drawn_batches(rng, 1)}


def observe(case: dict[str, Any], generator_loss: Callable[..., Any]) -> dict[str, Any]:
    """The loss and its gradient in every round."""
    return {"rounds": [tried(generator_loss, asked["batches"]) for asked in case["rounds"]]}


def judge(case: dict[str, Any], seen: dict[str, Any]) -> None:
    """Raise Wrong with the mistake that the loss looks like."""
    judge_loss(case, seen, _right, SLIPS)


def _right(fake: Tensor) -> Tensor:
    return softplus(-fake).mean()  # -log D(G(z)) = softplus(-a) for a logit a


SLIPS: dict[str, Loss] = {
    "this is the saturating loss, log(1 - D(G(z))); -log D(G(z)) was asked": lambda f: -softplus(f).mean(),
    "the sign is wrong: G minimises -log D(G(z)), a positive number": lambda f: -_right(f),
    "it rewards G for being caught: in G's loss the target of a fake is 1": lambda f: softplus(f).mean(),
    "a sum over the batch: take the mean": lambda f: softplus(-f).sum(),
    "half of what was asked": lambda f: _right(f) / 2,
    "the sigmoid is applied twice: a loss *with logits* takes logits": lambda f: _right(f.sigmoid()),
    "the label is smoothed; the task uses 1": lambda f: (0.9 * softplus(-f) + 0.1 * softplus(f)).mean(),
    "the mean is taken before the logarithm: -log D first, for each fake": lambda f: (
        -f.sigmoid().mean().log()
    ),
    "the mean of the logits is taken first: -log D for each fake, then the mean": lambda f: softplus(
        -f.mean()
    ),
    "only the first fake is used": lambda f: _right(f[:1]),
    "it is in bits: use the natural logarithm": lambda f: _right(f) / math.log(2),
    "this is 1 - D(G(z)), without the logarithm": lambda f: (1 - f.sigmoid()).mean(),
    "this is the hinge loss of G, the mean of -a; -log D(G(z)) was asked": lambda f: -f.mean(),
    "this is the least-squares loss; -log D(G(z)) was asked": lambda f: ((f - 1) ** 2).mean(),
}
