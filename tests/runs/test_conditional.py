from pathlib import Path

import pytest
import torch
from PIL import Image

from gan_course import data
from gan_course.runs import open_run
from gan_course.runs.evaluate import evaluate
from gan_course.runs.folder import SavedRun

LINE = "train cgan --data strokes --rows 200 --width 4 --batch 8 --device cpu --steps 2"


def test_samples_take_the_classes_in_turn_and_a_column_of_the_picture_shows_one(call):
    code, output = call(LINE)
    assert code == 0, output
    run = open_run("runs/cgan-strokes-1")
    assert run.labels(23).tolist() == [*range(10), *range(10), 0, 1, 2]
    grid = Image.open(run.folder / "samples" / "000002.png")
    assert grid.size == (10 * 29 - 1, 6 * 29 - 1)  # sixty samples, ten in a row
    longest = run.sample(130, seed=1)
    assert torch.equal(run.sample(61, seed=1), longest[:61])


def test_the_labels_are_those_the_samples_were_drawn_with(call):
    call(LINE)
    run = open_run("runs/cgan-strokes-1")
    seen, generate = [], run.game.generate
    run.game.generate = lambda noise, G: seen.append(noise["y"]) or generate(noise, G)
    run.sample(130)
    assert torch.equal(torch.cat(seen)[:130], run.labels(130))


def test_a_class_can_be_asked_for(call):
    call(LINE)
    run = open_run("runs/cgan-strokes-1")
    threes = run.sample(10, label=3)
    assert torch.equal(threes[3], run.sample(10)[3])
    assert not torch.equal(threes[4], run.sample(10)[4])
    assert call("sample runs/cgan-strokes-1 -n 10 --label 3")[0] == 0
    assert Path("runs/cgan-strokes-1/samples-seed-0-class-3.png").exists()
    assert "knows the classes 0 to 9" in call("sample runs/cgan-strokes-1 --label 10")[1]


def test_a_model_without_classes_has_no_labels(call):
    call("train vanilla --data ring --rows 64 --width 4 --batch 8 --device cpu --steps 1")
    assert open_run("runs/vanilla-ring-1").labels(3) is None
    assert "this model knows no classes" in call("sample runs/vanilla-ring-1 --label 0")[1]


@pytest.mark.parametrize(("shift", "expected"), [(0, 1), (1, 0)])
def test_the_report_says_how_often_the_class_asked_for_is_drawn(call, monkeypatch, shift, expected):
    call(LINE)
    load = data.load
    monkeypatch.setattr(
        data, "load", lambda **o: load(**({"n": 400} if o.get("split") == "test" else {}) | o)
    )
    fresh = load(name="strokes", n=400, seed=77)
    rows = [(fresh.column("label") == (y + shift) % 10).nonzero().flatten() for y in range(10)]
    drawn = fresh.take(torch.stack([row[:12] for row in rows], 1).flatten())  # 0 1 ... 9 0 1 ...
    monkeypatch.setattr(SavedRun, "sample", lambda self, n, seed=0: drawn[:n])
    measures = {one["what"]: one for one in evaluate("runs/cgan-strokes-1", n=110)["measures"]}
    found = measures["agreement, stroke reader"]
    assert abs(found["value"] - expected) < 0.1
    assert found["real"] > 0.95
    assert "for the worst class" in found["note"]
