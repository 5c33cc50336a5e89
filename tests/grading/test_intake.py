"""From the inbox to the clean tree: whose, when, which notebook, and what is said."""

import copy
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from gan_course.grading import archives, intake
from gan_course.grading.intake import Remark, take_in

TASK = "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
ANSWER = "def double(x):\n    return 2 * x"
NOON = 1_795_168_800  # 2026-11-20 10:00:00 UTC


def labelled(make, name, source, **flags):
    flags = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3} | flags
    return make(source, id=name, metadata={"nbgrader": flags | {"grade_id": name}})


def components(answer=TASK):
    return new_notebook(
        cells=[
            labelled(new_markdown_cell, "intro", "# Components of a GAN", locked=True),
            labelled(new_code_cell, "double", answer, solution=True),
            labelled(
                new_code_cell, "test_double", "assert double(2) == 4", grade=True, locked=True, points=1
            ),
        ]
    )


def report(answer="YOUR ANSWER HERE"):
    return new_notebook(
        cells=[
            labelled(new_markdown_cell, "title", "# Report on your experiments", locked=True),
            labelled(new_markdown_cell, "story", answer, grade=True, solution=True, points=5),
        ]
    )


def as_bytes(notebook) -> bytes:
    return json.dumps(notebook).encode()


DONE = {"components.ipynb": as_bytes(components(ANSWER)), "report.ipynb": as_bytes(report("I saw much."))}


def zipped(path: Path, files: dict[str, bytes], seconds: int = NOON) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 19, 9, 0, 0)), content)
    os.utime(path, (seconds, seconds))
    return path


def put(folder: Path, files: dict[str, bytes], seconds: int = NOON) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        os.utime(folder / name, (seconds, seconds))
    return folder


@pytest.fixture
def course(tmp_path):
    root = tmp_path / "course"
    put(root / "release" / "dcgan", {"helper.py": b"x = 1\n"})
    nbformat.write(components(), root / "release/dcgan/components.ipynb")
    nbformat.write(report(), root / "release/dcgan/report.ipynb")
    (root / "release/ps01").mkdir()
    (root / "inbox/dcgan").mkdir(parents=True)
    return root


@pytest.fixture
def roster(course):
    (course / "students.csv").write_text(
        "id,first_name,last_name,email,lms_id\n"
        "s001,Anna,Example,anna@uni.edu,12345\n"
        "s002,Bob,Müller,bob@uni.edu,777\n"
        "s003,Cy,Twin,,31\n"
        "s004,Cy,Twin,,32\n",
        encoding="utf-8",
    )


def clean(course, student="s001"):
    return course / "submitted" / student / "dcgan"


def answer_of(course, student="s001"):
    return nbformat.read(clean(course, student) / "components.ipynb", 4).cells[1].source


def when(course, student="s001"):
    return (clean(course, student) / "timestamp.txt").read_text()


def messages(remarks, student="s001"):
    return [remark.message for remark in remarks if remark.student == student]


def inbox(course):
    return course / "inbox" / "dcgan"


# Names and moments.


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


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name\nx\n", "needs a column id"),
        ("id\n../x\n", "cannot be an id"),
        ("id\na..b\n", "cannot be an id"),
        ("id\n.\n", "cannot be an id"),
        ("id\nx\nx\n", "occurs twice"),
    ],
)
def test_an_unusable_list_of_students_is_said_at_once(course, text, problem):
    (course / "students.csv").write_text(text)
    with pytest.raises(ValueError, match=problem):
        take_in(course, "dcgan")


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


def test_a_timestamp_inside_a_zip_is_not_believed(course):
    zipped(inbox(course) / "s001.zip", DONE | {"timestamp.txt": b"2001-01-01 00:00:00 UTC"})
    take_in(course, "dcgan")
    assert when(course) == "2026-11-20 10:00:00 UTC"


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


# Which notebook.


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


def test_a_notebook_over_the_limit_is_left_out_and_said(course, monkeypatch):
    monkeypatch.setattr(archives, "MAX_NOTEBOOK", 100)
    zipped(inbox(course) / "s001.zip", DONE)
    remarks = messages(take_in(course, "dcgan"))
    assert "left out (larger than 0 MB): components.ipynb, report.ipynb" in remarks
    assert answer_of(course) == TASK


# Disasters.


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


def test_an_unforeseen_error_is_that_student_s_remark(course, monkeypatch):
    sound = intake.rebuild

    def fails_once(content, release):
        if b"BOOM" in content:
            raise RuntimeError("BOOM\x1b")
        return sound(content, release)

    monkeypatch.setattr(intake, "rebuild", fails_once)
    zipped(inbox(course) / "s001.zip", DONE | {"components.ipynb": as_bytes(components("BOOM"))})
    zipped(inbox(course) / "s002.zip", DONE)
    remarks = take_in(course, "dcgan")
    assert messages(remarks)[0] == "could not be taken in, look at it by hand (RuntimeError: BOOM?)"
    assert answer_of(course) == TASK
    assert answer_of(course, "s002") == ANSWER


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


def test_a_link_in_the_inbox_is_not_followed(course, tmp_path):
    put(tmp_path / "elsewhere", DONE)
    (inbox(course) / "s001").symlink_to(tmp_path / "elsewhere")
    (remark,) = take_in(course, "dcgan")
    assert remark.message == "s001 was not taken in: it is a link or a special file"


# Other files.


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


def test_another_kind_of_archive_is_said(course):
    put(inbox(course) / "s001", {"work.tar.gz": b"\x1f\x8b"})
    remarks = messages(take_in(course, "dcgan"))
    assert "no notebook was found, but work.tar.gz: only zip archives are opened" in remarks


def test_a_file_with_a_name_of_bytes_is_left_out(course):
    put(inbox(course) / "s001", DONE)
    (Path(os.fsdecode(os.fsencode(inbox(course) / "s001") + b"/\xff\xfe")).write_bytes(b"1"))
    remarks = messages(take_in(course, "dcgan"))
    assert remarks == ["left out (unsafe path): ??"]
    assert json.loads((course / "intake/dcgan.json").read_text())


# Again.


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


def test_the_clean_notebook_passes_nbgrader_s_own_validation(course):
    validator = pytest.importorskip("nbgrader.nbgraderformat").MetadataValidator()
    messy = components(ANSWER)
    messy.cells += [copy.deepcopy(messy.cells[2]), copy.deepcopy(messy.cells[1])]
    messy.cells[0].metadata = {}
    messy.cells[4].source += "  # again"
    zipped(inbox(course) / "s001.zip", DONE | {"components.ipynb": as_bytes(messy)})
    take_in(course, "dcgan")
    validator.validate_nb(nbformat.read(clean(course) / "components.ipynb", 4))


def test_the_intake_needs_neither_torch_nor_nbgrader():
    code = "import sys, gan_course.grading.intake; print(sorted({'torch', 'nbgrader'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
