import gzip
import struct
from pathlib import Path
from urllib.error import URLError

import pytest
import torch
import torchvision

from gan_course.data import load, real
from gan_course.data.real import MissingDataError

ROWS = {"train": 12, "test": 5}


def pixels(n: int, seed: int) -> torch.Tensor:
    return torch.randint(256, (n, 28, 28), generator=torch.Generator().manual_seed(seed), dtype=torch.uint8)


def idx(values: torch.Tensor) -> bytes:
    """A tensor of bytes in the format of LeCun's files."""
    return (
        struct.pack(f">BBBB{values.dim()}I", 0, 0, 8, values.dim(), *values.shape) + values.numpy().tobytes()
    )


def write_set(root: Path, folder: str = "MNIST", *, packed: bool = False) -> Path:
    """Small files of the real layout; the counts of the real ones are replaced by `small_counts`."""
    raw = root / folder / "raw"
    raw.mkdir(parents=True)
    for seed, (split, n) in enumerate(ROWS.items()):
        files = {"images-idx3": pixels(n, seed), "labels-idx1": (torch.arange(n) % 10).to(torch.uint8)}
        for name, values in files.items():
            path = raw / f"{real.PREFIX[split]}-{name}-ubyte"
            if packed:
                path.with_name(path.name + ".gz").write_bytes(gzip.compress(idx(values)))
            else:
                path.write_bytes(idx(values))
    return raw


@pytest.fixture(autouse=True)
def small_counts(monkeypatch, tmp_path):
    monkeypatch.setattr(real, "ROWS", ROWS)
    monkeypatch.setenv("GAN_COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("GAN_COURSE_DATA", raising=False)


@pytest.fixture
def no_network(monkeypatch):
    """Every download fails as it does without a network; the list fills with what was asked for."""
    asked = []

    def unreachable(url, *_, **__):
        asked.append(url)
        raise URLError("Name or service not known")

    monkeypatch.setattr(torchvision.datasets.mnist, "download_and_extract_archive", unreachable)
    return asked


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
@pytest.mark.parametrize(("name", "folder"), [("mnist", "MNIST"), ("fashion_mnist", "FashionMNIST")])
def test_a_set_in_the_layout_of_torchvision_loads(tmp_path, name, folder, packed):
    write_set(tmp_path, folder, packed=packed)
    train, test = (load(name, split=split, root=tmp_path) for split in ("train", "test"))
    assert train.x.shape == (12, 1, 28, 28)
    assert train.x.dtype == torch.uint8
    assert train.x[:, 0].equal(pixels(12, seed=0))
    assert test.x[:, 0].equal(pixels(5, seed=1))
    assert train.column("label").tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]
    assert train.column("label").dtype == torch.int64


def test_we_read_what_torchvision_reads(tmp_path):
    write_set(tmp_path)
    theirs = torchvision.datasets.MNIST(tmp_path, train=False)
    ours = real.load("mnist", "test", tmp_path)
    assert ours.x[:, 0].equal(theirs.data)
    assert ours.column("label").equal(theirs.targets)


def test_the_first_rows_and_padding_work_on_real_sets_too(tmp_path):
    write_set(tmp_path)
    framed = load("mnist", n=3, size=32, root=tmp_path)
    assert framed.x.shape == (3, 1, 32, 32)
    assert framed.x[:, 0, 2:30, 2:30].equal(pixels(12, seed=0)[:3])


def test_the_folder_is_the_argument_then_the_environment_then_the_cache(tmp_path, monkeypatch):
    assert real.default_root() == tmp_path / "cache" / "real"
    write_set(tmp_path / "cache" / "real")
    assert len(load("mnist")) == 12
    monkeypatch.setenv("GAN_COURSE_DATA", str(tmp_path / "elsewhere"))
    with pytest.raises(MissingDataError, match="elsewhere"):
        load("mnist")
    assert len(load("mnist", root=tmp_path / "cache" / "real")) == 12


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_missing_data_names_the_command_and_the_sets_that_work_now(name, no_network):
    with pytest.raises(MissingDataError) as error:
        load(name)
    assert f"gan-course data download {name}" in str(error.value)
    assert "ring, grid25, swiss_roll, digits, strokes, faces" in str(error.value)
    assert no_network == []  # load never downloads


def test_the_command_repeats_the_folder_that_was_given(tmp_path):
    with pytest.raises(MissingDataError, match="gan-course data download mnist --root"):
        load("mnist", root=tmp_path)


def test_one_missing_file_is_named(tmp_path):
    (write_set(tmp_path) / "train-labels-idx1-ubyte").unlink()
    with pytest.raises(MissingDataError, match=r"train-labels-idx1-ubyte .*does not exist"):
        load("mnist", root=tmp_path)
    assert len(load("mnist", split="test", root=tmp_path)) == 5


def test_a_file_cut_short_is_named_with_both_counts(tmp_path):
    path = write_set(tmp_path) / "train-images-idx3-ubyte"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(MissingDataError, match="cut short or damaged: 9,308 values instead of 9,408"):
        load("mnist", root=tmp_path)


def test_a_packed_file_cut_short_is_named(tmp_path):
    path = write_set(tmp_path, packed=True) / "train-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(MissingDataError, match=r"ubyte\.gz is cut short or damaged"):
        load("mnist", root=tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"<html>not found</html>",
        idx(pixels(11, seed=0)),
        idx(torch.zeros(12, 32, 32, dtype=torch.uint8)),
    ],
    ids=["empty", "a web page", "another count", "another shape"],
)
def test_a_file_that_is_not_the_published_one_is_refused(tmp_path, wrong):
    (write_set(tmp_path) / "train-images-idx3-ubyte").write_bytes(wrong)
    with pytest.raises(MissingDataError, match="does not begin like a file of 12×28×28 bytes"):
        load("mnist", root=tmp_path)


def test_a_download_without_a_network_says_what_to_do_and_what_works_now(tmp_path, no_network):
    with pytest.raises(ConnectionError) as error:
        real.download("mnist", tmp_path)
    assert "could not download mnist" in str(error.value)
    assert "Name or service not known" in str(error.value)
    assert "strokes" in str(error.value)
    assert no_network


def test_an_intact_set_is_not_downloaded_again(tmp_path, no_network):
    raw = write_set(tmp_path, packed=True)
    lines = []
    assert real.download("mnist", tmp_path, report=lines.append) == raw
    assert no_network == []
    assert lines == [f"mnist is already in {raw}"]


def test_a_download_fetches_what_is_damaged(tmp_path, monkeypatch):
    raw = write_set(tmp_path)
    intact = (raw / "t10k-images-idx3-ubyte").read_bytes()
    (raw / "t10k-images-idx3-ubyte").write_bytes(intact[:50])

    def fetch(url, download_root, filename, md5):
        path = Path(download_root) / filename.removesuffix(".gz")
        if not path.exists():
            path.write_bytes(intact)

    monkeypatch.setattr(torchvision.datasets.mnist, "download_and_extract_archive", fetch)
    real.download("mnist", tmp_path, report=lambda line: None)
    assert load("mnist", split="test", root=tmp_path).x[:, 0].equal(pixels(5, seed=1))


def test_unknown_real_sets_list_the_known_ones(tmp_path):
    with pytest.raises(ValueError, match="unknown real data set 'cifar'; known: mnist, fashion_mnist"):
        real.download("cifar", tmp_path)
