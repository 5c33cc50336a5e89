"""Is a tagger any good? From word vectors to words, and from words to numbers that can be compared with the truth.

A tagger draws many word vectors per image. The paper (Mirza and Osindero 2014, section 4.2) draws 100, takes the 20
nearest of 247,465 words for each, keeps the 10 most common, and shows them; it gives no score. Here the true words
and the law of the tags are known. Two questions must be kept apart: are the suggested words true (`precision_at`:
one good vector is enough), and does the tagger speak as people do (`miss`, the distance between its law and theirs:
one vector never is)? All tensors live on the CPU.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from gan_course.theory import total_variation
from gan_course.training.seeding import generator


def cosines(vectors: Tensor, words: Tensor) -> Tensor:
    """Cosines of vectors (..., d) with word vectors (V, d): (..., V)."""
    return functional.normalize(vectors, dim=-1) @ functional.normalize(words, dim=-1).T


def votes(vectors: Tensor, words: Tensor, neighbours: int = 1) -> Tensor:
    """How often each word is among the nearest: (n, V) float64, shares of the samples.

    vectors: (n, samples, d), for n images. words: (V, d). neighbours: how many words each sample votes for; with 1, a
    row is a law on the words and sums to 1.

    Raises:
        ValueError: vectors of another shape.
    """
    if vectors.dim() != 3 or vectors.shape[2] != words.shape[1]:
        raise ValueError(
            f"expected vectors (images, samples, {words.shape[1]}), got {tuple(vectors.shape)}; "
            "one vector per image is vectors[:, None]"
        )
    chosen = cosines(vectors, words).topk(neighbours, dim=2).indices.flatten(1)  # (n, samples · neighbours)
    counts = torch.zeros(len(vectors), len(words), dtype=torch.float64)
    counts.scatter_add_(1, chosen, torch.ones_like(chosen, dtype=torch.float64))
    return counts / vectors.shape[1]


def suggest(
    vectors: Tensor, words: Tensor, keep: int = 10, *, neighbours: int = 2, skip: Sequence[int] = ()
) -> Tensor:
    """The paper's protocol: the `keep` words that most samples vote for, (n, keep) word numbers, best first.

    Each sample votes for its `neighbours` nearest words (the paper: 20 of a much larger vocabulary). Between words
    with equally many votes the mean cosine decides. skip: words never suggested. The rest as for `votes`.
    """
    tie = cosines(vectors, words).mean(1).double() / (4 * vectors.shape[1])  # less than half a vote
    return best(votes(vectors, words, neighbours) + tie, keep, skip=skip)


def best(scores: Tensor, keep: int = 10, *, skip: Sequence[int] = ()) -> Tensor:
    """The words with the highest scores (n, V), without those in `skip`: (n, keep), best first.

    `best(cosines(vectors, words))` suggests the words nearest to one vector per image (n, d).
    """
    scores = scores.clone()
    scores[:, list(skip)] = -torch.inf
    return scores.topk(keep, dim=1).indices


def most_named(tags: Tensor, n: int, vocabulary: int, keep: int = 10, *, skip: Sequence[int] = ()) -> Tensor:
    """The baseline that looks at no image: for all n of them the most frequent of the training tags (m,), (n, keep)."""
    return best(tags.bincount(minlength=vocabulary).double()[None], keep, skip=skip).expand(n, keep)


def precision_at(suggested: Tensor, truth: Tensor, k: int) -> float:
    """The share of true words among the first k suggestions.

    suggested: (n, keep) word numbers, best first. truth: bool (n, V).

    Raises:
        ValueError: fewer than k suggestions.
    """
    if k > suggested.shape[1]:
        raise ValueError(f"there are only {suggested.shape[1]} suggestions per image, k is {k}")
    return truth.gather(1, suggested[:, :k]).double().mean().item()


def named_share(suggested: Tensor, rows: Tensor, tags: Tensor) -> float:
    """The share of what people really said, tag `tags[i]` of image `rows[i]`, that was suggested (n, keep)."""
    return (suggested[rows] == tags[:, None]).any(1).double().mean().item()


def true_share(law: Tensor, truth: Tensor) -> float:
    """How often a single word drawn from the law (n, V) is true: the mean over images."""
    return (law * truth).sum(1).mean().item()


def miss(law: Tensor, expected: Tensor) -> float:
    """Total variation distance Σ |p - q| / 2 between two laws on the words, each (n, V); mean over images.

    0: the words come as often as they should; 1: never a word that people use. A finite number of draws from the
    expected law itself misses it a little, too: compare with `drawn`.
    """
    return total_variation(law, expected).mean().item()


def distinct_hits(law: Tensor, truth: Tensor, least: float = 0.02) -> float:
    """How many different true words a tagger says of an image, each in a share of at least `least` of the samples.

    law: `votes` with one neighbour, (n, V). Mean over images; 1 at most for one vector per image.
    """
    return ((law >= least) & truth).sum(1).double().mean().item()


def drawn(law: Tensor, words: Tensor, each: int = 100, seed: int = 0) -> Tensor:
    """What a perfect tagger would say: `each` words per image drawn from the law (n, V), as vectors (n, each, d)."""
    return words[torch.multinomial(law, each, replacement=True, generator=generator(seed))]


def cloud(means: Tensor, residuals: Tensor, each: int = 100, seed: int = 0) -> Tensor:
    """A Gaussian around one vector per image: spread without modes. Means (n, d) -> (n, each, d).

    residuals: (m, d), what the vectors miss on training pairs; all images get their covariance.
    """
    root = torch.linalg.cholesky(residuals.T.cov() + 1e-6 * torch.eye(residuals.shape[1]))
    z = torch.randn(len(means), each, means.shape[1], generator=generator(seed))
    return means[:, None] + z @ root.T


def grade(vectors: Tensor, words: Tensor, truth: Tensor, law: Tensor) -> dict[str, float]:
    """One row of the table for samples (n, samples, d) of a tagger, from one vote per sample.

    "true words": `true_share`. "different true words": `distinct_hits`. "miss": of the law of the tags (n, V).
    """
    said = votes(vectors, words)
    return {
        "true words": true_share(said, truth),
        "different true words": distinct_hits(said, truth),
        "miss": miss(said, law),
    }
