import inspect
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gan_course import objectives, theory
from gan_course.objectives import OBJECTIVES

LOG2 = math.log(2)
names = pytest.mark.parametrize("name", list(OBJECTIVES))
logits = st.floats(-30, 30)


def slope(loss, a: float) -> float:
    """d loss / d a for a batch of one logit."""
    a = torch.tensor([[a]], dtype=torch.float64, requires_grad=True)
    loss(a).backward()
    return a.grad.item()


@names
@pytest.mark.parametrize("size", [100.0, 1e4])
@pytest.mark.parametrize("signs", [(1, 1), (1, -1), (-1, 1), (-1, -1)])
def test_losses_and_gradients_stay_finite_at_extreme_logits(name, size, signs):
    game = OBJECTIVES[name]
    real, fake = (torch.full((4, 1), sign * size, requires_grad=True) for sign in signs)
    for loss in (game.d_loss(real, fake), game.g_loss(fake, real)):
        gradients = torch.autograd.grad(loss, (real, fake), allow_unused=True)
        assert torch.isfinite(loss)
        assert all(torch.isfinite(g).all() for g in gradients if g is not None)


@given(logits)
def test_the_minimax_generator_has_slope_minus_d(a):
    assert slope(objectives.minimax_g_loss, a) == pytest.approx(-1 / (1 + math.exp(-a)), rel=1e-12)


@given(logits)
def test_the_non_saturating_generator_has_slope_d_minus_one(a):
    assert slope(objectives.non_saturating_g_loss, a) == pytest.approx(-1 / (1 + math.exp(a)), rel=1e-12)


@pytest.mark.parametrize(("a", "ratio"), [(-1, 2.718), (-2, 7.389), (-5, 148.4), (-10, 22026)])
def test_the_non_saturating_slope_is_larger_by_exp_minus_a(a, ratio):
    measured = slope(objectives.non_saturating_g_loss, a) / slope(objectives.minimax_g_loss, a)
    assert measured == pytest.approx(math.exp(-a), rel=1e-12)
    assert measured == pytest.approx(ratio, rel=2e-4)


def test_a_rejected_fake_still_teaches_the_non_saturating_generator_in_single_precision():
    a = torch.tensor([-200.0], requires_grad=True)
    (gradient,) = torch.autograd.grad(objectives.non_saturating_g_loss(a), a)
    assert gradient.item() == -1.0


@given(st.lists(logits, min_size=1, max_size=8))
def test_the_discriminator_loss_is_minus_the_value_of_the_game(values):
    a = torch.tensor(values, dtype=torch.float64)
    uniform = torch.full_like(a, 1 / len(values))
    v = (uniform * torch.nn.functional.logsigmoid(a)).sum() + (
        uniform * torch.nn.functional.logsigmoid(-a)
    ).sum()
    assert objectives.bce_d_loss(a, a).item() == pytest.approx(-v.item(), rel=1e-12)
    moderate = a.clamp(-5, 5)
    v = theory.value(torch.sigmoid(moderate), uniform, uniform)
    assert objectives.bce_d_loss(moderate, moderate).item() == pytest.approx(-v.item(), rel=1e-12)


@pytest.mark.parametrize(
    ("name", "d_loss", "g_loss"),
    [
        ("minimax", 2 * LOG2, -LOG2),
        ("non_saturating", 2 * LOG2, LOG2),
        ("least_squares", 1 / 2, 1 / 2),
        ("hinge", 2, 0),
        ("wasserstein", 0, 0),
        ("relativistic", LOG2, LOG2),
    ],
)
def test_values_of_an_undecided_discriminator(name, d_loss, g_loss):
    zero = torch.zeros(5, 1, dtype=torch.float64)
    assert OBJECTIVES[name].d_loss(zero, zero).item() == pytest.approx(d_loss, abs=1e-15)
    assert OBJECTIVES[name].g_loss(zero, zero).item() == pytest.approx(g_loss, abs=1e-15)


def test_the_least_squares_optimum_between_equal_laws_is_one_half():
    half = torch.full((3,), 0.5, requires_grad=True)
    loss = objectives.least_squares_d_loss(half, half)
    (gradient,) = torch.autograd.grad(loss, half)
    assert loss.item() == pytest.approx(1 / 4)
    assert gradient.abs().max().item() == 0


@names
def test_both_players_want_opposite_fake_logits(name):
    """D's loss falls when fakes are rated lower, G's when they are rated higher."""
    low, high = torch.full((4, 1), -0.5), torch.full((4, 1), 0.5)
    real = torch.zeros(4, 1)
    game = OBJECTIVES[name]
    if name != "least_squares":  # there D wants 0 for fakes, not -infinity
        assert game.d_loss(real, low) < game.d_loss(real, high)
    assert game.g_loss(high, real) < game.g_loss(low, real)
    assert game.d_loss(high, real) < game.d_loss(low, real)


def test_the_hinge_stops_teaching_beyond_the_margin():
    real, fake = torch.tensor([1.5], requires_grad=True), torch.tensor([-1.5], requires_grad=True)
    gradients = torch.autograd.grad(objectives.hinge_d_loss(real, fake), (real, fake))
    assert [g.item() for g in gradients] == [0, 0]


@given(st.floats(-5, 5))
def test_relativistic_losses_depend_on_differences_alone(shift):
    real, fake = torch.tensor([1.0, -2.0]).double(), torch.tensor([0.5, 3.0]).double()
    for loss in (objectives.relativistic_d_loss, lambda r, f: objectives.relativistic_g_loss(f, r)):
        assert loss(real + shift, fake + shift).item() == pytest.approx(loss(real, fake).item(), rel=1e-12)


def test_the_relativistic_generator_asks_for_the_real_logits():
    with pytest.raises(ValueError, match="pass the real logits too"):
        objectives.relativistic_g_loss(torch.zeros(2))


def test_unknown_objectives_list_the_known_ones():
    with pytest.raises(
        ValueError, match=r"unknown objective 'wgan'; known: minimax, non_saturating, .*wasserstein"
    ):
        objectives.objective("wgan")


@names
def test_objectives_are_found_by_name_and_name_their_paper(name):
    game = objectives.objective(name)
    assert game.name == name
    assert any(year in game.source for year in ("2014", "2017", "2019"))
    assert list(inspect.signature(game.g_loss).parameters) == ["fake", "real"]


def linear_critic(w: torch.Tensor):
    """a(x) = <w, x>: its gradient is w everywhere."""
    return lambda x: x.flatten(1) @ w.flatten()


def test_the_zero_centred_penalty_of_a_linear_critic_is_half_its_squared_slope():
    w = torch.randn(3, 4, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    w.requires_grad_(True)
    x = torch.randn(5, 3, 4, 4, dtype=torch.float64)
    penalty = objectives.zero_centred_penalty(linear_critic(w), x)
    assert penalty.item() == pytest.approx(w.square().sum().item() / 2, rel=1e-12)
    (gradient,) = torch.autograd.grad(penalty, w)  # the penalty teaches the critic: d |w|^2 / 2 = w
    torch.testing.assert_close(gradient, w.detach())


@pytest.mark.parametrize(("norm", "penalty"), [(1.0, 0.0), (3.0, 4.0), (0.0, 1.0)])
def test_the_one_centred_penalty_measures_the_distance_of_the_slope_from_one(norm, penalty):
    w = torch.tensor([0.6, 0.8], dtype=torch.float64) * norm
    real, fake = torch.randn(2, 6, 2, dtype=torch.float64)
    mix = torch.rand(6, 1, dtype=torch.float64)
    measured = objectives.one_centred_penalty(linear_critic(w), real, fake, mix)
    assert measured.item() == pytest.approx(penalty, abs=1e-12)


def test_the_one_centred_penalty_looks_between_real_and_fake():
    seen = []

    def critic(x):
        seen.append(x.detach())
        return x.sum(1)

    real, fake = torch.zeros(2, 2), torch.full((2, 2), 4.0)
    objectives.one_centred_penalty(critic, real, fake, torch.tensor([[1.0], [0.25]]))
    assert seen[0].tolist() == [[0.0, 0.0], [3.0, 3.0]]


def test_a_critic_without_any_slope_has_a_finite_penalty_gradient():
    w = torch.zeros(2, requires_grad=True)
    (gradient,) = torch.autograd.grad(objectives.zero_centred_penalty(linear_critic(w), torch.ones(3, 2)), w)
    assert gradient.tolist() == [0, 0]


def test_gradient_norms_are_per_sample():
    x = torch.tensor([[3.0, 4.0], [0.0, 1.0]])
    norms = objectives.gradient_norms(lambda x: x.square().sum(1) / 2, x)
    assert norms.tolist() == [5.0, 1.0]
    assert x.grad is None
    assert not x.requires_grad
