import pytest
import torch
from torch import nn

from gan_course.models.conditional_networks import (
    HOWS,
    ConvDiscriminator,
    ConvGenerator,
    ConvTrunk,
    Joined,
    Maxout,
    PaperDiscriminator,
    PaperGenerator,
    join,
    one_hot,
)
from gan_course.training.seeding import generator, seeded


def made(kind: type, *arguments: object, **options: object) -> nn.Module:
    with seeded(0):
        return kind(*arguments, **options)


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize(("size", "channels", "classes"), [(28, 1, 10), (32, 3, 4)])
def test_the_networks_map_noise_and_labels_to_images_and_those_to_one_logit(how, size, channels, classes):
    shape = {"size": size, "width": 2, "channels": channels, "how": how}
    G, D = made(ConvGenerator, 5, classes, **shape), made(ConvDiscriminator, classes, **shape)
    y = torch.arange(6) % classes
    images = G(torch.randn(6, 5, generator=generator(0)), y)
    assert images.shape == (6, channels, size, size)
    assert images.abs().max() <= 1
    assert D(images, y).shape == (6, 1)


@pytest.mark.parametrize("how", HOWS)
def test_both_networks_answer_differently_to_another_label(how):
    G = made(ConvGenerator, 5, 10, width=2, how=how).eval()
    D = made(ConvDiscriminator, 10, width=2, how=how).eval()
    z, y = torch.randn(6, 5, generator=generator(0)), torch.arange(6)
    images = G(z, y)
    assert ((images - G(z, y + 1)).abs().amax((1, 2, 3)) > 0).all()
    x = torch.randn(6, 1, 28, 28, generator=generator(1))
    assert ((D(x, y) - D(x, y + 1)).abs() > 1e-6).all()


@pytest.mark.parametrize("how", HOWS)
def test_blind_networks_do_not_look_at_the_label_but_at_all_else(how):
    G = made(ConvGenerator, 5, 10, width=2, how=how, blind=True).eval()
    D = made(ConvDiscriminator, 10, width=2, how=how, blind=True).eval()
    z, y = torch.randn(6, 5, generator=generator(0)), torch.arange(6)
    images = G(z, y)
    assert torch.equal(images, G(z, y + 1))
    assert torch.equal(D(images, y), D(images, y + 1))
    assert torch.equal(D(images, y), D(images))
    assert images.flatten(1).std(0).max() > 0
    assert D(images).std() > 0


@pytest.mark.parametrize("how", HOWS)
def test_a_blind_network_has_the_weights_of_the_seeing_one(how):
    for kind, arguments in ((ConvGenerator, (5, 10)), (ConvDiscriminator, (10,))):
        seeing, blind = (made(kind, *arguments, width=2, how=how, blind=b) for b in (False, True))
        pairs = zip(seeing.state_dict().items(), blind.state_dict().items(), strict=True)
        assert all(a == b and torch.equal(p, q) for (a, p), (b, q) in pairs)


def test_the_projection_is_the_inner_product_with_the_vector_of_the_class_plus_psi():
    D = made(ConvDiscriminator, 3, width=2, how="projection").eval()
    x, y = torch.randn(4, 1, 28, 28, generator=generator(0)), torch.tensor([2, 0, 1, 2])
    phi = D.trunk(x)
    assert phi.shape == (4, 8 * 4 * 4)
    by_hand = [
        sum(D.embed.weight[k, i] * phi[n, i] for i in range(phi.shape[1]))
        + sum(D.psi.weight[0, i] * phi[n, i] for i in range(phi.shape[1]))
        + D.psi.bias[0]
        for n, k in enumerate(y.tolist())
    ]
    assert torch.allclose(D(x, y).squeeze(1), torch.stack(by_hand), atol=1e-5)


def test_an_embedding_multiplies_the_noise_by_one_plus_the_vector_of_the_class():
    G = made(ConvGenerator, 5, 3, width=2, how="embedding").eval()
    z, y = torch.randn(4, 5, generator=generator(0)), torch.tensor([2, 0, 1, 2])
    x = torch.stack([z[n] * (1 + G.embed.weight[k]) for n, k in enumerate(y.tolist())])
    for layer in G.layers:
        x = layer(x)
    assert torch.allclose(G(z, y), x)


def test_concat_joins_the_label_to_the_input_of_every_layer():
    G, D = (
        made(ConvGenerator, 5, 10, size=32, width=4, how="concat"),
        made(ConvDiscriminator, 10, size=32, width=4, how="concat"),
    )
    inputs = [layer[0].in_features if i == 0 else layer[0].in_channels for i, layer in enumerate(G.layers)]
    assert inputs == [5 + 10, 16 + 10, 8 + 10, 4 + 10]
    assert [layer[0].in_channels for layer in D.trunk.layers] == [1 + 10, 4 + 10, 8 + 10]
    assert D.psi.in_features == 16 * 4 * 4 + 10


def test_join_appends_columns_to_vectors_and_constant_planes_to_maps():
    label = one_hot(torch.tensor([1, 0]), 2)
    assert join(torch.full((2, 3), 5.0), label).tolist() == [[5, 5, 5, 0, 1], [5, 5, 5, 1, 0]]
    maps = join(torch.zeros(2, 3, 4, 6), label)
    assert maps.shape == (2, 5, 4, 6)
    assert (maps[0, 4] == 1).all()
    assert (maps[1, 4] == 0).all()
    assert (maps[0, 3] == 0).all()


def test_the_first_weights_are_those_of_dcgan():
    with seeded(0):
        nets = ConvGenerator(64, 10, width=16), ConvDiscriminator(10, width=16)
    for net in nets:
        for layer in net.modules():
            if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
                assert layer.weight.std().item() == pytest.approx(0.02, rel=0.15)


def test_the_trunk_says_how_many_features_it_has():
    for size in (28, 32):
        trunk = ConvTrunk(size=size, width=3, channels=2)
        assert trunk(torch.zeros(2, 2, size, size)).shape == (2, trunk.features)


def test_a_maxout_unit_is_the_largest_of_its_pieces():
    layer = made(Maxout, 3, units=2, pieces=4)
    x = torch.randn(5, 3, generator=generator(0))
    lines = x @ layer.linear.weight.T + layer.linear.bias  # (5, 2 · 4)
    assert torch.allclose(layer(x)[:, 0], lines[:, :4].max(1).values)
    assert torch.allclose(layer(x)[:, 1], lines[:, 4:].max(1).values)


def test_joined_gives_a_network_the_label_beside_its_input():
    net = Joined(nn.Identity(), 3)
    y = torch.tensor([2, 0])
    assert net(torch.full((2, 1, 1, 2), 7.0), y).tolist() == [[7, 7, 0, 0, 1], [7, 7, 1, 0, 0]]
    assert Joined(nn.Identity(), 3, blind=True)(torch.ones(2, 1), y).tolist() == [[1, 0, 0, 0], [1, 0, 0, 0]]


def test_the_networks_of_the_paper_have_the_layers_of_section_4_1():
    G, D = PaperGenerator(), PaperDiscriminator()
    linear = {
        name: (m.in_features, m.out_features) for name, m in G.named_modules() if isinstance(m, nn.Linear)
    }
    assert linear == {
        "of_z.0": (100, 200),
        "of_y.0": (10, 1000),
        "joint.0": (1200, 1200),
        "pixels.0": (1200, 784),
    }
    maxout = {
        name: (m.linear.in_features, m.linear.out_features // m.pieces, m.pieces)
        for name, m in D.named_modules()
        if isinstance(m, Maxout)
    }
    assert maxout == {"of_x.1": (784, 240, 5), "of_y.0": (10, 50, 5), "joint.0": (290, 240, 4)}
    assert (D.joint[-1].in_features, D.joint[-1].out_features) == (240, 1)
    for net in (G, D):
        dropout = [m.p for m in net.modules() if isinstance(m, nn.Dropout)]
        assert dropout == [0.5, 0.5, 0.5]


def test_the_pixels_of_the_paper_are_brought_to_our_range_and_back():
    G, D = PaperGenerator().eval(), PaperDiscriminator().eval()
    z, y = torch.rand(3, 100, generator=generator(0)), torch.tensor([0, 4, 9])
    hidden = G.joint(torch.cat([G.of_z(z), G.of_y(one_hot(y, 10))], 1))
    assert torch.allclose((G(z, y) + 1) / 2, G.pixels(hidden), atol=1e-6)
    seen = []
    D.of_x.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    D(torch.tensor([-1.0, 0.0, 1.0]).view(3, 1, 1, 1).expand(3, 1, 28, 28), y)
    assert seen[0][:, 0, 0, 0].tolist() == [0.0, 0.5, 1.0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ConvGenerator(5, 10, how="telepathy"), "'telepathy'; known: concat, embedding, projection"),
        (lambda: ConvDiscriminator(10, how="none"), "'none'; known: concat, embedding, projection"),
        (lambda: ConvGenerator(5, 10, size=64), "28 and 32 pixels, not 64"),
        (lambda: made(ConvDiscriminator, 3)(torch.zeros(2, 1, 28, 28)), r"call it as D\(x, y\)"),
        (lambda: ConvTrunk(size=27), "28 and 32 pixels, not 27"),
        (lambda: one_hot(torch.tensor([3, 11]), 10), r"must lie in 0\.\.9; these reach from 3 to 11"),
        (lambda: one_hot(torch.tensor([-1, 4]), 10), "these reach from -1 to 4"),
    ],
)
def test_what_cannot_be_built_says_what_can(make, message):
    with pytest.raises(ValueError, match=message):
        make()
