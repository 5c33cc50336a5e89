import hashlib
import os
import pickle

import numpy as np
import pytest
import scipy.io
from torchvision.datasets import CIFAR10, SVHN

from gan_course.data import cifar, load
from gan_course.data.real import MissingDataError


def md5(path):
    return hashlib.md5(path.read_bytes()).hexdigest()


def pixels(n, seed):
    return np.random.default_rng(seed).integers(0, 256, (n, 3, 32, 32), dtype=np.uint8)


@pytest.fixture
def cifar10(tmp_path, monkeypatch):
    """Two training batches of four rows and a test batch of three, with their own sums in place of the published."""
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    sums = {}
    for seed, (name, n) in enumerate({"data_batch_1": 4, "data_batch_2": 4, "test_batch": 3}.items()):
        entry = {"data": pixels(n, seed).reshape(n, -1), "labels": [(seed + k) % 10 for k in range(n)]}
        (folder / name).write_bytes(pickle.dumps(entry))
        sums[name] = md5(folder / name)
    (folder / "batches.meta").write_bytes(pickle.dumps({"label_names": list(cifar.CLASSES["cifar10"])}))
    monkeypatch.setattr(
        CIFAR10, "train_list", [[name, sums[name]] for name in ("data_batch_1", "data_batch_2")]
    )
    monkeypatch.setattr(CIFAR10, "test_list", [["test_batch", sums["test_batch"]]])
    monkeypatch.setattr(CIFAR10, "meta", CIFAR10.meta | {"md5": md5(folder / "batches.meta")})
    return tmp_path


@pytest.fixture
def svhn(tmp_path, monkeypatch):
    folder = tmp_path / "svhn"
    folder.mkdir()
    parts = {}
    for seed, (split, n) in enumerate({"train": 4, "test": 3}.items()):
        path = folder / f"{split}_32x32.mat"
        labels = np.arange(7, 7 + n, dtype=np.uint8)[:, None]  # 10 stands for 0
        scipy.io.savemat(path, {"X": pixels(n, seed).transpose(2, 3, 1, 0), "y": labels})
        parts[split] = ["http://nowhere", path.name, md5(path)]
    monkeypatch.setattr(SVHN, "split_list", parts)
    return tmp_path


def test_cifar10_loads_in_the_published_format(cifar10):
    train, test = (load("cifar10", split=split, root=cifar10) for split in ("train", "test"))
    assert (train.x.numpy() == np.concatenate([pixels(4, 0), pixels(4, 1)])).all()
    assert (test.x.numpy() == pixels(3, 2)).all()
    assert train.column("label").tolist() == [0, 1, 2, 3, 1, 2, 3, 4]
    assert train.x.is_contiguous()


def test_svhn_loads_in_the_published_format_and_ten_is_zero(svhn):
    train, test = (load("svhn", split=split, root=svhn) for split in ("train", "test"))
    assert (train.x.numpy() == pixels(4, 0)).all()
    assert (test.x.numpy() == pixels(3, 1)).all()
    assert train.column("label").tolist() == [7, 8, 9, 0]


def test_svhn_is_found_in_the_root_itself_too(svhn):
    assert len(load("svhn", root=svhn / "svhn")) == 4


class Trap:
    """Unpickling this makes a folder."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def test_a_pickle_that_is_not_the_published_one_is_never_opened(cifar10, tmp_path):
    (cifar10 / "cifar-10-batches-py" / "data_batch_2").write_bytes(pickle.dumps(Trap(tmp_path / "trapped")))
    with pytest.raises(MissingDataError, match="not the published ones"):
        load("cifar10", root=cifar10)
    assert not (tmp_path / "trapped").exists()


@pytest.mark.parametrize("name", cifar.NAMES)
def test_absent_sets_name_the_command_and_what_works_now(name, tmp_path):
    with pytest.raises(MissingDataError) as error:
        load(name, root=tmp_path)
    assert f"gan-course data download {name} --root" in str(error.value)
    assert "faces" in str(error.value)


@pytest.mark.parametrize("name", cifar.NAMES)
def test_they_have_32_pixels_and_no_others(name):
    with pytest.raises(ValueError, match="32×32 and no others, not of size 64"):
        load(name, size=64)


@pytest.mark.parametrize(("name", "published"), [("cifar10", CIFAR10), ("svhn", SVHN)])
def test_a_failed_download_says_which_files_to_put_where(name, published, tmp_path, monkeypatch):
    def refused(_):
        raise OSError("no route to host")

    monkeypatch.setattr(published, "download", refused)
    with pytest.raises(ConnectionError, match=f"could not download {name}.*no route to host[\\s\\S]*folder"):
        cifar.download(name, tmp_path)
    with pytest.raises(ValueError, match="known here: cifar10, svhn"):
        cifar.download("imagenet", tmp_path)
