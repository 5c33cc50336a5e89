"""Answers by someone who had only read the exercises of notebook 03."""

from __future__ import annotations

import math
from itertools import islice
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F

# ---------------------------------------------------------------- gan_losses


def losses_softplus(real, fake):
    return F.softplus(-real).mean() + F.softplus(fake).mean(), F.softplus(-fake).mean()


def losses_log_of_sigmoid(real, fake):
    p, q = torch.sigmoid(real), torch.sigmoid(fake)
    return -p.log().mean() - (1 - q).log().mean(), -q.log().mean()


def losses_bce_of_sigmoid(real, fake):
    p, q, bce = torch.sigmoid(real), torch.sigmoid(fake), F.binary_cross_entropy
    return bce(p, torch.ones_like(p)) + bce(q, torch.zeros_like(q)), bce(q, torch.ones_like(q))


def losses_concatenated(real, fake):
    logits = torch.cat([real.flatten(), fake.flatten()])
    targets = torch.cat([torch.ones(real.numel()), torch.zeros(fake.numel())]).to(logits)
    return 2 * F.binary_cross_entropy_with_logits(logits, targets), F.softplus(-fake).mean()


def losses_divide_by_len(real, fake):
    d_loss = F.softplus(-real).sum() / len(real) + F.softplus(fake).sum() / len(fake)
    return d_loss, F.softplus(-fake).sum() / len(fake)


def losses_bce_with_logits(real, fake):
    bce = F.binary_cross_entropy_with_logits
    d_loss = bce(real, torch.ones_like(real)) + bce(fake, torch.zeros_like(fake))
    return d_loss, bce(fake, torch.ones_like(fake))


def losses_logsigmoid(real, fake):
    return -F.logsigmoid(real).mean() - F.logsigmoid(-fake).mean(), -F.logsigmoid(fake).mean()


# ---------------------------------------------------------------- the two steps


def make_d_step(
    *, loss_of=losses_softplus, noise=torch.randn, clear=True, detach=True, prepare=None, finish=None
):
    """A step of D from parts; the variants below each change one."""

    def d_step(G, D, optimiser, x_real, latent):
        if prepare:
            prepare(G, D)
        if clear:
            optimiser.zero_grad()
        fake = G(noise(len(x_real), latent))
        loss = loss_of(D(x_real), D(fake.detach() if detach else fake))[0]
        loss.backward()
        optimiser.step()
        if finish:
            finish(G, D)
        return loss.item()

    return d_step


def make_g_step(
    *,
    loss_of=losses_softplus,
    noise=torch.randn,
    clear=True,
    detach=False,
    prepare=None,
    finish=None,
    steps=1,
):
    """A step of G from parts; the variants below each change one."""

    def g_step(G, D, optimiser, n, latent):
        if prepare:
            prepare(G, D)
        if clear:
            optimiser.zero_grad()
        fake = G(noise(n, latent))
        logits = D(fake.detach() if detach else fake)
        loss = loss_of(logits, logits)[1]
        loss.backward()
        optimiser.step()
        if finish:
            finish(G, D)
        return loss.item()

    return g_step


def seeded_noise(*shape):
    torch.manual_seed(0)
    return torch.randn(*shape)


def d_step_scales_x_in_place(G, D, optimiser, x_real, latent):
    x_real.mul_(2).sub_(1)
    return d_step_plain(G, D, optimiser, x_real, latent)


def d_step_loss_after(G, D, optimiser, x_real, latent):
    fake = G(torch.randn(len(x_real), latent)).detach()
    optimiser.zero_grad()
    losses_softplus(D(x_real), D(fake))[0].backward()
    optimiser.step()
    return losses_softplus(D(x_real), D(fake))[0].item()


d_step_plain = make_d_step()


def d_step_no_grad(G, D, optimiser, x_real, latent):
    D.zero_grad()
    with torch.no_grad():
        fake = G(torch.randn(x_real.shape[0], latent))
    loss = losses_bce_with_logits(D(x_real), D(fake))[0]
    loss.backward()
    optimiser.step()
    return loss.detach()


def d_step_two_backwards(G, D, optimiser, x_real, latent):
    z = torch.randn((len(x_real), latent))
    optimiser.zero_grad(set_to_none=False)
    loss_real = -F.logsigmoid(D(x_real)).mean()
    loss_real.backward()
    loss_fake = -F.logsigmoid(-D(G(z).detach())).mean()
    loss_fake.backward()
    optimiser.step()
    return float(loss_real.detach()) + float(loss_fake.detach())


def g_step_no_grad_around_d(G, D, optimiser, n, latent):
    optimiser.zero_grad()
    fake = G(torch.randn(n, latent))
    with torch.no_grad():
        logits = D(fake)
    loss = F.softplus(-logits).mean()
    loss.requires_grad_().backward()
    optimiser.step()
    return loss.item()


g_step_plain = make_g_step()


def g_step_freeze_and_restore(G, D, optimiser, n, latent):
    flags = [(p, p.requires_grad) for p in D.parameters()]
    for p, _ in flags:
        p.requires_grad_(False)
    try:
        G.zero_grad()
        loss = -F.logsigmoid(D(G(torch.randn(n, latent)))).mean()
        loss.backward()
    finally:
        for p, flag in flags:
            p.requires_grad_(flag)
    optimiser.step()
    return loss.detach()


def g_step_autograd_grad(G, D, optimiser, n, latent):
    logits = D(G(torch.randn((n, latent))))
    loss = F.binary_cross_entropy_with_logits(logits, torch.ones_like(logits))
    owned = [p for p in G.parameters() if p.requires_grad]
    for p, g in zip(owned, torch.autograd.grad(loss, owned, allow_unused=True), strict=True):
        p.grad = g
    optimiser.step()
    return loss.item()


# ---------------------------------------------------------------- play_round


def round_g_first(d_move, g_move, batches, k):
    g_loss = g_move()
    return sum(d_move(next(batches)) for _ in range(k)) / k, g_loss


def round_g_every_time(d_move, g_move, batches, k):
    pairs = [(d_move(next(batches)), g_move()) for _ in range(k)]
    return sum(d for d, _ in pairs) / k, pairs[-1][1]


def round_takes_one_too_many(d_move, g_move, batches, k):
    losses = [d_move(x) for x, _ in zip(batches, range(k), strict=False)]
    return sum(losses) / k, g_move()


def round_fetches_ahead(d_move, g_move, batches, k):
    x, total = next(batches), 0.0
    for _ in range(k):
        total += d_move(x)
        x = next(batches)
    return total / k, g_move()


def round_plain(d_move, g_move, batches, k):
    total = 0.0
    for _ in range(k):
        total += float(d_move(next(batches)))
    return total / k, float(g_move())


def round_islice(d_move, g_move, batches, k):
    losses = np.array([float(d_move(x)) for x in islice(batches, k)])
    return float(losses.mean()), float(g_move())


def round_zip(d_move, g_move, batches, k):
    losses = [float(d_move(x)) for _, x in zip(range(k), batches, strict=False)]
    return math.fsum(losses) / len(losses), float(g_move())


# ---------------------------------------------------------------- count_modes


def make_count(*, squared=False, nearest=True, share="all", strict=False):
    """A counter from parts; the variants below each change one."""

    def count(samples, means, radius, least):
        distance = (samples[:, None, :] - means[None, :, :]).pow(2).sum(dim=-1).sqrt()
        distance = distance**2 if squared else distance
        member = distance <= radius
        if nearest:
            member &= F.one_hot(distance.argmin(dim=1), distance.shape[1]).bool()
        belongs = member.sum(dim=0).tolist()
        whole = {"all": len(samples), "assigned": max(1, sum(belongs)), "one": 1}[share]
        return sum(b / whole > least if strict else b / whole >= least for b in belongs)

    return count


def count_visited(samples, means, radius, least):
    distance, index = torch.cdist(samples, means).min(dim=1)
    return len(index[distance <= radius].unique())


def count_centres_samples(samples, means, radius, least):
    centre = means.mean(dim=0)
    samples -= centre
    return make_count()(samples, means - centre, radius, least)


def count_loop(samples, means, radius, least):
    hits = [0] * len(means)
    for s in samples.tolist():
        distances = [math.dist(s, m) for m in means.tolist()]
        best = min(range(len(distances)), key=distances.__getitem__)
        hits[best] += distances[best] <= radius
    return sum(h / len(samples) >= least for h in hits)


def count_numpy(samples, means, radius, least):
    s, m = samples.detach().numpy().astype(float), means.detach().numpy().astype(float)
    distance = np.linalg.norm(s[:, None] - m[None], axis=-1)
    near = distance.argmin(axis=1)[distance.min(axis=1) <= radius]
    return int((np.bincount(near, minlength=len(m)) / len(s) >= least).sum())


# ---------------------------------------------------------------- latent_path


def make_path(
    *, weights=None, evaluate=True, restore=True, no_grad=True, prepare=None, finish=None, join=None
):
    """A path from parts; the variants below each change one."""

    def path(G, z_start, z_end, steps):
        modes = [(m, m.training) for m in G.modules()]
        if evaluate:
            G.eval()
        if prepare:
            prepare(G, None)
        t = (weights or (lambda n: torch.linspace(0, 1, n)))(steps)[:, None].to(z_start)
        with torch.set_grad_enabled(not no_grad):
            out = G((1 - t) * z_start + t * z_end)
        if restore:
            for m, mode in modes:
                m.training = mode
        if finish:
            finish(G, None)
        return join(out) if join else out

    return path


def path_spherical(G, z_start, z_end, steps):
    angle = torch.acos(F.cosine_similarity(z_start, z_end, dim=0))
    t = torch.linspace(0, 1, steps)[:, None]
    z = (torch.sin((1 - t) * angle) * z_start + torch.sin(t * angle) * z_end) / torch.sin(angle)
    modes = [(m, m.training) for m in G.modules()]
    G.eval()
    with torch.no_grad():
        out = G(z)
    for m, mode in modes:
        m.training = mode
    return out


def path_moves_z_start(G, z_start, z_end, steps):
    step, first, pictures = (z_end - z_start) / (steps - 1), make_path(), []
    for _ in range(steps):
        pictures.append(first(G, z_start, z_start, 2)[:1])
        z_start += step
    return torch.cat(pictures)


def path_point_by_point(G, z_start, z_end, steps):
    modes = {m: m.training for m in G.modules()}
    G.eval()
    with torch.no_grad():
        out = [G(torch.lerp(z_start, z_end, i / (steps - 1)).unsqueeze(0)) for i in range(steps)]
    for m, mode in modes.items():
        m.training = mode
    return torch.cat(out, dim=0)


def path_numpy_then_detach(G, z_start, z_end, steps):
    z = torch.from_numpy(np.linspace(z_start.detach().numpy(), z_end.detach().numpy(), steps)).to(
        z_start.dtype
    )
    modes = [m.training for m in G.modules()]
    out = G.eval()(z).detach()
    for m, mode in zip(G.modules(), modes, strict=True):
        m.training = mode
    return out


def _autograd_ratio():
    a = torch.tensor(-6.0, dtype=torch.float64, requires_grad=True)
    (minimax,) = torch.autograd.grad(torch.log(1 - torch.sigmoid(a)), a)
    (non_saturating,) = torch.autograd.grad(-F.logsigmoid(a), a)
    return (non_saturating / minimax).item()


WRONG: dict[str, list[tuple[str, Any, str]]] = {
    "gan_losses": [
        ("log of sigmoid", losses_log_of_sigmoid, "the logarithm of a rounded probability is lost"),
        ("BCE of sigmoid", losses_bce_of_sigmoid, "clamping or eps keeps the value finite but kills the"),
        (
            "logits clamped",
            lambda r, f: losses_softplus(r.clamp(-50, 50), f.clamp(-50, 50)),
            "the logarithm of a rounded probability is lost",
        ),
        (
            "saturating",
            lambda r, f: (losses_softplus(r, f)[0], -F.softplus(f).mean()),
            "the non-saturating one was asked",
        ),
        (
            "minimax sign of d_loss",
            lambda r, f: (-losses_softplus(r, f)[0], losses_softplus(r, f)[1]),
            "it has the wrong sign: D *minimises* -V, a positive number",
        ),
        (
            "labels swapped",
            lambda r, f: losses_softplus(-r, -f),
            "real and fake are exchanged: D's target is",
        ),
        (
            "pair swapped",
            lambda r, f: losses_softplus(r, f)[::-1],
            "the two losses are in the other order: D's first",
        ),
        (
            "half",
            lambda r, f: (losses_softplus(r, f)[0] / 2, losses_softplus(r, f)[1]),
            "it is half of what was asked: the two means are added, not",
        ),
        (
            "log base 2",
            lambda r, f: tuple(v / math.log(2) for v in losses_softplus(r, f)),
            "it is in bits: use the natural logarithm",
        ),
        (
            "sums",
            lambda r, f: (F.softplus(-r).sum() + F.softplus(f).sum(), F.softplus(-f).sum()),
            "it is a sum over the batch: take means",
        ),
        (
            "unequal batches pooled",
            losses_concatenated,
            "Each half is the mean over its own batch, whatever its size",
        ),
        (
            "divided by the length of the first axis",
            losses_divide_by_len,
            "each mean is over *all* entries, not over rows",
        ),
        (
            "fake detached in d_loss",
            lambda r, f: (losses_softplus(r, f.detach())[0], losses_softplus(r, f)[1]),
            "the value is right, but the gradient of D's loss in the",
        ),
        (
            "no gradient",
            lambda r, f: tuple(v.detach() for v in losses_softplus(r, f)),
            "the loss of D carries no gradient: return tensors, without",
        ),
    ],
    "discriminator_step": [
        (
            "no detach: G gets gradients",
            make_d_step(detach=False),
            "after D's step G has gradients: cut the graph between G and",
        ),
        (
            "old gradients kept",
            make_d_step(clear=False),
            "gradients that were left in D from before joined this",
        ),
        (
            "log of sigmoid",
            make_d_step(loss_of=losses_log_of_sigmoid),
            "D's parameters are not finite after a step with logits in",
        ),
        (
            "ascent",
            make_d_step(loss_of=lambda r, f: [-v for v in losses_softplus(r, f)]),
            "D moved, but not along its gradient: it goes uphill:",
        ),
        (
            "half the loss",
            make_d_step(loss_of=lambda r, f: [v / 2 for v in losses_softplus(r, f)]),
            "D moved, but not along its gradient: it is half as long:",
        ),
        (
            "labels swapped",
            make_d_step(loss_of=lambda r, f: losses_softplus(f, r)),
            "D moved, but not along its gradient: targets are exchanged",
        ),
        (
            "only the real half",
            make_d_step(loss_of=lambda r, f: [F.softplus(-r).mean()]),
            "D moved, but not along its gradient: only the real half",
        ),
        (
            "fails for n = 1",
            make_d_step(loss_of=lambda r, f: losses_softplus(r.squeeze()[:, None], f.squeeze()[:, None])),
            "your code stopped with IndexError: too many indices for",
        ),
        ("uniform noise", make_d_step(noise=torch.rand), "and deviation"),
        (
            "seed inside",
            make_d_step(noise=seeded_noise),
            "two steps in a row used the same z: draw fresh noise in",
        ),
        ("fixed batch of 64", make_d_step(noise=lambda n, d: torch.randn(64, d)), "expected (n, latent"),
        (
            "same noise in each row",
            make_d_step(noise=lambda n, d: torch.randn(1, d).expand(n, d)),
            "all rows of z are the same: draw each sample's noise on its",
        ),
        (
            "train mode forced",
            make_d_step(prepare=lambda G, D: (G.train(), D.train())),
            "G came in eval mode and your step left it in training mode",
        ),
        (
            "G left in eval mode",
            make_d_step(prepare=lambda G, D: G.eval()),
            "G came in training mode and your step left it in eval mode",
        ),
        (
            "G left frozen",
            make_d_step(prepare=lambda G, D: G.requires_grad_(False)),
            "parameters of G do not require gradients any more after",
        ),
        ("x_real changed", d_step_scales_x_in_place, "real: the batch is not yours to edit"),
        ("loss after the step", d_step_loss_after, "the update is right, but you returned"),
    ],
    "generator_step": [
        ("fake detached", make_g_step(detach=True), "G's parameters did not change: does a gradient arrive"),
        (
            "no_grad around D",
            g_step_no_grad_around_d,
            "G's parameters did not change: does a gradient arrive",
        ),
        (
            "old gradients kept",
            make_g_step(clear=False),
            "gradients that were left in G from before joined this",
        ),
        (
            "saturating",
            make_g_step(loss_of=lambda r, f: (None, -F.softplus(f).mean())),
            "G moved, but not along its gradient: this is the saturating",
        ),
        (
            "G helps D",
            make_g_step(loss_of=lambda r, f: (None, F.softplus(f).mean())),
            "G moved, but not along its gradient: G learns to be",
        ),
        (
            "ascent",
            make_g_step(loss_of=lambda r, f: (None, -F.softplus(-f).mean())),
            "G moved, but not along its gradient: it goes uphill:",
        ),
        (
            "sum",
            make_g_step(loss_of=lambda r, f: (None, F.softplus(-f).sum())),
            "G moved, but not along its gradient: it is too long: the",
        ),
        (
            "log of sigmoid",
            make_g_step(loss_of=losses_log_of_sigmoid),
            "G's parameters are not finite after a step with logits near",
        ),
        (
            "BCE of sigmoid",
            make_g_step(loss_of=losses_bce_of_sigmoid),
            "G's parameters did not change: does a gradient arrive",
        ),
        (
            "fails for n = 1",
            make_g_step(loss_of=lambda r, f: losses_softplus(r, f.squeeze()[:, None])),
            "your code stopped with IndexError: too many indices for",
        ),
        ("uniform noise", make_g_step(noise=torch.rand), "and deviation"),
        (
            "seed inside",
            make_g_step(noise=seeded_noise),
            "two steps in a row used the same z: draw fresh noise in",
        ),
        (
            "train mode forced",
            make_g_step(prepare=lambda G, D: (G.train(), D.train())),
            "G came in eval mode and your step left it in training mode",
        ),
        (
            "D left in eval mode",
            make_g_step(prepare=lambda G, D: D.eval()),
            "D came in training mode and your step left it in eval mode",
        ),
        (
            "D left frozen",
            make_g_step(prepare=lambda G, D: D.requires_grad_(False)),
            "parameters of D do not require gradients any more after",
        ),
        (
            "D thawed although frozen before",
            make_g_step(finish=lambda G, D: D.requires_grad_(True)),
            "grad False) and your step thawed it: restore what you found",
        ),
    ],
    "play_round": [
        ("sum", lambda d, g, batches, k: (sum(d(next(batches)) for _ in range(k)), g()), "their mean is"),
        (
            "last loss",
            lambda d, g, batches, k: ([d(next(batches)) for _ in range(k)][-1], g()),
            "the last loss",
        ),
        (
            "one batch k times",
            lambda d, g, batches, k: (sum(map(d, [next(batches)] * k)) / k, g()),
            "every move of D needs a fresh batch",
        ),
        (
            "k = 1 always",
            lambda d, g, batches, k: (d(next(batches)), g()),
            "the moves were DG, expected DDG: D has",
        ),
        ("pair swapped", lambda d, g, batches, k: round_plain(d, g, batches, k)[::-1], "their mean is"),
        ("G first", round_g_first, "the moves were GD, expected DG: D moves first"),
        (
            "G after each move of D",
            round_g_every_time,
            "the moves were DGDG, expected DDG: G moves once per round,",
        ),
        ("takes k + 1 batches", round_takes_one_too_many, "batches were taken from the data"),
        ("fetches ahead", round_fetches_ahead, "batches were taken from the data"),
    ],
    "count_modes": [
        (
            "squared distance",
            make_count(squared=True),
            "compare distances with the radius, not their squares",
        ),
        (
            "not only the nearest mean",
            make_count(nearest=False),
            "a sample belongs to its nearest mode alone",
        ),
        (
            "share of the assigned",
            make_count(share="assigned"),
            "is a share of *all* samples, not of those near a mode",
        ),
        ("least read as a count", make_count(share="one"), "a mode counts only if it gets the share"),
        ("more than least", make_count(strict=True), "samples at a mode: you counted"),
        ("visited at all", count_visited, "a mode counts only if it gets the share"),
        (
            "no radius",
            lambda s, m, radius, least: make_count()(s, m, float("inf"), least),
            "twenty samples far from every mode: you counted",
        ),
        (
            "two coordinates",
            lambda s, m, radius, least: make_count()(s[:, :2], m[:, :2], radius, least),
            "away in three dimensions, radius",
        ),
        (
            "share of the modes",
            lambda s, m, radius, least: make_count()(s, m, radius, least) / len(m),
            "ten samples at each of two of three modes: you returned",
        ),
        (
            "samples changed",
            count_centres_samples,
            "your function changes the samples it is given: work on a",
        ),
    ],
    "latent_path": [
        ("no end", make_path(weights=lambda n: torch.linspace(0, 1, n + 1)[:-1]), "the last sample is"),
        (
            "neither end",
            make_path(weights=lambda n: torch.linspace(0, 1, n + 2)[1:-1]),
            "the first sample is",
        ),
        (
            "backwards",
            make_path(weights=lambda n: torch.linspace(1, 0, n)),
            "the path runs backwards: it starts at z",
        ),
        (
            "not evenly spaced",
            make_path(weights=lambda n: torch.linspace(0, 1, n) ** 2),
            "both ends are right, but not what lies between: z",
        ),
        ("random points", make_path(weights=lambda n: torch.rand(n).sort().values), "the first sample is"),
        ("great circle", path_spherical, "both ends are right, but not what lies between: z"),
        ("train mode", make_path(evaluate=False), "G was in training mode while you sampled: call G"),
        (
            "left in eval mode",
            make_path(restore=False),
            "G was in training mode before your call and is not any",
        ),
        (
            "left in train mode",
            make_path(finish=lambda G, D: G.train()),
            "G was in eval mode before your call and is not any more:",
        ),
        ("graph kept", make_path(no_grad=False), "the samples still carry a graph: sample under torch"),
        (
            "left frozen",
            make_path(prepare=lambda G, D: G.requires_grad_(False)),
            "G's parameters no longer require gradients after your call:",
        ),
        ("list", make_path(join=list), "return a tensor (steps"),
        ("z_start changed", path_moves_z_start, "with batch norm the ends of the path are not G(z"),
    ],
    "gradient_forecast": [
        (
            "exchanged",
            {"minimax": "strong", "non_saturating": "weak", "ratio": 403.43},
            "A strong D silences this loss",
        ),
        (
            "both weak",
            {"minimax": "weak", "non_saturating": "weak", "ratio": 403.43},
            "non-saturating: the slope of -log sigma(a) is -",
        ),
        (
            "reciprocal",
            {"minimax": "weak", "non_saturating": "strong", "ratio": math.exp(-6)},
            "that is the other way round, minimax over non-saturating",
        ),
        (
            "logarithm of the ratio",
            {"minimax": "weak", "non_saturating": "strong", "ratio": 6},
            "- sigma(a) by sigma(a) at a",
        ),
        (
            "strong over weak",
            {"minimax": "weak", "non_saturating": "strong", "ratio": math.exp(5)},
            "- sigma(a) by sigma(a) at a",
        ),
        (
            "at a = -1",
            {"minimax": "weak", "non_saturating": "strong", "ratio": math.e},
            "- sigma(a) by sigma(a) at a",
        ),
        (
            "ratio of the losses",
            {"minimax": "weak", "non_saturating": "strong", "ratio": 2424},
            "- sigma(a) by sigma(a) at a",
        ),
        (
            "10 % off",
            {"minimax": "weak", "non_saturating": "strong", "ratio": 444},
            "- sigma(a) by sigma(a) at a",
        ),
    ],
}

RIGHT: dict[str, list[tuple[str, Any]]] = {
    "gan_losses": [
        ("softplus", losses_softplus),
        ("cross-entropy with logits", losses_bce_with_logits),
        ("logsigmoid", losses_logsigmoid),
    ],
    "discriminator_step": [
        ("detach", d_step_plain),
        ("no_grad around G", d_step_no_grad),
        ("two backward passes", d_step_two_backwards),
    ],
    "generator_step": [
        ("plain", g_step_plain),
        ("D frozen and restored", g_step_freeze_and_restore),
        ("autograd.grad", g_step_autograd_grad),
    ],
    "play_round": [
        ("loop", round_plain),
        ("islice", round_islice),
        ("zip", round_zip),
    ],
    "count_modes": [
        ("broadcast", make_count()),
        ("loop", count_loop),
        ("numpy", count_numpy),
    ],
    "latent_path": [
        ("weights", make_path()),
        ("point by point", path_point_by_point),
        ("numpy, then detach", path_numpy_then_detach),
    ],
    "gradient_forecast": [
        ("number", {"minimax": "weak", "non_saturating": "strong", "ratio": 403.43}),
        ("formula", {"ratio": math.exp(6), "non_saturating": "strong", "minimax": "weak"}),
        ("autograd", {"minimax": "weak", "non_saturating": "strong", "ratio": _autograd_ratio()}),
        ("by head", {"minimax": "weak", "non_saturating": "strong", "ratio": 400}),
    ],
}
