"""Pictures that the tests draw: small faces on coloured ground, no two alike."""

import io
import zipfile

import pytest
from PIL import Image, ImageDraw


def drawn(number, size=(178, 218)):
    """A picture that depends on its number alone."""
    width, height = size
    picture = Image.new("RGB", size, (37 * number % 256, 91 * number % 256, 200))
    pen = ImageDraw.Draw(picture)
    pen.ellipse([width // 4, height // 4, 3 * width // 4, 3 * height // 4], (230, 180, 20 * number % 256))
    pen.line([0, height // 2, width, height // 2 + number], "black", 3)
    return picture


def as_bytes(picture, file_format="JPEG", **options):
    stream = io.BytesIO()
    picture.save(stream, file_format, **options)
    return stream.getvalue()


@pytest.fixture(name="drawn")
def drawn_fixture():
    return drawn


@pytest.fixture(name="as_bytes")
def as_bytes_fixture():
    return as_bytes


@pytest.fixture
def folder_of():
    """Makes a folder of files from their contents by name."""

    def make(path, files):
        for name, content in files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(content)
        return path

    return make


@pytest.fixture
def zip_of():
    """Makes a zip from contents by name."""

    def make(path, files):
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return path

    return make


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    """No test reads or writes the cache and the data of the person who runs it."""
    monkeypatch.setenv("GAN_COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("GAN_COURSE_DATA", raising=False)
    monkeypatch.setenv("GAN_COURSE_PROFILE", "tests")  # no progress bars
