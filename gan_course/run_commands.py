"""The commands `train`, `sample`, `evaluate`, `compare` and `ship`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from gan_course.explained import explained

RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a run.")]


def train(
    model: Annotated[
        str | None, typer.Argument(help="vanilla, dcgan, cgan, acgan, lapgan; not with --resume.")
    ] = None,
    data: Annotated[
        str | None, typer.Option(help="ring, strokes, faces, mnist, celeba ..., or one you imported.")
    ] = None,
    size: Annotated[int | None, typer.Option(help="Side of the images in pixels.")] = None,
    rows: Annotated[int | None, typer.Option(help="Use so many rows; all by default.")] = None,
    setting: Annotated[str | None, typer.Option(help="Of the strokes: mild or wild.")] = None,
    data_seed: Annotated[int | None, typer.Option(help="Seed of a drawn data set; 0 by default.")] = None,
    root: Annotated[Path | None, typer.Option(help="Folder of the real data sets.")] = None,
    steps: Annotated[
        int | None, typer.Option(help="Rounds: every player moves in each; of lapgan, of every level.")
    ] = None,
    batch: Annotated[int | None, typer.Option(help="Rows per move.")] = None,
    lr: Annotated[float | None, typer.Option(help="Learning rate of all players.")] = None,
    ema: Annotated[float | None, typer.Option(help="Decay of the averaged generator; 0 for none.")] = None,
    width: Annotated[int | None, typer.Option(help="Width of the networks.")] = None,
    p: Annotated[
        list[str] | None, typer.Option("-p", help="Another option of the model: name=value.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Of weights, batches and noise; 0 by default.")] = None,
    device: Annotated[str | None, typer.Option(help="auto (the default), cpu, cuda or mps.")] = None,
    precision: Annotated[str | None, typer.Option(help="fp32 (the default) or bf16.")] = None,
    channels_last: Annotated[bool | None, typer.Option(help="Memory layout of convolutions.")] = None,
    log_every: Annotated[int | None, typer.Option(help="Rounds between lines and pictures.")] = None,
    checkpoint_every: Annotated[int | None, typer.Option(help="Rounds between checkpoints.")] = None,
    out: Annotated[Path | None, typer.Option(help="A new folder; runs/MODEL-DATA-NUMBER by default.")] = None,
    resume: Annotated[Path | None, typer.Option(help="Go on with this run; takes --steps, --device.")] = None,
    processes: Annotated[
        int | None, typer.Option(help="Levels of lapgan that are trained at a time; 1 by default.")
    ] = None,
    tensorboard: Annotated[bool, typer.Option("--tensorboard", help="Log for TensorBoard, too.")] = False,
) -> None:
    """Train a model, or go on with a run. Ctrl-C stops it with a checkpoint.

    cgan and acgan need data with labels. The levels of lapgan are runs of their own, RUN/level-8, RUN/level-16 ...:
    with --resume RUN those that are not finished go on; with --resume RUN/level-16 --steps 2000 one of them is trained
    longer; and one whose folder you delete is trained anew by --resume RUN. To repeat a run bit for bit, keep
    --processes, which decides how many threads a level has.
    """
    from gan_course.cli import assignments
    from gan_course.models.catalogue import find
    from gan_course.runs import parts, training
    from gan_course.runs.folder import read_facts

    drawn = _given(size=size, n=rows, setting=setting, seed=data_seed, root=root and str(root))
    settings = _given(
        rounds=steps,
        batch=batch,
        lr=lr,
        ema=ema,
        seed=seed,
        device=device,
        precision=precision,
        channels_last=channels_last,
        log_every=log_every,
        checkpoint_every=checkpoint_every,
    )
    options = assignments(p or []) | _given(width=width)
    with explained():
        if resume is None:
            if model is None or data is None:
                raise ValueError("what to train, and on what? gan-course train MODEL --data SET")
            what = (
                model,
                {"name": data} | drawn,
                {"device": "auto"} | settings,
                options,
                out,
                shlex.join(_words()),
            )
            if find(model).parts:
                job = parts.start(*what, processes=1 if processes is None else processes)
            else:
                _refuse_processes(processes)
                job = training.start(*what)
            print(f"run: {job.folder}")
        else:
            changes = {name: settings.pop(name) for name in ("rounds", "device") if name in settings}
            if model or data or out or drawn or settings or options:
                raise ValueError(
                    "a run goes on with the model, the data and the settings it was started with: with --resume give "
                    "only --steps, --device, --processes or --tensorboard"
                )
            if "parts" in read_facts(resume):
                job = parts.go_on(resume, changes, processes)
                print(f"run: {job.folder}, going on")
            else:
                _refuse_processes(processes)
                job = training.go_on(resume, changes)
                print(
                    f"run: {job.folder}, "
                    + ("going on" if job.resume else "no checkpoint yet: from the start")
                )
        try:
            done, stopped_by = (parts if isinstance(job, parts.PartsJob) else training).play(
                job, tensorboard=tensorboard
            )
        except KeyboardInterrupt:
            print(f"stopped at once. Go on from the last checkpoint with:\n{_resume(job.folder)}")
            raise typer.Exit(130) from None
        if stopped_by:
            print(f"stopped after round {done.rounds:,}. Go on with:\n{_resume(job.folder)}")
            raise typer.Exit(128 + stopped_by)  # as shells count: 130 after Ctrl-C
        print(
            f"finished: {done.rounds:,} rounds, {done.seconds:.0f} s of training. {_last_losses(done)}".rstrip()
        )


def sample(
    run: RunFolder,
    n: Annotated[int, typer.Option("-n", help="How many.")] = 64,
    seed: Annotated[int, typer.Option(help="The first n samples of this seed are drawn.")] = 0,
    out: Annotated[Path | None, typer.Option(help="A PNG; RUN/samples-seed-SEED.png by default.")] = None,
    label: Annotated[
        int | None, typer.Option(help="All of this class; by default the classes in turn. For cgan, acgan.")
    ] = None,
    tensor: Annotated[
        Path | None, typer.Option(help="Also a .safetensors file: `samples`, (n, ...).")
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "cpu",
) -> None:
    """Draw the first samples of a seed from a run, as a picture."""
    with explained():
        from safetensors.torch import save

        from gan_course.runs.folder import open_run
        from gan_course.runs.pictures import COLUMNS, columns_of, save_picture
        from gan_course.training.checkpoints import write
        from gan_course.training.device import pick_device

        saved = open_run(run, pick_device(device))
        samples = saved.sample(n, seed, label)
        of_class = "" if label is None else f"-class-{label}"
        out = out or run / f"samples-seed-{seed}{of_class}.png"
        save_picture(out, samples, columns=columns_of(saved.game) if label is None else COLUMNS)
        if tensor is not None:
            write(tensor, save({"samples": samples.contiguous()}))
        print(f"the first {n} samples of seed {seed} after round {saved.round:,}: {out}")


def evaluate(
    run: RunFolder,
    n: Annotated[int | None, typer.Option("-n", help="Samples to judge; 2,000 by default.")] = None,
    seed: Annotated[int, typer.Option(help="The first n samples of this seed are judged.")] = 1,
    features: Annotated[
        str, typer.Option(help="Whose eyes: strokes, faces, none; auto takes those made for the data.")
    ] = "auto",
    device: Annotated[str, typer.Option(help="Where samples are drawn: auto, cpu, cuda or mps.")] = "cpu",
) -> None:
    """Measure a run against its data and write RUN/evaluation.json."""
    with explained():
        from gan_course.runs.evaluate import evaluate as measure
        from gan_course.runs.evaluate import report

        for line in report(measure(run, n=n, seed=seed, features=features, device=device)):
            print(line)


def compare(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN RUN...", help="Folders of runs.")],
    out: Annotated[Path | None, typer.Option(help="Also a PNG with their curves.")] = None,
) -> None:
    """Show runs beside each other: what differs in their settings, what they cost, what came out."""
    with explained():
        from gan_course.runs.compare import curves, lines

        for line in lines(runs):
            print(line)
        if out is not None:
            curves(runs, out)


def ship(
    run: RunFolder,
    name: Annotated[str, typer.Argument(help="Its name among the shipped models.")],
) -> None:
    """For maintainers: put an evaluated run among the models that come with the course."""
    with explained():
        from gan_course.runs.ship import ship as put

        card = put(run, name)
        print(f"{name}: {card['bytes'] / 1e6:.1f} MB, {card['what']}")


def _given(**options: Any) -> dict[str, Any]:
    """The options that were given."""
    return {name: value for name, value in options.items() if value is not None}


def _words() -> list[str]:
    return ["gan-course", *sys.argv[1:]]


def _resume(folder: Path) -> str:
    return shlex.join(["gan-course", "train", "--resume", str(folder)])


def _refuse_processes(processes: int | None) -> None:
    if processes not in (None, 1):
        raise ValueError("--processes is for models that are trained in parts: lapgan")


def _last_losses(run: Any) -> str:
    if not run.history.rows:
        return ""  # of a run in parts: the parts have their own
    row = run.history.rows[-1]
    names = [name for name in row if name not in ("round", "seconds", "images")]
    return "last losses: " + ", ".join(f"{name} {row[name]:.3f}" for name in names)
