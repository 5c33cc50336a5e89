import json

import pytest
from helpers import write_notebook
from typer.testing import CliRunner

from gan_course import lab, notebooks
from gan_course.cli import app


@pytest.fixture
def clone(tmp_path, monkeypatch):
    monkeypatch.setattr(notebooks, "ROOT", tmp_path)
    write_notebook(tmp_path / "notebooks" / "01_first.ipynb", "print(rounds)")
    return tmp_path


def call(*words):
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.output


@pytest.mark.slow
def test_run_takes_parameters_and_says_what_was_done(clone):
    code, output = call("run", "01", "-p", "rounds=7")
    assert code == 0
    assert "1 notebooks done, 0 failed; 0 claims." in output
    executed = json.loads((clone / "build" / "notebooks" / "01_first.ipynb").read_text())
    assert executed["cells"][1]["outputs"][0]["text"] == ["7\n"]


@pytest.mark.slow
def test_a_failing_notebook_exits_with_1(clone):
    write_notebook(clone / "notebooks" / "01_first.ipynb", "1 / 0")
    code, output = call("run")
    assert code == 1
    assert "failed: 01_first" in output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "99"], "unknown notebook '99'; known:\n  01_first"),
        (["run", "--profile", "fast"], "unknown profile 'fast'; known: smoke, cpu, gpu"),
        (["run", "01", "-p", "speed=3"], "no parameter speed; known: seed=0, rounds=5"),
        (["study", "nothing"], "unknown study 'nothing'; known studies:"),
        (["clean", "99"], "unknown notebook '99'"),
        (["data", "download", "imagenet"], "unknown data set 'imagenet'; to download are: mnist"),
    ],
)
def test_unknown_names_are_errors_that_list_the_known_ones(clone, words, message):
    code, output = call(*words)
    assert code == 1
    assert message in output


def test_a_parameter_without_a_value_is_explained(clone):
    code, output = call("run", "01", "-p", "rounds")
    assert code == 2
    assert "name=value" in output


def test_clean_check_refuses_and_clean_repairs(clone):
    write_notebook(clone / "notebooks" / "01_first.ipynb", "x = 1  ")
    assert call("clean", "--check")[0] == 1
    assert call("clean")[0] == 0
    assert call("clean", "--check")[0] == 0


def test_doctor_tells_python_torch_device_precision_threads_and_data():
    code, output = call("doctor")
    assert code == 0
    for word in ("Python", "torch", "MPS", "bfloat16", "threads", "data: strokes", "data: mnist"):
        assert word in output


def test_answers_in_the_working_copies_are_never_overwritten(clone):
    work, source = clone / "work", clone / "notebooks" / "01_first.ipynb"
    assert lab.copy_notebooks(work) == ["01_first: copied"]
    assert lab.copy_notebooks(work) == []
    copy = work / "01_first.ipynb"
    copy.write_text(copy.read_text().replace("print(rounds)", "my_answer = 3"))
    mine = copy.read_text()
    write_notebook(source, "print('newer')")
    (line,) = lab.copy_notebooks(work)
    assert "the newer version is beside it, 01_first.new.ipynb" in line
    assert copy.read_text() == mine
    assert "newer" in (work / "01_first.new.ipynb").read_text()
    assert lab.copy_notebooks(work) == []


def test_an_untouched_working_copy_is_updated(clone):
    lab.copy_notebooks(clone / "work")
    write_notebook(clone / "notebooks" / "01_first.ipynb", "print('newer')")
    assert lab.copy_notebooks(clone / "work") == ["01_first: updated (you had not changed it)"]
    assert "newer" in (clone / "work" / "01_first.ipynb").read_text()
