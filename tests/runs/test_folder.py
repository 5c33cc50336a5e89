import json
import re
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from gan_course.runs import folder as folders
from gan_course.runs import open_run, training
from gan_course.training import checkpoints

VERSION_1 = Path(__file__).parent / "version_1"
POINTS = "train vanilla --data ring --rows 64 --width 4 --batch 8 --device cpu --log-every 2 --steps 5"


def test_a_run_of_version_1_is_still_read():
    run = open_run(VERSION_1)
    assert run.round == 5
    assert run.facts["options"]["width"] == 4
    assert run.history["round"] == [2, 4, 5]
    assert run.history["D"][-1] == 1.4180972576141357
    expected = load_file(VERSION_1 / "expected.safetensors")["samples"]
    torch.testing.assert_close(run.sample(5, seed=3), expected, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(run.sample(2, seed=3), expected[:2], atol=1e-4, rtol=1e-4)


def test_a_run_of_version_1_goes_on(tmp_path, monkeypatch):
    run = tmp_path / "old"
    shutil.copytree(VERSION_1, run)
    monkeypatch.setattr(folders, "fingerprint", lambda data: folders.read_facts(run)["fingerprint"])
    ended, stopped_by = training.play(training.go_on(run, {"rounds": 7}))
    assert (ended.rounds, stopped_by) == (7, 0)
    assert open_run(run).history["round"] == [2, 4, 5, 6, 7]


def test_a_longer_sample_begins_with_the_shorter_one():
    run = open_run(VERSION_1)
    longest = run.sample(200, seed=1)
    assert all(torch.equal(run.sample(n, seed=1), longest[:n]) for n in (1, 63, 64, 65))
    assert not torch.equal(run.sample(5, seed=2), longest[:5])
    with pytest.raises(ValueError, match="at least 1, not 0"):
        run.sample(0)


def test_samples_come_from_the_averaged_generator():
    run = open_run(VERSION_1)
    _, networks = checkpoints.load_networks(VERSION_1 / "checkpoints")
    assert all(torch.equal(run.G.state_dict()[key], tensor) for key, tensor in networks["ema"].items())
    assert not torch.equal(run.sample(4), folders.first_samples(run.game, run.game.G, 4))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 2}, "has format 2, this version of gan_course reads up to 1: update it"),
        ({"model": "unheard"}, "unknown model 'unheard'"),
        ({"options": {"depth": 3}}, "does not describe a vanilla of this version"),
        ({"options": {"width": 8, "latent": 2}}, "are not those of the model in its run.json"),
    ],
)
def test_a_run_that_is_not_understood_says_why(tmp_path, change, message):
    run = tmp_path / "run"
    shutil.copytree(VERSION_1, run)
    folders.write_facts(run, folders.read_facts(run) | change)
    with pytest.raises(ValueError, match=message):
        open_run(run)


def test_a_damaged_run_json_is_named(tmp_path):
    (tmp_path / "run.json").write_text("{")
    with pytest.raises(ValueError, match=r"run\.json is damaged"):
        open_run(tmp_path)


def test_a_last_line_that_was_cut_short_is_left_out(tmp_path):
    shutil.copy(VERSION_1 / "history.csv", tmp_path)
    with (tmp_path / "history.csv").open("a") as file:
        file.write("6,0.1,12")
    assert folders.read_history(tmp_path)["round"] == [2, 4, 5]


def test_the_fingerprint_tells_rows_shapes_and_types_apart():
    from helpers import small_ring

    ring = small_ring(64)
    first = folders.fingerprint(ring)
    assert first == folders.fingerprint(small_ring(64))
    others = [small_ring(63), type(ring)("ring", ring.x.double()), type(ring)("ring", ring.x.view(32, 4))]
    others.append(type(ring)("ring", ring.x.flip(0)))
    assert first not in [folders.fingerprint(other) for other in others]


def test_sample_writes_the_first_n_of_a_seed_as_a_picture_and_as_numbers(call):
    call(POINTS)
    code, output = call(
        "sample runs/vanilla-ring-1 -n 10 --seed 4 --out grid.png --tensor points.safetensors"
    )
    assert code == 0
    assert "the first 10 samples of seed 4 after round 5: grid.png" in output
    assert Path("grid.png").read_bytes().startswith(b"\x89PNG")
    expected = open_run("runs/vanilla-ring-1").sample(10, seed=4)
    assert torch.equal(load_file("points.safetensors")["samples"], expected)


def test_compare_shows_what_differs_and_what_was_measured_and_nothing_else(call):
    call(f"{POINTS} --seed 0 --out one")
    call(f"{POINTS} --seed 7 --lr 0.002 --out two")
    call("evaluate one -n 101")
    code, output = call("compare one two --out curves.png")
    assert code == 0
    rows = {cells[0]: cells[1:] for cells in (re.split(r" {2,}", line) for line in output.splitlines())}
    parts = [name for name in rows if name.isupper()]
    assert parts == ["SETTINGS THAT DIFFER", "COSTS", "RESULTS"]
    order = list(rows)
    assert order.index("lr") < order.index("COSTS") < order.index("state") < order.index("RESULTS")
    assert rows["seed"] == ["0", "7"]
    assert rows["lr"] == ["0.001", "0.002"]
    assert "batch" not in rows
    assert "width" not in rows
    losses = [open_run(run).history["D"][-1] for run in ("one", "two")]
    assert [float(cell) for cell in rows["last loss D"]] == pytest.approx(losses, rel=1e-3)
    measured = json.loads(Path("one/evaluation.json").read_text())["measures"][0]
    assert measured["what"] == "modes covered"
    assert rows["modes covered (n=101)"] == [str(measured["value"])]
    assert Path("curves.png").read_bytes().startswith(b"\x89PNG")
