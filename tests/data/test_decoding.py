import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from safetensors.torch import load_file

from gan_course.data import decoding, pictures
from gan_course.data.decoding import BadPicturesError, DamagedFileError


@pytest.fixture
def ten(tmp_path, folder_of, as_bytes, drawn):
    """A folder of ten pictures."""
    return folder_of(tmp_path / "ten", {f"{k:03}.jpg": as_bytes(drawn(k)) for k in range(10)})


@pytest.fixture
def calls(monkeypatch):
    """What was decoded, in order; a batch is four pictures."""
    seen, square = [], pictures.square

    def counting(content, size):
        seen.append(content)
        return square(content, size)

    monkeypatch.setattr(decoding, "BATCH", 4)
    monkeypatch.setattr(decoding, "key", lambda *_: "the same")  # which reads the code of `square`
    monkeypatch.setattr(pictures, "square", counting)
    return seen


def write_and_read(path, source, size=16, **options):
    decoding.write(path, source, size, **options)
    return decoding.read(path)


def test_rows_are_the_pictures_in_the_order_of_their_names(ten, tmp_path):
    done = write_and_read(tmp_path / "out.safetensors", pictures.source(ten))
    assert done.images.shape == (10, 3, 16, 16)
    assert done.images.dtype == torch.uint8
    assert done.names == [f"{k:03}.jpg" for k in range(10)]
    expected = [pictures.square(path.read_bytes(), 16) for path in sorted(ten.iterdir())]
    assert all((row.numpy() == want).all() for row, want in zip(done.images, expected, strict=True))
    assert done.skipped == 0


def test_a_folder_and_a_zip_give_the_same_rows(ten, tmp_path, zip_of):
    files = {f"inner/{path.name}": path.read_bytes() for path in sorted(ten.iterdir(), reverse=True)}
    packed = pictures.source(zip_of(tmp_path / "some.zip", files))
    from_folder = decoding.cached(pictures.source(ten), 16).images
    assert decoding.cached(packed, 16).images.equal(from_folder)


def test_nothing_but_the_result_stays(ten, tmp_path):
    decoding.write(tmp_path / "out" / "a.safetensors", pictures.source(ten), 16)
    left = {path.name for path in (tmp_path / "out").iterdir()} - {"a.safetensors.lock"}
    assert left == {"a.safetensors", "a.safetensors.sha256"}


def test_the_cache_decodes_once(ten, monkeypatch):
    first = decoding.cached(pictures.source(ten), 16).images.clone()
    monkeypatch.setattr(decoding, "_decode", None)  # a second decoding would fail
    assert decoding.cached(pictures.source(ten), 16).images.equal(first)


@pytest.mark.parametrize("change", ["size", "content", "names", "columns"])
def test_another_source_size_or_table_is_another_file(ten, change):
    source = pictures.source(ten)
    before = decoding.key(source, 16, {})
    columns = {"a": torch.zeros(10, dtype=torch.uint8)} if change == "columns" else {}
    if change == "content":
        (ten / "003.jpg").write_bytes((ten / "004.jpg").read_bytes() + b" ")
    if change == "names":
        (ten / "003.jpg").rename(ten / "0031.jpg")
    assert decoding.key(pictures.source(ten), 17 if change == "size" else 16, columns) != before
    assert decoding.key(source, 16, {}) == before


def test_an_interrupted_run_goes_on_where_it_stopped(ten, tmp_path, calls, monkeypatch):
    path, source = tmp_path / "out.safetensors", pictures.source(ten)
    square = pictures.square

    def interrupted(content, size):
        if len(calls) == 6:  # in the second batch of four
            raise KeyboardInterrupt
        return square(content, size)

    monkeypatch.setattr(pictures, "square", interrupted)
    with pytest.raises(KeyboardInterrupt):
        decoding.write(path, source, 16)
    assert not path.exists()

    monkeypatch.setattr(pictures, "square", square)
    calls.clear()
    resumed = write_and_read(path, source).images
    assert sorted(calls) == sorted((ten / f"{k:03}.jpg").read_bytes() for k in range(4, 10))
    assert resumed.equal(write_and_read(tmp_path / "straight.safetensors", source).images)


def test_rows_after_the_last_note_of_progress_are_written_again(ten, tmp_path, calls, monkeypatch):
    path, source, replace = tmp_path / "out.safetensors", pictures.source(ten), decoding._replace

    def fails_at_8(file, text):
        if '"done": 8' in text:
            raise OSError("no space left")
        replace(file, text)

    monkeypatch.setattr(decoding, "_replace", fails_at_8)
    with pytest.raises(OSError, match="no space left"):
        decoding.write(path, source, 16)
    monkeypatch.setattr(decoding, "_replace", replace)
    resumed = write_and_read(path, source).images
    assert resumed.equal(write_and_read(tmp_path / "straight.safetensors", source).images)


def test_progress_on_another_size_is_not_continued(ten, tmp_path, monkeypatch):
    path, source, replace = tmp_path / "out.safetensors", pictures.source(ten), decoding._finish
    monkeypatch.setattr(decoding, "_finish", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        decoding.write(path, source, 8)
    monkeypatch.setattr(decoding, "_finish", replace)
    assert write_and_read(path, source, 16).images.equal(decoding.cached(source, 16).images)


def test_bad_files_are_listed_by_name_and_what_is_decoded_is_kept(ten, tmp_path, calls):
    (ten / "002.jpg").write_bytes((ten / "002.jpg").read_bytes()[:900])
    (ten / "005.txt").write_text("notes")
    (ten / "006.jpg").write_bytes(b"")
    path, source = tmp_path / "out.safetensors", pictures.source(ten)
    with pytest.raises(BadPicturesError) as error:
        decoding.write(path, source, 16)
    message = str(error.value)
    assert "3 of 11 files" in message
    assert "005.txt: not a picture" in message
    assert "002.jpg: " in message
    assert "006.jpg: " in message
    assert "--skip-bad" in message

    calls.clear()
    rest = write_and_read(path, source, skip_bad=True)
    assert calls == []
    assert rest.names == [f"{k:03}.jpg" for k in (0, 1, 3, 4, 5, 7, 8, 9)]
    assert rest.skipped == 3
    expected = [pictures.square((ten / name).read_bytes(), 16) for name in rest.names]
    assert all((row.numpy() == want).all() for row, want in zip(rest.images, expected, strict=True))


def test_the_message_names_ten_and_counts_the_rest(tmp_path, folder_of, as_bytes, drawn):
    files = {f"{k:03}.jpg": b"no picture" for k in range(13)} | {"100.jpg": as_bytes(drawn(1))}
    with pytest.raises(BadPicturesError) as error:
        decoding.cached(pictures.source(folder_of(tmp_path / "in", files)), 16)
    assert "009.jpg" in str(error.value)
    assert "010.jpg" not in str(error.value)
    assert "and 3 more" in str(error.value)


def test_a_damaged_member_of_a_zip_is_a_bad_picture(ten, tmp_path, zip_of):
    path = zip_of(tmp_path / "some.zip", {file.name: file.read_bytes() for file in sorted(ten.iterdir())})
    content = bytearray(path.read_bytes())
    content[1500] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(BadPicturesError, match=r"000\.jpg: Bad CRC-32"):
        decoding.cached(pictures.source(path), 16)


@pytest.mark.parametrize("skip_bad", [False, True])
def test_no_picture_at_all_is_an_error(tmp_path, folder_of, skip_bad):
    nothing = pictures.source(folder_of(tmp_path / "in", {"a.jpg": b"", "b.txt": b"b"}))
    with pytest.raises(BadPicturesError, match="holds no intact picture"):
        decoding.write(tmp_path / "out.safetensors", nothing, 16, skip_bad=skip_bad)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadPicturesError, match="holds no pictures"):
        decoding.cached(pictures.source(tmp_path / "empty"), 16)


def test_a_size_below_one_is_refused(ten):
    with pytest.raises(ValueError, match="at least 1, not 0"):
        decoding.cached(pictures.source(ten), 0)


def test_columns_keep_to_their_pictures(ten, tmp_path):
    (ten / "002.jpg").write_bytes(b"")
    columns = {"number": torch.arange(10, dtype=torch.uint8)[:, None]}
    done = write_and_read(tmp_path / "a.safetensors", pictures.source(ten), columns=columns, skip_bad=True)
    assert done.columns["number"][:, 0].tolist() == [int(name[:3]) for name in done.names]


def test_a_damaged_file_is_noticed_and_the_cache_decodes_it_again(ten):
    source = pictures.source(ten)
    first = decoding.cached(source, 16).images.clone()
    (path,) = (decoding.cache.folder() / "pictures").glob("*.safetensors")
    content = bytearray(path.read_bytes())
    content[decoding.HEADER + 5] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DamagedFileError, match="checksum does not match"):
        decoding.read(path)
    with pytest.warns(UserWarning, match="decoded again"):
        assert decoding.cached(source, 16).images.equal(first)


def test_any_reader_of_safetensors_reads_the_file(ten, tmp_path):
    decoding.write(tmp_path / "a.safetensors", pictures.source(ten), 16)
    assert load_file(tmp_path / "a.safetensors")["images"].shape == (10, 3, 16, 16)


def test_names_outside_ascii_survive(tmp_path, folder_of, as_bytes, drawn):
    names = ["größe/été.png", "面.png"]
    source = pictures.source(folder_of(tmp_path / "in", {name: as_bytes(drawn(1), "PNG") for name in names}))
    assert decoding.cached(source, 8).names == names


def test_memory_holds_one_batch_not_all_rows(tmp_path, zip_of, as_bytes, drawn, monkeypatch):
    """400 rows of 64×64 are 4.9 MB; a batch of 8 is 0.1 MB."""
    content = as_bytes(drawn(1, (64, 64)))
    source = pictures.source(zip_of(tmp_path / "a.zip", {f"{k:04}.jpg": content for k in range(400)}))
    monkeypatch.setattr(decoding, "BATCH", 8)
    decoding.cached(pictures.source(tmp_path / "a.zip"), 8)  # decoders loaded
    tracemalloc.start()
    decoding.write(tmp_path / "out.safetensors", source, 64)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2.5e6


def test_two_that_want_the_same_file_wait_for_each_other(ten, tmp_path, calls):
    path, source = tmp_path / "out.safetensors", pictures.source(ten)
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(write_and_read, path, source) for _ in range(2)]
    first, second = (one.result().images for one in both)
    assert first.equal(second)
    assert len(calls) == 10  # the second found the file of the first
