import ast
import math
from pathlib import Path

import pytest
import torch
from helpers import game_with_everything, quick, small_game, small_ring, weights
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from gan_course.data import toy
from gan_course.models.vanilla import VanillaGAN
from gan_course.training import Player, checkpoints, fit, loop, move
from gan_course.training.loop import make_optimisers
from gan_course.training.seeding import generator

PACKAGE = Path(loop.__file__).parents[1]


def test_the_same_seed_gives_the_same_numbers_twice():
    first, second = (fit(game_with_everything(), small_ring(), quick()) for _ in range(2))
    assert torch.equal(weights(first.game), weights(second.game))
    assert torch.equal(weights(first.G), weights(second.G))
    assert first.history["D"] == second.history["D"]
    assert torch.equal(first.history.snapshots[-1][1], second.history.snapshots[-1][1])


def test_another_seed_gives_other_numbers():
    first, second = (fit(small_game(), small_ring(), quick(seed=seed)) for seed in (0, 1))
    assert not torch.equal(weights(first.game), weights(second.game))


def test_what_ran_before_makes_no_difference_and_the_global_state_is_left_alone():
    torch.manual_seed(1)
    before = torch.get_rng_state()
    first = fit(game_with_everything(), small_ring(), quick())
    assert torch.equal(before, torch.get_rng_state())
    torch.manual_seed(2)
    second = fit(game_with_everything(), small_ring(), quick())
    assert torch.equal(weights(first.game), weights(second.game))


@pytest.mark.parametrize("stop", [4, 5, 7])
def test_resuming_equals_an_uninterrupted_run_bit_for_bit(stop, tmp_path):
    whole = fit(game_with_everything(), small_ring(), quick())
    fit(game_with_everything(), small_ring(), quick(rounds=stop, log_every=1), folder=tmp_path / "other")
    fit(game_with_everything(), small_ring(), quick(rounds=stop), folder=tmp_path)
    resumed = fit(game_with_everything(seed=9), small_ring(), quick(), folder=tmp_path, resume=True)
    assert torch.equal(weights(whole.game), weights(resumed.game))
    assert torch.equal(weights(whole.G), weights(resumed.G))
    assert whole.history["D"][-1] == resumed.history["D"][-1]
    assert resumed.history["round"][-1] == 12


def test_an_interruption_loses_nothing_that_was_saved(tmp_path):
    game, rounds = game_with_everything(), []

    def interrupt(game, G):
        rounds.append(1)
        if len(rounds) == 3:
            raise KeyboardInterrupt
        return {}

    settings = quick(rounds=12, log_every=4, checkpoint_every=4)
    with pytest.raises(KeyboardInterrupt):
        fit(game, small_ring(), settings, measure=interrupt, folder=tmp_path)
    resumed = fit(game_with_everything(), small_ring(), settings, folder=tmp_path, resume=True)
    whole = fit(game_with_everything(), small_ring(), settings)
    assert torch.equal(weights(whole.game), weights(resumed.game))


def test_resuming_with_other_settings_names_the_difference(tmp_path):
    fit(small_game(), small_ring(), quick(), folder=tmp_path)
    with pytest.raises(ValueError, match=r"batch: 16 then, 8 now"):
        fit(small_game(), small_ring(), quick(batch=8), folder=tmp_path, resume=True)


def test_resuming_without_a_checkpoint_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="drop resume=True"):
        fit(small_game(), small_ring(), quick(), folder=tmp_path / "nothing", resume=True)


def test_in_each_move_only_the_movers_parameters_and_gradients_change():
    game, data, rng = game_with_everything(), small_ring(), generator(0)
    optimisers = make_optimisers(game, quick())
    sides = {"D": game.D, "G": game.G}
    for player in game.players():
        mine = "G" if player.plays is game.G else "D"
        theirs = "D" if mine == "G" else "G"
        for parameter in game.parameters():
            parameter.grad = None
        before = {name: [p.detach().clone() for p in net.parameters()] for name, net in sides.items()}
        move(game, player, optimisers[player.name], data, 16, rng)
        assert all(torch.equal(a, b) for a, b in zip(before[theirs], sides[theirs].parameters(), strict=True))
        assert all(parameter.grad is None for parameter in sides[theirs].parameters())
        assert any(not torch.equal(a, b) for a, b in zip(before[mine], sides[mine].parameters(), strict=True))


def test_k_moves_per_round_really_happen_each_on_a_fresh_batch(monkeypatch):
    game, seen = small_game(d_steps=3), []
    draw = game.draw
    monkeypatch.setattr(game, "draw", lambda *a: seen.append(draw(*a)) or seen[-1])
    fit(game, small_ring(), quick(rounds=2, log_every=2))
    assert len(seen) == 2 * (3 + 1)
    noises = {tuple(batch["z"].flatten().tolist()) for batch in seen}
    reals = {tuple(batch["real"].flatten().tolist()) for batch in seen}
    assert len(noises) == len(reals) == 8


def test_lazy_players_move_only_in_their_rounds_and_share_the_optimiser():
    game = game_with_everything()
    optimisers = make_optimisers(game, quick())
    assert optimisers["R1"] is optimisers["D"]
    assert optimisers["G"] is not optimisers["D"]
    fit(game, small_ring(), quick(rounds=7, log_every=7))
    assert game.r1_every == 3
    moves = next(iter(fit(game, small_ring(), quick(rounds=7, log_every=7)).history["images"]))
    assert moves == 16 * (7 * 2 + 3 + 7)  # k = 2, R1 in rounds 0, 3 and 6, one move of G


def test_rates_per_player_reach_the_optimisers():
    optimisers = make_optimisers(small_game(), quick(lr={"D": 1e-4, "G": 5e-3}, betas=(0.9, 0.99)))
    assert optimisers["D"].param_groups[0]["lr"] == 1e-4
    assert optimisers["G"].param_groups[0]["lr"] == 5e-3
    assert optimisers["G"].param_groups[0]["betas"] == (0.9, 0.99)


class Broken(VanillaGAN):
    """Its discriminator's loss is not a number from the seventh move on."""

    moves = 0

    def d_loss(self, batch):
        self.moves += 1
        return super().d_loss(batch) * (math.nan if self.moves > 6 else 1.0)


def broken_game():
    game = small_game()
    return Broken(game.G, game.D, game.latent)


def test_a_loss_that_is_not_finite_stops_the_run_and_says_what_to_try():
    with pytest.raises(
        FloatingPointError, match=r"the loss of D.* after 8 rounds\. Try a smaller learning rate"
    ):
        fit(broken_game(), small_ring(), quick(rounds=12, log_every=4))


def test_a_broken_state_never_reaches_a_checkpoint(tmp_path):
    with pytest.raises(FloatingPointError):
        fit(broken_game(), small_ring(), quick(rounds=12, log_every=4, checkpoint_every=1), folder=tmp_path)
    saved = checkpoints.load(tmp_path)
    assert saved["progress"][0] == 6
    assert all(torch.isfinite(value).all() for value in saved["game"].values())


def test_measures_join_the_history_and_get_the_averaged_generator():
    seen = []
    run = fit(small_game(), small_ring(), quick(), measure=lambda game, G: seen.append(G) or {"twice": 2.0})
    assert run.history["twice"] == [2.0, 2.0, 2.0]
    assert seen[-1] is run.G
    assert seen[-1] is not run.game.G


def test_an_unknown_column_lists_the_known_ones():
    run = fit(small_game(), small_ring(), quick(rounds=1, log_every=1))
    with pytest.raises(KeyError, match="known: D, G, images, round, seconds"):
        run.history["loss"]


class NoHostSynchronisation(TorchDispatchMode):
    """Refuses every operation that reads a value back from the device."""

    REFUSED = ("aten::_local_scalar_dense", "aten::nonzero", "aten::equal", "aten::is_nonzero", "aten::item")
    off = False

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if not self.off and func._schema.name in self.REFUSED:
            raise AssertionError(f"{func._schema.name} between log points")
        return func(*args, **(kwargs or {}))


def test_nothing_is_read_from_the_device_between_log_points(monkeypatch):
    mode = NoHostSynchronisation()
    log = loop._log

    def log_without_refusal(*args):
        mode.off = True
        try:
            return log(*args)
        finally:
            mode.off = False

    monkeypatch.setattr(loop, "_log", log_without_refusal)
    with mode:
        fit(game_with_everything(), small_ring(), quick(rounds=9, log_every=3))


def test_the_refusal_notices_a_loss_that_is_read_in_every_move(monkeypatch):
    game = small_game()
    honest = game.d_loss
    monkeypatch.setattr(game, "d_loss", lambda batch: honest(batch) * (1.0 if honest(batch).item() else 2.0))
    with pytest.raises(AssertionError, match="between log points"), NoHostSynchronisation():
        fit(game, small_ring(), quick(rounds=1, log_every=1))


@pytest.mark.parametrize("path", sorted((PACKAGE / "models").glob("*.py")), ids=lambda path: path.name)
def test_models_never_read_values_back(path):
    calls = [
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    assert not {"item", "tolist", "numpy", "cpu"} & set(calls)


def test_only_the_logging_function_reads_values_in_the_loop():
    tree = ast.parse((PACKAGE / "training" / "loop.py").read_text())
    readers = {
        function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and node.attr in {"item", "tolist", "numpy", "cpu"}
    }
    assert readers == {"_log"}


def test_the_precision_reaches_the_forward_passes_and_weights_stay_in_fp32(monkeypatch):
    for precision, expected in (("bf16", torch.bfloat16), ("fp32", torch.float32)):
        game, seen = small_game(), set()
        game.D.register_forward_hook(lambda net, inputs, logits, seen=seen: seen.add(logits.dtype))
        run = fit(game, small_ring(), quick(precision=precision))
        assert seen == {expected}
        assert {parameter.dtype for parameter in game.parameters()} == {torch.float32}
        assert all(math.isfinite(loss) for loss in run.history["D"])


def test_channels_last_reaches_the_weights_of_convolutions():
    class Convolutional(nn.Sequential):
        def __init__(self):
            super().__init__(
                nn.Unflatten(1, (1, 1, 2)), nn.Conv2d(1, 4, (1, 2)), nn.Conv2d(4, 2, 1), nn.Flatten()
            )

    for channels_last in (True, False):
        game = small_game()
        game.G = Convolutional()
        fit(game, small_ring(), quick(channels_last=channels_last))
        assert game.G[2].weight.stride() == ((4, 1, 4, 4) if channels_last else (4, 1, 1, 1))


def test_gradients_of_earlier_moves_do_not_pile_up():
    game, data = small_game(), small_ring()
    optimisers = make_optimisers(
        game, quick(lr=1e-30)
    )  # weights stay put, so equal batches give equal gradients
    player = game.players()[0]
    gradients = []
    for _ in range(2):
        move(game, player, optimisers["D"], data, 16, generator(0))
        gradients.append(game.D[1].weight.grad.clone())
    assert torch.allclose(gradients[0], gradients[1])


def test_the_averaged_generator_of_a_run_equals_the_formula_over_its_rounds():
    game, after_each_round = small_game(), []
    expected = game.G[0].weight.detach().clone()

    def keep(game, G):
        after_each_round.append(game.G[0].weight.detach().clone())
        return {}

    run = fit(game, small_ring(), quick(log_every=1, ema=0.9), measure=keep)
    for done, weight in enumerate(after_each_round, start=1):
        decay = min(0.9, (1 + done) / (10 + done))
        expected = decay * expected + (1 - decay) * weight
    assert torch.allclose(run.G[0].weight, expected, atol=1e-6)


def test_snapshots_come_from_the_same_noise_and_their_number_is_the_setting():
    run = fit(small_game(), small_ring(), quick(lr=1e-30, snapshots=3))
    first, *others = [samples for _, samples in run.history.snapshots]
    assert first.shape == (3, 2)
    assert all(torch.allclose(first, other) for other in others)
    assert fit(small_game(), small_ring(), quick(snapshots=0)).history.snapshots == []


def test_a_player_without_a_rate_is_named():
    with pytest.raises(ValueError, match="no learning rate for player 'G'; given: D"):
        fit(small_game(), small_ring(), quick(lr={"D": 1e-3}))


def test_a_gaussian_is_found_and_an_untrained_generator_is_not_there():
    data = toy.Mixture(torch.ones(1), torch.tensor([[3.0, 0.0]]), torch.tensor([0.5])).resident(
        "one", 4096, 0
    )
    run = fit(small_game(), data, quick(rounds=400, batch=64, log_every=400, ema=0.9))
    truth = torch.tensor([3.0, 0.0])
    assert (run.sample(1000).mean(0) - truth).norm() < 0.75
    assert (small_game().sample(1000).mean(0) - truth).norm() > 2


def test_players_are_plain_records():
    game = small_game()
    assert Player("D", game.D, game.d_loss) == Player("D", game.D, game.d_loss, steps=1, every=1)
