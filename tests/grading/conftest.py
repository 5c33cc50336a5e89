"""Course folders of the tests. What takes seconds to import is imported by the functions that need it."""

import os
import re

import pytest

from grading import small_course


@pytest.fixture
def needs_sandbox():
    """Skip where no sandbox works, unless this is a run that must have one."""
    from gan_course.grading import sandbox

    reason = sandbox.available()
    if reason and os.environ.get("CI"):
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


@pytest.fixture
def course(tmp_path):
    """The folder of a small course, see small_course.py, without a list of students."""
    return small_course.make(tmp_path / "course")


@pytest.fixture
def roster(course):
    """The small course gets its list of students."""
    (course / "students.csv").write_text(small_course.STUDENTS, encoding="utf-8")


@pytest.fixture(scope="session")
def empty_gradebook(tmp_path_factory):
    """A gradebook's file without content, to be copied: nbgrader takes a second to make one."""
    from nbgrader import api

    path = tmp_path_factory.mktemp("empty") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "get_alembic_version", lambda: "none")  # asks a program; only upgrades need it
        api.Gradebook(f"sqlite:///{path}").close()
    return path


def set_up(folder, **settings):
    """A new course with a fixed secret and these settings, everything released."""
    from gan_course.grading import masters
    from gan_course.grading.course import new_course, open_course
    from gan_course.grading.release import release

    new_course(folder)
    (folder / "secret.txt").write_text("a secret of the tests\n")
    toml = folder / "grading.toml"
    text = toml.read_text()
    for name, value in settings.items():
        text, found = re.subn(rf"(?m)^{name} = \S+", f"{name} = {value}", text)
        assert found == 1, name
    toml.write_text(text)
    course = open_course(folder)
    for assignment in masters.assignments():
        release(course, assignment)
    return course
