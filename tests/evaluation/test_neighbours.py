import pytest
import torch

from gan_course.evaluation.neighbours import nearest, not_copies
from gan_course.training.seeding import generator

D = 8


def normal(n, seed):
    return torch.randn(n, D, generator=generator(seed))


TRAINING, HELD_OUT, FRESH = normal(2000, 0), normal(500, 1), normal(500, 2)


def test_nearest_is_what_a_double_loop_finds():
    samples, training = normal(20, 3), normal(50, 4)
    distance, index = nearest(samples, training, chunk=7)
    for k, sample in enumerate(samples):
        apart = [(sample - row).norm().item() for row in training]
        assert index[k] == apart.index(min(apart))
        assert distance[k].item() == pytest.approx(min(apart), rel=1e-5)


def test_the_distance_of_an_exact_copy_is_exactly_zero_far_from_the_origin_too():
    training = normal(300, 0) + 1000
    distance, index = nearest(training[:100], training)
    assert (distance == 0).all()
    assert index.tolist() == list(range(100))


def test_fresh_draws_are_not_copies():
    found = not_copies(FRESH, TRAINING, HELD_OUT)
    assert found.passes
    assert found.low < found.ratio < found.high
    assert found.ratio == pytest.approx(1, abs=0.05)
    assert found.close < 0.03


def test_exact_copies_fail():
    found = not_copies(TRAINING[:500], TRAINING, HELD_OUT)
    assert (found.ratio, found.passes, found.close) == (0.0, False, 1.0)


def test_noisy_copies_fail():
    reference = nearest(HELD_OUT, TRAINING)[0].mean()
    noise = normal(500, 5)
    noise = noise / noise.norm(dim=1, keepdim=True) * reference / 2  # half as far as fresh data
    found = not_copies(TRAINING[:500] + noise, TRAINING, HELD_OUT)
    assert not found.passes
    assert found.ratio == pytest.approx(0.5, abs=0.05)


def test_copies_among_originals_fail_and_a_few_of_them_show_in_the_close_share():
    third = torch.cat([TRAINING[:170], FRESH[:330]])
    assert not not_copies(third, TRAINING, HELD_OUT).passes
    twentieth = torch.cat([TRAINING[:25], FRESH[:475]])
    assert not_copies(twentieth, TRAINING, HELD_OUT).close > 0.05


def test_too_few_samples_cannot_prove_originality():
    strict = {"margin": 0.93}
    assert not_copies(FRESH, TRAINING, HELD_OUT, **strict).passes
    assert not not_copies(FRESH[:20], TRAINING, HELD_OUT[:20], **strict).passes


def test_the_verdict_depends_on_the_seed_alone():
    first = not_copies(FRESH, TRAINING, HELD_OUT, seed=1)
    assert not_copies(FRESH, TRAINING, HELD_OUT, seed=1, chunk=33) == first


def test_mismatches_are_refused():
    with pytest.raises(ValueError, match="different width"):
        not_copies(FRESH[:, :3], TRAINING, HELD_OUT)
    with pytest.raises(ValueError, match=r"Resident\.take"):
        nearest(torch.zeros(5, 4), torch.zeros(5, 4, dtype=torch.uint8))
    with pytest.raises(ValueError, match="every held-out row is also a training row"):
        not_copies(FRESH, TRAINING, TRAINING[:100])
