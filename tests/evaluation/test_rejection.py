import pytest
import torch

from gan_course.data import strokes
from gan_course.evaluation import junk
from gan_course.evaluation.oracle import answers
from gan_course.evaluation.reader import accuracy, as_input, train_reader
from gan_course.evaluation.rejection import train_rejecting_reader
from gan_course.training.seeding import generator


@pytest.mark.slow
def test_a_reader_trained_on_junk_doubts_it_and_a_plain_one_does_not():
    train, test = strokes.draw(6000, 0), strokes.draw(600, 1)
    nothing = torch.cat([kind(as_input(test.images), generator(0)) for kind in junk.SEEN.values()])
    images, labels = train.images, train.factors["label"]
    sure = {}
    for name, train_one in {"rejecting": train_rejecting_reader, "plain": train_reader}.items():
        reader = train_one(images, labels, epochs=2)
        assert accuracy(reader, test.images, test.factors["label"]) > 0.97
        sure[name] = (answers(reader, nothing)[0] > 0.9).double().mean().item()
    assert sure["rejecting"] < 0.02
    assert sure["plain"] > 5 * sure["rejecting"]  # after a training as short as this one


def test_the_same_seed_gives_the_same_weights_and_leaves_the_global_state_alone():
    data = strokes.draw(256)
    state = torch.get_rng_state()
    first, second, other = (
        train_rejecting_reader(data.images, data.factors["label"], 1, seed) for seed in (3, 3, 4)
    )
    assert torch.equal(first.hidden.weight, second.hidden.weight)
    assert not torch.equal(first.hidden.weight, other.hidden.weight)
    assert torch.equal(torch.get_rng_state(), state)
    assert not first.training


def test_fewer_images_than_a_batch_are_refused():
    data = strokes.draw(50)
    with pytest.raises(ValueError, match="at least one batch of 128 images"):
        train_rejecting_reader(data.images, data.factors["label"])
