import math

import pytest
import torch

from gan_course.evaluation.latent import concept, correlation, random_direction, shift, step_sizes, walk
from gan_course.evaluation.neighbours import nearest
from gan_course.training.seeding import generator


@pytest.mark.parametrize("spherical", [False, True])
def test_a_walk_passes_through_its_points(spherical):
    points = torch.randn(9, 20, generator=generator(0))
    path = walk(points, 10, spherical=spherical)
    assert path.shape == (81, 20)
    assert torch.allclose(path[::10], points, atol=1e-5)


def test_straight_legs_have_equal_steps():
    path = walk(torch.tensor([[0.0, 0.0], [1.0, 2.0], [1.0, 0.0]]), 4)
    assert torch.allclose(path.diff(dim=0)[:4], torch.tensor([[0.25, 0.5]]).expand(4, 2))
    assert torch.allclose(path.diff(dim=0)[4:], torch.tensor([[0.0, -0.5]]).expand(4, 2))


def test_a_spherical_walk_keeps_the_norm_and_a_straight_one_loses_it():
    points = torch.tensor([[2.0, 0.0], [0.0, 2.0]])
    assert torch.allclose(walk(points, 8, spherical=True).norm(dim=1), torch.full((9,), 2.0))
    assert walk(points, 8)[4].norm() == pytest.approx(math.sqrt(2))


def test_a_spherical_walk_between_parallel_or_opposite_points_is_straight():
    points = torch.tensor([[1.0, 0.0], [3.0, 0.0], [-1.0, 0.0]])
    assert torch.allclose(walk(points, 2, spherical=True)[:, 0], torch.tensor([1.0, 2.0, 3.0, 1.0, -1.0]))


def test_a_walk_needs_two_points():
    with pytest.raises(ValueError, match="two points and one step"):
        walk(torch.zeros(1, 3), 4)


def test_finer_steps_are_smaller_except_on_a_walk_over_stored_points():
    rng = generator(0)
    points, stored = torch.randn(5, 10, generator=rng), torch.randn(50, 10, generator=rng)
    coarse, fine = (step_sizes(walk(points, steps), stored) for steps in (20, 40))
    assert fine.largest == pytest.approx(coarse.largest / 2, rel=0.01)
    jumps = step_sizes(stored[nearest(walk(points, 40), stored)[1]], stored)
    assert jumps.largest > 10 * fine.largest
    assert (jumps.median, jumps.ratio) == (0.0, math.inf)


def test_step_sizes_are_in_units_of_the_reference():
    line = torch.tensor([[0.0], [1.0], [2.0], [5.0]])
    found = step_sizes(line, torch.tensor([[0.0], [2.0], [0.0]]))
    assert (found.largest, found.median, found.ratio) == (1.5, 0.5, 3.0)


def test_a_concept_is_the_mean_of_k_rows_with_the_attribute():
    z = torch.arange(10.0)[:, None]
    mask = torch.arange(10) >= 7
    assert concept(z, mask, 3, generator(0)).item() == 8.0
    assert concept(z, mask, 1, generator(0)).item() in (7.0, 8.0, 9.0)
    assert torch.equal(concept(z, mask, 2, generator(4)), concept(z, mask, 2, generator(4)))


def test_too_few_exemplars_are_refused():
    with pytest.raises(ValueError, match="3 exemplars are needed and 1 of 4"):
        concept(torch.zeros(4, 2), torch.tensor([True, False, False, False]), 3, generator(0))


def test_a_random_direction_is_as_long_as_the_one_it_controls():
    like = torch.tensor([3.0, 4.0])
    assert random_direction(like, generator(0)).norm().item() == pytest.approx(5)


def test_shifting_moves_every_row_along_the_direction():
    moved = shift(torch.zeros(2, 3), torch.tensor([1.0, 0.0, 2.0]), torch.tensor([-1.0, 0.0, 0.5]))
    assert moved.shape == (2, 3, 3)
    assert moved[1].tolist() == [[-1.0, 0.0, -2.0], [0.0, 0.0, 0.0], [0.5, 0.0, 1.0]]


def test_correlation_is_pearsons_per_row():
    amounts = torch.linspace(-1, 1, 7)
    answers = torch.stack([2 * amounts + 1, -amounts, torch.full((7,), 3.0), amounts**2])
    assert torch.allclose(
        correlation(amounts, answers), torch.tensor([1.0, -1.0, 0.0, 0.0]).double(), atol=1e-6
    )
