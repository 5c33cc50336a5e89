import math

import pytest
import torch

from gan_course import theory
from gan_course.data import toy
from gan_course.evaluation.modes import mode_coverage
from gan_course.training.seeding import generator


def drawn(mixture, n, modes, seed=0):
    """n samples of each of the given modes."""
    noise = torch.randn(n * len(modes), mixture.means.shape[1], generator=generator(seed))
    component = torch.tensor(modes).repeat_interleave(n)
    return mixture.means[component] + mixture.std[component, None] * noise


@pytest.mark.parametrize("mixture", [toy.ring(), toy.grid25(), toy.line_mixture(std=(0.1, 0.2))])
def test_the_mixture_itself_covers_all_modes_at_the_ideal_quality(mixture):
    samples, component = mixture.sample(20_000, generator(0))
    found = mode_coverage(samples, mixture)
    assert found.covered == found.modes == len(mixture.means)
    assert found.high_quality == pytest.approx(found.ideal, abs=0.003)
    assert found.js < 1e-3
    assert (found.histogram <= component.bincount()).all()


def test_the_ideal_share_is_that_of_the_normal_law():
    ring, line = toy.ring(), toy.line_mixture()
    on_plane = mode_coverage(ring.sample(100, generator(0))[0], ring, radius=3).ideal
    on_line = mode_coverage(line.sample(100, generator(0))[0], line, radius=2).ideal
    assert on_plane == pytest.approx(1 - math.exp(-4.5))
    assert on_line == pytest.approx(math.erf(2 / math.sqrt(2)))


@pytest.mark.parametrize("modes", [[0], [1, 5], [0, 1, 2, 3, 4]])
def test_planted_modes_are_counted(modes):
    ring = toy.ring()
    found = mode_coverage(drawn(ring, 1000, modes), ring, radius=5.0)
    assert found.covered == len(modes)
    assert found.histogram.nonzero()[:, 0].tolist() == modes
    assert found.kl == pytest.approx(math.log(8 / len(modes)), abs=1e-3)


def test_a_few_stray_samples_do_not_cover_a_mode():
    ring = toy.ring()
    stray = torch.cat([drawn(ring, 990, [0]), drawn(ring, 10, [1])])  # 1 % of the samples, 8 % of its due
    enough = torch.cat([drawn(ring, 980, [0]), drawn(ring, 20, [1])])  # 2 %
    assert mode_coverage(stray, ring, radius=5.0).covered == 1
    assert mode_coverage(enough, ring, radius=5.0).covered == 2
    assert mode_coverage(stray, ring, radius=5.0, least=0.05).covered == 2


def test_samples_between_the_modes_are_of_low_quality():
    ring = toy.ring()
    found = mode_coverage(torch.zeros(500, 2), ring)
    assert (found.covered, found.high_quality) == (0, 0.0)
    assert found.kl == math.inf
    assert found.js == theory.LOG2
    half = torch.cat([drawn(ring, 50, range(8)), torch.zeros(400, 2)])
    assert mode_coverage(half, ring, radius=6.0).high_quality == pytest.approx(0.5)


def test_unequal_weights_are_the_measure_of_the_proportions():
    mixture = toy.line_mixture((-2.0, 2.0), (0.1, 0.1), (0.9, 0.1))
    found = mode_coverage(
        torch.cat([drawn(mixture, 900, [0]), drawn(mixture, 100, [1])]), mixture, radius=6.0
    )
    assert found.histogram.tolist() == [900, 100]
    assert found.kl == pytest.approx(0, abs=1e-9)


def test_the_chunk_does_not_change_the_count():
    grid = toy.grid25()
    samples, _ = grid.sample(2000, generator(1))
    assert torch.equal(
        mode_coverage(samples, grid).histogram, mode_coverage(samples, grid, chunk=37).histogram
    )


def test_wrong_dimension_and_too_few_samples_are_refused():
    with pytest.raises(ValueError, match=r"shape \(500, 3\); the mixture has dimension 2"):
        mode_coverage(torch.zeros(500, 3), toy.ring())
    with pytest.raises(ValueError, match="50 samples are too few to judge 8 modes: draw at least 81"):
        mode_coverage(torch.zeros(50, 2), toy.ring())
