import pytest
import torch
from torch import nn

from gan_course import records
from gan_course.studies import celeba_dcgan, dcgan_ablations
from gan_course.studies.dcgan_ablations import ARMS, DEFAULT_INIT, build


def count(net: nn.Module, kind: type) -> int:
    return sum(isinstance(layer, kind) for layer in net.modules())


def test_every_arm_takes_away_what_its_name_says():
    games = {arm: build(arm, 0) for arm in ARMS}
    norms = {
        arm: (count(game.G, nn.BatchNorm2d), count(game.D, nn.BatchNorm2d)) for arm, game in games.items()
    }
    assert norms["all guidelines"] == (3, 2)
    assert norms["no batch norm"] == (0, 0)
    assert norms["no batch norm in G"] == (0, 2)
    assert norms["batch norm everywhere"] == (4, 3)
    assert count(games["pooling"].D, nn.MaxPool2d) == 3
    assert count(games["pooling"].G, nn.Upsample) == 3
    assert count(games["pooling"].G, nn.ConvTranspose2d) == 1  # the projection
    linear = games["fully connected layers"]
    assert (count(linear.G, nn.Linear), count(linear.D, nn.Linear)) == (2, 2)
    assert (count(games["tanh inside G"].G, nn.ReLU), count(games["tanh inside G"].G, nn.Tanh)) == (0, 4)
    assert (count(games["ReLU in D"].D, nn.LeakyReLU), count(games["ReLU in D"].D, nn.ReLU)) == (0, 3)
    spread = {arm: games[arm].D[1][0].weight.std().item() for arm in ("all guidelines", DEFAULT_INIT)}
    assert spread["all guidelines"] == pytest.approx(0.02, rel=0.1)
    assert spread[DEFAULT_INIT] > 0.03


@pytest.mark.parametrize("arm", ARMS)
def test_every_arm_draws_images_and_has_one_logit_per_image(arm):
    game = build(arm, 0)
    images = game.sample(2)
    assert images.shape == (2, 3, 32, 32)
    assert images.abs().max() <= 1
    assert game.D(images).shape == (2, 1)
    if arm != DEFAULT_INIT:
        weights = [layer.weight for layer in game.D.modules() if isinstance(layer, nn.Conv2d | nn.Linear)]
        assert all(weight.std().item() == pytest.approx(0.02, rel=0.25) for weight in weights)


def test_an_unknown_arm_lists_the_known_ones():
    with pytest.raises(ValueError, match="known: all guidelines, pooling"):
        build("no D", 0)


def test_a_cell_is_trained_once_and_then_read(monkeypatch, tmp_path):
    monkeypatch.setenv("GAN_COURSE_CACHE", str(tmp_path))
    trained = []
    train = dcgan_ablations.train

    def brief(arm, seed, rounds):
        trained.append((arm, seed))
        return train(arm, seed, rounds, images=200)

    monkeypatch.setattr(dcgan_ablations, "train", brief)
    monkeypatch.setattr(dcgan_ablations, "JUDGED", 300)
    first, second = (dcgan_ablations.cell("ReLU in D", 0, 40) for _ in range(2))
    assert trained == [("ReLU in D", 0)]
    assert all(torch.equal(first[key], second[key]) for key in ("FD", "faces", "unrest", "samples"))
    assert first["samples"].shape == (8, 3, 32, 32)


def test_the_records_hold_every_arm():
    ablations = records.read("dcgan_ablations")
    assert set(ablations.values) == {f"{arm}: {key}" for arm in ARMS for key in ("FD", "faces", "unrest")}
    assert len(ablations.seeds) == 5
    assert {"FD", "FD floor", "FD blurred", "copies"} <= set(records.read("celeba_dcgan").values)


@pytest.mark.slow
def test_the_study_of_photographs_runs_on_any_pictures(monkeypatch, tmp_path):
    from gan_course.data.resident import Resident
    from gan_course.training import Settings

    rng = torch.Generator().manual_seed(0)
    pictures = torch.randint(0, 256, (200, 3, 64, 64), generator=rng, dtype=torch.uint8)
    sets = {"train": Resident("celeba", pictures[:100]), "test": Resident("celeba", pictures[100:])}
    monkeypatch.setattr(celeba_dcgan, "load", lambda name, size, split: sets[split])
    monkeypatch.setattr(celeba_dcgan, "JUDGED", 40)
    monkeypatch.setattr(celeba_dcgan, "WIDTH", 4)
    monkeypatch.setenv("GAN_COURSE_CACHE", str(tmp_path))
    brief = Settings(rounds=3, batch=8, log_every=1, snapshots=0, ema=0.5)
    monkeypatch.setattr(celeba_dcgan, "SETTINGS", brief)
    values = celeba_dcgan.run(tmp_path)
    assert values["FD"] > values["FD floor"]
    assert records.read("celeba_dcgan", tmp_path).mean("FD") == values["FD"]
    assert (tmp_path / "celeba_dcgan.png").exists()
    assert celeba_dcgan.run(tmp_path)["FD"] == values["FD"]  # goes on from the finished checkpoint
