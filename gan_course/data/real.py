"""MNIST and Fashion-MNIST, from files on this machine. `load` never downloads; `download` does, when you ask for it.

Files lie as torchvision puts them: `<root>/MNIST/raw/train-images-idx3-ubyte` and so on, unpacked or with `.gz`. The
format is that of LeCun: bytes 0, 0, 8 (unsigned bytes), the number of dimensions, each dimension as a big-endian
32-bit number, then the values. They are pixels already, so there is nothing to decode and nothing to cache.
"""

from __future__ import annotations

import gzip
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from gan_course.data import cache
from gan_course.data.registry import EMBEDDED
from gan_course.data.resident import Resident

CLASSES = {
    "mnist": "MNIST",
    "fashion_mnist": "FashionMNIST",
}  # torchvision's class, and the name of its folder
PREFIX = {"train": "train", "test": "t10k"}
ROWS = {"train": 60_000, "test": 10_000}
SIDE = 28


class MissingDataError(FileNotFoundError):
    """A real data set is not on this machine, or its files are not intact."""


def default_root() -> Path:
    """The folder of the real sets: $GAN_COURSE_DATA, or `real` in the course's cache folder."""
    own = os.environ.get("GAN_COURSE_DATA")
    return Path(own).expanduser() if own else cache.folder() / "real"


def root_folder(root: str | os.PathLike[str] | None) -> Path:
    """The folder that was given, or `default_root()`."""
    return default_root() if root is None else Path(root).expanduser()


def load(name: str, split: str = "train", root: str | os.PathLike[str] | None = None) -> Resident:
    """All rows of a split ("train": 60,000, "test": 10,000): images uint8 (n, 1, 28, 28), column `label` int64.

    root: folder that contains `MNIST` or `FashionMNIST`; `default_root()` if None.

    Raises:
        ValueError: an unknown name.
        MissingDataError: a file is missing, cut short, or not the one that was published.
    """
    raw = _raw_folder(name, root)
    n = ROWS[split]
    images, labels = (_read(path, shape, name, root) for path, shape in _files(raw, split, n))
    return Resident(name, images[:, None], {"label": labels.long()})


def download(
    name: str, root: str | os.PathLike[str] | None = None, report: Callable[[str], None] = print
) -> Path:
    """Fetch a real set with torchvision (which verifies the published MD5 sums), unless it is there and intact.

    report: receives a line for the reader. Returns the folder that holds the set.

    Raises:
        ValueError: an unknown name.
        ConnectionError: it could not be fetched; the message says what works without a network.
        MissingDataError: what was fetched is not intact.
    """
    raw = _raw_folder(name, root)
    damaged = []
    for split, n in ROWS.items():
        for path, shape in _files(raw, split, n):
            try:
                _read(path, shape, name, root)
            except MissingDataError:
                damaged.append(path)
    if not damaged:
        report(f"{name} is already in {raw}")
        return raw

    from torchvision import datasets

    try:
        for path in damaged:
            path.unlink(missing_ok=True)  # torchvision keeps any unpacked file that exists, even half of one
        getattr(datasets, CLASSES[name])(raw.parents[1], download=True)
    except (RuntimeError, OSError) as error:
        raise ConnectionError(
            f"could not download {name} into {raw}: {error}\nWithout a network you can put the four published "
            f"*-ubyte.gz files into that folder yourself. {alternatives()}"
        ) from error
    for split in ROWS:
        load(name, split, root)
    report(f"{name} is now in {raw}")
    return raw


def _raw_folder(name: str, root: str | os.PathLike[str] | None) -> Path:
    if name not in CLASSES:
        raise ValueError(f"unknown real data set {name!r}; known: {', '.join(CLASSES)}")
    return root_folder(root) / CLASSES[name] / "raw"


def _files(raw: Path, split: str, n: int) -> list[tuple[Path, tuple[int, ...]]]:
    """The files of a split, without `.gz`, and the shapes they must have."""
    prefix = PREFIX[split]
    return [
        (raw / f"{prefix}-images-idx3-ubyte", (n, SIDE, SIDE)),
        (raw / f"{prefix}-labels-idx1-ubyte", (n,)),
    ]


def _read(path: Path, shape: tuple[int, ...], name: str, root: str | os.PathLike[str] | None) -> Tensor:
    """The values of an idx file as uint8 of this shape; the packed file serves where the unpacked one is missing."""
    packed = path.with_name(path.name + ".gz")
    found = next((candidate for candidate in (path, packed) if candidate.is_file()), None)
    if found is None:
        raise _missing(f"{path} (or {packed.name}) does not exist", name, root)
    try:
        content = gzip.decompress(found.read_bytes()) if found == packed else found.read_bytes()
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _missing(f"{found} is cut short or damaged ({error})", name, root) from error

    start = 4 + 4 * len(shape)
    header = struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape)
    if content[:start] != header:
        raise _missing(f"{found} does not begin like a file of {'×'.join(map(str, shape))} bytes", name, root)
    values, expected = len(content) - start, torch.Size(shape).numel()
    if values != expected:
        raise _missing(
            f"{found} is cut short or damaged: {values:,} values instead of {expected:,}", name, root
        )
    return torch.frombuffer(bytearray(content), dtype=torch.uint8, offset=start).view(shape)


def _missing(what: str, name: str, root: str | os.PathLike[str] | None) -> MissingDataError:
    option = "" if root is None else f' --root "{os.fspath(root)}"'
    return MissingDataError(
        f"{name} is not ready: {what}. Download it once with: gan-course data download {name}{option}\n{alternatives()}"
    )


def alternatives() -> str:
    """A sentence for messages about data that are not here."""
    return f"These sets work now, without a network: {', '.join(EMBEDDED)}."
