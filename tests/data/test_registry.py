import subprocess
import sys
from pathlib import Path

import pytest
import torch

from gan_course import data
from gan_course.data import EMBEDDED, NAMES, faces, letterforms, load, registry, strokes


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GAN_COURSE_CACHE", str(tmp_path))


POINTS = ("ring", "grid25", "swiss_roll")


@pytest.mark.parametrize("name", EMBEDDED)
def test_every_embedded_set_loads(name):
    drawn = load(name, n=20)
    assert drawn.name == name
    assert len(drawn) == 20
    assert all(len(column) == 20 for column in drawn.columns.values())
    if name in POINTS:
        assert drawn.x.shape == (20, 2)
        assert drawn.x.dtype == torch.float32
    else:
        shape = {"digits": (1, 8, 8), "strokes": (1, 28, 28), "faces": (3, 64, 64)}[name]
        label = {"faces": "smiling"}.get(name, "label")
        assert drawn.x.shape == (20, *shape)
        assert drawn.x.dtype == torch.uint8
        assert drawn.column(label).dtype == torch.int64


@pytest.mark.parametrize("name", [*POINTS, "strokes", "faces"])
def test_drawn_sets_depend_on_seed_and_split(name):
    first = load(name, n=30, seed=1).x
    assert load(name, n=30, seed=1).x.equal(first)
    assert not load(name, n=30, seed=2).x.equal(first)
    assert not load(name, n=30, seed=1, split="test").x.equal(first)


def test_no_training_seed_draws_the_test_split_of_another():
    with pytest.raises(ValueError, match="between 0 and 999,999, not 1000000"):
        load("ring", n=5, seed=registry.HELD_OUT)
    with pytest.raises(ValueError, match="not -1"):
        load("ring", n=5, seed=-1)


def test_a_smaller_n_gives_the_first_rows_of_strokes():
    assert load("strokes", n=40).x[:10].equal(load("strokes", n=10).x)


def test_strokes_are_the_same_drawn_and_read_from_the_cache(monkeypatch):
    drawn = load("strokes", n=12, setting="wild")
    monkeypatch.setattr(strokes, "draw", None)  # a second drawing would fail
    read = load("strokes", n=12, setting="wild")
    assert read.x.equal(drawn.x)
    assert list(read.columns) == list(drawn.columns)
    assert all(read.column(name).equal(drawn.column(name)) for name in drawn.columns)


def test_strokes_carry_every_factor_of_their_drawing():
    assert set(load("strokes", n=3).columns) == set(strokes.draw(3).factors)


def test_the_settings_of_strokes_draw_different_digits():
    assert load("strokes", n=8).x.equal(load("strokes", n=8, setting="mild").x)
    assert not load("strokes", n=8).x.equal(load("strokes", n=8, setting="wild").x)


def test_the_default_sizes_are_those_of_the_data_cards():
    card = Path(registry.__file__).with_name("README.md").read_text(encoding="utf-8")
    for name in ("ring", "grid25", "swiss_roll", "digits"):
        sizes = [f"{len(load(name, split=split)):,}" for split in ("train", "test")]
        assert f"`{name}`: {sizes[0]} training rows, {sizes[1]} test rows" in card
    request = registry.Request(None, 0, None, "train", None, None)
    assert request.rows(60_000, 10_000) == 60_000
    assert "`strokes`: 60,000 training rows, 10,000 test rows" in card


def test_the_card_of_strokes_states_the_ranges_of_the_code():
    """Normal laws are cut at 2.5 standard deviations."""
    card = Path(registry.__file__).with_name("README.md").read_text(encoding="utf-8")

    def span(mean, deviation):
        return mean - 2.5 * deviation, mean + 2.5 * deviation

    def row(name, *ranges):
        return f"| `{name}` | " + " | ".join("{:.2f} to {:.2f}".format(*limits) for limits in ranges) + " |"

    settings = [strokes.SETTINGS[name] for name in ("mild", "wild")]
    thickness = [
        [s.thickness[0] * torch.tensor(z * s.thickness[1]).exp().item() for z in (-2.5, 2.5)]
        for s in settings
    ]
    assert row("slant", *(span(*s.slant) for s in settings)) in card
    assert row("thickness", *thickness) in card
    assert row("rotation", *(span(0, s.rotation) for s in settings)) in card
    assert row("scale", *(span(1, s.scale) for s in settings)) in card
    assert row("shift_x`, `shift_y", *(span(0, s.shift) for s in settings)) in card
    assert f"{len(letterforms.FORMS)} letter-forms" in card
    last = max(sum(form.label == label for form in letterforms.FORMS) for label in range(10)) - 1
    assert f"| `form` | 0 to {last} | 0 to {last} |" in card


def test_the_digits_of_scikit_learn_use_the_whole_range_of_bytes():
    digits = load("digits")
    assert digits.x.min().item() == 0
    assert digits.x.max().item() == 255
    assert len(digits.x.unique()) == 17
    assert len(digits) + len(load("digits", split="test")) == 1797


def test_padding_puts_the_picture_in_the_middle_of_black():
    plain, framed = load("strokes", n=4).x, load("strokes", n=4, size=32).x
    assert framed.shape == (4, 1, 32, 32)
    assert framed.dtype == torch.uint8
    assert framed[:, :, 2:30, 2:30].equal(plain)
    assert framed.sum(dtype=torch.int64) == plain.sum(dtype=torch.int64)


def test_size_is_the_size_of_the_drawing_for_faces():
    small, large = load("faces", n=3, size=32), load("faces", n=3, size=64)
    assert small.x.shape == (3, 3, 32, 32)
    assert large.x.shape == (3, 3, 64, 64)
    assert small.column("yaw").equal(large.column("yaw"))


def test_faces_are_the_same_drawn_and_read_from_the_cache(monkeypatch):
    drawn = load("faces", n=4, size=32)
    monkeypatch.setattr(faces, "draw", None)  # a second drawing would fail
    assert load("faces", n=4, size=32).x.equal(drawn.x)


@pytest.mark.parametrize("size", [16, 31])
def test_a_size_that_cannot_be_padded_to_is_refused(size):
    with pytest.raises(ValueError, match=f"28×28 cannot be padded to {size}×{size}"):
        load("strokes", n=2, size=size)


def test_a_size_below_one_is_refused():
    with pytest.raises(ValueError, match="at least 1, not 0"):
        load("celeba", size=0)


def test_points_cannot_be_padded():
    with pytest.raises(ValueError, match=r"points of shape \(2,\)"):
        load("ring", n=2, size=32)


def test_unknown_names_list_the_known_ones():
    with pytest.raises(
        ValueError,
        match=r"unknown data set 'cats'; known: ring, .*strokes, faces, mnist, fashion_mnist, cifar10, svhn, celeba",
    ):
        load("cats")
    with pytest.raises(ValueError, match="unknown split 'val'; known: train, test"):
        load("ring", split="val")
    with pytest.raises(ValueError, match="'mild', 'wild'"):
        load("strokes", n=2, setting="mad")


def test_arguments_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="at least 1, not 0"):
        load("ring", n=0)
    with pytest.raises(ValueError, match="'digits' has no settings"):
        load("digits", setting="wild")
    with pytest.raises(ValueError, match="'digits' has 360 rows in its test split, not 361"):
        load("digits", n=361, split="test")


def test_all_names_are_exported():
    assert set(EMBEDDED) < set(NAMES)
    assert set(NAMES) - set(EMBEDDED) == set(registry.REAL)
    assert registry.REAL == ("mnist", "fashion_mnist", "cifar10", "svhn", "celeba")
    assert all(hasattr(data, name) for name in data.__all__)


def test_importing_the_data_package_stays_light():
    program = (
        "import sys, gan_course.data, gan_course.training, gan_course.models.vanilla, gan_course.theory\n"
        "heavy = ('matplotlib', 'sklearn', 'torchvision', 'papermill', 'gan_course.data.strokes')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
