"""An oracle: a classifier that judges samples, says when it cannot, and reports how far it can be trusted."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load, save
from torch import Tensor

from gan_course.evaluation import junk
from gan_course.evaluation.reader import Reader, as_input
from gan_course.theory import xlogy
from gan_course.training.seeding import generator, seeded

CHECKPOINTS = Path(__file__).parent.parent / "checkpoints"


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
    return [
        part.float() if part.is_floating_point() else as_input(part) for part in images.detach().split(chunk)
    ]


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
    confidence, order = confidence.sort(descending=True)
    right = (guess == labels)[order].double()
    share_right = right.cumsum(0) / torch.arange(1, len(right) + 1)  # accuracy of the k surest answers, (n,)
    good = (share_right >= accuracy).nonzero()
    if not len(good):
        raise ValueError(
            f"no confidence gives an accuracy of {accuracy} on these images: train the reader longer"
        )
    on_nothing = answers(reader, nothing)[0].double().quantile(1 - junk_share).item()
    return max(confidence[good[-1]].item(), on_nothing, least)


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
        accuracy=_share(right),
        confident=_share(counts),
        confident_accuracy=_share(right[counts]),
        junk={name: _share(oracle.judge(kind(real, rng))[1]) for name, kind in kinds.items()},
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
        readable=_share(counts),
        entropy=-xlogy(law, law).sum().item() + 0.0,  # + 0.0 turns -0.0 into 0.0
    )


def save_oracle(oracle: Oracle, facts: dict[str, Any], folder: str | Path = CHECKPOINTS) -> dict[str, Any]:
    """Write NAME_reader.safetensors and its card NAME_reader.json; returns the card.

    facts: what a reader of the card should know (accuracy, data, command ...). The name, the threshold and the
    SHA-256 of the file are added; all but the last also go into the header of the tensor file.
    """
    facts = {"name": oracle.name, "threshold": oracle.threshold} | facts
    content = save(
        {key: tensor.contiguous() for key, tensor in oracle.reader.state_dict().items()},
        metadata={"card": json.dumps(facts)},  # a single key: the order of several is left to chance
    )
    card = facts | {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    path = Path(folder) / f"{oracle.name}_reader.safetensors"
    path.write_bytes(content)
    path.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return card


def load_oracle(name: str = "strokes", folder: str | Path = CHECKPOINTS) -> Oracle:
    """The shipped oracle of that name; `oracle_card` tells where it comes from.

    Raises:
        FileNotFoundError: there is none; the message lists the known ones.
        ValueError: the file is not the one that its card describes.
    """
    card = oracle_card(name, folder)
    content = (Path(folder) / f"{name}_reader.safetensors").read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != card["sha256"]:
        raise ValueError(
            f"{name}_reader.safetensors is damaged: its SHA-256 is {found[:12]}…, the card says "
            f"{card['sha256'][:12]}…. Get the file again, or train it with `{card.get('command', 'its study')}`"
        )
    with seeded(0):  # the initial weights are drawn, then replaced: the global random state stays as it was
        reader = Reader()
    reader.load_state_dict(load(content))
    return Oracle(name, reader.eval().requires_grad_(False), card["threshold"])


def oracle_card(name: str = "strokes", folder: str | Path = CHECKPOINTS) -> dict[str, Any]:
    """What is known of a shipped oracle: accuracy, threshold, answers on junk, data, command, SHA-256.

    Raises:
        FileNotFoundError: there is none; the message lists the known ones.
    """
    path = Path(folder) / f"{name}_reader.json"
    if not path.exists():
        known = ", ".join(
            sorted(file.stem.removesuffix("_reader") for file in path.parent.glob("*_reader.json"))
        )
        raise FileNotFoundError(f"no oracle {name!r}; known: {known or 'none'}")
    return json.loads(path.read_text(encoding="utf-8"))


def _share(mask: Tensor) -> float:
    return mask.double().mean().item()
