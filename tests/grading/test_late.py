"""Late days are counted, forgiven and charged as the rules say, in a real gradebook."""

import shutil
from datetime import datetime, timedelta

import nbformat
import pytest
from nbgrader.api import Gradebook
from traitlets.config import Config

from gan_course.grading.late import (
    AssignLateDays,
    Charge,
    LateDays,
    assign_penalties,
    configure,
    due,
    read_extensions,
)

DUE = {
    "first": datetime(2026, 10, 1, 12),
    "second": datetime(2026, 11, 1, 12),
    "third": datetime(2026, 12, 1, 12),
}


@pytest.fixture
def gradebook(tmp_path, empty_gradebook):
    """Three assignments of one notebook with one cell of 20 points, and the student ada."""
    with Gradebook(f"sqlite:///{shutil.copy(empty_gradebook, tmp_path)}") as book:
        for name, day in DUE.items():
            book.add_assignment(name, duedate=day)
            book.add_notebook("work", name)
            book.add_grade_cell("test_it", "work", name, max_score=20, cell_type="code")
        book.add_student("ada")
        yield book


def hand_in(gradebook, assignment, after, score=20.0, student="ada"):
    """A submission `after` its due date (a timedelta) with an automatic score."""
    gradebook.add_submission(assignment, student, timestamp=DUE[assignment] + after)
    gradebook.find_grade("test_it", "work", assignment, student).auto_score = score
    gradebook.db.commit()


def penalty(gradebook, assignment, student="ada"):
    return gradebook.find_submission(assignment, student).late_submission_penalty


@pytest.mark.parametrize(
    ("after", "days"),
    [
        (timedelta(hours=-3), 0),
        (timedelta(minutes=10), 0),
        (timedelta(minutes=10, seconds=1), 1),
        (timedelta(days=1, minutes=10), 1),
        (timedelta(days=1, minutes=11), 2),
        (timedelta(days=30), 30),
    ],
)
def test_days_count_as_started_after_the_grace(gradebook, after, days):
    hand_in(gradebook, "first", after)
    assert LateDays().charges(gradebook, "ada") == {"first": Charge(late=days, free=0, charged=days)}


def test_a_late_notebook_loses_percents_of_its_score_up_to_the_most():
    rules = LateDays(percent_per_day=10, most_percent=50)
    assert [rules.penalty(20.0, Charge(days, 0, days)) for days in (0, 1, 3, 5, 9)] == [None, 2, 6, 10, 10]


def test_free_days_are_used_up_in_the_order_of_due_dates(gradebook):
    hand_in(gradebook, "third", timedelta(days=1))
    hand_in(gradebook, "first", timedelta(days=2))
    hand_in(gradebook, "second", timedelta(days=2))
    charges = LateDays(free_days=3).charges(gradebook, "ada")
    assert charges == {"first": Charge(2, 2, 0), "second": Charge(2, 1, 1), "third": Charge(1, 0, 1)}


def test_every_student_has_free_days_of_their_own(gradebook):
    gradebook.add_student("bob")
    for student in ("ada", "bob"):
        hand_in(gradebook, "first", timedelta(days=1), student=student)
    late = assign_penalties(gradebook, LateDays(free_days=1))
    assert set(late.values()) == {Charge(1, 1, 0)}
    assert len(late) == 2


def test_extensions_move_the_due_date_of_one_student(gradebook, tmp_path):
    gradebook.add_student("bob")
    for student in ("ada", "bob"):
        hand_in(gradebook, "first", timedelta(days=2), student=student)
    (tmp_path / "extensions.csv").write_text("student,assignment,days\nada,first,1.5\n")
    rules = LateDays(extensions="extensions.csv", course_folder=str(tmp_path))
    assert rules.charges(gradebook, "ada")["first"].charged == 1
    assert rules.charges(gradebook, "bob")["first"].charged == 2


def test_an_extension_of_the_gradebook_and_one_of_the_file_add_up(gradebook):
    hand_in(gradebook, "first", timedelta(0))
    gradebook.grant_extension("first", "ada", days=1)
    submission = gradebook.find_submission("first", "ada")
    assert due(submission, 0.5) == DUE["first"] + timedelta(days=1.5)


def test_an_assignment_without_a_due_date_is_never_late(gradebook):
    gradebook.add_assignment("any_time")
    gradebook.add_notebook("work", "any_time")
    gradebook.add_submission("any_time", "ada", timestamp=datetime(2030, 1, 1))
    assert LateDays().charges(gradebook, "ada")["any_time"] == Charge(0, 0, 0)


def test_points_given_by_hand_are_part_of_what_is_charged_and_old_penalties_go(gradebook):
    hand_in(gradebook, "first", timedelta(days=1), score=0)
    hand_in(gradebook, "second", timedelta(0))
    gradebook.find_submission("second", "ada").notebooks[0].late_submission_penalty = 7.0
    gradebook.find_grade("test_it", "work", "first", "ada").manual_score = 15.0
    gradebook.db.commit()
    late = assign_penalties(gradebook, LateDays())
    assert late == {("ada", "first"): Charge(1, 0, 1)}
    assert (penalty(gradebook, "first"), penalty(gradebook, "second")) == (1.5, 0)


def test_only_the_named_assignment_is_changed(gradebook):
    for name in ("first", "second"):
        hand_in(gradebook, name, timedelta(days=1))
    assign_penalties(gradebook, LateDays(), "second")
    assert (penalty(gradebook, "first"), penalty(gradebook, "second")) == (0, 2)


def test_nbgraders_own_step_charges_the_assignment_it_is_grading(gradebook, tmp_path):
    hand_in(gradebook, "first", timedelta(days=1))
    hand_in(gradebook, "second", timedelta(days=4))
    config = Config({"LateDays": {"free_days": 1, "percent_per_day": 5}})
    for name in ("first", "second"):
        where = {
            "notebook": "work",
            "assignment": name,
            "student": "ada",
            "db_url": f"sqlite:///{tmp_path}/gradebook.db",
        }
        AssignLateDays(config=config).preprocess(nbformat.v4.new_notebook(), {"nbgrader": where})
    gradebook.db.expire_all()
    assert (penalty(gradebook, "first"), penalty(gradebook, "second")) == (0, 4)


def test_the_settings_of_a_course_reach_the_rules(tmp_path):
    class Course:
        root = tmp_path
        late = {"free_days": 2, "most_percent": 30}  # noqa: RUF012

    config = Config()
    configure(config, Course())
    rules = LateDays(config=config)
    assert (rules.free_days, rules.most_percent, rules.course_folder) == (2, 30, str(tmp_path))


def test_an_unknown_option_is_named(tmp_path):
    class Course:
        root = tmp_path
        late = {"freedays": 2}  # noqa: RUF012

    with pytest.raises(ValueError, match=r"unknown option freedays; known: extensions, free_days"):
        configure(Config(), Course())


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("ada,first,two", r"line 3: days is 'two'; expected a number from 0 to 366"),
        ("ada,first,-1", r"line 3: days is '-1'"),
        ("ada,first,nan", r"line 3: days is 'nan'"),
        ("ada,first", r"line 3: 2 values for 3 columns"),
        (",first,1", r"line 3: the student is empty"),
        ("ada,frist,1", r"line 3: no assignment is called 'frist'; there are first, second"),
        ("eve,first,1", r"line 3: no student is called 'eve'"),
        ("bob,second,1", r"line 3: bob already has an extension for second"),
    ],
)
def test_a_bad_row_is_refused_with_line_and_reason(tmp_path, row, reason):
    path = tmp_path / "extensions.csv"
    path.write_text(f"student,assignment,days\nbob,second,2\n{row}\n")
    with pytest.raises(ValueError, match=reason):
        read_extensions(path, assignments=["first", "second"], students=["ada", "bob"])


def test_a_missing_file_or_column_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"there is no file .*none\.csv"):
        read_extensions(tmp_path / "none.csv")
    (tmp_path / "e.csv").write_text("student,days\nada,1\n")
    with pytest.raises(ValueError, match=r"e\.csv, line 1: .*Needed: student, assignment, days"):
        read_extensions(tmp_path / "e.csv")


def test_an_extension_that_helps_nobody_is_reported(gradebook, tmp_path):
    hand_in(gradebook, "first", timedelta(days=2))
    (tmp_path / "extensions.csv").write_text(
        "student,assignment,days\nada,first,1\naddi,first,2\nada,frist,3\n"
    )
    rules = LateDays(extensions="extensions.csv", course_folder=str(tmp_path))
    with pytest.warns(UserWarning, match=r"is every name right\?\): ada for frist, addi for first"):
        assign_penalties(gradebook, rules)
    with pytest.warns(UserWarning, match=r"is every name right\?\): addi for first$"):
        assign_penalties(gradebook, rules, "first")
