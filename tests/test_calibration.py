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


def entry(treatment, control):
    return {"treatment": treatment, "control": control}


def test_margins_are_in_standard_deviations_and_signed():
    assert calibration.margins(5, None, entry([9, 10, 11], [0, 1, 2])) == (5, 4)
    assert calibration.margins(None, 5, entry([0, 1, 2], [9, 10, 11])) == (4, 5)
    assert calibration.margins(5, None, entry([3, 4, 5], [5, 6, 7])) == (-1, -1)
    assert calibration.margins(0, 5, entry([1, 2, 3], [9, 10, 11])) == (2, 5)


def test_a_sample_that_does_not_vary_is_infinitely_far_or_wrong():
    inf = float("inf")
    assert calibration.margins(5, None, entry([8, 8], [1, 1])) == (inf, inf)
    assert calibration.margins(5, None, entry([4, 4], [6, 6])) == (-inf, -inf)


@pytest.mark.slow
def test_calibrating_runs_every_seed_and_thread_count_without_judging(tmp_path):
    path = write_notebook(tmp_path / "notebooks" / "01_first.ipynb", CLAIM)
    claims = calibration.calibrate(path, ((0, 1), (1, 2)), tmp_path)
    assert [claim.low for claim in claims["grows"]] == [5, 5]
    record = json.loads(calibration.record_path("01_first", tmp_path).read_text())
    assert record["claims"]["grows"] == entry([10, 11], [0, 0.1])
    assert record["claims"]["threads"]["treatment"] == [1, 2]
    assert record["runs"] == [{"seed": 0, "threads": 1}, {"seed": 1, "threads": 2}]


def test_every_notebook_with_live_claims_is_calibrated():
    training = {
        path.stem for path in notebooks.find() if 'kind="live"' in path.read_text().replace('\\"', '"')
    }
    assert {path.stem for path in RECORDS} == training


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_calibration_covers_five_seeds_and_three_thread_counts(path):
    record = json.loads(path.read_text())
    assert len({run["seed"] for run in record["runs"]}) >= 5
    assert {run["threads"] for run in record["runs"]} == {1, 2, 4}
    for numbers in record["claims"].values():
        assert len(numbers["treatment"]) == len(numbers["control"]) == len(record["runs"])
