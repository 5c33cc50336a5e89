"""CIFAR-10 and SVHN, 32×32 in colour, read by torchvision from files on this machine. `load` never downloads.

CIFAR-10 lies in `<root>/cifar-10-batches-py`, SVHN in `<root>/svhn/train_32x32.mat` or in the root itself. CIFAR-10's
files are pickles, which could run any code: torchvision opens them only if their MD5 sums are the published ones.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from gan_course.data.real import MissingDataError, alternatives, root_folder
from gan_course.data.resident import Resident

SIDE = 32  # pixels
NAMES = ("cifar10", "svhn")
CLASSES = {
    "cifar10": ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
    "svhn": tuple("0123456789"),
}
"""What the labels 0 to 9 stand for."""

Root = str | os.PathLike[str] | None


def load(name: str, split: str = "train", root: Root = None) -> Resident:
    """All rows of a split: images uint8 (n, 3, 32, 32), column `label` int64, 0 to 9 as in `CLASSES`.

    "train" and "test" have 50,000 and 10,000 rows in CIFAR-10, 73,257 and 26,032 in SVHN (without its "extra" part).

    Raises:
        ValueError: an unknown name.
        MissingDataError: files are missing, or are not the published ones.
    """
    try:
        files = _open(name, split, root, download=False)
    except RuntimeError as error:  # torchvision has looked for the files and compared their MD5 sums
        option = "" if root is None else f' --root "{os.fspath(root)}"'
        raise MissingDataError(
            f"{name} is not ready: its files are missing in {_place(name, root)}, or they are not the published ones. "
            f"Download it once with: gan-course data download {name}{option}\n{alternatives()}"
        ) from error
    images = torch.from_numpy(files.data)
    if name == "cifar10":  # torchvision puts the channels last here, and not there
        images, labels = images.permute(0, 3, 1, 2), torch.tensor(files.targets)
    else:
        labels = torch.from_numpy(files.labels)
    return Resident(name, images.contiguous(), {"label": labels.long()})


def download(name: str, root: Root = None, report: Callable[[str], None] = print) -> Path:
    """Fetch both splits with torchvision, which verifies their MD5 sums, unless they are there; returns the folder.

    An archive that you put there yourself is used. report: receives a line for the reader.

    Raises:
        ValueError: an unknown name.
        ConnectionError: it could not be fetched; the message says what works without a network.
    """
    place = _place(name, root)
    try:
        for split in ("train", "test"):
            _open(name, split, root, download=True)
    except (RuntimeError, OSError) as error:
        files = {"cifar10": "cifar-10-python.tar.gz", "svhn": "train_32x32.mat and test_32x32.mat"}[name]
        raise ConnectionError(
            f"could not download {name} into {place}: {error}\nYou can put {files} into that folder yourself and run "
            f"the command again. {alternatives()}"
        ) from error
    report(f"{name} is in {place}")
    return place


def _place(name: str, root: Root) -> Path:
    """The folder that torchvision calls the root."""
    if name not in NAMES:
        raise ValueError(f"unknown data set {name!r}; known here: {', '.join(NAMES)}")
    base = root_folder(root)
    flat = name == "cifar10" or any((base / f"{split}_32x32.mat").is_file() for split in ("train", "test"))
    return base if flat else base / "svhn"


def _open(name: str, split: str, root: Root, *, download: bool) -> Any:
    place = _place(name, root)
    from torchvision.datasets import CIFAR10, SVHN

    if name == "cifar10":
        return CIFAR10(place, train=split == "train", download=download)
    return SVHN(place, split=split, download=download)
