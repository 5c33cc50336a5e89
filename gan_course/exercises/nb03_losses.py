"""Checks of the losses of notebook 03 and of the forecast of their gradients."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import softplus

from gan_course.exercises.checking import Attempt, Wrong

# Losses -----------------------------------------------------------------------------------------------------


def check_gan_losses(answer: Attempt) -> None:
    """Values, gradients, extreme logits, unequal batches."""
    real = torch.tensor([[2.0], [0.5], [-1.0]], dtype=torch.float64, requires_grad=True)
    fake = torch.tensor([[-1.0], [1.5], [0.0]], dtype=torch.float64, requires_grad=True)
    d_loss, g_loss = _two_losses(answer(real, fake))
    for name, loss in (("D", d_loss), ("G", g_loss)):
        if not loss.requires_grad:
            raise Wrong(
                f"the loss of {name} carries no gradient: return tensors, without .item() or detach()"
            )
    _name_d_mistake(d_loss.item(), g_loss.item(), real.detach(), fake.detach())
    _name_g_mistake(g_loss.item(), fake.detach())
    _check_loss_gradients(answer)
    for scale in (100.0, 200.0):
        _check_extreme_logits(answer, scale)
    uneven = torch.tensor([0.3]), torch.tensor([-2.0, 1.0, 4.0, 0.5, -0.5])
    expected = (softplus(-uneven[0]).mean() + softplus(uneven[1]).mean()).item()
    got = _two_losses(answer(*uneven))[0].item()
    if not math.isclose(got, expected, rel_tol=1e-5):
        raise Wrong(
            f"one real and five fake logits of shape (1,) and (5,): D's loss is {got:.4f}, expected {expected:.4f}. "
            "Each half is the mean over its own batch, whatever its size or shape"
        )
    maps = torch.linspace(-2, 2, 6).view(2, 3), torch.linspace(-1, 3, 4).view(1, 4)
    expected = (softplus(-maps[0]).mean() + softplus(maps[1]).mean()).item()
    if not math.isclose(_two_losses(answer(*maps))[0].item(), expected, rel_tol=1e-5):
        raise Wrong("logits of shape (2, 3) and (1, 4): each mean is over *all* entries, not over rows")


def _two_losses(result: Any) -> tuple[Tensor, Tensor]:
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise Wrong("return the two losses as a pair: d_loss, g_loss")
    if any(loss is None or loss is ... for loss in result):
        raise Wrong("one of the two losses is missing")
    for name, loss in zip("DG", result, strict=True):
        if not isinstance(loss, Tensor):
            raise Wrong(
                f"the loss of {name} is a {type(loss).__name__}: it carries no gradient; return a tensor"
            )
        if loss.numel() != 1:
            raise Wrong(f"the loss of {name} has shape {tuple(loss.shape)}: take the mean over the batch")
    return result[0], result[1]


def _name_d_mistake(d_loss: float, g_loss: float, real: Tensor, fake: Tensor) -> None:
    on_real, on_fake = softplus(-real).mean().item(), softplus(fake).mean().item()
    expected = on_real + on_fake
    if math.isclose(d_loss, expected, rel_tol=1e-6):
        return
    good_g = softplus(-fake).mean().item()
    slips = {
        "the two losses are in the other order: D's first": good_g
        if math.isclose(g_loss, expected)
        else math.nan,
        "it has the wrong sign: D *minimises* -V, a positive number": -expected,
        "it is half of what was asked: the two means are added, not averaged": expected / 2,
        "it is a sum over the batch: take means": 3 * expected,
        "it is in bits: use the natural logarithm": expected / math.log(2),
        "real and fake are exchanged: D's target is 1 for real and 0 for fake": (
            softplus(real).mean() + softplus(-fake).mean()
        ).item(),
        "the half on generated samples is missing": on_real,
        "the half on real samples is missing": on_fake,
        "the sigmoid is applied twice: BCE *with logits* takes logits": (
            softplus(-real.sigmoid()).mean() + softplus(fake.sigmoid()).mean()
        ).item(),
        "the real labels are smoothed; the paper uses 1": (
            0.9 * softplus(-real).mean() + 0.1 * softplus(real).mean() + softplus(fake).mean()
        ).item(),
    }
    _name("D's loss", d_loss, expected, slips)


def _name_g_mistake(g_loss: float, fake: Tensor) -> None:
    expected = softplus(-fake).mean().item()
    if math.isclose(g_loss, expected, rel_tol=1e-6):
        return
    slips = {
        "this is the saturating loss +E log(1 - D(G(z))); the non-saturating one was asked": -softplus(fake)
        .mean()
        .item(),
        "it has the wrong sign: G *minimises* -E log D(G(z)), a positive number": -expected,
        "it rewards G for being caught: G's target on its own samples is 1": softplus(fake).mean().item(),
        "it is a sum over the batch: take the mean": 3 * expected,
        "it is half of what was asked": expected / 2,
        "it is in bits: use the natural logarithm": expected / math.log(2),
        "the sigmoid is applied twice: BCE *with logits* takes logits": softplus(-fake.sigmoid())
        .mean()
        .item(),
    }
    _name("G's loss", g_loss, expected, slips)


def _name(what: str, got: float, expected: float, slips: dict[str, float]) -> None:
    """Raise, with the slip that gives the same number if there is one."""
    for slip, value in slips.items():
        if math.isclose(got, value, rel_tol=1e-5, abs_tol=1e-9):
            raise Wrong(f"{what} is {got:.4f}, expected {expected:.4f}: {slip}")
    raise Wrong(f"{what} is {got:.4f}, expected {expected:.4f} on three real and three generated samples")


def _check_loss_gradients(answer: Attempt) -> None:
    real = torch.tensor([0.7, -0.2], dtype=torch.float64, requires_grad=True)
    fake = torch.tensor([-3.0, 0.4], dtype=torch.float64, requires_grad=True)
    d_loss, g_loss = _two_losses(answer(real, fake))
    d_real, d_fake = torch.autograd.grad(d_loss, (real, fake), retain_graph=True, allow_unused=True)
    (g_fake,) = torch.autograd.grad(g_loss, fake, allow_unused=True)
    expected = {
        "D's loss in the real logits": (d_real, -(-real).sigmoid() / 2),
        "D's loss in the fake logits": (d_fake, fake.sigmoid() / 2),
        "G's loss in the fake logits": (g_fake, -(-fake).sigmoid() / 2),
    }
    for what, (got, right) in expected.items():
        if got is None or not torch.allclose(got, right, atol=1e-6):
            shown = "missing" if got is None else [round(x, 4) for x in got.tolist()]
            raise Wrong(
                f"the value is right, but the gradient of {what} is {shown}, expected "
                f"{[round(x, 4) for x in right.tolist()]}: is something detached or rounded?"
            )


def _check_extreme_logits(answer: Attempt, scale: float) -> None:
    """D entirely wrong: losses equal the logits, gradients are +-1. Logarithms of probabilities fail here."""
    real = torch.tensor([-scale], requires_grad=True)
    fake = torch.tensor([scale], requires_grad=True)
    away = torch.tensor([-scale], requires_grad=True)
    d_loss, g_loss = _two_losses(answer(real, fake))[0], _two_losses(answer(real, away))[1]
    for name, loss, right in (("D", d_loss, 2 * scale), ("G", g_loss, scale)):
        if not math.isclose(loss.item(), right, rel_tol=1e-5):
            raise Wrong(
                f"at logits of ±{scale:.0f} the loss of {name} is {loss.item():.4g}, expected {right:.0f}: the "
                "logarithm of a rounded probability is lost; use softplus, logsigmoid or BCE with logits"
            )
    (g_real, g_fake), (g_away,) = torch.autograd.grad(d_loss, (real, fake)), torch.autograd.grad(g_loss, away)
    for got, right in ((g_real, -1.0), (g_fake, 1.0), (g_away, -1.0)):
        if not math.isclose(got.item(), right, abs_tol=1e-5):
            raise Wrong(
                f"at logits of ±{scale:.0f} a gradient is {got.item():.4g}, expected {right:.0f}: clamping or eps "
                "keeps the value finite but kills the gradient; use softplus, logsigmoid or BCE with logits"
            )


# The forecast -----------------------------------------------------------------------------------------------


def check_gradient_forecast(answer: Attempt) -> None:
    """The gradient in the logit is sigma(a) for the minimax loss and 1 - sigma(a) for the non-saturating one."""
    forecast = answer.value
    if not isinstance(forecast, dict) or set(forecast) != {"minimax", "non_saturating", "ratio"}:
        raise Wrong('fill in the dictionary with the keys "minimax", "non_saturating" and "ratio"')
    if any(value is ... for value in forecast.values()):
        raise Wrong("one forecast is still missing")
    for name in ("minimax", "non_saturating"):
        if forecast[name] not in ("weak", "strong"):
            raise Wrong(f'forecast["{name}"] is {forecast[name]!r}: choose "weak" or "strong"')
    if forecast["minimax"] != "weak":
        raise Wrong(
            "minimax: the slope of log(1 - sigma(a)) is -sigma(a): 0.269 at a = -1 and 0.0025 at a = -6. A strong D "
            "silences this loss"
        )
    if forecast["non_saturating"] != "strong":
        raise Wrong(
            "non-saturating: the slope of -log sigma(a) is -(1 - sigma(a)): 0.731 at a = -1 and 0.9975 at a = -6. This "
            "loss speaks up when D rejects"
        )
    _check_ratio(forecast["ratio"])


def _check_ratio(ratio: Any) -> None:
    try:
        got = float(ratio)
    except (TypeError, ValueError):
        raise Wrong(f'forecast["ratio"] is {ratio!r}: a number was asked') from None
    if math.isclose(got, math.exp(6), rel_tol=0.05):
        return
    slips = {
        "that is the other way round, minimax over non-saturating": math.exp(-6),
        "that is its logarithm": 6.0,
        "that is the ratio at a = -1": math.e,
        "that is the non-saturating slope itself": 0.9975,
        "the logit is -6, the sign is lost": -math.exp(6),
    }
    for slip, value in slips.items():
        if math.isclose(got, value, rel_tol=0.05):
            raise Wrong(f"ratio {got:g}: {slip}. Divide 1 - sigma(a) by sigma(a) at a = -6")
    raise Wrong(f"ratio {got:g}: divide 1 - sigma(a) by sigma(a) at a = -6 and simplify")
