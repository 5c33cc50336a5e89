import sys
from types import ModuleType

import pytest
import torch

from gan_course.data import cache


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GAN_COURSE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def pen(tmp_path) -> ModuleType:
    """A module of its own, whose source code a test can change."""
    module = ModuleType("pen")
    module.__file__ = str(tmp_path / "pen.py")
    (tmp_path / "pen.py").write_text("width = 1\n")
    return module


class Drawing:
    """Draws a small set and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> dict[str, torch.Tensor]:
        self.times += 1
        images = torch.arange(2 * 9, dtype=torch.uint8).view(2, 1, 3, 3)
        slant, scale = torch.tensor([[0.1, 0.2], [0.3, 0.4]]).unbind(1)  # not contiguous, one storage
        return {"slant": slant, "scale": scale, "images": images, "label": torch.tensor([4, 5])}


def the_file(folder):
    (path,) = (folder / "drawn").glob("*.safetensors")
    return path


def test_the_second_call_reads_exactly_what_the_first_one_drew(pen):
    draw = Drawing()
    first = cache.cached("pen", {"n": 2}, [pen], draw)
    second = cache.cached("pen", {"n": 2}, [pen], draw)
    assert draw.times == 1
    assert list(first) == list(second) == ["images", "label", "scale", "slant"]
    for name, column in first.items():
        assert second[name].equal(column)
        assert second[name].dtype == column.dtype
        assert column.equal(Drawing()()[name])


def test_what_was_read_may_be_changed_without_changing_the_file(pen):
    cache.cached("pen", {}, [pen], Drawing())
    cache.cached("pen", {}, [pen], Drawing())["images"].zero_()
    assert cache.cached("pen", {}, [pen], Drawing())["images"].sum() > 0


def test_other_arguments_are_drawn_anew(pen):
    draw = Drawing()
    cache.cached("pen", {"n": 2, "seed": 0}, [pen], draw)
    cache.cached("pen", {"n": 2, "seed": 1}, [pen], draw)
    assert draw.times == 2


def test_changed_source_code_draws_anew(pen, tmp_path):
    draw = Drawing()
    cache.cached("pen", {}, [pen], draw)
    (tmp_path / "pen.py").write_text("width = 2\n")
    cache.cached("pen", {}, [pen], draw)
    assert draw.times == 2


def test_another_version_of_torch_draws_anew(pen, monkeypatch):
    draw = Drawing()
    cache.cached("pen", {}, [pen], draw)
    monkeypatch.setattr(torch, "__version__", "0.0")
    cache.cached("pen", {}, [pen], draw)
    assert draw.times == 2


@pytest.mark.parametrize("position", [0, 20, -1], ids=["length", "header", "last value"])
def test_a_flipped_bit_is_noticed_reported_and_drawn_again(pen, own_folder, position):
    draw = Drawing()
    cache.cached("pen", {}, [pen], draw)
    content = bytearray(the_file(own_folder).read_bytes())
    content[position] ^= 1
    the_file(own_folder).write_bytes(content)
    with pytest.warns(UserWarning, match="damaged.*drawn again"):
        again = cache.cached("pen", {}, [pen], draw)
    assert again["images"].equal(Drawing()()["images"])
    cache.cached("pen", {}, [pen], draw)
    assert draw.times == 2  # the second drawing replaced the damaged file


def test_a_file_cut_short_is_drawn_again(pen, own_folder):
    draw = Drawing()
    cache.cached("pen", {}, [pen], draw)
    the_file(own_folder).write_bytes(the_file(own_folder).read_bytes()[:30])
    with pytest.warns(UserWarning, match="checksum"):
        cache.cached("pen", {}, [pen], draw)
    assert draw.times == 2


def test_a_folder_that_cannot_be_written_gives_the_data_and_a_warning(pen, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("GAN_COURSE_CACHE", str(tmp_path / "file"))
    with pytest.warns(UserWarning, match="GAN_COURSE_CACHE"):
        drawn = cache.cached("pen", {}, [pen], Drawing())
    assert drawn["images"].equal(Drawing()()["images"])


def test_an_interrupted_write_leaves_no_file_behind(pen, own_folder, monkeypatch):
    def full_disk(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(cache.os, "replace", full_disk)
    with pytest.warns(UserWarning, match="No space left"):
        cache.cached("pen", {}, [pen], Drawing())
    assert list((own_folder / "drawn").iterdir()) == []


def test_a_write_interrupted_between_checksum_and_data_is_noticed(pen, own_folder, monkeypatch):
    draw = Drawing()
    cache.cached("pen", {}, [pen], draw)
    checksum = the_file(own_folder).with_name(the_file(own_folder).name + ".sha256")
    checksum.write_text("0" * 64)
    with pytest.warns(UserWarning, match="damaged"):
        cache.cached("pen", {}, [pen], draw)
    assert draw.times == 2


def test_the_folder_follows_the_customs_of_the_system(monkeypatch, tmp_path):
    monkeypatch.delenv("GAN_COURSE_CACHE")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache.folder() == tmp_path / "xdg" / "gan_course"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache.folder().parts[-2:] == (".cache", "gan_course")
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert cache.folder() == tmp_path / "local" / "gan_course"
