import math

import pytest
import torch

from gan_course import theory
from gan_course.data import toy
from gan_course.training.seeding import generator


def square(half: float, n: int) -> tuple[torch.Tensor, float]:
    """A grid of n × n points over [-half, half]², and the area of a cell."""
    ticks = torch.linspace(-half, half, n, dtype=torch.float64)
    return torch.cartesian_prod(ticks, ticks), (2 * half / (n - 1)) ** 2


@pytest.mark.parametrize("weights", [None, (0.2, 0.8)])
def test_a_mixture_on_the_line_has_mass_one(weights):
    law = toy.line_mixture(weights=weights)
    _, mass = theory.on_grid(law.density, -8, 8)
    assert mass.sum().item() == pytest.approx(1, abs=1e-12)


def test_three_equal_modes_on_the_line_have_mass_one():
    law = toy.line_mixture(means=(-3.0, 0.0, 3.0), std=(0.3, 0.3, 0.3))
    _, mass = theory.on_grid(law.density, -8, 8)
    assert mass.sum().item() == pytest.approx(1, abs=1e-12)


def test_the_single_gaussian_has_the_density_of_the_textbook():
    law = toy.line_mixture(means=(1.0,), std=(2.0,))
    x = torch.linspace(-5, 5, 11, dtype=torch.float64)
    expected = torch.exp(-((x - 1) ** 2) / 8) / (2 * math.sqrt(2 * math.pi))
    torch.testing.assert_close(law.density(x), expected, rtol=1e-12, atol=0)


@pytest.mark.parametrize(
    ("law", "half", "n"), [(toy.ring(), 2.3, 461), (toy.grid25(), 4.5, 361)], ids=["ring", "grid25"]
)
def test_a_mixture_in_the_plane_has_mass_one(law, half, n):
    points, cell = square(half, n)  # two grid steps per standard deviation: the sum is exact to about 1e-15
    assert (law.density(points).sum() * cell).item() == pytest.approx(1, abs=1e-9)


def test_the_ring_has_eight_distinct_modes_at_equal_distances():
    means = toy.ring().means
    distances = torch.cdist(means, means) + 10 * torch.eye(8)
    nearest = torch.full((8,), 2 * 2 * math.sin(math.pi / 8))
    torch.testing.assert_close(distances.min(1).values, nearest)
    torch.testing.assert_close(means.norm(dim=1), torch.full((8,), 2.0))


def test_the_grid_has_twenty_five_distinct_modes():
    law = toy.grid25()
    assert len(law.means.unique(dim=0)) == len(law.weights) == 25
    torch.testing.assert_close(law.means.mean(0), torch.zeros(2))


def test_the_log_density_stays_finite_far_from_all_modes():
    far = toy.ring().log_density(torch.tensor([[1000.0, -1000.0]]))
    assert torch.isfinite(far).all()
    assert far.item() < -1e8


def test_samples_on_the_line_follow_the_density():
    n = 20_000
    law = toy.line_mixture(means=(-2.0, 1.0), std=(0.5, 1.0), weights=(0.25, 0.75))
    sample, _ = law.sample(n, generator(0))
    x, mass = theory.on_grid(law.density, -10, 10)
    empirical = torch.searchsorted(sample.flatten().double().sort().values, x, right=True) / n
    # Kolmogorov's statistic stays below 1.95 / sqrt(n) with probability 0.999
    assert (empirical - mass.cumsum(0)).abs().max().item() < 1.95 / math.sqrt(n)


def test_samples_of_the_ring_follow_the_density():
    """The mean of log p over samples estimates the integral of p log p."""
    n, law = 20_000, toy.ring()
    points, cell = square(2.3, 461)
    negative_entropy = (law.density(points) * law.log_density(points)).sum() * cell
    sample, _ = law.sample(n, generator(0))
    log_p = law.log_density(sample)
    standard_error = log_p.std() / math.sqrt(n)
    assert abs((log_p.mean() - negative_entropy).item()) < 4 * standard_error.item()


def test_the_components_occur_as_often_as_their_weights_say():
    n = 20_000
    x, component = toy.ring().sample(n, generator(0))
    spread = math.sqrt(n / 8 * 7 / 8)
    assert (component.bincount(minlength=8) - n / 8).abs().max().item() < 5 * spread
    assert torch.cdist(x, toy.ring().means).argmin(1).equal(component)  # modes 76 standard deviations apart


def test_the_same_seed_draws_the_same_points():
    law = toy.ring()
    assert law.resident("ring", 100, seed=1).x.equal(law.resident("ring", 100, seed=1).x)
    assert not law.resident("ring", 100, seed=1).x.equal(law.resident("ring", 100, seed=2).x)
    assert toy.swiss_roll(100, seed=1).x.equal(toy.swiss_roll(100, seed=1).x)
    assert not toy.swiss_roll(100, seed=1).x.equal(toy.swiss_roll(100, seed=2).x)


def test_the_swiss_roll_lies_where_its_angle_says():
    data = toy.swiss_roll(2000, noise=0.05)
    angle = data.column("angle")
    spiral = torch.stack([angle * angle.cos(), angle * angle.sin()], dim=1) / 7
    assert (data.x - spiral).std().item() == pytest.approx(0.05, rel=0.05)
    assert 1.5 * math.pi <= angle.min().item() < angle.max().item() <= 4.5 * math.pi


def test_parts_of_a_mixture_that_do_not_fit_together_are_refused():
    with pytest.raises(ValueError, match="3 weights, 3 means and 2 standard deviations"):
        toy.line_mixture(means=(-1.0, 0.0, 1.0))
