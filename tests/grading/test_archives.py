"""Zips and folders that must not do harm, and honest ones that must come through."""

import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from gan_course.grading import archives
from gan_course.grading.archives import Budget, Refused, gather, open_zip, unpack


def zipped(path: Path, files: dict[str, bytes], modes: dict[str, int] | None = None) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (2026, 11, 20, 10, 0, 2))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (modes or {}).get(name, 0o100644) << 16
            archive.writestr(info, content)
    return path


def unpacked(path: Path, into: Path) -> tuple[dict[str, bytes], Budget]:
    budget = Budget()
    with open_zip(path) as archive:
        unpack(archive, into, budget)
    return contents(into), budget


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_files_come_out_with_their_times_and_without_permission_to_run(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a/b.txt": b"text", "c.ipynb": b"{}"}, {"c.ipynb": 0o104777})
    files, budget = unpacked(path, tmp_path / "out")
    assert files == {"a/b.txt": b"text", "c.ipynb": b"{}"}
    assert budget.remarks() == []
    assert (tmp_path / "out/c.ipynb").stat().st_mtime == 1_795_168_802  # 2026-11-20 10:00:02 UTC
    assert not (tmp_path / "out/c.ipynb").stat().st_mode & (stat.S_IXUSR | stat.S_ISUID)


@pytest.mark.parametrize(
    "name",
    ["/etc/x", "../x", "a/../../x", "..\\x", "C:\\x", "c:/x", "a//x", "a\nb", "x/" * 30 + "x", "y" * 300],
)
def test_unsafe_paths_are_left_out_and_said(tmp_path, name):
    files, budget = unpacked(zipped(tmp_path / "a.zip", {name: b"evil", "good": b"1"}), tmp_path / "in/out")
    assert files == {"good": b"1"}
    assert budget.remarks()[0].startswith("left out (unsafe path): ")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip", "in"]


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_links_and_special_files_are_left_out(tmp_path, mode):
    path = zipped(tmp_path / "a.zip", {"x": b"/etc/passwd", "good": b"1"}, {"x": mode | 0o777})
    files, budget = unpacked(path, tmp_path / "out")
    assert files == {"good": b"1"}
    assert "are not allowed): x" in budget.remarks()[0]


def test_litter_of_systems_is_left_out_without_a_word(tmp_path):
    litter = [
        "__MACOSX/._a.ipynb",
        ".DS_Store",
        ".ipynb_checkpoints/a-checkpoint.ipynb",
        "b/__pycache__/c.pyc",
    ]
    files, budget = unpacked(
        zipped(tmp_path / "a.zip", dict.fromkeys(litter, b"") | {"a": b"1"}), tmp_path / "o"
    )
    assert files == {"a": b"1"}
    assert budget.remarks() == []


def test_paths_with_backslashes_are_folders(tmp_path):
    files, _ = unpacked(zipped(tmp_path / "a.zip", {"run\\samples\\a.png": b"1"}), tmp_path / "out")
    assert files == {"run/samples/a.png": b"1"}


def test_a_bomb_is_left_out_and_the_notebook_survives(tmp_path):
    bomb = b"\0" * (archives.MAX_FILE + 1)
    path = zipped(tmp_path / "a.zip", {"bomb": bomb, "a.ipynb": b"{}"})
    assert path.stat().st_size < 100_000
    files, budget = unpacked(path, tmp_path / "out")
    assert files == {"a.ipynb": b"{}"}
    assert budget.remarks() == ["left out (larger than 60 MB): bomb"]


def test_many_files_and_a_large_sum_are_bounded_and_notebooks_come_first(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_FILES", 5)
    monkeypatch.setattr(archives, "MAX_TOTAL", 30)
    many = {f"{i}": b"0123456789" for i in range(9)} | {"z.ipynb": b"{}"}
    files, budget = unpacked(zipped(tmp_path / "a.zip", many), tmp_path / "out")
    assert sorted(files) == ["0", "1", "2", "z.ipynb"]
    assert budget.remarks() == ["left out (too much in all): 3, 4, 5, 6, 7 and 1 more"]


def test_a_directory_with_too_many_records_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = zipped(tmp_path / "a.zip", {f"{i}": b"" for i in range(20)})
    monkeypatch.setattr(archives, "MAX_RECORDS", 10)
    with pytest.raises(Refused, match="too many entries"):
        open_zip(path, 10)


def test_a_wrong_size_in_the_header_does_not_get_past_the_limit(tmp_path):
    path = zipped(tmp_path / "a.zip", {"bomb": b"\0" * 100_000, "good": b"1"})
    data = path.read_bytes().replace(struct.pack("<I", 100_000), struct.pack("<I", 10))
    path.write_bytes(data)
    files, budget = unpacked(path, tmp_path / "out")
    assert files == {"good": b"1"}
    assert budget.remarks() == ["left out (damaged): bomb"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compression_without_a_bound_on_memory_is_left_out(tmp_path, method):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
        archive.writestr("a", b"1" * 100)
    files, budget = unpacked(tmp_path / "a.zip", tmp_path / "out")
    assert files == {}
    assert budget.remarks() == ["left out (unusual compression): a"]


def encrypted(path: Path) -> Path:
    data = bytearray(zipped(path, {"a": b"1"}).read_bytes())
    data[6] |= 1  # the flag in the local header, and in the directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    return path


def test_an_encrypted_zip_is_refused(tmp_path):
    with pytest.raises(Refused, match="password"):
        unpacked(encrypted(tmp_path / "a.zip"), tmp_path / "out")


@pytest.mark.parametrize(
    "content", [b"", b"Rar!\x1a\x07", b"PK\x03\x04 and no more", b"PK\x05\x06" + b"\xff" * 18]
)
def test_a_broken_zip_is_refused(tmp_path, content):
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(Refused, match="damaged, or not a zip"):
        unpacked(tmp_path / "a.zip", tmp_path / "out")


def test_a_cut_off_or_scrambled_zip_never_raises_anything_else(tmp_path):
    whole = zipped(tmp_path / "a.zip", {"a.ipynb": bytes(range(256)) * 40, "b": b"2" * 999}).read_bytes()
    for i in range(0, len(whole), 7):
        for n, data in enumerate((whole[:i], whole[:i] + bytes([whole[i] ^ 0xFF]) + whole[i + 1 :])):
            (tmp_path / "b.zip").write_bytes(data)
            try:
                files, _ = unpacked(tmp_path / "b.zip", tmp_path / f"out{i}.{n}")
            except Refused:
                continue
            assert all(".." not in name for name in files)


def test_a_name_that_occurs_twice_is_its_last_entry(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a": b"old"})
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a", b"new")
    assert unpacked(path, tmp_path / "out")[0] == {"a": b"new"}


def test_a_file_in_the_way_of_a_folder_is_said(tmp_path):
    files, budget = unpacked(zipped(tmp_path / "a.zip", {"a": b"1", "a/b": b"2"}), tmp_path / "out")
    assert files == {"a": b"1"}
    assert budget.remarks() == ["left out (cannot be stored): a/b"]


def test_only_what_lies_inside_a_path_is_unpacked_and_remarked(tmp_path):
    path = zipped(tmp_path / "a.zip", {"x/s001/a": b"1", "x/s002/../../../b": b"2", "x/s001.zip": b"3"})
    budget = Budget()
    with open_zip(path) as archive:
        unpack(archive, tmp_path / "out", budget, ("x", "s001"))
        unpack(archive, tmp_path / "one", budget, ("x", "s001.zip"))
    assert contents(tmp_path / "out") == {"a": b"1"}
    assert contents(tmp_path / "one") == {"s001.zip": b"3"}
    assert budget.remarks() == []


def test_a_folder_is_copied_without_links_and_special_files(tmp_path):
    source = tmp_path / "in"
    (source / "run").mkdir(parents=True)
    (source / "run/a.json").write_text("{}")
    (tmp_path / "secret").write_text("secret")
    (source / "link").symlink_to(tmp_path / "secret")
    (source / "folder").symlink_to(tmp_path)
    os.mkfifo(source / "pipe")
    gather(source, tmp_path / "out", budget := Budget())
    assert contents(tmp_path / "out") == {"run/a.json": b"{}"}
    assert budget.remarks() == [
        "left out (links are not allowed): folder, link",
        "left out (too deep, or not a regular file): pipe",
    ]


def test_names_are_fit_to_be_printed():
    assert archives.shown("a\x1b[31m\n") == "a?[31m?"
    assert len(archives.shown("x" * 500)) == 80
    assert archives.listed("abcdefg") == "a, b, c, d, e and 2 more"
