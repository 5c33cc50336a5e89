"""What can be said of a run by measuring: distances of features, copies, and what an oracle of the data sees."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from gan_course.data.resident import Resident
from gan_course.evaluation.conditional import agreement
from gan_course.evaluation.distances import floor, frechet_distance, kernel_distance
from gan_course.evaluation.modes import mode_coverage
from gan_course.evaluation.neighbours import not_copies
from gan_course.evaluation.oracle import class_report, load_oracle
from gan_course.evaluation.two_sample import neighbour_test
from gan_course.models.catalogue import Model
from gan_course.records import provenance
from gan_course.runs.folder import Facts, load_data, open_run, write_json
from gan_course.runs.tables import number, table
from gan_course.training.device import pick_device

FORMAT = 1  # of evaluation.json
READERS = {
    "strokes": "strokes",
    "mnist": "strokes",
    "faces": "faces",
    "celeba": "faces",
}  # data set -> whose eyes
MIXTURES = ("ring", "grid25")
USUAL = 2000  # samples
LEAST = 101  # samples: fewer cannot show whether ten classes are there
COPIES_N = 1000  # samples in the test for copies: each is compared with every training row
COPIES_SIDE = 32  # pixels: larger images are compared as means of blocks, which keeps a copy a copy


@dataclass(frozen=True)
class Measure:
    """One number, None where there is nothing to count.

    real: the same number for held-out real rows, what a perfect generator would get.
    """

    what: str
    value: float | None
    real: float | None
    n: int
    note: str = ""


@dataclass(frozen=True)
class Judge:
    """A network whose eyes are used.

    name: for titles. trained_on: a data set. features: images (n, ...) -> (n, d). sees: what it makes of generated and
    of real images.
    """

    name: str
    trained_on: str
    features: Callable[[Tensor], Tensor]
    sees: Callable[[Tensor, Tensor], list[Measure]]


def evaluate(
    folder: str | Path,
    *,
    n: int | None = None,
    seed: int = 1,
    features: str = "auto",
    device: str = "cpu",
    model: Model | None = None,
) -> Facts:
    """Measure the first n samples of a seed against as many held-out rows; writes and returns evaluation.json.

    n: `USUAL`, or as many as the held-out rows allow, by default. features: whose eyes, "strokes" or "faces"; "none";
    or "auto", what `READERS` says for the data set. model: how to build the game of a model that is in no catalogue.

    Raises:
        FileNotFoundError, ValueError: no run, other data, too few held-out rows for n, an unknown name.
    """
    began = time.perf_counter()
    run = open_run(folder, pick_device(device), model)
    if "part" in run.facts["options"]:
        raise ValueError(
            f"{folder} is one part of a run; what can be measured is {run.folder.absolute().parent}"
        )
    training = load_data(run.facts)
    held_out = _held_out(run.facts)
    most = len(held_out) // 2  # the floor needs as many real rows again
    n = min(USUAL, most) if n is None else n
    if not LEAST <= n <= most:
        raise ValueError(
            f"n is {n}; choose between {LEAST} and {most:,}, half of the held-out rows of {training.name!r}"
        )
    samples, messages = run.sample(n, seed), []
    if samples.dim() == 2:
        measures = _points(training.name, samples, held_out)
    else:
        judge = _judge(training.name, features, messages)
        measures = _seen_by(judge, samples, held_out, messages) if judge else []
        if judge and judge.name == "stroke reader" and (labels := run.labels(n)) is not None:
            measures.append(_obeys(samples, labels, held_out))
    measures += _copies(samples, training, held_out, messages)
    report = {
        "format": FORMAT,
        "run": str(run.folder),
        "round": run.round,
        "data": training.name,
        "generator": "averaged" if _is_averaged(run.facts) else "latest",
        "n": n,
        "seed": seed,
        "measures": [asdict(measure) for measure in measures],
        "messages": messages,
        **provenance(time.perf_counter() - began),
    }
    write_json(run.folder / "evaluation.json", report)
    return report


def report(evaluation: Facts) -> list[str]:
    """An evaluation as lines to print."""
    head = (
        "{run}, round {round:,}, {generator} generator, the first {n:,} samples of seed {seed}, data: {data}"
    )
    rows = [
        [
            measure["what"],
            number(measure["value"]),
            number(measure["real"]),
            number(measure["n"]),
            measure["note"],
        ]
        for measure in evaluation["measures"]
    ]
    lines = table(["measure", "run", "real", "n", "note"], rows, left=4)
    ends = [
        "real: the same for held-out real rows; for distances the floor that a perfect generator would reach"
    ]
    return [head.format(**evaluation), *lines, *ends, *evaluation["messages"]]


def _is_averaged(facts: Facts) -> bool:
    trainings = facts.get("parts", {"": facts}).values()
    return all(training["settings"]["ema"] for training in trainings)


def _held_out(facts: Facts) -> Resident:
    """All rows of the test split that belongs to the data of a run."""
    from gan_course.data import load

    return load(**{key: value for key, value in facts["data"].items() if key != "n"}, split="test")


def _judge(data: str, features: str, messages: list[str]) -> Judge | None:
    wanted = READERS.get(data, "none") if features == "auto" else features
    if wanted in JUDGES:
        return JUDGES[wanted]()
    if wanted != "none":
        raise ValueError(f"unknown features {features!r}; known: auto, {', '.join(JUDGES)}, none")
    messages.append(
        f"No network of the course was trained to see {data!r}: no distance of features is measured. "
        "If the images are faces, try --features faces; for digits, --features strokes."
    )
    return None


def _stroke_judge() -> Judge:
    oracle = load_oracle("strokes")

    def sees(samples: Tensor, real: Tensor) -> list[Measure]:
        n = len(samples)
        ours, theirs = (class_report(oracle, _central(images, 28)) for images in (samples, real))
        return [
            Measure("classes, stroke reader", ours.classes, theirs.classes, n, "of 10"),
            Measure("readable, stroke reader", ours.readable, theirs.readable, n, "share with a sure answer"),
            Measure(
                "entropy of classes", ours.entropy, theirs.entropy, n, "nats, 2.303 when all are as frequent"
            ),
        ]

    return Judge("stroke reader", "strokes", lambda images: oracle.features(_central(images, 28)), sees)


def _obeys(samples: Tensor, labels: Tensor, held_out: Resident) -> Measure:
    """How often the stroke reader reads the class that was asked for; of real rows, the class they have."""
    oracle, n = load_oracle("strokes"), len(samples)
    ours = agreement(oracle, _central(samples, 28), labels)
    theirs = agreement(oracle, _central(held_out.take(slice(0, n)), 28), held_out.column("label")[:n])
    note = f"share read as the class asked for; {ours.per_class.min():.2f} for the worst class"
    return Measure("agreement, stroke reader", ours.share, theirs.share, n, note)


def _face_judge() -> Judge:
    from gan_course.evaluation.face_oracle import ATTRIBUTES, load_face_oracle

    oracle = load_face_oracle()

    def sees(samples: Tensor, real: Tensor) -> list[Measure]:
        n = len(samples)
        ours, theirs = oracle.judge(samples), oracle.judge(real)
        shares = [
            Measure(
                f"{name}, face reader",
                *(_share_of_yes(report.answer[name], report.counts[name]) for report in (ours, theirs)),
                n,
                "share of the sure answers",
            )
            for name in ATTRIBUTES
        ]
        return [
            Measure("faces, face reader", *(r.face.float().mean().item() for r in (ours, theirs)), n),
            *shares,
        ]

    return Judge("face reader", "faces", oracle.features, sees)


def _share_of_yes(answer: Tensor, counts: Tensor) -> float | None:
    return answer[counts].float().mean().item() if counts.any() else None


JUDGES = {"strokes": _stroke_judge, "faces": _face_judge}


def _central(images: Tensor, side: int) -> Tensor:
    """The square in the middle of images (n, c, h, w): takes off what padding put on."""
    top, left = (images.shape[2] - side) // 2, (images.shape[3] - side) // 2
    return images[:, :, top : top + side, left : left + side] if min(top, left) >= 0 else images


def _seen_by(judge: Judge, samples: Tensor, held_out: Resident, messages: list[str]) -> list[Measure]:
    n = len(samples)
    fake = judge.features(samples)
    real = torch.cat([judge.features(held_out.take(slice(i, i + 1000))) for i in range(0, 2 * n, 1000)])[
        : 2 * n
    ]
    measures = [
        Measure(f"FD, {judge.name}", frechet_distance(real[:n], fake), floor(frechet_distance, real, n), n)
    ]
    size = min(500, n)

    def kernel(one: Tensor, other: Tensor) -> tuple[float, float]:
        return kernel_distance(one, other, subset_size=size)

    value, spread = kernel(real[:n], fake)
    measures.append(
        Measure(
            f"KD, {judge.name}",
            value,
            floor(kernel, real, n)[0],
            n,
            f"kernel distance (MMD²); sd {spread:.2g} between subsets",
        )
    )
    measures.append(_told_apart(real[:n], fake, real[n:], f"features of the {judge.name}"))
    measures += judge.sees(samples, held_out.take(slice(0, n)))
    if held_out.name != judge.trained_on:
        messages.append(
            f"The {judge.name} was trained on {judge.trained_on!r}: the column `real` tells what it makes of real rows "
            "of this data set."
        )
    return measures


def _told_apart(real: Tensor, fake: Tensor, other: Tensor, where: str) -> Measure:
    rows = min(len(real), 2000)
    value, ideal = (neighbour_test(real[:rows], side[:rows]).accuracy for side in (fake, other))
    return Measure("1-NN real or fake", value, ideal, rows, f"{where}; 0.5: cannot be told apart")


def _points(name: str, samples: Tensor, held_out: Resident) -> list[Measure]:
    n = len(samples)
    measures = [_told_apart(held_out.x[:n], samples, held_out.x[n : 2 * n], "coordinates")]
    if name not in MIXTURES:
        return measures
    from gan_course.data import toy

    law = getattr(toy, name)()
    ours, theirs = mode_coverage(samples, law), mode_coverage(held_out.x[:n], law)
    return [
        Measure("modes covered", ours.covered, theirs.covered, n, f"of {ours.modes}"),
        Measure("within 3 sd of a mode", ours.high_quality, theirs.high_quality, n, "share of the samples"),
        Measure("KL to equal modes", ours.kl, theirs.kl, n, "nats"),
        *measures,
    ]


def _copies(samples: Tensor, training: Resident, held_out: Resident, messages: list[str]) -> list[Measure]:
    n = min(len(samples), COPIES_N)
    pool, fresh = (_reduced(rows) for rows in (training, held_out.rows(0, n)))
    found = not_copies(_smaller(samples[:n]), pool, fresh)
    verdict = "not copies" if found.passes else "may be copies"
    if not found.passes and samples.dim() == 4:
        messages.append(
            'Smooth, grey pictures are near to every image: "may be copies" means something only if the samples look '
            "like the data."
        )
    where = "coordinates" if pool.dim() == 2 else f"pixels, {pool.shape[2]}×{pool.shape[3]}"
    note = f"{verdict}: {found.low:.3f} to {found.high:.3f} against {found.margin}; 1 for new draws; {where}"
    return [
        Measure("distance to training", found.ratio, None, n, note),
        Measure("very close to training", found.close, None, n, "share; about 0.01 for new draws"),
    ]


def _smaller(images: Tensor) -> Tensor:
    """Images (n, c, h, w) of more than `COPIES_SIDE` pixels as means of blocks; all else as it is."""
    block = -(-images.shape[-1] // COPIES_SIDE) if images.dim() == 4 else 1
    return avg_pool2d(images, block) if block > 1 else images


def _reduced(data: Resident) -> Tensor:
    return torch.cat([_smaller(data.take(slice(i, i + 1000))) for i in range(0, len(data), 1000)])
