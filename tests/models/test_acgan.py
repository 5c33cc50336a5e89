import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy, softplus

from gan_course.models.acgan import ACGAN, acgan
from gan_course.models.cgan import conv_cgan
from gan_course.training import fit
from gan_course.training.seeding import generator
from tests.helpers import quick, weights
from tests.models.test_cgan import pictures


class Heads(nn.Module):
    """Source and class logits, linear in four pixels; remembers how it was called."""

    def __init__(self) -> None:
        super().__init__()
        self.source, self.classes = nn.Linear(4, 1), nn.Linear(4, 3)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x = x.flatten(1)
        return self.source(x), self.classes(x)


class Maker(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4 + 3, 4)

    def forward(self, z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return self.linear(torch.cat([z, torch.eye(3)[y]], 1)).view(-1, 1, 2, 2)


def small(**options: object) -> ACGAN:
    torch.manual_seed(0)
    return ACGAN(Maker(), Heads(), 4, 3, **options)


def batch() -> dict[str, torch.Tensor]:
    rng = generator(0)
    return {
        "z": torch.randn(5, 4, generator=rng),
        "y": torch.tensor([0, 1, 2, 2, 1]),
        "real": torch.randn(5, 1, 2, 2, generator=rng),
        "real_y": torch.tensor([1, 1, 0, 2, 0]),
    }


@pytest.mark.parametrize("class_weight", [1.0, 4.0])
@pytest.mark.parametrize("classify_fakes", [True, False])
def test_the_losses_are_l_s_and_l_c_of_the_paper(class_weight, classify_fakes):
    game, b = small(class_weight=class_weight, classify_fakes=classify_fakes), batch()
    (real_source, real_class), (fake_source, fake_class) = game.D(b["real"]), game.D(game.G(b["z"], b["y"]))
    on_fake = cross_entropy(fake_class, b["y"])
    d_class = cross_entropy(real_class, b["real_y"]) + (on_fake if classify_fakes else 0)
    d_loss = softplus(-real_source).mean() + softplus(fake_source).mean() + class_weight * d_class
    assert game.d_loss(b).item() == pytest.approx(d_loss.item(), rel=1e-5)
    g_loss = softplus(-fake_source).mean() + class_weight * on_fake
    assert game.g_loss(b).item() == pytest.approx(g_loss.item(), rel=1e-5)


@pytest.mark.parametrize("classify_fakes", [True, False])
def test_the_class_head_learns_from_fakes_only_if_it_is_asked_to(classify_fakes):
    game, first = small(classify_fakes=classify_fakes), batch()
    other = first | {"z": first["z"] + 1, "y": (first["y"] + 1) % 3}
    gradients = [
        torch.autograd.grad(game.d_loss(b), [game.D.classes.weight, game.D.source.weight])
        for b in (first, other)
    ]
    assert torch.equal(gradients[0][0], gradients[1][0]) != classify_fakes
    assert not torch.equal(gradients[0][1], gradients[1][1])  # the source head always sees the fakes


def test_the_step_of_d_leaves_g_alone_and_g_always_learns_the_class():
    game, b = small(classify_fakes=False), batch()
    game.d_loss(b).backward()
    assert all(p.grad is None for p in game.G.parameters())
    with torch.no_grad():
        game.D.source.weight.zero_()
    gradient = torch.autograd.grad(game.g_loss(b), game.G.linear.weight)[0]
    assert gradient.abs().max() > 0


def test_r1_is_the_slope_of_the_source_logit():
    game, b = small(r1=2.0), batch()
    slope = game.D.source.weight.square().sum()
    assert game.r1_loss(b).item() == pytest.approx((2.0 * slope / 2).item(), rel=1e-5)


def test_acgan_has_the_trunk_and_the_generator_of_cgan():
    shape = {"width": 2, "size": 32, "channels": 3, "classes": 4}
    game, cgan = acgan(**shape), conv_cgan(how="embedding", **shape)
    images = game.sample(5)
    assert images.shape == (5, 3, 32, 32)
    source, classes = game.D(images)
    assert (source.shape, classes.shape) == ((5, 1), (5, 4))
    assert game.D.trunk.features == cgan.D.trunk.features
    assert torch.equal(weights(game.G), weights(cgan.G))


def test_the_blind_generator_is_a_control_here_too():
    game = acgan(width=2, blind_g=True).eval()
    z, y = torch.randn(4, 64, generator=generator(0)), torch.arange(4)
    assert torch.equal(game.G(z, y), game.G(z, y + 1))


def test_a_run_that_was_interrupted_ends_like_one_that_was_not(tmp_path):
    data = pictures()
    whole = fit(acgan(width=2), data, quick(rounds=4, log_every=2))
    fit(acgan(width=2), data, quick(rounds=2, log_every=2), folder=tmp_path)
    resumed = fit(acgan(width=2), data, quick(rounds=4, log_every=2), folder=tmp_path, resume=True)
    assert torch.equal(weights(whole.game), weights(resumed.game))
    assert torch.equal(whole.sample(10), resumed.sample(10))


def test_the_relativistic_objective_pairs_the_source_logits():
    game, b = small(objective="relativistic", class_weight=0.0), batch()
    real, fake = game.D(b["real"])[0], game.D(game.G(b["z"], b["y"]))[0]
    assert game.g_loss(b).item() == pytest.approx(softplus(real - fake).mean().item(), rel=1e-5)
