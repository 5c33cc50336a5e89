"""Answers to the exercises of notebook 01: wrong ones with the message they must meet, and other right ones."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch


# Exercise 1
def posterior_too_early(log_prior, log_density):
    joint = (log_prior + log_density).exp()
    return joint / joint.sum(1, keepdim=True)


def posterior_global_maximum(log_prior, log_density):
    joint = (log_prior + log_density - (log_prior + log_density).max()).exp()
    return joint / joint.sum(1, keepdim=True).clamp_min(1e-300)


def posterior_in_place(log_prior, log_density):
    log_density += log_prior
    return torch.softmax(log_density, 1)


def posterior_two_classes(log_prior, log_density):
    logit = log_prior[1] - log_prior[0] + log_density[:, 1] - log_density[:, 0]
    return torch.stack([torch.sigmoid(-logit), torch.sigmoid(logit)], 1)


def posterior_by_loop(log_prior, log_density):
    out = torch.empty_like(log_density)
    for i, row in enumerate(log_density):
        weights = [math.exp(v - max((row + log_prior).tolist())) for v in (row + log_prior).tolist()]
        out[i] = torch.tensor([w / sum(weights) for w in weights], dtype=log_density.dtype)
    return out


def posterior_by_logsumexp(log_prior, log_density):
    joint = log_prior[None] + log_density
    return (joint - torch.logsumexp(joint, dim=1, keepdim=True)).exp()


# Exercise 2
def sampler(root=torch.linalg.cholesky, transpose=True):
    def gaussian_sampler(x, n, rng):
        R = root(x.T.cov())
        z = torch.randn(n, x.shape[1], generator=rng, dtype=x.dtype)
        return x.mean(0) + z @ (R.T if transpose else R)

    return gaussian_sampler


def sampler_global(x, n, rng):
    return torch.distributions.MultivariateNormal(x.mean(0), x.T.cov()).sample((n,))


def sampler_reseeds(x, n, rng):
    return sampler()(x, n, torch.Generator().manual_seed(0))


def sampler_one_noise(x, n, rng):
    z = torch.randn(1, x.shape[1], generator=rng, dtype=x.dtype).expand(n, -1)
    return x.mean(0) + z @ torch.linalg.cholesky(x.T.cov()).T


def sampler_bootstrap(x, n, rng):
    return x[torch.randint(len(x), (n,), generator=rng)]


def sampler_independent(x, n, rng):
    return x.mean(0) + x.std(0) * torch.randn(n, x.shape[1], generator=rng, dtype=x.dtype)


def sampler_no_mean(x, n, rng):
    return torch.randn(n, x.shape[1], generator=rng, dtype=x.dtype) @ torch.linalg.cholesky(x.T.cov()).T


def sampler_squeezes(x, n, rng):
    return sampler()(x, n, rng).squeeze(0)


def sampler_float32(x, n, rng):
    return sampler()(x.float(), n, rng)


def sampler_by_eigenvectors(x, n, rng):
    values, vectors = torch.linalg.eigh(torch.cov(x.T, correction=0))
    z = torch.randn(x.shape[1], n, generator=rng, dtype=x.dtype)
    return (vectors @ (values.clamp_min(0).sqrt()[:, None] * z)).T + x.mean(0)


def sampler_by_mixing(x, n, rng):
    """Random combinations of centred rows are Gaussian with the covariance of the rows."""
    weights = torch.randn(n, len(x), generator=rng, dtype=x.dtype)
    return x.mean(0) + weights @ (x - x.mean(0)) / math.sqrt(len(x))


# Exercise 3
def filler(mean_h=True, centre=True, inverse="vv", mask=lambda hidden: hidden, copy=True):
    def fill_in(mean, cov, x, hidden):
        h = mask(hidden)
        v = ~h
        shift = x[:, v] - (mean[v] if centre else 0)
        if inverse == "vv":
            shift = torch.linalg.solve(cov[v][:, v], shift.T).T
        out = x.clone() if copy else x
        out[:, h] = shift @ cov[v][:, h] + (mean[h] if mean_h else 0)
        return out

    return fill_in


def fill_mean(mean, cov, x, hidden):
    return torch.where(hidden, mean, x)


def fill_scalar_variance(mean, cov, x, hidden):
    """Right for one visible coordinate only: treats the visible ones as independent."""
    v = ~hidden
    out = x.clone()
    out[:, hidden] = mean[hidden] + ((x[:, v] - mean[v]) / cov.diagonal()[v]) @ cov[v][:, hidden]
    return out


def fill_only_hidden(mean, cov, x, hidden):
    return filler()(mean, cov, x, hidden)[:, hidden]


def fill_divides_by_hidden(mean, cov, x, hidden):
    out = x.clone()
    v = ~hidden
    out[:, hidden] = mean[hidden] + (x[:, v] - mean[v]) @ cov[v][:, hidden] @ torch.linalg.inv(
        cov[hidden][:, hidden]
    )
    return out


def fill_spreads_nan(mean, cov, x, hidden):
    centred = (x - mean) * (~hidden)
    v = ~hidden
    gain = torch.zeros_like(cov)
    gain[v] = torch.linalg.solve(cov[v][:, v], cov[v])
    return torch.where(hidden, mean + centred @ gain, x)


def fill_by_precision(mean, cov, x, hidden):
    P = torch.linalg.inv(cov)
    shift = torch.linalg.solve(
        P[hidden][:, hidden], P[hidden][:, ~hidden] @ (x[:, ~hidden] - mean[~hidden]).T
    )
    out = x.clone()
    out[:, hidden] = mean[hidden] - shift.T
    return out


def fill_by_rows(mean, cov, x, hidden):
    h, v = hidden.nonzero().flatten().tolist(), (~hidden).nonzero().flatten().tolist()
    m, S = mean.numpy(), cov.numpy()
    done = []
    for row in x.numpy().copy():
        row[h] = m[h] + S[np.ix_(h, v)] @ np.linalg.inv(S[np.ix_(v, v)]) @ (row[v] - m[v])
        done.append(row)
    return torch.tensor(np.stack(done))


# Exercise 5
def judge(real=lambda r: r > 0, fake=lambda f: f <= 0):
    return lambda r, f: (real(r).double().mean() + fake(f).double().mean()) / 2


def judge_pooled(r, f):
    right = torch.cat([r > 0, f < 0]).double() + 0.5 * torch.cat([r == 0, f == 0]).double()
    return right.mean()


def half(x):
    return (x > 0).double() + 0.5 * (x == 0).double()


def judge_by_loop(r, f):
    def score(logit, sign):
        return 0.5 if logit == 0 else float(sign * logit > 0)

    return (
        sum(score(v, 1) for v in r.tolist()) / len(r) + sum(score(v, -1) for v in f.tolist()) / len(f)
    ) / 2


def judge_folded(r, f):
    found = 0.5 * half(r).mean() + 0.5 * half(-f).mean()
    return max(found, 1 - found)


def prediction(squared: Any = 1.8, loss: Any = 5.76, absolute: Any = 3.0) -> dict[str, Any]:
    return {"squared": squared, "loss": loss, "absolute": absolute}


WRONG: dict[str, list[tuple[str, Any, str]]] = {
    "bayes_posterior": [
        ("exponentiates too early", posterior_too_early, "subtract the largest"),
        ("one maximum for the batch", posterior_global_maximum, "of each row"),
        ("ignores the prior", lambda p, d: torch.softmax(d, 1), "prior has no effect"),
        ("normalises columns", lambda p, d: torch.softmax(p + d, 0), "columns sum to 1"),
        ("returns logarithms", lambda p, d: torch.log_softmax(p + d, 1), "log p(y | x)"),
        ("returns the joint", lambda p, d: (p + d).exp(), "joint"),
        ("changes its input", posterior_in_place, "changed its input"),
        ("two classes only", posterior_two_classes, "expected (1, 5)"),
        ("takes the prior as probabilities", lambda p, d: torch.softmax(p.exp().log().exp() + d, 1), "0.99"),
        ("decides", lambda p, d: torch.nn.functional.one_hot((p + d).argmax(1), d.shape[1]).double(), "0.75"),
    ],
    "gaussian_sampler": [
        ("global randomness", sampler_global, "global random state"),
        ("reseeds", sampler_reseeds, "do not reseed"),
        ("L not transposed", sampler(transpose=False), "L^T L"),
        ("multiplies by the covariance", sampler(root=lambda S: S), "square root of cov"),
        ("no correlation", sampler_independent, "independent"),
        ("unit covariance", sampler(root=lambda S: torch.eye(len(S)).double()), "covariance 1"),
        ("forgets the mean", sampler_no_mean, "the mean of your draws"),
        ("one noise for all rows", sampler_one_noise, "the same row"),
        ("returns training rows", sampler_bootstrap, "not Gaussian"),
        ("drops the batch dimension", sampler_squeezes, "expected (1, 3)"),
        ("float32", sampler_float32, "float64"),
        (
            "fits another thing: half the covariance",
            sampler(root=lambda S: torch.linalg.cholesky(S / 2)),
            "expected about",
        ),
    ],
    "fill_in": [
        ("mean only", fill_mean, "what is visible should shift it"),
        ("forgets mu_h", filler(mean_h=False), "without mu_h"),
        ("not centred", filler(centre=False), "not centred"),
        ("no inverse", filler(inverse=""), "S_vv^-1 is missing"),
        ("divides by the hidden covariance", fill_divides_by_hidden, "divided by S_hh"),
        ("mask the other way", filler(mask=lambda hidden: ~hidden), "visible entry 3 became"),
        ("changes x", filler(copy=False), "changed its input number 3"),
        ("visible coordinates as independent", fill_scalar_variance, "not the conditional mean"),
        ("returns the hidden part only", fill_only_hidden, "expected (1, 2)"),
        ("NaN spreads", fill_spreads_nan, "NaN"),
        ("returns x", lambda mean, cov, x, hidden: x.clone(), "kept its old value"),
    ],
    "mse_prediction": [
        ("mode for mean", prediction(squared=3), "most frequent"),
        ("midpoint", prediction(squared=0), "not equally likely"),
        ("standard deviation", prediction(loss=2.4), "square root"),
        ("second moment", prediction(loss=9), "subtract the square"),
        ("mean for median", prediction(absolute=1.8), "median"),
        ("half answered", prediction(loss=...), "still without a number: loss"),
        ("one number", 1.8, "dictionary"),
        ("sign flipped", prediction(squared=-1.8), "mean of the targets"),
        ("half the variance", prediction(loss=2.88), "variance"),
    ],
    "judge_accuracy": [
        ("threshold 1/2", judge(lambda r: r > 0.5, lambda f: f < 0.5), "threshold is 0"),
        (
            "threshold 1/2 on the sigmoid of a sigmoid",
            judge(lambda r: r.sigmoid() > 0.6, lambda f: f.sigmoid() < 0.6),
            "threshold is 0",
        ),
        ("pooled", judge_pooled, "average the two shares"),
        ("ties are right", judge(lambda r: r >= 0), "half right"),
        ("ties are fake", judge(), "half right"),
        ("exchanged", judge(lambda r: r < 0, lambda f: f > 0), "exchanged"),
        ("sum instead of mean", lambda r, f: half(r).mean() + half(-f).mean(), "expected 1.0, got 2"),
        ("percent", lambda r, f: 50 * (half(r).mean() + half(-f).mean()), "percentage"),
        ("folded at one half", judge_folded, "folding"),
        ("real only", lambda r, f: half(r).mean(), "expected"),
        ("returns a vector", lambda r, f: half(r), "one number"),
        (
            "mean of probabilities",
            lambda r, f: (r.sigmoid().mean() + (-f).sigmoid().mean()) / 2,
            "expected 1.0",
        ),
    ],
    "best_judge": [
        ("ignores the share", lambda p, q, s: torch.maximum(p, q).sum() / 2, "share 0.9"),
        ("error", lambda p, q, s: torch.minimum(s * p, (1 - s) * q).sum(), "error of the best judge"),
        ("TV", lambda p, q, s: (p - q).abs().sum() / 2, "expected 0.5"),
        ("factor 2", lambda p, q, s: 0.5 + 0.5 * (p - q).abs().sum(), "factor of 2"),
        ("shares exchanged", lambda p, q, s: torch.maximum((1 - s) * p, s * q).sum(), "share 0.8"),
        (
            "decides without the share",
            lambda p, q, s: torch.where(p > q, s * p, (1 - s) * q).sum(),
            "share 0.9",
        ),
        (
            "average of D*",
            lambda p, q, s: (s * p * (s * p / (s * p + (1 - s) * q + 1e-12))).sum() * 2,
            "expected",
        ),
        ("forgets fakes", lambda p, q, s: (s * p)[p > q].sum(), "expected 0.5"),
        ("returns a vector", lambda p, q, s: torch.maximum(s * p, (1 - s) * q), "one number"),
    ],
}

RIGHT: dict[str, list[tuple[str, Any]]] = {
    "bayes_posterior": [("loop in plain Python", posterior_by_loop), ("log-sum-exp", posterior_by_logsumexp)],
    "gaussian_sampler": [
        ("eigenvectors, 1/m", sampler_by_eigenvectors),
        ("random combinations of rows", sampler_by_mixing),
        (
            "symmetric square root",
            sampler(root=lambda S: (lambda w, U: U @ w.sqrt().diag() @ U.T)(*torch.linalg.eigh(S))),
        ),
    ],
    "fill_in": [("precision matrix", fill_by_precision), ("row by row in NumPy", fill_by_rows)],
    "mse_prediction": [
        ("rounded integers and fractions", {"squared": 9 / 5, "loss": 144 / 25, "absolute": 3}),
        ("tensors", {"squared": torch.tensor(1.8), "loss": torch.tensor(5.76), "absolute": np.float64(3.0)}),
    ],
    "judge_accuracy": [
        ("loop, float", judge_by_loop),
        ("sign", lambda r, f: 0.5 + 0.25 * (r.sign().double().mean() - f.sign().double().mean())),
    ],
    "best_judge": [
        ("absolute difference", lambda p, q, s: 0.5 + 0.5 * (s * p - (1 - s) * q).abs().sum()),
        ("where", lambda p, q, s: float(torch.where(s * p > (1 - s) * q, s * p, (1 - s) * q).sum())),
        (
            "one minus the error",
            lambda p, q, s: (
                1 - sum(min(s * a, (1 - s) * b) for a, b in zip(p.tolist(), q.tolist(), strict=True))
            ),
        ),
    ],
}
