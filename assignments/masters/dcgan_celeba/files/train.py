"""Train the networks of your notebook, and make what you hand in.

    python train.py --smoke                              see everything work, in a minute or two
    python train.py --data faces --size 32               the run you hand in, on two CPU cores
    python train.py --data celeba --size 64 --width 64 --steps 20000 --device cuda --change lr=0.0002
    python train.py --data faces --change lr=0.0002      a controlled experiment: one thing differs
    python train.py --data faces --generator my_generator --d-loss my_d_loss --g-loss my_g_loss
    python train.py --resume runs/homework-faces-1       go on, after Ctrl-C or with more --steps
    python train.py --measure runs/homework-faces-2      measure a run that was not measured yet
    python train.py --pack runs/homework-faces-2         make run/, the hand-in, from another run
    gan-course compare runs/*                            your experiments side by side, with their measures

The networks and losses are those of components.ipynb as it lies on the disk: save it first. Every run gets a folder
of its own in runs/. The first finished run of `build_generator` with 500 steps or more becomes the hand-in, run/;
after that only --pack replaces it.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from gan_course.cli import assignments
from gan_course.explained import explained
from gan_course.grading import hand_in
from gan_course.grading.homework import FREE, NOTEBOOK, homework, read_answers, sort_changes
from gan_course.models.catalogue import Model
from gan_course.runs import training
from gan_course.runs.evaluate import evaluate, report

SMOKE_DATA = {"name": "faces", "size": 32, "n": 500}
SMOKE = {"rounds": 30, "log_every": 10, "snapshots": 0}
ROWS = 20_000  # of the drawn faces, by default: twenty seconds of drawing, once


def main(
    data: Annotated[str, typer.Option(help="faces, celeba, or a set you imported.")] = "faces",
    size: Annotated[int, typer.Option(help="Side of the images in pixels: 32, 64 or 128.")] = 32,
    rows: Annotated[int | None, typer.Option(help="Use so many rows.")] = None,
    steps: Annotated[int | None, typer.Option(help="Rounds: D and G both move in each.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of weights, batches and noise.")] = None,
    width: Annotated[int | None, typer.Option(help="Maps before the last layer of G.")] = None,
    batch: Annotated[int | None, typer.Option(help="Images per move.")] = None,
    lr: Annotated[float | None, typer.Option(help="Learning rate of Adam.")] = None,
    betas: Annotated[tuple[float, float] | None, typer.Option(help="Of Adam: two numbers.")] = None,
    d_steps: Annotated[int | None, typer.Option(help="Moves of D per round.")] = None,
    generator: Annotated[str | None, typer.Option(help="Another function of your notebook.")] = None,
    discriminator: Annotated[str | None, typer.Option(help="Another function of your notebook.")] = None,
    d_loss: Annotated[str | None, typer.Option(help="Another function of your notebook.")] = None,
    g_loss: Annotated[str | None, typer.Option(help="Another function of your notebook.")] = None,
    change: Annotated[
        list[str] | None,
        typer.Option(
            help="Any other setting, name=value: objective=hinge, ema=0, log_every=20, init=my_function."
        ),
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    out: Annotated[
        Path | None, typer.Option(help="A new folder; runs/homework-DATA-NUMBER if left out.")
    ] = None,
    resume: Annotated[Path | None, typer.Option(help="Go on with this run; takes --steps, --device.")] = None,
    pack: Annotated[Path | None, typer.Option(help="Make the hand-in from this run, and do no more.")] = None,
    measure: Annotated[Path | None, typer.Option(help="Measure this run, and do no more.")] = None,
    no_measure: Annotated[
        bool, typer.Option("--no-measure", help="Do not measure the finished run: saves most of a minute.")
    ] = False,
    smoke: Annotated[bool, typer.Option("--smoke", help="Thirty rounds on 500 faces.")] = False,
    notebook: Annotated[Path, typer.Option(help="Where your networks are.")] = NOTEBOOK,
) -> None:
    """Train the networks of your notebook. Ctrl-C stops with a checkpoint."""
    with explained():
        if pack is not None:
            return _pack(pack, notebook)
        model = homework(read_answers(notebook))
        if measure is not None:
            return _measure(measure, model)
        if resume is not None:
            job = training.go_on(resume, _given(rounds=steps, device=device), model)
        else:
            settings = _given(rounds=steps, seed=seed, batch=batch, lr=lr, betas=betas)
            options = _given(
                width=width,
                d_steps=d_steps,
                generator=generator,
                discriminator=discriminator,
                d_loss=d_loss,
                g_loss=g_loss,
            )
            more_options, more = sort_changes(assignments(change or []))
            options |= more_options
            rows = ROWS if rows is None and data == "faces" else rows
            drawn = SMOKE_DATA if smoke else {"name": data, "size": size} | _given(n=rows)
            settings |= more | {"device": device} | (SMOKE if smoke else {})
            job = training.start(model, drawn, settings, options, out, shlex.join(["python", *sys.argv]))
        print(f"run: {job.folder}")
        again = f"python train.py --resume {shlex.quote(str(job.folder))}"
        try:
            run, stopped_by = training.play(job)
        except KeyboardInterrupt:
            print(f"stopped at once. Go on from the last checkpoint with:\n{again}")
            raise typer.Exit(130) from None
        if stopped_by:
            print(f"stopped after round {run.rounds:,}. Go on with:\n{again}")
            raise typer.Exit(128 + stopped_by)
        print(f"finished: {run.rounds:,} rounds, {run.seconds:.0f} s of training")
        if not (no_measure or smoke):
            _measure(job.folder, model)
        _hand_in(job, notebook)


def _measure(run: Path, model: Model) -> None:
    for line in report(evaluate(run, model=model)):
        print(line)


def _hand_in(job: training.Job, notebook: Path) -> None:
    """Pack the first run that can count, or the packed one again; any other only when asked."""
    packed, name = hand_in.packed_run(), job.facts["options"]["generator"]
    if name != FREE["generator"]:
        print(f"run/ was not made of this run: it trained {name}, and what is handed in is {FREE['generator']}")
    elif packed == str(job.folder) or (packed is None and job.settings.rounds >= hand_in.LEAST_STEPS):
        _pack(job.folder, notebook)
    elif packed is None:
        print(
            f"run/ was not made: {job.settings.rounds} steps are a trial (fewer than {hand_in.LEAST_STEPS}). To see "
            f"it made all the same: python train.py --pack {job.folder}, then python check_run.py"
        )
    else:
        print(f"run/ holds {packed}. To hand in this run: python train.py --pack {job.folder}")


def _pack(run: Path, notebook: Path) -> None:
    settings = hand_in.pack(run, notebook=notebook)
    print(f"run/: {hand_in.in_words(settings)}. Check and zip it with: python check_run.py")


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


if __name__ == "__main__":
    typer.run(main)
