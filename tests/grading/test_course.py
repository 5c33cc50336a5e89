import shutil
from datetime import UTC, datetime

import pytest
from traitlets.config import Config

from gan_course.grading import sandbox
from gan_course.grading.course import HOME, PUBLIC_SECRET, configure, new_course, open_course, runtime_folder


@pytest.fixture
def course(tmp_path):
    return new_course(tmp_path / "term")


def test_a_new_course_has_a_secret_of_its_own(tmp_path, course):
    other = new_course(tmp_path / "other")
    assert course.secret() not in (PUBLIC_SECRET, "")
    assert course.secret() != other.secret()


def test_the_secret_comes_from_the_environment_then_the_file_then_is_public(course, monkeypatch):
    kept = course.secret()
    monkeypatch.setenv("GAN_COURSE_SECRET", "from outside")
    assert course.secret() == "from outside"
    monkeypatch.delenv("GAN_COURSE_SECRET")
    assert course.secret() == kept
    (course.root / "secret.txt").unlink()
    assert course.secret() == PUBLIC_SECRET


def test_the_repository_holds_no_secret_and_no_submissions():
    ignored = (HOME.parent / ".gitignore").read_text()
    for name in (
        "secret.txt",
        "submitted/",
        "autograded/",
        "feedback/",
        "source/",
        "students.csv",
        "gradebook.db*",
    ):
        assert f"/assignments/{name}" in ignored


def test_a_used_folder_is_not_overwritten(course):
    with pytest.raises(FileExistsError, match="not empty"):
        new_course(course.root)


def test_a_folder_without_settings_is_no_course(tmp_path):
    with pytest.raises(FileNotFoundError, match="--course DIR"):
        open_course(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("jobs = ", "cannot be read"),
        ("sandboxx = 'auto'", "unknown setting sandboxx; known: "),
        ("[due]\ndcgan_celeba = '18.12.2026'", "2026-12-18 23:59 Europe/Zurich"),
        ("[due]\ndcgan_celeba = '2026-12-18 23:59 Nowhere/Land'", "2026-12-18 23:59 Europe/Zurich"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused_with_advice(course, text, message):
    (course.root / "grading.toml").write_text(text)
    with pytest.raises(ValueError, match=message):
        open_course(course.root)


def test_due_dates_are_understood_in_their_zone(course):
    (course.root / "grading.toml").write_text("[due]\na = '2026-12-18 23:59 Europe/Zurich'")
    assert open_course(course.root).due == {"a": datetime(2026, 12, 18, 22, 59, tzinfo=UTC)}


def test_an_unknown_option_of_late_days_is_refused(course):
    (course.root / "grading.toml").write_text("[late]\nfree = 3")
    with pytest.raises(ValueError, match="unknown option free"):
        configure(Config(), open_course(course.root))


def test_nbgrader_gets_the_settings_and_its_programs_are_found(course, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin")
    config = Config()
    configure(config, course)
    assert config.CourseDirectory.root == str(course.root)
    assert config.SendCases.secret == course.secret()
    assert shutil.which("alembic")


def test_root_without_a_sandbox_does_not_grade(course, monkeypatch):
    monkeypatch.setattr(sandbox, "available", lambda *_: "there is none.")
    monkeypatch.setattr(sandbox.os, "geteuid", lambda: 0)
    with runtime_folder() as runtime, pytest.raises(sandbox.Unprotected, match="root"):
        configure(Config(), course, runtime)


def test_the_folder_of_the_sockets_has_a_short_path_and_goes_away():
    with runtime_folder() as folder:
        assert len(str(folder)) < 60
        assert folder.is_dir()
    assert not folder.exists()
