"""The banks once more, through nbgrader: release, submission, sandboxed kernel, verdicts, points in the gradebook.

Answers are packed: submission k carries answer k of every task. A run takes PACKS of each bank, chosen by the hash of
their text; PACKS=all in the environment sends them all (a quarter of an hour). Every answer meets five hidden cases in
one kernel, and each case must refuse or accept it by itself.
"""

import hashlib
import os
from itertools import zip_longest

import pytest
from nbgrader.api import Gradebook

from gan_course.grading import made_up, masters, probes
from gan_course.grading.pool import autograde
from gan_course.grading.records import Record
from grading.bank import bank_of, tasks_of
from grading.conftest import set_up

# Many kernels on two cores, which may be busy: longer than the limit for ordinary tests.
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("needs_sandbox"), pytest.mark.timeout(2400)]
CASES = 5
PACKS = None if os.environ.get("PACKS") == "all" else 24
ASSIGNMENTS = masters.assignments()


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return set_up(tmp_path_factory.mktemp("course") / "term", cases=CASES)


def cells_of(assignment):
    """Task -> (cell with the answer, cell with the test, points), for tasks whose answers are text."""
    found = {}
    for master in masters.read_master(assignment).values():
        answer = None
        for cell in master.cells:
            if cell.metadata["kind"] == "answer":
                answer = cell.metadata["id"]
            if cell.metadata["kind"] == "test":
                task = probes.read_probe(cell.source).task
                found[task] = (answer, cell.metadata["id"], float(cell.metadata["points"]))
    return {task: value for task, value in found.items() if not task.startswith("run_")}


def points(course, assignment, student):
    """Automatic points by test cell."""
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as gradebook:
        notebooks = gradebook.find_submission(assignment, student).notebooks
        return {grade.name: grade.auto_score for notebook in notebooks for grade in notebook.grades}


def verdicts(course, assignment, student):
    """Verdicts by test cell, one for every hidden case."""
    found = Record(course.records, assignment, student).read()["verdicts"]
    return {name: verdict for notebook in found.values() for name, verdict in notebook.items()}


def digest(answer):
    return hashlib.sha256(answer.source.encode()).hexdigest()


def packed(assignment):
    """Submissions: [{task: answer}], one answer per task in each."""
    banks = [sorted(bank_of(assignment, task), key=digest)[:PACKS] for task in cells_of(assignment)]
    return [{answer.task: answer for answer in row if answer} for row in zip_longest(*banks)]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_answer_gets_exactly_the_points_it_should(course, assignment):
    cells, solutions = cells_of(assignment), made_up.solutions(assignment)
    submissions = packed(assignment)
    for k, answers in enumerate(submissions):
        chosen = solutions | {cells[task][0]: answer.source for task, answer in answers.items()}
        folder = course.root / "submitted" / f"pack-{k:02}" / assignment
        made_up.write(made_up.filled(course.root / "release" / assignment, chosen), folder)
    outcomes = autograde(
        course, assignment, [f"pack-{k:02}" for k in range(len(submissions))], say=lambda line: None
    )
    assert [outcome.state for outcome in outcomes] == ["graded"] * len(submissions)

    wrong, killed = [], set()
    for k, answers in enumerate(submissions):
        got, found = (read(course, assignment, f"pack-{k:02}") for read in (points, verdicts))
        for task, (_, test, most) in cells.items():
            answer = answers.get(task)
            right = answer is None or answer.message is None
            if got[test] != (most if right else 0):
                wrong.append((task, answer and answer.name, got[test], found[test][0]["message"]))
            for case in found[test]:
                if (case["share"] == 1) != right or not (right or answer.message in case["message"]):
                    wrong.append((task, answer and answer.name, case["message"]))
            if not right:
                killed.add(test)
    assert not wrong
    assert killed == {test for _, test, _ in cells.values()}  # every graded cell is why some answer fails
    assert {len(verdict) for verdict in found.values()} == {CASES}


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_blank_release_gets_nothing_and_the_solution_everything(course, assignment):
    release, cells = course.root / "release" / assignment, cells_of(assignment)
    for student, answers in (("blank", {}), ("solution", made_up.solutions(assignment))):
        made_up.write(made_up.filled(release, answers), course.root / "submitted" / student / assignment)
    autograde(course, assignment, ["blank", "solution"], say=lambda line: None)
    assert not any(points(course, assignment, "blank").values())
    got = points(course, assignment, "solution")
    assert {test: got[test] for _, test, _ in cells.values()} == {
        test: most for _, test, most in cells.values()
    }


def test_banks_cover_every_task():
    for assignment in ASSIGNMENTS:
        assert set(cells_of(assignment)) == {
            task for task in tasks_of(assignment) if not task.startswith("run_")
        }
