import math

import pytest
import torch
from helpers import small_game, small_ring, weights

from gan_course.data.resident import Resident
from gan_course.models.vanilla import DIGIT_SETTINGS, digit_gan, mlp_discriminator, mlp_generator, ring_gan
from gan_course.objectives import OBJECTIVES, zero_centred_penalty
from gan_course.training import Settings, fit, move, seeded
from gan_course.training.loop import make_optimisers
from gan_course.training.seeding import generator


def digits(n: int = 64) -> Resident:
    """Random pixels in the shape of digits."""
    return Resident("pixels", torch.randint(256, (n, 1, 28, 28), generator=generator(0), dtype=torch.uint8))


def batch(game, n: int = 16):
    return game.draw(small_ring(), n, generator(1))


@pytest.mark.parametrize("shape", [(2,), (1, 28, 28), (3, 8, 10)])
def test_samples_have_the_shape_of_the_data_and_logits_one_column(shape):
    G, D = mlp_generator(5, shape, (7, 9)), mlp_discriminator(shape, (9, 7))
    samples = G(torch.randn(6, 5))
    assert samples.shape == (6, *shape)
    assert D(samples).shape == (6, 1)


def test_images_stay_within_the_range_of_the_data_and_points_do_not():
    noise = 100 * torch.randn(50, 4, generator=generator(0))
    with seeded(0):
        images, points = mlp_generator(4, (1, 6, 6), (8,))(noise), mlp_generator(4, (2,), (8,))(noise)
    assert images.abs().max() <= 1
    assert points.abs().max() > 1


@pytest.mark.parametrize("build", [ring_gan, digit_gan])
def test_the_same_seed_gives_the_same_networks_and_another_seed_others(build):
    torch.manual_seed(1)
    first = weights(build(3))
    torch.manual_seed(2)
    assert torch.equal(first, weights(build(3)))
    assert not torch.equal(first, weights(build(4)))


def test_the_digit_networks_are_fully_connected():
    kinds = {type(layer).__name__ for layer in digit_gan().modules() if not list(layer.children())}
    assert {"Linear", "BatchNorm1d", "LeakyReLU"} <= kinds
    assert not any("Conv" in kind for kind in kinds)
    assert not any("Norm" in type(layer).__name__ for layer in digit_gan().D.modules())


def test_an_untrained_digit_game_starts_near_the_loss_of_a_coin():
    game = digit_gan()
    drawn = game.draw(digits(), 64, generator(0))
    assert game.d_loss(drawn).item() == pytest.approx(2 * math.log(2), abs=0.1)
    assert game.g_loss(drawn).item() == pytest.approx(math.log(2), abs=0.1)


def test_the_losses_are_those_of_the_paper():
    game = small_game()
    drawn = batch(game)
    real, fake = game.D(drawn["real"]).sigmoid(), game.D(game.G(drawn["z"])).sigmoid()
    V = real.log().mean() + (1 - fake).log().mean()
    assert torch.isclose(game.d_loss(drawn), -V)
    assert torch.isclose(game.g_loss(drawn), -fake.log().mean())
    saturating = small_game(objective="minimax")
    assert torch.isclose(saturating.g_loss(drawn), (1 - fake).log().mean())


@pytest.mark.parametrize("name", OBJECTIVES)
def test_every_objective_gives_both_players_a_gradient(name):
    game = small_game(objective=name)
    drawn = batch(game)
    for loss, net in ((game.d_loss, game.D), (game.g_loss, game.G)):
        gradients = torch.autograd.grad(loss(drawn), list(net.parameters()), allow_unused=True)
        assert sum(g.abs().sum().item() for g in gradients if g is not None) > 0


def test_the_loss_of_the_discriminator_sends_no_gradient_to_the_generator():
    game = small_game()
    game.d_loss(batch(game)).backward()
    assert all(parameter.grad is None for parameter in game.G.parameters())
    assert all(parameter.grad is not None for parameter in game.D.parameters())


def test_an_unknown_objective_is_refused_with_the_known_names():
    with pytest.raises(ValueError, match="unknown objective 'hing'; known: minimax, non_saturating"):
        ring_gan(objective="hing")


def test_the_players_are_those_of_algorithm_1_and_the_penalty_joins_on_request():
    game = ring_gan(d_steps=5)
    assert [(p.name, p.plays, p.steps, p.every) for p in game.players()] == [
        ("D", game.D, 5, 1),
        ("G", game.G, 1, 1),
    ]
    game = ring_gan(r1=0.1, r1_every=4)
    assert [(p.name, p.plays, p.steps, p.every) for p in game.players()] == [
        ("D", game.D, 1, 1),
        ("R1", game.D, 1, 4),
        ("G", game.G, 1, 1),
    ]


def test_a_lazy_penalty_weighs_as_much_over_time_as_one_in_every_round():
    eager, lazy = ring_gan(r1=0.3), ring_gan(r1=0.3, r1_every=4)
    drawn = batch(eager)
    assert torch.isclose(eager.r1_loss(drawn), 0.3 * zero_centred_penalty(eager.D, drawn["real"]))
    assert torch.isclose(lazy.r1_loss(drawn), 4 * eager.r1_loss(drawn))


def test_a_move_changes_the_parameters_of_its_player_alone():
    game, data, rng = digit_gan(), digits(), generator(0)
    players = game.players()
    optimisers = make_optimisers(game, Settings())
    assert optimisers["R1"] is optimisers["D"]
    for player in players:
        other = game.G if player.plays is game.D else game.D
        before = [[p.clone() for p in net.parameters()] for net in (player.plays, other)]
        move(game, player, optimisers[player.name], data, 8, rng)
        assert any(not torch.equal(p, q) for p, q in zip(before[0], player.plays.parameters(), strict=True))
        assert all(torch.equal(p, q) for p, q in zip(before[1], other.parameters(), strict=True))


def test_the_noise_is_standard_normal_and_follows_the_random_source():
    game = digit_gan()
    z = game.noise(2000, generator(5))["z"]
    assert z.shape == (2000, game.latent)
    assert torch.equal(z, game.noise(2000, generator(5))["z"])
    assert z.mean().abs() < 0.02
    assert (z.std() - 1).abs() < 0.02


def test_a_few_rounds_on_digits_train_both_networks():
    game = digit_gan()
    before = weights(game.G), weights(game.D)
    run = fit(game, digits(), Settings(**(DIGIT_SETTINGS | {"rounds": 4, "batch": 8, "log_every": 2})))
    assert not torch.equal(before[0], weights(game.G))
    assert not torch.equal(before[1], weights(game.D))
    assert run.sample(3).shape == (3, 1, 28, 28)
    assert set(run.history.rows[0]) >= {"D", "R1", "G"}


def test_a_discriminator_alone_learns_to_tell_a_shifted_ring():
    game = small_game()
    optimisers = make_optimisers(game, Settings(lr=1e-2))
    player, rng = game.players()[0], generator(0)
    for _ in range(200):
        move(game, player, optimisers["D"], small_ring(), 64, rng)
    assert game.d_loss(batch(game, 256)).item() < 0.5 * 2 * math.log(2)
