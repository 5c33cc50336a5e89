import pytest
import torch

from gan_course import records
from gan_course.models import lapgan as games
from gan_course.pyramid import up
from gan_course.studies import lapgan_chain
from gan_course.studies.lapgan_chain import ARMS, LEVELS, MEASURES, PARTS
from gan_course.training.seeding import generator


@pytest.fixture
def _small(monkeypatch, tmp_path):
    monkeypatch.setenv("GAN_COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(lapgan_chain, "IMAGES", 100)
    monkeypatch.setattr(lapgan_chain, "JUDGED", 100)


def test_the_parts_differ_in_what_their_names_say():
    made = {name: build(0) for name, build in PARTS.items()}
    assert [side for _, side, _ in made.values()] == [8, 16, 32, 16, 32, 16, 32, 32, 32]
    low, z = torch.randn(2, 3, 16, 16), torch.rand(2, 1, 16, 16)
    assert made["16"][0].D.sees == "sum"
    assert made["16, D sees the detail"][0].D.sees == "detail"
    silent = made["16, no noise"][0]
    assert silent.noise(2, generator(0))["z"].abs().max() == 0
    assert torch.equal(made["16"][0].G(z, low), made["16, D sees the detail"][0].G(z, low))  # same start


def test_images_of_a_level_are_enlarged_by_the_pyramid_or_bicubic():
    x = torch.rand(2, 3, 8, 8)
    assert torch.allclose(lapgan_chain.enlarged(x), up(up(x, (16, 16)), (32, 32)))
    assert lapgan_chain.enlarged(x, "bicubic").shape == (2, 3, 32, 32)


def test_a_judge_of_details_cannot_tell_whose_condition_it_is():
    held_out = torch.rand(30, 3, 16, 16, generator=generator(0)) * 2 - 1
    blind = games.level(0, size=16, width=4, sees="detail")
    assert lapgan_chain.own_condition_share(blind, held_out) == 0.5
    honest = games.level(0, size=16, width=4)
    honest.D = torch.nn.Module()
    honest.D.forward = lambda h, low: -(h + low).abs().flatten(1).amax(1, keepdim=True)
    assert lapgan_chain.own_condition_share(honest, held_out) > 0.8  # own pairs stay within [-1, 1]


def test_the_share_of_the_noise_is_zero_without_noise_and_grows_with_it():
    held_out = torch.rand(6, 3, 16, 16, generator=generator(0))
    level = games.level(0, size=16, width=4, noise_scale=0.0)
    assert lapgan_chain.noise_share(level, held_out) == 0
    level.noise_scale = 0.1
    little = lapgan_chain.noise_share(level, held_out)
    level.noise_scale = 10.0
    assert 0 < little < lapgan_chain.noise_share(level, held_out) <= 1.1


def test_an_unknown_part_lists_the_known_ones():
    with pytest.raises(ValueError, match="known: base, 16, 32"):
        lapgan_chain.part("64", 0)


@pytest.mark.slow
@pytest.mark.usefixtures("_small")
def test_a_brief_study_writes_all_arms_and_reads_its_parts_the_second_time(monkeypatch, tmp_path):
    values = lapgan_chain.run(seeds=[0], rounds=2, folder=tmp_path)
    expected = {f"{arm}: {key}" for arm in ARMS for key in MEASURES}
    expected |= {f"{side}: {key}" for side in LEVELS for key in ("noise", "swapped")}
    expected |= {f"{side}, D sees the detail: swapped" for side in LEVELS} | {"floor: FD"}
    assert set(values) == expected
    assert records.read("lapgan_chain", tmp_path).values == values
    assert (tmp_path / "lapgan_chain.png").exists()
    assert values["real 16×16, bicubic: FD"][0] < values["MLP: FD"][0]

    def refused(*_):
        raise AssertionError("a finished part was trained again")

    monkeypatch.setattr(lapgan_chain, "fit", refused)
    assert lapgan_chain.run(seeds=[0], rounds=2, folder=tmp_path) == values
