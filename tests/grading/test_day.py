"""An instructor's day on the demo course: good, damaged, late and hostile hand-ins, from the inbox to the grades."""

import csv

import pytest
from nbgrader.api import Gradebook

from gan_course.grading import demo, feedback, masters
from gan_course.grading.course import open_course
from gan_course.grading.give_back import give_feedback, write_grades
from gan_course.grading.hostile import ATTACKS, MARK, traces
from gan_course.grading.intake import take_in
from gan_course.grading.pool import autograde
from gan_course.grading.records import Record

# Many kernels on two cores, which may be busy: longer than the limit for ordinary tests.
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("needs_sandbox"), pytest.mark.timeout(2400)]
NAME = demo.ASSIGNMENT
KINDS = 4 + len(demo.SLIPS) + len(demo.DAMAGES) + len(ATTACKS)


def quiet(line):
    """Nothing is printed."""


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """The course after intake and autograding, the remarks of the intake, and what each student is an example of."""
    folder = tmp_path_factory.mktemp("day") / "course"
    demo.make_demo(folder, KINDS)
    course = open_course(folder)
    remarks = take_in(folder, NAME)
    outcomes = autograde(course, NAME, say=quiet)
    with (folder / "expected.csv").open() as file:
        expected = {row["id"]: (row["kind"], float(row["points"])) for row in csv.DictReader(file)}
    return course, remarks, {outcome.student: outcome for outcome in outcomes}, expected


def who(expected, kind):
    return next(student for student, (what, _) in expected.items() if what == kind)


def grades(course, student):
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as gradebook:
        notebooks = gradebook.find_submission(NAME, student).notebooks
        return {
            grade.name: (grade.auto_score, grade.manual_score) for book in notebooks for grade in book.grades
        }


def test_every_hand_in_gets_the_points_it_must_get(day):
    _, _, outcomes, expected = day
    assert len(expected) == KINDS
    got = {student: outcomes[student].points for student in expected}
    assert {s: (kind, got[s]) for s, (kind, _) in expected.items()} == expected


def test_no_attack_leaves_a_trace(day):
    course, _, _, expected = day
    assert traces(course.root) == []
    assert not any(manual for student in expected for _, manual in grades(course, student).values())


def test_students_and_instructors_are_told_what_happened(day):
    course, remarks, outcomes, expected = day
    loop = who(expected, "hostile: endless_loop")
    assert "ran for more than" in " ".join(outcomes[loop].look)
    killed = who(expected, "hostile: killed_kernel")
    assert "kernel" in " ".join(outcomes[killed].look)
    verdict = Record(course.records, NAME, killed).read()["verdicts"]["components"]["test_generator"][0]
    assert "not run: the kernel had ended in cell" in verdict["message"]
    said = {(remark.student, remark.message) for remark in remarks}
    for kind in ("damaged: test cells deleted", "hostile: symlink", "hostile: zip_slip"):
        assert any(student == who(expected, kind) for student, _ in said), kind


def test_a_second_run_grades_nothing_again(day):
    course, _, _, expected = day
    assert take_in(course.root, NAME) is not None
    outcomes = autograde(course, NAME, say=quiet)
    assert {outcome.state for outcome in outcomes} == {"unchanged"}
    assert {outcome.student: outcome.points for outcome in outcomes} == {
        s: p for s, (_, p) in expected.items()
    }


def test_one_student_is_regraded_without_old_points_and_with_those_given_by_hand(day):
    course, _, _, expected = day
    student = who(expected, "blank")
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as gradebook:
        for book in gradebook.find_submission(NAME, student).notebooks:
            for grade in book.grades:
                grade.auto_score = 1.0
                if grade.name == "reproduction":
                    grade.manual_score, grade.needs_manual_grade = 7.0, False
        gradebook.db.commit()
    autograde(course, NAME, [student], again=True, say=quiet)
    after = grades(course, student)
    assert after["reproduction"][1] == 7
    assert not any(auto for auto, _ in after.values())
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("reproduction", "report", NAME, student)
        assert not grade.needs_manual_grade  # the report has not changed


def test_feedback_shows_the_verdicts_and_nothing_hidden(day):
    course, _, _, expected = day
    kinds = ("slip: initialise", "hostile: script_in_an_answer", "hostile: rewrites_tests", "good")
    chosen = [who(expected, kind) for kind in kinds]
    assert give_feedback(course, NAME, chosen, say=quiet) == {}
    hidden = [line for line in masters.hidden_lines(NAME) if "probe(" in line or "MARK" in line]
    for student in chosen:
        pages = course.root / "feedback" / student / NAME
        assert (pages / "components.html").exists()
        assert (pages / "report.html").exists()
        assert feedback.leaks(pages, hidden) == []
    slip = Record(course.records, NAME, chosen[0]).read()["verdicts"]["components"]["test_initialise"][0]
    page = (course.root / "feedback" / chosen[0] / NAME / "components.html").read_text()
    assert slip["message"][:30] in page
    report = (course.root / "feedback" / chosen[1] / NAME / "report.html").read_text()
    assert f"<script>document.title = '{MARK}'" not in report
    assert 'onerror="document' not in report
    assert 'href="javascript:' not in report


def test_grades_are_exported_for_everybody(day):
    course, _, _, expected = day
    paths = {path.name: path for path in write_grades(course, NAME, partial=True, say=quiet)}
    assert set(paths) == {f"{NAME}-{kind}.csv" for kind in ("tasks", "students", "moodle", "canvas")}
    with paths[f"{NAME}-students.csv"].open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert {row["id"] if "id" in row else row["student"] for row in rows} == set(expected)
    late = who(expected, "late by 30 hours")
    text = next(row for row in rows if late in row.values())
    assert any(
        float(value) == 8 for key, value in text.items() if "late" in key
    )  # two started days, 20 % of 40
