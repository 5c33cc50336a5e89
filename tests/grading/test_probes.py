import importlib
import sys
import types

import pytest
import torch

from gan_course.exercises.checking import Wrong
from gan_course.grading import masters, probes
from gan_course.grading.probes import Probe, Verdict
from gan_course.grading.trial import trial
from grading.bank import tasks_of

EVERY = [(name, task) for name in masters.assignments() for task in tasks_of(name)]


@pytest.fixture
def doubling(monkeypatch):
    """A check of a function that doubles, under the name made_up/double."""
    check = types.ModuleType("gan_course.grading.checks.made_up.double")
    check.draw = lambda rng: {"x": torch.randn(3, generator=rng)}

    def judge(case, seen):
        if not torch.equal(seen["y"], 2 * case["x"]):
            raise Wrong("not twice as much")

    check.judge = judge
    monkeypatch.setitem(sys.modules, "gan_course.grading.checks.made_up", types.ModuleType("made_up"))
    monkeypatch.setitem(sys.modules, check.__name__, check)
    return check


def cases(student="anna", secret=b"secret", n=2):
    return probes.draw_cases(secret, student, "made_up", "double", n)


def seen(values):
    return [{"seen": [{"seen": probes.prelude.encode({"y": y})} for y in values]}]


def test_the_same_student_gets_the_same_cases_and_everybody_else_others(doubling):
    first = [case["case"]["x"] for case in cases()]
    assert all(torch.equal(a, b["case"]["x"]) for a, b in zip(first, cases(), strict=True))
    assert not torch.equal(first[0], first[1])
    assert not torch.equal(first[0], cases("bert")[0]["case"]["x"])
    assert not torch.equal(first[0], cases(secret=b"other")[0]["case"]["x"])


def test_right_values_are_accepted_and_others_refused_case_by_case(doubling):
    drawn = cases()
    right = [2 * case["case"]["x"] for case in drawn]
    assert [v.state for v in probes.judge_all("made_up", "double", drawn, seen(right))] == ["ok", "ok"]
    verdicts = probes.judge_all("made_up", "double", drawn, seen([right[0], right[0]]))
    assert [verdict.state for verdict in verdicts] == ["ok", "wrong"]
    assert probes.together(verdicts) == Verdict("wrong", "not twice as much", 0.0)


@pytest.mark.parametrize(
    "published",
    [
        [],
        [{}],
        [None],
        [{"seen": []}],
        [{"seen": [{}, {}]}],
        [{"seen": [None, 3]}],
        [{"seen": [{"seen": {"y": {"tensor": "float32", "shape": [9, 9], "bytes": "AAAA"}}}] * 2}],
        [{"seen": [{"seen": {"y": "2x"}}] * 2}],
        [{"seen": [{"seen": {"passed": True}}] * 2}],
    ],
)
def test_whatever_a_kernel_sends_it_gains_nothing_and_stops_nothing(doubling, published):
    verdicts = probes.judge_all("made_up", "double", cases(), published)
    assert [verdict.share for verdict in verdicts] == [0, 0]


def test_two_answers_to_one_question_are_a_forgery(doubling):
    drawn = cases()
    right = seen([2 * case["case"]["x"] for case in drawn])
    assert "forged" in probes.judge_all("made_up", "double", drawn, right + right)[0].message


@pytest.mark.parametrize(
    ("share", "expected"), [(None, 1.0), (0.4, 0.4), (7, 1.0), (-1, 0.0), (float("nan"), 0.0)]
)
def test_a_judge_may_give_a_share_of_the_points(doubling, share, expected):
    doubling.judge = lambda case, seen: share
    assert probes.judge_all("made_up", "double", cases(n=1), seen([1.0]))[0].share == expected


def test_a_probe_is_read_from_the_text_of_a_cell():
    assert probes.read_probe('assert True\nprobe("steps", d_step, g_step)') == Probe(
        "steps", ("d_step", "g_step")
    )
    assert probes.read_probe("assert True") is None


@pytest.mark.parametrize("text", ['probe("a", f)\nprobe("b", f)', "probe()", "probe(task, f)"])
def test_other_forms_of_a_probe_are_refused(text):
    with pytest.raises(ValueError, match="one line of the form"):
        probes.read_probe(text)


def test_unknown_tasks_are_named():
    with pytest.raises(ValueError, match="no check for the task 'nothing'"):
        probes.find_check("dcgan_celeba", "nothing")


@pytest.mark.parametrize(("assignment", "task"), EVERY)
def test_hidden_cases_differ_between_students_and_stay_small(assignment, task):
    text = [
        probes.kernel_text(
            assignment, Probe(task, ("f",)), probes.draw_cases(b"secret", student, assignment, task, 2)
        )
        for student in ("anna", "bert", "anna")
    ]
    assert text[0] == text[2]
    assert text[0] != text[1]
    assert len(text[0]) < 2_000_000


@pytest.mark.parametrize(("assignment", "task"), EVERY)
def test_every_check_has_its_three_functions_and_a_bank(assignment, task):
    check = probes.find_check(assignment, task)
    assert all(callable(getattr(check, name)) for name in ("draw", "observe", "judge"))
    assert importlib.import_module(f"grading.banks.{assignment}.{task}")


@pytest.mark.parametrize(("assignment", "task"), [pair for pair in EVERY if not pair[1].startswith("run_")])
def test_an_empty_and_a_missing_answer_get_nothing(assignment, task):
    name = _answer_of(assignment, task)
    for source in (
        "",
        f"{name} = None",
        f"def {name}(*a, **k): raise NotImplementedError()",
        f"def {name}(*a, **k): return None",
    ):
        assert trial(assignment, task, source).share == 0


def test_a_stub_is_told_from_a_mistake():
    assignment, task = EVERY[0]
    name = _answer_of(assignment, task)
    assert trial(assignment, task, f"def {name}(*a, **k): raise NotImplementedError()").state == "to do"


def test_an_error_is_shown_with_the_line_of_the_answer():
    assignment, task = EVERY[0]
    name = _answer_of(assignment, task)
    verdict = trial(assignment, task, f"def {name}(*a, **k):\n    return 1 / 0")
    assert "ZeroDivisionError" in verdict.message
    assert "line 2 of your cell: `return 1 / 0`" in verdict.message


def _answer_of(assignment, task):
    for notebook in masters.read_master(assignment).values():
        for cell in notebook.cells:
            probe = probes.read_probe(cell.source) if cell.metadata["kind"] == "test" else None
            if probe and probe.task == task:
                return probe.answers[0]
    raise AssertionError(task)
