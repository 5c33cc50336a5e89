"""The study that makes the oracle of the stroke digits."""

import pytest
import torch

from gan_course import records
from gan_course.evaluation.oracle import load_oracle, oracle_card
from gan_course.studies import strokes_reader


def test_the_training_set_holds_both_settings():
    images, labels = strokes_reader.training_set(wild=30, mild=20)
    assert images.shape == (50, 1, 28, 28)
    assert images.dtype == torch.uint8
    assert labels.shape == (50,)


@pytest.mark.slow
def test_the_study_ships_an_oracle_with_card_and_record(tmp_path, monkeypatch):
    small = strokes_reader.training_set(wild=2000, mild=1000)
    monkeypatch.setattr(strokes_reader, "training_set", lambda: small)
    monkeypatch.setattr(strokes_reader, "HELD_OUT", 500)
    (tmp_path / "records").mkdir()
    card = strokes_reader.run(tmp_path, tmp_path / "records")
    assert oracle_card("strokes", tmp_path) == card
    assert load_oracle("strokes", tmp_path).threshold == card["threshold"]
    record = records.read("strokes_reader", tmp_path / "records")
    assert record.mean("rejecting: junk seen") < record.mean("plain: junk seen")


def test_the_shipped_record_and_card_agree():
    record, card = records.read("strokes_reader"), oracle_card("strokes")
    assert record.mean("rejecting: accuracy") == card["accuracy"]
    assert record.mean("rejecting: threshold") == card["threshold"]
