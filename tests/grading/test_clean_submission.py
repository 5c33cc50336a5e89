"""Which file is which notebook, and which other files go with it."""

import nbformat
import pytest

from gan_course.grading.intake import Remark, take_in
from grading.small_course import (
    ANSWER,
    DONE,
    NOON,
    TASK,
    answer_of,
    as_bytes,
    clean,
    components,
    inbox,
    messages,
    put,
    zipped,
)


@pytest.mark.parametrize(
    "name",
    [
        "components (1).ipynb",
        "components-Copy1.ipynb",
        "Components_final_v2.ipynb",
        "Copy of components.ipynb",
        "s001_components.ipynb",
        "components.ipynb.txt",
        "homework.ipynb",
        "deep/er/homework (2).IPYNB",
    ],
)
def test_a_renamed_notebook_is_found(course, name):
    zipped(inbox(course) / "s001.zip", {name: DONE["components.ipynb"], "report.ipynb": DONE["report.ipynb"]})
    remarks = take_in(course, "dcgan")
    assert remarks == [Remark("s001", "components", f"handed in as {name.rpartition('/')[2]}")]
    assert answer_of(course) == ANSWER


def test_of_two_candidates_the_newest_with_answers_counts_and_both_are_named(course):
    folder = inbox(course) / "s001"
    put(
        folder,
        {"components.ipynb": as_bytes(components("double = None")), "report.ipynb": DONE["report.ipynb"]},
    )
    put(folder, {"components-Copy1.ipynb": DONE["components.ipynb"]}, NOON + 60)
    put(folder, {"components (2).ipynb": as_bytes(components())}, NOON + 120)
    put(folder, {"sub/components.ipynb": b"broken"}, NOON + 180)
    remarks = take_in(course, "dcgan")
    assert answer_of(course) == ANSWER
    text = messages(remarks)[0]
    assert text.startswith("4 files may be this notebook (")
    assert "components (2).ipynb" in text
    assert text.endswith("components-Copy1.ipynb was taken")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"{", "not valid JSON"),
        (b"\xff\xd8\xff", "not valid JSON"),
        (b'{"cells": 3}', "not a notebook"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_for_an_unreadable_notebook_the_blank_one_takes_its_place(course, content, reason):
    zipped(inbox(course) / "s001.zip", DONE | {"components.ipynb": content})
    remarks = take_in(course, "dcgan")
    assert [remark.notebook for remark in remarks] == ["components"]
    assert reason in remarks[0].message
    assert "the blank released notebook takes its place" in remarks[0].message
    assert answer_of(course) == TASK
    assert "I saw much." in (clean(course) / "report.ipynb").read_text()


def test_for_a_missing_notebook_the_blank_one_takes_its_place(course):
    zipped(inbox(course) / "s001.zip", {"hw/report.ipynb": DONE["report.ipynb"], "other.ipynb": b"{}"})
    remarks = take_in(course, "dcgan")
    assert (
        Remark("s001", "components", "the notebook is missing; the blank released notebook takes its place")
        in remarks
    )
    assert Remark("s001", "", "notebooks left out: other.ipynb") in remarks
    assert answer_of(course) == TASK


def test_a_notebook_heavy_with_outputs_is_read_and_comes_out_light(course):
    heavy = components(ANSWER)
    heavy.cells[1].outputs = [nbformat.v4.new_output("display_data", {"image/png": "A" * 20_000_000})]
    zipped(inbox(course) / "s001.zip", DONE | {"components.ipynb": as_bytes(heavy)})
    assert take_in(course, "dcgan") == []
    assert answer_of(course) == ANSWER
    assert (clean(course) / "components.ipynb").stat().st_size < 5_000


def test_other_files_lie_beside_the_notebooks_and_the_release_s_own_are_restored(course):
    files = {f"s001/hw/{name}": data for name, data in DONE.items()}
    files |= {"s001/hw/run/record.json": b"{}", "s001/a.png": b"png", "s001/hw/helper.py": b"x = 2\n"}
    zipped(inbox(course) / "s001.zip", files)
    remarks = take_in(course, "dcgan")
    assert messages(remarks) == ["files of the release were changed and are restored: helper.py"]
    assert sorted(str(p.relative_to(clean(course))) for p in clean(course).rglob("*") if p.is_file()) == [
        "a.png", "components.ipynb", "helper.py", "report.ipynb", "run/record.json", "timestamp.txt",
    ]  # fmt: skip
    assert (clean(course) / "helper.py").read_bytes() == b"x = 1\n"


def test_another_kind_of_archive_is_said(course):
    put(inbox(course) / "s001", {"work.tar.gz": b"\x1f\x8b"})
    remarks = messages(take_in(course, "dcgan"))
    assert "no notebook was found, but work.tar.gz: only zip archives are opened" in remarks
