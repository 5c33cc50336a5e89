import json

import pytest
import torch

from gan_course.models.dcgan import dcgan
from gan_course.models.shipped import CHECKPOINTS, load_shipped, save_shipped, shipped_card

NAMES = sorted(path.stem for path in CHECKPOINTS.glob("*.json") if "model" in json.loads(path.read_text()))


@pytest.fixture
def tiny(tmp_path):
    """A shipped model of a few hundred weights."""
    options = {"size": 32, "width": 2, "channels": 3, "kernel": 4, "latent": 5, "prior": "normal"}
    game = dcgan(1, **options)
    save_shipped(
        "tiny", game, {"model": "dcgan", "options": options, "seed": 1, "command": "make it"}, tmp_path
    )
    return game, tmp_path


def test_a_shipped_model_comes_back_with_the_same_samples_frozen_and_in_eval_mode(tiny):
    game, folder = tiny
    back = load_shipped("tiny", folder)
    assert torch.equal(back.sample(4), game.eval().sample(4))
    assert not back.training
    assert not any(parameter.requires_grad for parameter in back.parameters())


def test_an_altered_file_is_refused_with_the_command_that_makes_it_anew(tiny):
    _, folder = tiny
    path = folder / "tiny.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(ValueError, match=r"damaged: its SHA-256 .* train it with `make it`"):
        load_shipped("tiny", folder)


def test_an_unknown_name_lists_the_known_ones(tiny):
    with pytest.raises(FileNotFoundError, match="no shipped model 'other'; known: tiny"):
        load_shipped("other", tiny[1])


def test_the_course_ships_a_dcgan_of_faces():
    assert NAMES == ["dcgan_faces64"]


@pytest.mark.parametrize("name", NAMES)
def test_the_card_tells_how_the_weights_were_made(name):
    card = shipped_card(name)
    for key in (
        "command",
        "data",
        "rows",
        "fingerprint",
        "settings",
        "seconds",
        "hardware",
        "versions",
        "license",
    ):
        assert card[key], key
    assert "/" not in card["command"]  # no path of the machine that made it


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_model_draws_finite_images_that_differ(name):
    game = load_shipped(name)
    samples = game.sample(8)
    assert samples.abs().max() <= 1
    assert samples.std(0).mean() > 0.1
