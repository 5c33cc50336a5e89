import numpy as np
import pytest
from PIL import Image, ImageFile

from gan_course.data import pictures


def mean_colours(array):
    return array.reshape(3, -1).mean(1)


def test_a_tall_picture_loses_equally_much_above_and_below(as_bytes):
    tall = Image.new("RGB", (178, 218), "red")
    tall.paste("blue", (0, 20, 178, 198))  # the 178 rows in the middle
    assert (pictures.square(as_bytes(tall, "PNG"), 64) == np.array([0, 0, 255])[:, None, None]).all()


def test_a_wide_picture_loses_equally_much_on_both_sides(as_bytes):
    wide = Image.new("RGB", (30, 10), "red")
    wide.paste("blue", (10, 0, 20, 10))
    assert (pictures.square(as_bytes(wide, "PNG"), 10) == np.array([0, 0, 255])[:, None, None]).all()


def test_a_square_picture_of_the_right_size_is_not_changed(as_bytes, drawn):
    picture = drawn(3, (32, 32))
    expected = np.asarray(picture).transpose(2, 0, 1)
    assert (pictures.square(as_bytes(picture, "PNG"), 32) == expected).all()


def test_shrinking_is_antialiased(as_bytes):
    """Stripes of one pixel become the grey of their mean; picking single pixels would keep black and white."""
    stripes = np.zeros((128, 128), dtype=np.uint8)
    stripes[:, ::2] = 255
    small = pictures.square(as_bytes(Image.fromarray(stripes), "PNG"), 16)
    assert abs(small.astype(int) - 127).max() <= 8


def test_a_large_jpeg_is_decoded_faster_but_not_differently(as_bytes, drawn):
    picture = drawn(5, (1600, 1600))
    by_draft = pictures.square(as_bytes(picture, quality=95), 32).astype(int)
    exactly = pictures.square(as_bytes(picture, "PNG"), 32).astype(int)
    assert abs(by_draft - exactly).mean() < 1.5


def test_grey_pictures_get_three_equal_channels(as_bytes):
    grey = pictures.square(as_bytes(Image.new("L", (20, 20), 77)), 10)
    assert grey.shape == (3, 10, 10)
    assert (grey == 77).all()


def test_sixteen_bits_become_eight_without_being_cut_off(as_bytes):
    ramp = np.linspace(0, 65_535, 256).astype(np.uint16)[None].repeat(256, 0)
    small = pictures.square(as_bytes(Image.fromarray(ramp), "PNG"), 256)[0, 0].astype(int)
    assert small.min() == 0
    assert small.max() == 255
    assert abs(small - np.arange(256)).max() <= 1


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparent_areas_become_white(as_bytes, mode):
    picture = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (0, 0, 20, 10))  # the upper half is black and opaque
    small = pictures.square(as_bytes(picture.convert(mode), "PNG"), 20)
    assert (small[:, :10] == 0).all()
    assert (small[:, 10:] == 255).all()


def test_four_printing_colours_become_three(as_bytes):
    cyan = Image.new("CMYK", (20, 20), (255, 0, 0, 0))
    red, green, blue = mean_colours(pictures.square(as_bytes(cyan, quality=95), 10))
    assert red < 20
    assert min(green, blue) > 200


def test_pictures_are_turned_upright_as_exif_says(as_bytes):
    picture = Image.new("RGB", (40, 40), "blue")
    picture.paste("red", (0, 0, 40, 20))  # red above
    exif = Image.Exif()
    exif[0x0112] = 3  # stored upside down
    upright = pictures.square(as_bytes(picture, quality=95, exif=exif), 40)
    assert upright[0, :15].mean() < 20
    assert upright[0, 25:].mean() > 230


def test_floating_point_pixels_are_refused(as_bytes):
    with pytest.raises(ValueError, match="no fixed range"):
        pictures.square(as_bytes(Image.new("F", (4, 4)), "TIFF"), 4)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.98])
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_cut_short_is_an_error_at_every_length(as_bytes, drawn, file_format, share):
    content = as_bytes(drawn(1), file_format)
    with pytest.raises(Exception, match=r"[Tt]runcated|cut|broken|cannot identify|image file|decode|[Ff]ail"):
        pictures.square(content[: int(share * len(content))], 64)


def test_formats_that_start_other_programs_are_no_pictures():
    assert not ImageFile.LOAD_TRUNCATED_IMAGES
    with pytest.raises(OSError, match="cannot identify"):
        pictures.square(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n", 8)


def test_files_are_sorted_by_name_and_hidden_ones_left_out(tmp_path, folder_of, zip_of):
    files = {
        name: b"x" for name in ("b/2.jpg", "a/1.jpg", "10.jpg", ".DS_Store", "b/.hidden", "__MACOSX/b/2.jpg")
    }
    expected = ("10.jpg", "a/1.jpg", "b/2.jpg")
    assert pictures.source(folder_of(tmp_path / "folder", files)).names == expected
    assert pictures.source(zip_of(tmp_path / "some.zip", files)).names == expected


def test_a_zip_and_a_folder_give_the_same_contents_and_nothing_is_extracted(tmp_path, folder_of, zip_of):
    files = {"in/1.jpg": b"one", "../outside.jpg": b"two"}
    origin = pictures.source(zip_of(tmp_path / "deep" / "some.zip", files))
    with origin.opened() as read:
        assert [read(name) for name in origin.names] == [b"two", b"one"]
    assert [path.name for path in tmp_path.rglob("*")] == ["deep", "some.zip"]
    same = pictures.source(folder_of(tmp_path / "folder", {"in/1.jpg": b"one"}))
    with same.opened() as read:
        assert read("in/1.jpg") == b"one"


def test_marks_change_with_the_content(tmp_path, folder_of, zip_of):
    first = pictures.source(zip_of(tmp_path / "a.zip", {"1.jpg": b"one"}))
    assert pictures.source(zip_of(tmp_path / "b.zip", {"1.jpg": b"one"})).marks == first.marks
    assert pictures.source(zip_of(tmp_path / "c.zip", {"1.jpg": b"two"})).marks != first.marks


def test_what_is_no_folder_and_no_zip_is_explained(tmp_path):
    with pytest.raises(FileNotFoundError, match="does not exist; give a folder or a zip"):
        pictures.source(tmp_path / "nothing")
    (tmp_path / "half.zip").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(ValueError, match="neither a folder nor an intact zip"):
        pictures.source(tmp_path / "half.zip")
