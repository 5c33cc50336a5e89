import math

import pytest
import torch

from gan_course.evaluation.spectrum import radial_spectrum, spectrum_error
from gan_course.pyramid import down, up
from gan_course.training.seeding import generator


def noise(n: int = 200, side: int = 16) -> torch.Tensor:
    return torch.randn(n, 2, side, side, generator=generator(0))


def test_white_noise_has_the_same_power_everywhere():
    assert torch.allclose(radial_spectrum(3 * noise()), torch.tensor(9.0 * 256).double(), rtol=0.1)


@pytest.mark.parametrize(("across", "along", "radius"), [(3, 0, 3), (0, 5, 5), (3, 4, 5)])
def test_a_wave_has_its_power_at_its_own_radius(across, along, radius):
    grid = torch.arange(16) / 16
    wave = torch.cos(2 * math.pi * (across * grid[:, None] + along * grid))
    assert radial_spectrum(wave[None, None]).argmax().item() + 1 == radius


def test_the_error_is_zero_for_the_same_images_and_counts_decibels():
    x = noise()
    assert spectrum_error(x, x) == 0
    assert spectrum_error(x, 10 * x) == pytest.approx(20)
    assert spectrum_error(x, x / 10) == pytest.approx(20)
    assert spectrum_error(x, up(down(x), (16, 16))) > 3


def test_the_mean_colour_does_not_count():
    x = noise(20)
    assert torch.allclose(radial_spectrum(x + 5), radial_spectrum(x))


@pytest.mark.parametrize("images", [torch.zeros(2, 1, 8, 9), torch.zeros(2, 1, 8, 8, dtype=torch.uint8)])
def test_other_tensors_are_refused(images):
    with pytest.raises(ValueError, match="square float images"):
        radial_spectrum(images)


def test_two_sizes_do_not_compare():
    with pytest.raises(ValueError, match="do not compare"):
        spectrum_error(noise(2), noise(2, 8))
