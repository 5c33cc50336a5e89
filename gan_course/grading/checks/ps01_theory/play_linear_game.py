"""Hidden check of `play_linear_game`: gradient play of min_x max_y x.M y - gamma |y|^2 / 2, and the growth per round.

One round is linear: (x, y) <- A (x, y). In the long run the distance to the equilibrium (0, 0) is multiplied by the
spectral radius of A, the largest modulus of its eigenvalues.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from gan_course.exercises.checking import Wrong
from gan_course.grading.checks import _tools
from gan_course.grading.checks._tools import Case, Seen, record

KERNEL_SIDE = _tools.KERNEL_SIDE
TOLERANCE = 1e-6
ORDERS = ("simultaneous", "alternating")


def draw(rng: torch.Generator) -> Case:
    """Calls (M, gamma, x, y, lr, rounds, order), both orders each: 2x3, 3x2 and 2x2 damped; 1x1 without damping; and
    1x1 damped so much that each round overshoots.

    The path of the 3x2 game is too short to show all of A, and that of the 2x2 game, which starts at 0, shows nothing.
    In the last game lr gamma > 2: the eigenvalue of largest modulus is negative, and neither the first that LAPACK
    gives nor the one with the largest real part.
    """
    calls = []
    games = ((2, 3, True, (4, 8)), (3, 2, True, (1, 4)), (1, 1, False, (4, 8)), (2, 2, True, (4, 8)))
    for n, m, damped, (fewest, most) in games:
        M = 0.35 * torch.randn(n, m, generator=rng, dtype=torch.float64)
        M = M + torch.eye(n, m) * _tools.number(rng, 1.0, 1.4)
        gamma = _tools.number(rng, 0.3, 0.8) if damped else 0.0
        start = torch.randn(n + m, generator=rng, dtype=torch.float64).split([n, m])
        if (n, m) == (2, 2):
            start = [torch.zeros_like(half) for half in start]
        lr = _tools.number(rng, 0.1, 0.3)
        rounds = int(torch.randint(fewest, most + 1, (1,), generator=rng))
        calls += [[M, gamma, *start, lr, rounds, order] for order in ORDERS]
    M = torch.full((1, 1), _tools.number(rng, 0.2, 0.35), dtype=torch.float64)
    lr, start = _tools.number(rng, 0.8, 1.0), torch.randn(2, generator=rng, dtype=torch.float64).split([1, 1])
    gamma = _tools.number(rng, 2.3, 2.7) / lr
    calls += [[M, gamma, *start, lr, 5, order] for order in ORDERS]
    return {"calls": calls}


def observe(case: dict[str, Any], play_linear_game: Callable[..., Any]) -> dict[str, Any]:
    """Play every game in both orders."""
    return record(case, play_linear_game)


def judge(case: Case, seen: Seen) -> None:
    """First the path of each game, then its factor."""
    for given, result in zip(case["calls"], _tools.results(case, seen), strict=True):
        if not isinstance(result, list) or len(result) != 2:
            raise Wrong("return a pair: the path, then the factor")
        (n, m), gamma, rounds, order = given[0].shape, given[1], given[5], given[6]
        game = f"({order}, M of shape {(n, m)}, gamma {gamma:.2f}, {rounds} rounds)"
        path = _tools.tensor_of(
            result[0],
            (rounds + 1, n + m),
            f"the path {game}",
            "does the game run away?",
            "One row for the start and one after each round; in a row x first, then y",
        )
        right = _play(given)
        _tools.expect(path, right, partial(_path_slips, given), f"the path {game} goes elsewhere", TOLERANCE)
        factor = _tools.number_of(result[1], f"the factor {game}", "does A hold nan?")
        growth = _radius(_round(given))
        text = f"the path {game} is right; the factor is {factor:.6f}, expected {growth:.6f}"
        _tools.expect(factor, growth, partial(_factor_slips, given, right), text, TOLERANCE)


def _play(
    given: list[Any],
    *,
    order: str = "",
    gamma: float | None = None,
    signs: tuple[int, int] = (1, 1),
    damp_x: float = 0.0,
) -> Tensor:
    """The path (rounds + 1, n + m), with the mistakes that the keywords describe; without keywords the right one."""
    M, own_gamma, x, y, lr, rounds, own_order = given
    order = order or own_order
    gamma = own_gamma if gamma is None else gamma

    def moved_x(x: Tensor, y: Tensor) -> Tensor:
        return x - lr * signs[0] * (M @ y + damp_x * x)  # dV/dx = M y, x descends

    def moved_y(x: Tensor, y: Tensor) -> Tensor:
        return y + lr * signs[1] * (M.T @ x - gamma * y)  # dV/dy = M^T x - gamma y, y ascends

    rows = [torch.cat([x, y])]
    for _ in range(rounds):
        if order == "simultaneous":
            x, y = moved_x(x, y), moved_y(x, y)
        elif order == "alternating":
            x = moved_x(x, y)
            y = moved_y(x, y)
        else:  # y first
            y = moved_y(x, y)
            x = moved_x(x, y)
        rows.append(torch.cat([x, y]))
    return torch.stack(rows)


def _round(given: list[Any], **mistakes: Any) -> Tensor:
    """The matrix A of one round, column by column: what becomes of each unit vector."""
    M, gamma, _, _, lr, _, order = given
    ends = [
        _play([M, gamma, *unit.split(list(M.shape)), lr, 1, order], **mistakes)[1]
        for unit in torch.eye(sum(M.shape), dtype=M.dtype)
    ]
    return torch.stack(ends, 1)


def _radius(A: Tensor) -> Tensor:
    return torch.linalg.eigvals(A).abs().max()


def _path_slips(given: list[Any]) -> dict[str, Tensor]:
    M, gamma, _, _, lr, _, order = given
    other = ORDERS[1 - ORDERS.index(order)]
    right = _play(given)
    slips = {
        f"under {order!r} you play {other!r}": _play(given, order=other),
        "y moves first and x answers; x moves first": _play(given, order="y first"),
        "both signs are exchanged: x descends V, y ascends it": _play(given, signs=(-1, -1)),
        "x ascends V; it descends": _play(given, signs=(-1, 1)),
        "y descends V; it ascends": _play(given, signs=(1, -1)),
        "gamma has no effect: dV/dy = M^T x - gamma y": _play(given, gamma=0.0),
        "gamma has the wrong sign: -gamma |y|^2 / 2 pulls y to 0": _play(given, gamma=-gamma),
        "gamma is doubled: the 1/2 cancels the 2 of the square": _play(given, gamma=2 * gamma),
        "gamma is halved: the 1/2 cancels the 2 of the square": _play(given, gamma=gamma / 2),
        "y is damped by gamma y, without the learning rate: it moves by lr (M^T x - gamma y)": (
            _play(given, gamma=gamma / lr)
        ),
        "x is damped as well; the penalty is on y alone": _play(given, damp_x=gamma),
        "x is damped in place of y": _play(given, gamma=0.0, damp_x=gamma),
        "the rows of the path are all the last state: put a copy into it in each round": right[-1].expand_as(
            right
        ),
        "the rows of the path are all the start: carry the new x and y into the next round": (
            right[0].expand_as(right)
        ),
        "y stands before x in each row": right.roll(-M.shape[0], 1),
        "the path runs backwards: the start is its first row": right.flip(0),
        "the start stands in the path twice, and the last state is missing": torch.cat(
            [right[:1], right[:-1]]
        ),
        "the start is missing: the path begins with it": torch.cat([right[1:], right[-1:]]),
    }
    return slips


def _factor_slips(given: list[Any], path: Tensor) -> dict[str, Tensor]:
    """What known mistakes give for the factor, when the path is right."""
    M, _, _, _, lr, rounds, order = given
    A, length = _round(given), path.norm(dim=1)
    values = torch.linalg.eigvals(A)
    growth = _radius(A)
    start = "depends on the start; the largest modulus of the eigenvalues of A does not"
    other = _round(given, order=ORDERS[1 - ORDERS.index(order)])
    slope = torch.linalg.eigvals((A - torch.eye(len(A))) / lr)
    fitted = torch.linalg.pinv(path[:-1]) @ path[1:]
    return {
        "A was fitted to this path, which does not show all of it; A follows from M, gamma, lr and the order": (
            _radius(fitted)
        ),
        f"the factor is that of the other order; A is one round of {order!r} play": _radius(other),
        "the factor ignores gamma: it damps the game": _radius(_round(given, gamma=0.0)),
        f"this is the growth over all {rounds} rounds of this path, which {start}": length[-1] / length[0],
        f"this is the mean growth per round of this path, which {start}": (length[-1] / length[0])
        ** (1 / rounds),
        f"this is the growth in the last round of this path, which {start}": length[-1] / length[-2],
        f"this is the growth in the first round of this path, which {start}": length[1] / length[0],
        f"this is the mean of the ratios of this path, which {start}": (length[1:] / length[:-1]).mean(),
        "this is the largest *singular* value of A, the most that one round can do; eigenvalues tell the long run": (
            torch.linalg.matrix_norm(A, 2)
        ),
        "the factor is the largest real part of the eigenvalues of A; complex ones count with their modulus": (
            values.real.max()
        ),
        "the factor is the largest absolute real part of the eigenvalues; take their modulus": values.real.abs().max(),
        "the factor is the smallest modulus; in the long run the largest one wins": values.abs().min(),
        "this is the mean modulus; in the long run the largest one wins": values.abs().mean(),
        "this is the growth of the *squared* distance": growth**2,
        "this is the growth over all rounds; the growth per round was asked for": growth**rounds,
        "this is the logarithm of the factor": growth.log(),
        "this is the determinant of A, the growth of areas": torch.linalg.det(A).abs(),
        "these are eigenvalues of the gradient field; one round multiplies by 1 + lr times them": slope.abs().max(),
        "this is sqrt(1 + lr^2), the factor of the game x y; use M and gamma": growth.new_tensor(
            math.hypot(1, lr)
        ),
        "this is sqrt(1 + lr^2 s^2), the factor of the game without gamma": (
            1 + (lr * torch.linalg.matrix_norm(M, 2)) ** 2
        ).sqrt(),
        "the factor is always 1 in your answer; compute it": torch.ones_like(growth),
    }
