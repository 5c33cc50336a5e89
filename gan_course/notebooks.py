"""Find notebooks, work out their parameters, and execute them headlessly."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import nbformat
import papermill
import yaml
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from traitlets.config import Config

PACKAGE = Path(__file__).parent
ROOT = PACKAGE.parent
PROFILES = ("smoke", "cpu", "gpu")
STOPS = (signal.SIGINT, signal.SIGTERM)
ANSI = re.compile(r"\x1b\[[0-9;]*m")


class NotebookError(Exception):
    """A notebook could not be found, was given unknown parameters, or failed; the message says which and where."""


def folder() -> Path:
    """The folder of the notebooks in this clone."""
    return ROOT / "notebooks"


def find(names: Sequence[str] = ()) -> list[Path]:
    """The notebooks with these names or number prefixes ("02"), or all of them, in course order.

    Raises:
        NotebookError: a name fits no notebook, or several; the message lists the known ones.
    """
    known = sorted(folder().glob("[0-9]*.ipynb"))
    if not names:
        return known
    found = []
    for name in names:
        stem = Path(name).name.removesuffix(".ipynb")
        fits = [path for path in known if path.stem == stem or path.stem.split("_")[0] == stem]
        if len(fits) != 1:
            listing = "\n  ".join(path.stem for path in known)
            raise NotebookError(f"unknown notebook {name!r}; known:\n  {listing}")
        found += fits
    return found


def known_parameters(path: Path) -> dict[str, Any]:
    """The names in the cell tagged `parameters`, with their default values as written."""
    inspected = papermill.inspect_notebook(str(path))
    return {name: details["default"] for name, details in inspected.items()}


def profile_parameters(path: Path, profile: str) -> dict[str, Any]:
    """What a profile sets for a notebook.

    Raises:
        NotebookError: unknown profile; the message lists the known ones.
    """
    if profile not in PROFILES:
        raise NotebookError(f"unknown profile {profile!r}; known: {', '.join(PROFILES)}")
    file = PACKAGE / "profiles" / f"{path.stem}.yaml"
    settings = yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}
    return (settings or {}).get(profile) or {}


def parameters_for(path: Path, profile: str, extra: dict[str, Any]) -> dict[str, Any]:
    """The parameters to inject: those of the profile, then those given by hand.

    Raises:
        NotebookError: a name is not in the notebook's parameters cell; the message lists the known ones.
    """
    chosen = profile_parameters(path, profile) | extra
    known = known_parameters(path)
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        listing = ", ".join(f"{name}={default}" for name, default in known.items()) or "none"
        raise NotebookError(f"{path.stem} has no parameter {', '.join(unknown)}; known: {listing}")
    return chosen


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    """Environment variables for the kernels that start inside the block."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def signal_handlers_kept() -> Iterator[None]:
    """Put the handlers of SIGINT and SIGTERM back afterwards."""
    before = {number: signal.getsignal(number) for number in STOPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            with suppress(ValueError):  # not in the main thread, where handlers cannot have changed
                signal.signal(number, handler)


def let_interrupts_through() -> None:
    """Make Ctrl-C stop the whole run.

    nbclient's own handler ends the kernel and leaves the process running, so that a later notebook might start.
    With Python's handler KeyboardInterrupt ends the process, and nbclient ends the kernel at exit. (A precaution:
    the tests of an interrupted run pass without it too.)
    """
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError, ValueError):  # Windows; not in the main thread
        for number in STOPS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.default_int_handler)


def execute(
    path: Path,
    out: Path,
    *,
    profile: str = "cpu",
    parameters: dict[str, Any] | None = None,
    cell_limit: int = 1200,
    judged: bool = True,
    on_cell: Callable[[int, int], None] | None = None,
) -> NotebookNode:
    """Run a notebook from top to bottom in a fresh kernel and write the executed copy to `out`.

    cell_limit: seconds a single cell may take. judged: False lets false claims pass, as JupyterLab does.
    on_cell: called with the cell's index and the number of cells before each cell.

    Raises:
        NotebookError: a cell failed, took too long, or the kernel died. The message shows notebook, cell, source
        and error; `out` holds what ran until then.
    """
    chosen = parameters_for(path, profile, parameters or {})
    out.parent.mkdir(parents=True, exist_ok=True)
    count = len(nbformat.read(path, as_version=4).cells) + bool(chosen)  # one more cell injects them
    quiet = Config()
    quiet.KernelManager.transport_encryption = "auto"  # silences a warning about unencrypted local sockets
    failure = ""

    def start_cell(cell: NotebookNode, cell_index: int) -> None:
        let_interrupts_through()
        if on_cell:
            on_cell(cell_index, count)

    try:
        with environment(GAN_COURSE_PROFILE=profile if judged else "unjudged"), signal_handlers_kept():
            executed = papermill.execute_notebook(
                path,
                out,
                parameters=chosen,
                cwd=path.parent,
                kernel_name="python3",
                progress_bar=False,
                execution_timeout=cell_limit,
                start_timeout=120,
                coalesce_streams=True,
                store_widget_state=False,
                config=quiet,
                on_cell_start=start_cell,
            )
    except papermill.PapermillExecutionError as error:
        source = "\n".join(f"    {line}" for line in error.source.splitlines())
        trace = "\n".join(ANSI.sub("", line) for line in error.traceback[-3:])
        failure = f"In [{error.exec_count}] of {path.name}:\n{source}\n{error.ename}: {error.evalue}\n{trace}"
    except CellTimeoutError as error:
        failure = f"{path.name}: a cell took more than {cell_limit} seconds\n{error}"
    except DeadKernelError as error:
        failure = f"{path.name}: the kernel died, perhaps for lack of memory: {error}"
    if failure:
        raise NotebookError(f"{failure}\nwhat ran until then: {out}")
    executed = without_machine_cells(executed)
    nbformat.write(executed, out)
    return executed


def without_machine_cells(executed: NotebookNode) -> NotebookNode:
    """The executed notebook without the cell that injected the parameters; the values go to the metadata."""
    executed.cells = [
        cell for cell in executed.cells if "injected-parameters" not in cell.metadata.get("tags", [])
    ]
    return executed


def seconds_per_cell(executed: NotebookNode) -> list[float]:
    """How long each cell took, in seconds."""
    return [cell.metadata.get("papermill", {}).get("duration") or 0.0 for cell in executed.cells]
