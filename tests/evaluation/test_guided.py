import pytest
import torch
from torch import nn

from gan_course.evaluation.guided import guided, guided_gradient
from gan_course.models.dcgan import dcgan_discriminator, initialise
from gan_course.training.seeding import generator, seeded


def linear(weights):
    layer = nn.Linear(len(weights[0]), len(weights), bias=False)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(weights))
    return layer


@pytest.mark.parametrize("rectifier", [nn.ReLU(), nn.LeakyReLU(0.2)])
def test_one_layer_by_hand(rectifier):
    net = nn.Sequential(linear([[1.0, 2.0], [-3.0, 1.0]]), rectifier)
    x = torch.tensor([[1.0, 1.0]], requires_grad=True)  # pre-activations 3 and -2
    with guided(net):
        net(x).sum().backward()
    assert x.grad.tolist() == [[1.0, 2.0]]  # the second unit is off, also when leaky


def test_two_layers_by_hand_a_negative_gradient_stops_at_the_rectifier():
    net = nn.Sequential(linear([[1.0, 2.0], [3.0, 1.0]]), nn.ReLU(), linear([[2.0, -1.0]]), nn.ReLU())
    x = torch.tensor([[2.0, 1.0]], requires_grad=True)  # pre-activations 4 and 7, then 8 - 7 = 1
    net(x).sum().backward()
    assert x.grad.tolist() == [[2 * 1 - 3, 2 * 2 - 1]]  # the ordinary gradient
    x.grad = None
    with guided(net):
        net(x).sum().backward()
    assert x.grad.tolist() == [[2.0, 4.0]]  # the -1 of the second unit arrives negative


def test_outputs_are_the_same_and_the_ordinary_gradient_is_back_afterwards():
    with seeded(0):
        D = initialise(dcgan_discriminator(32, 4)).eval()
    x = torch.rand(2, 3, 32, 32, generator=generator(0)).requires_grad_(True)
    (before,) = torch.autograd.grad(D(x).sum(), x)
    with guided(D):
        assert torch.equal(D(x), D.eval()(x))
        (inside,) = torch.autograd.grad(D(x).sum(), x)
    (after,) = torch.autograd.grad(D(x).sum(), x)
    assert torch.equal(before, after)
    assert not torch.equal(before, inside)


def test_the_network_is_released_after_an_error():
    net = nn.Sequential(linear([[1.0]]), nn.ReLU())
    with pytest.raises(RuntimeError, match="stop"), guided(net):
        raise RuntimeError("stop")
    assert not net[1]._forward_hooks


def test_the_gradient_is_that_of_the_strongest_place_and_nothing_else_is_touched():
    with seeded(0):
        D = initialise(dcgan_discriminator(32, 4))
    state = {key: value.clone() for key, value in D.state_dict().items()}
    x = torch.rand(5, 3, 32, 32, generator=generator(0)) * 2 - 1
    gradient = guided_gradient(D, x, layer=0, feature=2)
    assert gradient.shape == x.shape
    # one place of the first layer sees 4×4 pixels
    touched = gradient.abs().amax(1) > 0
    assert touched.flatten(1).sum(1).max() <= 16
    h = D[0](x)[:, 2]
    for k in range(5):
        row, column = divmod(h[k].argmax().item(), 16)
        rows, columns = touched[k].nonzero().T
        assert rows.min() >= 2 * row - 1
        assert rows.max() <= 2 * row + 2
        assert columns.min() >= 2 * column - 1
        assert columns.max() <= 2 * column + 2
    assert all(torch.equal(state[key], value) for key, value in D.state_dict().items())
    assert D.training
    assert all(parameter.grad is None for parameter in D.parameters())
    assert not x.requires_grad


def test_layers_count_from_the_end_too_and_images_are_treated_alone():
    with seeded(0):
        D = initialise(dcgan_discriminator(32, 4))
    x = torch.rand(3, 3, 32, 32, generator=generator(0)) * 2 - 1
    last = guided_gradient(D, x, layer=-2, feature=1)
    assert torch.equal(last, guided_gradient(D, x, layer=2, feature=1))
    assert torch.allclose(last[:1], guided_gradient(D, x[:1], layer=2, feature=1), atol=1e-7)


def test_in_place_rectifiers_are_refused():
    with (
        pytest.raises(ValueError, match="inplace=False"),
        guided(nn.Sequential(nn.Linear(1, 1), nn.ReLU(inplace=True))),
    ):
        pass
