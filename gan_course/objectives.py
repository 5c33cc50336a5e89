"""Adversarial losses on logits, and the penalties that go with them.

Discriminators of this course return the logit a(x), and D(x) = sigmoid(a(x)). Every loss is a mean over the
batch and is *minimised*. With softplus(t) = log(1 + e^t) we have -log D = softplus(-a) and
-log(1 - D) = softplus(a); that form is exact at any logit, while the logarithm of a rounded sigmoid is not.

Logit tensors have any shape as long as the first dimension is the batch; losses return a scalar.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.functional import relu

Critic = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Objective:
    """What the two players minimise: d_loss(real_logits, fake_logits) and g_loss(fake_logits, real_logits).

    Most generators look at the fake logits alone; the relativistic one needs both, so all take both.
    `source` names the paper.
    """

    name: str
    d_loss: Callable[[Tensor, Tensor], Tensor]
    g_loss: Callable[[Tensor, Tensor], Tensor]
    source: str


def softplus(t: Tensor) -> Tensor:
    """log(1 + e^t). Torch's own default is linear from t = 20 on, which is off by 2e-9 in double precision."""
    return functional.softplus(t, threshold=50)


def bce_d_loss(real: Tensor, fake: Tensor) -> Tensor:
    """-E log D(x) - E log(1 - D(G(z))), the negative of V: 2 log 2 = 1.386 where D is 1/2 everywhere."""
    return softplus(-real).mean() + softplus(fake).mean()


def minimax_g_loss(fake: Tensor, real: Tensor | None = None) -> Tensor:
    """+E log(1 - D(G(z))); its gradient in the logit, -D, vanishes when D rejects the fakes."""
    return -softplus(fake).mean()


def non_saturating_g_loss(fake: Tensor, real: Tensor | None = None) -> Tensor:
    """-E log D(G(z)); its gradient in the logit, -(1 - D), vanishes when D accepts the fakes."""
    return softplus(-fake).mean()


def least_squares_d_loss(real: Tensor, fake: Tensor) -> Tensor:
    """(E (a(x) - 1)^2 + E a(G(z))^2) / 2 on the raw output, without a sigmoid."""
    return ((real - 1).square().mean() + fake.square().mean()) / 2


def least_squares_g_loss(fake: Tensor, real: Tensor | None = None) -> Tensor:
    """E (a(G(z)) - 1)^2 / 2."""
    return (fake - 1).square().mean() / 2


def hinge_d_loss(real: Tensor, fake: Tensor) -> Tensor:
    """E max(0, 1 - a(x)) + E max(0, 1 + a(G(z)))."""
    return relu(1 - real).mean() + relu(1 + fake).mean()


def critic_g_loss(fake: Tensor, real: Tensor | None = None) -> Tensor:
    """-E a(G(z)), the generator's loss of the hinge and of the Wasserstein game."""
    return -fake.mean()


def wasserstein_d_loss(real: Tensor, fake: Tensor) -> Tensor:
    """-(E a(x) - E a(G(z))), for a critic a that is kept 1-Lipschitz."""
    return fake.mean() - real.mean()


def relativistic_d_loss(real: Tensor, fake: Tensor) -> Tensor:
    """E softplus(-(a(x) - a(G(z)))): real and fake are judged in pairs."""
    return softplus(fake - real).mean()


def relativistic_g_loss(fake: Tensor, real: Tensor | None = None) -> Tensor:
    """E softplus(-(a(G(z)) - a(x))), on the same pairs.

    Raises:
        ValueError: `real` is missing.
    """
    if real is None:
        raise ValueError("the relativistic generator loss compares pairs: pass the real logits too")
    return softplus(real - fake).mean()


OBJECTIVES = {
    objective.name: objective
    for objective in (
        Objective("minimax", bce_d_loss, minimax_g_loss, "Goodfellow et al. 2014, eq. 1"),
        Objective("non_saturating", bce_d_loss, non_saturating_g_loss, "Goodfellow et al. 2014, section 3"),
        Objective("least_squares", least_squares_d_loss, least_squares_g_loss, "Mao et al. 2017"),
        Objective("hinge", hinge_d_loss, critic_g_loss, "Lim and Ye 2017; Miyato et al. 2018"),
        Objective("wasserstein", wasserstein_d_loss, critic_g_loss, "Arjovsky et al. 2017"),
        Objective(
            "relativistic",
            relativistic_d_loss,
            relativistic_g_loss,
            "Jolicoeur-Martineau 2019; Huang et al. 2024",
        ),
    )
}


def objective(name: str) -> Objective:
    """Look an objective up by name.

    Raises:
        ValueError: unknown name; the message lists the known ones.
    """
    if name not in OBJECTIVES:
        raise ValueError(f"unknown objective {name!r}; known: {', '.join(OBJECTIVES)}")
    return OBJECTIVES[name]


def gradient_norms(critic: Critic, x: Tensor) -> Tensor:
    """||grad_x a(x)|| for each sample, shape (batch,), differentiable once more for use in a penalty."""
    x = x.detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return gradient.flatten(1).norm(dim=1)


def zero_centred_penalty(critic: Critic, x: Tensor) -> Tensor:
    """E ||grad_x a(x)||^2 / 2: R1 on real samples, R2 on fake ones (Mescheder et al. 2018)."""
    return gradient_norms(critic, x).square().mean() / 2


def one_centred_penalty(critic: Critic, real: Tensor, fake: Tensor, mix: Tensor) -> Tensor:
    """E (||grad a(x_mix)|| - 1)^2 at x_mix = mix * real + (1 - mix) * fake (Gulrajani et al. 2017).

    mix: uniform in [0, 1], shape (batch, 1, ...), drawn by the caller: losses hold no randomness.
    """
    return (gradient_norms(critic, mix * real + (1 - mix) * fake) - 1).square().mean()
