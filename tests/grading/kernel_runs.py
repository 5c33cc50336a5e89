"""Run cells in a real grading kernel, as autograding would."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from unittest import mock

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from traitlets.config import Config

from gan_course.grading import sandbox
from gan_course.grading.execute import GuardedExecute


def told(cell: NotebookNode) -> str:
    """Everything that a cell's outputs say, errors as `Name: message`."""
    words = []
    for output in cell.outputs:
        if output.output_type == "error":
            words.append(f"{output.ename}: {output.evalue}")
        else:
            words.append(output.get("text") or output["data"]["text/plain"])
    return "\n".join(words)


def run(
    *sources: str,
    folder: Path | None = None,
    limits: sandbox.Limits | None = None,
    read_only: tuple[Path, ...] = (),
) -> list[str]:
    """Execute cells in one sandboxed kernel that starts in `folder`; what each of them says."""
    runtime, empty = Path(tempfile.mkdtemp(prefix="gk")), Path(tempfile.mkdtemp(prefix="gs"))
    config = Config()
    sandbox.prepare(config, runtime, "bubblewrap", limits or sandbox.Limits(), read_only=read_only)
    try:
        return executed(config, folder or empty, *sources)
    finally:
        shutil.rmtree(runtime)
        shutil.rmtree(empty)


def run_unprotected(runtime: Path, folder: Path, *sources: str) -> list[str]:
    """Execute harmless cells in an ordinary kernel, as on a machine without bubblewrap."""
    config = Config()
    with mock.patch("os.geteuid", return_value=1000):
        sandbox.prepare(config, runtime, "none")
    return executed(config, folder, *sources)


def executed(config: Config, folder: Path, *sources: str) -> list[str]:
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    config.GuardedExecute.grace_seconds = 2
    GuardedExecute(config=config).preprocess(notebook, {"metadata": {"path": str(folder)}})
    return [told(cell) for cell in notebook.cells]
