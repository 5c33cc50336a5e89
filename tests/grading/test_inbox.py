"""Names in the inbox: whose, when, and what is one submission."""

import os

import pytest

from gan_course.grading.intake import take_in
from grading.small_course import (
    ANSWER,
    DONE,
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


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("s001.zip", "2026-11-20 10:00:00 UTC"),
        ("s001_homework.zip", "2026-11-20 10:00:00 UTC"),
        ("S001.ZIP", "2026-11-20 10:00:00 UTC"),
        ("anna@uni.edu.zip", "2026-11-20 10:00:00 UTC"),
        ("Example, Anna.zip", "2026-11-20 10:00:00 UTC"),
        ("s001_2026-11-21-08-30-01_dcgan.zip", "2026-11-21 08:30:01 UTC"),
        ("dcgan_s001_attempt_2026-11-21-08-30-01_dcgan.zip", "2026-11-21 08:30:01 UTC"),
        ("exampleanna_12345_67890_dcgan.zip", "2026-11-20 10:00:00 UTC"),
        ("exampleanna_LATE_12345_67890_2020-01-01-00-00-00.zip", "2026-11-20 10:00:00 UTC"),
        ("Anna Example_99_assignsubmission_file_dcgan.zip", "2026-11-20 10:00:00 UTC"),
        ("Participant 3_12345_assignsubmission_file_x.zip", "2026-11-20 10:00:00 UTC"),
    ],
)
def test_a_zip_finds_its_student_and_its_moment(course, roster, name, moment):
    zipped(inbox(course) / name, DONE)
    assert take_in(course, "dcgan") == []
    assert answer_of(course) == ANSWER
    assert when(course) == moment


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("s999.zip", "it fits nobody in students.csv"),
        ("Cy Twin.zip", "it fits s003 and s004"),
        ("exampleanna_777_5_x.zip", "its name says s001, its number s002"),
        ("s0012.zip", "it fits nobody"),
        ("evil_s001.zip", "it fits nobody"),
        ("mallory_2026-11-21-08-30-01_s001_attempt_2020-01-01-00-00-00.zip", "it fits nobody"),
    ],
)
def test_a_name_that_fits_nobody_or_two_is_refused(course, roster, name, reason):
    zipped(inbox(course) / name, DONE)
    (remark,) = take_in(course, "dcgan")
    assert remark.student == ""
    assert remark.message.startswith(f"{name} was not taken in: {reason}")
    assert not (course / "submitted").exists()


def test_a_number_tells_namesakes_apart(course, roster):
    zipped(inbox(course) / "twincy_32_9_x.zip", DONE)
    take_in(course, "dcgan")
    assert answer_of(course, "s004") == ANSWER


def test_accents_in_names_do_not_matter(course, roster):
    zipped(inbox(course) / "mullerbob_1_2_x.zip", DONE)
    take_in(course, "dcgan")
    assert answer_of(course, "s002") == ANSWER


def test_without_a_list_the_name_up_to_the_first_sign_is_the_id(course):
    zipped(inbox(course) / "s-7_x.y.zip", DONE)
    zipped(inbox(course) / "what ever.zip", DONE)
    put(inbox(course), {"README.txt": b"hello"})
    remarks = take_in(course, "dcgan")
    assert answer_of(course, "s-7") == ANSWER
    assert os.listdir(course / "submitted") == ["s-7"]
    assert len(messages(remarks, "")) == 2


def test_a_bulk_download_holds_the_hand_ins_of_many(course, roster, tmp_path):
    inner = zipped(tmp_path / "dcgan.zip", DONE).read_bytes()
    files = {f"all/Anna Example_5_assignsubmission_file_/{name}": data for name, data in DONE.items()}
    files |= {"all/Anna Example_5_assignsubmission_onlinetext_/onlinetext.html": b"<p>"}
    files |= {"all/mullerbob_1_2_dcgan.zip": inner, "all/nobody_1_2_dcgan.zip": inner}
    zipped(inbox(course) / "CS101-dcgan-55.zip", files)
    remarks = take_in(course, "dcgan")
    assert answer_of(course, "s001") == answer_of(course, "s002") == ANSWER
    assert when(course, "s002") == "2026-11-19 09:00:00 UTC"
    assert messages(remarks, "") == ["nobody_1_2_dcgan.zip was not taken in: it fits nobody in students.csv"]
    assert remarks[1:] == []


@pytest.mark.parametrize("name", ["mallory_5_6_x.zip", "s002.zip"])
def test_what_lies_in_one_student_s_zip_is_never_another_s(course, roster, name):
    zipped(inbox(course) / name, {"s001/components.ipynb": DONE["components.ipynb"]})
    take_in(course, "dcgan")
    assert not clean(course, "s001").exists()


def test_loose_files_of_an_lms_make_one_submission(course, roster):
    put(inbox(course), {f"exampleanna_12345_{i}_{name}": data for i, (name, data) in enumerate(DONE.items())})
    zipped(inbox(course) / "exampleanna_12345_8_run.zip", {"run/record.json": b"{}"})
    stamped = "s002_2026-11-{}-10-00-01_components.ipynb"
    put(
        inbox(course),
        {stamped.format(20): as_bytes(components()), stamped.format(21): DONE["components.ipynb"]},
    )
    remarks = take_in(course, "dcgan")
    assert messages(remarks, "s001") == []
    assert answer_of(course, "s001") == answer_of(course, "s002") == ANSWER
    assert (clean(course) / "run/record.json").exists() or (clean(course) / "record.json").exists()
    assert when(course, "s002") == "2026-11-21 10:00:01 UTC"
    assert any("handed in 2 times" in message for message in messages(remarks, "s002"))


def test_the_tree_that_nbgrader_collects_is_taken_in_with_its_timestamps(course, tmp_path):
    tree = tmp_path / "collected"
    put(tree / "a.b/dcgan", DONE | {"timestamp.txt": b"2026-11-18 07:06:05.123456 UTC"})
    put(tree / "a.b/ps01", {"x.ipynb": b"{}"})
    put(tree / "c/ps01", {"x.ipynb": b"{}"})
    put(tree / "d+dcgan+2026-11-18 09:00:00.5 UTC+ab12", DONE)
    put(tree / "d+ps01+2026-11-18 09:00:00.5 UTC+ab12", DONE)
    assert take_in(course, "dcgan", inbox=tree) == []
    assert sorted(os.listdir(course / "submitted")) == ["a.b", "d"]
    assert when(course, "a.b") == "2026-11-18 07:06:05 UTC"
    assert when(course, "d") == "2026-11-18 09:00:00 UTC"
    assert sorted(os.listdir(clean(course, "a.b"))) == [
        "components.ipynb", "helper.py", "report.ipynb", "timestamp.txt",
    ]  # fmt: skip


def test_a_link_in_the_inbox_is_not_followed(course, tmp_path):
    put(tmp_path / "elsewhere", DONE)
    (inbox(course) / "s001").symlink_to(tmp_path / "elsewhere")
    (remark,) = take_in(course, "dcgan")
    assert remark.message == "s001 was not taken in: it is a link or a special file"
