import json

import pytest
import torch
from torch import nn

from gan_course.data import faces
from gan_course.data.faces import ATTRIBUTES, HAIR
from gan_course.evaluation import face_junk
from gan_course.evaluation.cards import oracle_card
from gan_course.evaluation.face_oracle import (
    QUESTIONS,
    FaceOracle,
    calibrate_faces,
    face_self_report,
    load_face_oracle,
    save_face_oracle,
)
from gan_course.evaluation.face_reader import FaceAnswers, FaceReader
from gan_course.evaluation.oracle import load_oracle
from gan_course.evaluation.reader import as_input

HALF = dict.fromkeys((*QUESTIONS, "face"), 0.9)


class Planted(nn.Module):
    """Answers what the first pixels of the first channel say: 5 attributes, hair class, yaw / 35, skin tone, face."""

    def forward(self, x):
        said = x[:, 0, 0]
        hair = torch.full((len(x), len(HAIR)), -4.0)
        hair[torch.arange(len(x)), (said[:, 5] * 10).round().long()] = 4.0
        return FaceAnswers(
            8 * said[:, :5], hair, said[:, 6], said[:, 7], x[:, :, 1, 0] / 2 + 0.5, 8 * said[:, 8]
        )


def planted_images(rows):
    images = torch.zeros(len(rows), 3, 32, 32)
    images[:, 0, 0, :9] = torch.tensor(rows)
    return images


def test_answers_count_when_they_are_sure_and_there_is_a_face():
    rows = [[1, -1, 0.1, 1, 1, 0.2, 0.5, 0.3, 1.0], [1, -1, 1, 1, 1, 0.4, -1, 0.3, -1.0]]
    report = FaceOracle("planted", Planted(), HALF).judge(planted_images(rows), chunk=1)
    assert report.face.tolist() == [True, False]
    assert [report.answer[key].tolist() for key in ATTRIBUTES] == [[1, 1], [0, 0], [1, 1], [1, 1], [1, 1]]
    assert report.counts["smiling"].tolist() == [True, False]
    assert not report.counts["beard"].any()  # 0.69 < 0.9
    assert report.probability["eyeglasses"].max() < 0.001
    assert report.answer["hair_colour"].tolist() == [2, 4]
    assert report.probability["hair_colour"].shape == (2, len(HAIR))
    assert report.yaw.tolist() == [17.5, -35.0]
    assert report.background.tolist() == [[0.5] * 3] * 2


@pytest.mark.parametrize(
    "shape", [(2, 3, 48, 48), (2, 1, 32, 32), (2, 3, 32, 64), (3, 32, 32), (0, 3, 32, 32)]
)
def test_other_shapes_are_refused(shape):
    oracle = FaceOracle("planted", Planted(), HALF)
    with pytest.raises(ValueError, match=r"square colour images \(n, 3, s, s\) of 32, 64, 128 pixels"):
        oracle.judge(torch.zeros(shape))


def test_an_untrained_reader_cannot_be_calibrated():
    with pytest.raises(ValueError, match="train the reader longer"):
        calibrate_faces(FaceReader().eval(), faces.draw(64, 5, 32))


def test_a_face_oracle_comes_back_as_it_was_saved(tmp_path):
    reader = FaceReader().eval()
    card = save_face_oracle(FaceOracle("mine", reader, HALF), {"command": "none"}, tmp_path)
    state = torch.get_rng_state()
    loaded = load_face_oracle("mine", tmp_path)
    assert torch.equal(torch.get_rng_state(), state)
    images = faces.draw(8, 0, 32).images
    assert torch.equal(loaded.features(images), FaceOracle("mine", reader, HALF).features(images))
    assert (loaded.name, loaded.thresholds) == ("mine", HALF)
    assert oracle_card("mine", tmp_path) == card


def test_a_damaged_file_is_refused(tmp_path):
    save_face_oracle(FaceOracle("mine", FaceReader(), HALF), {"command": "make it"}, tmp_path)
    path = tmp_path / "mine_reader.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"damaged.*`make it`"):
        load_face_oracle("mine", tmp_path)


def test_an_oracle_of_another_kind_names_its_loader():
    with pytest.raises(ValueError, match="holds a FaceReader, not a Reader: use load_face_oracle"):
        load_oracle("faces")
    with pytest.raises(FileNotFoundError, match="known: strokes, faces"):
        load_face_oracle("cats")


@pytest.fixture(scope="module")
def oracle():
    return load_face_oracle()


@pytest.fixture(scope="module")
def report(oracle):
    return face_self_report(oracle, faces.draw(1000, 77, 32), seed=5)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_shipped_oracle_reads_faces_it_never_saw(report, question):
    promised = oracle_card("faces")["held_out"]["32 pixels"]["accuracy"][question]
    assert report.accuracy[question] >= promised - 0.01  # 1,000 faces: about three standard errors
    assert report.counted[question] > 0.8
    assert report.counted_accuracy[question] >= 0.985


def test_the_shipped_oracle_measures_head_turn_and_colours(report):
    promised = oracle_card("faces")["held_out"]["32 pixels"]["error"]
    for name, error in report.error.items():
        assert error <= 1.2 * promised[name], name


def test_the_shipped_oracle_passes_faces_and_refuses_junk(report):
    assert report.face >= 0.98
    assert max(report.junk[kind] for kind in face_junk.SEEN) <= 0.02
    assert report.junk["untrained DCGAN"] <= 0.02


def test_pixels_and_floats_are_judged_alike_and_chunks_change_nothing(oracle):
    images = faces.draw(70, 79, 64).images
    one, other = oracle.judge(images), oracle.judge(as_input(images), chunk=32)
    assert all(torch.equal(one.answer[key], other.answer[key]) for key in QUESTIONS)
    assert torch.allclose(one.yaw, other.yaw, atol=1e-3)
    assert torch.allclose(oracle.features(images, chunk=32), oracle.features(images), atol=1e-4)


def test_the_same_person_is_read_alike_at_every_size(oracle):
    small, *larger = (oracle.judge(faces.draw(60, 80, size).images) for size in (32, 64, 128))
    for other in larger:
        assert (small.yaw - other.yaw).abs().mean() < 2.0
        for question in QUESTIONS:
            both = small.counts[question] & other.counts[question]
            same = small.answer[question] == other.answer[question]
            assert same[both].double().mean() >= 0.95, question


def test_the_card_states_what_the_course_promises():
    card = oracle_card("faces")
    for size, report in card["held_out"].items():
        assert min(report["accuracy"][name] for name in ATTRIBUTES) >= 0.98, size
        assert max(report["junk"][kind] for kind in card["junk_seen_in_training"]) <= 0.02
    assert card["command"] == "gan-course study faces_reader"
    assert json.dumps(card)
