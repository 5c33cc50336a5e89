"""The check of notebook 05 on the two losses of a conditional GAN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from gan_course.exercises.checking import Attempt, Wrong
from gan_course.objectives import softplus
from gan_course.training.seeding import generator


class _G(nn.Module):
    """G(z, y) = z W + table[y]; keeps the noise and labels that it was called with."""

    def __init__(self, rng: torch.Generator) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(3, 2, generator=rng))
        self.table = nn.Parameter(torch.randn(4, 2, generator=rng))
        self.calls: list[tuple[Tensor, Tensor]] = []

    def forward(self, z: Tensor, y: Tensor) -> Tensor:
        self.calls.append((z.detach().clone(), y.clone()))
        return z @ self.weight + self.table[y]


class _D(nn.Module):
    """D(x, y) = scale (w[y] · x + b[y]); keeps the images that it was called with."""

    def __init__(self, rng: torch.Generator, scale: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(4, 2, generator=rng))
        self.bias = nn.Parameter(torch.randn(4, generator=rng))
        self.scale = scale
        self.calls: list[Tensor] = []

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        self.calls.append(x.detach().clone())
        return self.scale * ((self.weight[y] * x).sum(1, keepdim=True) + self.bias[y][:, None])


def check_cgan_losses(answer: Attempt) -> None:
    """Values against the formula, logits beyond ±200, gradients of either loss, batches of unequal size."""
    for n, m, scale in ((8, 8, 1.0), (5, 3, 1.0), (1, 1, 1.0), (6, 6, 200.0)):
        _compare(answer, n, m, scale)
    for n, m in ((8, 8), (5, 3)):
        _gradients(answer, n, m)


def _world(n: int, m: int, scale: float) -> tuple[_G, _D, Tensor, Tensor, Tensor, Tensor]:
    """Two networks, n real rows with labels, noise and labels for m generated ones; no label pair agrees."""
    rng = generator(7)
    G, D = _G(rng), _D(rng, scale)
    real, z = torch.randn(n, 2, generator=rng), torch.randn(m, 3, generator=rng)
    real_y = torch.arange(n) % 4
    y = (torch.arange(m) + 1 + torch.arange(m) // 4) % 4
    return G, D, real, real_y, z, y


def _two_losses(result: Any) -> tuple[Tensor, Tensor]:
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise Wrong("return the pair (L_D, L_G)")
    for name, loss in zip(("L_D", "L_G"), result, strict=True):
        if not isinstance(loss, Tensor):
            raise Wrong(f"{name} is {type(loss).__name__}, expected a tensor with its graph")
        if loss.numel() != 1 or loss.dim() > 0:
            raise Wrong(
                f"{name} has shape {tuple(loss.shape)}, expected a scalar: take the mean over the batch"
            )
    return result[0], result[1]


def _compare(answer: Attempt, n: int, m: int, scale: float) -> None:
    G, D, real, real_y, z, y = _world(n, m, scale)
    given = [real.clone(), real_y.clone(), z.clone(), y.clone()]
    state = torch.get_rng_state()
    L_D, L_G = _two_losses(answer(G, D, *given))
    if not torch.equal(state, torch.get_rng_state()):
        raise Wrong("your function drew random numbers: the noise z and the labels y are given")
    if not all(torch.equal(a, b) for a, b in zip(given, (real, real_y, z, y), strict=True)):
        raise Wrong("your function changed one of its inputs")
    _calls(G, D, real, z, y)
    case = f"{n} real and {m} generated rows" + (", logits beyond ±200" if scale > 1 else "")
    with torch.no_grad():
        fake = G(z, y)
        a_real, a_fake = D(real, real_y), D(fake, y)
        right = softplus(-a_real).mean() + softplus(a_fake).mean(), softplus(-a_fake).mean()
        found = L_D.detach(), L_G.detach()
        if all(torch.allclose(a, b, rtol=1e-4, atol=1e-6) for a, b in zip(found, right, strict=True)):
            return
        if not all(loss.isfinite() for loss in found):
            raise Wrong(
                f"{case}: a loss is {[loss.item() for loss in found]}: compute from logits, softplus(a)"
            )
        for name, value, good, slips in (
            ("L_D", found[0], right[0], _d_slips(D, real, real_y, fake, y, right)),
            ("L_G", found[1], right[1], _g_slips(D, G, fake, z, y, real_y, right)),
        ):
            if torch.allclose(value, good, rtol=1e-4, atol=1e-6):
                continue
            for slip, make in slips.items():
                wrong = make()
                if wrong is not None and torch.allclose(value, wrong, rtol=1e-4, atol=1e-6):
                    raise Wrong(f"{case}: {name}: {slip}")
            raise Wrong(f"{case}: {name} is {value.item():.5g}, expected {good.item():.5g}")


def _calls(G: _G, D: _D, real: Tensor, z: Tensor, y: Tensor) -> None:
    """What went into the networks: the given noise with its labels; real and generated rows apart."""
    for noise, labels in G.calls:
        if labels.shape != y.shape or not torch.equal(labels, y):
            raise Wrong("G was asked for other labels than y")
        if noise.shape != z.shape or not torch.equal(noise, z):
            raise Wrong("G was called with other noise than z")
    if any(len(x) > max(len(real), len(z)) for x in D.calls):
        raise Wrong(
            "real and generated rows went through D in one batch: use separate passes, or batch norm in D would tell "
            "them apart"
        )


Slips = dict[str, Callable[[], Tensor | None]]


def _d_slips(
    D: _D, real: Tensor, real_y: Tensor, fake: Tensor, y: Tensor, right: tuple[Tensor, Tensor]
) -> Slips:
    same = len(real) == len(fake)  # else the labels of one side do not fit the other
    on_real, on_fake = softplus(-D(real, real_y)), softplus(D(fake, y))

    def with_wrong_pairs(weight: float, turn: int) -> Tensor:
        return on_real.mean() + weight * (on_fake.mean() + softplus(D(real, real_y.roll(turn))).mean())

    return {
        "it is the loss of G: return (L_D, L_G) in this order": lambda: right[1],
        "you halved it: the two means are added": lambda: right[0] / 2,
        "the sign is turned: losses are minimised, L_D is -V": lambda: -right[0],
        "take means over the batch, not sums": lambda: on_real.sum() + on_fake.sum(),
        "real and generated are exchanged": lambda: (
            softplus(D(real, real_y)).mean() + softplus(-D(fake, y)).mean()
        ),
        "generated images go to D with the label they were asked for, y": lambda: (
            on_real.mean() + softplus(D(fake, real_y)).mean() if same else None
        ),
        "real images go to D with their own label, real_y": lambda: (
            softplus(-D(real, y)).mean() + on_fake.mean() if same else None
        ),
        "real images with a wrong label are no part of the CGAN (they are of GAN-CLS)": lambda: (
            with_wrong_pairs(1.0, 1)
        ),
        "real images with a wrong label are no part of the CGAN (they belong to GAN-CLS)": lambda: (
            with_wrong_pairs(1.0, -1)
        ),
        "real images with a wrong label are no part of the CGAN, not even at half weight": lambda: (
            with_wrong_pairs(0.5, 1)
        ),
        "the real rows are missing": lambda: on_fake.mean(),
        "the generated rows are missing": lambda: on_real.mean(),
    }


def _g_slips(
    D: _D, G: _G, fake: Tensor, z: Tensor, y: Tensor, real_y: Tensor, right: tuple[Tensor, Tensor]
) -> Slips:
    a = D(fake, y)
    return {
        "that is the saturating loss E log(1 - D): the non-saturating -E log D was asked": lambda: (
            -softplus(a).mean()
        ),
        "the label of generated rows in D is y, which G was asked for": lambda: (
            softplus(-D(fake, real_y)).mean() if len(real_y) == len(y) else None
        ),
        "the sign is turned: G wants D to say real": lambda: softplus(a).mean(),
        "it is the log-likelihood, which is maximised: return minus that": lambda: -softplus(-a).mean(),
        "take the mean over the batch, not the sum": lambda: softplus(-a).sum(),
        "you halved it": lambda: right[1] / 2,
        "it is the loss of D: return (L_D, L_G) in this order": lambda: right[0],
    }


def _gradients(answer: Attempt, n: int, m: int) -> None:
    G, D, real, real_y, z, y = _world(n, m, 1.0)
    L_D, L_G = _two_losses(answer(G, D, real, real_y, z, y))
    theta, phi = list(G.parameters()), list(D.parameters())
    if not L_D.requires_grad or not L_G.requires_grad:
        raise Wrong("a loss carries no gradient: no .item(), no torch.no_grad()")
    on_g = torch.autograd.grad(L_D, theta, retain_graph=True, allow_unused=True)
    if any(g is not None and g.abs().max() > 0 for g in on_g):
        raise Wrong("L_D sends gradients to G: detach the generated images there")
    got_d = torch.autograd.grad(L_D, phi, retain_graph=True, allow_unused=True)
    got_g = torch.autograd.grad(L_G, theta, allow_unused=True)
    if any(g is None for g in got_g):
        raise Wrong("no gradient of L_G reaches G: detach the images in L_D only")
    if any(g is None for g in got_d):
        raise Wrong("no gradient of L_D reaches D")
    fake = G(z, y)
    right_d = torch.autograd.grad(
        softplus(-D(real, real_y)).mean() + softplus(D(fake.detach(), y)).mean(), phi
    )
    right_g = torch.autograd.grad(softplus(-D(fake, y)).mean(), theta)
    for name, got, right in (("L_D in D", got_d, right_d), ("L_G in G", got_g, right_g)):
        if not all(torch.allclose(a, b, atol=1e-5) for a, b in zip(got, right, strict=True)):
            raise Wrong(f"the values are right, the gradient of {name} is not: is part of it detached?")
