"""Every hidden check refuses every wrong answer of its banks, naming the mistake, and accepts every right one.

On one hidden case in `make check`, on five in `make test`. All in this process; test_through_nbgrader.py sends part of
them through nbgrader.
"""

import pytest

from gan_course.grading import masters
from gan_course.grading.trial import trial
from grading.bank import bank_of, tasks_of

TASKS = [
    (assignment, task)
    for assignment in masters.assignments()
    for task in tasks_of(assignment)
    if not task.startswith("run_")  # those judge a folder: test_training_run.py
]
# Their banks take seconds each.
LONG = {"generator", "discriminator", "generator_step", "discriminator_step", "initialise"}
CASES = [
    pytest.param(*task, cases, marks=[pytest.mark.slow] if cases > 1 else [])
    for task in TASKS
    for cases in (1, 5)
    if cases > 1 or task[1] not in LONG
]


@pytest.mark.parametrize(("assignment", "task"), TASKS)
def test_a_bank_holds_twelve_wrong_and_four_right_answers(assignment, task):
    bank = bank_of(assignment, task)
    assert sum(answer.message is not None for answer in bank) >= 12
    assert sum(answer.message is None for answer in bank) >= 4
    assert len({answer.source for answer in bank}) == len(bank)


@pytest.mark.parametrize(("assignment", "task"), TASKS)
def test_a_quarter_of_a_bank_was_written_without_sight_of_the_check(assignment, task):
    bank = bank_of(assignment, task)
    for kind in ([a for a in bank if a.message], [a for a in bank if not a.message]):
        assert 4 * sum(answer.blind for answer in kind) >= len(kind)


@pytest.mark.filterwarnings("ignore")  # answers of students cause all kinds of warnings
@pytest.mark.parametrize(("assignment", "task", "cases"), CASES)
def test_wrong_answers_are_refused_with_the_mistake_named(assignment, task, cases):
    accepted, unnamed = [], []
    for answer in bank_of(assignment, task):
        for seed in range(cases if answer.message else 0):
            verdict = trial(assignment, task, answer.source, seed)
            if verdict.share > 0:
                accepted.append(f"{answer.name}, seed {seed}")
            elif answer.message not in verdict.message:
                unnamed.append(f"{answer.name}, seed {seed}: {verdict.message}")
    assert not accepted
    assert not unnamed


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("assignment", "task", "cases"), CASES)
def test_right_answers_get_full_marks(assignment, task, cases):
    refused = []
    for answer in bank_of(assignment, task):
        for seed in range(0 if answer.message else cases):
            verdict = trial(assignment, task, answer.source, seed)
            if verdict.share < 1:
                refused.append(f"{answer.name}, seed {seed}: {verdict.message}")
    assert not refused
