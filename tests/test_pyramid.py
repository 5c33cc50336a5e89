import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gan_course import pyramid
from gan_course.data.resident import Resident
from gan_course.pyramid import build, coarser, collapse, down, energy, gaussian, kurtosis, up
from gan_course.training.seeding import generator

sides = st.integers(1, 24)


def images(n=2, channels=3, height=16, width=16, seed=0) -> torch.Tensor:
    return torch.rand(n, channels, height, width, generator=generator(seed)) * 2 - 1


def half(side: int) -> int:
    return (side + 1) // 2


@settings(max_examples=60, deadline=None)
@given(
    height=sides, width=sides, channels=st.integers(1, 4), levels=st.integers(0, 5), seed=st.integers(0, 99)
)
def test_the_pyramid_gives_the_image_back_at_every_size(height, width, channels, levels, seed):
    x = images(2, channels, height, width, seed)
    bands = build(x, levels)
    assert len(bands) == levels + 1
    assert (collapse(bands) - x).abs().max() < 1e-5


@settings(max_examples=60, deadline=None)
@given(height=sides, width=sides, levels=st.integers(1, 4), seed=st.integers(0, 99))
def test_the_pyramid_is_exact_for_any_linear_filters(height, width, levels, seed):
    def filters(before: int, after: int, number: int) -> torch.Tensor:
        matrix = torch.randn(after, before, generator=generator(1000 * seed + number))
        return matrix / matrix.abs().sum(
            1, keepdim=True
        )  # nothing grows: the rounding error is that of the images

    def any_down(x):
        h, w = x.shape[-2:]
        return filters(h, half(h), 1) @ x @ filters(w, half(w), 2).T

    def any_up(x, size):
        return filters(x.shape[-2], size[0], 3) @ x @ filters(x.shape[-1], size[1], 4).T

    x = images(2, 2, height, width, seed)
    assert (collapse(build(x, levels, any_down, any_up), any_up) - x).abs().max() < 1e-5


def test_the_pyramid_is_exact_even_for_filters_that_forget_the_image():
    x = images()
    bands = build(
        x, 2, down=lambda x: x[..., ::2, ::2] * 0, up=lambda x, size: torch.ones(*x.shape[:2], *size)
    )
    assert (collapse(bands, up=lambda x, size: torch.ones(*x.shape[:2], *size)) - x).abs().max() < 1e-5


def test_collapse_needs_the_up_of_build():
    bands = build(images(), 1)
    assert (collapse(bands, up=lambda x, size: 0.5 * up(x, size)) - images()).abs().max() > 0.1


@settings(max_examples=40, deadline=None)
@given(height=sides, width=sides)
def test_sides_are_halved_and_rounded_up_and_constants_stay(height, width):
    x = torch.full((1, 2, height, width), 0.7)
    small = down(x)
    assert small.shape == (1, 2, half(height), half(width))
    assert torch.allclose(small, torch.tensor(0.7))
    assert torch.allclose(up(small, (height, width)), torch.tensor(0.7))


def test_down_is_the_binomial_blur_and_every_second_pixel():
    x = images(1, 1, 9, 12)
    taps = torch.tensor([1.0, 4, 6, 4, 1]) / 16
    kernel = (taps[:, None] * taps)[None, None]
    mirrored = torch.nn.functional.pad(x, (2, 2, 2, 2), mode="reflect")
    assert torch.allclose(down(x), torch.nn.functional.conv2d(mirrored, kernel)[..., ::2, ::2], atol=1e-6)


def test_up_is_zeros_in_between_and_four_times_the_blur_inside():
    x = images(1, 1, 6, 8)
    spread = torch.zeros(1, 1, 12, 16)
    spread[..., ::2, ::2] = x
    taps = torch.tensor([1.0, 4, 6, 4, 1]) / 16
    kernel = 4 * (taps[:, None] * taps)[None, None]
    expected = torch.nn.functional.conv2d(spread, kernel, padding=2)
    assert torch.allclose(up(x, (12, 16))[..., 2:-2, 2:-2], expected[..., 2:-2, 2:-2], atol=1e-6)


def test_both_filters_are_linear_and_keep_the_precision():
    x, y = images(seed=1).double(), images(seed=2).double()
    assert torch.allclose(down(2 * x - 3 * y), 2 * down(x) - 3 * down(y), atol=1e-12)
    assert torch.allclose(up(2 * x - 3 * y, (31, 32)), 2 * up(x, (31, 32)) - 3 * up(y, (31, 32)), atol=1e-12)
    assert down(x).dtype == torch.float64


def test_the_gaussian_pyramid_starts_with_the_image_and_ends_the_laplacian_one():
    x = images(height=15)
    levels = gaussian(x, 3)
    assert [tuple(level.shape[-2:]) for level in levels] == [(15, 16), (8, 8), (4, 4), (2, 2)]
    assert torch.equal(levels[0], x)
    assert torch.equal(build(x, 3)[-1], levels[-1])
    assert torch.equal(build(x, 3)[1], levels[1] - up(levels[2], (8, 8)))


def test_coarser_data_keep_their_columns_and_their_range():
    pixels = torch.randint(0, 256, (5, 3, 16, 16), generator=generator(0), dtype=torch.uint8)
    data = Resident("noise", pixels, {"label": torch.arange(5)})
    small = coarser(data, 4, chunk=2)
    assert small.x.shape == (5, 3, 4, 4)
    assert torch.equal(small.columns["label"], data.columns["label"])
    assert torch.allclose(small.take(slice(None)), gaussian(data.take(slice(None)), 2)[-1])
    assert small.x.abs().max() <= 1
    assert coarser(data, 16) is data


def test_smooth_images_keep_their_energy_at_the_bottom_and_noise_at_the_top():
    grid = torch.linspace(-1, 1, 32)
    smooth = (grid[:, None] + grid.sin())[None, None]
    noise = torch.randn(20, 1, 32, 32, generator=generator(0))
    assert energy(build(smooth, 2))[0] < 0.01
    assert energy(build(noise, 2))[0] > 0.8
    assert energy(build(noise, 2)).sum().item() == pytest.approx(1)


def test_kurtosis_of_known_laws():
    rng = generator(0)
    normal, uniform = torch.randn(200_000, generator=rng), torch.rand(200_000, generator=rng)
    assert kurtosis(5 + 2 * normal) == pytest.approx(3, abs=0.05)
    assert kurtosis(uniform) == pytest.approx(1.8, abs=0.02)
    edges = torch.zeros(100)
    edges[0] = 1  # p = 1/100: (1 - 3p(1-p)) / (p(1-p))
    assert kurtosis(edges) == pytest.approx((1 - 3 * 0.0099) / 0.0099)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: up(images(height=4, width=4), (9, 8)), "rounded up: 5×4, not 4×4"),
        (lambda: down(images()[0]), "float images"),
        (lambda: build(torch.zeros(1, 1, 8, 8, dtype=torch.uint8), 1), "take"),
        (lambda: gaussian(images(), -1), "0 or more, not -1"),
        (lambda: coarser(Resident("a", images()), 6), "leads to 8, 4, 2, 1, not to 6"),
        (lambda: coarser(Resident("a", images(width=12)), 8), "no square images"),
        (lambda: coarser(Resident("ring", torch.zeros(3, 2)), 8), "no square images"),
    ],
)
def test_what_cannot_be_done_says_why(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_filters_are_made_once_per_size():
    pyramid._shrink.cache_clear()
    for _ in range(3):
        down(images())
    assert pyramid._shrink.cache_info().misses == 1
