import pytest
import torch

from gan_course.data import faces
from gan_course.evaluation import face_junk
from gan_course.evaluation.face_reader import (
    SIZES,
    FaceReader,
    relit,
    shrink,
    targets,
    train_face_reader,
    weathered,
)
from gan_course.evaluation.reader import as_input
from gan_course.training.seeding import generator

DRAWN = faces.draw(256, 0, 32)
REAL = as_input(DRAWN.images[:60])
KINDS = face_junk.SEEN | face_junk.UNSEEN


def test_the_docstring_counts_the_parameters():
    count = sum(parameter.numel() for parameter in FaceReader().parameters())
    assert f"{count:,} parameters" in FaceReader.__doc__
    assert 200_000 <= count <= 400_000


@pytest.mark.parametrize("size", SIZES)
def test_a_face_reader_answers_all_questions_at_every_size(size):
    reader, x = FaceReader().eval(), torch.rand(4, 3, size, size) * 2 - 1
    said = reader(x)
    assert reader.features(x).shape == (4, 64)
    assert reader.features(x).min() >= 0
    assert said.attributes.shape == (4, 5)
    assert said.hair.shape == (4, len(faces.HAIR))
    assert said.background.shape == (4, 3)
    assert said.yaw.shape == said.skin_tone.shape == said.face.shape == (4,)


def test_answers_and_targets_have_the_same_shapes():
    said, truth = FaceReader().eval()(REAL), targets({key: v[:60] for key, v in DRAWN.factors.items()})
    for name in ("attributes", "yaw", "skin_tone", "background", "face"):
        assert getattr(said, name).shape == getattr(truth, name).shape, name
    assert truth.yaw.abs().max() <= 1


def test_larger_images_are_averaged_over_squares():
    x = torch.rand(2, 3, 32, 32)
    assert torch.equal(shrink(x), x)
    torch.testing.assert_close(shrink(x.repeat_interleave(4, 2).repeat_interleave(4, 3)), x)


@pytest.mark.parametrize("change", [weathered, relit])
def test_weather_and_light_depend_on_the_generator_alone_and_stay_in_range(change):
    state = torch.get_rng_state()
    changed = change(REAL, generator(0))
    assert torch.equal(changed, change(REAL, generator(0)))
    assert not torch.equal(changed, change(REAL, generator(1)))
    assert torch.equal(torch.get_rng_state(), state)
    assert changed.shape == REAL.shape
    assert changed.abs().max() <= 1


def test_weather_keeps_the_colours_and_light_does_not():
    mean = REAL.mean((2, 3))
    worn, lit = weathered(REAL, generator(0)).mean((2, 3)), relit(REAL, generator(0)).mean((2, 3))
    assert (worn - mean).abs().mean() < 0.05 < (lit - mean).abs().mean()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_colour_junk_looks_like_images_and_depends_on_its_generator_alone(kind):
    state = torch.get_rng_state()
    images = kind(REAL, generator(0))
    assert images.shape == REAL.shape
    assert torch.isfinite(images).all()
    assert images.abs().max() <= 1
    assert torch.equal(images, kind(REAL, generator(0)))
    assert torch.equal(torch.get_rng_state(), state)


def test_no_kind_is_both_seen_and_unseen_and_sums_of_faces_are_not_seen():
    assert not face_junk.SEEN.keys() & face_junk.UNSEEN.keys()
    assert {face_junk.ghosts, face_junk.sums} <= set(face_junk.UNSEEN.values())


def test_shuffled_faces_hold_the_same_tiles_in_another_order():
    shuffled = face_junk.shuffled(REAL, generator(0))
    tiles = lambda image: {
        tuple(tile.flatten().tolist()) for row in image.split(8, 1) for tile in row.split(8, 2)
    }
    assert tiles(shuffled[3]) == tiles(REAL[3])
    assert not torch.equal(shuffled[3], REAL[3])


def test_blanks_and_rectangles_are_coloured():
    for kind in ("blank", "rectangles", "stripes"):
        images = KINDS[kind](REAL, generator(0))
        assert (images[:, 0] - images[:, 1]).abs().max() > 0.1, kind


def test_the_same_seed_trains_the_same_reader_and_leaves_the_global_state_alone():
    state = torch.get_rng_state()
    first, second, other = (train_face_reader(DRAWN.images, DRAWN.factors, 1, seed) for seed in (3, 3, 4))
    assert torch.equal(first.hidden.weight, second.hidden.weight)
    assert not torch.equal(first.hidden.weight, other.hidden.weight)
    assert torch.equal(torch.get_rng_state(), state)
    assert not first.training


def test_fewer_images_than_a_batch_are_refused():
    with pytest.raises(ValueError, match="at least one batch of 64 images"):
        train_face_reader(DRAWN.images[:50], {key: v[:50] for key, v in DRAWN.factors.items()})


@pytest.mark.slow
def test_a_short_training_tells_faces_from_junk_and_finds_glasses():
    drawn, test = faces.draw(6000, 1, 32), faces.draw(500, 2, 32)
    reader = train_face_reader(drawn.images, drawn.factors, epochs=4)
    x = as_input(test.images)
    with torch.no_grad():
        said = reader(x)
        fooled = reader(face_junk.SEEN["noise"](x, generator(0))).face > 0
    assert (said.face > 0).double().mean() > 0.95
    assert fooled.double().mean() < 0.1
    assert ((said.attributes[:, 1] > 0) == test.factors["eyeglasses"]).double().mean() > 0.8
