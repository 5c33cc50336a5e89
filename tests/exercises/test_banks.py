"""The graders of the exercises are tested: wrong answers they must refuse, different right ones they must accept.

`bank_nbXX.py` was written by the author of the checks, `blind_nbXX.py` by someone who had only read the notebook.
"""

import importlib
import io
from contextlib import redirect_stderr, redirect_stdout

import pytest

from gan_course.exercises import checking, exercises_of, solution
from gan_course.exercises.checking import NOTEBOOKS, judge

NAMES = [name for file in NOTEBOOKS for name in exercises_of(file)]


def banks():
    for file in NOTEBOOKS:
        for kind in ("bank", "blind"):
            yield kind, file, importlib.import_module(f"exercises.{kind}_{file}")


def wrong_answers():
    for kind, file, bank in banks():
        for name, entries in bank.WRONG.items():
            for what, answer, fragment in entries:
                yield pytest.param(name, answer, fragment, id=f"{kind}-{file}-{name}-{what}")


def right_answers():
    for kind, file, bank in banks():
        for name, entries in bank.RIGHT.items():
            for what, answer in entries:
                yield pytest.param(name, answer, id=f"{kind}-{file}-{name}-{what}")


def quietly(name, answer):
    """Judge an answer without letting it print."""
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        return judge(name, answer)


@pytest.mark.parametrize(("name", "answer", "fragment"), wrong_answers())
def test_a_wrong_answer_is_refused_with_a_message_that_names_the_mistake(name, answer, fragment):
    verdict = quietly(name, answer)
    assert verdict.state == "wrong"
    assert fragment.lower() in verdict.message.lower()


@pytest.mark.parametrize(("name", "answer"), right_answers())
def test_a_different_right_answer_is_accepted(name, answer):
    verdict = quietly(name, answer)
    assert (verdict.state, verdict.message) == ("ok", "passed every check")


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_passes(name):
    assert quietly(name, solution(name)).state == "ok"


@pytest.mark.parametrize("name", NAMES)
def test_every_exercise_has_six_wrong_and_two_right_answers(name):
    wrong = [entry for _, _, bank in banks() for entry in bank.WRONG.get(name, [])]
    right = [entry for _, _, bank in banks() for entry in bank.RIGHT.get(name, [])]
    assert len(wrong) >= 6
    assert len(right) >= 2


def test_an_unknown_exercise_lists_the_known_ones():
    with pytest.raises(ValueError, match="unknown exercise 'sums'; known:"):
        checking.check("sums", None)


def test_an_answer_that_raises_is_wrong_with_its_error_and_line():
    def answer(*args, **kwargs):
        raise KeyError("lost")

    callable_name = next(name for name in NAMES if callable(solution(name)))
    verdict = quietly(callable_name, answer)
    assert verdict.state == "wrong"
    assert "your code stopped with KeyError: 'lost'" in verdict.message


def test_check_prints_the_verdict_and_reference_falls_back_to_the_solution(capsys):
    name = NAMES[0]
    assert checking.check(name, None).state == "to do"
    assert f"[to do] {name}: not answered yet" in capsys.readouterr().out
    assert checking.reference(name, None) is solution(name)
