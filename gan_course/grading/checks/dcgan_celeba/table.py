"""A table for the two training steps: two tiny networks, a real batch, a loss, and one step played on it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan_course.grading.checks.dcgan_celeba.tiny import KERNEL_SIDE as TINY
from gan_course.grading.checks.dcgan_celeba.tiny import (
    Watched,
    drawn_state,
    integer,
    photographed,
    restored,
    tiny_discriminator,
    tiny_generator,
    uniform,
)

ROWS = 250  # of the run that shows the law of the noise


# In the student's kernel ------------------------------------------------------------------------------------


def given_loss(spec: dict[str, Any]) -> Callable[..., Tensor]:
    """D's loss(real_logits, fake_logits) or G's loss(fake_logits), with this case's own bend and numbers."""
    bend = {
        "softplus": F.softplus,
        "square": torch.square,
        "smooth hinge": lambda u: (u + (1 + u * u).sqrt()) / 2,
    }[spec["bend"]]

    def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        real, fake = bend(spec["margin"] - real_logits), bend(spec["margin"] + fake_logits)
        return spec["a"] * real.mean() + spec["b"] * fake.mean()

    def generator_loss(fake_logits: Tensor) -> Tensor:
        return spec["a"] * bend(spec["margin"] - fake_logits).mean()

    return discriminator_loss if spec["player"] == "D" else generator_loss


def played(run: dict[str, Any], step: Callable[..., Any], calls: int = 1) -> dict[str, Any]:
    """Play `calls` steps on the table that `run` describes, and note what happened to everything on it."""
    z, G_modes, D_modes, returned, logits_shapes = [], [], [], [], []

    def note_G(net: nn.Module, x: Tensor, out: Tensor) -> None:
        z.append(x.detach().clone())
        G_modes.append([module.training for module in net.layers.modules()])

    def note_D(net: nn.Module, x: Tensor, out: Tensor) -> None:
        D_modes.append([module.training for module in net.layers.modules()])

    G = Watched(restored(tiny_generator(run["plan"]), run["G"]), note_G)
    D = Watched(restored(tiny_discriminator(run["plan"]), run["D"]), note_D)
    G.training, D.training = run["G"]["modes"][0], run["D"]["modes"][0]
    x_real, plain_loss = run["x_real"].clone(), given_loss(run["loss"])

    def loss(*logits: Tensor, **named: Tensor) -> Tensor:
        logits_shapes.append([list(t.shape) for t in (*logits, *named.values())])
        return plain_loss(*logits, **named)

    player = {"G": G, "D": D}[run["loss"]["player"]]
    parameters = list(player.parameters())
    for p in parameters:
        if not p.requires_grad:
            p.grad = None  # an old gradient here would be a trap: SGD moves whatever has one, frozen or not
    groups = [{"params": parameters[:2]}, {"params": parameters[2:]}]
    opt = torch.optim.SGD(groups, lr=run["lr"])
    for _ in range(calls):
        if player is D:
            result = step(G, D, opt, x_real, run["plan"]["latent"], loss)
        else:
            result = step(G, D, opt, len(x_real), run["plan"]["latent"], loss)
        number = result.detach().flatten()[0] if isinstance(result, Tensor) else result
        has_number = isinstance(number, Tensor) or hasattr(number, "__float__")
        returned.append(
            {
                "type": type(result).__name__,
                "number": torch.tensor(float(number) if has_number else math.nan, dtype=torch.float64),
                "graph": isinstance(result, Tensor) and result.requires_grad,
            }
        )
    return {
        "z": z,
        "G_modes": G_modes,
        "D_modes": D_modes,
        "x_real": x_real,
        "logits_shapes": logits_shapes,
        "returned": returned,
        "outer_modes": [G.training, D.training],
        "G": photographed(G.layers),
        "D": photographed(D.layers),
    }


def played_three_times(run: dict[str, Any], step: Callable[..., Any]) -> dict[str, Any]:
    """The noise of two steps in a row, and of one after torch's global generator was put back."""
    torch.manual_seed(run["seed"])
    in_a_row = played(run, step, calls=2)["z"]
    torch.manual_seed(run["seed"])
    return {"in_a_row": in_a_row, "again": played(run, step)["z"]}


def played_case(case: dict[str, Any], step: Callable[..., Any]) -> dict[str, Any]:
    """One step on every table, three for the noise."""
    return {
        "runs": [played(run, step) for run in case["runs"]],
        "noise": played_three_times(case["noise"], step),
    }


KERNEL_SIDE = (*TINY, given_loss, played, played_three_times, played_case)


# In the grader's process -------------------------------------------------------------------------------------------


def drawn_case(rng: torch.Generator, player: str) -> dict[str, Any]:
    """Dense networks, partly frozen, in mixed modes; convolutions with batch norm that train; many rows of noise."""
    mixed = {"modes": "mixed", "flags": "mixed", "grads": True}
    old_gradients = {"G": {}, "D": {}} | {player: {"grads": True}}
    return {
        "runs": [
            drawn_run(rng, player, "dense", G=mixed, D=mixed),
            drawn_run(rng, player, "convolutional", **old_gradients),
        ],
        "noise": drawn_run(rng, player, "dense", G={}, D={}, rows=ROWS),
    }


def drawn_run(
    rng: torch.Generator, player: str, kind: str, *, G: dict[str, Any], D: dict[str, Any], rows: int = 0
) -> dict[str, Any]:
    """Two networks, a real batch, a loss and a learning rate; G and D: options of `drawn_state`."""
    plan = {
        "kind": kind,
        "latent": integer(rng, 4, 7),
        "width": integer(rng, 3, 5),
        "channels": integer(rng, 2, 3),
        "tanh": True,
    }
    n = rows or integer(rng, 4, 7)
    shape = (n, plan["channels"]) if kind == "dense" else (n, plan["channels"], 4, 6)
    return {
        "plan": plan,
        "G": drawn_state(tiny_generator(plan), rng, **G),
        "D": drawn_state(tiny_discriminator(plan), rng, **D),
        "x_real": torch.rand(shape, generator=rng) * 2 - 1,
        "lr": uniform(rng, 0.02, 0.1),
        "seed": integer(rng, 0, 2**31 - 1),
        "loss": {
            "player": player,
            "bend": ("softplus", "square", "smooth hinge")[integer(rng, 0, 2)],
            "a": uniform(rng, 0.6, 0.9),
            "b": uniform(rng, 1.1, 1.6),
            "margin": uniform(rng, 0.3, 0.9),
        },
    }


def seats(run: dict[str, Any]) -> tuple[nn.Sequential, nn.Sequential]:
    """G and D as they came."""
    state = {name: run[name] | {"grads": {}} for name in "GD"}
    return restored(tiny_generator(run["plan"]), state["G"]), restored(
        tiny_discriminator(run["plan"]), state["D"]
    )
