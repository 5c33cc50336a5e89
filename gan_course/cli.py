"""The command `gan-course`."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from gan_course import data_commands, grade_commands, run_commands

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(data_commands.app, name="data")
app.add_typer(grade_commands.app, name="grade")


def fail(message: object) -> typer.Exit:
    """Print a message for the user and give the exit to raise."""
    print(message, file=sys.stderr)
    return typer.Exit(1)


def assignments(pairs: list[str]) -> dict[str, Any]:
    """["rounds=20", "data=mnist"] -> {"rounds": 20, "data": "mnist"}.

    Raises:
        typer.BadParameter: an entry has no "=".
    """
    for pair in pairs:
        if "=" not in pair:
            raise typer.BadParameter(f"{pair!r} is not of the form name=value")
    return {name: yaml.safe_load(value) for name, value in (pair.split("=", 1) for pair in pairs)}


@app.command()
def run(
    names: Annotated[
        list[str] | None, typer.Argument(help="Notebooks, by name or number; all by default.")
    ] = None,
    profile: Annotated[str, typer.Option(help="smoke, cpu or gpu.")] = "cpu",
    p: Annotated[list[str] | None, typer.Option("-p", help="A parameter, as name=value.")] = None,
    build: Annotated[Path | None, typer.Option(help="Where results go; build/ by default.")] = None,
    force: Annotated[bool, typer.Option(help="Run again what has not changed, too.")] = False,
) -> None:
    """Run notebooks headlessly and write build/index.html with what they showed."""
    from gan_course import course
    from gan_course.notebooks import NotebookError

    try:
        results = course.run(
            names or (), profile=profile, parameters=assignments(p or []), build=build, force=force
        )
    except NotebookError as error:
        raise fail(error) from None
    failed = [result.name for result in results if result.state != "done"]
    claims = [claim for result in results for claim in result.claims]
    print(f"{len(results) - len(failed)} notebooks done, {len(failed)} failed; {len(claims)} claims.")
    if failed:
        raise fail(f"failed: {', '.join(failed)}")


@app.command()
def clean(
    names: Annotated[list[str] | None, typer.Argument(help="Notebooks; all by default.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only look; exit 1 if one is not canonical.")
    ] = False,
) -> None:
    """Put notebooks into the form in which they are committed: no outputs, only known metadata."""
    from gan_course import notebooks
    from gan_course.clean import clean as clean_one

    try:
        paths = notebooks.find(names or ())
    except notebooks.NotebookError as error:
        raise fail(error) from None
    changed = [path.name for path in paths if not clean_one(path, check=check)]
    if changed and check:
        raise fail("not in canonical form (run `gan-course clean`): " + ", ".join(changed))
    print(f"{len(paths)} notebooks looked at, {len(changed)} rewritten")


@app.command()
def study(name: Annotated[str, typer.Argument(help="A study; leave out to list them.")] = "") -> None:
    """Run a study that is too long for a notebook and write its record."""
    from gan_course.notebooks import PACKAGE

    known = sorted(path.stem for path in (PACKAGE / "studies").glob("[a-z]*.py"))
    if name not in known:
        reason = f"unknown study {name!r}; " if name else ""
        raise fail(f"{reason}known studies: {', '.join(known)}")
    importlib.import_module(f"gan_course.studies.{name}").run()


@app.command()
def calibrate(names: Annotated[list[str], typer.Argument(help="Notebooks, by name or number.")]) -> None:
    """Run notebooks over five seeds and 1, 2 and 4 threads and record how far each live bound is from luck."""
    from gan_course import calibration, notebooks

    try:
        paths = notebooks.find(names)
    except notebooks.NotebookError as error:
        raise fail(error) from None
    for path in paths:
        for text, claims in calibration.calibrate(path).items():
            low, high = claims[0].low, claims[0].high
            treatment, control = calibration.margins(low, high, calibration.numbers(claims))
            print(f"{treatment:8.1f} sd {control:8.1f} sd  {text}")


for command in (
    run_commands.train,
    run_commands.sample,
    run_commands.evaluate,
    run_commands.compare,
    run_commands.ship,
):
    app.command()(command)


@app.command()
def lab(
    work: Annotated[Path | None, typer.Option(help="Where your copies are; work/ by default.")] = None,
) -> None:
    """Start JupyterLab on your own copies of the notebooks."""
    from gan_course.lab import start

    raise typer.Exit(start(work))


@app.command()
def doctor() -> None:
    """Tell what this machine has: Python, torch, devices, precision, threads, data sets."""
    from gan_course.doctor import report

    for what, state in report():
        print(f"{what:24} {state}")


def main() -> None:
    """Entry point of the command."""
    app()
