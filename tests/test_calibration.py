"""The bounds of live claims are not luck: every one was calibrated and lies three standard deviations away."""

import json

import pytest
from helpers import write_notebook

from gan_course import calibration, notebooks

RECORDS = sorted((calibration.FOLDER / "calibration").glob("*.json"))
CLAIM = (
    "from gan_course.claims import claim\nimport os\n"
    "claim('grows', 10 + seed, at_least=5, control=0.1 * seed, kind='live')\n"
    "claim('threads', float(os.environ['OMP_NUM_THREADS']), at_least=9, control=-1.0, kind='live')"
)


def entry(treatment, control, low=None, high=None):
    return {"low": low, "high": high, "treatment": treatment, "control": control}


def test_margins_are_in_standard_deviations_and_signed():
    assert calibration.margins(entry([9, 10, 11], [0, 1, 2], low=5)) == (5, 4)
    assert calibration.margins(entry([0, 1, 2], [9, 10, 11], high=5)) == (4, 5)
    assert calibration.margins(entry([3, 4, 5], [5, 6, 7], low=5)) == (-1, -1)
    assert calibration.margins(entry([1, 2, 3], [9, 10, 11], low=0, high=5)) == (2, 5)


def test_a_sample_that_does_not_vary_is_infinitely_far_or_wrong():
    inf = float("inf")
    assert calibration.margins(entry([8, 8], [1, 1], low=5)) == (inf, inf)
    assert calibration.margins(entry([4, 4], [6, 6], low=5)) == (-inf, -inf)


@pytest.mark.slow
def test_calibrating_runs_every_seed_and_thread_count_without_judging(tmp_path):
    path = write_notebook(tmp_path / "notebooks" / "01_first.ipynb", CLAIM)
    record = calibration.calibrate(path, ((0, 1), (1, 2)), tmp_path)
    assert record["claims"]["grows"] == entry([10, 11], [0, 0.1], low=5)
    assert record["claims"]["threads"]["treatment"] == [1, 2]
    assert json.loads(calibration.record_path("01_first", tmp_path).read_text()) == record


def test_every_notebook_with_live_claims_is_calibrated():
    training = {
        path.stem for path in notebooks.find() if 'kind="live"' in path.read_text().replace('\\"', '"')
    }
    assert {path.stem for path in RECORDS} == training


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_live_bounds_are_three_standard_deviations_from_treatment_and_control(path):
    record = json.loads(path.read_text())
    assert len({run["seed"] for run in record["runs"]}) >= 5
    assert {run["threads"] for run in record["runs"]} == {1, 2, 4}
    close = {
        text: calibration.margins(claim)
        for text, claim in record["claims"].items()
        if min(calibration.margins(claim)) < 3
    }
    assert close == {}
