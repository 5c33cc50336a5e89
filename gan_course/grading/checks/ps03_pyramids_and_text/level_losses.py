"""Hidden check of `level_losses`: what D and G of one level of LAPGAN pay (Denton et al. 2015).

D judges h + l. The fakes' conditions come from other images, as in the authors' code, where the two halves of a batch
do not share an image; G pays -log D.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from gan_course.exercises.checking import Wrong
from gan_course.grading.checks import _tools
from gan_course.grading.checks._tools import Case, Seen
from gan_course.grading.checks.ps03_pyramids_and_text import level_slips, tries, ways
from gan_course.grading.checks.ps03_pyramids_and_text.level_slips import Pictures
from gan_course.grading.checks.ps03_pyramids_and_text.tries import tried
from gan_course.grading.checks.ps03_pyramids_and_text.ways import (
    Detail,
    Judge,
    photographed,
    seated,
    way_down,
    way_up,
)

TOLERANCE = 1e-8
SIDES = (5, 7)


# In the student's kernel -----------------------------------------------------------------------------------------


def slopes(loss: Any, net: nn.Module) -> list[Any] | None:
    """The gradients of a loss at the parameters of a network; None for a loss without a graph."""
    if not isinstance(loss, Tensor) or not loss.requires_grad:
        return None
    own = [p for p in net.parameters() if p.requires_grad]
    if not own:
        return []
    return list(torch.autograd.grad(loss.sum(), own, retain_graph=True, allow_unused=True))


def played(call: dict[str, Any], level_losses: Callable[..., Any]) -> dict[str, Any]:
    """The two losses of one level, their gradients, and what became of what was given."""
    D, G = nets = seated([Judge(call["D"]), Detail(call["G"])])
    given = [call[name].clone() for name in ("image", "other", "z")]
    result = level_losses(D, G, *given, way_down(call["way"]), way_up(call["way"]))
    seen = {
        "result": result,
        "after": [x.detach().clone() for x in given],
        "nets": photographed(nets),
    }
    if isinstance(result, tuple | list) and len(result) == 2:
        d_loss, g_loss = result
        seen["d at D"], seen["d at G"] = slopes(d_loss, D), slopes(d_loss, G)
        seen["g at G"] = slopes(g_loss, G)
    return seen


KERNEL_SIDE = (*ways.KERNEL_SIDE, *tries.KERNEL_SIDE, slopes, played)


def observe(case: dict[str, Any], level_losses: Callable[..., Any]) -> dict[str, Any]:
    """The losses of each level."""
    return tried(case["calls"], lambda call: played(call, level_losses))


# In the grader's process ----------------------------------------------------------------------------------------------


def draw(rng: torch.Generator) -> Case:
    """Batches of equal size; fewer fakes than real images, of larger size; a D that is very sure, and often wrong."""
    return {
        "calls": [
            _level(rng, 4, 4, 2, SIDES, (2, 2), 0.4),
            _level(rng, 3, 5, 3, (6, 9), (3, 2), 0.0),
            _sure(rng, _level(rng, 6, 6, 1, SIDES, (2, 2), 0.0)),
        ]
    }


def _level(
    rng: torch.Generator,
    n: int,
    m: int,
    channels: int,
    size: tuple[int, int],
    step: tuple[int, int],
    bend: float,
) -> dict[str, Any]:
    return {
        "image": ways.normal(rng, n, channels, *size),
        "other": ways.normal(rng, m, channels, *size) - 0.3,
        "z": 2 * torch.rand(m, 1, *size, generator=rng, dtype=torch.float64) - 1,
        "D": ways.drawn_discriminator(rng, channels, *size),
        "G": ways.drawn_generator(rng, channels),
        "way": ways.drawn_way(rng, step, bend),
    }


def _sure(rng: torch.Generator, call: dict[str, Any]) -> dict[str, Any]:
    """The level with a D whose logits reach 95 in size, and 57 for some real image and some fake that it misjudges."""
    parts = Pictures(call)
    while True:
        first, last, bias = call["D"]
        D = Judge(call["D"])
        real, fake = D(parts.real).detach(), D(parts.fake).detach()
        middle = (real.min() + fake.max()) / 2
        farthest = (torch.cat([real, fake]) - middle).abs().max()
        if fake.max() - middle > 0.6 * farthest:
            scale = 95 / farthest
            return call | {"D": [first, last * scale, (bias - middle) * scale]}
        call = call | {"D": ways.drawn_discriminator(rng, first.shape[1], *SIDES)}


def judge(case: Case, seen: Seen) -> None:
    """The first call, with batches of equal size, names mistakes; the others those of sizes and of large logits."""
    given = {"calls": [[call[name] for name in ("image", "other", "z")] for call in case["calls"]]}
    for k, (_, result) in enumerate(tries.results(given, seen)):
        call, done = case["calls"][k], seen["calls"][k]
        ways.check_untouched(done["nets"], [*call["D"], *call["G"]])
        if not isinstance(result, list) or len(result) != 2:
            raise Wrong("a pair (d_loss, g_loss) was expected")
        parts, D = Pictures(call), Judge(call["D"])
        n, m = len(call["image"]), len(call["other"])
        what = f" of {n} real images and {m} fakes" + ", with logits up to 95 in size" * (k == 2)
        hint = "stay with logits: -log D = softplus(-a) and -log(1 - D) = softplus(a), exact where a sigmoid rounds"
        names = ("d_loss", "g_loss")
        numbers = [_tools.number_of(x, name + what, hint) for x, name in zip(result, names, strict=True)]
        for number, name in zip(numbers, names, strict=True):
            right = (level_slips.d_loss if name == "d_loss" else level_slips.g_loss)(D, parts)
            slips = level_slips.of_d if name == "d_loss" else level_slips.of_g
            text = f"{name}{what} is {number.item():.6f} instead of {right.item():.6f}" + f": {hint}" * (
                k == 2
            )
            _tools.expect(
                number, right.detach(), lambda make=slips, p=parts, D=D: make(D, p), text, TOLERANCE
            )
        _check_gradients(done, parts, D, hint if k == 2 else "")


def _check_gradients(done: dict[str, Any], parts: Pictures, D: nn.Module, hint: str) -> None:
    at_D, at_G = list(D.parameters()), list(parts.G.parameters())
    if done["d at D"] is None or done["g at G"] is None:
        name = "d_loss" if done["d at D"] is None else "g_loss"
        raise Wrong(
            f"{name} has no graph: nothing can be trained with it. Is there a .item(), float() or no_grad()?"
        )
    if any(grad is not None and grad.any() for grad in done["d at G"]):
        raise Wrong("gradients of d_loss arrive at G: cut the graph there, D(fake.detach())")
    right = _gradient(level_slips.g_loss(D, parts), at_G)
    found = _filled(done["g at G"], at_G)
    if not found.any():
        raise Wrong("no gradient of g_loss arrives at G: detach the fakes in d_loss only")
    if _tools.far(found, right, TOLERANCE):
        for text, loss in level_slips.of_slopes(D, parts).items():
            if not _tools.far(found, _gradient(loss, at_G), TOLERANCE):
                raise Wrong(text)
        raise Wrong("g_loss is right, but not its gradient at G's parameters" + f": {hint}" * bool(hint))
    found = _filled(done["d at D"], at_D)
    halves = {
        "only the real half of d_loss trains D: detach the fakes, not D's answer to them": softplus(
            -D(parts.real)
        ).mean(),
        "only the fake half of d_loss trains D: D's answer to the real images has no graph": softplus(
            D(parts.fake.detach())
        ).mean(),
    }
    for text, half in halves.items():
        if not _tools.far(found, _gradient(half, at_D), TOLERANCE):
            raise Wrong(text)
    if _tools.far(found, _gradient(level_slips.d_loss(D, parts), at_D), TOLERANCE):
        raise Wrong("d_loss is right, but not its gradient at D's parameters" + f": {hint}" * bool(hint))


def _gradient(loss: Tensor, parameters: list[nn.Parameter]) -> Tensor:
    found = torch.autograd.grad(loss, parameters, retain_graph=True, allow_unused=True)
    return _filled(list(found), parameters)


def _filled(grads: list[Any], parameters: list[nn.Parameter]) -> Tensor:
    """Gradients in one row, zeros for those that are missing."""
    rows = [torch.zeros_like(p) if g is None else g for g, p in zip(grads, parameters, strict=True)]
    return torch.cat([row.detach().double().flatten() for row in rows])
