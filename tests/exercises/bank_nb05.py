"""Answers to the exercises of notebook 05: plausible wrong ones, and right ones that look different."""

import math
from collections import Counter

import numpy as np
import torch
import torch.nn.functional as F

# conditional_optimal_d --------------------------------------------------------------------------------------


def d_star(p, q):
    return torch.where(p + q > 0, p / (p + q).clamp_min(1e-300), 0.5)


def joint(p_x, q_x, p_y, q_y):
    return p_x * p_y[:, None], q_x * q_y[:, None]


def d_by_loops(p_x, q_x, p_y, q_y):
    out = torch.empty_like(p_x)
    for y in range(len(p_y)):
        for x in range(p_x.shape[1]):
            a, b = float(p_y[y] * p_x[y, x]), float(q_y[y] * q_x[y, x])
            out[y, x] = a / (a + b) if a + b else 0.5
    return out


def d_by_sigmoid(p_x, q_x, p_y, q_y):
    p, q = joint(p_x, q_x, p_y, q_y)
    return torch.nan_to_num(p.log() - q.log(), nan=0.0, posinf=1e4, neginf=-1e4).sigmoid()


def d_without_care(p_x, q_x, p_y, q_y):
    p, q = joint(p_x, q_x, p_y, q_y)
    return p / (p + q)


def d_zero_for_unseen(p_x, q_x, p_y, q_y):
    return torch.nan_to_num(d_without_care(p_x, q_x, p_y, q_y), nan=0.0)


def d_blind(p_x, q_x, p_y, q_y):
    p, q = joint(p_x, q_x, p_y, q_y)
    return d_star(p.sum(0), q.sum(0)).expand_as(p)


def d_blind_vector(p_x, q_x, p_y, q_y):
    return d_star(p_y @ p_x, q_y @ q_x)


def d_in_place(p_x, q_x, p_y, q_y):
    p_x *= p_y[:, None]
    q_x *= q_y[:, None]
    return d_star(p_x, q_x)


# cgan_losses ------------------------------------------------------------------------------------------------


def losses_bce(G, D, real, real_y, z, y):
    """Fresh passes for either loss, with torch's own cross-entropy."""
    bce = F.binary_cross_entropy_with_logits
    a_real, a_fake = D(real, real_y), D(G(z, y).detach(), y)
    L_D = bce(a_real, torch.ones_like(a_real)) + bce(a_fake, torch.zeros_like(a_fake))
    a = D(G(z, y), y)
    return L_D, bce(a, torch.ones_like(a))


def losses_logsigmoid(G, D, real, real_y, z, y):
    with torch.no_grad():
        fake = G(z, y)
    L_D = -(F.logsigmoid(D(real, real_y)).mean() + F.logsigmoid(-D(fake, y)).mean())
    return [L_D, -F.logsigmoid(D(G(z, y), y)).mean()]


def losses(
    real_label="real_y", fake_label="y", asked="y", g_label="y", reduce=torch.mean, detach=True, **change
):
    """The right losses with one thing changed."""

    def answer(G, D, real, real_y, z, y):
        labels = {"real_y": real_y, "y": y}
        fake = G(z, labels[asked])
        seen = fake.detach() if detach else fake
        a_real, a_fake, a = D(real, labels[real_label]), D(seen, labels[fake_label]), D(fake, labels[g_label])
        L_D = reduce(F.softplus(-a_real)) + reduce(F.softplus(a_fake))
        L_G = reduce(F.softplus(-a))
        if change.get("saturating"):
            L_G = -F.softplus(a).mean()
        if change.get("half"):
            L_D = L_D / 2
        if change.get("wrong_pairs"):
            L_D = L_D + F.softplus(D(real, real_y.roll(1))).mean()
        if change.get("swap"):
            L_D, L_G = L_G, L_D
        return L_D, L_G

    return answer


def losses_of_probabilities(G, D, real, real_y, z, y):
    fake = G(z, y)
    L_D = (
        -torch.log(torch.sigmoid(D(real, real_y))).mean()
        - torch.log(1 - torch.sigmoid(D(fake.detach(), y))).mean()
    )
    return L_D, -torch.log(torch.sigmoid(D(fake, y))).mean()


def losses_detached_everywhere(G, D, real, real_y, z, y):
    fake = G(z, y).detach()
    L_D = F.softplus(-D(real, real_y)).mean() + F.softplus(D(fake, y)).mean()
    return L_D, F.softplus(-D(fake, y)).mean()


def losses_one_batch(G, D, real, real_y, z, y):
    fake = G(z, y)
    a = D(torch.cat([real, fake.detach()]), torch.cat([real_y, y]))
    L_D = F.softplus(-a[: len(real)]).mean() + F.softplus(a[len(real) :]).mean()
    return L_D, F.softplus(-D(fake, y)).mean()


def losses_with_random_labels(G, D, real, real_y, z, y):
    return losses()(G, D, real, real_y, z, torch.randint(4, y.shape))


def losses_as_floats(G, D, real, real_y, z, y):
    return tuple(loss.item() for loss in losses()(G, D, real, real_y, z, y))


# class_batch_norm -------------------------------------------------------------------------------------------


def norm_by_torch(h, y, gain, shift, eps=1e-5):
    normal = F.batch_norm(h, None, None, training=True, eps=eps)
    return normal * gain[y, :, None, None] + shift[y, :, None, None]


def norm_by_one_hot(h, y, gain, shift, eps=1e-5):
    flat = h.transpose(0, 1).flatten(1)  # (c, n h w)
    mean = flat.mean(1)
    second = (flat - mean[:, None]).pow(2).mean(1)
    hot = F.one_hot(y, len(gain)).to(h.dtype)
    scale = (hot @ gain) * (second + eps).rsqrt()
    return (h - mean[None, :, None, None]) * scale[..., None, None] + (hot @ shift)[..., None, None]


def norm(
    axes=(0, 2, 3), unbiased=False, exchanged=False, plus_one=False, inside=True, detach=False, eps_fixed=None
):
    def answer(h, y, gain, shift, eps=1e-5):
        eps = eps if eps_fixed is None else eps_fixed
        mean, var = h.mean(axes, keepdim=True), h.var(axes, unbiased=unbiased, keepdim=True)
        if detach:
            mean, var = mean.detach(), var.detach()
        x = (h - mean) / ((var + eps).sqrt() if inside else var.sqrt() + eps)
        if exchanged:
            gain, shift = shift, gain
        return (plus_one + gain[y])[..., None, None] * x + shift[y][..., None, None]

    return answer


def norm_per_class(h, y, gain, shift, eps=1e-5):
    out = torch.zeros_like(h)
    for label in y.unique():
        out[y == label] = norm_by_torch(h[y == label], y[y == label], gain, shift, eps)
    return out


def norm_in_place(h, y, gain, shift, eps=1e-5):
    h.data.copy_(norm_by_torch(h, y, gain, shift, eps))
    return h


def norm_first_class(h, y, gain, shift, eps=1e-5):
    return norm_by_torch(h, y[:1].expand_as(y), gain, shift, eps)


# vote_tags --------------------------------------------------------------------------------------------------


def cosines(samples, words):
    return F.normalize(samples, dim=1) @ F.normalize(words, dim=1).T


def most(votes, k):
    return votes.argsort(descending=True, stable=True)[:k].tolist()


def ballots(score, near):
    return score.topk(near, 1).indices.flatten().bincount(minlength=score.shape[1])


def tags_by_counter(samples, words, near, k):
    votes = Counter({i: 0 for i in range(len(words))})
    for sample in samples.double().numpy():
        matrix = words.double().numpy()
        cosine = matrix @ sample / np.linalg.norm(matrix, axis=1) / np.linalg.norm(sample)
        votes.update(np.argsort(-cosine)[:near].tolist())
    return sorted(votes, key=lambda word: (-votes[word], word))[:k]


def tags_by_ranks(samples, words, near, k):
    ranks = cosines(samples, words).argsort(1, descending=True).argsort(1)  # 0 for the nearest
    votes = (ranks < near).sum(0)
    return (votes * len(words) - torch.arange(len(words))).topk(k).indices


def tags_by_loose_sort(samples, words, near, k):
    votes = ballots(cosines(samples, words), near)
    return sorted(range(len(words)), key=lambda word: (votes[word], word), reverse=True)[:k]


def tags_in_place(samples, words, near, k):
    samples.div_(samples.norm(dim=1, keepdim=True))
    return most(ballots(cosines(samples, words), near), k)


# label_prediction -------------------------------------------------------------------------------------------

BLIND, MATCH, SEEN = -2 * math.log(2), 10 / 11, math.log(10 / 11) + 0.1 * math.log(1 / 11)


def prediction(**changed):
    right = {"blind_value": BLIND, "match": MATCH, "seen_value": SEEN, "agreement": 0.1, "notices": "seeing"}
    return right | changed


WRONG = {
    "conditional_optimal_d": [
        (
            "without label frequencies",
            lambda p_x, q_x, p_y, q_y: d_star(p_x, q_x),
            "label frequencies are missing",
        ),
        (
            "p_y on both sides",
            lambda p_x, q_x, p_y, q_y: d_star(*joint(p_x, q_x, p_y, p_y)),
            "the same on both sides",
        ),
        (
            "q_y on both sides",
            lambda p_x, q_x, p_y, q_y: d_star(*joint(p_x, q_x, q_y, q_y)),
            "the same on both sides",
        ),
        ("p_y and q_y exchanged", lambda p_x, q_x, p_y, q_y: d_star(*joint(p_x, q_x, q_y, p_y)), "exchanged"),
        ("one minus", lambda *laws: 1 - d_star(*joint(*laws)), "1 - D*"),
        ("the logit", lambda *laws: torch.logit(d_star(*joint(*laws))), "logit"),
        ("the ratio", lambda p_x, q_x, p_y, q_y: p_x * p_y[:, None] / (q_x * q_y[:, None]), "ratio p/q"),
        ("blind to y", d_blind, "does not see y"),
        ("blind to y, one row", d_blind_vector, "shape"),
        ("not a number for unseen pairs", d_without_care, "NaN"),
        ("zero for unseen pairs", d_zero_for_unseen, "asks for 1/2"),
        ("changes its inputs", d_in_place, "changed its input"),
        ("float32", lambda *laws: d_star(*joint(*laws)).float().double().float(), "dtype"),
        ("always one half", lambda p_x, *laws: torch.full_like(p_x, 0.5), "expected"),
    ],
    "cgan_losses": [
        (
            "generated images judged under the real labels",
            losses(fake_label="real_y"),
            "label they were asked for",
        ),
        ("real images judged under the generated labels", losses(real_label="y"), "their own label"),
        ("G asked for the real labels", losses(asked="real_y"), "other labels than y"),
        ("G's loss under the real labels", losses(g_label="real_y"), "is y, which G was asked for"),
        ("saturating", losses(saturating=True), "saturating"),
        ("halved", losses(half=True), "halved"),
        ("sums", losses(reduce=torch.sum), "sums"),
        ("exchanged", losses(swap=True), "this order"),
        ("pairs of GAN-CLS", losses(wrong_pairs=True), "GAN-CLS"),
        ("not detached", losses(detach=False), "detach the generated images"),
        ("detached everywhere", losses_detached_everywhere, "no gradient"),
        ("logarithms of sigmoids", losses_of_probabilities, "compute from logits"),
        ("one batch", losses_one_batch, "separate passes"),
        ("labels of its own", losses_with_random_labels, "random numbers"),
        ("floats", losses_as_floats, "expected a tensor"),
        (
            "D called without labels",
            lambda G, D, real, real_y, z, y: (D(real).mean(), D(G(z, y)).mean()),
            "TypeError",
        ),
    ],
    "class_batch_norm": [
        ("statistics per class", norm_per_class, "those of each class"),
        ("statistics per image", norm(axes=(2, 3)), "on its own"),
        ("statistics over channels", norm(axes=(0, 1, 2, 3)), "channels share"),
        ("unbiased variance", norm(unbiased=True), "unbiased"),
        ("gain and shift exchanged", norm(exchanged=True), "exchanged"),
        ("one plus gain", norm(plus_one=True), "not 1 + gain"),
        ("eps beside the root", norm(inside=False), "under the root"),
        ("eps fixed", norm(eps_fixed=1e-5), "eps is ignored"),
        ("statistics detached", norm(detach=True), "mean and variance belong to the graph"),
        ("first label for all", norm_first_class, "own label"),
        (
            "tables indexed over channels",
            lambda h, y, gain, shift, eps: F.batch_norm(h, None, None, gain[0], shift[0], True, 0.1, eps),
            "class",
        ),
        ("changes its input", norm_in_place, "changed its input"),
        ("no gradient", lambda *given: norm_by_torch(*given).detach(), "no gradient"),
        (
            "no shift",
            lambda h, y, gain, shift, eps: norm_by_torch(h, y, gain, 0 * shift, eps),
            "shift is missing",
        ),
    ],
    "vote_tags": [
        ("Euclid", lambda s, w, near, k: most(ballots(-torch.cdist(s, w), near), k), "Euclidean"),
        ("inner products", lambda s, w, near, k: most(ballots(s @ w.T, near), k), "inner products"),
        ("sum of similarities", lambda s, w, near, k: most(cosines(s, w).sum(0), k), "one vote each"),
        (
            "nearest to the mean",
            lambda s, w, near, k: most(cosines(s.mean(0, keepdim=True), w)[0], k),
            "let every sample vote",
        ),
        ("one vote each", lambda s, w, near, k: most(ballots(cosines(s, w), 1), k), "one word only"),
        ("fewest first", lambda s, w, near, k: most(-ballots(cosines(s, w), near), k), "fewest"),
        ("farthest words", lambda s, w, near, k: most(ballots(-cosines(s, w), near), k), "fewest votes"),
        ("ties by the larger number", tags_by_loose_sort, "smaller number"),
        (
            "sorted by number",
            lambda s, w, near, k: sorted(most(ballots(cosines(s, w), near), k)),
            "another order",
        ),
        (
            "near words instead of k",
            lambda s, w, near, k: most(ballots(cosines(s, w), near), near),
            "expected k",
        ),
        (
            "the votes",
            lambda s, w, near, k: ballots(cosines(s, w), near).sort(descending=True).values[:k],
            "",
        ),
        ("changes its input", tags_in_place, "changed its input"),
        (
            "first sample only",
            lambda s, w, near, k: most(ballots(cosines(s[:1], w), near), k),
            "order",
        ),
    ],
    "label_prediction": [
        ("half of V", prediction(blind_value=-math.log(2)), "one of the two expectations"),
        ("V above 0", prediction(blind_value=2 * math.log(2)), "at most 0"),
        ("D certain", prediction(match=1.0), "one in ten"),
        ("D undecided", prediction(match=0.5), "no difference"),
        ("0.9", prediction(match=0.9), "p/(p + q)"),
        ("seeing as blind", prediction(seen_value=BLIND), "does not see y"),
        ("no weight", prediction(seen_value=math.log(10 / 11) + math.log(1 / 11)), "by 1/10"),
        ("lucky pairs forgotten", prediction(seen_value=math.log(10 / 11)), "by luck"),
        ("G obeys", prediction(agreement=1.0), "listens"),
        ("both notice", prediction(notices="both"), "which pairs occur"),
        ("a word that is no choice", prediction(notices="D"), "choose one of"),
        ("one missing", {key: value for key, value in prediction().items() if key != "match"}, "match"),
        ("a list", [BLIND, MATCH, SEEN, 0.1, "seeing"], "dictionary"),
    ],
}

RIGHT = {
    "conditional_optimal_d": [
        ("loops", d_by_loops),
        ("the logistic function of the log ratio", d_by_sigmoid),
    ],
    "cgan_losses": [
        ("torch's cross-entropy, fresh passes", losses_bce),
        ("logsigmoid, no_grad", losses_logsigmoid),
    ],
    "class_batch_norm": [
        ("torch's own batch norm", norm_by_torch),
        ("one-hot times tables", norm_by_one_hot),
    ],
    "vote_tags": [("a counter", tags_by_counter), ("ranks, a tensor", tags_by_ranks)],
    "label_prediction": [
        (
            "two decimals",
            {
                "blind_value": -1.386,
                "match": 0.909,
                "seen_value": -0.335,
                "agreement": 0.1,
                "notices": "seeing",
            },
        ),
        ("tensors", prediction(match=torch.tensor(10 / 11), agreement=torch.tensor(0.1))),
    ],
}
