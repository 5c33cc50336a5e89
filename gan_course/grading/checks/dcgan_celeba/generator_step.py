"""One update of G on fresh fakes: the gradient runs through D, and D stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan_course.grading.checks.dcgan_celeba import steps, table
from gan_course.grading.checks.dcgan_celeba.table import drawn_case, given_loss, played_case

KERNEL_SIDE = table.KERNEL_SIDE


def draw(rng: torch.Generator) -> dict[str, Any]:
    """See `table.drawn_case`."""
    return drawn_case(rng, "G")


def observe(case: dict[str, Any], generator_step: Callable[..., Any]) -> dict[str, Any]:
    """One step on every table, three for the noise."""
    return played_case(case, generator_step)


def judge(case: dict[str, Any], seen: dict[str, Any]) -> None:
    """Raise Wrong with the mistake that the step looks like."""
    for run, done in zip(case["runs"], seen["runs"], strict=True):
        _judge_run(run, done)
    steps.check_freshness(case["noise"], seen["noise"])


def _judge_run(run: dict[str, Any], seen: dict[str, Any]) -> None:
    steps.check_returned_kind(run, seen)
    steps.check_unmoved(run, seen, "D", "G")
    (z,) = steps.check_noise(run, seen["z"])
    steps.check_modes(run, seen)
    right, slips, others = _plays(run, z)
    play = steps.judge_update(run, seen, [right], slips)
    steps.check_logits(run, seen)
    steps.check_returned(run, seen, play, others)
    steps.check_called_once(seen)


def _plays(run: dict[str, Any], z: Tensor) -> tuple[steps.Play, dict[str, steps.Play], dict[str, steps.Play]]:
    """The right step; known mistakes in the update; known mistakes in the number returned."""
    loss, n = given_loss(run["loss"]), len(z)

    def right(G: nn.Module, D: nn.Module) -> Tensor:
        return loss(D(G(z)))

    def non_saturating(G: nn.Module, D: nn.Module) -> Tensor:
        return F.softplus(-D(G(z))).mean()

    def saturating(G: nn.Module, D: nn.Module) -> Tensor:
        return -F.softplus(D(G(z))).mean()

    unused = "the loss that was given is not the one used: call loss(fake_logits)"
    slips: dict[str, steps.Play] = {
        unused: non_saturating,
        f"{unused}; this is the saturating loss": saturating,
        "the logits have the wrong sign: loss(fake_logits)": lambda G, D: loss(-D(G(z))),
        "a sigmoid comes before the loss, which takes logits": lambda G, D: loss(D(G(z)).sigmoid()),
        "only the first fake is used": lambda G, D: loss(D(G(z))[:1]),
        "D was in eval mode": lambda G, D: loss(D.eval()(G(z))),
        "G was in eval mode": lambda G, D: loss(D(G.eval()(z))),
    }
    others: dict[str, steps.Play] = {
        "minus the loss": lambda G, D: -right(G, D),
        "the sum over the batch": lambda G, D: n * right(G, D),
        "another loss, -log D(G(z))": non_saturating,
        "another loss, log(1 - D(G(z)))": saturating,
    }
    return right, slips, others
