"""Checks of notebook 05: the best conditional D, votes for tags, a prediction about labels. Those of the losses and of
the conditional layer are in a file of their own.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import normalize

from gan_course.exercises.checking import Attempt, Wrong, call, close, rows, scalar
from gan_course.exercises.nb05_layers import check_class_batch_norm
from gan_course.exercises.nb05_losses import check_cgan_losses
from gan_course.training.seeding import generator

__all__ = [
    "check_cgan_losses",
    "check_class_batch_norm",
    "check_conditional_optimal_d",
    "check_label_prediction",
    "check_vote_tags",
]

# The best discriminator of pairs ----------------------------------------------------------------------------


def check_conditional_optimal_d(answer: Attempt) -> None:
    """Two labels by hand, unequal label frequencies, pairs that nobody makes, random laws of several sizes."""
    even = torch.tensor([0.5, 0.5], dtype=torch.float64)
    mixed = torch.tensor([[0.3, 0.5, 0.2], [0.2, 0.7, 0.1]], dtype=torch.float64)
    p_x = torch.tensor([[0.8, 0.2, 0.0], [0.1, 0.1, 0.8]], dtype=torch.float64)
    q_x = torch.tensor([[0.2, 0.8, 0.0], [0.3, 0.5, 0.2]], dtype=torch.float64)
    full = torch.tensor([[0.8, 0.1, 0.1], [0.1, 0.1, 0.8]], dtype=torch.float64)
    _expect_d(answer, "two labels, equally frequent on both sides", full, mixed, even, even)
    rare = torch.tensor([0.9, 0.1], dtype=torch.float64)
    _expect_d(answer, "labels that are rarer in the data than in G's batches", full, mixed, rare, even)
    _expect_d(answer, "a perfect G whose labels are drawn with other frequencies", full, full, rare, even)
    _expect_d(answer, "a pair that neither side makes", p_x, q_x, even, rare)
    never = torch.tensor([1.0, 0.0], dtype=torch.float64)
    _expect_d(answer, "a label that neither side draws", full, mixed, never, never)
    _expect_d(
        answer, "a picture that the data do not have, and one that G does not make", p_x, mixed, even, even
    )
    _expect_d(answer, "a label that the data do not have", full, mixed, never, even)
    _expect_d(answer, "a label that G never asks for", full, mixed, even, never)
    rng = generator(0)
    for k, n in ((1, 4), (3, 3), (5, 2), (4, 30)):
        laws = [torch.rand(k, n, generator=rng, dtype=torch.float64) + 0.05 for _ in range(2)]
        labels = [torch.rand(k, generator=rng, dtype=torch.float64) + 0.1 for _ in range(2)]
        case = f"random laws of {k} labels and {n} values of x"
        _expect_d(answer, case, *(a / a.sum(-1, keepdim=True) for a in laws), *(a / a.sum() for a in labels))


def _expect_d(answer: Attempt, case: str, p_x: Tensor, q_x: Tensor, p_y: Tensor, q_y: Tensor) -> None:
    result = call(answer, p_x, q_x, p_y, q_y)
    if isinstance(result, Tensor) and result.shape == p_x.shape and result.isnan().any():
        raise Wrong(f"{case}: there are NaNs: where p(x, y) + q(x, y) = 0 the contract asks for 1/2")
    found = rows(result, tuple(p_x.shape))
    right = _ratio(p_x * p_y[:, None], q_x * q_y[:, None])
    if close(found, right, 1e-9 if result.dtype == torch.float64 else 1e-6):
        if result.dtype != torch.float64:
            raise Wrong(f"the result has dtype {result.dtype}, expected torch.float64")
        return
    seen = (p_x * p_y[:, None] + q_x * q_y[:, None]) > 0
    if close(torch.where(seen, found, right), right, 1e-9):
        raise Wrong(f"{case}: where p(x, y) + q(x, y) = 0 the contract asks for 1/2")
    slips = {
        "that is 1 - D*: D is near 1 where the data put more mass": 1 - right,
        "label frequencies are missing, or the same on both sides: compare p(y) p(x|y) with q(y) q(x|y)": _ratio(
            p_x, q_x
        ),
        "the two label frequencies are exchanged": _ratio(p_x * q_y[:, None], q_x * p_y[:, None]),
        "that is the D that does not see y: do not sum over the labels": _ratio(
            (p_x * p_y[:, None]).sum(0), (q_x * q_y[:, None]).sum(0)
        ).expand_as(right),
        "that is the logit: pass it through the logistic function": torch.logit(right),
        "that is the ratio p/q, not p/(p + q)": right / (1 - right),
    }
    for slip, value in slips.items():
        if value.isfinite().all() and close(found, value, 1e-9):
            raise Wrong(f"{case}: {slip}")
    at = int((found - right).abs().argmax())
    y, x = divmod(at, p_x.shape[1])
    raise Wrong(f"{case}: D*(x={x}, y={y}) is {found[y, x]:.4g}, expected {right[y, x]:.4g}")


def _ratio(p: Tensor, q: Tensor) -> Tensor:
    return torch.where(p + q > 0, p / (p + q).clamp_min(1e-300), 0.5)


# Votes ------------------------------------------------------------------------------------------------------


def check_vote_tags(answer: Attempt) -> None:
    """Four words in the plane by hand, ties, words of different lengths, then random samples."""
    compass = torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
    turns = torch.tensor([0.1, 0.2, 1.5, 1.4, 1.7, 3.0])
    points = torch.stack([turns.cos(), turns.sin()], 1)
    _expect_tags(answer, "six samples among four words, one vote each", points, compass, 1, 2)
    _expect_tags(
        answer,
        "words of different lengths",
        points,
        compass * torch.tensor([[1.0], [0.2], [9.0], [1.0]]),
        1,
        2,
    )
    _expect_tags(
        answer,
        "samples of different lengths, two votes each",
        points * torch.arange(1.0, 7.0)[:, None],
        compass,
        2,
        3,
    )
    _expect_tags(answer, "equal votes and words without any", points[[0, 2]], compass.flip(0), 1, 4)
    rng = generator(0)
    for s, size, near, k in ((40, 30, 5, 10), (1, 12, 4, 3), (25, 8, 8, 8), (100, 50, 20, 10)):
        words = torch.randn(size, 7, generator=rng) * (0.2 + 3 * torch.rand(size, 1, generator=rng))
        samples = words[torch.randint(size, (s,), generator=rng)] + torch.randn(s, 7, generator=rng)
        _expect_tags(answer, f"{s} samples, {size} words, near = {near}, k = {k}", samples, words, near, k)


def _expect_tags(answer: Attempt, case: str, samples: Tensor, words: Tensor, near: int, k: int) -> None:
    found = _word_numbers(call(answer, samples, words, near, k), len(words))
    cosine = normalize(samples.double(), dim=1) @ normalize(words.double(), dim=1).T
    votes = _votes(cosine, near)
    right = _most(votes, k)
    if found == right:
        return
    if len(found) != k:
        raise Wrong(f"{case}: {len(found)} words, expected k = {k}")
    mean = normalize(samples.double().mean(0, keepdim=True), dim=1) @ normalize(words.double(), dim=1).T
    slips = {
        "equal votes: the word with the smaller number comes first": (
            len(votes) - 1 - votes.flip(0).argsort(descending=True, stable=True)
        )[:k].tolist(),
        "these are the nearest words by Euclidean distance: the contract says cosine": _most(
            _votes(-torch.cdist(samples.double(), words.double()), near), k
        ),
        "you compare inner products: divide by the lengths of the words": _most(
            _votes(samples.double() @ words.double().T, near), k
        ),
        "you add up similarities: every sample gives its `near` nearest words one vote each": _most(
            cosine.sum(0), k
        ),
        "these are the words nearest to the mean of the samples: let every sample vote": _most(mean[0], k),
        "every sample votes for one word only: it has `near` votes": _most(_votes(cosine, 1), k),
        "these have the fewest votes: most votes first": _most(-votes, k),
        "the samples vote for the words farthest away": _most(_votes(-cosine, near), k),
    }
    for slip, value in slips.items():
        if found == value:
            raise Wrong(f"{case}: {slip}")
    if sorted(found) == sorted(right):
        raise Wrong(f"{case}: the right words in another order: most votes first, equal votes by word number")
    raise Wrong(
        f"{case}: you returned {found}, expected {right}; the words' votes are {votes.int().tolist()}"
    )


def _votes(score: Tensor, near: int) -> Tensor:
    return score.topk(near, dim=1).indices.flatten().bincount(minlength=score.shape[1])


def _most(votes: Tensor, k: int) -> list[int]:
    return votes.argsort(descending=True, stable=True)[:k].tolist()


def _word_numbers(result: Any, vocabulary: int) -> list[int]:
    result = result.tolist() if hasattr(result, "tolist") else result
    if not isinstance(result, list | tuple):
        raise Wrong(f"a list of word numbers was expected, not {type(result).__name__}")
    try:
        numbers = [operator.index(number) for number in result]
    except TypeError:
        raise Wrong(f"word numbers are integers; you returned {list(result)[:4]}") from None
    if any(not 0 <= number < vocabulary for number in numbers):
        raise Wrong(f"word numbers run from 0 to {vocabulary - 1}; you returned {numbers}")
    return numbers


# A prediction -----------------------------------------------------------------------------------------------

# key: (right value, the thought that leads to it, {slip: value})
NUMBERS: dict[str, tuple[float, str, dict[str, float]]] = {
    "blind_value": (
        -2 * math.log(2),
        "without y, D compares all real images with all generated ones, and these have the same law",
        {"that is one of the two expectations; V has two": -math.log(2), "V is at most 0": 2 * math.log(2)},
    ),
    "match": (
        10 / 11,
        "on a matching pair p(x|y) is ten times q(x|y), for G spreads its images over ten classes",
        {
            "that would be a D that has seen no difference": 0.5,
            "G does make matching pairs, one in ten: D cannot be sure": 1.0,
            "that is 1 - D*": 1 / 11,
            "D* is p/(p + q), and q is a tenth of p": 0.9,
        },
    ),
    "seen_value": (
        math.log(10 / 11) + 0.1 * math.log(1 / 11),
        "all real pairs match, and one generated pair in ten does; the other nine are recognised with certainty",
        {
            "that is the value for the D that does not see y": -2 * math.log(2),
            "you forgot the generated pairs that match by luck": math.log(10 / 11),
            "only one generated pair in ten matches: weight log(1/11) by 1/10": math.log(10 / 11)
            + math.log(1 / 11),
            "V is at most 0": -math.log(10 / 11) - 0.1 * math.log(1 / 11),
        },
    ),
    "agreement": (
        0.1,
        "G ignores the requested class and there are ten",
        {"that would be a G that listens": 1.0},
    ),
}
CHOICES = ("blind", "seeing", "both", "neither")


def check_label_prediction(answer: Attempt) -> None:
    """Four numbers and a word about a generator that ignores its label."""
    guess = answer.value
    if not isinstance(guess, dict):
        raise Wrong('a dictionary was expected: {"blind_value": a number, "match": ...}')
    missing = [key for key in (*NUMBERS, "notices") if guess.get(key) in (None, ...)]
    if missing:
        raise Wrong(f"a prediction for {', '.join(missing)} is still missing")
    for key, (right, why, slips) in NUMBERS.items():
        _check_number(key, guess[key], right, why, slips)
    if guess["notices"] not in CHOICES:
        raise Wrong(f'"notices" is {guess["notices"]!r}: choose one of {", ".join(CHOICES)}')
    if guess["notices"] != "seeing":
        raise Wrong(
            f'"notices" is not {guess["notices"]!r}: exchanged labels change which pairs occur, not which images'
        )


def _check_number(key: str, value: Any, right: float, why: str, slips: dict[str, float]) -> None:
    got = scalar(value)
    if math.isclose(got, right, abs_tol=0.005):
        return
    slip = next((slip for slip, number in slips.items() if math.isclose(got, number, abs_tol=0.005)), None)
    raise Wrong(f'"{key}" is not {got:g}' + (f": {slip}" if slip else "") + f". Think again: {why}")
