"""Notebooks that hang, flood or end their kernel are run to their end, and say what happened."""

import shutil
import tempfile
import time
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from traitlets.config import Config

from gan_course.grading import execute, sandbox
from gan_course.grading.execute import GuardedExecute, KernelNotStarted, called, weight
from gan_course.grading.sandbox import Limits
from grading.kernel_runs import run


def kernels(test):
    """A test that starts kernels in the sandbox."""
    return pytest.mark.slow(pytest.mark.usefixtures("needs_sandbox")(test))


def processes_with(word: str) -> int:
    """Processes of this machine that carry `word` in their command line."""
    count = 0
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            count += word.encode() in path.read_bytes()
        except OSError:
            continue
    return count


@kernels
def test_a_kernel_goes_on_after_cells_that_can_be_stopped():
    said = run(
        "1 + undefined",
        "input('your name? ')",
        "import sys; sys.exit(3)",
        "while True: pass",
        "for _ in range(10): print('x' * (1 << 20))",
        "from IPython.display import display; h = display(1, display_id=True)\n"
        "from IPython.display import clear_output; clear_output(); h.update(2)",
        "6 * 7",
        limits=Limits(cell_seconds=4, output_mib=8),
    )
    assert "NameError" in said[0]
    assert "StdinNotImplementedError" in said[1]
    assert "SystemExit: 3" in said[2]
    assert "KeyboardInterrupt" in said[3]
    assert "Stopped: this cell ran for more than 4 seconds" in said[3]
    assert "Stopped: this cell printed more than 8 MiB" in said[4]
    assert len(said[4]) < 10_000  # what it printed is gone
    assert "Stopped" not in said[5]
    assert said[6] == "42"


@kernels
def test_an_endless_flood_of_output_is_stopped_and_dropped():
    said = run("while True: print('x' * 100_000)", limits=Limits(output_mib=8))
    assert "Stopped: this cell printed more than 8 MiB" in said[0]
    assert len(said[0]) < 10_000


ENDINGS = {
    "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass": "did not stop when interrupted",
    "import os; os._exit(3)": "exit code 3",
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)": "SIGKILL",
    "exit()": "as exit() and quit() do",
    "get_ipython().kernel.session.key = b'forged'; print(1)": "unreadable",
}


@kernels
@pytest.mark.parametrize("source", ENDINGS)
def test_a_cell_that_ends_its_kernel_says_why_and_so_do_the_cells_after_it(source):
    said = run("'before'", source, "'after'", "'later'", limits=Limits(cell_seconds=2))
    assert said[0] == "'before'"
    assert "Stopped: " in said[1]
    assert ENDINGS[source] in said[1]
    assert said[1].endswith("the cells after it did not run")
    assert said[2] == said[3] == "Stopped: not run: the kernel had ended in cell 2"


@kernels
def test_a_fork_bomb_meets_the_process_limit_and_leaves_nothing():
    bomb = """
import subprocess
children = []
try:
    for _ in range(300): children.append(subprocess.Popen(["sleep", "98765"], start_new_session=True))
except OSError as error: print(type(error).__name__, len(children) < 80)
"""
    assert "BlockingIOError True" in run(bomb, limits=Limits(processes=80))[0]
    for _ in range(50):
        if not processes_with("98765"):
            break
        time.sleep(0.1)
    assert processes_with("98765") == 0


@kernels
def test_processes_that_use_too_much_memory_together_end_the_kernel():
    hoard = """
import os, time
for _ in range(6):
    if os.fork() == 0:
        hoard = b"x" * (300 << 20)
        time.sleep(60)
time.sleep(60)
"""
    said = run(hoard, "1", limits=Limits(memory_gib=1))
    assert "(its processes together used more than 1 GiB of memory)" in said[0]
    assert said[1].startswith("Stopped: not run")


@kernels
def test_a_notebook_has_a_time_limit_of_its_own():
    said = run("1", "import time; time.sleep(30)", "2", limits=Limits(notebook_seconds=3))
    assert "ran for more than" in said[1]
    assert said[2].startswith("Stopped: not run: the notebook had used its 3 seconds before cell 3")


@kernels
def test_a_kernel_that_does_not_start_says_why(tmp_path):
    (tmp_path / "weights.bin").write_bytes(bytes(3 << 20))
    with pytest.raises(KernelNotStarted, match="files are larger than 1 MiB"):
        run("1", folder=tmp_path, limits=Limits(scratch_mib=2))


@kernels
def test_a_tag_does_not_make_a_cell_be_skipped(tmp_path):
    notebook = new_notebook(cells=[new_code_cell("7", metadata={"tags": ["skip-execution"]})])
    config, runtime = Config(), Path(tempfile.mkdtemp(prefix="gk"))
    sandbox.prepare(config, runtime, "bubblewrap")
    GuardedExecute(config=config).preprocess(notebook, {"metadata": {"path": str(tmp_path)}})
    left = sorted(path.name for path in runtime.iterdir())
    shutil.rmtree(runtime)
    assert notebook.cells[0].outputs[0]["data"]["text/plain"] == "7"
    assert left == ["kernels"]  # no socket is left behind


def test_weight_counts_text_and_bytes_at_any_depth():
    assert weight({"data": {"text/plain": "x" * 1000}, "list": ["y" * 500, memoryview(bytes(300))]}) >= 1800


def test_a_cell_is_called_by_its_place_and_its_nbgrader_name():
    cell = new_code_cell("1", metadata={"nbgrader": {"grade_id": "generator"}})
    assert called(cell, 4) == "cell 5 (generator)"
    assert called(new_code_cell("1"), 0) == "cell 1"
    assert execute.stopped("why").evalue == "why"
