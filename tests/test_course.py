"""The runner, on notebooks of two or three cells."""

import os
import signal
import subprocess
import sys
import time

import pytest
from helpers import write_notebook

from gan_course import course, notebooks
from gan_course.course import run

CLAIM = 'from gan_course.claims import claim\nclaim("a small gap", rounds * 0.01, at_most=0.06)'


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone with two notebooks, in a place of its own."""
    monkeypatch.setattr(notebooks, "ROOT", tmp_path)
    write_notebook(tmp_path / "notebooks" / "01_first.ipynb", CLAIM)
    write_notebook(tmp_path / "notebooks" / "02_second.ipynb", "print('hello')")
    return tmp_path


def names(results):
    return [(result.name, result.state) for result in results]


@pytest.mark.slow
def test_a_run_writes_notebooks_pages_and_the_index_and_a_second_one_does_nothing(clone, capsys):
    assert names(run()) == [("01_first", "done"), ("02_second", "done")]
    index = (clone / "build" / "index.html").read_text()
    assert "a small gap" in index
    assert "1 claims (1 analytic, 0 live, 0 checkpoint, 0 recorded)" in index
    for suffix in ("ipynb", "html"):
        assert (clone / "build" / "notebooks" / f"02_second.{suffix}").exists()
    capsys.readouterr()
    run()
    assert capsys.readouterr().err.count("unchanged since its last run") == 2
    write_notebook(clone / "notebooks" / "02_second.ipynb", "print('changed')")
    run()
    assert capsys.readouterr().err.count("unchanged since its last run") == 1


@pytest.mark.slow
def test_parameters_profile_and_package_are_part_of_the_key(clone, monkeypatch):
    (path, _) = notebooks.find()
    keys = {
        course.key_of(path, "cpu", {}, "a"),
        course.key_of(path, "smoke", {}, "a"),
        course.key_of(path, "cpu", {"rounds": 6}, "a"),
        course.key_of(path, "cpu", {}, "b"),
    }
    assert len(keys) == 4
    assert course.key_of(path, "cpu", {}, "a") in keys


@pytest.mark.slow
def test_a_failing_cell_is_shown_with_notebook_source_and_error_and_the_others_still_run(clone, capsys):
    write_notebook(clone / "notebooks" / "01_first.ipynb", "x = 3", "1 / (x - 3)")
    assert names(run()) == [("01_first", "failed"), ("02_second", "done")]
    err = capsys.readouterr().err
    assert "In [3] of 01_first.ipynb:" in err
    assert "    1 / (x - 3)" in err
    assert "ZeroDivisionError: division by zero" in err
    assert "01_first failed" in (clone / "build" / "index.html").read_text()


@pytest.mark.slow
def test_a_false_claim_fails_the_run_under_cpu_and_not_under_smoke(clone, capsys):
    (result, _) = run(profile="smoke", parameters={"rounds": 9})
    assert (result.state, result.claims[0].holds) == ("done", None)
    (result,) = run(["01"], parameters={"rounds": 9})
    assert result.state == "failed"
    assert "ClaimError: a small gap: measured 0.09, outside the bound" in capsys.readouterr().err


@pytest.mark.slow
def test_a_cell_that_takes_too_long_and_a_dying_kernel_are_reported(clone, tmp_path):
    path = write_notebook(clone / "notebooks" / "03_slow.ipynb", "import time\ntime.sleep(30)")
    with pytest.raises(notebooks.NotebookError, match="more than 1 seconds"):
        notebooks.execute(path, tmp_path / "out.ipynb", cell_limit=1)
    path = write_notebook(clone / "notebooks" / "04_dies.ipynb", "import os\nos._exit(1)")
    with pytest.raises(notebooks.NotebookError, match="kernel died"):
        notebooks.execute(path, tmp_path / "out.ipynb")


def test_unknown_names_list_the_known_ones(clone):
    with pytest.raises(
        notebooks.NotebookError, match=r"unknown notebook '7'; known:\n  01_first\n  02_second"
    ):
        run(["7"])
    with pytest.raises(notebooks.NotebookError, match="unknown profile 'fast'; known: smoke, cpu, gpu"):
        run(profile="fast")
    with pytest.raises(notebooks.NotebookError, match=r"no parameter round; known: seed=0, rounds=5"):
        run(["01_first"], parameters={"round": 3})


def test_notebooks_are_found_by_number_name_and_file_name(clone):
    assert [path.stem for path in notebooks.find(["02", "01_first", "notebooks/02_second.ipynb"])] == [
        "02_second",
        "01_first",
        "02_second",
    ]


def test_the_environment_is_put_back(monkeypatch):
    monkeypatch.setenv("KEPT", "before")
    with notebooks.environment(KEPT="inside", ADDED="1"):
        assert (os.environ["KEPT"], os.environ["ADDED"]) == ("inside", "1")
    assert os.environ["KEPT"] == "before"
    assert "ADDED" not in os.environ


def kernels_of(marker):
    """Processes whose environment carries the marker, except the one that runs this test."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit() and int(entry) != os.getpid():
            try:
                with open(f"/proc/{entry}/environ", "rb") as file:
                    inherited = marker.encode() in file.read()
                with open(f"/proc/{entry}/stat") as file:
                    alive = file.read().rpartition(")")[2].split()[0] != "Z"
            except OSError:
                continue
            if inherited and alive:
                found.append(int(entry))
    return found


@pytest.mark.slow
@pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks at processes through /proc")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_stops_and_leaves_no_kernel_behind(clone, tmp_path, stop):
    started = tmp_path / "started"
    write_notebook(
        clone / "notebooks" / "01_first.ipynb",
        f"import pathlib, time\npathlib.Path({str(started)!r}).touch()\ntime.sleep(60)",
    )
    marker = f"KERNEL_TEST={tmp_path}"
    code = (
        "import sys; from pathlib import Path; from gan_course import notebooks;"
        f"notebooks.ROOT = Path({str(clone)!r});"
        "from gan_course.cli import main; sys.argv = ['gan-course', 'run']; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=os.environ | dict([marker.split("=", 1)]),
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while not started.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert started.exists()
    process.send_signal(stop)
    assert process.wait(60) != 0
    assert not (clone / "build" / "notebooks" / "02_second.ipynb").exists()
    deadline = time.monotonic() + 20
    while kernels_of(marker) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert kernels_of(marker) == []
