"""Every hidden check refuses every wrong answer of its bank, with a message that names the mistake, and accepts every
right one. One hidden case here, in this process; five of them, in nbgrader: test_through_nbgrader.py."""

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
TIMED = [pytest.param(*task, marks=[pytest.mark.slow] if task[1] in LONG else []) for task in TASKS]


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


@pytest.mark.filterwarnings("ignore")  # wrong answers cause all kinds of warnings
@pytest.mark.parametrize(("assignment", "task"), TIMED)
def test_wrong_answers_are_refused_with_the_mistake_named(assignment, task):
    accepted, unnamed = [], []
    for answer in bank_of(assignment, task):
        if answer.message is not None:
            verdict = trial(assignment, task, answer.source)
            if verdict.share > 0:
                accepted.append(answer.name)
            elif answer.message not in verdict.message:
                unnamed.append(f"{answer.name}: {verdict.message}")
    assert not accepted
    assert not unnamed


@pytest.mark.filterwarnings("ignore::UserWarning")  # some right answers warn
@pytest.mark.parametrize(("assignment", "task"), TIMED)
def test_right_answers_get_full_marks(assignment, task):
    verdicts = {
        answer.name: trial(assignment, task, answer.source)
        for answer in bank_of(assignment, task)
        if answer.message is None
    }
    assert not {name: verdict.message for name, verdict in verdicts.items() if verdict.share < 1}
