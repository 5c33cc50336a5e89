"""What the tasks around a trained G share: G at work, the law of its noise, and how it must be left behind."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

from gan_course.exercises.checking import Wrong
from gan_course.grading.checks.dcgan_celeba.tiny import (
    KERNEL_SIDE as TINY,
)
from gan_course.grading.checks.dcgan_celeba.tiny import (
    Watched,
    drawn_state,
    integer,
    photographed,
    restored,
    tiny_generator,
    untouched,
)


def drawn_generator(
    rng: torch.Generator, *, modes: str, tanh: bool, channels: int, kind: str = "convolutional"
) -> dict[str, Any]:
    """A case's G: plan and state, with gradients left from a training step.

    One of kind "dropout" has frozen parameters too, and itself adds noise while it is in training mode.
    """
    plan = {
        "kind": kind,
        "latent": 24 * channels if kind == "view" else integer(rng, 4, 7),
        "width": integer(rng, 3, 5),
        "channels": channels,
        "tanh": tanh,
    }
    flags = "mixed" if kind == "dropout" else "on"
    return {
        "plan": plan,
        "state": drawn_state(tiny_generator(plan), rng, modes=modes, flags=flags, grads=True),
    }


def seen_at_work(case_G: dict[str, Any], use: Any, codes: list[Tensor]) -> dict[str, Any]:
    """What `use(G, *codes)` returns, and what it does to G and to the codes."""
    graphs = []

    def note(net: nn.Module, z: Tensor, out: Tensor) -> None:
        graphs.append(out.requires_grad)

    noise = 0.5 if case_G["plan"]["kind"] == "dropout" else 0.0
    G = Watched(restored(tiny_generator(case_G["plan"]), case_G["state"]), note, noise)
    G.training = case_G["state"]["modes"][0]
    result = use(G, *codes)
    return {
        "result": result.detach().clone() if isinstance(result, Tensor) else None,
        "type": type(result).__name__,
        "result_has_graph": isinstance(result, Tensor) and result.requires_grad,
        "graphs": graphs,
        "G": photographed(G.layers),
        "outer_mode": G.training,
        "codes": [z.detach().clone() for z in codes],
    }


KERNEL_SIDE = (*TINY, seen_at_work)


# Judging ----------------------------------------------------------------------------------------------------


def right_generator(case_G: dict[str, Any], mode: bool | None = False) -> nn.Sequential:
    """The case's G in eval mode; True: in training mode; None: in the modes it came in."""
    G = restored(tiny_generator(case_G["plan"]), case_G["state"])
    return G if mode is None else G.train(mode)


def pictured(seen: dict[str, Any], shape: tuple[int, ...], dtypes: tuple[torch.dtype, ...]) -> Tensor:
    """The result, as float64, if it is a tensor of this shape and kind."""
    result = seen["result"]
    if not isinstance(result, Tensor):
        if seen["type"] == "NoneType":
            raise Wrong("your function returns nothing (None): not answered yet, or is `return` missing?")
        raise Wrong(f"your function returned a {seen['type']}; a tensor of shape {shape} was asked")
    if tuple(result.shape) != shape:
        raise Wrong(f"the result has shape {tuple(result.shape)}, expected {shape}{_hint(result, shape)}")
    if result.dtype not in dtypes:
        raise Wrong(f"the result has dtype {result.dtype}, expected {dtypes[0]}")
    return result.double()


def _hint(result: Tensor, shape: tuple[int, ...]) -> str:
    if sorted(result.shape) == sorted(shape):
        return ": the axes are in another order"
    if tuple(result.shape) == (1, *shape):
        return ": one picture was asked, take it out of the batch"
    return ""


def check_left_as_found(case_G: dict[str, Any], codes: list[Tensor], seen: dict[str, Any]) -> None:
    """Modes, flags, parameters, gradients and running statistics of G, and the codes it was given."""
    state, G = case_G["state"], seen["G"]
    if not seen["graphs"]:
        raise Wrong("G was never called: the pictures are G's, call G(...)")
    if seen["result_has_graph"] or any(seen["graphs"]):
        raise Wrong(
            "a graph was built while G drew: nothing is learned here, so draw under torch.no_grad() "
            "(a detach afterwards comes when the memory is already used)"
        )
    if not all(torch.equal(a, b) for a, b in zip(seen["codes"], codes, strict=True)):
        raise Wrong(
            "your function changes the codes it was given: work on new tensors (what G returns may be a view of its "
            "input)"
        )
    _check_modes(state["modes"], G["modes"], seen["outer_mode"])
    if G["flags"] != state["flags"]:
        raise Wrong(
            "requires_grad of G's parameters is not what it was: leave the flags, use torch.no_grad()"
        )
    tensors = state["tensors"]
    if not untouched(G["parameters"], {name: tensors[name] for name in state["flags"]}):
        raise Wrong("G's parameters changed: drawing pictures must not train")
    if not untouched(G["grads"], state["grads"]):
        raise Wrong("G's gradients (.grad) are not what they were: drawing pictures must leave them alone")
    if not untouched(G["buffers"], {k: v for k, v in tensors.items() if k not in state["flags"]}):
        raise Wrong(
            "G's batch-norm running statistics changed: G was in training mode when it was called; G.eval() comes first"
        )


def _check_modes(before: list[bool], after: list[bool], outer: bool) -> None:
    """The watched network itself, then its layers."""
    if outer == before[0] and after == before:
        return
    if not any(after) and not outer:
        raise Wrong("G is left in eval mode: the next training step would go on with it; restore its mode")
    if all(after) and outer and not before[0]:
        raise Wrong("G came in eval mode and is left in training mode: restore the mode it had")
    raise Wrong(
        "some parts of G are not in the mode they came in: a layer may be in eval mode while the rest trains, so note "
        "the mode of every module in G.modules() and give each its own back"
    )


def check_mode_while_drawing(case_G: dict[str, Any]) -> None:
    """What to say of a wrong picture by a G with dropout; nothing of any other G."""
    if case_G["plan"]["kind"] == "dropout":
        raise Wrong(
            "the picture of a G with dropout, and with noise of its own in training mode, is wrong: G itself and all "
            "its layers must be in eval mode while it draws, not some of them"
        )


def check_normal(z: Tensor, who: str) -> None:
    """Many rows of noise (n, latent): independent standard normal numbers, up to chance of about one in a million."""
    z = z.double()
    if not torch.isfinite(z).all():
        raise Wrong(f"{who} holds values that are not finite")
    if len(z.unique(dim=0)) < len(z):
        raise Wrong(f"{who}: some rows are the same; draw each sample's noise on its own")
    if len(torch.cat([z, -z]).unique(dim=0)) < 2 * len(z):
        raise Wrong(f"{who}: some rows are others with the sign changed; all rows must be independent")
    if z.shape[1] > 1 and len(z.T.unique(dim=0)) < z.shape[1]:
        raise Wrong(f"{who}: some columns are the same; draw all n × latent numbers on their own")
    mean, deviation, count = z.mean().item(), z.std().item(), z.numel()
    if not (abs(mean) < 5 / math.sqrt(count) and abs(deviation - 1) < 5 / math.sqrt(2 * count)):
        uniform = " (uniform noise?)" if z.abs().max() <= 1 else ""
        raise Wrong(
            f"{who} has mean {mean:.2f} and deviation {deviation:.2f}{uniform}; z ~ N(0, I) has 0 and 1"
        )
    # Kolmogorov's distance between the sample and the normal law; 2.7 is passed by chance once in a million
    ordered = z.flatten().sort().values
    normal = (1 + torch.erf(ordered / math.sqrt(2))) / 2
    ranks = torch.arange(count, dtype=torch.float64) / count
    distance = torch.maximum((ranks - normal).abs(), (ranks + 1 / count - normal).abs()).max().item()
    if not (distance * math.sqrt(count) < 2.7 and z.abs().max() > 2.5):
        raise Wrong(
            f"{who} has mean 0 and deviation 1, but it is not normal; use torch.randn, not uniform noise"
        )
    # |z|² has variance 2·latent, and the share of it that a sample shows has variance (2 + 12/latent)/n
    rows, latent = z.shape
    share = z.square().sum(1).var().item() / (2 * latent)
    if not abs(share - 1) < 6 * math.sqrt((2 + 12 / latent) / rows):
        raise Wrong(
            f"{who}: the lengths of its rows vary by other amounts than in N(0, I); leave them as torch.randn draws "
            "them, without dividing by a norm"
        )
    for lag in (1, rows // 2):  # neighbours, and the two halves
        if not abs((z[lag:] * z[:-lag]).mean().item()) < 6 / math.sqrt(z[lag:].numel()):
            raise Wrong(f"{who}: its rows depend on one another; draw each on its own")
    if z.shape[1] > 1:
        correlation = torch.corrcoef(z.T) - torch.eye(z.shape[1], dtype=torch.float64)
        if not correlation.abs().max() < 6 / math.sqrt(len(z)):
            raise Wrong(f"{who}: its columns depend on one another; N(0, I) has independent entries")
