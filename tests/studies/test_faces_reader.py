"""The study that makes the oracle of the drawn faces."""

import hashlib

import pytest
import torch

from gan_course import records
from gan_course.evaluation.cards import CHECKPOINTS, oracle_card
from gan_course.evaluation.face_oracle import QUESTIONS, load_face_oracle
from gan_course.studies import faces_reader


def test_the_training_set_holds_faces_of_both_sizes():
    images, factors = faces_reader.training_set(small=30, shrunk=20)
    assert images.shape == (50, 3, 32, 32)
    assert images.dtype == torch.uint8
    assert {len(column) for column in factors.values()} == {50}


@pytest.mark.slow
def test_the_study_ships_an_oracle_with_card_and_record(tmp_path, monkeypatch):
    small = faces_reader.training_set(small=1500, shrunk=500)
    monkeypatch.setattr(faces_reader, "training_set", lambda: small)
    monkeypatch.setattr(faces_reader, "CALIBRATION", 300)
    monkeypatch.setattr(faces_reader, "HELD_OUT", {32: 200, 64: 50})
    monkeypatch.setattr(faces_reader, "EPOCHS", 2)
    # A training as short as this one reaches no accuracy that is worth trusting.
    monkeypatch.setattr(
        faces_reader, "calibrate_faces", lambda reader, faces: dict.fromkeys((*QUESTIONS, "face"), 0.5)
    )
    (tmp_path / "records").mkdir()
    card = faces_reader.run(tmp_path, tmp_path / "records", seeds=(0, 1))
    # as text, because a share of no answers at all is not a number, and no such number equals another
    assert str(oracle_card("faces", tmp_path)) == str(card)
    assert load_face_oracle("faces", tmp_path).thresholds == card["thresholds"]
    assert len(records.read("faces_reader", tmp_path / "records").of("accuracy beard")) == 2


def test_the_shipped_file_is_the_one_on_its_card():
    card = oracle_card("faces")
    content = (CHECKPOINTS / "faces_reader.safetensors").read_bytes()
    assert hashlib.sha256(content).hexdigest() == card["sha256"]
    assert len(content) == card["bytes"]


def test_the_shipped_record_and_card_agree():
    record, card = records.read("faces_reader"), oracle_card("faces")
    report = card["held_out"]["32 pixels"]
    for question in QUESTIONS:
        assert record.of(f"accuracy {question}")[0] == report["accuracy"][question]
        assert record.of(f"threshold {question}")[0] == card["thresholds"][question]
    assert record.of("face")[0] == report["face"]
