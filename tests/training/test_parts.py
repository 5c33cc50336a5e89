import copy

import pytest
import torch
from helpers import game_with_everything, quick, small_game, small_ring, weights
from torch import nn

from gan_course.training import Settings, checkpoints, fit, seeded
from gan_course.training.device import autocast, pick_device
from gan_course.training.ema import EMA
from gan_course.training.game import Game
from gan_course.training.seeding import generator


def test_ema_equals_its_formula_with_warm_up():
    net = nn.Linear(3, 2)
    ema, expected = EMA(net, 0.9), copy.deepcopy(net.weight.detach())
    for done in range(1, 40):
        with torch.no_grad():
            net.weight.add_(0.1 * done)
        ema.update(net, done)
        decay = min(0.9, (1 + done) / (10 + done))
        expected = decay * expected + (1 - decay) * net.weight.detach()
    assert torch.allclose(ema.net.weight, expected, rtol=1e-5)


def test_ema_copies_buffers_and_needs_no_gradients():
    net = nn.BatchNorm1d(2)
    ema = EMA(net, 0.9)
    net(torch.randn(64, 2) + 5)
    ema.update(net, 1)
    assert torch.equal(ema.net.running_mean, net.running_mean)
    assert not ema.net.weight.requires_grad
    assert not ema.net.training


def test_seeded_makes_initial_weights_depend_on_the_seed_alone():
    torch.manual_seed(5)
    with seeded(0):
        first = nn.Linear(4, 4).weight
    torch.manual_seed(6)
    with seeded(0):
        second = nn.Linear(4, 4).weight
    with seeded(1):
        other = nn.Linear(4, 4).weight
    assert torch.equal(first, second)
    assert not torch.equal(first, other)


def test_the_initial_weights_of_a_game_depend_on_its_seed_alone():
    torch.manual_seed(5)
    first = weights(small_game(0))
    torch.manual_seed(6)
    assert torch.equal(first, weights(small_game(0)))
    assert not torch.equal(first, weights(small_game(1)))


def test_a_broken_state_is_refused_and_the_previous_checkpoint_survives(tmp_path):
    checkpoints.save(1, {"game": {"a": torch.ones(2)}}, tmp_path)
    with pytest.raises(FloatingPointError, match="was not written"):
        checkpoints.save(2, {"game": {"a": torch.tensor([1.0, torch.nan])}}, tmp_path, keep=[1])
    assert torch.equal(checkpoints.load(tmp_path)["game"]["a"], torch.ones(2))


def test_unknown_and_absent_devices_are_named():
    with pytest.raises(ValueError, match="unknown device 'tpu'; known: auto, cuda, mps, cpu"):
        pick_device("tpu")
    absent = next(kind for kind in ("cuda", "mps") if not _present(kind))
    with pytest.raises(ValueError, match=f"no '{absent}' device"):
        pick_device(absent)
    assert pick_device("auto").type in ("cpu", "cuda", "mps")


def _present(kind: str) -> bool:
    return torch.cuda.is_available() if kind == "cuda" else torch.backends.mps.is_available()


def test_bf16_forward_passes_run_in_bf16_and_fp32_ones_do_not():
    layer, x = nn.Linear(2, 2), torch.randn(3, 2)
    with autocast(torch.device("cpu"), "bf16"):
        assert layer(x).dtype == torch.bfloat16
    with autocast(torch.device("cpu"), "fp32"):
        assert layer(x).dtype == torch.float32


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rounds": 0}, "rounds must be at least 1"),
        ({"batch": -3}, "batch must be at least 1"),
        ({"ema": 1.0}, "0 means no average"),
        ({"precision": "fp16"}, "known: fp32, bf16"),
    ],
)
def test_settings_that_cannot_work_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        Settings(**change)


def test_sampling_depends_on_the_seed_alone_and_restores_the_mode():
    game = small_game()
    game.train()
    first, second, other = game.sample(5, seed=3), game.sample(5, seed=3), game.sample(5, seed=4)
    assert torch.equal(first, second)
    assert not torch.equal(first, other)
    assert game.G.training
    assert not first.requires_grad


def test_a_sample_does_not_depend_on_the_others_drawn_with_it():
    game = game_with_everything()
    noise = game.noise(8, generator(0))
    assert torch.allclose(game.show(noise)[:2], game.show({"z": noise["z"][:2]}))


def test_frozen_networks_stay_in_eval_mode_while_a_game_trains():
    class WithFrozen(Game):
        def __init__(self):
            super().__init__()
            self.G, self.encoder = nn.Linear(1, 1), nn.Dropout(0.5)
            self.frozen = (self.encoder,)

    game = WithFrozen()
    game.train()
    assert game.G.training
    assert not game.encoder.training


def test_a_run_samples_from_the_averaged_generator_and_without_ema_from_the_last_one():
    averaged = fit(small_game(), small_ring(), quick(ema=0.9))
    plain = fit(small_game(), small_ring(), quick(ema=0.0))
    assert torch.equal(weights(averaged.game.G), weights(plain.game.G))
    assert plain.G is plain.game.G
    assert not torch.equal(averaged.sample(4), plain.sample(4))


def test_generators_with_the_same_seed_draw_the_same():
    assert torch.equal(torch.rand(3, generator=generator(1)), torch.rand(3, generator=generator(1)))
