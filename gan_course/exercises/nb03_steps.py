"""Checks of the two training steps of notebook 03: which gradients arrive, and where.

A step is judged by what it does to the networks. The checks record the noise that G was given and what each
network looked at, compute the right update from that, and compare parameters before and after. If the update is
wrong, it is compared with the updates of well-known mistakes, so that the message can name one.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus
from torch.optim import SGD

from gan_course.exercises.checking import Attempt, ToDo, Wrong

LATENT = 3


class _Watched(nn.Module):
    """A network that notes what it was given, in which mode, and whether a graph was being built."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net
        self.inputs: list[Tensor] = []
        self.modes: list[bool] = []

    def forward(self, x: Tensor) -> Tensor:
        self.inputs.append(x.detach().clone())
        self.modes.append(self.training)
        return self.net(x)


class _Game:
    """Small G and D on the plane, optimisers, and stale gradients that a step has to clear."""

    def __init__(
        self, seed: int, *, lr: float = 0.1, sharp: float = 1.0, shift: float = 0.0, mode: bool = True
    ) -> None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.G = _Watched(nn.Sequential(nn.Linear(LATENT, 4), nn.Tanh(), nn.Linear(4, 2)))
            self.D = _Watched(nn.Sequential(nn.Linear(2, 5), nn.LeakyReLU(0.2), nn.Linear(5, 1)))
            with torch.no_grad():
                self.D.net[2].weight.mul_(sharp)
                self.D.net[2].bias.add_(shift)
            self.x_real = torch.randn(6, 2) + 1
        self.G.train(mode)
        self.D.train(mode)
        self.opt_G, self.opt_D = SGD(self.G.parameters(), lr=lr), SGD(self.D.parameters(), lr=lr)
        self.lr = lr
        self.G0, self.D0 = copy.deepcopy(self.G.net), copy.deepcopy(self.D.net)

    def gradients(self, loss: Callable[[nn.Module, nn.Module], Tensor], of: str) -> list[Tensor]:
        """Gradients of a loss of (G, D) as they were before the step, in the parameters of "G" or "D"."""
        G, D = copy.deepcopy(self.G0), copy.deepcopy(self.D0)
        parameters = list({"G": G, "D": D}[of].parameters())
        found = torch.autograd.grad(loss(G, D), parameters, allow_unused=True)
        return [torch.zeros_like(p) if g is None else g for p, g in zip(parameters, found, strict=True)]

    def moved(self, of: str) -> list[Tensor]:
        """(before - after) / lr of the parameters of "G" or "D": the gradient that was used."""
        before, after = (self.G0, self.G.net) if of == "G" else (self.D0, self.D.net)
        pairs = zip(before.parameters(), after.parameters(), strict=True)
        return [(old - new).detach() / self.lr for old, new in pairs]


def _close(found: list[Tensor], right: list[Tensor]) -> bool:
    size = max(1.0, *(float(r.abs().max()) for r in right))
    return all(torch.allclose(f, r, atol=2e-4 * size) for f, r in zip(found, right, strict=True))


def _still(tensors: list[Tensor]) -> bool:
    return all(bool((t == 0).all()) for t in tensors)


def _played(call: Callable[[], Any], game: _Game, who: str) -> Any:
    """The result of a step. A step that trains but returns nothing is a mistake, not a stub."""
    try:
        return call()
    except ToDo:
        if game.G.inputs or not _still(game.moved(who)):
            raise Wrong("your step returns nothing: return the loss as a number, loss.item()") from None
        raise


def _check_noise(game: _Game, n: int) -> Tensor:
    if len(game.G.inputs) != 1:
        raise Wrong(f"G was called {len(game.G.inputs)} times in one step; one batch of {n} is needed")
    z = game.G.inputs[0]
    if tuple(z.shape) != (n, LATENT):
        raise Wrong(f"G got z of shape {tuple(z.shape)}, expected (n, latent) = ({n}, {LATENT})")
    if n > 1 and torch.allclose(z[0], z[1]):
        raise Wrong("all rows of z are the same: draw each sample's noise on its own")
    return z


def _check_loss_returned(result: Any, right: float, others: dict[str, float]) -> None:
    if isinstance(result, Tensor):
        if result.numel() != 1:
            raise Wrong(
                f"you returned a tensor of shape {tuple(result.shape)}; one number, the loss, was asked"
            )
        if result.requires_grad:
            raise Wrong("the loss you return still holds the graph: return loss.item() or loss.detach()")
    got = float(result)
    if abs(got - right) > 1e-3 * max(1.0, abs(right)):
        for slip, value in others.items():
            if abs(got - value) < 1e-4:
                raise Wrong(
                    f"the update is right, but you returned {slip} ({got:.4f}), not the loss {right:.4f}"
                )
        raise Wrong(f"the update is right, but you returned {got:.4f}; the loss of this move was {right:.4f}")


def _check_modes(game: _Game, mode: bool) -> None:
    for name, net in (("G", game.G), ("D", game.D)):
        word = {True: "training", False: "eval"}
        if net.training != mode:
            raise Wrong(f"{name} came in {word[mode]} mode and your step left it in {word[not mode]} mode")
        if any(seen != mode for seen in net.modes):
            raise Wrong(f"{name} was switched to {word[not mode]} mode during the step: leave the mode alone")
    for name, net in (("G", game.G), ("D", game.D)):
        if not all(p.requires_grad for p in net.parameters()):
            raise Wrong(
                f"parameters of {name} do not require gradients any more after your step: restore that"
            )


def _check_freshness(noise_of: Callable[[int], Tensor]) -> None:
    """noise_of(n): the z of one more step. Fresh every time, standard normal, from torch's random state."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(11)
        first, second = noise_of(6), noise_of(6)
        if torch.allclose(first, second):
            raise Wrong("two steps in a row used the same z: draw fresh noise in every step, without a seed")
        torch.manual_seed(11)
        if not torch.allclose(first, noise_of(6)):
            raise Wrong(
                "after torch.manual_seed the z differ: draw them with torch.randn, not from elsewhere"
            )
        torch.manual_seed(12)
        z = noise_of(4000)
    if abs(z.mean()) > 0.1 or abs(z.std() - 1) > 0.05:
        raise Wrong(f"z has mean {z.mean():.2f} and deviation {z.std():.2f}; z ~ N(0, I) has 0 and 1")
    if z.abs().max() < 2.5:
        raise Wrong("no z lies beyond 2.5: this looks uniform, not normal; use torch.randn")


# D's step ---------------------------------------------------------------------------------------------------


def check_discriminator_step(answer: Attempt) -> None:
    """Ordinary, sharp and odd-sized steps; stale gradients; noise; modes; nothing happens to G."""
    for seed, options, n in (
        (0, {}, 6),
        (1, {"lr": 0.03}, 5),
        (2, {}, 1),
        (3, {"mode": False}, 4),
        (4, {"sharp": 400.0, "lr": 1e-3}, 6),
    ):
        game = _Game(seed, **options)
        _one_discriminator_step(answer, game, game.x_real[:n], stale=seed != 0)
        _check_modes(game, options.get("mode", True))
    _check_freshness(lambda n: _noise_of_discriminator_step(answer, n))


def _noise_of_discriminator_step(answer: Attempt, n: int) -> Tensor:
    game = _Game(5)
    answer(game.G, game.D, game.opt_D, game.x_real[:1].expand(n, 2).clone(), LATENT)
    return game.G.inputs[0]


def _one_discriminator_step(answer: Attempt, game: _Game, x_real: Tensor, stale: bool) -> None:
    if stale:
        for p in game.D.parameters():
            p.grad = torch.full_like(p, 0.5)
    given = x_real.clone()
    result = _played(lambda: answer(game.G, game.D, game.opt_D, x_real, LATENT), game, "D")
    if not torch.equal(given, x_real):
        raise Wrong("your step changes x_real: the batch is not yours to edit")
    if not _still(game.moved("G")):
        raise Wrong("G's parameters changed in D's step: only D moves here")
    z = _check_noise(game, len(x_real))
    if any(p.grad is not None for p in game.G.parameters()):
        raise Wrong("after D's step G has gradients: cut the graph between G and D, x_fake = G(z).detach()")
    _check_discriminator_update(game, given, z, stale)
    x_fake = game.G0(z).detach()
    on_real, on_fake = softplus(-game.D0(given)).mean().item(), softplus(game.D0(x_fake)).mean().item()
    others = {"the real half alone": on_real, "the fake half alone": on_fake, "-V": -on_real - on_fake}
    _check_loss_returned(result, on_real + on_fake, others)


def _check_discriminator_update(game: _Game, x_real: Tensor, z: Tensor, stale: bool) -> None:
    def on_real(G: nn.Module, D: nn.Module) -> Tensor:
        return softplus(-D(x_real)).mean()

    def on_fake(G: nn.Module, D: nn.Module) -> Tensor:
        return softplus(D(G(z).detach())).mean()

    real, fake = game.gradients(on_real, "D"), game.gradients(on_fake, "D")
    right = [r + f for r, f in zip(real, fake, strict=True)]
    moved = game.moved("D")
    if _close(moved, right):
        return
    if not all(torch.isfinite(m).all() for m in moved):
        raise Wrong(
            "D's parameters are not finite after a step with logits in the hundreds: losses from logits"
        )
    if _still(moved):
        raise Wrong("D's parameters did not change: zero_grad, forward, loss, backward, step")
    first = game.gradients(lambda G, D: softplus(-D(x_real[:1])).mean(), "D")
    one_fake = game.gradients(lambda G, D: softplus(D(G(z[:1]).detach())).sum() / len(z), "D")
    as_real = game.gradients(lambda G, D: softplus(-D(G(z).detach())).mean(), "D")
    swapped = game.gradients(lambda G, D: softplus(D(x_real)).mean(), "D")
    n = len(x_real)
    slips = {
        "only the real half trains D; is `detach` (or no_grad) applied to D's *output* on fakes?": real,
        "only the fake half trains D; is the real half under no_grad, or missing?": fake,
        "it goes uphill: minimise -V, or the optimiser makes D worse": [-g for g in right],
        "it is half as long: add the two means, without 1/2": [g / 2 for g in right],
        "it is too long: the losses are means over the batch, not sums": [n * g for g in right],
        "only the first real sample is used": [a + f for a, f in zip(first, fake, strict=True)],
        "only the first generated sample carries gradient": [
            r + a for r, a in zip(real, one_fake, strict=True)
        ],
        "generated samples have the target 1 here: their target is 0 in D's step": [
            r + a for r, a in zip(real, as_real, strict=True)
        ],
        "targets are exchanged: 1 for real, 0 for generated": [
            s + a for s, a in zip(swapped, as_real, strict=True)
        ],
    }
    _name_update("D", moved, slips, right, stale)


# G's step ---------------------------------------------------------------------------------------------------


def check_generator_step(answer: Attempt) -> None:
    """Ordinary, sharp and odd-sized steps; stale gradients; noise; modes; D stays as it is."""
    for seed, options, n in (
        (0, {}, 6),
        (1, {"lr": 0.03}, 5),
        (2, {}, 1),
        (3, {"mode": False}, 4),
        (4, {"shift": -200.0}, 6),
    ):
        game = _Game(seed, **options)
        _one_generator_step(answer, game, n, stale=seed != 0)
        _check_modes(game, options.get("mode", True))
    game = _Game(6)
    game.D.requires_grad_(False)
    _one_generator_step(answer, game, 6, stale=False)
    if any(p.requires_grad for p in game.D.parameters()):
        raise Wrong("D came frozen (requires_grad False) and your step thawed it: restore what you found")
    _check_freshness(lambda n: _noise_of_generator_step(answer, n))


def _noise_of_generator_step(answer: Attempt, n: int) -> Tensor:
    game = _Game(5)
    answer(game.G, game.D, game.opt_G, n, LATENT)
    return game.G.inputs[0]


def _one_generator_step(answer: Attempt, game: _Game, n: int, stale: bool) -> None:
    if stale:
        for p in game.G.parameters():
            p.grad = torch.full_like(p, 0.5)
    result = _played(lambda: answer(game.G, game.D, game.opt_G, n, LATENT), game, "G")
    if not _still(game.moved("D")):
        raise Wrong("D's parameters changed in G's step: only G moves here")
    z = _check_noise(game, n)
    _check_generator_update(game, z, stale)
    logits = game.D0(game.G0(z)).detach()
    others = {
        "the minimax loss": -softplus(logits).mean().item(),
        "its negative": -softplus(-logits).mean().item(),
    }
    _check_loss_returned(result, softplus(-logits).mean().item(), others)


def _check_generator_update(game: _Game, z: Tensor, stale: bool) -> None:
    right = game.gradients(lambda G, D: softplus(-D(G(z))).mean(), "G")
    moved = game.moved("G")
    if _close(moved, right):
        return
    if not all(torch.isfinite(m).all() for m in moved):
        raise Wrong("G's parameters are not finite after a step with logits near -200: losses from logits")
    if _still(moved):
        raise Wrong(
            "G's parameters did not change: does a gradient arrive? In G's step the graph runs through D, so no "
            "detach; and with logits near -200, a log of a probability has no gradient"
        )
    n = len(z)
    slips = {
        "this is the saturating loss, E log(1 - D(G(z))); the non-saturating one was asked": game.gradients(
            lambda G, D: -softplus(D(G(z))).mean(), "G"
        ),
        "G learns to be rejected: its target in G's step is 1": game.gradients(
            lambda G, D: softplus(D(G(z))).mean(), "G"
        ),
        "it goes uphill: minimise -E log D(G(z))": [-g for g in right],
        "it is half as long: no factor 1/2": [g / 2 for g in right],
        "it is too long: the loss is a mean over the batch, not a sum": [n * g for g in right],
        "only the first sample carries gradient": game.gradients(
            lambda G, D: softplus(-D(G(z[:1]))).sum() / n, "G"
        ),
    }
    _name_update("G", moved, slips, right, stale)


def _name_update(
    who: str, moved: list[Tensor], slips: dict[str, list[Tensor]], right: list[Tensor], stale: bool
) -> None:
    """Raise, with the mistake that leads to the same update if there is one."""
    if stale and _close(moved, [g + 0.5 for g in right]):
        raise Wrong(
            f"gradients that were left in {who} from before joined this update: zero_grad comes first"
        )
    for slip, update in slips.items():
        if _close(moved, update):
            raise Wrong(f"{who} moved, but not along its gradient: {slip}")
    largest = max(float((m - r).abs().max()) for m, r in zip(moved, right, strict=True))
    raise Wrong(
        f"{who} moved, but not by one step of the given optimiser along the gradient of its loss (a component is "
        f"off by {largest:.3g}); use every row once, the losses of the statement and optimiser.step() once"
    )
