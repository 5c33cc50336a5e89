"""A course folder of the tests, with both assignments released, and what grading it needs."""

import os
import re

import pytest

from gan_course.grading import masters, sandbox
from gan_course.grading.course import Course, new_course, open_course
from gan_course.grading.release import release


@pytest.fixture
def needs_sandbox():
    """Skip where no sandbox works, unless this is a run that must have one."""
    reason = sandbox.available()
    if reason and os.environ.get("CI"):
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


def set_up(folder, **settings) -> Course:
    """A new course with a fixed secret and these settings, everything released."""
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
