import pytest
import torch

from gan_course.data.resident import Resident
from gan_course.training.seeding import generator


def three_images() -> Resident:
    x = torch.tensor([0, 51, 255], dtype=torch.uint8).view(3, 1, 1, 1)
    return Resident("three", x, {"label": torch.tensor([7, 8, 9])})


def test_images_reach_the_networks_as_floats_from_minus_one_to_one():
    torch.testing.assert_close(three_images().take(slice(None)).flatten(), torch.tensor([-1.0, -0.6, 1.0]))


def test_points_reach_the_networks_unchanged():
    x = torch.tensor([[3.0, -250.0]])
    assert Resident("points", x).take(slice(None)).equal(x)


def test_rows_keep_their_columns():
    part = three_images().rows(1, 3)
    assert len(part) == 2
    assert part.x.flatten().tolist() == [51, 255]
    assert part.column("label").tolist() == [8, 9]


def test_the_same_random_source_draws_the_same_rows():
    data = Resident("points", torch.arange(1000.0)[:, None])
    assert data.draw(50, generator(3)).equal(data.draw(50, generator(3)))
    assert not data.draw(50, generator(3)).equal(data.draw(50, generator(4)))


def test_draws_are_uniform_and_with_replacement():
    rows = three_images().index(30_000, generator(0)).bincount(minlength=3)
    assert len(rows) == 3
    # 10,000 expected each, standard deviation sqrt(30,000 / 3 * 2 / 3) = 82
    assert (rows - 10_000).abs().max() < 5 * 82


def test_moving_to_a_device_moves_the_columns_too():
    moved = three_images().to("meta")
    assert moved.x.device.type == moved.column("label").device.type == "meta"


def test_an_unknown_column_lists_the_known_ones():
    with pytest.raises(KeyError, match="no column 'slant'; known: label"):
        three_images().column("slant")
    with pytest.raises(KeyError, match="known: none"):
        Resident("points", torch.zeros(2, 2)).column("label")


def test_a_column_of_another_length_is_refused():
    with pytest.raises(ValueError, match="column 'label' has 2 rows, x has 3"):
        Resident("three", torch.zeros(3, 2), {"label": torch.zeros(2)})
