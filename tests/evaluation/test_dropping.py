import pytest
import torch
from torch import nn

from gan_course.evaluation.dropping import activations, fit_map_weights, generate_without, random_maps
from gan_course.models.dcgan import dcgan_generator, initialise
from gan_course.training.seeding import generator, seeded


def make_g():
    with seeded(0):
        return initialise(dcgan_generator(8, 32, 4))


def z(n):
    return torch.randn(n, 8, generator=generator(1))


def scene(n=40, maps=6, seed=0):
    """Map 1 is high and map 4 low on a square of 8×8 pixels, the rest is noise; every second image has the square."""
    rng = generator(seed)
    h = torch.rand(n, maps, 8, 8, generator=rng)
    masks = torch.zeros(n, 32, 32, dtype=torch.bool)
    for i in range(0, n, 2):
        row, column = torch.randint(0, 6, (2,), generator=rng).tolist()
        h[i, 1, row : row + 2, column : column + 2] += 1
        h[i, 4, row : row + 2, column : column + 2] -= 1
        masks[i, 4 * row : 4 * row + 8, 4 * column : 4 * column + 8] = True
    return h, masks


def test_the_map_that_draws_the_object_has_the_largest_weight():
    found = fit_map_weights(*scene(), generator(0))
    assert found.strongest(1) == [1]
    assert found.weights.argmin() == 4
    assert found.positions == 20 * 4  # 2×2 places in 20 images
    assert found.accuracy > 0.95


def test_positive_are_the_maps_with_weights_above_zero():
    found = fit_map_weights(*scene(), generator(0))
    assert sorted(found.positive()) == (found.weights > 0).nonzero()[:, 0].tolist()


def test_without_a_relation_the_held_out_accuracy_is_chance():
    h, masks = scene(200)
    noise = torch.rand(h.shape, generator=generator(5))
    assert fit_map_weights(noise, masks, generator(0)).accuracy == pytest.approx(0.5, abs=0.15)


def test_too_few_objects_are_refused():
    h, masks = scene(12)
    with pytest.raises(ValueError, match="in 6 of 12 images; at least 10"):
        fit_map_weights(h, masks, generator(0))


def test_dropping_nothing_gives_the_usual_image_and_leaves_g_alone():
    G = make_g()
    state = {key: value.clone() for key, value in G.state_dict().items()}
    same = generate_without(G, z(3), [])
    assert G.training
    assert torch.equal(same, G.eval()(z(3)))
    assert all(torch.equal(state[key], value) for key, value in G.state_dict().items())


def test_dropped_maps_are_zero_at_every_place():
    G = make_g().eval()
    h = activations(G, z(3), layer=1)
    assert h.shape == (3, 8, 8, 8)  # the second highest hidden layer: twice the width
    assert torch.equal(h, activations(G, z(3)))  # layer -3, the default
    h[:, [2, 5]] = 0
    with torch.no_grad():
        assert torch.equal(generate_without(G, z(3), [2, 5]), G[2:](h))


def test_a_layer_is_whatever_block_is_named():
    G = nn.Sequential(nn.Identity(), nn.Identity(), nn.Identity())
    x = torch.ones(2, 3, 4, 4)
    assert generate_without(G, x, [0], layer=1)[:, 0].abs().sum() == 0
    assert generate_without(G, x, [0], layer=1)[:, 1:].min() == 1
    assert x.min() == 1  # the input is not written to


def test_random_maps_are_distinct_and_depend_on_the_seed_alone():
    maps = random_maps(20, 10, generator(3))
    assert len(set(maps)) == 10
    assert set(maps) <= set(range(20))
    assert maps == random_maps(20, 10, generator(3))
