"""Words for drawn faces: which are true, which of them people name, and a vector for each.

The data of an automatic tagger (Mirza and Osindero 2014, section 4.2) in small, with a known truth: every word is true
of a face or not by the factors that drew it, so that the law of the tags of a face is known exactly. The paper's come
from MIR Flickr 25,000, and its word vectors from a skip-gram model in 200 dimensions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from gan_course.data import face_factors
from gan_course.data.face_factors import HAIR
from gan_course.data.resident import Resident
from gan_course.training.seeding import generator

Factors = Mapping[str, Tensor]

USERS = {"brief": 0.30, "plain": 0.45, "precise": 0.25}
"""Kinds of people who write tags, and their shares. Who writes does not depend on the face."""

# Factor on the rate of a word: by the person who writes (rows) and the style of the word (columns, as in USERS).
TASTE = torch.tensor([[2.0, 0.4, 0.3], [0.6, 1.6, 0.4], [0.5, 0.6, 2.0]])


class Word(NamedTuple):
    """style: the kind of people who like this word, a key of `USERS`. rate: how often it is named where it is true,
    before taste. true: factors -> bool (n,).
    """

    style: str
    rate: float
    true: Callable[[Factors], Tensor]


def _is(name: str, value: int = 1) -> Callable[[Factors], Tensor]:
    return lambda f: f[name] == value


def _hair(colour: str) -> Callable[[Factors], Tensor]:
    return _is("hair_colour", HAIR.index(colour))


def _hat(kind: str) -> Callable[[Factors], Tensor]:
    number = face_factors.CLASSES["hat_kind"].index(kind)
    return lambda f: (f["wearing_hat"] == 1) & (f["hat_kind"] == number)


def _glasses(dark: bool) -> Callable[[Factors], Tensor]:
    return lambda f: (f["eyeglasses"] == 1) & ((f["glasses_tint"] > 0.8) == dark)


def _behind(channel: int) -> Callable[[Factors], Tensor]:
    """The background has a visible colour, and this channel is its strongest."""
    return lambda f: (
        (f["background"].argmax(1) == channel) & (f["background"].amax(1) - f["background"].amin(1) > 0.1)
    )


VOCABULARY = {
    "face": Word("brief", 0.40, lambda f: torch.ones_like(f["smiling"], dtype=torch.bool)),
    "portrait": Word("plain", 0.20, lambda f: torch.ones_like(f["smiling"], dtype=torch.bool)),
    "drawing": Word("precise", 0.15, lambda f: torch.ones_like(f["smiling"], dtype=torch.bool)),
    "smile": Word("plain", 0.40, _is("smiling")),
    "happy": Word("brief", 0.20, _is("smiling")),
    "grin": Word("precise", 0.30, lambda f: (f["smiling"] == 1) & (f["mouth_open"] > 0.5)),
    "serious": Word("plain", 0.25, _is("smiling", 0)),
    "glasses": Word("plain", 0.45, _is("eyeglasses")),
    "spectacles": Word("precise", 0.35, _glasses(dark=False)),
    "sunglasses": Word("plain", 0.50, _glasses(dark=True)),
    "beard": Word("plain", 0.45, _is("beard")),
    "whiskers": Word("precise", 0.30, _is("beard")),
    "shaven": Word("precise", 0.15, _is("beard", 0)),
    "hat": Word("plain", 0.45, _is("wearing_hat")),
    "headgear": Word("precise", 0.30, _is("wearing_hat")),
    "beanie": Word("precise", 0.40, _hat("beanie")),
    "brim": Word("precise", 0.40, _hat("brimmed")),
    "cap": Word("plain", 0.40, _hat("cap")),
    "black": Word("plain", 0.25, _hair("black")),
    "raven": Word("precise", 0.25, _hair("black")),
    "brown": Word("plain", 0.25, _hair("brown")),
    "chestnut": Word("precise", 0.25, _hair("brown")),
    "blond": Word("plain", 0.35, _hair("blond")),
    "golden": Word("precise", 0.25, _hair("blond")),
    "redhead": Word("plain", 0.35, _hair("red")),
    "ginger": Word("precise", 0.30, _hair("red")),
    "gray": Word("plain", 0.30, _hair("gray")),
    "silver": Word("precise", 0.25, _hair("gray")),
    "longhair": Word("plain", 0.25, _is("long_hair")),
    "shorthair": Word("plain", 0.20, _is("long_hair", 0)),
    "curls": Word("precise", 0.30, _is("hair_style", face_factors.CLASSES["hair_style"].index("curly"))),
    "lipstick": Word("precise", 0.25, lambda f: f["lip_colour"] > 0.75),
    "left": Word("precise", 0.25, lambda f: f["yaw"] < -12),  # the nose points to the left side of the image
    "right": Word("precise", 0.25, lambda f: f["yaw"] > 12),
    "frontal": Word("precise", 0.20, lambda f: f["yaw"].abs() <= 12),
    "blue": Word("plain", 0.20, _behind(2)),
    "green": Word("plain", 0.20, _behind(1)),
    "pink": Word("plain", 0.20, _behind(0)),
}
"""All words, by name. `face`, `portrait` and `drawing` are true of every face."""

WORDS = tuple(VOCABULARY)
"""Their order: word 0 is `WORDS[0]`."""

# (users, words): the probability that a person of this kind names the word, given that it is true
_RATES = torch.stack([TASTE[:, list(USERS).index(word.style)] * word.rate for word in VOCABULARY.values()], 1)


class Tags(NamedTuple):
    """One entry per tag: `row` (m,) int64, the number of the face, ascending; `word` (m,) int64, its word."""

    row: Tensor
    word: Tensor


def truth(factors: Factors) -> Tensor:
    """Which words are true of n faces: bool (n, len(WORDS)). `factors` as `faces.draw` returns them."""
    return torch.stack([word.true(factors) for word in VOCABULARY.values()], 1)


def tags(factors: Factors, seed: int = 0) -> Tags:
    """What one user each names of n faces: about three of a dozen true words, never the same word twice.

    A face with several tags appears once per tag, and one without tags not at all, as in the paper (section 4.2).
    """
    rng = generator(seed)
    users = _users(len(factors["smiling"]), rng)
    return Tags(*_named(truth(factors), users, rng).nonzero().unbind(1))


def law(factors: Factors) -> Tensor:
    """p(word | face) of a row of `tags`, exactly: (n, len(WORDS)) float64, rows sum to 1.

    Where word w is true, a user names it with a probability that the face does not change; its mean over the users is
    the number of rows that w gets on average. p(w | face) is this number divided by the sum over all true words.
    """
    shares = torch.tensor(list(USERS.values()), dtype=torch.float64)
    rows = truth(factors) * (shares @ _RATES.double())  # (n, words): expected number of rows
    return rows / rows.sum(1, keepdim=True)


def word_vectors(dimensions: int = 24, *, corpus: int = 50_000, seed: int = 0) -> Tensor:
    """A vector per word, (len(WORDS), dimensions) float32: our stand-in for the paper's 200-d skip-gram.

    `corpus` faces (without images) each get tags and a title from one user; the context of a tag is the title. Words
    with similar contexts get similar vectors: the positive part of PMI(w, c) = log p(w, c) / (p(w) p(c)) is
    factorised as U S V' and w gets row w of U √S. Levy and Goldberg (2014) show that skip-gram with negative sampling
    factorises the same matrix up to a constant, and propose this. All vectors have the length √dimensions, so that
    their entries are of size 1.

    Raises:
        ValueError: more dimensions than words, or none.
    """
    if not 1 <= dimensions <= len(WORDS):
        raise ValueError(f"{len(WORDS)} words have vectors of 1 to {len(WORDS)} dimensions, not {dimensions}")
    rng = generator(seed)
    true = truth(face_factors.sample(corpus, seed))
    users = _users(corpus, rng)
    tag, title = (_named(true, users, rng).double() for _ in range(2))  # (corpus, words) each
    joint = tag.T @ title  # (words, words): how often w is a tag and c in the title
    joint = (joint + joint.T) / joint.sum() / 2
    single = joint.sum(1)
    pmi = (
        (joint / (single[:, None] * single)).clamp_min(1).log()
    )  # its positive part: pairs never seen give 0
    values, vectors = torch.linalg.eigh(pmi)  # symmetric: singular values are absolute eigenvalues
    largest = values.abs().argsort(descending=True)[:dimensions]
    rows = vectors[:, largest] * values[largest].abs().sqrt()
    return (math.sqrt(dimensions) * torch.nn.functional.normalize(rows, dim=1)).float()


def pairs(features: Tensor, tags: Tags, vectors: Tensor) -> Resident:
    """What the tagger learns from: a row per tag, x its word vector, with columns `features`, `word` and `row`.

    features: (n, f) of the faces. tags: of the same faces. vectors: (len(WORDS), d).
    """
    columns = {"features": features[tags.row], "word": tags.word, "row": tags.row}
    return Resident("face tags", vectors[tags.word], columns)


def _users(n: int, rng: torch.Generator) -> Tensor:
    """Who writes: (n,) int64, numbers of `USERS`."""
    return torch.multinomial(torch.tensor(list(USERS.values())), n, replacement=True, generator=rng)


def _named(true: Tensor, users: Tensor, rng: torch.Generator) -> Tensor:
    """Which of the true words (n, words) are named by these users (n,): bool (n, words)."""
    return true & (torch.rand(true.shape, generator=rng) < _RATES[users])
