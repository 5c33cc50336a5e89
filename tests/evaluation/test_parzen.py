import math
from itertools import pairwise

import pytest
import torch
from sklearn.neighbors import KernelDensity

from gan_course.evaluation.parzen import SIGMAS, log_density, parzen_score
from gan_course.training.seeding import generator


def uniform(n, d, seed):
    return torch.rand(n, d, generator=generator(seed))


def test_the_density_equals_that_of_scikit_learn():
    samples, points = uniform(200, 5, 0), uniform(30, 5, 1)
    theirs = KernelDensity(bandwidth=0.2).fit(samples.double()).score_samples(points.double())
    assert torch.allclose(log_density(points, samples, 0.2), torch.from_numpy(theirs), atol=1e-9)


def test_the_density_integrates_to_one():
    x = torch.linspace(-4, 5, 2001, dtype=torch.float64)
    density = log_density(x, uniform(50, 1, 0), 0.3).exp()
    assert torch.trapezoid(density, x).item() == pytest.approx(1, abs=1e-9)


def test_far_points_do_not_underflow_and_chunks_change_nothing():
    samples, points = uniform(40, 784, 0), uniform(11, 784, 1) + 5
    values = log_density(points, samples, SIGMAS)
    assert torch.isfinite(values).all()
    assert values.shape == (10, 11)
    assert torch.allclose(values, log_density(points, samples, SIGMAS, chunk=3))
    assert torch.equal(values[2], log_density(points, samples, SIGMAS[2]))


def test_the_widths_are_those_of_the_paper():
    assert len(SIGMAS) == 10
    assert (SIGMAS[0], SIGMAS[-1]) == (0.1, 1.0)
    ratios = [b / a for a, b in pairwise(SIGMAS)]
    assert ratios == pytest.approx([ratios[0]] * 9)


def test_the_width_comes_from_validation_and_the_score_from_test():
    samples, validation, test = uniform(500, 3, 0), uniform(200, 3, 1), uniform(300, 3, 2)
    score = parzen_score(samples, validation, test)
    assert score.sigma == max(score.validation, key=score.validation.get)
    assert score.validation[score.sigma] == pytest.approx(
        log_density(validation, samples, score.sigma).mean().item()
    )
    values = log_density(test, samples, score.sigma)
    assert score.mean == pytest.approx(values.mean().item())
    assert score.standard_error == pytest.approx(values.std().item() / math.sqrt(300))


def test_only_the_first_thousand_validation_points_count():
    samples, validation, test = uniform(50, 2, 0), uniform(1200, 2, 1), uniform(20, 2, 2)
    assert parzen_score(samples, validation, test) == parzen_score(samples, validation[:1000], test)


def test_worse_samples_score_lower_here():
    test = uniform(300, 3, 2)
    good, bad = uniform(500, 3, 0), uniform(500, 3, 0) + 2
    assert (
        parzen_score(good, uniform(200, 3, 1), test).mean > parzen_score(bad, uniform(200, 3, 1), test).mean
    )


def test_pixels_and_impossible_widths_are_refused():
    pixels = torch.zeros(5, 1, 4, 4, dtype=torch.uint8)
    with pytest.raises(ValueError, match=r"scale pixels to \[0, 1\]"):
        log_density(pixels, pixels, 0.2)
    with pytest.raises(ValueError, match="must be positive"):
        log_density(uniform(3, 2, 0), uniform(3, 2, 1), 0.0)
    with pytest.raises(ValueError, match="different width"):
        parzen_score(uniform(30, 2, 0), uniform(30, 3, 1), uniform(30, 3, 2))
