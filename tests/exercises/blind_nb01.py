"""Answers by someone who had only read the exercises of notebook 01."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

# ---------------------------------------------------------------- bayes_posterior


def _posterior_too_early(log_prior, log_density):
    joint = torch.exp(log_prior) * torch.exp(log_density)
    return joint / joint.sum(dim=1, keepdim=True)


def _posterior_global_max(log_prior, log_density):
    joint = log_density + log_prior
    joint = torch.exp(joint - joint.max())
    return joint / joint.sum(dim=1, keepdim=True)


def _posterior_column_max(log_prior, log_density):
    joint = log_density + log_prior
    joint = torch.exp(joint - joint.max(dim=0).values)
    return joint / joint.sum(dim=1, keepdim=True)


def _posterior_row_min(log_prior, log_density):
    joint = log_density + log_prior
    joint = torch.exp(joint - joint.min(dim=1, keepdim=True).values)
    return joint / joint.sum(dim=1, keepdim=True)


def _posterior_first_class_as_reference(log_prior, log_density):
    joint = log_density + log_prior
    joint = torch.exp(joint - joint[:, :1])
    return joint / joint.sum(dim=1, keepdim=True)


def _posterior_in_place(log_prior, log_density):
    log_density += log_prior
    return torch.softmax(log_density, dim=1)


def _posterior_eps(log_prior, log_density):
    joint = torch.exp(log_density + log_prior)
    return joint / (joint.sum(dim=1, keepdim=True) + 1e-12)


def _posterior_clamped(log_prior, log_density):
    return torch.softmax(log_density.clamp(-500, 500) + log_prior, dim=1)


def _posterior_two_classes(log_prior, log_density):
    joint = log_density + log_prior
    second = torch.sigmoid(joint[:, 1] - joint[:, 0])
    return torch.stack([1 - second, second], dim=1)


def _posterior_one_hot(log_prior, log_density):
    joint = log_density + log_prior
    return F.one_hot(joint.argmax(dim=1), joint.shape[1]).double()


def _posterior_base_two(log_prior, log_density):
    joint = log_density + log_prior
    joint = 2.0 ** (joint - joint.max(dim=1, keepdim=True).values)
    return joint / joint.sum(dim=1, keepdim=True)


def _posterior_rows_in_a_loop(log_prior, log_density):
    rows = []
    for row in log_density:
        joint = row + log_prior
        rows.append(torch.exp(joint - torch.logsumexp(joint, dim=0)))
    return torch.stack(rows)


def _posterior_numpy(log_prior, log_density):
    joint = log_density.detach().numpy() + log_prior.detach().numpy()[None, :]
    weights = np.exp(joint - joint.max(axis=1, keepdims=True))
    return torch.from_numpy(weights / weights.sum(axis=1, keepdims=True))


def _posterior_plain_python(log_prior, log_density):
    out = torch.empty_like(log_density)
    for i, row in enumerate(log_density.tolist()):
        joint = [a + b for a, b in zip(log_prior.tolist(), row, strict=True)]
        top = max(joint)
        weights = [math.exp(v - top) for v in joint]
        total = math.fsum(weights)
        for j, weight in enumerate(weights):
            out[i, j] = weight / total
    return out


def _posterior_logaddexp(log_prior, log_density):
    joint = torch.add(log_density, log_prior.unsqueeze(0))
    evidence = joint[:, 0]
    for j in range(1, joint.shape[1]):
        evidence = torch.logaddexp(evidence, joint[:, j])
    return (joint - evidence[:, None]).exp()


# ---------------------------------------------------------------- gaussian_sampler


def _mean_and_chol(x):
    return x.mean(dim=0), torch.linalg.cholesky(torch.cov(x.T))


def _noise(n, d, rng):
    return torch.randn(n, d, generator=rng, dtype=torch.float64)


def _sampler_diagonal(x, n, rng):
    return x.mean(dim=0) + x.std(dim=0) * _noise(n, x.shape[1], rng)


def _sampler_isotropic(x, n, rng):
    return x.mean(dim=0) + (x - x.mean(dim=0)).std() * _noise(n, x.shape[1], rng)


def _sampler_no_mean(x, n, rng):
    _, chol = _mean_and_chol(x)
    return _noise(n, x.shape[1], rng) @ chol.T


def _sampler_cov_as_root(x, n, rng):
    return x.mean(dim=0) + _noise(n, x.shape[1], rng) @ torch.cov(x.T)


def _sampler_chol_not_transposed(x, n, rng):
    mean, chol = _mean_and_chol(x)
    return mean + _noise(n, x.shape[1], rng) @ chol


def _sampler_entrywise_root(x, n, rng):
    return x.mean(dim=0) + _noise(n, x.shape[1], rng) @ torch.cov(x.T).abs().sqrt()


def _sampler_eigen_without_root(x, n, rng):
    values, vectors = torch.linalg.eigh(torch.cov(x.T))
    return x.mean(dim=0) + (_noise(n, x.shape[1], rng) * values) @ vectors.T


def _sampler_uncentred(x, n, rng):
    chol = torch.linalg.cholesky(x.T @ x / len(x))
    return x.mean(dim=0) + _noise(n, x.shape[1], rng) @ chol.T


def _sampler_scatter_not_divided(x, n, rng):
    centred = x - x.mean(dim=0)
    chol = torch.linalg.cholesky(centred.T @ centred)
    return x.mean(dim=0) + _noise(n, x.shape[1], rng) @ chol.T


def _sampler_correlation(x, n, rng):
    chol = torch.linalg.cholesky(torch.corrcoef(x.T))
    return x.mean(dim=0) + _noise(n, x.shape[1], rng) @ chol.T


def _sampler_ridge(x, n, rng):
    cov = torch.cov(x.T) + 0.1 * torch.eye(x.shape[1], dtype=x.dtype)
    return x.mean(dim=0) + _noise(n, x.shape[1], rng) @ torch.linalg.cholesky(cov).T


def _sampler_global_state(x, n, rng):
    mean, chol = _mean_and_chol(x)
    return mean + torch.randn(n, x.shape[1], dtype=torch.float64) @ chol.T


def _sampler_distribution_object(x, n, rng):
    law = torch.distributions.MultivariateNormal(x.mean(dim=0), torch.cov(x.T))
    return law.sample((n,))


def _sampler_seeds_global_state(x, n, rng):
    torch.manual_seed(int(torch.randint(2**31, (), generator=rng)))
    law = torch.distributions.MultivariateNormal(x.mean(dim=0), torch.cov(x.T))
    return law.sample((n,))


def _sampler_reseeds(x, n, rng):
    mean, chol = _mean_and_chol(x)
    return mean + _noise(n, x.shape[1], rng.manual_seed(0)) @ chol.T


def _sampler_initial_seed(x, n, rng):
    mean, chol = _mean_and_chol(x)
    own = torch.Generator().manual_seed(rng.initial_seed())
    return mean + _noise(n, x.shape[1], own) @ chol.T


def _sampler_restores_state(x, n, rng):
    mean, chol = _mean_and_chol(x)
    state = rng.get_state()
    z = _noise(n, x.shape[1], rng)
    rng.set_state(state)
    return mean + z @ chol.T


def _sampler_fresh_seed(x, n, rng):
    mean, chol = _mean_and_chol(x)
    rng.seed()
    return mean + _noise(n, x.shape[1], rng) @ chol.T


def _sampler_numpy_global(x, n, rng):
    rows = np.random.multivariate_normal(x.mean(dim=0).numpy(), torch.cov(x.T).numpy(), size=n)
    return torch.from_numpy(rows)


def _sampler_float32(x, n, rng):
    mean, chol = _mean_and_chol(x)
    return mean.float() + torch.randn(n, x.shape[1], generator=rng, dtype=torch.float32) @ chol.float().T


def _sampler_squeezes(x, n, rng):
    mean, chol = _mean_and_chol(x)
    return (mean + _noise(n, x.shape[1], rng) @ chol.T).squeeze()


def _sampler_standardises_noise(x, n, rng):
    mean, chol = _mean_and_chol(x)
    z = _noise(n, x.shape[1], rng)
    z = (z - z.mean(dim=0)) / z.std(dim=0)
    return mean + z @ chol.T


def _sampler_one_row_repeated(x, n, rng):
    mean, chol = _mean_and_chol(x)
    return (mean + _noise(1, x.shape[1], rng) @ chol.T).repeat(n, 1)


def _sampler_one_noise_per_row(x, n, rng):
    mean, chol = _mean_and_chol(x)
    return mean + _noise(n, 1, rng).expand(n, x.shape[1]) @ chol.T


def _sampler_bootstrap(x, n, rng):
    return x[torch.randint(len(x), (n,), generator=rng)].clone()


def _sampler_uniform_noise(x, n, rng):
    mean, chol = _mean_and_chol(x)
    z = (torch.rand(n, x.shape[1], generator=rng, dtype=torch.float64) - 0.5) * math.sqrt(12)
    return mean + z @ chol.T


def _sampler_truncated(x, n, rng):
    mean, chol = _mean_and_chol(x)
    return mean + _noise(n, x.shape[1], rng).clamp(-1, 1) @ chol.T


def _sampler_centres_in_place(x, n, rng):
    mean = x.mean(dim=0)
    x -= mean
    chol = torch.linalg.cholesky(x.T @ x / (len(x) - 1))
    return mean + _noise(n, x.shape[1], rng) @ chol.T


def _sampler_columns(x, n, rng):
    mean, chol = _mean_and_chol(x)
    return mean[:, None] + chol @ _noise(x.shape[1], n, rng)


def _sampler_two_dimensions(x, n, rng):
    mean, chol = _mean_and_chol(x)
    return mean[:2] + _noise(n, 2, rng) @ chol[:2, :2].T


def _sampler_as_many_as_data(x, n, rng):
    mean, chol = _mean_and_chol(x)
    return mean + torch.randn(x.shape, generator=rng, dtype=torch.float64) @ chol.T


def _sampler_box_muller_even_only(x, n, rng):
    mean, chol = _mean_and_chol(x)
    u = torch.rand(n // 2, x.shape[1], generator=rng, dtype=torch.float64)
    v = torch.rand(n // 2, x.shape[1], generator=rng, dtype=torch.float64)
    radius = torch.sqrt(-2 * torch.log1p(-u))
    z = torch.cat([radius * torch.cos(2 * math.pi * v), radius * torch.sin(2 * math.pi * v)])
    return mean + z @ chol.T


def _sampler_cholesky(x, n, rng):
    mean, chol = _mean_and_chol(x)
    return mean + _noise(n, x.shape[1], rng) @ chol.T


def _sampler_symmetric_root(x, n, rng):
    mean = x.mean(dim=0)
    centred = x - mean
    values, vectors = torch.linalg.eigh(centred.T @ centred / x.shape[0])
    root = vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T
    z = torch.empty(n, x.shape[1], dtype=torch.float64).normal_(generator=rng)
    return mean + torch.einsum("nd,de->ne", z, root)


def _sampler_svd(x, n, rng):
    mean = x.mean(dim=0, keepdim=True)
    _, scale, axes = torch.linalg.svd(x - mean, full_matrices=False)
    z = torch.normal(0.0, 1.0, (n, len(scale)), generator=rng, dtype=torch.float64)
    return mean + (z * scale / math.sqrt(len(x) - 1)) @ axes


def _sampler_random_combinations_of_data(x, n, rng):
    # Gaussian weights on the centred rows have exactly the empirical covariance
    mean = x.mean(dim=0)
    return mean + _noise(n, len(x), rng) @ (x - mean) / math.sqrt(len(x))


def _sampler_numpy_seeded_by_rng(x, n, rng):
    seed = torch.randint(2**62, (1,), generator=rng).item()
    data = x.detach().numpy()
    rows = np.random.default_rng(seed).multivariate_normal(data.mean(axis=0), np.cov(data.T), size=n)
    return torch.from_numpy(rows)


def _sampler_coordinate_by_coordinate(x, n, rng):
    mean, cov = x.mean(dim=0), torch.cov(x.T, correction=0)
    out = torch.zeros(n, x.shape[1], dtype=torch.float64)
    for j in range(x.shape[1]):
        z = torch.randn(n, generator=rng, dtype=torch.float64)
        if j == 0:
            out[:, 0] = mean[0] + cov[0, 0].sqrt() * z
            continue
        slope = torch.linalg.solve(cov[:j, :j], cov[:j, j])
        spread = (cov[j, j] - cov[j, :j] @ slope).clamp(min=0).sqrt()
        out[:, j] = mean[j] + (out[:, :j] - mean[:j]) @ slope + spread * z
    return out


def _sampler_box_muller(x, n, rng):
    mean, chol = _mean_and_chol(x)
    u, v = torch.rand(2, n, x.shape[1], generator=rng, dtype=torch.float64)
    z = torch.sqrt(-2 * torch.log1p(-u)) * torch.cos(2 * math.pi * v)
    return torch.stack([mean + chol @ row for row in z])


# ---------------------------------------------------------------- fill_in


def _blocks(mean, cov, hidden):
    h, v = hidden.nonzero().flatten(), (~hidden).nonzero().flatten()
    return h, v, cov[h][:, v], cov[v][:, v]


def _fill_with(correction):
    """Build an answer from a rule (x_v, mean_v, mean_h, cov_hv, cov_vv) -> hidden values."""

    def fill(mean, cov, x, hidden):
        h, v, cov_hv, cov_vv = _blocks(mean, cov, hidden)
        out = x.clone()
        out[:, h] = correction(x[:, v], mean[v], mean[h], cov_hv, cov_vv)
        return out

    return fill


def _fill_swapped_regression(mean, cov, x, hidden):
    h, v = hidden, ~hidden
    out = x.clone()
    visible_on_hidden = cov[v][:, h] @ torch.linalg.inv(cov[h][:, h])
    out[:, h] = mean[h] + (x[:, v] - mean[v]) @ torch.linalg.pinv(visible_on_hidden).T
    return out


def _fill_mask_the_wrong_way(mean, cov, x, hidden):
    h, v = ~hidden, hidden
    out = x.clone()
    out[:, h] = mean[h] + (x[:, v] - mean[v]) @ torch.linalg.solve(cov[v][:, v], cov[v][:, h])
    return out


def _fill_into_x(mean, cov, x, hidden):
    h, v = hidden, ~hidden
    x[:, h] = mean[h] + (x[:, v] - mean[v]) @ torch.linalg.solve(cov[v][:, v], cov[v][:, h])
    return x


def _fill_zero_times_nan(mean, cov, x, hidden):
    keep = (~hidden).double()
    h, v = hidden, ~hidden
    guess = torch.zeros_like(x)
    guess[:, h] = mean[h] + (x[:, v] - mean[v]) @ torch.linalg.solve(cov[v][:, v], cov[v][:, h])
    return keep * x + (1 - keep) * guess


def _fill_uses_hidden_start(mean, cov, x, hidden):
    # one sweep of "each hidden one given all the others", hidden start values included
    precision = torch.linalg.inv(cov)
    out = x.clone()
    for j in hidden.nonzero().flatten().tolist():
        others = [k for k in range(len(mean)) if k != j]
        shift = (out[:, others] - mean[others]) @ precision[j, others] / precision[j, j]
        out[:, j] = mean[j] - shift
    return out


def _fill_precision_wrong_sign(mean, cov, x, hidden):
    h, v = hidden, ~hidden
    precision = torch.linalg.inv(cov)
    out = x.clone()
    out[:, h] = mean[h] + (x[:, v] - mean[v]) @ torch.linalg.solve(precision[h][:, h], precision[h][:, v]).T
    return out


def _fill_hidden_last(mean, cov, x, hidden):
    k = int((~hidden).sum())
    slope = torch.linalg.solve(cov[:k, :k], cov[:k, k:])
    return torch.cat([x[:, :k], mean[k:] + (x[:, :k] - mean[:k]) @ slope], dim=1)


def _fill_order_lost(mean, cov, x, hidden):
    h, v = hidden, ~hidden
    filled = mean[h] + (x[:, v] - mean[v]) @ torch.linalg.solve(cov[v][:, v], cov[v][:, h])
    return torch.cat([x[:, v], filled], dim=1)


def _fill_only_hidden_returned(mean, cov, x, hidden):
    h, v = hidden, ~hidden
    return mean[h] + (x[:, v] - mean[v]) @ torch.linalg.solve(cov[v][:, v], cov[v][:, h])


def _fill_from_first_row(mean, cov, x, hidden):
    h, v = hidden, ~hidden
    out = x.clone()
    out[:, h] = mean[h] + cov[h][:, v] @ torch.linalg.solve(cov[v][:, v], x[0, v] - mean[v])
    return out


def _fill_first_hidden_only(mean, cov, x, hidden):
    h, v = int(hidden.nonzero()[0]), ~hidden
    out = x.clone()
    out[:, h] = mean[h] + (x[:, v] - mean[v]) @ torch.linalg.solve(cov[v][:, v], cov[v, h])
    return out


def _fill_where_nan(mean, cov, x, hidden):
    out = x.clone()
    for row in out:
        gone = row.isnan()
        if gone.any():
            v = ~gone
            shift = torch.linalg.solve(cov[v][:, v], row[v] - mean[v])
            row[gone] = mean[gone] + cov[gone][:, v] @ shift
    return out


def _fill_random(mean, cov, x, hidden):
    h, v = hidden, ~hidden
    slope = torch.linalg.solve(cov[v][:, v], cov[v][:, h])
    chol = torch.linalg.cholesky(cov[h][:, h] - cov[h][:, v] @ slope)
    rng = torch.Generator().manual_seed(0)
    out = x.clone()
    noise = torch.randn(len(x), int(h.sum()), generator=rng, dtype=x.dtype)
    out[:, h] = mean[h] + (x[:, v] - mean[v]) @ slope + noise @ chol.T
    return out


def _fill_squeezed(mean, cov, x, hidden):
    h, v = hidden, ~hidden
    out = x.clone()
    out[:, h] = mean[h] + (x[:, v] - mean[v]) @ torch.linalg.solve(cov[v][:, v], cov[v][:, h])
    return out.squeeze(0)


def _fill_float32(mean, cov, x, hidden):
    mean, cov, out = mean.float(), cov.float(), x.float()
    h, v = hidden, ~hidden
    out[:, h] = mean[h] + (out[:, v] - mean[v]) @ torch.linalg.solve(cov[v][:, v], cov[v][:, h])
    return out.double()


def _fill_round_trip(mean, cov, x, hidden):
    h, v = hidden, ~hidden
    delta = x - mean
    delta[:, h] = delta[:, v] @ torch.linalg.solve(cov[v][:, v], cov[v][:, h])
    return mean + delta


def _fill_by_precision(mean, cov, x, hidden):
    h, v = hidden, ~hidden
    precision = torch.linalg.inv(cov)
    shift = torch.linalg.solve(precision[h][:, h], precision[h][:, v] @ (x[:, v] - mean[v]).T)
    out = x.clone()
    out[:, h] = mean[h] - shift.T
    return out


def _fill_numpy_rows(mean, cov, x, hidden):
    m, c, mask = mean.numpy(), cov.numpy(), hidden.numpy()
    out = np.array(x.numpy(), copy=True)
    slope = c[np.ix_(mask, ~mask)] @ np.linalg.inv(c[np.ix_(~mask, ~mask)])
    for row in out:
        row[mask] = m[mask] + slope @ (row[~mask] - m[~mask])
    return torch.from_numpy(out)


def _fill_one_hidden_at_a_time(mean, cov, x, hidden):
    seen = torch.where(~hidden)[0]
    chol = torch.linalg.cholesky(cov[seen][:, seen])
    columns = []
    for j in range(len(mean)):
        if hidden[j]:
            slope = torch.cholesky_solve(cov[seen, j, None], chol)[:, 0]
            columns.append(mean[j] + (x[:, seen] - mean[seen]) @ slope)
        else:
            columns.append(x[:, j])
    return torch.stack(columns, dim=1)


def _fill_by_gaussian_elimination(mean, cov, x, hidden):
    # sweep out one visible coordinate after another: condition on it, update mean and covariance
    n = x.shape[0]
    means, c = mean.repeat(n, 1), cov.clone()
    for j in (~hidden).nonzero().flatten().tolist():
        gain = c[:, j] / c[j, j]
        means = means + (x[:, j] - means[:, j])[:, None] * gain
        c = c - torch.outer(gain, c[j])
        c[j, j] = 1.0  # known from now on; its covariances are zero
    return torch.where(hidden, means, x)


# ---------------------------------------------------------------- judge_accuracy


def _judge_pooled(real_logits, fake_logits):
    right = (real_logits > 0).double().sum() + (fake_logits < 0).double().sum()
    ties = (real_logits == 0).double().sum() + (fake_logits == 0).double().sum()
    return (right + ties / 2) / (len(real_logits) + len(fake_logits))


def _judge_ties_are_wrong(real_logits, fake_logits):
    return ((real_logits > 0).double().mean() + (fake_logits < 0).double().mean()) / 2


def _judge_ties_are_right(real_logits, fake_logits):
    return ((real_logits >= 0).double().mean() + (fake_logits <= 0).double().mean()) / 2


def _judge_ties_are_real(real_logits, fake_logits):
    return ((real_logits >= 0).double().mean() + (fake_logits < 0).double().mean()) / 2


def _judge_ties_are_fake(real_logits, fake_logits):
    return ((real_logits > 0).double().mean() + (fake_logits <= 0).double().mean()) / 2


def _judge_share_right(logits):
    return (logits > 0).double().mean() + 0.5 * (logits == 0).double().mean()


def _judge_swapped(real_logits, fake_logits):
    return (_judge_share_right(-real_logits) + _judge_share_right(fake_logits)) / 2


def _judge_threshold_half(real_logits, fake_logits):
    def share(v):
        return (v > 0.5).double().mean() + 0.5 * (v == 0.5).double().mean()

    return (share(real_logits) + 1 - share(fake_logits)) / 2


def _judge_through_sigmoid(real_logits, fake_logits):
    def share(v):
        prob = torch.sigmoid(v)
        return (prob > 0.5).double().mean() + 0.5 * (prob == 0.5).double().mean()

    return (share(real_logits) + share(-fake_logits)) / 2


def _judge_soft(real_logits, fake_logits):
    return (torch.sigmoid(real_logits).mean() + torch.sigmoid(-fake_logits).mean()) / 2


def _judge_isclose_ties(real_logits, fake_logits):
    def share(v):
        zero = torch.isclose(v, torch.zeros_like(v), atol=1e-6)
        return ((v > 0) & ~zero).double().mean() + 0.5 * zero.double().mean()

    return (share(real_logits) + share(-fake_logits)) / 2


def _judge_zip(real_logits, fake_logits):
    pairs = list(zip(real_logits.tolist(), fake_logits.tolist(), strict=False))
    score = sum(0.5 + 0.25 * (np.sign(r) - np.sign(f)) for r, f in pairs)
    return float(score / len(pairs))


def _judge_one_length(real_logits, fake_logits):
    right = torch.heaviside(real_logits, torch.tensor(0.5, dtype=real_logits.dtype)).sum()
    right = right + torch.heaviside(-fake_logits, torch.tensor(0.5, dtype=fake_logits.dtype)).sum()
    return right / (2 * len(real_logits))


def _judge_drops_ties(real_logits, fake_logits):
    real, fake = real_logits[real_logits != 0], fake_logits[fake_logits != 0]
    return ((real > 0).double().mean() + (fake < 0).double().mean()) / 2


def _judge_coin_for_ties(real_logits, fake_logits):
    def share(v):
        coin = torch.rand(v.shape, generator=torch.Generator().manual_seed(0)) < 0.5
        return torch.where(v == 0, coin, v > 0).double().mean()

    return (share(real_logits) + share(-fake_logits)) / 2


def _judge_nudges_ties_in_place(real_logits, fake_logits):
    score = (_judge_share_right(real_logits) + _judge_share_right(-fake_logits)) / 2
    real_logits[real_logits == 0] = 1e-9
    return score


def _judge_never_below_half(real_logits, fake_logits):
    score = (_judge_share_right(real_logits) + _judge_share_right(-fake_logits)) / 2
    return torch.maximum(score, 1 - score)


def _judge_by_sign(real_logits, fake_logits):
    return 0.5 + 0.25 * (real_logits.sign().mean() - fake_logits.sign().mean())


def _judge_heaviside(real_logits, fake_logits):
    half = torch.tensor(0.5, dtype=torch.float64)
    scores = [torch.heaviside(v, half).mean() for v in (real_logits, -fake_logits)]
    return sum(scores) / 2


def _judge_counting(real_logits, fake_logits):
    def share(values, sign):
        points = 0.0
        for value in values:
            if sign * value > 0:
                points += 1.0
            elif value == 0:
                points += 0.5
        return points / len(values)

    return (share(real_logits.tolist(), 1) + share(fake_logits.tolist(), -1)) / 2


def _judge_numpy(real_logits, fake_logits):
    real, fake = real_logits.detach().numpy(), fake_logits.detach().numpy()
    return float(
        0.25 * (np.mean(real > 0) + np.mean(real >= 0)) + 0.25 * (np.mean(fake < 0) + np.mean(fake <= 0))
    )


# ---------------------------------------------------------------- best_judge


def _best_hard_by_densities(p, q, share):
    says_real = p > q
    return share * p[says_real].sum() + (1 - share) * q[~says_real].sum()


def _best_ratio(p, q, share):
    threshold = float(1 - share) / float(share)
    says_real = p / q > threshold
    return share * p[says_real].sum() + (1 - share) * q[~says_real].sum()


def _best_log_ratio(p, q, share):
    says_real = torch.log(p) - torch.log(q) > math.log((1 - share) / share)
    return share * p[says_real].sum() + (1 - share) * q[~says_real].sum()


def _best_soft(p, q, share):
    real, fake = share * p, (1 - share) * q
    d = torch.nan_to_num(real / (real + fake), nan=0.5)
    return (real * d + fake * (1 - d)).sum()


def _best_balanced_score(p, q, share):
    says_real = share * p > (1 - share) * q
    return (p[says_real].sum() + q[~says_real].sum()) / 2


def _best_conditional_on_real_only(p, q, share):
    says_real = share * p > (1 - share) * q
    return share * p[says_real].sum()


def _best_in_place(p, q, share):
    p *= share
    q *= 1 - share
    return torch.maximum(p, q).sum()


def _best_interpolated_tv(p, q, share):
    tv = 0.5 * (p - q).abs().sum()
    low = min(share, 1 - share)
    return 1 - low + low * tv


def _best_where(p, q, share):
    says_real = share * p > (1 - share) * q
    return torch.where(says_real, share * p, (1 - share) * q).sum()


def _best_loop(p, q, share):
    share = float(share)
    total = []
    for a, b in zip(p.tolist(), q.tolist(), strict=True):
        total.append(max(share * a, (1 - share) * b))
    return math.fsum(total)


def _best_numpy_one_minus_error(p, q, share):
    error = np.minimum(float(share) * p.detach().numpy(), (1 - float(share)) * q.detach().numpy())
    return float(1 - error.sum())


def _best_stacked(p, q, share):
    weights = torch.tensor([float(share), 1 - float(share)], dtype=torch.float64)
    return (weights[:, None] * torch.stack([p, q])).amax(dim=0).sum()


WRONG: dict[str, list[tuple[str, Any, str]]] = {
    "bayes_posterior": [
        (
            "exponentiates too early",
            _posterior_too_early,
            "subtract the largest entry of each row before you",
        ),
        (
            "softmax over the samples",
            lambda lp, ld: torch.softmax(ld + lp, dim=0),
            "not your rows: normalise over y (dim",
        ),
        (
            "forgets the prior",
            lambda lp, ld: torch.softmax(ld, dim=1),
            "the prior has no effect in your answer: weigh p(x",
        ),
        (
            "returns log posteriors",
            lambda lp, ld: torch.log_softmax(ld + lp, dim=1),
            "the probabilities themselves are wanted",
        ),
        (
            "joint, not normalised",
            lambda lp, ld: torch.exp(ld + lp),
            "y): it is still to be divided by p(x), the sum over y",
        ),
        (
            "one maximum for the whole batch",
            _posterior_global_max,
            "the result holds values that are not finite",
        ),
        ("maximum over the wrong axis", _posterior_column_max, "a small animal of section"),
        (
            "subtracts the row minimum, overflows on spread rows",
            _posterior_row_min,
            "in one row overflow: subtract the largest of the row",
        ),
        (
            "first class as reference, overflows",
            _posterior_first_class_as_reference,
            "in one row overflow: subtract the largest of the row",
        ),
        (
            "adds the prior into log_density in place",
            _posterior_in_place,
            "your function changed its input number",
        ),
        ("epsilon in the denominator", _posterior_eps, "subtract the largest entry of each row before you"),
        ("clamps the log densities", _posterior_clamped, "subtract the largest entry of each row before you"),
        ("two classes only", _posterior_two_classes, "the result has shape"),
        ("one-hot of the best class", _posterior_one_hot, "a small animal of section"),
        ("powers of 2 instead of e", _posterior_base_two, "a small animal of section"),
        (
            "float32 inside",
            lambda lp, ld: torch.softmax(ld.float() + lp.float(), dim=1).double(),
            "subtract the largest entry of each row before you",
        ),
        (
            "returns float32",
            lambda lp, ld: torch.softmax(ld + lp, dim=1).float(),
            "posteriors were expected, not torch",
        ),
        (
            "prior as probability, added to logs",
            lambda lp, ld: torch.softmax(ld + lp.exp(), dim=1),
            "the first row starts with",
        ),
        (
            "prior counted twice",
            lambda lp, ld: torch.softmax(ld + 2 * lp, dim=1),
            "the first row starts with",
        ),
        ("prior subtracted", lambda lp, ld: torch.softmax(ld - lp, dim=1), "the first row starts with"),
        (
            "weights after the softmax",
            lambda lp, ld: torch.softmax(ld, dim=1) * lp.exp(),
            "a small animal of section",
        ),
        (
            "prior along the rows",
            lambda lp, ld: torch.softmax(ld + lp[:, None], dim=1),
            "your code stopped with RuntimeError: The size of tensor a",
        ),
        (
            "squeezes a batch of one",
            lambda lp, ld: torch.softmax(ld + lp, dim=1).squeeze(),
            "the result has shape",
        ),
    ],
    "gaussian_sampler": [
        ("variances only", _sampler_diagonal, "your coordinates are independent: the covariances between"),
        ("one variance for all", _sampler_isotropic, "the covariance of your draws is"),
        ("forgets the mean", _sampler_no_mean, "the mean of your draws is"),
        (
            "multiplies by the covariance, not by its root",
            _sampler_cov_as_root,
            "multiply z by a square root of cov (Cholesky), not by cov",
        ),
        (
            "Cholesky factor not transposed",
            _sampler_chol_not_transposed,
            "T: for rows z, multiply by L transposed",
        ),
        (
            "entrywise square root of the covariance",
            _sampler_entrywise_root,
            "the covariance of your draws is",
        ),
        (
            "eigenvalues without square root",
            _sampler_eigen_without_root,
            "multiply z by a square root of cov (Cholesky), not by cov",
        ),
        ("second moments not centred", _sampler_uncentred, "the covariance of your draws is"),
        ("scatter matrix not divided by m", _sampler_scatter_not_divided, "the mean of your draws is"),
        ("correlations instead of covariances", _sampler_correlation, "the covariance of your draws is"),
        (
            "adds 0.1 to the diagonal",
            _sampler_ridge,
            "mean or covariance is off: fit them to the x given and add",
        ),
        (
            "global random state",
            _sampler_global_state,
            "your function drew from torch's global random state: draw",
        ),
        (
            "MultivariateNormal, global random state",
            _sampler_distribution_object,
            "your function drew from torch's global random state: draw",
        ),
        (
            "seeds the global random state",
            _sampler_seeds_global_state,
            "your function drew from torch's global random state: draw",
        ),
        (
            "reseeds rng on each call",
            _sampler_reseeds,
            "a second call with the same rng repeats the rows: draw from",
        ),
        (
            "own generator from the initial seed",
            _sampler_initial_seed,
            "a second call with the same rng repeats the rows: draw from",
        ),
        (
            "puts the state of rng back",
            _sampler_restores_state,
            "a second call with the same rng repeats the rows: draw from",
        ),
        (
            "fresh non-deterministic seed",
            _sampler_fresh_seed,
            "two generators in the same state give different rows: draw",
        ),
        (
            "numpy's global random state",
            _sampler_numpy_global,
            "two generators in the same state give different rows: draw",
        ),
        ("float32", _sampler_float32, "rows were expected, not torch"),
        ("squeezes n = 1", _sampler_squeezes, "the result has shape"),
        (
            "standardises the noise over the n rows",
            _sampler_standardises_noise,
            "the result holds values that are not finite",
        ),
        (
            "one row n times",
            _sampler_one_row_repeated,
            "seven draws came out as the same row: draw noise of shape",
        ),
        ("one noise number per row", _sampler_one_noise_per_row, "the covariance of your draws is"),
        (
            "resamples the data rows",
            _sampler_bootstrap,
            "your draws are not Gaussian (tails too light): are they",
        ),
        (
            "uniform noise of variance 1",
            _sampler_uniform_noise,
            "your draws are not Gaussian (tails too light): are they",
        ),
        ("clips the noise", _sampler_truncated, "the covariance of your draws is"),
        ("centres x in place", _sampler_centres_in_place, "your function changed its input number"),
        ("returns (d, n)", _sampler_columns, "the result has shape"),
        ("two dimensions only", _sampler_two_dimensions, "the result has shape"),
        ("ignores n", _sampler_as_many_as_data, "the result has shape"),
        ("pairs of normals, odd n loses a row", _sampler_box_muller_even_only, "the result has shape"),
    ],
    "fill_in": [
        (
            "unconditional mean",
            _fill_with(lambda xv, mv, mh, hv, vv: mh),
            "you filled in the mean of the hidden coordinate",
        ),
        (
            "visible part not centred",
            _fill_with(lambda xv, mv, mh, hv, vv: mh + xv @ torch.linalg.solve(vv, hv.T)),
            "v was not centred: use x",
        ),
        (
            "forgets the hidden mean",
            _fill_with(lambda xv, mv, mh, hv, vv: (xv - mv) @ torch.linalg.solve(vv, hv.T)),
            "v) without mu",
        ),
        (
            "sign of the correction",
            _fill_with(lambda xv, mv, mh, hv, vv: mh - (xv - mv) @ torch.linalg.solve(vv, hv.T)),
            "v) without mu",
        ),
        (
            "no inverse of the visible block",
            _fill_with(lambda xv, mv, mh, hv, vv: mh + (xv - mv) @ hv.T),
            "is missing: divide by the variance of the visible part",
        ),
        (
            "only the diagonal of the visible block",
            _fill_with(lambda xv, mv, mh, hv, vv: mh + ((xv - mv) / vv.diagonal()) @ hv.T),
            "rows: the hidden entries are not the conditional mean mu",
        ),
        (
            "entrywise inverse of the visible block",
            _fill_with(lambda xv, mv, mh, hv, vv: mh + (xv - mv) @ (1 / vv) @ hv.T),
            "rows: the hidden entries are not the conditional mean mu",
        ),
        (
            "multiplies by the visible block",
            _fill_with(lambda xv, mv, mh, hv, vv: mh + (xv - mv) @ vv @ hv.T),
            "you have",
        ),
        (
            "centres with the batch mean of x",
            _fill_with(lambda xv, mv, mh, hv, vv: mh + (xv - xv.mean(dim=0)) @ torch.linalg.solve(vv, hv.T)),
            "you filled in the mean of the hidden coordinate",
        ),
        (
            "ridge on the visible block",
            _fill_with(
                lambda xv, mv, mh, hv, vv: (
                    mh + (xv - mv) @ torch.linalg.solve(vv + 0.01 * torch.eye(len(vv), dtype=vv.dtype), hv.T)
                )
            ),
            "you have",
        ),
        (
            "the average hidden value for every row",
            _fill_with(
                lambda xv, mv, mh, hv, vv: mh + ((xv - mv) @ torch.linalg.solve(vv, hv.T)).mean(dim=0)
            ),
            "rows: the hidden entries are not the conditional mean mu",
        ),
        ("regression the other way round", _fill_swapped_regression, "you have"),
        ("mask read as visible", _fill_mask_the_wrong_way, "visible entries stay as they are"),
        ("writes into x", _fill_into_x, "your function changed its input number"),
        ("0 times NaN", _fill_zero_times_nan, "NaN in the hidden places of x spreads into your answer: use"),
        (
            "hidden start values matter",
            _fill_uses_hidden_start,
            "rows: the hidden entries are not the conditional mean mu",
        ),
        ("precision form with the wrong sign", _fill_precision_wrong_sign, "v) without mu"),
        (
            "takes the last coordinates as hidden",
            _fill_hidden_last,
            "visible entries changed: only the hidden ones are to be",
        ),
        (
            "columns come back in another order",
            _fill_order_lost,
            "visible entries changed: only the hidden ones are to be",
        ),
        ("returns the hidden columns only", _fill_only_hidden_returned, "the result has shape"),
        (
            "every row filled from row 0",
            _fill_from_first_row,
            "rows: the hidden entries are not the conditional mean mu",
        ),
        (
            "fills the first hidden coordinate only",
            _fill_first_hidden_only,
            "rows: the hidden entries are not the conditional mean mu",
        ),
        (
            "looks for NaN instead of the mask",
            _fill_where_nan,
            "the hidden entry kept its old value: has the mask the other",
        ),
        ("draws instead of the mean", _fill_random, "you have"),
        ("squeezes a batch of one", _fill_squeezed, "the result has shape"),
        ("float32 inside", _fill_float32, "visible entries changed: only the hidden ones are to be"),
        (
            "visible entries through mean + (x - mean)",
            _fill_round_trip,
            "visible entries changed: only the hidden ones are to be",
        ),
    ],
    "mse_prediction": [
        (
            "absolute error also gives the mean",
            {"squared": 1.8, "loss": 5.76, "absolute": 1.8},
            "a), so a is a median, where half lies on each side",
        ),
        (
            "square root of the loss",
            {"squared": 1.8, "loss": 2.4, "absolute": 3.0},
            "loss: at the mean, the mean squared error is the variance",
        ),
        (
            "the mode everywhere",
            {"squared": 3.0, "loss": 7.2, "absolute": 3.0},
            "the most frequent target minimises the absolute error",
        ),
        (
            "ignores the weights",
            {"squared": 0.0, "loss": 9.0, "absolute": 0.0},
            "a - E x), so a is the mean of the targets",
        ),
        (
            "half the squared error",
            {"squared": 1.8, "loss": 2.88, "absolute": 3.0},
            "loss: at the mean, the mean squared error is the variance",
        ),
        (
            "a squared as the loss",
            {"squared": 1.8, "loss": 3.24, "absolute": 3.0},
            "loss: at the mean, the mean squared error is the variance",
        ),
        (
            "E x^2 as the loss",
            {"squared": 1.8, "loss": 9.0, "absolute": 3.0},
            "loss: at the mean, the mean squared error is the variance",
        ),
        (
            "loss of 0",
            {"squared": 1.8, "loss": 0.0, "absolute": 3.0},
            "loss: at the mean, the mean squared error is the variance",
        ),
        (
            "the absolute error, not the minimiser",
            {"squared": 1.8, "loss": 5.76, "absolute": 1.2},
            "a), so a is a median, where half lies on each side",
        ),
        (
            "the two minimisers swapped",
            {"squared": 3.0, "loss": 5.76, "absolute": 1.8},
            "the most frequent target minimises the absolute error",
        ),
        (
            "only the +3 part of the mean",
            {"squared": 2.4, "loss": 5.76, "absolute": 3.0},
            "a - E x), so a is the mean of the targets",
        ),
        (
            "sign",
            {"squared": -1.8, "loss": 5.76, "absolute": -3.0},
            "a - E x), so a is the mean of the targets",
        ),
        (
            "absolute error gives 0, the middle",
            {"squared": 1.8, "loss": 5.76, "absolute": 0.0},
            "a), so a is a median, where half lies on each side",
        ),
        (
            "rounded too much",
            {"squared": 2, "loss": 5.8, "absolute": 3},
            "a - E x), so a is the mean of the targets",
        ),
        (
            "one left open",
            {"squared": 1.8, "loss": 5.76, "absolute": ...},
            "still without a number: absolute",
        ),
        (
            "one key missing",
            {"squared": 1.8, "loss": 5.76},
            "a dictionary with the keys 'squared', 'loss' and 'absolute'",
        ),
    ],
    "judge_accuracy": [
        ("pooled, not balanced", _judge_pooled, "average the two shares, not all five answers"),
        ("ties count as wrong", _judge_ties_are_wrong, "count as half right, on both sides"),
        ("ties count as right", _judge_ties_are_right, "count as half right, on both sides"),
        ("ties count as saying real", _judge_ties_are_real, "counts as half right"),
        ("ties count as saying fake", _judge_ties_are_fake, "counts as half right"),
        ("real and fake swapped", _judge_swapped, "real and fake are exchanged, or errors counted"),
        (
            "threshold at 0.5 on the logits",
            _judge_threshold_half,
            "logits, not probabilities: the threshold is",
        ),
        (
            "sigmoid first: tiny logits become ties",
            _judge_through_sigmoid,
            "the smallest logit has a sign: compare logits with",
        ),
        ("mean probability instead of share", _judge_soft, "and three fake ones below"),
        (
            "almost zero counts as a tie",
            _judge_isclose_ties,
            "the smallest logit has a sign: compare logits with",
        ),
        ("zip cuts the longer vector", _judge_zip, "average the two shares, not all five answers"),
        (
            "divides both by the number of real ones",
            _judge_one_length,
            "average the two shares, not all five answers",
        ),
        ("ties left out", _judge_drops_ties, "count as half right, on both sides"),
        ("coin for ties", _judge_coin_for_ties, "count as half right, on both sides"),
        ("moves ties in the input", _judge_nudges_ties_in_place, "your function changed its input number"),
        ("never below one half", _judge_never_below_half, "every answer is wrong, yet"),
        (
            "sum of the shares",
            lambda r, f: _judge_share_right(r) + _judge_share_right(-f),
            "and three fake ones below",
        ),
        (
            "in per cent",
            lambda r, f: 50 * (_judge_share_right(r) + _judge_share_right(-f)),
            "is wanted, not a percentage",
        ),
        (
            "share right on real only",
            lambda r, f: _judge_share_right(r),
            "logits, not probabilities: the threshold is",
        ),
        (
            "error instead of accuracy",
            lambda r, f: (_judge_share_right(-r) + _judge_share_right(f)) / 2,
            "real and fake are exchanged, or errors counted",
        ),
        (
            "share called real",
            lambda r, f: (_judge_share_right(r) + _judge_share_right(f)) / 2,
            "and three fake ones below",
        ),
        (
            "shape (1,)",
            lambda r, f: (_judge_share_right(r) + _judge_share_right(-f)).reshape(1) / 2,
            "one number was expected, not a tensor of shape",
        ),
    ],
    "best_judge": [
        (
            "ignores the share",
            lambda p, q, share: 0.5 + 0.25 * (p - q).abs().sum(),
            "equal laws, nine in ten real: always saying 'real' is right",
        ),
        (
            "TV without its half",
            lambda p, q, share: 0.5 + 0.5 * (p - q).abs().sum(),
            "disjoint laws: the best judge is always right",
        ),
        (
            "minimum: the error",
            lambda p, q, share: torch.minimum(share * p, (1 - share) * q).sum(),
            "that is the error of the best judge, not its accuracy",
        ),
        (
            "share on the fakes",
            lambda p, q, share: torch.maximum((1 - share) * p, share * q).sum(),
            "masses s p",
        ),
        (
            "mean over the atoms",
            lambda p, q, share: torch.maximum(share * p, (1 - share) * q).mean(),
            "equal laws: no judge is better than chance",
        ),
        (
            "always the bigger class",
            lambda p, q, share: max(share, 1 - share),
            "disjoint laws: the best judge is always right",
        ),
        (
            "no weights",
            lambda p, q, share: torch.maximum(p, q).sum(),
            "equal laws: no judge is better than chance",
        ),
        (
            "weighted TV without its half",
            lambda p, q, share: 0.5 + (share * p - (1 - share) * q).abs().sum(),
            "disjoint laws: the best judge is always right",
        ),
        (
            "gap without absolute value",
            lambda p, q, share: 0.5 + 0.5 * (share * p - (1 - share) * q).sum(),
            "disjoint laws: the best judge is always right",
        ),
        (
            "maximum of the sums",
            lambda p, q, share: torch.maximum((share * p).sum(), ((1 - share) * q).sum()),
            "disjoint laws: the best judge is always right",
        ),
        (
            "decides by p > q",
            _best_hard_by_densities,
            "equal laws, nine in ten real: always saying 'real' is right",
        ),
        (
            "ratio test, fails at share 0",
            _best_ratio,
            "your code stopped with ZeroDivisionError: float division by",
        ),
        (
            "log-ratio test, fails at share 0 and 1",
            _best_log_ratio,
            "your code stopped with ValueError: math domain error (line",
        ),
        ("probability instead of decision", _best_soft, "expected"),
        (
            "balanced score of the best rule",
            _best_balanced_score,
            "equal laws, nine in ten real: always saying 'real' is right",
        ),
        (
            "counts the real ones only",
            _best_conditional_on_real_only,
            "equal laws: no judge is better than chance",
        ),
        ("weights p and q in place", _best_in_place, "your function changed its input number"),
        (
            "TV scaled by the smaller share",
            _best_interpolated_tv,
            "come out wrong: does your answer assume four atoms",
        ),
        (
            "one value per atom",
            lambda p, q, share: torch.maximum(share * p, (1 - share) * q),
            "one number was expected, not a tensor of shape",
        ),
    ],
}

RIGHT: dict[str, list[tuple[str, Any]]] = {
    "bayes_posterior": [
        ("softmax", lambda lp, ld: torch.softmax(ld + lp, dim=1)),
        ("exp of log_softmax", lambda lp, ld: F.log_softmax(ld + lp[None, :], dim=-1).exp()),
        ("row by row with logsumexp", _posterior_rows_in_a_loop),
        ("numpy, row maximum", _posterior_numpy),
        ("plain Python", _posterior_plain_python),
        ("logaddexp over the classes", _posterior_logaddexp),
    ],
    "gaussian_sampler": [
        ("Cholesky", _sampler_cholesky),
        ("symmetric root, divides by m", _sampler_symmetric_root),
        ("SVD of the centred data", _sampler_svd),
        ("Gaussian combinations of the centred rows", _sampler_random_combinations_of_data),
        ("numpy seeded by rng", _sampler_numpy_seeded_by_rng),
        ("coordinate by coordinate", _sampler_coordinate_by_coordinate),
        ("Box-Muller and a loop over rows", _sampler_box_muller),
    ],
    "fill_in": [
        ("solve", _fill_with(lambda xv, mv, mh, hv, vv: mh + (xv - mv) @ torch.linalg.solve(vv, hv.T))),
        ("blocks of the precision matrix", _fill_by_precision),
        ("numpy, row by row", _fill_numpy_rows),
        ("column by column with cholesky_solve", _fill_one_hidden_at_a_time),
        ("condition on one coordinate after another", _fill_by_gaussian_elimination),
    ],
    "mse_prediction": [
        ("plain numbers", {"squared": 1.8, "loss": 5.76, "absolute": 3}),
        (
            "computed",
            {"squared": 0.8 * 3 - 0.2 * 3, "loss": 0.8 * 1.2**2 + 0.2 * 4.8**2, "absolute": 3.0},
        ),
        (
            "fractions",
            {"squared": Fraction(9, 5), "loss": Fraction(144, 25), "absolute": Fraction(3)},
        ),
        ("within the tolerance", {"squared": 1.805, "loss": 5.755, "absolute": 2.995}),
    ],
    "judge_accuracy": [
        ("mean of signs", _judge_by_sign),
        ("heaviside", _judge_heaviside),
        ("counting, a float", _judge_counting),
        ("numpy, strict and weak inequality averaged", _judge_numpy),
        (
            "clamped after dividing by the size",
            lambda r, f: (
                (torch.clamp(torch.sign(r) + 1, 0, 2) / 2).mean() / 2
                + (torch.clamp(1 - torch.sign(f), 0, 2) / 2).mean() / 2
            ),
        ),
    ],
    "best_judge": [
        ("sum of maxima", lambda p, q, share: torch.maximum(share * p, (1 - share) * q).sum()),
        ("half plus half the gap", lambda p, q, share: 0.5 + 0.5 * (share * p - (1 - share) * q).abs().sum()),
        ("where", _best_where),
        ("plain Python, a float", _best_loop),
        ("numpy, one minus the error", _best_numpy_one_minus_error),
        ("amax of a stack", _best_stacked),
        (
            "always fake, plus what saying real gains",
            lambda p, q, share: (1 - share) + torch.relu(share * p - (1 - share) * q).sum(),
        ),
    ],
}
