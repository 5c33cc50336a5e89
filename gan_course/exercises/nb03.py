"""Checks of notebook 03: a round of Algorithm 1, modes, paths in z. Those of the losses and of the two training steps
are in files of their own.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from gan_course.exercises.checking import Attempt, Wrong
from gan_course.exercises.nb03_losses import check_gan_losses, check_gradient_forecast
from gan_course.exercises.nb03_steps import check_discriminator_step, check_generator_step

__all__ = [
    "check_count_modes",
    "check_discriminator_step",
    "check_gan_losses",
    "check_generator_step",
    "check_gradient_forecast",
    "check_latent_path",
    "check_play_round",
]


# A round of Algorithm 1 -------------------------------------------------------------------------------------


class _Diary:
    """Stand-ins for the two moves and the data that write down who was called with what."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, float]] = []
        self.taken = 0

    def batches(self) -> Iterator[Tensor]:
        while True:
            self.taken += 1
            yield torch.full((2, 1), float(self.taken))

    def d_move(self, x_real: Tensor) -> float:
        if not isinstance(x_real, Tensor):
            raise Wrong(f"d_move got a {type(x_real).__name__}; it needs a batch, next(batches)")
        self.entries.append(("D", x_real[0, 0].item()))
        return x_real[0, 0].item() ** 2

    def g_move(self) -> float:
        self.entries.append(("G", 0.0))
        return 0.25


def check_play_round(answer: Attempt) -> None:
    """Order of the moves, fresh batches, what is returned; rounds one after the other."""
    for k in (1, 2, 5):
        diary = _Diary()
        batches = diary.batches()
        for first in (1, k + 1):  # two rounds in a row draw on: batches 1 ... k, then k + 1 ... 2 k
            diary.entries.clear()
            result = answer(diary.d_move, diary.g_move, batches, k)
            _check_diary(diary, first, k)
            d_loss, g_loss = _pair_of_numbers(result)
            squares = [x**2 for x in range(first, first + k)]
            _check_means(d_loss, g_loss, squares)


def _check_diary(diary: _Diary, first: int, k: int) -> None:
    order = "".join(who for who, _ in diary.entries)
    if order != "D" * k + "G":
        hint = ""
        if order == "DG" * k:
            hint = ": G moves once per round, after the loop over D's moves"
        elif order == "G" + "D" * k:
            hint = ": D moves first"
        elif order.count("D") != k:
            hint = f": D has {order.count('D')} moves, not {k}"
        elif order.count("G") != 1:
            hint = f": G has {order.count('G')} moves, not 1"
        raise Wrong(f"with k = {k} the moves were {order or 'none'}, expected {'D' * k + 'G'}{hint}")
    seen = [number for who, number in diary.entries if who == "D"]
    right = [float(number) for number in range(first, first + k)]
    if seen != right:
        reused = len(set(seen)) < len(seen)
        why = "every move of D needs a fresh batch" if reused else "take exactly one batch per move of D"
        raise Wrong(f"with k = {k} D saw the batches {seen}, expected {right}: {why}")
    if diary.taken != first + k - 1:
        raise Wrong(
            f"with k = {k}, {diary.taken - first + 1} batches were taken from the data: {k} are needed"
        )


def _pair_of_numbers(result: Any) -> tuple[float, float]:
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise Wrong("return two numbers: the mean loss of D's moves, and the loss of G's move")
    return float(result[0]), float(result[1])


def _check_means(d_loss: float, g_loss: float, squares: list[int]) -> None:
    k, mean = len(squares), sum(squares) / len(squares)
    if not math.isclose(d_loss, mean, rel_tol=1e-6):
        slips = {
            "the last loss": squares[-1],
            "the first loss": squares[0],
            "the sum": sum(squares),
            "G's loss": 0.25,
        }
        what = next((name for name, value in slips.items() if math.isclose(d_loss, value)), "something else")
        raise Wrong(f"D's {k} losses were {squares}; you returned {d_loss:g}, {what}; their mean is {mean:g}")
    if not math.isclose(g_loss, 0.25):
        raise Wrong(f"G's move lost 0.25; the second number you returned is {g_loss:g}")


# Modes ------------------------------------------------------------------------------------------------------


def check_count_modes(answer: Attempt) -> None:
    """Hand-made points around three means on the plane, then one and three dimensions."""
    means = torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])

    def near(mode: int, count: int, away: float = 0.1) -> Tensor:
        return means[mode] + torch.tensor([away, 0.0]).expand(count, 2)

    nowhere = torch.full((1, 2), 5.0)
    _expect_modes(
        answer, torch.cat([near(0, 10), near(1, 10)]), means, 2, "ten samples at each of two of three modes"
    )
    _expect_modes(answer, nowhere.expand(20, 2), means, 0, "twenty samples far from every mode")
    _expect_modes(
        answer,
        torch.cat([near(0, 96), near(1, 4)]),
        means,
        1,
        "96 samples at one mode and 4 % at another",
        "a mode counts only if it gets the share `least` of the samples",
    )
    _expect_modes(
        answer,
        torch.cat([near(0, 95), near(1, 5)]),
        means,
        2,
        "5 of 100 samples at a mode",
        "a share equal to `least` is enough",
    )
    _expect_modes(
        answer,
        torch.cat([near(0, 10), near(1, 4), nowhere.expand(86, 2)]),
        means,
        1,
        "4 of 100 samples at a mode, 86 far from all",
        "`least` is a share of *all* samples, not of those near a mode",
    )
    _expect_modes(
        answer,
        torch.cat([near(0, 10), near(1, 10, 0.6)]),
        means,
        1,
        "ten samples 0.6 away from a mode, radius 0.5",
        "compare distances with the radius, not their squares",
    )
    _expect_modes(answer, near(2, 7, 0.5), means, 1, "samples exactly at the radius", "that is still inside")
    line = torch.arange(5.0)[:, None] * 3
    _expect_modes(answer, line.repeat(4, 1), line, 5, "five modes on a line (dimension 1)")
    cube = torch.eye(3) * 4
    _expect_modes(
        answer, cube[:2].repeat(10, 1) + 0.3, cube, 0, "samples 0.52 away in three dimensions, radius 0.5"
    )
    _expect_modes(answer, cube[:2].repeat(10, 1) + 0.2, cube, 2, "two of three modes in three dimensions")
    twins = torch.tensor([[0.0, 0.0], [0.6, 0.0]])
    _expect_modes(
        answer,
        torch.tensor([[0.2, 0.0]]).expand(20, 2),
        twins,
        1,
        "two modes 0.6 apart, all samples between them, 0.2 from one and 0.4 from the other",
        "a sample belongs to its nearest mode alone",
    )


def _expect_modes(
    answer: Attempt, samples: Tensor, means: Tensor, right: int, case: str, why: str = ""
) -> None:
    before = samples.clone()
    got = answer(samples, means, 0.5, 0.05)
    if not torch.equal(samples, before):
        raise Wrong("your function changes the samples it is given: work on a copy")
    if isinstance(got, Tensor) and got.numel() != 1:
        raise Wrong(f"you returned a tensor of shape {tuple(got.shape)}; the number of modes was asked")
    if float(got) == right:
        return
    if right and math.isclose(float(got), right / len(means)):
        raise Wrong(f"{case}: you returned {float(got):.3f}, the share of modes; their number is {right}")
    raise Wrong(f"{case}: you counted {float(got):g}, expected {right}" + (f"; {why}" if why else ""))


# Paths in z -------------------------------------------------------------------------------------------------


class _Curved(nn.Module):
    """G(z) = z², which tells a path in z from a path in the samples; notes how it was used."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))
        self.modes_seen: list[bool] = []

    def forward(self, z: Tensor) -> Tensor:
        self.modes_seen.append(self.training)
        return self.scale * z.square()


def check_latent_path(answer: Attempt) -> None:
    """The line itself, its ends, eval mode during and the old mode after, no graph, images as well."""
    start, end = torch.tensor([0.0, 2.0]), torch.tensor([4.0, -2.0])
    for steps in (5, 2, 8):
        t = torch.linspace(0, 1, steps)[:, None]
        right = ((1 - t) * start + t * end).square()
        G = _Curved()
        got = answer(G, start, end, steps)
        _compare_paths(got, right, steps, (1 - t) * start**2 + t * end**2)
    if got.requires_grad:
        raise Wrong("the samples still carry a graph: sample under torch.no_grad()")
    for training in (True, False):
        G = _Curved().train(training)
        answer(G, start, end, 3)
        if any(G.modes_seen):
            raise Wrong("G was in training mode while you sampled: call G.eval() first (batch norm, dropout)")
        if G.training != training:
            mode = "training" if training else "eval"
            raise Wrong(f"G was in {mode} mode before your call and is not any more: restore it")
    if not G.scale.requires_grad:
        raise Wrong("G's parameters no longer require gradients after your call: use torch.no_grad() instead")
    images = nn.Sequential(nn.Linear(2, 16), nn.Unflatten(1, (1, 4, 4)))
    if tuple(answer(images, start, end, 6).shape) != (6, 1, 4, 4):
        raise Wrong("a generator of 1×4×4 images must give (steps, 1, 4, 4): keep the shape G returns")
    _check_odd_batches(answer)


def _compare_paths(got: Any, right: Tensor, steps: int, straight: Tensor) -> None:
    if not isinstance(got, Tensor):
        raise Wrong(f"return a tensor (steps, ...), not a {type(got).__name__}: torch.stack or one batch")
    if got.shape != right.shape:
        raise Wrong(f"steps = {steps} gave shape {tuple(got.shape)}, expected {tuple(right.shape)}")
    if torch.allclose(got.detach(), right, atol=1e-4):
        return
    if torch.allclose(got.detach(), right.flip(0), atol=1e-4):
        raise Wrong("the path runs backwards: it starts at z_start (t = 0) and ends at z_end (t = 1)")
    if torch.allclose(got.detach(), straight, atol=1e-4):
        raise Wrong(
            "you mixed the *samples* G(z_start) and G(z_end): mix the z and send every mixture through G"
        )
    if not torch.allclose(got.detach()[0], right[0], atol=1e-4):
        raise Wrong(f"the first sample is {got[0].tolist()}, expected G(z_start) = {right[0].tolist()}")
    if not torch.allclose(got.detach()[-1], right[-1], atol=1e-4):
        raise Wrong(f"the last sample is {got[-1].tolist()}, expected G(z_end) = {right[-1].tolist()}")
    raise Wrong(
        "both ends are right, but not what lies between: z = (1 - t) z_start + t z_end, t evenly spaced"
    )


def _check_odd_batches(answer: Attempt) -> None:
    """Batch norm in eval mode: the path does not depend on who else is in the batch."""
    torch.manual_seed(0)
    G = nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, 4))
    before = copy.deepcopy(G.state_dict())
    ends = torch.randn(2, 3)
    got = answer(G, ends[0], ends[1], 2)
    alone = copy.deepcopy(G).eval()(ends).detach()
    if not torch.allclose(got.detach(), alone, atol=1e-5):
        raise Wrong("with batch norm the ends of the path are not G(z_start) and G(z_end) of eval mode")
    if any(not torch.equal(value, before[key]) for key, value in G.state_dict().items()):
        raise Wrong("sampling changed the running statistics of G: call G.eval() before, not after")
