"""Helpers are not only right, they are used: switching one off makes a test fail.

Each row switches a helper off and names the test that must notice. Run one by hand to see how it fails.
"""

from contextlib import nullcontext

import pytest
import torch
from models import test_dcgan
from torch import nn, optim
from training import test_loop, test_parts

from gan_course.models import dcgan, vanilla
from gan_course.training import checkpoints, loop
from gan_course.training.ema import EMA
from gan_course.training.game import Game
from gan_course.training.loop import _State
from gan_course.training.seeding import generator


def nothing(*args, **kwargs):
    return None


def forgets(part):
    """`_State.restore`, but one part of the checkpoint is what a fresh run has."""
    restore = _State.restore

    def forgetful(self, saved):
        restore(self, saved | {part: self.as_dict()[part]})

    return forgetful


def resume(tmp_path):
    test_loop.test_resuming_equals_an_uninterrupted_run_bit_for_bit(5, tmp_path)


def unfrozen(net, flag=True):
    return net.requires_grad_(True) if isinstance(net, nn.Module) else net


def without(test):
    return lambda tmp_path: test()


SWITCHES = {
    "seeding of initial weights": (vanilla, "seeded", lambda seed: nullcontext(), without(
        test_parts.test_the_initial_weights_of_a_game_depend_on_its_seed_alone)),
    "initialisation of DCGAN": (dcgan, "initialise", lambda net: net, without(
        test_dcgan.test_a_new_game_is_initialised_as_the_paper_says)),
    "seeding of DCGAN's weights": (dcgan, "seeded", lambda seed: nullcontext(), without(
        test_dcgan.test_a_seed_decides_the_weights_and_leaves_the_global_state_alone)),
    "seeding of dropout": (loop, "seeded", lambda seed: nullcontext(), without(
        test_loop.test_what_ran_before_makes_no_difference_and_the_global_state_is_left_alone)),
    "seeding of batches and noise": (loop, "generator", lambda seed, device: generator(7, device), without(
        test_loop.test_another_seed_gives_other_numbers)),
    "EMA": (EMA, "update", nothing, without(
        test_loop.test_the_averaged_generator_of_a_run_equals_the_formula_over_its_rounds)),
    "freezing of the opponent": (torch.Tensor, "requires_grad_", lambda tensor, flag=True: tensor, without(
        test_loop.test_in_each_move_only_the_movers_parameters_and_gradients_change)),
    "clearing of gradients": (optim.Optimizer, "zero_grad", nothing, without(
        test_loop.test_gradients_of_earlier_moves_do_not_pile_up)),
    "precision": (loop, "autocast", lambda device, precision: nullcontext(), lambda tmp_path: (
        test_loop.test_the_precision_reaches_the_forward_passes_and_weights_stay_in_fp32(None))),
    "eval mode while sampling": (nn.Module, "eval", lambda net: net, without(
        test_parts.test_a_sample_does_not_depend_on_the_others_drawn_with_it)),
    "frozen networks in eval mode": (Game, "train", nn.Module.train, without(
        test_parts.test_frozen_networks_stay_in_eval_mode_while_a_game_trains)),
    "refusal of broken states": (checkpoints, "_tensors", lambda state: [], lambda tmp_path: (
        test_parts.test_a_broken_state_is_refused_and_the_previous_checkpoint_survives(tmp_path))),
    "check of losses": (loop.math, "isfinite", lambda value: True, without(
        test_loop.test_a_loss_that_is_not_finite_stops_the_run_and_says_what_to_try)),
    "restoring the averaged generator": (_State, "restore", forgets("ema"), resume),
    "restoring the optimisers": (_State, "restore", forgets("optimisers"), resume),
    "restoring the batches' random state": (_State, "restore", forgets("rng"), resume),
    "restoring the global random state": (_State, "restore", forgets("global_rng"), resume),
    "restoring the networks": (_State, "restore", forgets("game"), resume),
}  # fmt: skip


@pytest.mark.parametrize("switch", SWITCHES)
def test_switching_it_off_makes_a_test_fail(switch, tmp_path, monkeypatch):
    owner, name, replacement, test = SWITCHES[switch]
    test(tmp_path / "on")
    monkeypatch.setattr(owner, name, replacement)
    with pytest.raises((AssertionError, pytest.fail.Exception, RuntimeError)):
        test(tmp_path / "off")
