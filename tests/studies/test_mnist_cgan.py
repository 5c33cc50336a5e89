import pytest
import torch

from gan_course import records
from gan_course.data import load
from gan_course.models.cgan import CGAN_SETTINGS
from gan_course.studies import mnist_cgan
from gan_course.training import Settings


@pytest.mark.slow
def test_the_study_runs_on_any_digits_and_goes_on_where_it_stopped(monkeypatch, tmp_path):
    digits = {"train": load("strokes", n=400), "test": load("strokes", n=200, split="test")}
    monkeypatch.setenv("GAN_COURSE_CACHE", str(tmp_path))
    monkeypatch.setattr(mnist_cgan, "load", lambda name, split: digits[split])
    monkeypatch.setattr(mnist_cgan, "WIDTH", 2)
    brief = Settings(rounds=3, batch=8, log_every=1, snapshots=0, ema=0.5)
    monkeypatch.setattr(mnist_cgan, "SETTINGS", brief)
    values = mnist_cgan.run(tmp_path)
    assert values["FD"] > values["FD floor"]
    assert values["agreement, strokes, test digits"] > 0.97 > values["agreement, strokes"]
    assert records.read("mnist_cgan", tmp_path).mean("FD") == values["FD"]
    assert (tmp_path / "mnist_cgan.png").exists()
    assert mnist_cgan.run(tmp_path)["FD"] == values["FD"]  # goes on from the finished checkpoint


def test_the_study_trains_the_recipe_of_the_course_for_longer():
    settings = mnist_cgan.SETTINGS.as_dict()
    assert {key: settings[key] for key in ("batch", "lr")} == {
        key: CGAN_SETTINGS[key] for key in ("batch", "lr")
    }
    assert settings["rounds"] > 3 * CGAN_SETTINGS["rounds"]
    assert mnist_cgan.game().sample(2).shape == torch.Size([2, 1, 28, 28])
