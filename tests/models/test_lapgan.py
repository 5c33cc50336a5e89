import itertools
import pickle

import pytest
import torch
from helpers import weights

from gan_course.data.resident import Resident
from gan_course.models import lapgan as module
from gan_course.models.lapgan import (
    LAPGAN,
    Level,
    base_gan,
    lapgan,
    level,
    level_seed,
    official_cifar_level,
)
from gan_course.pyramid import coarser, down, up
from gan_course.training import Settings, fit
from gan_course.training.seeding import generator

TINY = {"width": 4, "base_options": {"width": 8, "latent": 5}}


def pictures(n: int = 40, side: int = 32) -> Resident:
    pixels = torch.randint(0, 256, (n, 3, side, side), generator=generator(0), dtype=torch.uint8)
    return Resident("noise", pixels, {"label": torch.arange(n) % 3})


def brief(**changes) -> Settings:
    return Settings(**({"rounds": 4, "batch": 6, "log_every": 2, "ema": 0.5, "snapshots": 0} | changes))


def small_level(**options) -> Level:
    return level(0, **({"size": 16, "width": 4} | options))


def test_the_parts_are_named_by_their_sides_and_get_images_of_that_side():
    gan = lapgan(**TINY)
    assert list(gan.parts()) == ["8", "16", "32"]
    data = gan.part_data(pictures())
    assert {name: tuple(part.x.shape) for name, part in data.items()} == {
        "8": (40, 3, 8, 8),
        "16": (40, 3, 16, 16),
        "32": (40, 3, 32, 32),
    }
    for name, part in gan.parts().items():
        fit(part, data[name], brief(rounds=1))


def test_training_one_level_leaves_the_others_bit_identical():
    gan = lapgan(**TINY)
    before = {name: weights(part) for name, part in gan.parts().items()}
    fit(gan.parts()["16"], gan.part_data(pictures())["16"], brief())
    assert torch.equal(weights(gan.parts()["8"]), before["8"])
    assert torch.equal(weights(gan.parts()["32"]), before["32"])
    assert not torch.equal(weights(gan.parts()["16"]), before["16"])


def test_the_order_of_training_does_not_matter():
    def trained(order):
        gan = lapgan(**TINY)
        plans = gan.plan(seed=3, rounds=2, batch=6, snapshots=0)
        data = gan.part_data(pictures())
        for name in order:
            fit(gan.parts()[name], data[name], plans[name])
        return gan

    one, two = trained(["8", "16", "32"]), trained(["32", "8", "16"])
    assert torch.equal(weights(one), weights(two))
    assert torch.equal(one.sample(3), two.sample(3))


def test_weights_depend_on_the_seed_and_the_side_alone():
    whole, short = lapgan(1, **TINY), lapgan(1, size=16, **TINY)
    for name in ("8", "16"):
        assert torch.equal(weights(whole.parts()[name]), weights(short.parts()[name]))
    assert torch.equal(weights(level(1, size=32, width=4)), weights(whole.parts()["32"]))
    assert not torch.equal(weights(level(1, size=16, width=4).G), weights(level(2, size=16, width=4).G))
    assert len({level_seed(seed, side) for seed in range(5) for side in (8, 16, 32, 64)}) == 20


def test_noise_depends_on_the_seed_and_the_side_alone():
    whole, short = lapgan(**TINY), lapgan(size=16, **TINY)
    long, brief_ = (gan.noise(4, generator(7)) for gan in (whole, short))
    assert {name: tuple(z.shape[1:]) for name, z in long.items()} == {
        "8": (5,),
        "16": (1, 16, 16),
        "32": (1, 32, 32),
    }
    assert all(torch.equal(long[name], brief_[name]) for name in brief_)
    assert not torch.equal(long["8"], whole.noise(4, generator(8))["8"])
    assert long["32"].abs().max() <= 1
    assert long["32"].std().item() == pytest.approx(3**-0.5, abs=0.02)


def test_the_seeds_of_a_plan_differ_between_the_parts():
    plans = lapgan(**TINY).plan(seed=2, rounds=7)
    assert [plans[name].seed for name in ("8", "16", "32")] == [2008, 2016, 2032]
    assert {plan.rounds for plan in plans.values()} == {7}
    assert plans["16"].snapshots == 0


def test_every_stage_is_what_came_before_enlarged_plus_the_detail():
    gan = lapgan(**TINY)
    noise = gan.noise(3, generator(0))
    stages = gan.stages(noise)
    assert [stage.image.shape[-1] for stage in stages] == [8, 16, 32]
    assert torch.equal(stages[0].up, torch.zeros(3, 3, 8, 8))
    for stage in stages:
        assert torch.equal(stage.image, stage.up + stage.detail)
    for before, stage in itertools.pairwise(stages):
        side = stage.image.shape[-1]
        assert torch.equal(stage.up, up(before.image, (side, side)))
    assert torch.equal(gan.show(noise), stages[-1].image.clamp(-1, 1))


def test_sampling_depends_on_the_seed_alone_and_restores_the_mode():
    gan = lapgan(**TINY)
    torch.manual_seed(5)
    first = gan.sample(4, seed=1)
    torch.manual_seed(6)
    assert torch.equal(gan.sample(4, seed=1), first)
    assert not torch.equal(gan.sample(4, seed=2), first)
    assert first.shape == (4, 3, 32, 32)
    assert first.abs().max() <= 1
    assert all(module.training for module in gan.G.modules())


def test_a_chain_of_averaged_generators_samples_in_place_of_the_trained_ones():
    gan = lapgan(**TINY)
    runs = {name: fit(part, gan.part_data(pictures())[name], brief()) for name, part in gan.parts().items()}
    averaged = gan.chain({name: run.G for name, run in runs.items()})
    assert not torch.equal(gan.sample(2, G=averaged), gan.sample(2))
    same = gan.chain({name: part.G for name, part in gan.parts().items()})
    assert torch.equal(gan.sample(2, G=same), gan.sample(2))


def test_a_batch_splits_real_images_and_takes_other_ones_for_the_fakes():
    game, data = small_level(), coarser(pictures(), 16)
    batch = game.draw(data, 30, generator(0))
    images = (batch["h"] + batch["l"]).double()
    nearest = torch.cdist(images.flatten(1), data.x.double().flatten(1)).min(1).values
    assert nearest.max() < 1e-3  # h + l is a real image
    assert torch.allclose(batch["l"].double(), up(down(images), (16, 16)), atol=1e-5)
    same = (batch["l"] - batch["fake_l"]).flatten(1).norm(dim=1) < 1e-4
    assert same.float().mean() < 0.2  # 1/40 on average
    assert batch["z"].shape == (30, 1, 16, 16)


def test_the_discriminator_sees_the_sum_the_detail_or_the_pair():
    h, low, other = (torch.randn(3, 3, 16, 16, generator=generator(seed)) for seed in range(3))
    D = small_level(sees="sum").D
    assert torch.allclose(D(h, low), D(h + low - other, other), atol=1e-5)
    assert not torch.allclose(D(h, low), D(h, other), atol=1e-3)
    D = small_level(sees="detail").D
    assert torch.equal(D(h, low), D(h, other))
    D = small_level(sees="pair").D
    assert not torch.allclose(D(h, low), D(h + low - other, other), atol=1e-3)


def test_a_discriminator_of_details_has_no_gradient_in_the_condition():
    h, low = (torch.randn(2, 3, 16, 16, requires_grad=True) for _ in range(2))
    small_level(sees="detail").D(h, low).sum().backward()
    assert h.grad.abs().sum() > 0
    assert low.grad is None


def test_the_losses_are_those_of_the_paper():
    game, data = small_level(r1=0.0), coarser(pictures(), 16)
    batch = game.draw(data, 8, generator(1))
    fake = game.G(batch["z"], batch["fake_l"])
    p_real = game.D(batch["h"], batch["l"]).sigmoid()
    p_fake = game.D(fake, batch["fake_l"]).sigmoid()
    assert torch.allclose(game.d_loss(batch), -(p_real.log().mean() + (1 - p_fake).log().mean()), atol=1e-5)
    assert torch.allclose(game.g_loss(batch), -p_fake.log().mean(), atol=1e-5)
    assert [player.name for player in game.players()] == ["D", "G"]
    assert [player.name for player in small_level().players()] == ["D", "R1", "G"]


def test_noise_of_scale_zero_leaves_nothing_random_in_the_details():
    low = torch.randn(2, 3, 16, 16, generator=generator(0))
    silent, noisy = small_level(noise_scale=0.0), small_level()
    assert torch.equal(silent.detail(low, seed=1), silent.detail(low, seed=2))
    assert not torch.equal(noisy.detail(low, seed=1), noisy.detail(low, seed=2))
    assert torch.equal(noisy.detail(low, seed=1), noisy.detail(low, seed=1))


def test_resuming_a_level_is_bit_exact(tmp_path):
    data = coarser(pictures(), 16)
    whole = fit(small_level(), data, brief(rounds=6))
    fit(small_level(), data, brief(rounds=3), folder=tmp_path)
    resumed = fit(small_level(), data, brief(rounds=6), folder=tmp_path, resume=True)
    assert torch.equal(weights(whole.game), weights(resumed.game))
    assert torch.equal(weights(whole.G), weights(resumed.G))


def test_a_class_reaches_both_networks_of_a_level():
    game, data = small_level(classes=3), coarser(pictures(), 16)
    batch = game.draw(data, 12, generator(0))
    assert set(batch) == {"h", "l", "fake_l", "z", "y", "fake_y"}
    same_image = torch.cdist(
        (batch["h"] + batch["l"]).double().flatten(1), data.x.double().flatten(1)
    ).argmin(1)
    assert torch.equal(batch["y"], data.columns["label"][same_image])
    one, two = torch.zeros(12, dtype=torch.int64), torch.ones(12, dtype=torch.int64)
    assert not torch.equal(game.detail(batch["l"], y=one), game.detail(batch["l"], y=two))
    assert not torch.equal(game.D(batch["h"], batch["l"], one), game.D(batch["h"], batch["l"], two))
    assert game.noise(5, generator(0))["y"].tolist() == [0, 1, 2, 0, 1]
    fit(game, data, brief(rounds=2))


def test_classes_go_down_the_whole_chain():
    gan = lapgan(classes=3, **TINY)
    noise = gan.noise(4, generator(0))
    assert noise["y"].tolist() == [0, 1, 2, 0]
    other = noise | {"y": (noise["y"] + 1) % 3}
    assert not torch.equal(gan.show(noise), gan.show(other))


def test_the_official_networks_have_the_layers_of_the_script():
    game = official_cifar_level()
    sizes = [tuple(weight.shape) for weight in game.G.parameters() if weight.dim() > 1]
    assert sizes == [(64, 4, 7, 7), (64, 64, 7, 7), (3, 64, 5, 5)]
    sizes = [tuple(weight.shape) for weight in game.D.parameters() if weight.dim() > 1]
    assert sizes == [(64, 3, 5, 5), (64, 64, 5, 5), (1, 9216)]
    conditional = official_cifar_level(classes=10)
    assert next(conditional.G.net.parameters()).shape[1] == 5
    assert next(conditional.D.net.parameters()).shape[1] == 4
    h = torch.zeros(1, 3, 32, 32)
    assert game.D(game.detail(h), h).shape == (1, 1)


def test_the_small_networks_are_as_wide_as_asked_and_judge_4_by_4_maps():
    game = level(size=32, width=4, d_width=6)
    assert game.G.net.to_half[0].out_channels == 4
    maps = [layer.out_channels for layer in game.D.net if isinstance(layer, torch.nn.Conv2d)]
    assert maps == [6, 12, 12]
    assert game.D.net[-1].in_features == 12 * 16
    assert level(size=16, width=4).D.net[0].out_channels == 8


def test_games_travel_to_other_processes():
    gan = pickle.loads(pickle.dumps(lapgan(**TINY)))
    assert torch.equal(gan.sample(1), lapgan(**TINY).sample(1))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: small_level().draw(pictures(), 2, generator(0)), r"coarser\(data, 16\)"),
        (lambda: small_level().sample(2), "snapshots=0"),
        (lambda: fit(lapgan(**TINY), pictures(), brief()), "one by one"),
        (lambda: lapgan(size=48), "8 leads to 16, 32, 64, not to 48"),
        (lambda: LAPGAN(base_gan(width=8), [small_level(size=32)]), r"these are \[8, 32\]"),
        (lambda: lapgan(**TINY).part_data(pictures(side=48)), "not to 8"),
        (lambda: small_level(sees="l"), "known: sum, detail, pair"),
        (lambda: small_level(networks="big"), "known: small, official"),
        (lambda: small_level(size=20), "multiple of 8, not 20"),
    ],
)
def test_what_cannot_work_says_what_can(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_tuned_settings_are_settings():
    assert Settings(**module.BASE_SETTINGS).rounds > 0
    assert Settings(**module.LEVEL_SETTINGS).snapshots == 0
