"""For nbgrader's own commands and the formgrader, started in this folder. The settings are in grading.toml."""

import atexit
from contextlib import ExitStack
from pathlib import Path

from gan_course.grading.course import configure, open_course, runtime_folder

open_until_the_end = ExitStack()
atexit.register(open_until_the_end.close)
runtime = open_until_the_end.enter_context(runtime_folder())
configure(get_config(), open_course(Path(__file__).parent), runtime)  # noqa: F821 (nbgrader provides it)
