import math

import pytest
import torch
from helpers import weights

from gan_course.data.resident import Resident
from gan_course.models.tagger import TAGGER_SETTINGS, regressor, tagger
from gan_course.training import Settings, fit
from gan_course.training.seeding import generator

POINTS = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [-1.0, 0.0, 0.0]])


def data(n: int = 512) -> Resident:
    """Images of two kinds; words 0 and 1 are said of the first kind, 2 and 3 of the other."""
    kind, word = torch.randint(2, (2, n), generator=generator(0))
    features = torch.nn.functional.one_hot(kind, 4).float()
    return Resident("words", POINTS[2 * kind + word], {"features": features, "kind": kind})


def small(seed: int = 0, **options):
    return tagger(seed, features=4, words=3, latent=5, **options)


def quick(**changes) -> Settings:
    return Settings(**TAGGER_SETTINGS | {"rounds": 5, "batch": 16} | changes)


def test_samples_and_logits_have_the_right_shapes():
    game, features = small(), torch.rand(7, 4)
    assert game.samples(features, each=6).shape == (7, 6, 3)
    assert game.D(torch.rand(7, 3), features).shape == (7, 1)


def test_samples_depend_on_the_seed_the_noise_and_the_image():
    game, features = small(), torch.eye(4)
    first = game.samples(features, each=3, seed=1)
    assert torch.equal(first, game.samples(features, each=3, seed=1))
    assert not torch.equal(first, game.samples(features, each=3, seed=2))
    assert not torch.equal(first[:, 0], first[:, 1])
    assert not torch.allclose(first[0].mean(0), first[1].mean(0))


def test_the_papers_generator_only_moves_its_cloud_and_ours_does_more():
    z, one, other = torch.randn(50, 5), torch.eye(4)[:1].expand(50, 4), torch.eye(4)[1:2].expand(50, 4)
    shift = {joint: (G := small(joint=joint).G)(z, one) - G(z, other) for joint in (0, 128)}
    assert shift[0].std(0).max() < 1e-6
    assert shift[128].std(0).max() > 1e-3


def test_a_move_pairs_real_words_with_their_images_and_makes_words_for_others():
    batch = small(smear=0.0).draw(data(), 64, generator(0))
    real_kind = batch["real_features"].argmax(1)
    said = (batch["real"] @ POINTS.T).argmax(1)
    assert torch.equal(said // 2, real_kind)
    assert not torch.equal(batch["features"], batch["real_features"])


def test_smear_moves_the_real_words_by_as_much():
    clean, smeared = (small(smear=s).draw(data(), 400, generator(0))["real"] for s in (0.0, 0.1))
    assert (smeared - clean).std().item() == pytest.approx(0.1, rel=0.1)


def test_an_untrained_game_starts_near_the_loss_of_a_coin():
    game = small()
    batch = game.draw(data(), 64, generator(0))
    assert game.d_loss(batch).item() == pytest.approx(2 * math.log(2), abs=0.2)
    assert game.g_loss(batch).item() == pytest.approx(math.log(2), abs=0.2)


def test_the_generators_step_leaves_the_discriminator_alone_and_the_other_way_round():
    game = small()
    batch = game.draw(data(), 8, generator(0))
    game.d_loss(batch).backward()
    assert all(p.grad is None for p in game.G.parameters())


def test_the_penalty_is_the_slope_in_the_word():
    game = small(r1=3.0, r1_every=2)
    batch = game.draw(data(), 8, generator(0))
    x = batch["real"].clone().requires_grad_()
    (slope,) = torch.autograd.grad(game.D(x, batch["real_features"]).sum(), x)
    half = game.r1_loss(batch).item() / (3.0 * 2)
    assert half == pytest.approx(slope.square().sum(1).mean().item() / 2, rel=1e-4)


@pytest.mark.parametrize("build", [small, lambda seed: regressor(seed, features=4, words=3)])
def test_the_same_seed_gives_the_same_networks_and_another_seed_others(build):
    torch.manual_seed(1)
    first = weights(build(3))
    torch.manual_seed(2)
    assert torch.equal(first, weights(build(3)))
    assert not torch.equal(first, weights(build(4)))


def test_noise_without_images_is_refused_with_advice():
    with pytest.raises(ValueError, match=r"samples\(features\)"):
        small().sample(3)


@pytest.mark.parametrize("objective", ["non_saturating", "relativistic"])
def test_a_training_is_the_same_twice(objective):
    first, again = (fit(small(objective=objective), data(), quick()).game for _ in range(2))
    assert torch.equal(weights(first), weights(again))


def test_the_regressor_learns_the_mean_between_the_words():
    run = fit(regressor(features=4, words=3), data(), quick(rounds=150, batch=64, ema=0.9))
    said = run.game.predict(torch.eye(4)[:2], run.G)
    kinds = data().column("kind")
    means = torch.stack([data().x[kinds == kind].mean(0) for kind in (0, 1)])
    assert (said - means).abs().max() < 0.15
