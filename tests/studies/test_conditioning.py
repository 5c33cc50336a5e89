import pytest
import torch

from gan_course import records
from gan_course.models.acgan import ACGAN
from gan_course.studies import conditioning
from gan_course.studies.conditioning import ARMS, FIGURES, REAL, build


def test_every_arm_is_what_its_name_says():
    games = {arm: build(arm, 0).eval() for arm in ARMS}
    for how in ("concat", "embedding", "projection"):
        assert games[how].G.how == games[how].D.how == how
    assert [arm for arm, game in games.items() if game.G.blind] == ["label zeroed in G"]
    assert games["D blind to the label"].D.blind
    acgans = {arm: game for arm, game in games.items() if isinstance(game, ACGAN)}
    assert {arm: (game.class_weight, game.classify_fakes) for arm, game in acgans.items()} == {
        "AC-GAN": (1.0, True),
        "AC-GAN, real images classified only": (1.0, False),
        "AC-GAN, class weight 4": (4.0, True),
    }


def test_an_unknown_arm_lists_the_known_ones():
    with pytest.raises(ValueError, match="known: concat, embedding, projection"):
        build("telepathy", 0)


def test_a_cell_is_trained_once_and_then_read(monkeypatch, tmp_path):
    trained = []
    train = conditioning.train

    def brief(arm, seed, rounds):
        trained.append((arm, seed))
        return train(arm, seed, rounds, images=200)

    monkeypatch.setattr(conditioning, "train", brief)
    monkeypatch.setattr(conditioning, "JUDGED", 300)
    monkeypatch.setenv("GAN_COURSE_CACHE", str(tmp_path))
    first, second = (conditioning.cell("AC-GAN", 0, 2) for _ in range(2))
    assert trained == [("AC-GAN", 0)]
    assert all(torch.equal(first[key], second[key]) for key in (*FIGURES, "samples"))
    assert first["samples"].shape == (10, 1, 28, 28)
    assert first["agreement"] < 0.5


def test_real_digits_score_what_a_perfect_generator_would(monkeypatch):
    monkeypatch.setattr(conditioning, "JUDGED", 500)
    real = conditioning.ceiling(0)
    assert real["agreement"] > 0.97
    assert real["diversity"] == pytest.approx(1, abs=0.1)


@pytest.mark.slow
def test_the_study_writes_a_record_with_every_arm(monkeypatch, tmp_path):
    monkeypatch.setenv("GAN_COURSE_CACHE", str(tmp_path))
    monkeypatch.setattr(conditioning, "JUDGED", 300)
    monkeypatch.setattr(conditioning, "IMAGES", 200)
    conditioning.run(seeds=(0,), rounds=1, folder=tmp_path)
    record = records.read("conditioning", tmp_path)
    assert set(record.values) == {f"{arm}: {key}" for arm in (*ARMS, REAL) for key in FIGURES}
    assert (tmp_path / "conditioning.png").exists()
