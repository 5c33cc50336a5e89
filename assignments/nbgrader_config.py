"""Configuration for nbgrader's own commands and the formgrader, started in this folder. The settings are in grading.toml."""

import atexit
import shutil
import tempfile
from pathlib import Path

from gan_course.grading.course import configure, open_course

runtime = Path(tempfile.mkdtemp(prefix="gan", dir="/tmp"))
atexit.register(shutil.rmtree, runtime, ignore_errors=True)
configure(get_config(), open_course(Path(__file__).parent), runtime)  # noqa: F821
