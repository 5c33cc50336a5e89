import pytest
from typer.testing import CliRunner

from gan_course.cli import app
from gan_course.grading import sandbox


@pytest.fixture
def run():
    def call(*words):
        return CliRunner().invoke(app, ["grade", *map(str, words)])

    return call


def test_a_new_course_is_made_and_not_made_twice(run, tmp_path):
    assert run("new", tmp_path / "term").exit_code == 0
    again = run("new", tmp_path / "term")
    assert again.exit_code == 1
    assert "not empty" in again.output


@pytest.mark.parametrize("command", ["release", "intake", "autograde", "feedback", "export"])
def test_every_command_says_what_a_course_folder_is(run, tmp_path, command):
    result = run(command, "dcgan_celeba", "--course", tmp_path)
    assert result.exit_code == 1
    assert "is no course folder" in result.output


def test_unknown_assignments_are_named(run, tmp_path):
    run("new", tmp_path / "term")
    result = run("release", "nothing", "--course", tmp_path / "term")
    assert result.exit_code == 1
    assert "known: dcgan_celeba, ps01_theory" in result.output


def test_grading_before_the_intake_says_what_to_do(run, tmp_path):
    run("new", tmp_path / "term")
    result = run("autograde", "ps01_theory", "--course", tmp_path / "term")
    assert result.exit_code == 1
    assert "gan-course grade intake ps01_theory" in result.output


def test_root_without_a_sandbox_gets_one_line(run, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise sandbox.Unprotected("no sandbox here")

    monkeypatch.setattr(sandbox, "prepare", refuse)
    run("new", tmp_path / "term")
    (tmp_path / "term" / "submitted" / "anna" / "ps01_theory").mkdir(parents=True)
    result = run("autograde", "ps01_theory", "--course", tmp_path / "term")
    assert result.exit_code == 1
    assert "no sandbox here" in result.output
    assert "Traceback" not in result.output


def test_a_demo_of_nobody_is_refused(run, tmp_path):
    result = run("demo", tmp_path / "term", "-n", 0)
    assert result.exit_code == 1
    assert "at least one" in result.output
