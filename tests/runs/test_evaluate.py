import json
from pathlib import Path

import pytest
import torch

from gan_course import data
from gan_course.data.resident import Resident
from gan_course.runs import evaluate as module
from gan_course.runs.evaluate import evaluate, report
from gan_course.runs.folder import SavedRun

POINTS = "train vanilla --data ring --rows 300 --width 4 --batch 8 --device cpu --steps 2"
DIGITS = "train vanilla --data strokes --rows 300 --batch 8 --device cpu --steps 2"


def measures(evaluation):
    return {measure["what"]: measure for measure in evaluation["measures"]}


@pytest.fixture
def few(monkeypatch):
    """Held-out sets of 400 rows: drawn in a moment."""
    load = data.load
    monkeypatch.setattr(
        data, "load", lambda **o: load(**({"n": 400} if o.get("split") == "test" else {}) | o)
    )


def generate(monkeypatch, rows):
    monkeypatch.setattr(SavedRun, "sample", lambda self, n, seed=0: rows[:n])


@pytest.mark.slow
def test_a_perfect_generator_gets_what_real_rows_get(call, few, monkeypatch):
    call(DIGITS)
    fresh = data.load(name="strokes", n=200, seed=77)
    generate(monkeypatch, fresh.take(slice(None)))
    found = measures(evaluate("runs/vanilla-strokes-1"))
    fd = found["FD, stroke reader"]
    assert fd["n"] == 200
    assert 0.5 < fd["value"] / fd["real"] < 2
    assert found["classes, stroke reader"]["value"] == 10
    assert found["readable, stroke reader"]["value"] > 0.95
    assert found["distance to training"]["note"].startswith("not copies")
    assert abs(found["1-NN real or fake"]["value"] - 0.5) < 0.1


@pytest.mark.slow
def test_copies_of_the_training_rows_are_called_copies(call, few, monkeypatch):
    call(DIGITS)
    generate(monkeypatch, data.load(name="strokes", n=300).take(slice(None)))
    written = evaluate("runs/vanilla-strokes-1")
    found = measures(written)
    assert "Smooth, grey pictures are near to every image" in written["messages"][-1]
    assert found["distance to training"]["value"] == 0
    assert found["distance to training"]["note"].startswith("may be copies")
    assert found["very close to training"]["value"] == 1


def test_an_untrained_generator_is_far_away_and_the_report_says_whose_eyes_and_how_many(call, few):
    call(DIGITS)
    code, output = call("evaluate runs/vanilla-strokes-1 -n 150 --seed 5")
    assert code == 0
    assert "round 2, averaged generator, the first 150 samples of seed 5, data: strokes" in output
    written = json.loads(Path("runs/vanilla-strokes-1/evaluation.json").read_text())
    fd = measures(written)["FD, stroke reader"]
    assert fd["value"] > 10 * fd["real"]
    line = next(line for line in output.splitlines() if line.startswith("FD, stroke reader"))
    assert line.split()[-1] == "150"
    assert report(written) == output.splitlines()


def test_points_are_judged_by_their_modes(call, few, monkeypatch):
    call(POINTS)
    generate(monkeypatch, data.load(name="ring", n=200, seed=5).x)
    found = measures(evaluate("runs/vanilla-ring-1"))
    assert found["modes covered"]["value"] == found["modes covered"]["real"] == 8
    assert found["within 3 sd of a mode"]["value"] > 0.95


def test_data_that_no_network_knows_get_no_distance_and_the_reader_is_told(call, monkeypatch):
    call("train vanilla --data digits --batch 8 --device cpu --steps 2")
    code, output = call("evaluate runs/vanilla-digits-1")
    assert code == 0
    assert (
        "No network of the course was trained to see 'digits': no distance of features is measured." in output
    )
    assert "FD" not in output
    assert "distance to training" in output


def test_padding_is_taken_off_before_the_stroke_reader_looks(call, few):
    call(DIGITS + " --size 32")
    assert call("evaluate runs/vanilla-strokes-1 -n 150")[0] == 0


def test_faces_are_seen_by_the_face_reader_and_other_sets_of_faces_too(monkeypatch):
    seen = []

    def judge():
        def features(images):
            return images.flatten(1)[:, :8]

        def sees(samples, real):
            seen.append((len(samples), len(real)))
            return []

        return module.Judge("face reader", "faces", features, sees)

    monkeypatch.setitem(module.JUDGES, "faces", judge)
    rng = torch.Generator().manual_seed(0)
    held_out = Resident("celeba", torch.randint(256, (240, 3, 32, 32), dtype=torch.uint8, generator=rng))
    samples = torch.rand(110, 3, 32, 32, generator=rng) * 2 - 1
    messages = []
    found = module._seen_by(module._judge("celeba", "auto", messages), samples, held_out, messages)
    assert found[0].what == "FD, face reader"
    assert seen == [(110, 110)]
    assert "was trained on 'faces'" in messages[0]


def test_too_many_samples_for_the_held_out_rows_are_refused(call, few):
    call(POINTS)
    code, output = call("evaluate runs/vanilla-ring-1 -n 201")
    assert code == 1
    assert "choose between 101 and 200, half of the held-out rows of 'ring'" in output


def test_unknown_features_list_the_known_ones():
    with pytest.raises(ValueError, match="known: auto, strokes, faces, none"):
        module._judge("strokes", "vgg", [])


def test_large_images_are_compared_with_training_rows_as_means_of_blocks():
    images = torch.rand(2, 3, 64, 64)
    assert module._smaller(images).shape == (2, 3, 32, 32)
    assert torch.allclose(module._smaller(images)[0, 0, 0, 0], images[0, 0, :2, :2].mean())
    assert module._smaller(images[..., :28, :28]).shape == (2, 3, 28, 28)
