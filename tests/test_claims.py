import subprocess
import sys

import nbformat
import pytest

from gan_course.claims import MIME, ClaimError, claim, claims_in


def test_a_true_claim_holds_and_prints_value_bound_and_source(capsys):
    stated = claim("the gap is small", 1e-12, at_most=1e-10, source="Proposition 1")
    assert stated.holds is True
    assert "✓ the gap is small — measured 1e-12; at most 1e-10; Proposition 1" in capsys.readouterr().out


@pytest.mark.parametrize("value", [0.2, float("nan"), float("inf")])
def test_a_false_claim_is_shown_and_goes_on_in_jupyterlab(value):
    assert claim("small", value, at_most=0.1).holds is False


@pytest.mark.parametrize("profile", ["cpu", "gpu"])
def test_a_false_claim_stops_a_judging_run(profile, monkeypatch):
    monkeypatch.setenv("GAN_COURSE_PROFILE", profile)
    with pytest.raises(ClaimError, match=r"measured 0\.2, outside the bound"):
        claim("small", 0.2, at_most=0.1)


def test_a_smoke_run_does_not_judge(monkeypatch):
    monkeypatch.setenv("GAN_COURSE_PROFILE", "smoke")
    stated = claim("small", 0.2, at_most=0.1)
    assert stated.holds is None
    assert stated.why == "not judged in a smoke run"


def test_a_control_that_meets_the_bound_refutes_the_claim():
    assert claim("learned", 0.9, at_least=0.8, control=0.1, kind="live").holds is True
    refuted = claim("learned", 0.9, at_least=0.8, control=0.85, kind="live")
    assert refuted.holds is False
    assert "the control reaches 0.85" in refuted.why


@pytest.mark.parametrize("kind", ["live", "checkpoint", "recorded"])
def test_training_claims_need_a_control(kind):
    with pytest.raises(ValueError, match="needs control="):
        claim("learned", 0.9, at_least=0.8, kind=kind)


def test_a_claim_needs_a_bound_and_a_known_kind():
    with pytest.raises(ValueError, match="needs a bound"):
        claim("learned", 0.9)
    with pytest.raises(ValueError, match="known: analytic, live, checkpoint, recorded"):
        claim("learned", 0.9, at_least=0.8, kind="proved")


def test_a_claim_that_this_data_set_cannot_answer_is_not_judged(monkeypatch):
    monkeypatch.setenv("GAN_COURSE_PROFILE", "cpu")
    stated = claim("finds the slant", 0.1, at_least=0.8, kind="live", needs=False)
    assert stated.holds is None
    assert stated.value is None
    assert stated.why == "not measurable on this data set"


def test_both_bounds_hold_together():
    assert claim("about one", 1.0, at_least=0.9, at_most=1.1).holds is True
    assert claim("about one", 1.2, at_least=0.9, at_most=1.1).holds is False
    assert claim("about one", 1.0, at_least=0.9, at_most=1.1).bound == "between 0.9 and 1.1"


def test_claims_travel_in_the_outputs_of_a_notebook():
    data = claim("small", 0.05, at_most=0.1).__dict__
    output = nbformat.v4.new_output("display_data", data={"text/plain": "x", MIME: data})
    cells = [nbformat.v4.new_code_cell("claim()", outputs=[output]), nbformat.v4.new_markdown_cell("text")]
    (found,) = claims_in(nbformat.v4.new_notebook(cells=cells))
    assert (found.text, found.value, found.holds) == ("small", 0.05, True)


def test_importing_the_package_loads_nothing_heavy():
    heavy = ["matplotlib", "sklearn", "torchvision", "papermill", "torchmetrics", "IPython"]
    code = (
        "import sys, gan_course, gan_course.theory, gan_course.training, gan_course.models.vanilla, gan_course.claims;"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
