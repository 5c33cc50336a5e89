"""How the two training steps are judged: by what they do to the networks on the table.

The noise that G got is recorded; from it the judge computes the right update and, if another one was made, those of
well-known mistakes, so that the message can name one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import SGD

from gan_course.exercises.checking import Wrong
from gan_course.grading.checks.dcgan_celeba.table import seats
from gan_course.grading.checks.dcgan_celeba.tiny import untouched
from gan_course.grading.checks.dcgan_celeba.use import check_normal

Play = Callable[[nn.Module, nn.Module], Tensor]
Gradients = list[Tensor]


# What both steps must keep to ----------------------------------------------------------------------


def check_noise(run: dict[str, Any], found: Any, calls: int = 1) -> list[Tensor]:
    """The z of every step: one batch each, of the right shape, with rows of their own."""
    n, latent = len(run["x_real"]), run["plan"]["latent"]
    if not isinstance(found, list) or len(found) != calls:
        where = "one step" if calls == 1 else "two steps"
        raise Wrong(
            f"G was called {len(found)} times in {where}: each step needs one batch of {n} fakes, so G(z) once"
        )
    for z in found:
        if not isinstance(z, Tensor) or tuple(z.shape) != (n, latent):
            raise Wrong(f"G got z of shape {tuple(z.shape)}, expected (n, latent) = ({n}, {latent})")
        if len(z.unique(dim=0)) < n:
            raise Wrong("rows of z are the same: draw each sample's noise on its own")
    return found


def check_freshness(run: dict[str, Any], seen: dict[str, Any]) -> None:
    """New noise in every step, from N(0, I), by torch's global generator."""
    first, second = check_noise(run, seen["in_a_row"], calls=2)
    if torch.allclose(first, second):
        raise Wrong("two steps in a row used the same z: draw fresh noise in every step, without a seed")
    check_normal(torch.cat([first, second]), "z")
    (again,) = check_noise(run, seen["again"])
    if not torch.allclose(first, again):
        raise Wrong(
            "after torch.manual_seed(s) the step draws other noise than after the same call before: draw z with "
            "torch's global generator, torch.randn(n, latent), or no run can be repeated"
        )


def check_returned_kind(run: dict[str, Any], seen: dict[str, Any]) -> None:
    """A float, not None and not a tensor."""
    kind = seen["returned"][0]["type"]
    if kind == "NoneType":
        if still(moved(run, seen, "G")) and still(moved(run, seen, "D")):
            raise Wrong("your step did nothing and returned None: not answered yet?")
        raise Wrong("your step returns nothing (None): return the loss as a number, loss.item()")
    if seen["returned"][0]["graph"]:
        raise Wrong(
            "the loss you return still holds the graph, and with it all activations: return loss.item()"
        )
    if kind not in ("float", "float64", "float32", "int"):
        raise Wrong(f"you returned a {kind}; the loss as a plain float was asked: return loss.item()")


def check_modes(run: dict[str, Any], seen: dict[str, Any]) -> None:
    """Modes and flags of both networks, during the step and after it."""
    for name, outer in zip("GD", seen["outer_modes"], strict=True):
        before, after, during = run[name]["modes"], seen[name]["modes"], seen[f"{name}_modes"]
        if any(modes != before for modes in during):
            way = "in eval mode" if not any(during[0]) else "in another mode than it came in"
            raise Wrong(
                f"during the step {name} was {way}: leave the modes alone, the training loop sets them"
            )
        if after != before or outer != before[0]:
            raise Wrong(
                f"the step leaves {name}, or a layer of it, in another mode than it came in: leave the modes"
            )
        if seen[name]["flags"] != run[name]["flags"]:
            if not any(seen[name]["flags"].values()):
                raise Wrong(
                    f"{name} is left frozen: put requires_grad back as you found it, for every parameter"
                )
            raise Wrong(
                f"requires_grad of {name}'s parameters is not what it was: whoever freezes a network puts every flag "
                "back as it was found, and some parameters came frozen"
            )


def check_unmoved(run: dict[str, Any], seen: dict[str, Any], name: str, player: str) -> None:
    """The opponent's parameters."""
    before = {key: run[name]["tensors"][key] for key in run[name]["flags"]}
    if not untouched(seen[name]["parameters"], before):
        raise Wrong(f"{name}'s parameters changed in {player}'s step: only {player} moves here")


# The update ----------------------------------------------------------------------------------------


def gradients(run: dict[str, Any], play: Play) -> Gradients:
    """The gradient of play(G, D) in the player's parameters, zero where none arrives or the parameter is frozen."""
    G, D = seats(run)
    parameters = list((G if run["loss"]["player"] == "G" else D).parameters())
    loss = play(G, D)
    if loss.requires_grad:
        loss.backward()
    return [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]


def twice(run: dict[str, Any], play: Play) -> Gradients:
    """The sum of the gradients of two updates in a row."""
    G, D = seats(run)
    player = G if run["loss"]["player"] == "G" else D
    before = [p.detach().clone() for p in player.parameters()]
    opt = SGD(player.parameters(), lr=run["lr"])
    for _ in range(2):
        opt.zero_grad()
        play(G, D).backward()
        opt.step()
    return [(old - new.detach()) / run["lr"] for old, new in zip(before, player.parameters(), strict=True)]


def value(run: dict[str, Any], play: Play) -> float:
    """play(G, D) as a number."""
    return play(*seats(run)).item()


def moved(run: dict[str, Any], seen: dict[str, Any], name: str) -> Gradients:
    """(before - after) / lr of the parameters of "G" or "D": the gradient that was used."""
    before, after = run[name]["tensors"], seen[name]["parameters"]
    steps = [(before[key] - after[key]) / run["lr"] for key in run[name]["flags"]]
    if any(s.shape != before[key].shape for s, key in zip(steps, run[name]["flags"], strict=True)):
        raise Wrong(f"parameters of {name} have another shape after the step")
    return steps


def still(tensors: Gradients) -> bool:
    """Whether nothing moved at all."""
    return all(bool((t == 0).all()) for t in tensors)


def close(found: Gradients, right: Gradients) -> bool:
    """Whether two updates agree, up to rounding relative to the largest entry."""
    size = max(0.1, *(float(r.abs().max()) for r in right))
    return all(bool(((f - r).abs() <= 3e-4 * size).all()) for f, r in zip(found, right, strict=True))


def plus(*parts: Gradients, weights: tuple[float, ...] = (1.0, 1.0)) -> Gradients:
    """A weighted sum of updates."""
    return [sum(w * t for w, t in zip(weights, row, strict=False)) for row in zip(*parts, strict=True)]


def judge_update(
    run: dict[str, Any], seen: dict[str, Any], rights: list[Play], slips: dict[str, Play]
) -> Play:
    """Which of the right forms was played; else Wrong, with the slip that leads to the same update if one does."""
    who = run["loss"]["player"]
    found = moved(run, seen, who)
    right = []
    for play in rights:
        right.append(gradients(run, play))
        if close(found, right[-1]):
            return play
    if still(found):
        raise Wrong(
            f"{who}'s parameters did not change: the order is zero_grad, forward, loss, backward, step; a detach or "
            "no_grad in the wrong place also stops the gradient"
        )
    if not all(torch.isfinite(t).all() for t in found):
        raise Wrong(f"{who}'s parameters are not finite after the step")
    stale = [g * run[who]["flags"][key] for key, g in run[who]["grads"].items()]
    for play, update in zip(rights, right, strict=True):
        known = {
            "it goes uphill: minimise the loss that was given": plus(update, weights=(-1.0,)),
            "it is half as long: minimise the loss as it was given": plus(update, weights=(0.5,)),
            "it is twice as long: one backward pass, one update": plus(update, weights=(2.0,)),
            "it is n times too long: the loss given is a mean already": plus(
                update, weights=(float(len(run["x_real"])),)
            ),
            "two updates were made in one step: call opt.step() once": twice(run, play),
        }
        if stale and close(found, stale):
            raise Wrong(
                f"{who} moved along the gradients left from before: zero_grad and backward come before step"
            )
        if stale and all(
            close([f], [u]) or close([f], [u + old]) for f, u, old in zip(found, update, stale, strict=True)
        ):
            raise Wrong(
                f"gradients left in {who} from before joined this update: zero_grad comes before backward"
            )
        _name(who, found, known)
    thawed = run | {who: run[who] | {"flags": dict.fromkeys(run[who]["flags"], True)}}
    if any(close(found, gradients(thawed, play)) for play in rights):
        raise Wrong(
            f"parameters of {who} that came frozen (requires_grad False) have moved: leave them frozen"
        )
    _name(who, found, {slip: gradients(run, play) for slip, play in slips.items()})
    raise Wrong(
        f"{who} moved, but not by one step of the given optimiser along the gradient of the given loss on the whole "
        "batch: nothing else may be added, scaled or left out"
    )


def _name(who: str, found: Gradients, known: dict[str, Gradients]) -> None:
    for slip, update in known.items():
        if not still(update) and close(found, update):
            raise Wrong(f"{who} moved, but not along the gradient of the given loss: {slip}")


def check_logits(run: dict[str, Any], seen: dict[str, Any]) -> None:
    """The loss that is given gets logits as D puts them out, (n, 1)."""
    right = [len(run["x_real"]), 1]
    for shapes in seen["logits_shapes"]:
        for shape in shapes:
            if shape != right:
                raise Wrong(
                    f"the loss that is given got logits of shape {tuple(shape)}, expected (n, 1) = {tuple(right)}: "
                    "hand over what D returns as it is"
                )


def check_called_once(seen: dict[str, Any]) -> None:
    """The loss that is given: its gradient and its value come from one call."""
    if len(seen["logits_shapes"]) != 1:
        raise Wrong(
            f"the loss that is given was called {len(seen['logits_shapes'])} times, perhaps once after the update: "
            "call it once, differentiate what it returns and return the same number"
        )


def check_returned(run: dict[str, Any], seen: dict[str, Any], play: Play, slips: dict[str, Play]) -> None:
    """The value of the loss that this update was made with."""
    got, right = float(seen["returned"][0]["number"]), value(run, play)
    if abs(got - right) <= 1e-4 * max(1.0, abs(right)):
        return
    for slip, other in slips.items():
        if abs(got - value(run, other)) <= 1e-4:
            raise Wrong(f"the update is right, but you returned {slip} ({got:.4f}), not the loss {right:.4f}")
    G, D = seats(run)
    player = G if run["loss"]["player"] == "G" else D
    update = gradients(run, play)
    with torch.no_grad():
        for p, step in zip(player.parameters(), update, strict=True):
            p -= run["lr"] * step
        after = play(G, D).item()
    if abs(got - after) <= 1e-4 * max(1.0, abs(after)):
        raise Wrong(
            f"you returned the loss after the update ({got:.4f}); the loss of this update is {right:.4f}"
        )
    raise Wrong(f"the update is right, but you returned {got:.4f}; the loss of this update was {right:.4f}")
