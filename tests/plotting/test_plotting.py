import base64
import io
import json
import re
from html.parser import HTMLParser
from importlib import import_module

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.image import imread

from gan_course import plotting
from gan_course.plotting import images as images_module
from gan_course.plotting import style

frames_module = import_module("gan_course.plotting.frames")  # the package exports a function of the same name


@pytest.fixture(autouse=True)
def no_figures_left():
    plt.close("all")
    yield
    plt.close("all")


@pytest.fixture
def shown(monkeypatch):
    """What is displayed, as (object, metadata), instead of being displayed."""
    seen = []

    def display(content, metadata=None):
        seen.append((content, metadata))

    monkeypatch.setattr(style, "display", display)
    monkeypatch.setattr(frames_module, "display", display)
    return seen


def bytes_and_floats(n: int, channels: int = 1) -> tuple[torch.Tensor, torch.Tensor]:
    rng = torch.Generator().manual_seed(0)
    images = torch.randint(256, (n, channels, 4, 6), generator=rng, dtype=torch.uint8)
    return images, images.float() / 127.5 - 1


def test_show_displays_with_alt_text_and_closes_the_figure(shown):
    fig, _ = plotting.figure()
    plotting.show(fig, "A line that falls.")
    assert shown == [(fig, {"image/png": {"alt": "A line that falls."}})]
    assert plt.get_fignums() == []


@pytest.mark.parametrize("alt", ["", "  \n"])
def test_a_picture_without_alt_text_is_refused(shown, alt):
    fig, _ = plotting.figure()
    with pytest.raises(ValueError, match="alt"):
        plotting.show(fig, alt)
    with pytest.raises(ValueError, match="alt"):
        plotting.frames(lambda value: fig, [0], "round", alt)
    assert shown == []


def test_panels_have_the_size_that_was_asked_for():
    fig, axes = plotting.figure(2, 3, width=2.0, height=1.5)
    assert axes.shape == (2, 3)
    assert fig.get_size_inches().tolist() == [6.0, 3.0]


def test_bytes_and_floats_give_the_same_pixels():
    as_bytes, as_floats = map(images_module.as_pixels, bytes_and_floats(5, channels=3))
    assert as_bytes.shape == (5, 4, 6, 3)
    np.testing.assert_allclose(as_bytes, as_floats, atol=1e-6)


def test_pixels_run_from_black_to_white_and_not_beyond():
    floats = torch.tensor([-3.0, -1.0, 0.0, 1.0, 3.0]).view(5, 1, 1, 1)
    assert images_module.as_pixels(floats).flatten().tolist() == [0, 0, 0.5, 1, 1]
    assert images_module.as_pixels(
        torch.tensor([[[[0]], [[255]]]], dtype=torch.uint8)
    ).flatten().tolist() == [0, 1]


def test_samples_that_still_carry_gradients_can_be_shown():
    assert images_module.as_pixels(torch.zeros(1, 1, 2, 2, requires_grad=True)).shape == (1, 2, 2)


def test_a_sheet_places_images_row_by_row_between_white_lines():
    images, _ = bytes_and_floats(5)
    sheet = images_module.tiled(images, columns=3)
    assert sheet.shape == (2 * 4 + 1, 3 * 6 + 2)
    pixels = images_module.as_pixels(images)
    np.testing.assert_array_equal(sheet[:4, 7:13], pixels[1])
    np.testing.assert_array_equal(sheet[5:, 7:13], pixels[4])
    assert (sheet[4] == 1).all()  # between the rows
    assert (sheet[:, 6] == 1).all()  # between the columns
    assert (sheet[5:, 14:] == 1).all()  # the place of the sixth image


def test_a_sheet_of_colour_images_keeps_its_colours():
    images, _ = bytes_and_floats(2, channels=3)
    sheet = images_module.tiled(images, columns=2)
    assert sheet.shape == (4, 13, 3)
    np.testing.assert_array_equal(sheet[:, 7:], images_module.as_pixels(images)[1])


def test_a_grid_is_drawn_in_grey_from_black_to_white_whatever_it_holds():
    dark = torch.full((3, 1, 4, 4), 10, dtype=torch.uint8)
    fig = plotting.image_grid(dark, columns=2, title="dark")
    (picture,) = fig.axes[0].get_images()
    assert picture.get_clim() == (0, 1)
    assert picture.get_array().shape == (9, 9)
    assert fig.axes[0].get_title() == "dark"


def test_image_rows_draw_one_titled_row_per_entry():
    images, _ = bytes_and_floats(4)
    fig = plotting.image_rows([images, images[:2]], ["real", "generated"])
    assert [ax.get_title() for ax in fig.axes] == ["real", "generated"]
    widths = [ax.get_images()[0].get_array().shape[1] for ax in fig.axes]
    assert widths == [4 * 6 + 3, 4 * 6 + 3]  # the shorter row is filled with white: images keep their size


def test_every_row_needs_a_title():
    images, _ = bytes_and_floats(2)
    with pytest.raises(ValueError, match="zip"):
        plotting.image_rows([images, images], ["real"])


def test_lines_differ_in_dash_as_well_as_in_colour():
    cycle = list(plt.rcParams["axes.prop_cycle"])
    assert len({str(entry["linestyle"]) for entry in cycle}) == len(cycle)
    assert len({entry["color"] for entry in cycle}) == len(cycle)


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def one(self, tag: str) -> dict:
        (attributes,) = [attributes for name, attributes in self.found if name == tag]
        return attributes


def page_of(shown, values=(0, 100, 200), label="round", alt="Samples.") -> str:
    def draw(value):
        fig, ax = plotting.figure(width=1.0, height=1.0)
        ax.set_title(str(values.index(value)))
        return fig

    plotting.frames(draw, values, label, alt)
    ((content, _),) = shown
    return content.data


def test_the_slider_has_one_position_per_value(shown):
    page = page_of(shown)
    slider = Tags(page).one("input")
    assert slider["type"] == "range"
    assert (slider["min"], slider["max"], slider["value"]) == ("0", "2", "0")
    assert slider["aria-label"] == "round"
    pictures = json.loads(re.search(r"pictures = (\[.*?\])", page)[1])
    assert len(set(pictures)) == 3
    assert pictures[0] == Tags(page).one("img")["src"]
    assert json.loads(re.search(r"values = (\[.*?\])", page)[1]) == ["0", "100", "200"]
    assert plt.get_fignums() == []


def test_the_pictures_of_the_slider_are_real_pictures(shown):
    source = Tags(page_of(shown)).one("img")["src"]
    picture = imread(io.BytesIO(base64.b64decode(source.removeprefix("data:image/png;base64,"))))
    assert picture.shape == (80, 80, 4)
    assert picture.std() > 0


def test_text_from_outside_cannot_break_the_page(shown):
    nasty = '"><script>alert("x")</script>'
    page = page_of(shown, values=("</script><b>", "b"), label=nasty, alt=nasty)
    tags = Tags(page)
    assert tags.one("img")["alt"] == nasty
    assert tags.one("input")["aria-label"] == nasty
    assert [name for name, _ in tags.found] == [
        "figure", "img", "figcaption", "label", "input", "output", "script",
    ]  # fmt: skip
    assert page.count("</script>") == 1


def test_the_slider_needs_no_network(shown):
    page = page_of(shown)
    assert not re.search(r"(https?:)?//", re.sub(r"base64,[A-Za-z0-9+/=]*", "", page))
    assert "src" not in Tags(page).one("script")


def test_the_same_pictures_make_the_same_page(shown):
    first = page_of(shown)
    shown.clear()
    assert page_of(shown) == first


def test_a_slider_without_values_is_refused(shown):
    with pytest.raises(ValueError, match="at least one value"):
        plotting.frames(lambda value: None, [], "round", "Samples.")
