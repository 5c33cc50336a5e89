import pytest
import torch

from gan_course.data.resident import Resident
from gan_course.models import catalogue
from gan_course.models.catalogue import MODELS, NAMES
from gan_course.models.lapgan import lapgan


def images(channels=1, side=32, labels=True, n=20):
    x = torch.zeros(n, channels, side, side, dtype=torch.uint8)
    return Resident("invented", x, {"label": torch.arange(n) % 5} if labels else {})


@pytest.mark.parametrize("name", [name for name in NAMES if not MODELS[name].parts])
def test_every_model_is_built_from_plain_options_and_draws_images_of_the_size_of_the_data(name):
    entry, data = MODELS[name], images()
    game = entry.build(3, **entry.options(data, {}))
    assert game.sample(2).shape == (2, 1, 32, 32)
    assert entry.plan(data, {"rounds": 7}).rounds == 7


@pytest.mark.parametrize("name", ["cgan", "acgan"])
def test_the_classes_are_those_of_the_data(name):
    entry = MODELS[name]
    options = entry.options(images(3), {})
    assert (options["classes"], options["channels"], options["size"]) == (5, 3, 32)
    assert entry.build(0, **options).noise(7, torch.Generator())["y"].tolist() == [0, 1, 2, 3, 4, 0, 1]


@pytest.mark.parametrize("name", ["cgan", "acgan"])
def test_data_without_labels_are_refused_and_sets_that_have_them_named(name):
    with pytest.raises(
        ValueError, match="invented has no labels; sets that have them: strokes, digits, mnist"
    ):
        MODELS[name].options(images(labels=False), {})


@pytest.mark.parametrize(
    ("name", "side", "advice"),
    [("cgan", 64, ""), ("acgan", 30, ": try --size 32"), ("lapgan", 28, ": try --size 32")],
)
def test_a_size_that_the_networks_are_not_built_for_is_refused(name, side, advice):
    with pytest.raises(ValueError, match=f"{name} takes square images of") as caught:
        MODELS[name].options(images(side=side), {})
    assert str(caught.value).endswith(f"(channels × height × width){advice}")


def test_the_parts_of_a_lapgan_together_are_the_lapgan_of_that_seed():
    entry = MODELS["lapgan"]
    options = entry.options(images(3), {"width": 8})
    parts = entry.parts(options, {"seed": 4, "rounds": 9})
    whole = lapgan(4, **options).parts()
    assert [part.options["part"] for part in parts.values()] == list(whole) == ["8", "16", "32"]
    assert len({part.settings.seed for part in parts.values()}) == 3
    for part in parts.values():
        assert (part.settings.rounds, part.settings.snapshots) == (9, 0)
        built = catalogue.find(part.model).build(part.settings.seed, **part.options)
        theirs = whole[part.options["part"]].state_dict()
        assert all(torch.equal(tensor, theirs[key]) for key, tensor in built.state_dict().items())
        rows = catalogue.find(part.model).rows(images(3), part.options)
        assert rows.x.shape[-1] == int(part.options["part"])


def test_the_picture_of_a_level_shows_images_and_not_details():
    data = images(3)
    white = Resident("white", torch.full_like(data.x, 255))
    level = lapgan(0, width=8).parts()["32"]
    picture = MODELS["lapgan-level"].preview(level, level.G, white, 4)
    assert picture.shape == (4, 3, 32, 32)
    assert picture.mean() > 0.5
    assert picture.max() <= 1
