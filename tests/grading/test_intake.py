"""From the inbox to the clean tree: what is replaced, what is reported, what stops the intake and what does not."""

import copy
import json
import os
import shutil
import subprocess
import sys

import nbformat
import pytest

from gan_course.grading import clean_submission
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
    when,
    zipped,
)


def test_the_clean_tree_cannot_be_its_own_inbox(course):
    (course / "submitted").mkdir()
    with pytest.raises(ValueError, match="move what was collected"):
        take_in(course, "dcgan", inbox=course / "submitted")


def test_mistakes_of_the_instructor_are_said(course, roster):
    with pytest.raises(FileNotFoundError, match="release the assignment first"):
        take_in(course, "ps01")
    with pytest.raises(FileNotFoundError, match="put what students handed in"):
        take_in(course, "dcgan", inbox=course / "nowhere")
    with pytest.raises(ValueError, match=r"not in students.csv: s999"):
        take_in(course, "dcgan", students=["s999"])


def test_an_unusable_list_of_students_is_said_at_once(course):
    (course / "students.csv").write_text("id\n../x\n")
    with pytest.raises(ValueError, match=r"line 2: '../x' cannot be an id"):
        take_in(course, "dcgan")


def test_an_unforeseen_error_is_that_student_s_remark(course, monkeypatch):
    sound = clean_submission.rebuild

    def fails_once(content, release):
        if b"BOOM" in content:
            raise RuntimeError("BOOM\x1b")
        return sound(content, release)

    monkeypatch.setattr(clean_submission, "rebuild", fails_once)
    zipped(inbox(course) / "s001.zip", DONE | {"components.ipynb": as_bytes(components("BOOM"))})
    zipped(inbox(course) / "s002.zip", DONE)
    remarks = take_in(course, "dcgan")
    assert messages(remarks)[0] == "could not be taken in, look at it by hand (RuntimeError: BOOM?)"
    assert answer_of(course) == TASK
    assert answer_of(course, "s002") == ANSWER


def test_an_unchanged_submission_is_not_touched_and_a_changed_one_is_replaced(course):
    zipped(inbox(course) / "s001.zip", DONE)
    zipped(inbox(course) / "s002.zip", DONE)
    take_in(course, "dcgan")
    before = {student: clean(course, student).stat().st_ino for student in ("s001", "s002")}
    zipped(inbox(course) / "s001.zip", DONE, NOON + 3600)  # the same, copied again
    newer = as_bytes(components("def double(x):\n    return x + x"))
    zipped(inbox(course) / "s002.zip", {"components.ipynb": newer}, NOON + 3600)
    take_in(course, "dcgan")
    assert clean(course).stat().st_ino == before["s001"]
    assert when(course) == "2026-11-20 10:00:00 UTC"
    assert clean(course, "s002").stat().st_ino != before["s002"]
    assert answer_of(course, "s002").endswith("x + x")
    assert when(course, "s002") == "2026-11-20 11:00:00 UTC"
    assert os.listdir(course / "submitted/s001") == os.listdir(course / "submitted/s002") == ["dcgan"]
    told = json.loads((course / "intake/dcgan.json").read_text())["students"]
    assert [told[student]["state"] for student in ("s001", "s002")] == ["unchanged", "replaced"]


def test_an_interrupted_replacement_is_repaired(course):
    zipped(inbox(course) / "s001.zip", DONE)
    take_in(course, "dcgan")
    clean(course).rename(course / "submitted/s001/.dcgan.old")
    take_in(course, "dcgan")
    assert os.listdir(course / "submitted/s001") == ["dcgan"]
    assert json.loads((course / "intake/dcgan.json").read_text())["students"]["s001"]["state"] == "unchanged"


def test_other_assignments_of_the_student_are_left_alone(course):
    put(course / "submitted/s001/ps01", {"x": b"1"})
    zipped(inbox(course) / "s001.zip", DONE)
    take_in(course, "dcgan")
    assert sorted(os.listdir(course / "submitted/s001")) == ["dcgan", "ps01"]


def test_only_the_students_asked_for_are_taken_in_and_the_report_keeps_the_others(course, roster):
    zipped(inbox(course) / "s001.zip", DONE)
    zipped(inbox(course) / "s002.zip", {"report.ipynb": DONE["report.ipynb"]})
    take_in(course, "dcgan")
    shutil.rmtree(clean(course, "s001"))
    remarks = take_in(course, "dcgan", students=["s001", "s003"])
    assert remarks == [Remark("s003", "", "nothing was handed in")]
    told = json.loads((course / "intake/dcgan.json").read_text())
    assert sorted(told["students"]) == ["s001", "s002", "s003"]
    assert told["nothing_handed_in"] == ["s003", "s004"]
    (missing,) = told["students"]["s002"]["remarks"]
    assert missing["notebook"] == "components"


@pytest.mark.slow  # imports nbgrader
def test_the_clean_notebook_passes_nbgrader_s_own_validation(course):
    from nbgrader.nbgraderformat import MetadataValidator

    validator = MetadataValidator()
    messy = components(ANSWER)
    messy.cells += [copy.deepcopy(messy.cells[2]), copy.deepcopy(messy.cells[1])]
    messy.cells[0].metadata = {}
    messy.cells[4].source += "  # again"
    zipped(inbox(course) / "s001.zip", DONE | {"components.ipynb": as_bytes(messy)})
    take_in(course, "dcgan")
    validator.validate_nb(nbformat.read(clean(course) / "components.ipynb", 4))


@pytest.mark.slow  # imports it in a new process
def test_the_intake_needs_neither_torch_nor_nbgrader():
    code = "import sys, gan_course.grading.intake; print(sorted({'torch', 'nbgrader'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
