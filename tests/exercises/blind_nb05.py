"""Answers by someone who had only read the exercises of notebook 05."""

import math
from collections import Counter
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

# Exercise 1: conditional_optimal_d


def optimal_ignores_label_laws(p_x, q_x, p_y, q_y):
    return torch.where(p_x + q_x > 0, p_x / (p_x + q_x), 0.5)


def optimal_even_labels_hard_coded(p_x, q_x, p_y, q_y):
    a = p_x * p_y[:, None]
    b = q_x / len(q_y)
    return torch.where(a + b > 0, a / (a + b), 0.5)


def optimal_label_laws_swapped(p_x, q_x, p_y, q_y):
    a = p_x * q_y[:, None]
    b = q_x * p_y[:, None]
    return torch.where(a + b > 0, a / (a + b), 0.5)


def optimal_nan_where_empty(p_x, q_x, p_y, q_y):
    a = p_x * p_y.unsqueeze(1)
    b = q_x * q_y.unsqueeze(1)
    return a / (a + b)


def optimal_zero_where_empty(p_x, q_x, p_y, q_y):
    a = p_x * p_y.unsqueeze(1)
    b = q_x * q_y.unsqueeze(1)
    return a / (a + b).clamp_min(1e-300)


def optimal_from_odds(p_x, q_x, p_y, q_y):
    odds = (p_y / q_y)[:, None] * (p_x / q_x)  # 0 / 0 and inf * 0 for one-sided zeros
    d = odds / (1 + odds)
    return torch.where((p_x == 0) & (q_x == 0), 0.5, d)


def optimal_label_law_on_pictures(p_x, q_x, p_y, q_y):
    a, b = p_x * p_y, q_x * q_y
    return torch.where(a + b > 0, a / (a + b), 0.5)


def optimal_blind_to_label(p_x, q_x, p_y, q_y):
    p, q = p_y @ p_x, q_y @ q_x
    d = torch.where(p + q > 0, p / (p + q), 0.5)
    return d.expand(p_x.shape).clone()


def optimal_multiplies_in_place(p_x, q_x, p_y, q_y):
    p_x *= p_y[:, None]
    q_x *= q_y[:, None]
    total = p_x + q_x
    return torch.where(total > 0, p_x / total, 0.5)


def optimal_smoothed(p_x, q_x, p_y, q_y):
    a = p_x * p_y[:, None] + 1e-4
    b = q_x * q_y[:, None] + 1e-4
    return a / (a + b)


def optimal_half_only_by_picture(p_x, q_x, p_y, q_y):
    a, b = p_x * p_y[:, None], q_x * q_y[:, None]
    return (a / (a + b)).masked_fill((p_x == 0) & (q_x == 0), 0.5)  # p(y) = q(y) = 0 forgotten


def optimal_by_where(p_x, q_x, p_y, q_y):
    a = p_x * p_y[:, None]
    total = a + q_x * q_y[:, None]
    return torch.where(total > 0, a / total, torch.full_like(total, 0.5))


def optimal_by_loops(p_x, q_x, p_y, q_y):
    rows = []
    for y in range(p_x.shape[0]):
        row = []
        for x in range(p_x.shape[1]):
            a = p_y[y].item() * p_x[y, x].item()
            b = q_y[y].item() * q_x[y, x].item()
            row.append(a / (a + b) if a + b > 0 else 0.5)
        rows.append(row)
    return torch.tensor(rows, dtype=torch.float64)


def optimal_by_sigmoid(p_x, q_x, p_y, q_y):
    logit = (p_x * p_y[:, None]).log() - (q_x * q_y[:, None]).log()
    return torch.sigmoid(torch.nan_to_num(logit, nan=0.0, posinf=math.inf, neginf=-math.inf))


def optimal_by_numpy(p_x, q_x, p_y, q_y):
    a = np.einsum("kn,k->kn", p_x.numpy(), p_y.numpy())
    total = a + np.einsum("kn,k->kn", q_x.numpy(), q_y.numpy())
    return torch.from_numpy(np.divide(a, total, out=np.full_like(a, 0.5), where=total > 0))


# Exercise 2: cgan_losses


def losses_d_halved(G, D, real, real_y, z, y):
    fake = G(z, y)
    loss_d = 0.5 * (F.softplus(-D(real, real_y)).mean() + F.softplus(D(fake.detach(), y)).mean())
    return loss_d, F.softplus(-D(fake, y)).mean()


def losses_no_detach(G, D, real, real_y, z, y):
    fake = G(z, y)
    loss_d = F.softplus(-D(real, real_y)).mean() + F.softplus(D(fake, y)).mean()
    return loss_d, F.softplus(-D(fake, y)).mean()


def losses_detached_twice(G, D, real, real_y, z, y):
    fake = G(z, y).detach()
    loss_d = F.softplus(-D(real, real_y)).mean() + F.softplus(D(fake, y)).mean()
    return loss_d, F.softplus(-D(fake, y)).mean()


def losses_saturating_generator(G, D, real, real_y, z, y):
    fake = G(z, y)
    loss_d = F.softplus(-D(real, real_y)).mean() + F.softplus(D(fake.detach(), y)).mean()
    return loss_d, -F.softplus(D(fake, y)).mean()


def losses_one_call_of_d(G, D, real, real_y, z, y):
    fake = G(z, y)
    scores = D(torch.cat([real, fake.detach()]), torch.cat([real_y, y]))
    n = len(real)
    loss_d = F.softplus(-scores[:n]).mean() + F.softplus(scores[n:]).mean()
    return loss_d, F.softplus(-D(fake, y)).mean()


def losses_sigmoid_then_log(G, D, real, real_y, z, y):
    fake = G(z, y)
    loss_d = -D(real, real_y).sigmoid().log().mean() - (1 - D(fake.detach(), y).sigmoid()).log().mean()
    return loss_d, -D(fake, y).sigmoid().log().mean()


def losses_clamped_logarithm(G, D, real, real_y, z, y):
    fake = G(z, y)

    def prob(x, labels):
        return torch.sigmoid(D(x, labels)).clamp(1e-7, 1 - 1e-7)

    loss_d = -prob(real, real_y).log().mean() - (1 - prob(fake.detach(), y)).log().mean()
    return loss_d, -prob(fake, y).log().mean()


def losses_mean_over_both_batches(G, D, real, real_y, z, y):
    fake = G(z, y)
    terms = torch.cat([F.softplus(-D(real, real_y)), F.softplus(D(fake.detach(), y))])
    return 2 * terms.mean(), F.softplus(-D(fake, y)).mean()


def losses_with_wrong_pairs(G, D, real, real_y, z, y):
    fake = G(z, y)
    wrong = F.softplus(D(real, real_y.roll(1))).mean()
    made = F.softplus(D(fake.detach(), y)).mean()
    return F.softplus(-D(real, real_y)).mean() + (made + wrong) / 2, F.softplus(-D(fake, y)).mean()


def losses_logits_clamped(G, D, real, real_y, z, y):
    fake = G(z, y)

    def score(x, labels):
        return D(x, labels).clamp(-30, 30)

    loss_d = F.softplus(-score(real, real_y)).mean() + F.softplus(score(fake.detach(), y)).mean()
    return loss_d, F.softplus(-score(fake, y)).mean()


def losses_fresh_noise_for_g(G, D, real, real_y, z, y):
    fake = G(z, y).detach()
    loss_d = F.softplus(-D(real, real_y)).mean() + F.softplus(D(fake, y)).mean()
    return loss_d, F.softplus(-D(G(torch.randn_like(z), y), y)).mean()


def losses_real_labels_for_fakes(G, D, real, real_y, z, y):
    fake = G(z, y)
    judged = real_y[torch.arange(len(fake)) % len(real_y)]
    loss_d = F.softplus(-D(real, real_y)).mean() + F.softplus(D(fake.detach(), judged)).mean()
    return loss_d, F.softplus(-D(fake, judged)).mean()


def losses_by_softplus(G, D, real, real_y, z, y):
    fake = G(z, y)
    loss_d = F.softplus(-D(real, real_y)).mean() + F.softplus(D(fake.detach(), y)).mean()
    loss_g = F.softplus(-D(fake, y)).mean()
    return loss_d, loss_g


def losses_by_bce(G, D, real, real_y, z, y):
    def bce(logits, target):
        return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))

    fake = G(z, y)
    loss_g = bce(D(fake, y), 1.0)
    loss_d = bce(D(fake.detach(), y), 0.0) + bce(D(real, real_y), 1.0)
    return loss_d, loss_g


def losses_by_two_class_cross_entropy(G, D, real, real_y, z, y):
    def cross(logits, is_real):
        two = torch.cat([torch.zeros_like(logits), logits], dim=1)
        return F.cross_entropy(two, torch.full((len(two),), int(is_real), device=two.device))

    fake = G(z, y)
    return (
        cross(D(real, real_y), True) + cross(D(fake.detach(), y), False),
        cross(D(fake, y), True),
    )


def losses_by_logaddexp(G, D, real, real_y, z, y):
    on_real = D(real, real_y)
    fake = G(z, y)
    on_copy, on_fake = D(fake.detach(), y), D(fake, y)
    zero = on_real.new_zeros(())
    loss_d = torch.logaddexp(zero, -on_real).sum() / on_real.numel()
    loss_d = loss_d + torch.logaddexp(zero, on_copy).sum() / on_copy.numel()
    return loss_d, torch.logaddexp(zero, -on_fake).sum() / on_fake.numel()


# Exercise 3: class_batch_norm


def norm_unbiased_variance(h, y, gain, shift, eps=1e-5):
    mean = h.mean((0, 2, 3), keepdim=True)
    var = h.var((0, 2, 3), keepdim=True)
    return gain[y][:, :, None, None] * (h - mean) / (var + eps).sqrt() + shift[y][:, :, None, None]


def norm_statistics_of_each_class(h, y, gain, shift, eps=1e-5):
    out = torch.zeros_like(h)
    for label in y.unique():
        rows = h[y == label]
        mean = rows.mean((0, 2, 3), keepdim=True)
        var = rows.var((0, 2, 3), correction=0, keepdim=True)
        unit = (rows - mean) / (var + eps).sqrt()
        out[y == label] = gain[label][None, :, None, None] * unit + shift[label][None, :, None, None]
    return out


def norm_of_each_image(h, y, gain, shift, eps=1e-5):
    unit = F.instance_norm(h, eps=eps)
    return gain[y][:, :, None, None] * unit + shift[y][:, :, None, None]


def norm_eps_outside_the_root(h, y, gain, shift, eps=1e-5):
    mean = h.mean((0, 2, 3), keepdim=True)
    std = h.std((0, 2, 3), correction=0, keepdim=True)
    return gain[y][:, :, None, None] * (h - mean) / (std + eps) + shift[y][:, :, None, None]


def norm_gain_around_one(h, y, gain, shift, eps=1e-5):
    unit = F.batch_norm(h, None, None, training=True, eps=eps)
    return (1 + gain[y][:, :, None, None]) * unit + shift[y][:, :, None, None]


def norm_statistics_detached(h, y, gain, shift, eps=1e-5):
    mean = h.detach().mean((0, 2, 3), keepdim=True)
    var = h.detach().var((0, 2, 3), correction=0, keepdim=True)
    return gain[y][:, :, None, None] * (h - mean) / (var + eps).sqrt() + shift[y][:, :, None, None]


def norm_eps_ignored(h, y, gain, shift, eps=1e-5):
    unit = F.batch_norm(h, None, None, training=True)
    return gain[y][:, :, None, None] * unit + shift[y][:, :, None, None]


def norm_one_hot_too_narrow(h, y, gain, shift, eps=1e-5):
    pick = F.one_hot(y).to(gain.dtype)  # as many columns as the largest label in this batch + 1
    unit = F.batch_norm(h, None, None, training=True, eps=eps)
    return (pick @ gain)[:, :, None, None] * unit + (pick @ shift)[:, :, None, None]


def norm_centred_in_place(h, y, gain, shift, eps=1e-5):
    values = h.data
    values -= values.mean((0, 2, 3), keepdim=True)
    var = h.var((0, 2, 3), correction=0, keepdim=True)
    return gain[y][:, :, None, None] * h / (var + eps).sqrt() + shift[y][:, :, None, None]


def norm_shift_before_gain(h, y, gain, shift, eps=1e-5):
    unit = F.batch_norm(h, None, None, training=True, eps=eps)
    return gain[y][:, :, None, None] * (unit + shift[y][:, :, None, None])


def norm_result_in_double(h, y, gain, shift, eps=1e-5):
    wide = h.double()
    mean = wide.mean((0, 2, 3), keepdim=True)
    var = wide.var((0, 2, 3), correction=0, keepdim=True)
    return gain[y][:, :, None, None] * (wide - mean) / (var + eps).sqrt() + shift[y][:, :, None, None]


def norm_tables_as_numbers(h, y, gain, shift, eps=1e-5):
    unit = F.batch_norm(h, None, None, training=True, eps=eps)
    rows = torch.tensor(gain.tolist(), dtype=h.dtype)[y], torch.tensor(shift.tolist(), dtype=h.dtype)[y]
    return rows[0][:, :, None, None] * unit + rows[1][:, :, None, None]


def norm_by_formula(h, y, gain, shift, eps=1e-5):
    mean = h.mean((0, 2, 3), keepdim=True)
    centred = h - mean
    var = centred.square().mean((0, 2, 3), keepdim=True)
    return gain[y][:, :, None, None] * centred * (var + eps).rsqrt() + shift[y][:, :, None, None]


def norm_by_torch(h, y, gain, shift, eps=1e-5):
    layer = torch.nn.BatchNorm2d(h.shape[1], eps=eps, affine=False, track_running_stats=False)
    g, b = F.embedding(y, gain), F.embedding(y, shift)
    return torch.einsum("nc,nchw->nchw", g, layer(h)) + b.view(*b.shape, 1, 1)


def norm_by_loops(h, y, gain, shift, eps=1e-5):
    planes = []
    for c in range(h.shape[1]):
        values = h[:, c]
        var, mean = torch.var_mean(values, correction=0)
        unit = (values - mean) / torch.sqrt(var + eps)
        rows = [gain[k, c] * u + shift[k, c] for k, u in zip(y.tolist(), unit, strict=True)]
        planes.append(torch.stack(rows))
    return torch.stack(planes, dim=1)


def norm_by_one_hot(h, y, gain, shift, eps=1e-5):
    pick = F.one_hot(y, num_classes=gain.shape[0]).to(gain.dtype)
    flat = h.transpose(0, 1).flatten(1)  # (c, everything)
    unit = (flat - flat.mean(1, keepdim=True)) / (flat.var(1, correction=0, keepdim=True) + eps) ** 0.5
    unit = unit.view(h.shape[1], h.shape[0], *h.shape[2:]).transpose(0, 1)
    return torch.addcmul((pick @ shift)[..., None, None], (pick @ gain)[..., None, None], unit)


# Exercise 4: label_prediction

SEEN = math.log(10 / 11) + 0.1 * math.log(1 / 11)
LABELS = {
    "blind_value": -math.log(4),
    "match": 10 / 11,
    "seen_value": SEEN,
    "agreement": 0.1,
    "notices": "seeing",
}

# Exercise 5: vote_tags


def votes_by_dot_product(samples, words, near, k):
    picks = (samples @ words.T).topk(near, dim=1).indices
    votes = torch.bincount(picks.flatten(), minlength=len(words))
    return votes.argsort(descending=True, stable=True)[:k]


def votes_words_not_normalised(samples, words, near, k):
    unit = samples / samples.norm(dim=1, keepdim=True)
    picks = (unit @ words.T).topk(near, dim=1).indices
    votes = torch.bincount(picks.flatten(), minlength=len(words))
    return votes.argsort(descending=True, stable=True)[:k]


def votes_by_distance(samples, words, near, k):
    picks = torch.cdist(samples, words).topk(near, dim=1, largest=False).indices
    votes = torch.bincount(picks.flatten(), minlength=len(words))
    return votes.argsort(descending=True, stable=True)[:k]


def votes_farthest(samples, words, near, k):
    cosine = F.normalize(samples) @ F.normalize(words).T
    picks = cosine.argsort(dim=1)[:, :near]
    votes = torch.bincount(picks.flatten(), minlength=len(words))
    return votes.argsort(descending=True, stable=True)[:k]


def votes_weighted_by_cosine(samples, words, near, k):
    cosine, picks = (F.normalize(samples) @ F.normalize(words).T).topk(near, dim=1)
    votes = torch.zeros(len(words), dtype=cosine.dtype)
    votes.scatter_add_(0, picks.flatten(), cosine.flatten())
    return votes.argsort(descending=True, stable=True)[:k]


def votes_ties_to_larger_number(samples, words, near, k):
    picks = (F.normalize(samples) @ F.normalize(words).T).topk(near, dim=1).indices
    votes = torch.bincount(picks.flatten(), minlength=len(words))
    return votes.argsort(stable=True).flip(0)[:k]


def votes_ties_by_first_seen(samples, words, near, k):
    picks = (F.normalize(samples) @ F.normalize(words).T).topk(near, dim=1).indices
    found = [word for word, _ in Counter(picks.flatten().tolist()).most_common(k)]
    rest = [word for word in range(len(words)) if word not in found]
    return (found + rest)[:k]


def votes_without_fill(samples, words, near, k):
    picks = (F.normalize(samples) @ F.normalize(words).T).topk(near, dim=1).indices
    count = Counter(picks.flatten().tolist())
    return sorted(count, key=lambda word: (-count[word], word))[:k]


def votes_of_the_mean_sample(samples, words, near, k):
    cosine = F.cosine_similarity(samples.mean(0, keepdim=True), words)
    return cosine.argsort(descending=True)[:k]


def votes_normalised_along_wrong_axis(samples, words, near, k):
    cosine = F.normalize(samples, dim=0) @ F.normalize(words, dim=0).T
    votes = torch.bincount(cosine.topk(near, dim=1).indices.flatten(), minlength=len(words))
    return votes.argsort(descending=True, stable=True)[:k]


def votes_normalising_in_place(samples, words, near, k):
    samples /= samples.norm(dim=1, keepdim=True)
    words /= words.norm(dim=1, keepdim=True)
    votes = torch.bincount((samples @ words.T).topk(near, dim=1).indices.flatten(), minlength=len(words))
    return votes.argsort(descending=True, stable=True)[:k]


def votes_near_and_k_swapped(samples, words, near, k):
    picks = (F.normalize(samples) @ F.normalize(words).T).topk(k, dim=1).indices
    votes = torch.bincount(picks.flatten(), minlength=len(words))
    return votes.argsort(descending=True, stable=True)[:near]


def votes_winners_in_number_order(samples, words, near, k):
    picks = (F.normalize(samples) @ F.normalize(words).T).topk(near, dim=1).indices
    votes = torch.bincount(picks.flatten(), minlength=len(words))
    return votes.argsort(descending=True, stable=True)[:k].sort().values


def votes_by_stable_sort(samples, words, near, k):
    unit = words / words.norm(dim=1, keepdim=True)  # the length of a sample changes no order
    picks = (samples @ unit.T).topk(near, dim=1).indices
    votes = torch.bincount(picks.flatten(), minlength=len(words))
    return votes.argsort(descending=True, stable=True)[:k]


def votes_by_counter(samples, words, near, k):
    count = Counter()
    for sample in samples:
        cosine = F.cosine_similarity(sample[None], words, dim=1).tolist()
        count.update(sorted(range(len(words)), key=lambda i: -cosine[i])[:near])
    return sorted(range(len(words)), key=lambda i: (-count[i], i))[:k]


def votes_by_lexsort(samples, words, near, k):
    s, w = samples.numpy().astype(np.float64), words.numpy().astype(np.float64)
    cosine = (s / np.linalg.norm(s, axis=1)[:, None]) @ (w / np.linalg.norm(w, axis=1)[:, None]).T
    votes = np.zeros(len(w), dtype=np.int64)
    np.add.at(votes, np.argsort(-cosine, axis=1)[:, :near].ravel(), 1)
    return np.lexsort((np.arange(len(w)), -votes))[:k].tolist()


def votes_by_one_score(samples, words, near, k):
    cosine = torch.nn.functional.normalize(samples.double()) @ torch.nn.functional.normalize(words.double()).T
    least = cosine.sort(dim=1).values[:, -near].unsqueeze(1)
    score = (cosine >= least).sum(0) * len(words) - torch.arange(len(words))
    return score.topk(k).indices


WRONG: dict[str, list[tuple[str, Any, str]]] = {
    "conditional_optimal_d": [
        (
            "label laws ignored",
            optimal_ignores_label_laws,
            "label frequencies are missing, or the same on both sides:",
        ),
        (
            "labels of G taken as even",
            optimal_even_labels_hard_coded,
            "label frequencies are missing, or the same on both sides:",
        ),
        ("p(y) and q(y) swapped", optimal_label_laws_swapped, "the two label frequencies are exchanged"),
        (
            "nan for pairs nobody produces",
            optimal_nan_where_empty,
            "there are NaNs: where p(x, y) + q(x, y) = 0 the contract asks",
        ),
        (
            "0 for pairs nobody produces",
            optimal_zero_where_empty,
            "where p(x, y) + q(x, y) = 0 the contract asks for 1/2",
        ),
        ("odds of 0 / 0", optimal_from_odds, "there are NaNs: where p(x, y) + q(x, y) = 0 the contract asks"),
        (
            "label law along the pictures",
            optimal_label_law_on_pictures,
            "your code stopped with RuntimeError: The size of tensor a (3)",
        ),
        (
            "marginal of x: D does not see y",
            optimal_blind_to_label,
            "that is the D that does not see y: do not sum over the labels",
        ),
        ("inputs multiplied in place", optimal_multiplies_in_place, "work on a copy, such as x.clone()"),
        ("smoothed by 1e-4", optimal_smoothed, "D*(x=1, y=0) is 0.1669, expected 0.1667"),
        (
            "nan where both label laws are zero",
            optimal_half_only_by_picture,
            "there are NaNs: where p(x, y) + q(x, y) = 0 the contract asks",
        ),
        (
            "probability of being generated",
            lambda p_x, q_x, p_y, q_y: 1 - optimal_by_where(p_x, q_x, p_y, q_y),
            "that is 1 - D*: D is near 1 where the data put more mass",
        ),
        (
            "logit instead of probability",
            lambda p_x, q_x, p_y, q_y: optimal_by_where(p_x, q_x, p_y, q_y).logit(),
            "that is the logit: pass it through the logistic function",
        ),
        (
            "float32",
            lambda p_x, q_x, p_y, q_y: optimal_by_where(p_x.float(), q_x.float(), p_y.float(), q_y.float()),
            "the result has dtype torch.float32, expected torch.float64",
        ),
    ],
    "cgan_losses": [
        ("half of the sum for D", losses_d_halved, "L_D: you halved it: the two means are added"),
        ("no detach: L_D reaches G", losses_no_detach, "detach the generated images there"),
        ("detached for L_G as well", losses_detached_twice, "detach the images in L_D only"),
        (
            "saturating loss of G",
            losses_saturating_generator,
            "L_G: that is the saturating loss E log(1 - D): the",
        ),
        (
            "real and generated rows in one call of D",
            losses_one_call_of_d,
            "use separate passes, or batch norm in D would tell them apart",
        ),
        (
            "log of sigmoid overflows",
            losses_sigmoid_then_log,
            "a loss is [inf, inf]: compute from logits, softplus(a)",
        ),
        (
            "probability clamped: 16 where 200 is right",
            losses_clamped_logarithm,
            "L_D is 16.03, expected 211.37",
        ),
        ("one mean over n + m rows", losses_mean_over_both_batches, "L_D is 2.5532, expected 2.9254"),
        (
            "wrong pairs added",
            losses_with_wrong_pairs,
            "L_D: real images with a wrong label are no part of the CGAN,",
        ),
        ("logits clamped to 30", losses_logits_clamped, "L_D is 28.001, expected 211.37"),
        ("fresh noise for L_G", losses_fresh_noise_for_g, "the noise z and the labels y are given"),
        (
            "generated rows judged with the labels of real ones",
            losses_real_labels_for_fakes,
            "L_D: generated images go to D with the label they were asked",
        ),
        (
            "pair in the wrong order",
            lambda *args: losses_by_softplus(*args)[::-1],
            "L_D: it is the loss of G: return (L_D, L_G) in this order",
        ),
        (
            "floats without gradient",
            lambda *args: tuple(t.item() for t in losses_by_softplus(*args)),
            "L_D is float, expected a tensor with its graph",
        ),
    ],
    "class_batch_norm": [
        (
            "variance divides by number - 1",
            norm_unbiased_variance,
            "the variance is the unbiased one: batch norm divides by the",
        ),
        (
            "statistics of each class",
            norm_statistics_of_each_class,
            "the statistics are those of each class: take mean and variance",
        ),
        (
            "statistics of each image",
            norm_of_each_image,
            "your code stopped with ValueError: Expected more than 1 spatial",
        ),
        ("eps outside the root", norm_eps_outside_the_root, "eps goes under the root, to the variance"),
        ("1 + gain", norm_gain_around_one, "the gain is multiplied on as it is, not 1 + gain"),
        (
            "mean and variance detached",
            norm_statistics_detached,
            "the values are right, the gradient in h is not: mean and",
        ),
        ("eps ignored", norm_eps_ignored, "eps is ignored or fixed: use the one that is given"),
        (
            "one-hot as wide as the largest label present",
            norm_one_hot_too_narrow,
            "your code stopped with RuntimeError: mm: mat1 and mat2 shapes",
        ),
        ("h centred in place", norm_centred_in_place, "work on a copy, such as x.clone()"),
        ("shift inside the gain", norm_shift_before_gain, "the shift goes on after the gain, not before"),
        ("float64 out of float32", norm_result_in_double, "the result has the dtype of h"),
        ("tables cut from the graph", norm_tables_as_numbers, "a detach, .data or new tensor cuts the graph"),
        (
            "gain and shift swapped",
            lambda h, y, gain, shift, eps=1e-5: norm_by_formula(h, y, shift, gain, eps),
            "gain and shift are exchanged",
        ),
    ],
    "label_prediction": [
        (
            "an optimal D always at 1/2",
            LABELS | {"match": 0.5, "seen_value": -math.log(4)},
            "that would be a D that has seen no difference. Think again: on",
        ),
        (
            "D certain on a match",
            LABELS | {"match": 1.0},
            "G does make matching pairs, one in ten: D cannot be sure. Think",
        ),
        (
            "0.9 instead of 10/11",
            LABELS | {"match": 0.9},
            "D* is p/(p + q), and q is a tenth of p. Think again: on a",
        ),
        (
            "blind value in bits",
            LABELS | {"blind_value": -2.0},
            "without y, D compares all real images with all generated ones,",
        ),
        (
            "one logarithm of 1/2 only",
            LABELS | {"blind_value": -math.log(2)},
            "that is one of the two expectations; V has two. Think again:",
        ),
        (
            "generated term forgotten",
            LABELS | {"seen_value": math.log(10 / 11)},
            "you forgot the generated pairs that match by luck. Think again:",
        ),
        (
            "mismatched real pairs counted",
            LABELS | {"seen_value": 0.1 * math.log(10 / 11) + 0.1 * math.log(1 / 11)},
            "all real pairs match, and one generated pair in ten does; the",
        ),
        (
            "generated term not weighted with 1/10",
            LABELS | {"seen_value": math.log(10 / 11) + math.log(1 / 11)},
            "only one generated pair in ten matches: weight log(1/11) by",
        ),
        (
            "sign of the seen value",
            LABELS | {"seen_value": -SEEN},
            "V is at most 0. Think again: all real pairs match, and one",
        ),
        (
            "D that sees y wins completely",
            LABELS | {"seen_value": 0.0},
            "all real pairs match, and one generated pair in ten does; the",
        ),
        (
            "agreement in percent",
            LABELS | {"agreement": 10},
            "G ignores the requested class and there are ten",
        ),
        ("no sample agrees", LABELS | {"agreement": 0.0}, "G ignores the requested class and there are ten"),
        (
            "both notice the rotation",
            LABELS | {"notices": "both"},
            "exchanged labels change which pairs occur, not which images",
        ),
        (
            "nobody notices the rotation",
            LABELS | {"notices": "neither"},
            "exchanged labels change which pairs occur, not which images",
        ),
    ],
    "vote_tags": [
        (
            "dot product",
            votes_by_dot_product,
            "you compare inner products: divide by the lengths of the words",
        ),
        (
            "words not normalised",
            votes_words_not_normalised,
            "you compare inner products: divide by the lengths of the words",
        ),
        (
            "Euclidean distance",
            votes_by_distance,
            "these are the nearest words by Euclidean distance: the contract",
        ),
        ("farthest words", votes_farthest, "these have the fewest votes: most votes first"),
        (
            "votes weighted with the cosine",
            votes_weighted_by_cosine,
            "you returned [0, 13, 14, 16, 2, 18, 27, 4, 3, 20], expected [0,",
        ),
        (
            "ties to the larger number",
            votes_ties_to_larger_number,
            "equal votes: the word with the smaller number comes first",
        ),
        (
            "ties by first appearance",
            votes_ties_by_first_seen,
            "the right words in another order: most votes first, equal votes",
        ),
        ("words without votes left out", votes_without_fill, "2 words, expected k = 4"),
        (
            "nearest to the mean sample",
            votes_of_the_mean_sample,
            "these are the words nearest to the mean of the samples: let",
        ),
        (
            "normalised along the wrong axis",
            votes_normalised_along_wrong_axis,
            "you returned [13, 14, 26, 8, 18, 22, 15, 16, 6, 7], expected",
        ),
        ("inputs normalised in place", votes_normalising_in_place, "work on a copy, such as x.clone()"),
        ("near and k swapped", votes_near_and_k_swapped, "1 words, expected k = 2"),
        (
            "winners in the order of their numbers",
            votes_winners_in_number_order,
            "the right words in another order: most votes first, equal votes",
        ),
    ],
}

RIGHT: dict[str, list[tuple[str, Any]]] = {
    "conditional_optimal_d": [
        ("where", optimal_by_where),
        ("two loops over floats", optimal_by_loops),
        ("sigmoid of a difference of logarithms", optimal_by_sigmoid),
        ("numpy divide", optimal_by_numpy),
    ],
    "cgan_losses": [
        ("softplus", losses_by_softplus),
        ("binary cross-entropy with logits", losses_by_bce),
        ("two-class cross-entropy", losses_by_two_class_cross_entropy),
        ("logaddexp, sums over counts", losses_by_logaddexp),
    ],
    "class_batch_norm": [
        ("formula", norm_by_formula),
        ("BatchNorm2d without parameters", norm_by_torch),
        ("loops over channels and rows", norm_by_loops),
        ("one-hot times tables", norm_by_one_hot),
    ],
    "label_prediction": [
        ("logarithms", LABELS),
        (
            "three decimals",
            {
                "blind_value": -1.386,
                "match": 0.909,
                "seen_value": -0.335,
                "agreement": 0.1,
                "notices": "seeing",
            },
        ),
        (
            "from the law of the pairs",
            {
                "blind_value": 2 * math.log(0.5),
                "match": 0.1 / (0.1 + 0.01),
                "seen_value": 10 * 0.1 * math.log(0.1 / 0.11) + 10 * 0.01 * math.log(0.01 / 0.11),
                "agreement": 1 / 10,
                "notices": "seeing",
            },
        ),
        (
            "two decimals",
            {
                "blind_value": -1.39,
                "match": 0.91,
                "seen_value": -0.335,
                "agreement": 0.1,
                "notices": "seeing",
            },
        ),
    ],
    "vote_tags": [
        ("stable sort, only words normalised", votes_by_stable_sort),
        ("Counter and sorted", votes_by_counter),
        ("numpy lexsort", votes_by_lexsort),
        ("votes and number in one score", votes_by_one_score),
    ],
}
