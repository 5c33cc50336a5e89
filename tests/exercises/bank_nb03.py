"""Answers to the exercises of notebook 03: plausible wrong ones, and right ones that look different."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.functional import softplus

# gan_losses -------------------------------------------------------------------------------------------------


def losses(d, g):
    return lambda real, fake: (d(real, fake), g(fake))


def d_right(real, fake):
    return softplus(-real).mean() + softplus(fake).mean()


def g_right(fake):
    return softplus(-fake).mean()


def d_log_sigmoid(real, fake):
    return -(real.sigmoid().log().mean() + (1 - fake.sigmoid()).log().mean())


def g_log_sigmoid(fake):
    return -fake.sigmoid().log().mean()


def d_eps(real, fake):
    return -((real.sigmoid() + 1e-12).log().mean() + (1 - fake.sigmoid() + 1e-12).log().mean())


def d_clamped_bce(real, fake):
    ones, zeros = torch.ones_like(real), torch.zeros_like(fake)
    return F.binary_cross_entropy(real.sigmoid(), ones) + F.binary_cross_entropy(fake.sigmoid(), zeros)


def d_one_mean(real, fake):
    logits = torch.cat([real, fake])
    targets = torch.cat([torch.ones_like(real), torch.zeros_like(fake)])
    return 2 * F.binary_cross_entropy_with_logits(logits, targets)


def d_with_labels(real, fake):
    bce = F.binary_cross_entropy_with_logits
    return bce(real, torch.ones_like(real)) + bce(fake, torch.zeros_like(fake))


def d_logaddexp(real, fake):
    def log_one_plus_exp(t):
        return torch.logaddexp(t, torch.zeros_like(t))

    return log_one_plus_exp(-real).mean() + log_one_plus_exp(fake).mean()


def d_by_hand(real, fake):
    def stable(t):
        return t.relu() + torch.log1p(torch.exp(-t.abs()))

    return stable(-real).sum() / real.numel() + stable(fake).sum() / fake.numel()


# the two steps ----------------------------------------------------------------------------------------------


def d_loss(D, x_real, x_fake):
    return softplus(-D(x_real)).mean() + softplus(D(x_fake)).mean()


def d_step(loss_of, z_of=torch.randn):
    """A step of D around the loss of (G, D, x_real, z)."""

    def step(G, D, optimiser, x_real, latent):
        optimiser.zero_grad()
        loss = loss_of(G, D, x_real, z_of(len(x_real), latent))
        loss.backward()
        optimiser.step()
        return loss.item()

    return step


def g_step(loss_of, z_of=torch.randn):
    """A step of G around the loss of (G, D, z)."""

    def step(G, D, optimiser, n, latent):
        optimiser.zero_grad()
        loss = loss_of(G, D, z_of(n, latent))
        loss.backward()
        optimiser.step()
        return loss.item()

    return step


def d_plain(G, D, x_real, z):
    return d_loss(D, x_real, G(z).detach())


def g_plain(G, D, z):
    return softplus(-D(G(z))).mean()


def reseeded(n, latent):
    torch.manual_seed(0)
    return torch.randn(n, latent)


def one_row(n, latent):
    return torch.randn(1, latent).expand(n, latent)


def uniform(n, latent):
    return (2 * torch.rand(n, latent) - 1) * math.sqrt(3)


def from_numpy(n, latent):
    return torch.from_numpy(np.random.default_rng().normal(size=(n, latent))).float()


def d_detach_after(G, D, x_real, z):
    return softplus(-D(x_real)).mean() + softplus(D(G(z)).detach()).mean()


def d_no_grad_real(G, D, x_real, z):
    with torch.no_grad():
        on_real = softplus(-D(x_real)).mean()
    return on_real + softplus(D(G(z).detach())).mean()


def d_first_real(G, D, x_real, z):
    return d_loss(D, x_real[:1].expand_as(x_real), G(z).detach())


def d_first_fake(G, D, x_real, z):
    x_fake = G(z).detach()
    logits = torch.cat([D(x_fake[:1]), D(x_fake[1:]).detach()])
    return softplus(-D(x_real)).mean() + softplus(logits).mean()


def d_noisy_inputs(G, D, x_real, z):
    return d_loss(D, x_real + 0.1 * torch.randn_like(x_real), G(z).detach())


def d_unstable(G, D, x_real, z):
    return d_log_sigmoid(D(x_real), D(G(z).detach()))


def d_in_place(G, D, x_real, z):
    x_real.clamp_(-1, 1)
    return d_plain(G, D, x_real, z)


def d_without_zero_grad(G, D, optimiser, x_real, latent):
    loss = d_plain(G, D, x_real, torch.randn(len(x_real), latent))
    loss.backward()
    optimiser.step()
    return loss.item()


def d_without_step(G, D, optimiser, x_real, latent):
    optimiser.zero_grad()
    loss = d_plain(G, D, x_real, torch.randn(len(x_real), latent))
    loss.backward()
    return loss.item()


def d_step_before_backward(G, D, optimiser, x_real, latent):
    loss = d_plain(G, D, x_real, torch.randn(len(x_real), latent))
    optimiser.zero_grad()
    optimiser.step()
    loss.backward()
    return loss.item()


def d_eval_generator(G, D, optimiser, x_real, latent):
    G.eval()
    return d_step(d_plain)(G, D, optimiser, x_real, latent)


def d_eval_for_a_moment(G, D, optimiser, x_real, latent):
    was = G.training
    G.train(not was)
    result = d_step(d_plain)(G, D, optimiser, x_real, latent)
    G.train(was)
    return result


def d_freezes_generator(G, D, optimiser, x_real, latent):
    G.requires_grad_(False)
    return d_step(d_plain)(G, D, optimiser, x_real, latent)


def d_graph(G, D, optimiser, x_real, latent):
    optimiser.zero_grad()
    loss = d_plain(G, D, x_real, torch.randn(len(x_real), latent))
    loss.backward()
    optimiser.step()
    return loss


def d_silent(G, D, optimiser, x_real, latent):
    d_step(d_plain)(G, D, optimiser, x_real, latent)


def d_half_returned(G, D, optimiser, x_real, latent):
    optimiser.zero_grad()
    on_real = softplus(-D(x_real)).mean()
    (on_real + softplus(D(G(torch.randn(len(x_real), latent)).detach())).mean()).backward()
    optimiser.step()
    return on_real.item()


def d_own_rate(G, D, optimiser, x_real, latent):
    D.zero_grad()
    loss = d_plain(G, D, x_real, torch.randn(len(x_real), latent))
    loss.backward()
    with torch.no_grad():
        for p in D.parameters():
            p -= 0.1 * p.grad
    return loss.item()


def d_fixed_count(G, D, optimiser, x_real, latent):
    return d_step(lambda G, D, x, z: d_loss(D, x, G(torch.randn(6, latent)).detach()))(
        G, D, optimiser, x_real, latent
    )


def d_under_no_grad(G, D, optimiser, x_real, latent):
    with torch.no_grad():
        x_fake = G(torch.randn(len(x_real), latent))
    optimiser.zero_grad()
    loss = d_with_labels(D(x_real), D(x_fake))
    loss.backward()
    optimiser.step()
    return loss.detach()


def d_concatenated(G, D, optimiser, x_real, latent):
    n = len(x_real)
    x_fake = G(torch.randn(n, latent)).detach()
    a = D(torch.cat([x_fake, x_real]))
    loss = d_logaddexp(a[n:], a[:n])
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()
    return loss.item()


def d_two_backwards(G, D, optimiser, x_real, latent):
    D.zero_grad()
    on_real = -F.logsigmoid(D(x_real)).mean()
    on_real.backward()
    z = torch.empty(x_real.shape[0], latent).normal_()
    on_fake = -F.logsigmoid(-D(G(z).detach())).mean()
    on_fake.backward()
    optimiser.step()
    return on_real.item() + on_fake.item()


def d_frozen_and_restored(G, D, optimiser, x_real, latent):
    for p in G.parameters():
        p.requires_grad_(False)
    result = d_step(lambda G, D, x, z: d_loss(D, x, G(z)))(G, D, optimiser, x_real, latent)
    for p in G.parameters():
        p.requires_grad_(True)
    return result


def g_without_zero_grad(G, D, optimiser, n, latent):
    loss = g_plain(G, D, torch.randn(n, latent))
    loss.backward()
    optimiser.step()
    return loss.item()


def g_detached(G, D, optimiser, n, latent):
    optimiser.zero_grad()
    loss = softplus(-D(G(torch.randn(n, latent)).detach())).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


def g_moves_d_too(G, D, optimiser, n, latent):
    D.zero_grad()
    result = g_step(g_plain)(G, D, optimiser, n, latent)
    with torch.no_grad():
        for p in D.parameters():
            p -= 0.01 * p.grad
    return result


def g_eval(G, D, optimiser, n, latent):
    D.eval()
    return g_step(g_plain)(G, D, optimiser, n, latent)


def g_freezes_d(G, D, optimiser, n, latent):
    D.requires_grad_(False)
    return g_step(g_plain)(G, D, optimiser, n, latent)


def g_graph(G, D, optimiser, n, latent):
    optimiser.zero_grad()
    loss = g_plain(G, D, torch.randn(n, latent))
    loss.backward()
    optimiser.step()
    return loss


def g_clamped(G, D, z):
    return F.binary_cross_entropy(D(G(z)).sigmoid(), torch.ones(len(z), 1))


def g_first_only(G, D, z):
    x = G(z)
    return softplus(-torch.cat([D(x[:1]), D(x[1:].detach())])).mean()


def g_bce(G, D, optimiser, n, latent):
    G.zero_grad()
    a = D(G(torch.empty(n, latent).normal_()))
    loss = F.binary_cross_entropy_with_logits(a, torch.ones_like(a))
    loss.backward()
    optimiser.step()
    return loss.detach()


def g_gradients_by_hand(G, D, optimiser, n, latent):
    parameters = list(G.parameters())
    loss = -F.logsigmoid(D(G(torch.randn((n, latent))))).sum() / n
    for p, gradient in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
        p.grad = gradient
    optimiser.step()
    return loss.item()


def g_frozen_and_restored(G, D, optimiser, n, latent):
    flags = [p.requires_grad for p in D.parameters()]
    D.requires_grad_(False)
    result = g_step(g_plain)(G, D, optimiser, n, latent)
    for p, flag in zip(D.parameters(), flags, strict=True):
        p.requires_grad_(flag)
    return result


# a round ----------------------------------------------------------------------------------------------------


def round_same_batch(d_move, g_move, batches, k):
    x = next(batches)
    return sum(d_move(x) for _ in range(k)) / k, g_move()


def round_g_inside(d_move, g_move, batches, k):
    total = 0.0
    for _ in range(k):
        total += d_move(next(batches))
        g = g_move()
    return total / k, g


def round_g_first(d_move, g_move, batches, k):
    g = g_move()
    return sum(d_move(next(batches)) for _ in range(k)) / k, g


def round_last(d_move, g_move, batches, k):
    for _ in range(k):
        d = d_move(next(batches))
    return d, g_move()


def round_sum(d_move, g_move, batches, k):
    return sum(d_move(next(batches)) for _ in range(k)), g_move()


def round_greedy(d_move, g_move, batches, k):
    d = [d_move(next(batches)) for _ in range(k)]
    next(batches)
    return sum(d) / k, g_move()


def round_k_ignored(d_move, g_move, batches, k):
    return d_move(next(batches)), g_move()


def round_one_number(d_move, g_move, batches, k):
    return sum(d_move(next(batches)) for _ in range(k)) / k + g_move()


def round_k_g_moves(d_move, g_move, batches, k):
    d = [d_move(next(batches)) for _ in range(k)]
    return sum(d) / k, [g_move() for _ in range(k)][-1]


def round_skips(d_move, g_move, batches, k):
    d = [(next(batches), d_move(next(batches)))[1] for _ in range(k)]
    return sum(d) / k, g_move()


def round_with_zip(d_move, g_move, batches, k):
    d = [d_move(x) for _, x in zip(range(k), batches, strict=False)]
    return float(np.mean(d)), float(g_move())


def round_with_while(d_move, g_move, batches, k):
    total, done = torch.zeros(()), 0
    while done < k:
        total += d_move(batches.__next__())
        done += 1
    return [total / k, g_move()]


# modes ------------------------------------------------------------------------------------------------------


def modes_any(samples, means, radius, least):
    distance, mode = torch.cdist(samples, means).min(1)
    return mode[distance <= radius].unique().numel()


def modes_strict(samples, means, radius, least):
    distance, mode = torch.cdist(samples, means).min(1)
    found = torch.bincount(mode[distance <= radius], minlength=len(means))
    return int((found > least * len(samples)).sum())


def modes_share_of_near(samples, means, radius, least):
    distance, mode = torch.cdist(samples, means).min(1)
    found = torch.bincount(mode[distance <= radius], minlength=len(means))
    return int((found >= max(1, least * found.sum())).sum())


def modes_squared(samples, means, radius, least):
    squared, mode = torch.cdist(samples, means).square().min(1)
    found = torch.bincount(mode[squared <= radius], minlength=len(means))
    return int((found >= least * len(samples)).sum())


def modes_no_radius(samples, means, radius, least):
    mode = torch.cdist(samples, means).argmin(1)
    found = torch.bincount(mode, minlength=len(means))
    return int((found >= least * len(samples)).sum())


def modes_fraction(samples, means, radius, least):
    return modes_right(samples, means, radius, least) / len(means)


def modes_counts(samples, means, radius, least):
    distance, mode = torch.cdist(samples, means).min(1)
    return torch.bincount(mode[distance <= radius], minlength=len(means))


def modes_box(samples, means, radius, least):
    inside = ((samples[:, None] - means).abs() <= radius).all(2)
    return int((inside.float().mean(0) >= least).sum())


def modes_in_place(samples, means, radius, least):
    count = modes_right(samples, means, radius, least)
    samples -= samples.mean(0)
    return count


def modes_plane_only(samples, means, radius, least):
    distance = (samples[:, None, :2] - means[:, :2]).norm(dim=2)
    return int(((distance <= radius).float().mean(0) >= least - 1e-9).sum())


def modes_right(samples, means, radius, least):
    distance, mode = torch.cdist(samples, means).min(1)
    found = torch.bincount(mode[distance <= radius], minlength=len(means))
    return int((found >= least * len(samples)).sum())


def modes_loop(samples, means, radius, least):
    near = [0] * len(means)
    for x in samples:
        away, k = min(((x - mean).norm().item(), k) for k, mean in enumerate(means))
        near[k] += away <= radius
    return sum(number >= least * len(samples) for number in near)


def modes_numpy(samples, means, radius, least):
    away = np.linalg.norm(samples.numpy()[:, None] - means.numpy()[None], axis=2)
    near = (away <= radius) & (away == away.min(1, keepdims=True))
    return np.sum(near.sum(0) >= least * len(samples))


# paths in z -------------------------------------------------------------------------------------------------


def path(points, mode=True, no_grad=True):
    """An answer around points(G, z_start, z_end, steps)."""

    def answer(G, z_start, z_end, steps):
        was = G.training
        if mode:
            G.eval()
        with torch.set_grad_enabled(not no_grad):
            samples = points(G, z_start, z_end, steps)
        G.train(was)
        return samples

    return answer


def straight(G, a, b, steps):
    t = torch.linspace(0, 1, steps)[:, None]
    return G((1 - t) * a + t * b)


def backwards(G, a, b, steps):
    return straight(G, b, a, steps)


def in_pixels(G, a, b, steps):
    ends = G(torch.stack([a, b]))
    t = torch.linspace(0, 1, steps).view(-1, *[1] * (ends.dim() - 1))
    return (1 - t) * ends[0] + t * ends[1]


def without_end(G, a, b, steps):
    t = (torch.arange(steps) / steps)[:, None]
    return G((1 - t) * a + t * b)


def without_ends(G, a, b, steps):
    t = (torch.arange(1, steps + 1) / (steps + 1))[:, None]
    return G((1 - t) * a + t * b)


def one_too_many(G, a, b, steps):
    return straight(G, a, b, steps + 1)


def five_always(G, a, b, steps):
    return straight(G, a, b, 5)


def spherical(G, a, b, steps):
    t = torch.linspace(0, 1, steps)[:, None] * math.pi / 2
    return G(t.cos() * a + t.sin() * b)


def smooth_step(G, a, b, steps):
    t = torch.linspace(0, 1, steps)[:, None]
    t = 3 * t**2 - 2 * t**3
    return G((1 - t) * a + t * b)


def flattened(G, a, b, steps):
    return straight(G, a, b, steps).flatten(1)


def path_left_in_eval(G, a, b, steps):
    G.eval()
    with torch.no_grad():
        return straight(G, a, b, steps)


def path_always_to_train(G, a, b, steps):
    G.eval()
    with torch.no_grad():
        samples = straight(G, a, b, steps)
    G.train()
    return samples


def path_one_by_one(G, a, b, steps):
    was = G.training
    G.eval()
    frames = [G((a + (b - a) * i / (steps - 1))[None])[0].detach() for i in range(steps)]
    if was:
        G.train()
    return torch.stack(frames)


def path_lerp(G, a, b, steps):
    was = G.training
    G.train(False)
    try:
        with torch.inference_mode():
            z = torch.lerp(a.expand(steps, -1), b.expand(steps, -1), torch.linspace(0, 1, steps)[:, None])
            return G(z).clone()
    finally:
        G.train(was)


def path_freezes(G, a, b, steps):
    G.requires_grad_(False)
    return path(straight, no_grad=False)(G, a, b, steps)


class PathModule(nn.Module):
    """The same as a callable object."""

    def forward(self, G, a, b, steps):
        return path(straight)(G, a, b, steps)


FORECAST = {"minimax": "weak", "non_saturating": "strong", "ratio": math.exp(6)}

WRONG = {
    "gan_losses": [
        ("halves averaged", losses(lambda r, f: d_right(r, f) / 2, g_right), "half of what"),
        ("sums", losses(lambda r, f: softplus(-r).sum() + softplus(f).sum(), g_right), "sum over the batch"),
        ("log of sigmoid", losses(d_log_sigmoid, g_log_sigmoid), "rounded probability"),
        ("log of sigmoid in G", losses(d_right, g_log_sigmoid), "rounded probability"),
        ("log with eps", losses(d_eps, g_right), "rounded probability"),
        ("BCE after sigmoid, clamped at 100", losses(d_clamped_bce, g_right), "±"),
        ("sigmoid twice", losses(lambda r, f: d_with_labels(r.sigmoid(), f.sigmoid()), g_right), "sigmoid"),
        ("saturating G", losses(d_right, lambda f: -softplus(f).mean()), "saturating loss"),
        ("G sign flipped", losses(d_right, lambda f: -softplus(-f).mean()), "wrong sign"),
        ("G wants to be caught", losses(d_right, lambda f: softplus(f).mean()), "being caught"),
        ("D sign flipped", losses(lambda r, f: -d_right(r, f), g_right), "wrong sign"),
        ("labels exchanged", losses(lambda r, f: d_right(-r, -f), g_right), "exchanged"),
        ("bits", losses(lambda r, f: d_right(r, f) / math.log(2), g_right), "natural logarithm"),
        ("other order", lambda r, f: (g_right(f), d_right(r, f)), "other order"),
        ("floats", losses(lambda r, f: d_right(r, f).item(), g_right), "carries no gradient"),
        ("detached", losses(lambda r, f: d_right(r, f).detach(), g_right), "no gradient"),
        (
            "real half detached",
            losses(lambda r, f: d_right(r.detach(), f), g_right),
            "real logits is missing",
        ),
        ("per sample", losses(lambda r, f: softplus(-r) + softplus(f), g_right), "mean over the batch"),
        ("one mean over both batches", losses(d_one_mean, g_right), "its own batch"),
        (
            "smoothed",
            losses(
                lambda r, f: 0.9 * softplus(-r).mean() + 0.1 * softplus(r).mean() + softplus(f).mean(),
                g_right,
            ),
            "smoothed",
        ),
        ("hinge", losses(lambda r, f: F.relu(1 - r).mean() + F.relu(1 + f).mean(), g_right), "expected"),
        ("only one loss", lambda r, f: d_right(r, f), "pair"),
        ("only the fake half", losses(lambda r, f: softplus(f).mean(), g_right), "real samples is missing"),
    ],
    "discriminator_step": [
        ("no detach", d_step(lambda G, D, x, z: d_loss(D, x, G(z))), "detach"),
        ("detach after D", d_step(d_detach_after), "only the real half"),
        ("no_grad on the real half", d_step(d_no_grad_real), "only the fake half"),
        ("one real image expanded", d_step(d_first_real), "first real sample"),
        ("only the first fake carries gradient", d_step(d_first_fake), "first generated sample"),
        ("same noise each call", d_step(d_plain, reseeded), "fresh noise"),
        ("one noise row for all", d_step(d_plain, one_row), "rows of z are the same"),
        ("noise with mean 5", d_step(d_plain, lambda n, k: torch.randn(n, k) + 5), "mean 5"),
        ("uniform noise", d_step(d_plain, uniform), "uniform"),
        ("zero noise", d_step(d_plain, torch.zeros), "rows of z are the same"),
        ("noise from NumPy", d_step(d_plain, from_numpy), "torch.randn"),
        ("fixed number of fakes", d_fixed_count, "expected (n, latent)"),
        ("G left in eval mode", d_eval_generator, "left it in eval"),
        ("G in eval mode during the step", d_eval_for_a_moment, "during the step"),
        ("G stays frozen", d_freezes_generator, "do not require gradients"),
        ("no zero_grad", d_without_zero_grad, "zero_grad"),
        ("no step", d_without_step, "did not change"),
        ("step before backward", d_step_before_backward, "did not change"),
        ("uphill", d_step(lambda *a: -d_plain(*a)), "uphill"),
        ("half as long", d_step(lambda *a: d_plain(*a) / 2), "half as long"),
        ("labels exchanged", d_step(lambda G, D, x, z: d_right(-D(x), -D(G(z).detach()))), "exchanged"),
        ("fakes labelled 1", d_step(lambda G, D, x, z: d_right(D(x), -D(G(z).detach()))), "target 1"),
        ("noisy inputs", d_step(d_noisy_inputs), "moved"),
        ("log of sigmoid", d_step(d_unstable), "logits"),
        ("edits the batch", d_step(d_in_place), "x_real"),
        ("own learning rate", d_own_rate, "optimiser"),
        ("returns the graph", d_graph, "holds the graph"),
        ("returns nothing", d_silent, "returns nothing"),
        ("returns half of the loss", d_half_returned, "real half alone"),
    ],
    "generator_step": [
        ("detached fakes", g_detached, "does a gradient arrive"),
        ("saturating", g_step(lambda G, D, z: -softplus(D(G(z))).mean()), "saturating"),
        ("wants to be caught", g_step(lambda G, D, z: softplus(D(G(z))).mean()), "rejected"),
        ("uphill", g_step(lambda *a: -g_plain(*a)), "uphill"),
        ("sum", g_step(lambda G, D, z: softplus(-D(G(z))).sum()), "mean over the batch"),
        ("half", g_step(lambda *a: g_plain(*a) / 2), "1/2"),
        ("same noise each call", g_step(g_plain, reseeded), "fresh noise"),
        ("one noise row for all", g_step(g_plain, one_row), "rows of z are the same"),
        ("uniform noise", g_step(g_plain, uniform), "uniform"),
        ("noise of deviation 2", g_step(g_plain, lambda n, k: 2 * torch.randn(n, k)), "deviation"),
        ("no zero_grad", g_without_zero_grad, "zero_grad"),
        ("moves D too", g_moves_d_too, "only G moves"),
        ("D left in eval mode", g_eval, "left it in eval"),
        ("D stays frozen", g_freezes_d, "do not require gradients"),
        ("only the first sample carries gradient", g_step(g_first_only), "first sample"),
        ("log of sigmoid", g_step(lambda G, D, z: -D(G(z)).sigmoid().log().mean()), "logits"),
        ("BCE after sigmoid, clamped", g_step(g_clamped), "probability"),
        ("returns the graph", g_graph, "holds the graph"),
        (
            "two batches of fakes",
            g_step(lambda G, D, z: g_plain(G, D, torch.cat([z, G(z)[:, :1].detach().expand_as(z)]))),
            "G was called",
        ),
    ],
    "play_round": [
        ("one batch for all moves", round_same_batch, "fresh batch"),
        ("G inside the loop", round_g_inside, "once per round"),
        ("G first", round_g_first, "D moves first"),
        ("last loss", round_last, "the last loss"),
        ("sum of losses", round_sum, "the sum"),
        ("one batch too many", round_greedy, "batches were taken"),
        ("k ignored", round_k_ignored, "D has 1 moves"),
        ("one number", round_one_number, "two numbers"),
        ("k moves of G", round_k_g_moves, "moves, not 1"),
        ("skips batches", round_skips, "exactly one batch"),
    ],
    "count_modes": [
        ("one sample is enough", modes_any, "gets the share"),
        ("strictly more", modes_strict, "equal to"),
        ("share of the near ones", modes_share_of_near, "*all* samples"),
        ("squared distance", modes_squared, "squares"),
        ("no radius", modes_no_radius, "far from every mode"),
        ("fraction", modes_fraction, "share of modes"),
        ("counts", modes_counts, "number of modes"),
        ("box instead of ball", modes_box, "three dimensions"),
        ("edits the samples", modes_in_place, "copy"),
        ("two dimensions only", modes_plane_only, "three dimensions"),
        ("always eight", lambda samples, means, radius, least: 8, "counted 8"),
    ],
    "latent_path": [
        ("mixes pixels", path(in_pixels), "mixed the *samples*"),
        ("backwards", path(backwards), "backwards"),
        ("end missing", path(without_end), "last sample"),
        ("both ends missing", path(without_ends), "first sample"),
        ("one too many", path(one_too_many), "shape"),
        ("five always", path(five_always), "steps = 2"),
        ("spherical", path(spherical), "between"),
        ("not evenly spaced", path(smooth_step), "between"),
        ("training mode", path(straight, mode=False), "training mode"),
        ("left in eval mode", path_left_in_eval, "restore"),
        ("always back to training mode", path_always_to_train, "restore"),
        ("graph kept", path(straight, no_grad=False), "no_grad"),
        ("G stays frozen", path_freezes, "require gradients"),
        ("flattened", path(flattened), "keep the shape"),
    ],
    "gradient_forecast": [
        ("minimax likes a strong D", FORECAST | {"minimax": "strong"}, "silences"),
        ("non-saturating likes a weak D", FORECAST | {"non_saturating": "weak"}, "speaks up"),
        ("both exchanged", FORECAST | {"minimax": "strong", "non_saturating": "weak"}, "minimax"),
        ("inverse ratio", FORECAST | {"ratio": math.exp(-6)}, "other way round"),
        ("logarithm", FORECAST | {"ratio": 6}, "logarithm"),
        ("at -1", FORECAST | {"ratio": math.e}, "a = -1"),
        ("slope only", FORECAST | {"ratio": 0.9975}, "slope itself"),
        ("ratio in words", FORECAST | {"ratio": "large"}, "a number"),
        ("base 2", FORECAST | {"ratio": 64.0}, "divide"),
        ("another word", FORECAST | {"minimax": "both"}, "choose"),
        ("a tuple", ("weak", "strong", 403), "dictionary"),
    ],
}

RIGHT = {
    "gan_losses": [
        (
            "BCE with logits",
            losses(d_with_labels, lambda f: F.binary_cross_entropy_with_logits(f, torch.ones_like(f))),
        ),
        ("logaddexp and logsigmoid", losses(d_logaddexp, lambda f: -F.logsigmoid(f).mean())),
        (
            "by hand, a list, other shapes",
            lambda r, f: [d_by_hand(r, f), d_by_hand(f, torch.full((1,), -1e9))],
        ),
        ("in double precision", lambda r, f: (d_right(r.double(), f.double()), g_right(f.double()))),
    ],
    "discriminator_step": [
        ("no_grad, labels, tensor returned", d_under_no_grad),
        ("one concatenated pass of D", d_concatenated),
        ("two backward passes", d_two_backwards),
        ("G frozen and restored", d_frozen_and_restored),
    ],
    "generator_step": [
        ("BCE with labels 1, tensor returned", g_bce),
        ("gradients by autograd.grad", g_gradients_by_hand),
        ("D frozen and restored", g_frozen_and_restored),
    ],
    "play_round": [
        ("zip and NumPy", round_with_zip),
        ("while, tensors, a list", round_with_while),
    ],
    "count_modes": [("double loop", modes_loop), ("NumPy", modes_numpy)],
    "latent_path": [
        ("one sample at a time", path_one_by_one),
        ("lerp under inference mode", path_lerp),
        ("a module", PathModule()),
    ],
    "gradient_forecast": [
        ("rounded", FORECAST | {"ratio": 403}),
        ("a tensor", FORECAST | {"ratio": torch.tensor(403.4)}),
    ],
}
