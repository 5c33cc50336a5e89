"""Folders and JSON files are replaced whole, or stay as they were."""

import os

import pytest

from gan_course.grading import folders
from gan_course.grading.folders import bring_back, contents, read_json, replace_folder, write_json


def made(path, text):
    path.mkdir()
    (path / "a.txt").write_text(text)
    return path


def test_a_folder_takes_the_place_of_another_and_leaves_nothing_beside(tmp_path):
    before = contents(made(tmp_path / "target", "old"))
    replace_folder(made(tmp_path / "new", "new"), tmp_path / "target")
    assert (tmp_path / "target/a.txt").read_text() == "new"
    assert contents(tmp_path / "target") != before
    assert os.listdir(tmp_path) == ["target"]


def test_a_replacement_that_is_interrupted_can_be_undone(tmp_path, monkeypatch):
    made(tmp_path / "target", "old")
    renamed = os.replace

    def fails_at_the_second(old, new):
        if old == tmp_path / "new":
            raise KeyboardInterrupt
        renamed(old, new)

    new = made(tmp_path / "new", "new")
    monkeypatch.setattr(folders.os, "replace", fails_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        replace_folder(new, tmp_path / "target")
    assert not (tmp_path / "target").exists()
    bring_back(tmp_path / "target")
    assert (tmp_path / "target/a.txt").read_text() == "old"


def test_facts_come_back_from_json_and_a_broken_file_holds_none(tmp_path):
    path = tmp_path / "deep" / "a.json"
    assert read_json(path) == {}
    facts = {"name": "Zoë", "half a pair": "\udc80", "list": [1, None]}
    write_json(path, facts)
    assert read_json(path) == facts
    assert "Zoë" in path.read_text("utf-8")
    assert os.listdir(path.parent) == ["a.json"]
    for broken in ("{", "[1]", ""):
        path.write_text(broken)
        assert read_json(path) == {}
