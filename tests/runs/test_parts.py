import json
import shutil
import signal
import sys
from pathlib import Path

import pytest
import torch
from runs.running import same, start, stop_after, wait_for

from gan_course.models.shipped import load_shipped
from gan_course.runs import folder as folders
from gan_course.runs import open_run
from gan_course.runs.ship import ship

LEVELS = ("level-8", "level-16", "level-32")
LINE = "train lapgan --data strokes --size 32 --rows 40 --width 8 --batch 4 --device cpu --log-every 2"


def all_same(first, second):
    parts = [same(Path(first) / level, Path(second) / level) for level in LEVELS]
    return all(parts) and torch.equal(open_run(first).sample(5), open_run(second).sample(5))


def test_a_run_in_parts_holds_an_ordinary_run_for_each(call):
    code, output = call(f"{LINE} --steps 3 --seed 2")
    assert code == 0, output
    assert "finished: 9 rounds" in output
    run = Path("runs/lapgan-strokes-1")
    facts = json.loads((run / "run.json").read_text())
    assert (facts["state"], facts["round"], facts["rows"]) == ("finished", 9, 40)
    assert list(facts["parts"]) == list(LEVELS)
    for level in LEVELS:
        assert folders.read_facts(run / level)["state"] == "finished"
        assert open_run(run / level).history["round"] == [2, 3]
        assert (run / level / "samples" / "000003.png").exists()
    assert open_run(run).sample(5).shape == (5, 1, 32, 32)


def test_the_chain_samples_from_the_averaged_generators_of_all_parts(call, quick):
    call(f"{LINE} --steps 3 --out run")
    run = open_run("run")
    for level in LEVELS:
        part = open_run(Path("run") / level)
        mine = run.G.networks[level.removeprefix("level-")].state_dict()
        assert all(torch.equal(mine[key], tensor) for key, tensor in part.G.state_dict().items())
        assert part.G is not part.game.G
    assert torch.equal(run.sample(70, seed=3)[:9], run.sample(9, seed=3))


@pytest.mark.parametrize("stop", [1, 6, 12])
def test_interrupted_and_resumed_equals_uninterrupted_bit_for_bit(call, monkeypatch, stop, quick):
    call(f"{LINE} --steps 4 --out whole")
    with monkeypatch.context() as patch:
        stop_after(patch, stop)
        code, output = call(f"{LINE} --steps 4 --out parts")
    if stop < 12:  # in the last round of all there is nothing left to stop
        assert code == 130
        assert f"stopped after round {stop}. Go on with:\ngan-course train --resume parts" in output
        assert folders.read_facts("parts")["state"] == "interrupted"
        assert call("train --resume parts")[0] == 0
    assert folders.read_facts("parts")["state"] == "finished"
    assert all_same("whole", "parts")


def test_a_run_that_is_not_complete_says_how_to_go_on(call, monkeypatch, quick):
    with monkeypatch.context() as patch:
        stop_after(patch, 2)
        call(f"{LINE} --steps 4 --out parts")
    code, output = call("sample parts")
    assert code == 1
    assert "level-16 of parts was not trained yet: gan-course train --resume parts" in output


def test_more_steps_a_longer_part_and_a_deleted_part(call, quick):
    call(f"{LINE} --steps 6 --out whole")
    call(f"{LINE} --steps 4 --out parts")
    assert call("train --resume parts --steps 6")[0] == 0
    assert all_same("whole", "parts")
    shutil.rmtree("parts/level-16")
    assert call("train --resume parts")[0] == 0
    assert all_same("whole", "parts")
    call("train --resume parts/level-32 --steps 8")
    code, output = call("train --resume parts")
    assert code == 0
    assert "finished: 20 rounds" in output
    assert open_run("parts/level-32").round == 8


def test_a_part_alone_is_no_model_to_sample_or_to_measure(call, quick):
    call(f"{LINE} --steps 2 --out run")
    assert "sample the whole `LAPGAN`" in call("sample run/level-16")[1]
    code, output = call("evaluate run/level-16")
    assert code == 1
    assert "is one part of a run; what can be measured is" in output


def test_runs_in_parts_are_compared_with_the_settings_of_their_parts(call, quick):
    call(f"{LINE} --steps 2 --out one")
    call(f"{LINE} --steps 2 --lr 0.002 --out two")
    code, output = call("compare one two one/level-16")
    assert code == 0
    assert any(line.startswith("level-16 lr") or line.startswith("lr") for line in output.splitlines())


def test_a_shipped_run_in_parts_samples_as_the_run_did(call, quick, tmp_path):
    call(f"{LINE} --steps 2 --out run")
    (Path("run") / "evaluation.json").write_text(json.dumps({"n": 100, "seed": 1, "measures": []}))
    card = ship("run", "small", tmp_path)
    assert set(card["parts"]) == set(LEVELS)
    shipped = load_shipped("small", tmp_path)
    assert torch.equal(folders.first_samples(shipped, None, 10), open_run("run").sample(10))


@pytest.mark.slow
def test_parts_trained_at_once_equal_parts_trained_one_by_one(call, quick):
    call(f"{LINE} --steps 4 --out whole")
    code, output = call(f"{LINE} --steps 4 --out parts --processes 2")
    assert code == 0, output
    assert output.count("training in a process of its own") == 3
    assert all_same("whole", "parts")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_saves_what_is_trained_at_once(call, tmp_path, quick):
    process = start(tmp_path, f"{LINE} --checkpoint-every 3 --out parts --processes 2 --steps 1000000")
    try:
        for level in LEVELS[:2]:
            wait_for(tmp_path / "parts" / level / "checkpoints" / "checkpoint-000003.sha256", process)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=240)
    finally:
        process.kill()
    assert process.returncode == 130, output
    assert "Traceback" not in output
    states = [folders.read_facts(tmp_path / "parts" / level)["state"] for level in LEVELS]
    assert states == ["interrupted", "interrupted", "waiting"]
    rounds = [folders.read_facts(tmp_path / "parts" / level)["round"] for level in LEVELS[:2]]
    assert folders.read_facts("parts")["round"] == sum(rounds)
    goal = max(rounds) + 1
    assert call(f"train --resume parts --steps {goal}")[0] == 0
    assert call(f"{LINE} --checkpoint-every 3 --steps {goal} --out whole")[0] == 0
    assert torch.equal(open_run("parts").sample(5), open_run("whole").sample(5))
