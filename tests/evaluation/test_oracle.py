import json
import math

import pytest
import torch
from torch import nn

from gan_course.data import strokes
from gan_course.evaluation import junk
from gan_course.evaluation.oracle import (
    Oracle,
    answers,
    calibrate,
    class_report,
    load_oracle,
    oracle_card,
    save_oracle,
    self_report,
)
from gan_course.evaluation.reader import Reader, as_input


class Planted(nn.Module):
    """Answers what the first two pixels say: the class in tenths and the probability of that class."""

    def forward(self, x):
        label = (x[:, 0, 0, 0] * 10).round().long()
        sure = x[:, 0, 0, 1]
        logits = ((1 - sure) / 9).log()[:, None].repeat(1, 10)
        logits[torch.arange(len(x)), label] = sure.log()
        return logits


def planted_images(labels, confidence):
    images = torch.zeros(len(labels), 1, 28, 28)
    images[:, 0, 0, 0] = torch.as_tensor(labels) / 10
    images[:, 0, 0, 1] = torch.as_tensor(confidence)
    return images


def test_only_answers_at_or_above_the_threshold_count():
    images = planted_images([3, 3, 7], [0.95, 0.6, 0.9])
    labels, counts = Oracle("planted", Planted(), 0.8).judge(images, chunk=2)
    assert labels.tolist() == [3, 3, 7]
    assert counts.tolist() == [True, False, True]


def test_the_threshold_is_the_smallest_that_reaches_the_accuracy():
    confidence = torch.linspace(0.6, 0.99, 40)
    truth = torch.full((40,), 2)
    said = truth.clone()
    said[:10] = 5  # the ten least sure answers are wrong
    nothing = planted_images([0] * 100, [0.2] * 100)
    images = planted_images(said, confidence)
    assert calibrate(Planted(), images, truth, nothing, accuracy=1.0) == pytest.approx(confidence[10].item())
    # 30 right answers among the 31 surest: the eleventh from below may count as well
    assert calibrate(Planted(), images, truth, nothing, accuracy=0.96) == pytest.approx(confidence[9].item())


def test_junk_and_the_majority_rule_raise_the_threshold():
    images, truth = planted_images([1] * 50, [0.9] * 50), torch.ones(50, dtype=torch.int64)
    harmless = planted_images([0] * 100, [0.2] * 100)
    tempting = planted_images([0] * 100, [0.7] * 100)
    assert calibrate(Planted(), planted_images([1] * 50, [0.3] * 50), truth, harmless) == 0.5
    assert calibrate(Planted(), images, truth, tempting) == pytest.approx(0.9)
    low = planted_images([1] * 50, torch.linspace(0.55, 0.9, 50))
    assert calibrate(Planted(), low, truth, tempting) == pytest.approx(0.7, abs=1e-6)


def test_a_reader_that_is_never_right_cannot_be_calibrated():
    images = planted_images([1] * 50, [0.9] * 50)
    with pytest.raises(ValueError, match="train the reader longer"):
        calibrate(Planted(), images, torch.zeros(50, dtype=torch.int64), images)


def test_classes_share_and_entropy_of_planted_samples():
    oracle = Oracle("planted", Planted(), 0.8)
    images = planted_images([0] * 80 + [1] * 80 + [2] * 1 + [3] * 39, [0.9] * 161 + [0.5] * 39)
    found = class_report(oracle, images)
    assert found.histogram.tolist() == [80, 80, 1, 0, 0, 0, 0, 0, 0, 0]
    assert found.classes == 2  # one answer in 200 is less than a tenth of its due
    assert found.readable == pytest.approx(161 / 200)
    even = class_report(oracle, planted_images(list(range(10)) * 20, [0.9] * 200))
    assert even.entropy == pytest.approx(math.log(10))
    assert class_report(oracle, planted_images([4] * 200, [0.9] * 200)).entropy == 0.0


def test_unreadable_samples_have_no_class():
    found = class_report(Oracle("planted", Planted(), 0.8), planted_images([4] * 200, [0.5] * 200))
    assert (found.classes, found.readable, found.entropy) == (0, 0.0, 0.0)


def test_wrong_shapes_and_too_few_samples_are_refused():
    oracle = Oracle("planted", Planted(), 0.8)
    with pytest.raises(ValueError, match=r"these have shape \(5, 784\)"):
        oracle.judge(torch.zeros(5, 784))
    with pytest.raises(ValueError, match="50 samples are too few to judge 10 classes: draw at least 101"):
        class_report(oracle, torch.zeros(50, 1, 28, 28))


def test_an_oracle_comes_back_as_it_was_saved(tmp_path):
    reader = Reader().eval()
    card = save_oracle(Oracle("mine", reader, 0.75), {"accuracy": 0.5, "command": "none"}, tmp_path)
    state = torch.get_rng_state()
    loaded = load_oracle("mine", tmp_path)
    assert torch.equal(torch.get_rng_state(), state)
    images = strokes.draw(20).images
    assert all(
        torch.equal(a, b)
        for a, b in zip(answers(reader, images), answers(loaded.reader, images), strict=True)
    )
    assert (loaded.name, loaded.threshold) == ("mine", 0.75)
    assert oracle_card("mine", tmp_path) == card
    assert card["accuracy"] == 0.5


def test_saving_twice_gives_the_same_bytes(tmp_path):
    oracle = Oracle("mine", Reader().eval(), 0.75)
    first = save_oracle(oracle, {"accuracy": 0.5}, tmp_path)
    assert save_oracle(oracle, {"accuracy": 0.5}, tmp_path)["sha256"] == first["sha256"]


def test_a_damaged_file_is_refused(tmp_path):
    save_oracle(Oracle("mine", Reader(), 0.75), {"command": "make it"}, tmp_path)
    path = tmp_path / "mine_reader.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"damaged.*`make it`"):
        load_oracle("mine", tmp_path)


def test_an_unknown_oracle_lists_the_known_ones(tmp_path):
    with pytest.raises(FileNotFoundError, match="known: none"):
        load_oracle("cats", tmp_path)
    with pytest.raises(FileNotFoundError, match="known: strokes"):
        load_oracle("cats")


@pytest.fixture(scope="module")
def oracle():
    return load_oracle("strokes")


@pytest.mark.parametrize(("setting", "least"), [("wild", 0.98), ("mild", 0.995)])
def test_the_shipped_oracle_reads_strokes_it_never_saw_and_no_junk(oracle, setting, least):
    test = strokes.draw(1000, 77, setting)
    report = self_report(oracle, test.images, test.factors["label"], seed=5)
    assert report.accuracy >= least - 0.01  # 1,000 images: two standard errors
    assert report.confident > 0.9
    assert report.confident_accuracy >= 0.985
    assert report.junk.keys() == (junk.SEEN | junk.UNSEEN).keys()
    assert max(report.junk[kind] for kind in junk.SEEN) <= 0.01
    assert max(report.junk[kind] for kind in junk.UNSEEN) <= 0.03  # 1.8 % of 10,000; 1,000 here


def test_the_shipped_oracle_finds_the_classes_that_were_planted(oracle):
    drawn = strokes.draw(2000, 78)
    label = drawn.factors["label"]
    kept = as_input(drawn.images[(label == 3) | (label == 8)])
    found = class_report(oracle, kept)
    assert found.histogram.nonzero()[:, 0].tolist() == [3, 8]
    assert found.readable > 0.95
    everything = class_report(oracle, drawn.images)
    assert everything.classes == 10
    assert everything.entropy == pytest.approx(math.log(10), abs=0.02)


def test_pixels_and_floats_are_judged_alike_and_chunks_change_nothing(oracle):
    images = strokes.draw(70, 79).images
    labels, counts = oracle.judge(images)
    again, counted = oracle.judge(as_input(images), chunk=32)
    assert torch.equal(labels, again)
    assert torch.equal(counts, counted)
    assert oracle.features(images, chunk=32).shape == (70, 64)
    assert torch.allclose(oracle.features(images, chunk=32), oracle.features(images), atol=1e-4)


def test_the_card_states_what_the_course_promises():
    card = oracle_card("strokes")
    assert card["accuracy"] >= 0.98
    assert max(max(report["junk"].values()) for report in card["held_out"].values()) <= 0.02
    assert card["command"] == "gan-course study strokes_reader"
    assert json.dumps(card)
