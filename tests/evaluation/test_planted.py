import pytest
import torch

from gan_course.evaluation.planted import plant, score
from gan_course.training.seeding import generator


def images(n, seed=0):
    """Smooth random colour fields."""
    coarse = torch.rand(n, 3, 6, 6, generator=generator(seed)) * 255
    return torch.nn.functional.interpolate(coarse, size=32, mode="bilinear").to(torch.uint8)


def test_planted_copies_follow_the_originals_and_look_alike():
    x = images(200)
    both, sources = plant(x, 0.05, generator(0))
    assert both.shape == (210, 3, 32, 32)
    assert both.dtype == torch.uint8
    assert torch.equal(both[:200], x)
    assert len(sources.unique()) == 10
    apart = (both[200:].float() - x[sources].float()).abs().mean((1, 2, 3))
    assert apart.min() > 0
    assert apart.max() < 15


def test_a_copy_that_is_not_moved_differs_by_light_and_noise_alone():
    x = torch.full((100, 3, 32, 32), 200, dtype=torch.uint8)
    copies = plant(x, 1.0, generator(0), move=0.0)[0][100:].float()
    assert copies.mean((1, 2, 3)).min() >= 0.949 * 200
    assert copies.mean((1, 2, 3)).max() <= 1.051 * 200
    assert copies.flatten(1).std(1).mean().item() == pytest.approx(2, rel=0.05)


def test_score_counts_planted_pairs_and_accused_originals():
    sources = torch.tensor([1, 3])  # rows 10 and 11 are their copies
    pairs = torch.tensor([[1, 10], [4, 5], [6, 10]])
    found = score(pairs, 10, sources)
    assert found.recall == 0.5
    assert found.false_positives == 0.3  # rows 4, 5 and 6
