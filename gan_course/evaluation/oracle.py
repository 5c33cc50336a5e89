"""An oracle: a classifier that judges samples, says when it cannot, and reports how far it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gan_course.evaluation import junk
from gan_course.evaluation.cards import CHECKPOINTS, load_network, save_network
from gan_course.evaluation.cards import oracle_card as oracle_card
from gan_course.evaluation.reader import Reader, inputs
from gan_course.theory import xlogy
from gan_course.training.seeding import generator, seeded


@dataclass(frozen=True)
class Oracle:
    """A trained reader and the confidence above which its answers count.

    name: for titles ("stroke reader"). threshold: of the largest class probability; see `calibrate`.
    """

    name: str
    reader: Reader
    threshold: float

    def judge(self, images: Tensor, chunk: int = 1000) -> tuple[Tensor, Tensor]:
        """What the oracle sees: labels (n,) and the mask (n,) of the answers that count.

        images: (n, 1, 28, 28), uint8 or floats in [-1, 1]; `chunk` of them are read at a time.

        Raises:
            ValueError: another shape.
        """
        confidence, labels = answers(self.reader, images, chunk)
        return labels, confidence >= self.threshold

    @torch.no_grad()
    def features(self, images: Tensor, chunk: int = 1000) -> Tensor:
        """The layer before the logits, (n, 64): what `distances` and `two_sample` compare. Arguments as for `judge`."""
        return torch.cat([self.reader.features(part) for part in _inputs(images, chunk)])


@torch.no_grad()
def answers(reader: Reader, images: Tensor, chunk: int = 1000) -> tuple[Tensor, Tensor]:
    """The largest class probability (n,) and its class (n,), for images (n, 1, 28, 28), uint8 or in [-1, 1].

    Raises:
        ValueError: another shape.
    """
    best = [reader(part).softmax(1).max(1) for part in _inputs(images, chunk)]
    return torch.cat([b.values for b in best]), torch.cat([b.indices for b in best])


def _inputs(images: Tensor, chunk: int) -> list[Tensor]:
    if images.shape[1:] != (1, 28, 28) or not len(images):
        raise ValueError(f"the oracle reads images (n, 1, 28, 28); these have shape {tuple(images.shape)}")
    return inputs(images, chunk)


def calibrate(
    reader: Reader,
    images: Tensor,
    labels: Tensor,
    nothing: Tensor,
    *,
    accuracy: float = 0.995,
    junk_share: float = 0.01,
    least: float = 0.5,
) -> float:
    """The smallest confidence above which answers can be trusted, on images that the reader was not trained on.

    Three conditions, of which the hardest decides: the answers that count are right with at least this `accuracy` on
    images (n, 1, 28, 28) with labels (n,); at most `junk_share` of the images in `nothing` get an answer; and the
    answer is more likely than all others together (`least`). The last two are needed because a good reader meets
    the first one at confidence 0.

    Raises:
        ValueError: no confidence is high enough.
    """
    confidence, guess = answers(reader, images)
    on_nothing = answers(reader, nothing)[0].double().quantile(1 - junk_share).item()
    return max(trusted_from(confidence, guess == labels, accuracy), on_nothing, least)


def trusted_from(confidence: Tensor, right: Tensor, accuracy: float) -> float:
    """The smallest of the confidences (n,) such that answers at least as sure are right, by the mask (n,), in a share
    of at least `accuracy`.

    Raises:
        ValueError: not even the surest answers are.
    """
    confidence, order = confidence.sort(descending=True)
    share_right = right[order].double().cumsum(0) / torch.arange(1, len(right) + 1)  # of the k surest, (n,)
    good = (share_right >= accuracy).nonzero()
    if not len(good):
        raise ValueError(
            f"no confidence gives an accuracy of {accuracy} on these images: train the reader longer"
        )
    return confidence[good[-1]].item()


@dataclass(frozen=True)
class SelfReport:
    """How far an oracle can be trusted, on images it never saw.

    accuracy: share of right answers, counted or not. confident: share of answers that count; confident_accuracy: how
    many of those are right. junk: kind -> share of such images that get an answer that counts (0 is right).
    """

    accuracy: float
    confident: float
    confident_accuracy: float
    junk: dict[str, float]


def self_report(oracle: Oracle, images: Tensor, labels: Tensor, seed: int = 1) -> SelfReport:
    """Examine an oracle on held-out images (n, 1, 28, 28) with labels (n,), and on n images of every kind of junk.

    Our oracles met the kinds in `junk.SEEN` in their training, and never those in `junk.UNSEEN`.
    """
    guess, counts = oracle.judge(images)
    right = guess == labels
    real = torch.cat(_inputs(images, len(images)))
    rng = generator(seed)
    kinds = junk.SEEN | junk.UNSEEN
    return SelfReport(
        accuracy=share(right),
        confident=share(counts),
        confident_accuracy=share(right[counts]),
        junk={name: share(oracle.judge(kind(real, rng))[1]) for name, kind in kinds.items()},
    )


@dataclass(frozen=True)
class ClassReport:
    """What an oracle saw in samples. Only answers that count are counted.

    histogram: (10,) answers per class. classes: how many are present. readable: share of samples with an answer that
    counts. entropy: of the histogram, in nats; log 10 = 2.303 when the classes are equally frequent.
    """

    histogram: Tensor
    classes: int
    readable: float
    entropy: float


def class_report(oracle: Oracle, samples: Tensor, least: float = 0.1) -> ClassReport:
    """Which classes a generator draws: samples (n, 1, 28, 28), uint8 or floats in [-1, 1].

    A class is present when it gets at least `least` times its due n / 10, by default 1 % of the samples: the rule of
    `modes.mode_coverage`.

    Raises:
        ValueError: another shape, or so few samples that one of them would make a class present.
    """
    labels, counts = oracle.judge(samples)
    due = least * len(samples) / 10
    if due <= 1:
        raise ValueError(
            f"{len(samples)} samples are too few to judge 10 classes: draw at least {int(10 / least) + 1}"
        )
    histogram = labels[counts].bincount(minlength=10)
    law = histogram.double() / histogram.sum().clamp_min(1)
    return ClassReport(
        histogram=histogram,
        classes=int((histogram >= due).sum()),
        readable=share(counts),
        entropy=-xlogy(law, law).sum().item() + 0.0,  # + 0.0 turns -0.0 into 0.0
    )


def save_oracle(oracle: Oracle, facts: dict[str, Any], folder: str | Path = CHECKPOINTS) -> dict[str, Any]:
    """Write NAME_reader.safetensors and its card NAME_reader.json; returns the card.

    facts: what a reader of the card should know (accuracy, data, command ...). The name, the threshold and the
    SHA-256 of the file are added; all but the last also go into the header of the tensor file.
    """
    facts = {"name": oracle.name, "threshold": oracle.threshold} | facts
    return save_network(oracle.name, oracle.reader, facts, folder)


def load_oracle(name: str = "strokes", folder: str | Path = CHECKPOINTS) -> Oracle:
    """The shipped oracle of that name; `oracle_card` tells where it comes from.

    Raises:
        FileNotFoundError: there is none; the message lists the known ones.
        ValueError: the file is not the one that its card describes.
    """
    with seeded(0):  # the initial weights are drawn, then replaced: the global random state stays as it was
        reader = Reader()
    card = load_network(name, reader, folder)
    return Oracle(name, reader, card["threshold"])


def share(mask: Tensor) -> float:
    """The share of the rows (n,) that are true; not a number when there are none."""
    return mask.double().mean().item()
