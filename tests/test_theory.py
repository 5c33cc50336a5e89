import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gan_course import theory
from gan_course.theory import LOG2, LOG4


@st.composite
def pairs_of_laws(draw, positive=False):
    """Two random Dirichlet laws over 1 to 12 atoms; small concentrations put nearly all mass on few atoms."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    atoms = draw(st.integers(1, 12))
    concentration = draw(st.sampled_from([0.1, 1.0, 10.0]))
    p, q = torch.from_numpy(rng.dirichlet(np.full(atoms, concentration), size=2))
    return (p, 0.9 * q + 0.1 / atoms) if positive else (p, q)


@given(pairs_of_laws())
def test_the_value_at_the_optimal_discriminator_is_two_js_minus_log_four(laws):
    """Goodfellow et al. 2014, Theorem 1."""
    assert theory.generator_criterion(*laws).item() == pytest.approx(
        -LOG4 + 2 * theory.js(*laws).item(), abs=1e-12
    )


@given(pairs_of_laws(), st.integers(0, 2**32 - 1))
def test_no_discriminator_beats_the_optimal_one(laws, seed):
    """Goodfellow et al. 2014, Proposition 1."""
    any_d = torch.from_numpy(np.random.default_rng(seed).random((50, len(laws[0]))))
    best = theory.value(theory.optimal_discriminator(*laws), *laws)
    assert (theory.value(any_d, *laws) <= best + 1e-12).all()


@given(pairs_of_laws(positive=True))
def test_moving_away_from_the_optimal_discriminator_costs_value(laws):
    best = theory.optimal_discriminator(*laws)
    worse = (best + 0.05).clamp_max(1 - 1e-9) if best.max() < 0.94 else best - 0.05 * best
    assert theory.value(worse, *laws) < theory.value(best, *laws)


@given(pairs_of_laws())
def test_js_is_symmetric_and_lies_between_zero_and_log_two(laws):
    p, q = laws
    assert -1e-15 <= theory.js(p, q).item() <= LOG2 + 1e-15
    assert theory.js(p, q).item() == pytest.approx(theory.js(q, p).item(), abs=1e-15)


@given(pairs_of_laws())
def test_equal_laws_are_the_minimum_of_the_criterion(laws):
    p, q = laws
    assert theory.generator_criterion(p, p).item() == pytest.approx(-LOG4, abs=1e-12)
    assert theory.generator_criterion(p, q).item() >= -LOG4 - 1e-12
    assert (theory.optimal_discriminator(p, p) - 0.5).abs().max().item() <= 1e-15


@given(pairs_of_laws())
def test_disjoint_laws_give_the_generator_zero(laws):
    p, q = laws
    left, right = torch.cat([p, torch.zeros_like(q)]), torch.cat([torch.zeros_like(p), q])
    assert theory.generator_criterion(left, right).item() == pytest.approx(0, abs=1e-12)
    assert theory.js(left, right).item() == pytest.approx(LOG2, abs=1e-12)
    assert theory.total_variation(left, right).item() == pytest.approx(1, abs=1e-12)
    assert theory.kl(left, right).item() == math.inf


@given(pairs_of_laws())
def test_kl_is_at_least_twice_the_squared_total_variation(laws):
    """Pinsker's inequality: in particular, KL is never negative."""
    assert theory.kl(*laws).item() >= 2 * theory.total_variation(*laws).item() ** 2 - 1e-12


@given(pairs_of_laws(positive=True))
def test_t_log_t_generates_kl(laws):
    by_f = theory.f_divergence(*laws, lambda t: torch.special.xlogy(t, t))
    assert by_f.item() == pytest.approx(theory.kl(*laws).item(), abs=1e-12)


@given(pairs_of_laws(positive=True))
def test_half_the_absolute_value_generates_total_variation(laws):
    by_f = theory.f_divergence(*laws, lambda t: (t - 1).abs() / 2)
    assert by_f.item() == pytest.approx(theory.total_variation(*laws).item(), abs=1e-12)


@given(pairs_of_laws(positive=True))
def test_the_gan_is_an_f_divergence(laws):
    """f(t) = t log t - (t + 1) log(t + 1) + 2 log 2 gives 2 JS (Nowozin et al. 2016, table 1)."""

    def f(t):
        return torch.special.xlogy(t, t) - (t + 1) * torch.log1p(t) + LOG4

    assert theory.f_divergence(*laws, f).item() == pytest.approx(2 * theory.js(*laws).item(), abs=1e-12)


def test_an_f_divergence_needs_mass_of_q_wherever_p_has_some():
    with pytest.raises(ValueError, match=r"needs q\(x\) > 0"):
        theory.f_divergence(torch.tensor([0.5, 0.5]), torch.tensor([1.0, 0.0]), lambda t: t - 1)


@given(pairs_of_laws(), st.integers(1, 20), st.floats(0.01, 10))
def test_the_transport_distance_of_a_shifted_law_is_the_shift(laws, atoms, spacing):
    p, _ = laws
    rest = torch.zeros(atoms, dtype=torch.float64)
    x = spacing * torch.arange(len(p) + atoms, dtype=torch.float64)
    distance = theory.wasserstein1(torch.cat([p, rest]), torch.cat([rest, p]), x)
    assert distance.item() == pytest.approx(atoms * spacing, rel=1e-12)


def test_the_transport_distance_grows_where_js_has_saturated():
    """Two point masses: JS is log 2 at every distance, W1 is the distance (Arjovsky et al. 2017, example 1)."""
    x = torch.arange(6.0, dtype=torch.float64)
    points = torch.eye(6, dtype=torch.float64)
    torch.testing.assert_close(theory.wasserstein1(points[:1].expand(6, 6), points, x), x)
    assert theory.js(points[:1].expand(5, 6), points[1:]).tolist() == pytest.approx([LOG2] * 5)


def test_gaussians_on_a_grid_have_their_known_distances():
    def gaussian(mean):
        return lambda x: torch.exp(-((x - mean) ** 2) / 2) / math.sqrt(2 * math.pi)

    x, p = theory.on_grid(gaussian(0.0), -12, 13)
    _, q = theory.on_grid(gaussian(1.0), -12, 13)
    assert theory.kl(p, q).item() == pytest.approx(0.5, abs=1e-10)  # (difference of means)^2 / 2
    assert theory.wasserstein1(p, q, x).item() == pytest.approx(1.0, abs=1e-10)
    d = theory.optimal_discriminator(p, q)
    middle = x.abs() < 5  # logit D* = log p - log q = 1/2 - x
    torch.testing.assert_close(torch.logit(d[middle]), 0.5 - x[middle], rtol=0, atol=1e-9)


def test_a_grid_that_misses_mass_is_refused():
    with pytest.raises(ValueError, match="widen the interval"):
        theory.on_grid(lambda x: torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi), -1, 1)


def test_far_apart_gaussians_give_a_finite_value():
    """Their optimal discriminator is 1 up to rounding on most of the grid, where log(1 - D) must not break V."""

    def gaussian(mean):
        return lambda x: torch.exp(-((x - mean) ** 2) / 2) / math.sqrt(2 * math.pi)

    p, q = (theory.on_grid(gaussian(mean), -20, 20)[1] for mean in (-8.0, 8.0))
    assert theory.value(theory.optimal_discriminator(p, q), p, q).item() == pytest.approx(0, abs=1e-12)
    assert theory.js(p, q).item() == pytest.approx(LOG2, abs=1e-12)


def test_laws_come_in_batches():
    p = torch.tensor([[[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]]], dtype=torch.float64)
    q = torch.tensor([0.0, 0.5, 0.5], dtype=torch.float64)
    expected = torch.tensor([[0.5 * LOG2, LOG2]], dtype=torch.float64)
    torch.testing.assert_close(theory.js(p, q), expected)


def test_atoms_without_any_mass_change_nothing():
    p, q = torch.tensor([0.3, 0.7, 0.0]).double(), torch.tensor([0.6, 0.4, 0.0]).double()
    assert theory.optimal_discriminator(p, q)[2].item() == 0.5
    assert theory.generator_criterion(p, q).item() == theory.generator_criterion(p[:2], q[:2]).item()


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([0.5, 0.4], "sum to 1"),
        ([1.5, -0.5], ">= 0"),
        ([float("nan"), 1.0], "finite"),
        ([[0.5, 0.5], [0.5, 0.6]], "sum to 1"),
    ],
)
def test_what_is_no_law_is_refused(weights, message):
    with pytest.raises(ValueError, match=message):
        theory.as_law(torch.tensor(weights))


def test_a_law_comes_back_in_double_precision():
    assert theory.as_law(torch.tensor([0.25, 0.75])).dtype == torch.float64


def test_simultaneous_play_grows_by_a_known_factor():
    path = theory.bilinear_play(1.0, 0.0, step=0.1, moves=100, alternating=False)
    norms = path.norm(dim=1)
    assert path.shape == (101, 2)
    torch.testing.assert_close(norms, math.sqrt(1.01) ** torch.arange(101, dtype=torch.float64))
    assert norms[-1].item() == pytest.approx(1.64463, abs=1e-5)


@settings(max_examples=30)
@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(0.001, 1.9))
def test_alternating_play_stays_on_an_ellipse(x, y, step):
    path = theory.bilinear_play(x, y, step=step, moves=200, alternating=True)
    invariant = path.square().sum(1) - step * path.prod(1)
    assert (invariant - invariant[0]).abs().max().item() <= 1e-12 * (1 + path.square().sum(1).max().item())


def test_alternating_play_answers_the_new_move():
    path = theory.bilinear_play(1.0, 2.0, step=0.5, moves=1, alternating=True)
    assert path[1].tolist() == [0.0, 2.0]  # x = 1 - 0.5 * 2, then y = 2 + 0.5 * 0
