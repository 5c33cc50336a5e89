"""Grades leave a real gradebook complete, in the shapes that Moodle and Canvas read."""

import csv
import shutil
from datetime import datetime

import pytest
from nbgrader.api import Gradebook

from gan_course.grading.export import fill_worksheet, points, totals, write_tables

STUDENTS = [
    {
        "id": "ada",
        "first_name": "Zoë",
        "last_name": "O'Neil; Jr.",
        "email": "ada@uni.example",
        "lms_id": "11",
    },
    {
        "id": "bob",
        "first_name": "Bob",
        "last_name": '=HYPERLINK("x")',
        "email": "bob@uni.example",
        "lms_id": "12",
    },
    {"id": "cyd", "first_name": "Cyd", "last_name": "Ray", "email": "cyd@uni.example", "lms_id": ""},
]


@pytest.fixture(scope="module")
def graded(tmp_path_factory, empty_gradebook):
    """A gradebook's file: ada is finished (late), bob's written answer is not graded yet, cyd handed in nothing."""
    path = shutil.copy(empty_gradebook, tmp_path_factory.mktemp("graded"))
    with Gradebook(f"sqlite:///{path}") as book:
        book.add_assignment("ps01")
        book.add_notebook("work", "ps01")
        book.add_grade_cell("test_step", "work", "ps01", max_score=4, cell_type="code")
        book.add_grade_cell("q1", "work", "ps01", max_score=6, cell_type="markdown")
        book.add_solution_cell("step", "work", "ps01")
        book.add_solution_cell("q1", "work", "ps01")
        for student in STUDENTS:
            book.add_student(student["id"])
        for name, auto in (("ada", 3.5), ("bob", 4.0)):
            book.add_submission("ps01", name, timestamp=datetime(2026, 10, 1, 12))
            grade = book.find_grade("test_step", "work", "ps01", name)
            grade.auto_score, grade.needs_manual_grade = auto, False
        written = book.find_grade("q1", "work", "ps01", "ada")
        written.manual_score, written.extra_credit, written.needs_manual_grade = 5.0, 1.0, False
        book.find_comment("q1", "work", "ps01", "ada").manual_comment = 'Good, but "why", exactly?'
        book.find_comment("step", "work", "ps01", "ada").manual_comment = "=1+1 is not a reason"
        book.find_submission("ps01", "ada").notebooks[0].late_submission_penalty = 0.95
        book.db.commit()
    return path


@pytest.fixture
def gradebook(tmp_path, graded):
    """A copy of that gradebook, open."""
    with Gradebook(f"sqlite:///{shutil.copy(graded, tmp_path)}") as book:
        yield book


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def rows_by(path, column):
    return {row[column]: row for row in read(path)}


def test_every_graded_cell_of_every_submission_is_one_row(gradebook):
    rows = {(row.student, row.task): row for row in points(gradebook, "ps01")}
    assert list(rows) == [("ada", "q1"), ("ada", "test_step"), ("bob", "q1"), ("bob", "test_step")]
    written = rows["ada", "q1"]
    assert (written.auto, written.manual, written.extra, written.score, written.max) == (None, 5, 1, 6, 6)
    assert [row.needs_grading for row in rows.values()] == [False, False, True, False]


def test_a_comment_on_an_answer_reaches_the_row_of_its_test(gradebook):
    comments = {row.task: row.comment for row in points(gradebook, "ps01") if row.student == "ada"}
    assert comments == {"q1": 'Good, but "why", exactly?', "test_step": "=1+1 is not a reason"}


def test_a_late_penalty_never_makes_a_score_negative(gradebook):
    gradebook.find_submission("ps01", "ada").notebooks[0].late_submission_penalty = 99.0
    gradebook.db.commit()
    assert totals(gradebook, "ps01")["ada"].score == 0


def test_the_table_of_tasks_keeps_quotes_names_and_disarms_formulas(gradebook, tmp_path):
    rows = read(write_tables(tmp_path, gradebook, "ps01", STUDENTS)["tasks"])
    assert [(row["student"], row["task"], row["score"], row["needs_grading"]) for row in rows] == [
        ("ada", "q1", "6", "no"),
        ("ada", "test_step", "3.5", "no"),
        ("bob", "q1", "0", "yes"),
        ("bob", "test_step", "4", "no"),
    ]
    assert rows[0]["comment"] == 'Good, but "why", exactly?'
    assert rows[1]["comment"] == "'=1+1 is not a reason"


def test_the_table_of_students_tells_nothing_handed_in_from_nothing_earned(gradebook, tmp_path):
    rows = rows_by(write_tables(tmp_path, gradebook, "ps01", STUDENTS)["students"], "student")
    ada, bob, cyd = (rows[name] for name in ("ada", "bob", "cyd"))
    assert (ada["last_name"], ada["first_name"]) == ("O'Neil; Jr.", "Zoë")
    assert (ada["total"], ada["late_penalty"], ada["max"], ada["needs_grading"]) == ("8.55", "0.95", "10", "")
    assert (bob["total"], bob["needs_grading"], bob["work/q1"], bob["work/test_step"]) == (
        "4",
        "work/q1",
        "",
        "4",
    )
    assert (cyd["total"], cyd["submitted"], cyd["work/q1"]) == ("", "", "")


def test_moodle_gets_finished_grades_and_their_comments(gradebook, tmp_path):
    rows = rows_by(
        write_tables(tmp_path, gradebook, "ps01", STUDENTS, title="Problems 1")["moodle"], "ID number"
    )
    assert set(rows) == {"ada", "cyd"}  # bob's grading is not finished
    assert (rows["ada"]["Email address"], rows["ada"]["Problems 1"]) == ("ada@uni.example", "8.55")
    assert "exactly?" in rows["ada"]["Problems 1 feedback"]
    assert "Late penalty: 0.95 points" in rows["ada"]["Problems 1 feedback"]
    assert rows["cyd"]["Problems 1"] == ""


def test_moodle_gets_no_column_of_addresses_with_gaps(gradebook, tmp_path):
    students = [*STUDENTS[:2], {**STUDENTS[2], "email": ""}]
    rows = read(write_tables(tmp_path, gradebook, "ps01", students)["moodle"])
    assert set(rows[0]) == {"ID number", "ps01", "ps01 feedback"}


def test_canvas_gets_its_columns_in_order_and_the_row_of_points(gradebook, tmp_path):
    path = write_tables(tmp_path, gradebook, "ps01", STUDENTS, title="Problems 1", canvas_id="77")["canvas"]
    assert list(csv.reader(path.read_text("utf-8").splitlines())) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Problems 1 (77)"],
        ["Points Possible", "", "", "", "", "10"],
        ["O'Neil; Jr., Zoë", "11", "", "ada", "", "8.55"],
        ["Ray, Cyd", "", "", "cyd", "", ""],
    ]


def test_partial_exports_points_so_far_and_says_so(gradebook, tmp_path):
    paths = write_tables(tmp_path, gradebook, "ps01", STUDENTS, partial=True)
    bob = rows_by(paths["moodle"], "ID number")["bob"]
    assert bob["ps01"] == "4"
    assert bob["ps01 feedback"] == "Not final. Still to be graded: work/q1."
    assert rows_by(paths["canvas"], "SIS Login ID")["bob"]["Student"] == '\'=HYPERLINK("x"), Bob'


def test_somebody_who_is_not_in_the_list_is_reported_and_kept_out_of_imports(gradebook, tmp_path):
    with pytest.warns(UserWarning, match="ada handed in ps01 and are not in the list"):
        paths = write_tables(tmp_path, gradebook, "ps01", STUDENTS[1:])
    assert rows_by(paths["students"], "student")["ada"]["total"] == "8.55"
    assert "ada" not in paths["moodle"].read_text() + paths["canvas"].read_text()


def test_moodles_worksheet_is_filled_where_grading_is_finished(gradebook, tmp_path):
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Last modified (grade),Feedback comments\n"
        'Participant 5,"O\'Neil, Zoë",ada@uni.example,Submitted,,10,-,\n'
        "Participant 6,Bob,bob@uni.example,Submitted,,10,-,\n"
        "Participant 7,Someone,other@uni.example,,3,10,-,old\n",
        encoding="utf-8-sig",
    )
    assert fill_worksheet(sheet, tmp_path / "filled.csv", STUDENTS, totals(gradebook, "ps01")) == 1
    rows = rows_by(tmp_path / "filled.csv", "Identifier")
    assert [rows[f"Participant {i}"]["Grade"] for i in (5, 6, 7)] == ["8.55", "", "3"]
    assert rows["Participant 7"]["Feedback comments"] == "old"


def test_another_table_is_not_taken_for_a_worksheet(gradebook, tmp_path):
    (tmp_path / "sheet.csv").write_text("Name,Email address\nA,a@b\n")
    with pytest.raises(ValueError, match="not a grading worksheet of Moodle"):
        fill_worksheet(tmp_path / "sheet.csv", tmp_path / "filled.csv", STUDENTS, totals(gradebook, "ps01"))
