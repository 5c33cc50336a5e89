"""The oracle of the drawn faces: reads attributes and factors off generated faces, and says when it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gan_course.data.faces import ATTRIBUTES, Faces
from gan_course.evaluation import face_junk
from gan_course.evaluation.cards import CHECKPOINTS, load_network, save_network
from gan_course.evaluation.face_reader import (
    SIZES,
    YAW,
    FaceAnswers,
    FaceReader,
    relit,
    shrink,
    weathered,
)
from gan_course.evaluation.oracle import share, trusted_from
from gan_course.evaluation.reader import inputs
from gan_course.training.seeding import generator, seeded

QUESTIONS = (*ATTRIBUTES, "hair_colour")  # those with an answer that is right or wrong


@dataclass(frozen=True)
class FaceReport:
    """What the oracle saw in n images.

    face: (n,) bool, is there a face. answer: for every question of QUESTIONS (n,) int64, 0 or 1 for an attribute, a
    class of HAIR for "hair_colour". probability: of that attribute being there (n,), of the hair classes
    (n, len(HAIR)). counts: for every question the mask (n,) of the answers that count: there is a face, and the
    answer is sure enough. yaw (n,) in degrees, skin_tone (n,) in 0..1, background (n, 3) RGB in 0..1: estimates, to
    be used where `face` is true.
    """

    face: Tensor
    answer: dict[str, Tensor]
    probability: dict[str, Tensor]
    counts: dict[str, Tensor]
    yaw: Tensor
    skin_tone: Tensor
    background: Tensor


@dataclass(frozen=True)
class FaceOracle:
    """A trained reader of faces and the confidences above which its answers count; see `calibrate_faces`.

    thresholds: for every question of QUESTIONS the least probability of the likeliest answer, and for "face" the
    least probability that there is one.
    """

    name: str
    reader: FaceReader
    thresholds: Mapping[str, float]

    def judge(self, images: Tensor, chunk: int = 1000) -> FaceReport:
        """Everything that the oracle sees.

        images: (n, 3, s, s) with s = 32, 64 or 128, uint8 or floats in [-1, 1]; `chunk` of them are read at a time.

        Raises:
            ValueError: another shape.
        """
        said = answers(self.reader, images, chunk)
        present = said.attributes.sigmoid()  # (n, 5)
        probability = dict(zip(ATTRIBUTES, present.unbind(1), strict=True))
        probability["hair_colour"] = said.hair.softmax(1)
        confidence, answer = surest(said)
        face = said.face.sigmoid() >= self.thresholds["face"]
        counts = {key: face & (confidence[key] >= self.thresholds[key]) for key in QUESTIONS}
        colours = said.skin_tone.clamp(0, 1), said.background.clamp(0, 1)
        return FaceReport(face, answer, probability, counts, YAW * said.yaw, *colours)

    @torch.no_grad()
    def features(self, images: Tensor, chunk: int = 1000) -> Tensor:
        """The layer before the answers, (n, 64): what `distances` compares. Takes what `judge` takes."""
        return torch.cat([self.reader.features(part) for part in _inputs(images, chunk)])


@torch.no_grad()
def answers(reader: FaceReader, images: Tensor, chunk: int = 1000) -> FaceAnswers:
    """The reader's raw answers to images (n, 3, s, s), uint8 or in [-1, 1].

    Raises:
        ValueError: another shape.
    """
    parts = [reader(part) for part in _inputs(images, chunk)]
    return FaceAnswers(*(torch.cat(column) for column in zip(*parts, strict=True)))


def surest(said: FaceAnswers) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """For every question the probability (n,) of the likeliest answer, and that answer (n,)."""
    present = said.attributes.sigmoid()
    hair = said.hair.softmax(1).max(1)
    confidence = dict(zip(ATTRIBUTES, torch.maximum(present, 1 - present).unbind(1), strict=True))
    answer = dict(zip(ATTRIBUTES, (present > 0.5).long().unbind(1), strict=True))
    return confidence | {"hair_colour": hair.values}, answer | {"hair_colour": hair.indices}


def _inputs(images: Tensor, chunk: int) -> list[Tensor]:
    if not len(images) or images.shape[1:] not in [(3, side, side) for side in SIZES]:
        raise ValueError(
            f"the oracle reads square colour images (n, 3, s, s) of {', '.join(map(str, SIZES))} pixels; these have "
            f"shape {tuple(images.shape)}"
        )
    return inputs(images, chunk)


def calibrate_faces(
    reader: FaceReader,
    faces: Faces,
    *,
    accuracy: float = 0.995,
    least: float = 0.9,
    faces_share: float = 0.99,
    junk_share: float = 0.01,
    seed: int = 0,
) -> dict[str, float]:
    """The thresholds of an oracle, from faces (n, 3, s, s) that the reader was not trained on.

    An answer is trusted from the smallest confidence at which the answers that count are right with at least this
    `accuracy`, clean faces and weathered ones taken together, but never below `least`. "face": the smallest
    probability that at most `junk_share` of every kind of junk in `face_junk.SEEN` reaches, but not below 0.5.

    Raises:
        ValueError: no confidence is high enough, or less than `faces_share` of the faces pass for faces.
    """
    rng = generator(seed)
    clean = torch.cat([shrink(part) for part in _inputs(faces.images, 1000)])
    worn = relit(weathered(clean, rng), rng)
    said = answers(reader, torch.cat([clean, worn]))
    confidence, answer = surest(said)
    thresholds = {
        key: max(trusted_from(confidence[key], answer[key] == faces.factors[key].repeat(2), accuracy), least)
        for key in QUESTIONS
    }
    reached = [
        answers(reader, kind(clean, rng)).face.sigmoid().double().quantile(1 - junk_share).item()
        for kind in face_junk.SEEN.values()
    ]
    thresholds["face"] = max(*reached, 0.5)
    passing = share(said.face[: len(clean)].sigmoid() >= thresholds["face"])
    if passing < faces_share:
        raise ValueError(f"only {passing:.3f} of the faces are told from junk: train the reader longer")
    return thresholds


@dataclass(frozen=True)
class FaceSelfReport:
    """How far an oracle can be trusted, on drawn faces it never saw.

    For every question, accuracy: share of right answers, counted or not; counted: share of answers that count;
    counted_accuracy: how many of those are right. For yaw (degrees), skin_tone and background (0..1), error: the
    mean absolute one; r2: 1 - squared error / variance. face: share of the faces that pass for faces. junk: kind ->
    share of such images that do (0 is right).
    """

    accuracy: dict[str, float]
    counted: dict[str, float]
    counted_accuracy: dict[str, float]
    error: dict[str, float]
    r2: dict[str, float]
    face: float
    junk: dict[str, float]


def face_self_report(oracle: FaceOracle, faces: Faces, seed: int = 1) -> FaceSelfReport:
    """Examine an oracle on held-out faces, and on as many images of every kind of junk.

    Our oracle met the kinds in `face_junk.SEEN` in its training, and never those in `face_junk.UNSEEN`.
    """
    report = oracle.judge(faces.images)
    right = {key: report.answer[key] == faces.factors[key] for key in QUESTIONS}
    numbers = {key: (getattr(report, key), faces.factors[key]) for key in ("yaw", "skin_tone", "background")}
    real = torch.cat([shrink(part) for part in _inputs(faces.images, 1000)])
    rng = generator(seed)
    kinds = face_junk.SEEN | face_junk.UNSEEN
    return FaceSelfReport(
        accuracy={key: share(right[key]) for key in QUESTIONS},
        counted={key: share(report.counts[key]) for key in QUESTIONS},
        counted_accuracy={key: share(right[key][report.counts[key]]) for key in QUESTIONS},
        error={key: (said - true).abs().mean().item() for key, (said, true) in numbers.items()},
        r2={key: _r2(said, true) for key, (said, true) in numbers.items()},
        face=share(report.face),
        junk={name: share(oracle.judge(kind(real, rng)).face) for name, kind in kinds.items()},
    )


def _r2(said: Tensor, true: Tensor) -> float:
    """1 - sum of squared errors / sum of squared deviations from the mean, over rows (and columns) together."""
    return (1 - (said - true).square().sum() / (true - true.mean(0)).square().sum()).item()


def save_face_oracle(
    oracle: FaceOracle, facts: dict[str, Any], folder: str | Path = CHECKPOINTS
) -> dict[str, Any]:
    """Write NAME_reader.safetensors and its card NAME_reader.json; returns the card. See `cards.save_network`."""
    own = {
        "name": oracle.name,
        "network": "FaceReader",
        "load": "load_face_oracle",
        "thresholds": dict(oracle.thresholds),
    }
    return save_network(oracle.name, oracle.reader, own | facts, folder)


def load_face_oracle(name: str = "faces", folder: str | Path = CHECKPOINTS) -> FaceOracle:
    """The shipped oracle of the drawn faces; `cards.oracle_card("faces")` tells where it comes from.

    Raises:
        FileNotFoundError: there is none of that name; the message lists the known ones.
        ValueError: the file is not the one that its card describes.
    """
    with seeded(0):  # the initial weights are drawn, then replaced: the global random state stays as it was
        reader = FaceReader()
    card = load_network(name, reader, folder)
    return FaceOracle(name, reader, card["thresholds"])
