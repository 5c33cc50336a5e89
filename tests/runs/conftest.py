import pytest
from typer.testing import CliRunner

from gan_course.cli import app
from gan_course.runs import training


@pytest.fixture
def call(tmp_path, monkeypatch):
    """`gan-course WORDS` in an empty folder: exit code and output."""
    monkeypatch.chdir(tmp_path)

    def call(line):
        result = CliRunner().invoke(app, line.split())
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return call


@pytest.fixture
def quick(monkeypatch):
    """Without pictures, which take longer than these trainings."""
    monkeypatch.setattr(training, "save_picture", lambda *args, **options: None)
