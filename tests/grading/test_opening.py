"""Hand-ins that are broken, wrapped or hostile are opened without harm."""

import json
import os
import zipfile
from pathlib import Path

import pytest

from gan_course.grading import archives
from gan_course.grading.intake import take_in
from grading.small_course import (
    ANSWER,
    DONE,
    NOON,
    TASK,
    answer_of,
    clean,
    inbox,
    messages,
    put,
    when,
    zipped,
)


def test_a_timestamp_inside_a_zip_is_not_believed(course):
    zipped(inbox(course) / "s001.zip", DONE | {"timestamp.txt": b"2001-01-01 00:00:00 UTC"})
    take_in(course, "dcgan")
    assert when(course) == "2026-11-20 10:00:00 UTC"


def test_a_notebook_over_the_limit_is_left_out_and_said(course, monkeypatch):
    monkeypatch.setattr(archives, "MAX_NOTEBOOK", 100)
    zipped(inbox(course) / "s001.zip", DONE)
    remarks = messages(take_in(course, "dcgan"))
    assert "left out (larger than 0 MB): components.ipynb, report.ipynb" in remarks
    assert answer_of(course) == TASK


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"Rar!\x1a\x07\x00", os.urandom(500)])
def test_a_broken_zip_makes_an_empty_submission(course, content):
    put(inbox(course), {"s001.zip": content})
    zipped(inbox(course) / "s002.zip", DONE)
    remarks = take_in(course, "dcgan")
    assert messages(remarks)[0] == "s001.zip: the zip is damaged, or not a zip at all: it cannot be opened"
    assert answer_of(course) == TASK
    assert when(course) == "2026-11-20 10:00:00 UTC"
    assert messages(remarks, "s002") == []
    assert answer_of(course, "s002") == ANSWER


def test_an_older_zip_counts_where_the_newest_is_broken(course):
    zipped(inbox(course) / "s001.zip", DONE)
    put(inbox(course), {"s001_again.zip": b"broken"}, NOON + 60)
    remarks = messages(take_in(course, "dcgan"))
    assert answer_of(course) == ANSWER
    assert remarks[0].startswith("handed in 2 times (s001_again.zip, s001.zip)")
    assert when(course) == "2026-11-20 10:00:00 UTC"


def test_a_zip_cannot_write_outside_or_bring_links(course, tmp_path):
    evil = zipfile.ZipInfo("run/link")
    evil.external_attr = 0o120777 << 16
    path = zipped(inbox(course) / "s001.zip", DONE | {"../../../evil": b"1", "/abs": b"2"})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(evil, "/etc/passwd")
    remarks = messages(take_in(course, "dcgan"))
    assert "left out (unsafe path): ../../../evil, /abs" in remarks
    assert "left out (links are not allowed): run/link" in remarks
    assert not list(tmp_path.rglob("evil"))
    assert not [path for path in (course / "submitted").rglob("*") if path.is_symlink()]


def test_files_over_the_limits_are_left_out(course, monkeypatch):
    monkeypatch.setattr(archives, "MAX_FILE", 1000)
    monkeypatch.setattr(archives, "MAX_TOTAL", 1500)
    files = {"big.pt": b"0" * 1001, "a.pt": b"0" * 900, "b.pt": b"0" * 900}
    put(inbox(course) / "s001", DONE | files)
    remarks = messages(take_in(course, "dcgan"))
    assert remarks == ["left out (too much in all): b.pt", "left out (larger than 0 MB): big.pt"]
    assert (clean(course) / "a.pt").exists()


def test_a_zip_in_a_zip_is_opened_where_the_notebooks_are_in_it(course, tmp_path):
    inner = zipped(tmp_path / "inner.zip", {f"hw/{name}": data for name, data in DONE.items()}).read_bytes()
    zipped(inbox(course) / "s001.zip", {"inner.zip": inner})
    assert take_in(course, "dcgan") == []
    assert answer_of(course) == ANSWER


def test_a_file_with_a_name_of_bytes_is_left_out(course):
    put(inbox(course) / "s001", DONE)
    (Path(os.fsdecode(os.fsencode(inbox(course) / "s001") + b"/\xff\xfe")).write_bytes(b"1"))
    remarks = messages(take_in(course, "dcgan"))
    assert remarks == ["left out (unsafe path): ??"]
    assert json.loads((course / "intake/dcgan.json").read_text())
