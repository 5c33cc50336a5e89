import pytest
import torch

from gan_course.data.letterforms import FORMS, SAMPLES, compiled
from gan_course.data.strokes import CONTINUOUS, SETTINGS, draw, render

AXIS = torch.arange(28) - 13.5


def repeated(row: int, times: int, **draw_arguments) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
    """The factors of one image, and its hand, several times."""
    index = torch.full((times,), row)
    return {name: value[index] for name, value in draw(row + 1, **draw_arguments).factors.items()}, index


def ink(images: torch.Tensor) -> torch.Tensor:
    return images[:, 0].float() / 255  # (n, 28, 28)


def shear(images: torch.Tensor) -> torch.Tensor:
    """Slope of the columns on the rows, up: cov(x, y) / var(y) of the ink, (n,)."""
    mass = ink(images)
    mass = mass / mass.sum((1, 2), keepdim=True)
    x, y = AXIS - (mass.sum(1) @ AXIS)[:, None], AXIS - (mass.sum(2) @ AXIS)[:, None]
    return -torch.einsum("nij,ni,nj->n", mass, y, x) / torch.einsum("nij,ni,ni->n", mass, y, y)


@pytest.mark.parametrize("setting", SETTINGS)
def test_images_are_white_ink_on_black_with_one_value_of_every_factor_each(setting):
    images, factors = draw(200, seed=1, setting=setting)
    assert images.shape == (200, 1, 28, 28)
    assert images.dtype == torch.uint8
    assert set(factors) == {"label", "form", *CONTINUOUS}
    assert all(value.shape == (200,) for value in factors.values())
    assert 0.05 < ink(images).mean() < 0.25  # MNIST: 0.13
    assert (images.amax((1, 2, 3)) > 128).all()


def test_the_same_seed_draws_the_same_pixels():
    assert draw(50, seed=3, setting="wild").images.equal(draw(50, seed=3, setting="wild").images)


def test_drawing_does_not_depend_on_the_number_of_threads_and_leaves_it_alone():
    before = torch.get_num_threads()
    one = draw(50)
    try:
        torch.set_num_threads(2)
        two = draw(50)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
    assert one.images.equal(two.images)


def test_another_seed_draws_other_digits():
    one, two = draw(50, seed=3), draw(50, seed=4)
    assert not one.factors["label"].equal(two.factors["label"])
    assert (one.images != two.images).flatten(1).any(1).all()


@pytest.mark.parametrize("n", [1, 31, 33, 1030])
def test_a_longer_drawing_begins_with_the_shorter_one(n):
    short, long = draw(n, seed=5), draw(1100, seed=5)
    assert short.images.equal(long.images[:n])
    assert all(short.factors[name].equal(long.factors[name][:n]) for name in long.factors)


def test_no_two_of_many_images_are_equal():
    # 3,000 images need three random streams; a stream used twice would repeat whole blocks.
    images = draw(3000).images.flatten(1)
    assert len(torch.unique(images, dim=0)) == 3000


def test_every_class_and_every_letter_form_is_drawn():
    factors = draw(4000).factors
    counts = torch.bincount(factors["label"], minlength=10)
    assert (counts > 300).all()  # 400 each expected; 300 is more than five standard deviations away
    drawn = set(zip(factors["label"].tolist(), factors["form"].tolist(), strict=True))
    assert len(drawn) == len(FORMS)


def test_factors_follow_their_setting():
    for name, setting in SETTINGS.items():
        factors = draw(4000, setting=name).factors
        assert factors["slant"].mean().item() == pytest.approx(setting.slant[0], abs=0.02)
        assert factors["thickness"].median().item() == pytest.approx(setting.thickness[0], abs=0.08)
        assert factors["rotation"].abs().max() <= 2.5 * setting.rotation
        assert factors["scale"].std().item() == pytest.approx(setting.scale, rel=0.12)


def test_an_unknown_setting_lists_the_known_ones():
    with pytest.raises(ValueError, match=r"'neat'.*'mild', 'wild'"):
        draw(3, setting="neat")


def test_rendering_the_factors_of_a_drawing_gives_its_images():
    images, factors = draw(40, seed=6, setting="wild")
    assert render(factors, seed=6, setting="wild").equal(images)


def test_a_row_with_its_own_hand_is_the_same_image():
    factors, hand = repeated(17, times=3)
    images = render(factors, hand=hand)
    assert images[0].equal(draw(18).images[17])
    assert images[0].equal(images[2])


def test_another_hand_writes_the_same_factors_otherwise():
    factors, _ = repeated(17, times=2)
    one, two = render(factors, hand=torch.tensor([17, 18]))
    assert not one.equal(two)


@pytest.mark.parametrize("row", range(8))
def test_more_slant_leans_the_ink_further_to_the_right(row):
    factors, hand = repeated(row, times=7)
    leaning = shear(render(factors | {"slant": torch.linspace(-0.4, 0.6, 7)}, hand=hand))
    assert (leaning.diff() > 0).all()


def test_a_stick_leans_by_its_slant():
    factors, hand = repeated(0, times=5)
    slant = torch.tensor([-0.4, -0.2, 0.0, 0.2, 0.4])
    stick = {"label": torch.ones(5).long(), "form": torch.zeros(5).long(), "rotation": torch.zeros(5)}
    images = render(factors | stick | {"slant": slant}, hand=hand)
    # The hand bends every one of the five in the same way, so differences are measured.
    torch.testing.assert_close(shear(images) - shear(images)[2], slant, atol=0.05, rtol=0)


def test_a_stick_turns_anticlockwise_with_its_rotation():
    factors, hand = repeated(0, times=2)
    stick = {"label": torch.ones(2).long(), "form": torch.zeros(2).long(), "slant": torch.zeros(2)}
    images = render(factors | stick | {"rotation": torch.tensor([0.0, 20.0])}, hand=hand)
    # Anticlockwise moves the upper end to the left: shear -tan 20° = -0.36.
    assert shear(images).diff().item() == pytest.approx(-0.36, abs=0.06)


def test_a_stick_is_as_thick_as_its_thickness_says():
    factors, hand = repeated(0, times=4)
    thickness = torch.tensor([2.0, 3.0, 4.0, 5.0])
    stick = {name: torch.zeros(4) for name in ("slant", "rotation", "shift_x", "shift_y")}
    stick |= {"label": torch.ones(4).long(), "form": torch.zeros(4).long(), "thickness": thickness}
    images = render(factors | stick, hand=hand)
    across = ink(images)[:, 10:18].sum(2).mean(1)  # ink in one row, in pixels
    torch.testing.assert_close(across.diff(), thickness.diff(), atol=0.2, rtol=0)


def test_scale_one_fills_a_box_of_twenty_pixels():
    factors = draw(200).factors
    images = render(
        factors | {"scale": torch.ones(200), "shift_x": torch.zeros(200), "shift_y": torch.zeros(200)}
    )
    rows, columns = ink(images).amax(2) > 0.5, ink(images).amax(1) > 0.5
    longer_side = torch.maximum(rows.sum(1), columns.sum(1))
    assert longer_side.float().mean().item() == pytest.approx(20, abs=0.7)
    assert longer_side.min() >= 17
    assert longer_side.max() <= 22


def test_the_centre_of_mass_is_where_the_shift_puts_it():
    factors = draw(200).factors
    for name, dimension in (("shift_x", 1), ("shift_y", 2)):
        moved = render(factors | {name: torch.ones(200)})
        mass = ink(moved)
        centre = (mass.sum(dimension) @ AXIS) / mass.sum((1, 2))
        assert (centre - 1.0).square().mean().sqrt() < 0.2  # pixels; it is found on cells of 2×2 pixels
        assert (centre - 1.0).abs().max() < 1.0


def test_wild_hands_differ_more_than_mild_ones():
    spread = {}
    for setting in SETTINGS:
        factors, _ = repeated(0, times=100, setting=setting)
        spread[setting] = ink(render(factors, setting=setting)).std(0).mean()
    assert spread["wild"] > 1.3 * spread["mild"]


def test_missing_factors_are_named():
    factors = draw(2).factors
    del factors["slant"], factors["form"]
    with pytest.raises(ValueError, match=r"form, slant.*draw"):
        render(factors)


def test_a_letter_form_that_the_class_does_not_have_is_refused():
    factors = draw(2).factors | {"label": torch.tensor([1, 0]), "form": torch.tensor([0, 7])}
    with pytest.raises(ValueError, match="digit 0 has the letter-forms 0 to 1, not 7"):
        render(factors)


def test_labels_beyond_nine_are_refused():
    with pytest.raises(ValueError, match="1 of 2 labels"):
        render(draw(2).factors | {"label": torch.tensor([1, 12])})


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.label}-{form.name}")
def test_every_letter_form_is_sampled_evenly_along_its_ink(form):
    matrices = compiled(form)
    path = matrices.curve @ matrices.points  # (SAMPLES, 2)
    assert path.shape == (SAMPLES, 2)
    torch.testing.assert_close(matrices.curve.sum(1), torch.ones(SAMPLES))  # a curve moves with its points
    steps = path.diff(dim=0).norm(dim=1)
    lifted = (steps > 1.5 * steps.median()).sum()  # the pen jumps at most once between two strokes
    assert lifted <= len(form.strokes) - 1
    assert steps.median() * 20 < 1.0  # pixels


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.label}-{form.name}")
def test_displacements_by_the_hand_do_not_slant_turn_move_or_stretch(form):
    matrices = compiled(form)
    m = len({point for stroke in form.strokes for point in stroke})
    affine = torch.cat([torch.ones(m, 1), matrices.points[:m]], dim=1)
    for displacement in (matrices.own, matrices.together):
        torch.testing.assert_close(affine.T @ displacement[:m, :m], torch.zeros(3, m), atol=1e-4, rtol=0)


def test_forms_are_sorted_by_label():
    assert [form.label for form in FORMS] == sorted(form.label for form in FORMS)
