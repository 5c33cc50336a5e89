import pytest
import torch
from torch import nn

from gan_course.models.dcgan import (
    DCGAN,
    SIZES,
    dcgan,
    dcgan_discriminator,
    dcgan_generator,
    feature_maps,
    initialise,
)
from gan_course.training.seeding import generator


def parameters(net: nn.Module) -> int:
    return sum(parameter.numel() for parameter in net.parameters())


def layers(net: nn.Module, kind: type) -> list:
    return [layer for layer in net.modules() if isinstance(layer, kind)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kernel", [4, 5])
def test_the_networks_map_latents_to_images_and_images_to_one_logit(size, kernel):
    game = dcgan(size=size, width=2, kernel=kernel, latent=7)
    images = game.G(torch.randn(3, 7))
    assert images.shape == (3, 3, size, size)
    assert images.abs().max() <= 1
    assert game.D(images).shape == (3, 1)


def test_the_usual_network_for_64_pixels_has_the_parameters_of_the_port():
    # 4×4 kernels: 100·512 + 512·256 + 256·128 + 128·64 + 64·3 kernels of 16 weights, and 2 per map with batch norm
    game = dcgan()
    assert parameters(game.G) == 16 * (100 * 512 + 512 * 256 + 256 * 128 + 128 * 64 + 64 * 3) + 2 * 960
    assert parameters(game.D) == 16 * (3 * 64 + 64 * 128 + 128 * 256 + 256 * 512 + 512) + 2 * 896
    assert (parameters(game.G), parameters(game.D)) == (3_576_704, 2_765_568)


def test_the_network_of_the_paper_has_the_maps_of_figure_1_and_their_parameters():
    game = dcgan(kernel=5, width=128)
    maps = feature_maps(game.G, torch.rand(2, 100))
    assert [tuple(m.shape[1:]) for m in maps] == [
        (1024, 4, 4),
        (512, 8, 8),
        (256, 16, 16),
        (128, 32, 32),
        (3, 64, 64),
    ]
    kernels = 25 * (1024 * 512 + 512 * 256 + 256 * 128 + 128 * 3)
    assert parameters(game.G) == 100 * 1024 * 16 + kernels + 2 * (1024 + 512 + 256 + 128)
    kernels = 25 * (3 * 128 + 128 * 256 + 256 * 512 + 512 * 1024)
    assert parameters(game.D) == kernels + 2 * (256 + 512 + 1024) + 1024 * 16


@pytest.mark.parametrize("kernel", [4, 5])
def test_the_five_guidelines_hold(kernel):
    G, D = dcgan_generator(8, 32, 4, kernel=kernel), dcgan_discriminator(32, 4, kernel=kernel)
    strided = layers(D, nn.Conv2d)[:3] + layers(G, nn.ConvTranspose2d)[-3:]
    assert all(layer.stride == (2, 2) for layer in strided)
    assert not layers(D, nn.MaxPool2d)
    assert not layers(G, nn.Upsample)
    normalised = [bool(layers(block, nn.BatchNorm2d)) for net in (G, D) for block in net]
    assert normalised == [True, True, True, False, False, True, True, False]
    assert len(layers(G, nn.Linear)) == len(layers(D, nn.Linear)) == (1 if kernel == 5 else 0)
    assert len(layers(G, nn.ReLU)) == 3
    assert isinstance(G[-1][-1], nn.Tanh)
    assert [layer.negative_slope for layer in layers(D, nn.LeakyReLU)] == [0.2] * 3
    assert not layers(D, nn.Sigmoid)


def test_a_new_game_is_initialised_as_the_paper_says():
    game = dcgan(size=64, width=32)
    for net in (game.G, game.D):
        for layer in layers(net, nn.Conv2d | nn.ConvTranspose2d):
            tolerance = 4 * 0.02 / layer.weight.numel() ** 0.5
            assert abs(layer.weight.mean()) < tolerance
            assert layer.weight.std().item() == pytest.approx(0.02, abs=tolerance)
        gains = torch.cat([layer.weight for layer in layers(net, nn.BatchNorm2d)])
        assert gains.mean().item() == pytest.approx(1, abs=4 * 0.02 / len(gains) ** 0.5)
        assert gains.std().item() == pytest.approx(0.02, rel=0.25)
        assert all((layer.bias == 0).all() for layer in layers(net, nn.BatchNorm2d))


def test_initialising_reaches_every_layer_at_any_depth_and_leaves_the_rest_alone():
    net = nn.Sequential(nn.Sequential(nn.Sequential(nn.Linear(50, 60))), nn.LayerNorm(60), nn.PReLU())
    rest = [parameter.clone() for parameter in net[1:].parameters()]
    assert initialise(net) is net
    assert net[0][0][0].weight.std().item() == pytest.approx(0.02, rel=0.1)
    assert (net[0][0][0].bias == 0).all()
    assert all(torch.equal(a, b) for a, b in zip(rest, net[1:].parameters(), strict=True))


def test_a_seed_decides_the_weights_and_leaves_the_global_state_alone():
    torch.manual_seed(1)
    before = torch.get_rng_state()
    one, two, other = (dcgan(seed, size=32, width=2) for seed in (3, 3, 4))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(one.G[0][1].weight, two.G[0][1].weight)
    assert not torch.equal(one.G[0][1].weight, other.G[0][1].weight)


def test_the_uniform_prior_fills_minus_one_to_one():
    game = dcgan(size=32, width=2, latent=50, prior="uniform")
    z = game.noise(200, generator(0))["z"]
    assert z.min() >= -1
    assert z.max() <= 1
    assert z.mean().item() == pytest.approx(0, abs=0.03)
    assert z.std().item() == pytest.approx(3**-0.5, abs=0.01)
    assert dcgan(size=32, width=2).noise(50, generator(0))["z"].abs().max() > 2


def test_feature_maps_are_the_outputs_of_the_blocks():
    game = dcgan(size=32, width=2).eval()
    x = torch.rand(2, 3, 32, 32)
    maps = feature_maps(game.D, x)
    assert [m.shape[1:] for m in maps[:-1]] == [(2, 16, 16), (4, 8, 8), (8, 4, 4)]
    assert torch.equal(maps[-1], game.D(x))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: dcgan(size=48), "32, 64, 128 pixels, not 48"),
        (lambda: dcgan(kernel=3), "kernel must be 4"),
        (lambda: dcgan(size=32, width=2, prior="cauchy"), "known: normal, uniform"),
    ],
)
def test_what_cannot_be_built_says_what_can(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_dcgan_plays_the_game_of_2014():
    game = dcgan(size=32, width=2)
    assert isinstance(game, DCGAN)
    assert [player.name for player in game.players()] == ["D", "G"]
    assert game.objective.name == "non_saturating"
