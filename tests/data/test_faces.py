import time

import pytest
import torch
from torch.nn.functional import avg_pool2d

from gan_course.data import cache
from gan_course.data.face_factors import CLASSES, COLOURS, NAMES, RANGES, RATES, sample
from gan_course.data.face_hair import HAIR_COLOURS
from gan_course.data.faces import ATTRIBUTES, HAIR, SIZES, SOURCES, draw, render

Factors = dict[str, torch.Tensor]
MIRRORED = (
    "yaw",
    "tilt",
    "shift_x",
    "light_x",
    "background_x",
    "gaze",
    "hair_part",
)  # change sign in a mirror


def plain(n: int, **changes: float) -> Factors:
    """Persons of seed 0 who look straight ahead, bare-headed, with short hair and nothing else on."""
    factors = sample(n, seed=0)
    still = dict.fromkeys((*ATTRIBUTES, "yaw", "tilt", "shift_x", "shift_y", "light_x"), 0) | {"scale": 1.17}
    return changed(factors, **(still | changes))


def changed(factors: Factors, **values: float) -> Factors:
    """The same factors with some set to one value in every row."""
    return factors | {name: torch.full_like(factors[name], value) for name, value in values.items()}


def difference(factors: Factors, size: int = 64, **values: float) -> torch.Tensor:
    """Largest change of a colour at each pixel when these factors change, 0 to 1, (n, size, size)."""
    before, after = render(factors, size), render(changed(factors, **values), size)
    return (before.float() - after.float()).abs().amax(1) / 255


def band(size: int, top: float, bottom: float) -> slice:
    """Rows of an image between two heights, 0 at the top and 1 at the bottom."""
    return slice(round(top * size), round(bottom * size))


# What is drawn --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_images_are_bytes_in_colour_with_one_value_of_every_factor_each(size):
    images, factors = draw(20, seed=1, size=size)
    assert images.shape == (20, 3, size, size)
    assert images.dtype == torch.uint8
    assert tuple(factors) == NAMES
    for name, value in factors.items():
        assert value.shape == ((20, 3) if name in COLOURS else (20,))
        assert value.dtype == (torch.int64 if name in (*ATTRIBUTES, *CLASSES) else torch.float32)
    assert (images.flatten(1).float().std(1) > 20).all()


def test_the_same_seed_draws_the_same_pixels_whatever_the_global_random_state():
    torch.manual_seed(1)
    one = draw(30, seed=3)
    torch.manual_seed(2)
    assert one.images.equal(draw(30, seed=3).images)


def test_another_seed_draws_other_persons():
    one, two = draw(30, seed=3), draw(30, seed=4)
    assert (one.images != two.images).flatten(1).any(1).all()


def test_drawing_does_not_depend_on_the_number_of_threads_and_leaves_it_alone():
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        one = draw(40)
        torch.set_num_threads(2)
        two = draw(40)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
    assert one.images.equal(two.images)


@pytest.mark.parametrize("n", [1, 7, 9, 1030])
def test_a_longer_drawing_begins_with_the_shorter_one(n):
    short, long = draw(n, seed=5, size=32), draw(1040, seed=5, size=32)
    assert short.images.equal(long.images[:n])
    assert all(short.factors[name].equal(long.factors[name][:n]) for name in NAMES)


@pytest.mark.parametrize("size", SIZES)
def test_rendering_the_factors_of_a_drawing_gives_its_images(size):
    images, factors = draw(20, seed=6, size=size)
    assert render(factors, size).equal(images)


def test_a_row_does_not_depend_on_the_rows_around_it():
    images, factors = draw(40, seed=6)
    row = torch.tensor([17, 3])
    assert render({name: value[row] for name, value in factors.items()}).equal(images[row])


def test_no_two_of_many_images_are_equal():
    images = draw(3000, size=32).images.flatten(1)  # three random streams
    assert len(torch.unique(images, dim=0)) == 3000


@pytest.mark.parametrize("size", [32, 64])
def test_a_smaller_image_is_the_larger_one_seen_from_afar(size):
    small, large = draw(64, size=size).images.float(), draw(64, size=2 * size).images.float()
    error = (avg_pool2d(large, 2) - small).abs().mean((1, 2, 3)) / 255
    strangers = (small - small.roll(1, 0)).abs().mean((1, 2, 3)) / 255
    assert error.max() < 0.03
    assert strangers.min() > 2 * error.max()


def test_a_cache_notices_a_change_of_any_module_that_draws(tmp_path, monkeypatch):
    monkeypatch.setenv("GAN_COURSE_CACHE", str(tmp_path))
    names = {module.__name__.rpartition(".")[2] for module in SOURCES}
    assert names == {"face_canvas", "face_factors", "face_features", "face_hair", "face_head"}
    columns = cache.cached("faces", {"n": 4}, SOURCES, lambda: {"images": draw(4, size=32).images})
    assert columns["images"].equal(draw(4, size=32).images)


# The laws of the factors ----------------------------------------------------------------------------------


def test_attributes_appear_at_their_rates_and_classes_equally_often():
    factors = sample(8000, seed=0)
    for name, rate in RATES.items():
        assert factors[name].float().mean().item() == pytest.approx(rate, abs=0.025)  # over four deviations
    for name, names in CLASSES.items():
        shares = torch.bincount(factors[name], minlength=len(names)) / 8000
        torch.testing.assert_close(shares, torch.full_like(shares, 1 / len(names)), atol=0.025, rtol=0)


def test_numbers_fill_their_range_and_do_not_leave_it():
    factors = sample(4000, seed=0)
    for name, (low, high) in RANGES.items():
        value = (factors[name] - low) / (high - low)
        assert -1e-6 <= value.min() < 0.01
        assert 0.99 < value.max() <= 1 + 1e-6
        assert value.mean().item() == pytest.approx(0.5, abs=0.03)


def test_factors_are_uncorrelated():
    factors = sample(8000, seed=0)
    numbers = {name: value.float() for name, value in factors.items() if name not in COLOURS}
    for name in COLOURS:  # the channels of one colour belong together, their mean and their red share do not
        numbers[f"{name} brightness"] = factors[name].mean(1)
    correlation = torch.corrcoef(torch.stack(list(numbers.values()))).fill_diagonal_(0)
    assert correlation.abs().max() < 0.06  # more than five standard deviations of 1 / √8000


# One factor at a time -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attribute", "top", "bottom"),
    [
        ("smiling", 0.63, 0.88),
        ("eyeglasses", 0.36, 0.64),
        ("beard", 0.32, 0.97),
        ("long_hair", 0.38, 1.00),
        ("wearing_hat", 0.00, 0.50),
    ],
)
@pytest.mark.parametrize("size", SIZES)
def test_an_attribute_changes_its_part_of_the_image_and_nothing_else(attribute, top, bottom, size):
    change = difference(plain(32), size, **{attribute: 1})
    inside = change[:, band(size, top, bottom)]
    assert ((inside > 0.1).sum((1, 2)) > 0.006 * size * size).all()  # 6 pixels at 32×32
    change[:, band(size, top, bottom)] = 0
    assert change.max() == 0


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_an_attribute_leaves_most_of_the_image_alone_in_every_pose(attribute):
    factors = changed(draw(200, size=32).factors, **{attribute: 0})
    change = difference(factors, 32, **{attribute: 1})
    share = (change > 0.02).float().mean((1, 2))
    assert share.max() < 0.5
    assert share.min() > 0.004  # four pixels at 32×32


def test_glasses_leave_chin_and_crown_alone():
    change = difference(plain(32), eyeglasses=1)
    assert change[:, band(64, 0.4, 0.6), 16:48].amax((1, 2)).min() > 0.15
    assert change[:, band(64, 0.65, 1)].max() == 0


def test_a_smile_lifts_and_widens_the_mouth():
    changed_columns = difference(plain(32, mouth_open=1.0), smiling=1).amax(1) > 0.08  # (n, 64)
    width = changed_columns.sum(1)
    assert width.min() >= 10  # pixels of 64
    assert changed_columns[:, 28:36].any(1).all()


@pytest.mark.parametrize("name", [name for name in NAMES if name not in (*ATTRIBUTES, "hat_kind")])
def test_every_other_factor_is_visible(name):
    factors = changed(draw(40, size=64).factors, eyeglasses=1, wearing_hat=0)
    if name in ("hat_height", "hat_colour"):
        factors = changed(factors, wearing_hat=1)
    if name == "glasses_tint":
        factors = changed(factors, glasses_tint=0.0)
        assert difference(factors, glasses_tint=0.9).amax((1, 2)).min() > 0.1
        return
    if name in COLOURS:
        values = (0.2, 0.8)
    elif name in CLASSES:
        values = (0, 1)
    elif name == "hair_phase":
        values = (0.0, 0.5)  # it has period 1
    else:
        values = RANGES[name]
    low, high = values
    visible = difference(changed(factors, **{name: low}), **{name: high}).amax((1, 2)) > 0.02
    assert visible.float().mean() > 0.3  # some need open lips, long hair or a beard to be seen


def test_hats_come_in_three_kinds():
    factors = plain(8, wearing_hat=1)
    beanie, brimmed, cap = (render(changed(factors, hat_kind=kind)).float() for kind in range(3))
    for one, two in ((beanie, brimmed), (beanie, cap), (brimmed, cap)):
        assert ((one - two).abs().amax(1) > 30).flatten(1).sum(1).min() > 60  # pixels


def test_yaw_moves_the_irises_in_its_direction():
    axis = torch.arange(64) - 31.5
    centres = []
    for yaw in (-35.0, -15.0, 0.0, 15.0, 35.0):
        change = difference(plain(16, yaw=yaw, gaze=0.0, eye_hue=0.0), eye_hue=0.75).sum(1)  # (n, 64)
        centres.append(change @ axis / change.sum(1))
    steps = torch.stack(centres).diff(dim=0)  # pixels to the right
    assert steps.min() > 1
    assert (centres[-1] - centres[0]).min() > 8


def test_the_far_lens_is_narrower_than_the_near_one():
    # Dark glass in a frame of the same tint shows both lenses; at 30 degrees the right one is the farther.
    factors = plain(16, yaw=30.0, eyeglasses=1, glasses_tint=0.0)
    columns = difference(factors, glasses_tint=0.9).amax(1) > 0.15  # (n, 64)
    gap = torch.stack([row.nonzero().flatten().diff().argmax() for row in columns])
    near, far = gap + 1, columns.sum(1) - gap - 1
    assert (near > far).all()


def test_a_person_seen_in_a_mirror_turns_the_other_way():
    factors = draw(64, seed=2).factors
    smooth = changed(
        factors, hair_style=0, hair_wave=0.0
    )  # waves and curls have no mirror image among the factors
    mirrored = smooth | {name: -smooth[name] for name in MIRRORED}
    one, two = render(smooth).float(), render(mirrored).float().flip(3)
    error = (one - two).abs().mean((1, 2, 3)) / 255
    turned = (one - one.flip(3)).abs().mean((1, 2, 3)) / 255
    assert error.max() < 0.02
    assert error.mean() < 0.2 * turned.mean()


def test_a_darker_tone_darkens_the_cheek():
    factors = plain(16)
    cheeks = torch.stack(
        [
            render(changed(factors, skin_tone=tone))[:, :, 39:42, 20:23].float().mean((1, 2, 3))
            for tone in (0.0, 0.25, 0.5, 0.75, 1.0)
        ]
    )
    assert (cheeks.diff(dim=0) < -8).all()
    assert (cheeks[0] - cheeks[-1]).min() > 90


@pytest.mark.parametrize("label", range(len(HAIR)), ids=HAIR)
def test_hair_has_the_colour_of_its_class(label):
    factors = plain(64, hair_colour=label)
    crown = render(factors)[:, :, 7:11, 28:36].float().mean((2, 3)) / 255  # (n, 3)
    distance = (crown[:, None] - HAIR_COLOURS).norm(dim=2)  # (n, classes)
    assert (distance.argmin(1) == label).float().mean() > 0.97
    assert (crown.mean(0) - HAIR_COLOURS[label]).abs().max() < 0.12


def test_the_background_has_its_mean_colour():
    images, factors = draw(64)
    sides = images[:, :, 4:30, [0, -1]].float().mean((2, 3)) / 255
    bare = changed(factors, background_x=0.0, background_y=0.0, wearing_hat=0)
    flat = render(bare)[:, :, 4:30, [0, -1]].float().mean((2, 3)) / 255
    torch.testing.assert_close(flat, factors["background"], atol=0.01, rtol=0)
    no_hat = factors["wearing_hat"] == 0
    torch.testing.assert_close(sides[no_hat], factors["background"][no_hat], atol=0.1, rtol=0)


# Errors and speed -----------------------------------------------------------------------------------------


def test_an_unknown_size_lists_the_known_ones():
    with pytest.raises(ValueError, match=r"32, 64, 128, not 48"):
        draw(3, size=48)
    with pytest.raises(ValueError, match=r"32, 64, 128, not 48"):
        render(draw(3).factors, size=48)


def test_numbers_that_cannot_be_drawn_are_refused():
    with pytest.raises(ValueError, match="at least 1, not 0"):
        draw(0)
    with pytest.raises(ValueError, match=r"between 0 and .*, not -1"):
        draw(3, seed=-1)


def test_missing_factors_are_named():
    factors = draw(2).factors
    del factors["yaw"], factors["beard"]
    with pytest.raises(ValueError, match=r"beard, yaw.*draw"):
        render(factors)


def test_a_factor_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"'skin_tone' has shape \(3,\), expected \(2,\)"):
        render(draw(2).factors | {"skin_tone": torch.zeros(3)})


def test_a_class_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match=r"'hair_colour'.*0 black.*4 gray"):
        render(draw(2).factors | {"hair_colour": torch.tensor([1, 5])})


@pytest.mark.slow
def test_a_thousand_portraits_take_a_moment():
    start = time.process_time()
    draw(1000, seed=1)
    assert time.process_time() - start < 5  # seconds of one thread, on a busy machine
