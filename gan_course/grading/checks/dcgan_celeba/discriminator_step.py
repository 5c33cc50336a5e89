"""One update of D on real pictures and fresh fakes: what moves, which gradients arrive where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan_course.exercises.checking import Wrong
from gan_course.grading.checks.dcgan_celeba import steps, table
from gan_course.grading.checks.dcgan_celeba.table import drawn_case, given_loss, played_case
from gan_course.grading.checks.dcgan_celeba.tiny import same, untouched

KERNEL_SIDE = table.KERNEL_SIDE


def draw(rng: torch.Generator) -> dict[str, Any]:
    """See `table.drawn_case`."""
    return drawn_case(rng, "D")


def observe(case: dict[str, Any], discriminator_step: Callable[..., Any]) -> dict[str, Any]:
    """One step on every table, three for the noise."""
    return played_case(case, discriminator_step)


def judge(case: dict[str, Any], seen: dict[str, Any]) -> None:
    """Raise Wrong with the mistake that the step looks like."""
    for run, done in zip(case["runs"], seen["runs"], strict=True):
        _judge_run(run, done)
    steps.check_freshness(case["noise"], seen["noise"])


def _judge_run(run: dict[str, Any], seen: dict[str, Any]) -> None:
    steps.check_returned_kind(run, seen)
    if not same(seen["x_real"], run["x_real"]):
        raise Wrong("your step changes x_real: the batch is not yours to edit")
    steps.check_unmoved(run, seen, "G", "D")
    (z,) = steps.check_noise(run, seen["z"])
    _check_gradients_of_G(run, seen)
    steps.check_modes(run, seen)
    rights, slips, others = _plays(run, z)
    play = steps.judge_update(run, seen, rights, slips)
    steps.check_logits(run, seen)
    steps.check_returned(run, seen, play, others)
    steps.check_called_once(seen)


def _check_gradients_of_G(run: dict[str, Any], seen: dict[str, Any]) -> None:
    planted = run["G"]["grads"] or dict.fromkeys(run["G"]["flags"])
    found = seen["G"]["grads"]
    if untouched(found, planted):
        return
    if run["G"]["grads"] and all(g is None or not g.any() for g in found.values()):
        raise Wrong(
            "your step clears G's gradients: in D's step leave G as it is; opt_D.zero_grad() clears D's"
        )
    raise Wrong("in D's step gradients arrived in G: cut the graph between G and D, x_fake = G(z).detach()")


def _plays(
    run: dict[str, Any], z: Tensor
) -> tuple[list[steps.Play], dict[str, steps.Play], dict[str, steps.Play]]:
    """The right forms of the step; known mistakes in the update; known mistakes in the number returned."""
    x, loss, n = run["x_real"], given_loss(run["loss"]), len(run["x_real"])

    def fakes(G: nn.Module) -> Tensor:
        return G(z).detach()

    def two_passes(G: nn.Module, D: nn.Module) -> Tensor:
        return loss(D(x), D(fakes(G)))

    def one_pass(G: nn.Module, D: nn.Module) -> Tensor:
        real, fake = D(torch.cat([x, fakes(G)])).split(n)
        return loss(real, fake)

    def cross_entropy(G: nn.Module, D: nn.Module) -> Tensor:
        return F.softplus(-D(x)).mean() + F.softplus(D(fakes(G))).mean()

    slips: dict[str, steps.Play] = {
        "only the real half trains D; is `detach` (or no_grad) applied to D's *output* on fakes?": lambda G, D: (
            loss(D(x), D(fakes(G)).detach())
        ),
        "only the fake half trains D; is D's output on x_real detached, or under no_grad?": lambda G, D: loss(
            D(x).detach(), D(fakes(G))
        ),
        "the arguments of the loss are exchanged: loss(real_logits, fake_logits)": lambda G, D: loss(
            D(fakes(G)), D(x)
        ),
        "the arguments of the loss are exchanged, in one pass: loss(real_logits, fake_logits)": lambda G, D: (
            loss(*reversed(D(torch.cat([x, fakes(G)])).split(n)))
        ),
        "the loss that was given is not the one used: call loss(real_logits, fake_logits)": cross_entropy,
        "real pictures take the place of the fakes": lambda G, D: loss(D(x), D(x)),
        "fakes take the place of the real pictures": lambda G, D: loss(D(fakes(G)), D(fakes(G))),
        "a sigmoid comes before the loss, which takes logits": lambda G, D: loss(
            D(x).sigmoid(), D(fakes(G)).sigmoid()
        ),
        "only the first real picture is used": lambda G, D: loss(D(x[:1]), D(fakes(G))),
        "only the first fake is used": lambda G, D: loss(D(x), D(fakes(G)[:1])),
        "D was in eval mode": lambda G, D: loss(D.eval()(x), D(fakes(G))),
        "G was in eval mode": lambda G, D: loss(D(x), D(fakes(G.eval()))),
    }
    real_half, fake_half = (given_loss(run["loss"] | {gone: 0.0}) for gone in ("b", "a"))
    nobody = torch.zeros(1, 1)
    others: dict[str, steps.Play] = {
        "the half on real pictures": lambda G, D: real_half(D(x), nobody),
        "the half on fakes": lambda G, D: fake_half(nobody, D(fakes(G))),
        "minus the loss": lambda G, D: -two_passes(G, D),
        "the sum over the batch": lambda G, D: n * two_passes(G, D),
        "another loss, -log D(x) - log(1 - D(G(z)))": cross_entropy,
    }
    return [two_passes, one_pass], slips, others
