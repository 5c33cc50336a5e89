import pytest
import torch

from gan_course.evaluation.near_duplicates import (
    Hasher,
    choose_radius,
    codes,
    duplicates,
    train_hasher,
)
from gan_course.evaluation.planted import plant, score
from gan_course.training.seeding import generator


def images(n, seed=0):
    """Smooth random colour fields."""
    coarse = torch.rand(n, 3, 6, 6, generator=generator(seed)) * 255
    return torch.nn.functional.interpolate(coarse, size=32, mode="bilinear").to(torch.uint8)


def hashes(n=300, bits=16, seed=0):
    return torch.rand(n, bits, generator=generator(seed)) < 0.5


@pytest.mark.parametrize("radius", [0, 1, 3])
def test_the_buckets_find_what_a_double_loop_finds(radius):
    rows = hashes()
    slow = [
        [i, j] for i in range(300) for j in range(i + 1, 300) if int((rows[i] != rows[j]).sum()) <= radius
    ]
    assert len(slow) > 0 or radius == 0
    assert duplicates(rows, radius).tolist() == slow


def test_no_pairs_is_an_empty_table():
    assert duplicates(torch.eye(4, dtype=torch.bool), 0).shape == (0, 2)


def test_the_radius_is_the_largest_that_keeps_false_positives_rare():
    rows = torch.zeros(10, 32, dtype=torch.bool)
    for k in range(10):  # rows 0 and 1 differ in 2 bits, all the others lie farther apart
        rows[k, :] = hashes(10, 32, 3)[k]
    rows[1] = rows[0]
    rows[1, :2] = ~rows[1, :2]
    radius = choose_radius(rows, rate=0.2)
    assert radius >= 2
    assert len(duplicates(rows, radius)) == 1
    assert len(duplicates(rows, radius + 1)) > 1
    assert choose_radius(rows, rate=0.1) == 1


def test_the_same_seed_gives_the_same_hashes_and_leaves_the_global_state_alone():
    x = images(256)
    state = torch.get_rng_state()
    first, second = (codes(train_hasher(x, 3, epochs=1), x) for _ in range(2))
    assert torch.equal(first, second)
    assert torch.equal(state, torch.get_rng_state())


def test_training_teaches_reconstruction_and_most_units_stay_alive():
    x = images(640)
    clean = x.float() / 127.5 - 1

    def error(hasher):
        with torch.no_grad():
            return (hasher(clean) - clean).square().mean().item()

    hasher = train_hasher(x, epochs=6)
    assert error(hasher) < 0.97 * error(train_hasher(x, epochs=1))
    share = codes(hasher, x).float().mean(0)
    assert ((share > 0.02) & (share < 0.98)).float().mean() > 0.9


def test_unmoved_copies_are_found_and_distinct_images_are_not():
    x = images(640)
    hasher = train_hasher(x, epochs=3)
    radius = choose_radius(codes(hasher, images(640, seed=1)))
    both, sources = plant(x, 0.05, generator(0), move=0.0)
    found = score(duplicates(codes(hasher, both), radius), len(x), sources)
    assert found.recall > 0.9
    assert found.false_positives < 0.02


def test_wrong_images_are_refused():
    with pytest.raises(ValueError, match="RGB images of 32 pixels"):
        train_hasher(torch.zeros(200, 3, 64, 64, dtype=torch.uint8))
    with pytest.raises(ValueError, match="do not fill one batch"):
        train_hasher(images(20))
    with pytest.raises(ValueError, match="uint8"):
        codes(Hasher(torch.zeros(3, 32, 32)), torch.zeros(2, 3, 32, 32))
