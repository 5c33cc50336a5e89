import pytest
import torch

from gan_course.evaluation.checkerboard import nyquist_share, overlap
from gan_course.training.seeding import generator


@pytest.mark.parametrize("kernel", [2, 4, 6])
def test_a_kernel_that_the_stride_divides_leaves_a_flat_inside(kernel):
    assert overlap(kernel)[4:-4, 4:-4].unique().numel() == 1


def test_kernel_five_with_stride_two_sees_four_six_or_nine_inputs():
    assert overlap(5)[4:-4, 4:-4].unique().tolist() == [4, 6, 9]  # 2 or 3 in each direction


@pytest.mark.parametrize("kernel", [3, 4, 5])
def test_the_output_is_stride_times_as_large(kernel):
    assert overlap(kernel, size=16).shape == (32, 32)


def test_only_the_odd_kernels_have_power_at_the_highest_frequency():
    inside = {kernel: overlap(kernel)[None, None, 4:-4, 4:-4] for kernel in (3, 4, 5)}
    assert nyquist_share(inside[4]) == 0.0
    assert nyquist_share(inside[3]) == pytest.approx(1)
    assert nyquist_share(inside[5]) == pytest.approx(1)


def test_white_noise_has_its_share_and_a_ramp_almost_nothing():
    noise = torch.randn(400, 3, 16, 16, generator=generator(0))
    assert nyquist_share(noise) == pytest.approx(31 / 255, rel=0.02)
    wave = torch.cos(torch.arange(16) * torch.pi / 8).expand(1, 1, 16, 16)
    assert nyquist_share(wave) < 1e-12
