"""Solutions to the exercises of notebook 01."""

from __future__ import annotations

import torch
from torch import Tensor


def bayes_posterior(log_prior: Tensor, log_density: Tensor) -> Tensor:
    """p(y | x) = p(y) p(x | y) / sum_y' p(y') p(x | y'), in logarithms until the last step.

    log_prior: (k,). log_density: (n, k). Returns (n, k), rows sum to 1. Softmax subtracts the largest entry of
    a row before it exponentiates, which changes nothing in the ratio and keeps one term at exp(0).
    """
    return torch.softmax(log_prior + log_density, dim=1)


def gaussian_sampler(x: Tensor, n: int, rng: torch.Generator) -> Tensor:
    """n rows (n, d) from the Gaussian with the mean and covariance of the rows of x (m, d), m > d >= 2."""
    L = torch.linalg.cholesky(x.T.cov())  # cov = L L^T, so that L z has covariance L I L^T
    z = torch.randn(n, x.shape[1], generator=rng, dtype=x.dtype)
    return x.mean(0) + z @ L.T  # rows, hence the transpose


def fill_in(mean: Tensor, cov: Tensor, x: Tensor, hidden: Tensor) -> Tensor:
    """E[x_h | x_v] = mu_h + S_hv S_vv^-1 (x_v - mu_v) in the hidden places, x in the others; (n, d)."""
    visible = ~hidden
    centred = (x[:, visible] - mean[visible]).T  # (d_v, n)
    answer = (
        mean[hidden] + (cov[hidden][:, visible] @ torch.linalg.solve(cov[visible][:, visible], centred)).T
    )
    filled = x.clone()
    filled[:, hidden] = answer
    return filled


# Squared error: the mean, 0.8 * 3 - 0.2 * 3; its least value: the variance, 9 - 1.8^2; absolute error: the median.
mse_prediction = {"squared": 1.8, "loss": 5.76, "absolute": 3.0}


def judge_accuracy(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Balanced accuracy of a judge on held-out real (n,) and fake (m,) logits; a logit of 0 is half right."""
    right_on_real = (real_logits > 0).double().mean() + 0.5 * (real_logits == 0).double().mean()
    right_on_fake = (fake_logits < 0).double().mean() + 0.5 * (fake_logits == 0).double().mean()
    return (right_on_real + right_on_fake) / 2


def best_judge(p: Tensor, q: Tensor, share: float) -> Tensor:
    """sum_x max(s p(x), (1 - s) q(x)): at each x the judge is right with the larger of the two masses."""
    return torch.maximum(share * p, (1 - share) * q).sum()
