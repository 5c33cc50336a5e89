import pytest
import torch
from torch import nn
from torch.nn.functional import softplus

from gan_course.data.resident import Resident
from gan_course.models.cgan import CGAN, CGAN_SETTINGS, conv_cgan, mlp_cgan, paper_cgan
from gan_course.models.conditional_networks import HOWS
from gan_course.training import Settings, fit
from gan_course.training.loop import make_optimisers, move
from gan_course.training.seeding import generator
from tests.helpers import quick, weights


def pictures(n: int = 60, classes: int = 10, size: int = 28) -> Resident:
    """Random images; row i is of class i² mod `classes`, so that the classes are not equally frequent."""
    x = torch.randint(0, 256, (n, 1, size, size), generator=generator(0), dtype=torch.uint8)
    return Resident("pictures", x, {"label": torch.arange(n).square() % classes})


class Told(nn.Module):
    """A network of one weight whose output shows what it was given: w · (mean of x + 10 · y)."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.w, self.shape = nn.Parameter(torch.tensor(0.3)), shape

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        seen = self.w * (x.flatten(1).mean(1) + 10 * y)
        return seen.view(-1, *[1] * len(self.shape)).expand(-1, *self.shape)


def told_game(**options: object) -> CGAN:
    return CGAN(Told((1, 2, 2)), Told((1,)), 4, 3, **options)


def told_batch() -> dict[str, torch.Tensor]:
    rng = generator(0)
    return {
        "z": torch.randn(5, 4, generator=rng),
        "y": torch.tensor([0, 1, 2, 2, 1]),
        "real": torch.randn(5, 1, 2, 2, generator=rng),
        "real_y": torch.tensor([1, 1, 0, 2, 0]),
    }


def test_the_losses_are_those_of_equation_2_with_every_image_under_its_own_label():
    game, batch = told_game(), told_batch()
    fake = 0.3 * (batch["z"].mean(1) + 10 * batch["y"])
    real_logit = 0.3 * (batch["real"].flatten(1).mean(1) + 10 * batch["real_y"])
    fake_logit = 0.3 * (fake + 10 * batch["y"])
    d_loss = softplus(-real_logit).mean() + softplus(fake_logit).mean()
    assert game.d_loss(batch).item() == pytest.approx(d_loss.item(), rel=1e-5)
    assert game.g_loss(batch).item() == pytest.approx(softplus(-fake_logit).mean().item(), rel=1e-5)
    relativistic = told_game(objective="relativistic")
    assert relativistic.g_loss(batch).item() == pytest.approx(
        softplus(real_logit - fake_logit).mean().item(), rel=1e-5
    )


def test_r1_is_the_slope_of_d_at_the_real_images_under_their_labels():
    class Slope(nn.Module):
        def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
            return (x.flatten(1).sum(1) * y)[:, None]  # its slope has the length 2 y on four pixels

    game = CGAN(Told((1, 2, 2)), Slope(), 4, 3, r1=0.5, r1_every=4)
    batch = told_batch()
    expected = 0.5 * 4 * ((2.0 * batch["real_y"]).square().mean() / 2)
    assert game.r1_loss(batch).item() == pytest.approx(expected.item())
    assert [player.name for player in game.players()] == ["D", "R1", "G"]


def test_a_game_whose_d_sees_no_label_calls_it_with_the_image_alone():
    calls = []

    class Ordinary(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            calls.append(len(x))
            return x.flatten(1).mean(1, keepdim=True)

    game = CGAN(Told((1, 2, 2)), Ordinary(), 4, 3, d_sees_y=False)
    game.d_loss(told_batch())
    game.g_loss(told_batch())
    assert calls == [5, 5, 5]


def test_a_batch_holds_rows_with_their_labels_and_labels_with_the_frequencies_of_the_data():
    data = pictures(300, classes=4)  # squares modulo 4 are 0 and 1
    data.x[:, 0, 0, 0] = data.column("label").to(torch.uint8) * 50
    game = conv_cgan(width=2, classes=4)
    batch = game.draw(data, 4000, generator(1))
    assert batch["real"].shape == (4000, 1, 28, 28)
    assert batch["z"].shape == (4000, 64)
    assert torch.equal(((batch["real"][:, 0, 0, 0] + 1) * 127.5 / 50).round().long(), batch["real_y"])
    rare = Resident("rare", data.x, {"label": (torch.arange(300) % 10 == 0).long() * 3})
    y = game.draw(rare, 4000, generator(1))["y"]
    assert set(y.tolist()) == {0, 3}
    assert (y == 3).double().mean().item() == pytest.approx(0.1, abs=0.025)


def test_the_labels_of_the_fakes_are_drawn_independently_of_the_real_rows():
    data = pictures(10, classes=10)
    data = Resident("even", data.x, {"label": torch.arange(10)})
    batch = conv_cgan(width=2).draw(data, 5000, generator(2))
    same = (batch["y"] == batch["real_y"]).double().mean().item()
    assert same == pytest.approx(0.1, abs=0.02)


def test_noise_shows_every_class_in_turn():
    noise = conv_cgan(width=2, classes=3).noise(7, generator(0))
    assert noise["y"].tolist() == [0, 1, 2, 0, 1, 2, 0]
    other = conv_cgan(width=2, classes=3).noise(7, generator(1))
    assert torch.equal(noise["y"], other["y"])
    assert not torch.equal(noise["z"], other["z"])


def test_draw_class_gives_the_classes_that_were_asked_for():
    game = conv_cgan(width=2)
    first, again, other = (game.draw_class(torch.tensor([3, 3, 8]), seed) for seed in (0, 0, 1))
    assert first.shape == (3, 1, 28, 28)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert not torch.equal(first[:1], game.draw_class(torch.tensor([4]))[:1])
    assert game.G.training
    assert not first.requires_grad
    with pytest.raises(ValueError, match=r"must lie in 0\.\.9"):
        game.draw_class(torch.tensor([10]))


@pytest.mark.parametrize("how", HOWS)
def test_a_move_changes_its_own_player_and_leaves_the_other_alone(how):
    game, data, rng = conv_cgan(width=2, how=how), pictures(), generator(0)
    optimisers = make_optimisers(game, quick())
    for player, own, other in zip(game.players(), (game.D, game.G), (game.G, game.D), strict=True):
        parameters = {name: p.detach().clone() for name, p in own.named_parameters()}
        theirs = [p.detach().clone() for p in other.parameters()]
        move(game, player, optimisers[player.name], data, 16, rng)
        changed = [name for name, p in own.named_parameters() if not torch.equal(p, parameters[name])]
        assert changed == list(parameters)
        assert all(torch.equal(a, b) for a, b in zip(theirs, other.parameters(), strict=True))


@pytest.mark.parametrize(("blind_g", "blind_d"), [(True, False), (False, True)])
def test_the_controls_do_not_look_at_the_label(blind_g, blind_d):
    game = conv_cgan(width=2, blind_g=blind_g, blind_d=blind_d).eval()
    z, y = torch.randn(4, 64, generator=generator(0)), torch.arange(4)
    images = game.G(z, y)
    assert torch.equal(images, game.G(z, y + 1)) == blind_g
    assert torch.equal(game.judge(images, y), game.judge(images, y + 1)) == blind_d
    assert game.d_sees_y != blind_d


@pytest.mark.parametrize("make", [mlp_cgan, paper_cgan, lambda: conv_cgan(width=2, how="projection")])
def test_a_run_that_was_interrupted_ends_like_one_that_was_not(make, tmp_path):
    data = pictures()
    whole = fit(make(), data, quick(rounds=4, log_every=2))
    fit(make(), data, quick(rounds=2, log_every=2), folder=tmp_path)
    resumed = fit(make(), data, quick(rounds=4, log_every=2), folder=tmp_path, resume=True)
    assert torch.equal(weights(whole.game), weights(resumed.game))
    assert torch.equal(weights(whole.G), weights(resumed.G))
    assert torch.equal(whole.sample(10), resumed.sample(10))


def test_mlp_cgan_takes_points_too():
    game = mlp_cgan(shape=(2,), classes=8, widths=(16, 16), r1=0.0, latent=2)
    points = Resident("points", torch.randn(50, 2), {"mode": torch.arange(50) % 8})
    with pytest.raises(ValueError, match=r"no column 'label' \(it has: mode\)"):
        game.draw(points, 4, generator(0))
    game = mlp_cgan(shape=(2,), classes=8, widths=(16, 16), latent=2, column="mode")
    run = fit(game, points, quick(rounds=2))
    assert run.sample(5).shape == (5, 2)


def test_the_noise_of_the_paper_fills_the_unit_hypercube():
    z = paper_cgan().noise(100, generator(0))["z"]
    assert z.shape == (100, 100)
    assert 0 <= z.min() < 0.01
    assert 0.99 < z.max() <= 1
    assert z.mean().item() == pytest.approx(0.5, abs=0.01)


def test_a_seed_decides_the_weights():
    one, two, other = (conv_cgan(seed, width=2) for seed in (3, 3, 4))
    assert torch.equal(weights(one), weights(two))
    assert not torch.equal(weights(one), weights(other))
    assert torch.equal(weights(one), weights(conv_cgan(3, width=2, blind_g=True)))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (Resident("bare", torch.zeros(4, 1, 28, 28)), r"'bare' has no column 'label' \(it has: none\)"),
        (Resident("soft", torch.zeros(4, 2), {"label": torch.zeros(4)}), r"torch.float32 of shape \(4,\)"),
        (Resident("wide", torch.zeros(4, 2), {"label": torch.zeros(4, 3).long()}), r"of shape \(4, 3\)"),
    ],
)
def test_data_without_usable_labels_say_what_is_missing(data, message):
    with pytest.raises(ValueError, match=message):
        conv_cgan(width=2).draw(data, 2, generator(0))


def test_the_recipe_is_one_that_settings_takes():
    assert Settings(**CGAN_SETTINGS).rounds >= 500
