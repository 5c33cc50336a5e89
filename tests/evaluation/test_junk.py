import pytest
import torch

from gan_course.data import strokes
from gan_course.evaluation import junk
from gan_course.evaluation.reader import as_input
from gan_course.training.seeding import generator

REAL = as_input(strokes.draw(60).images)
KINDS = junk.SEEN | junk.UNSEEN


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_junk_looks_like_images_to_a_network(kind):
    images = kind(REAL, generator(0))
    assert images.shape == REAL.shape
    assert images.dtype == REAL.dtype
    assert torch.isfinite(images).all()
    assert images.min() >= -1
    assert images.max() <= 1


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_junk_depends_on_its_generator_alone(kind):
    first = kind(REAL, generator(0))
    state = torch.get_rng_state()
    assert torch.equal(kind(REAL, generator(0)), first)
    assert not torch.equal(kind(REAL, generator(1)), first)
    assert torch.equal(torch.get_rng_state(), state)


def test_no_kind_is_both_seen_and_unseen():
    assert not junk.SEEN.keys() & junk.UNSEEN.keys()


def test_half_of_the_blanks_are_black_and_all_are_flat():
    blanks = junk.blank(REAL, generator(0)).flatten(1)
    assert (blanks.amax(1) == blanks.amin(1)).all()
    assert (blanks[:, 0] == -1).double().mean() >= 0.5


def test_a_patchwork_is_made_of_tiles_of_the_images():
    tiles = lambda images: images.unfold(2, 7, 7).unfold(3, 7, 7).reshape(-1, 49)
    known = {tuple(tile.tolist()) for tile in tiles(REAL)}
    assert all(tuple(tile.tolist()) in known for tile in tiles(junk.patchwork(REAL[:5], generator(0))[:5]))


def test_the_mixture_takes_all_seen_kinds_in_turn():
    mixed = junk.mixture(REAL, generator(0))
    assert mixed.shape == REAL.shape
    assert torch.equal(mixed[:10], junk.noise(REAL[:10], generator(0)))
    flat = mixed.flatten(1).amax(1) == mixed.flatten(1).amin(1)
    assert flat[10:20].all()
