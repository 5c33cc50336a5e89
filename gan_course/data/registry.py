"""`load`: every data set of the course by its name."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace

from torch import Tensor
from torch.nn.functional import pad

from gan_course.data.resident import Resident

HELD_OUT = 1_000_000  # added to the seed of a drawn set for its test split: no training seed reaches it


@dataclass(frozen=True)
class Request:
    """The arguments of `load`, checked. n None: as many rows as the set has, or draws by default."""

    n: int | None
    seed: int
    setting: str | None
    split: str
    size: int | None
    root: str | os.PathLike[str] | None

    def rows(self, train: int, test: int) -> int:
        """How many rows to draw where the caller did not say."""
        return self.n if self.n is not None else {"train": train, "test": test}[self.split]

    @property
    def split_seed(self) -> int:
        """The seed of a drawn set: the test split is drawn from another one."""
        return self.seed + (HELD_OUT if self.split == "test" else 0)


def load(
    name: str,
    *,
    n: int | None = None,
    seed: int = 0,
    setting: str | None = None,
    split: str = "train",
    size: int | None = None,
    root: str | os.PathLike[str] | None = None,
) -> Resident:
    """A data set in memory: images as uint8 (n, channels, height, width), points in the plane as float32 (n, 2).

    name: one of `NAMES`, or a set you imported; those in `EMBEDDED` work without a network. Pictures in colour have 3
    channels. n: number of rows; for a set of fixed size the first n. seed: 0 to 999,999, for the sets that are drawn;
    fixed sets do not depend on it. setting: "mild" (default) or "wild", for strokes. split: "train" or "test"; drawn
    sets draw it from another seed. root: folder of the real sets, see `gan_course.data.real` and
    `gan_course.data.celeba`.

    size, in pixels, means what the set allows:
        digits, strokes, mnist, fashion_mnist: pads with black to size × size (28 becomes 32 where a network halves
            five times); as they are by default.
        faces: the size of the drawing, 32, 64 (default) or 128.
        celeba: the size to which the aligned pictures are cut and resized, 64 by default.
        imported sets: one of the sizes that you imported; needed only if there are several.
        cifar10, svhn: they have 32 and no other.

    Raises:
        ValueError: an unknown name, split or setting (the message lists the known ones), or a number out of range.
        gan_course.data.real.MissingDataError: a real set that is not on this machine, or not intact.
    """
    loader = _loader(name, root)
    if split not in ("train", "test"):
        raise ValueError(f"unknown split {split!r}; known: train, test")
    if n is not None and n < 1:
        raise ValueError(f"n is the number of rows, at least 1, not {n}")
    if not 0 <= seed < HELD_OUT:
        raise ValueError(f"seed must be between 0 and {HELD_OUT - 1:,}, not {seed}")
    if setting is not None and name != "strokes":
        raise ValueError(f"{name!r} has no settings (got {setting!r}); only 'strokes' does")
    if size is not None and size < 1:
        raise ValueError(f"size is the side of an image in pixels, at least 1, not {size}")
    data = loader(Request(n, seed, setting, split, size, root))
    if n is not None and n > len(data):
        raise ValueError(
            f"{name!r} has {len(data):,} rows in its {split} split, not {n:,}; leave n out for all"
        )
    if n is not None:
        data = data.rows(0, n)
    return replace(data, x=padded(data.x, size)) if size is not None and name in _PADDED else data


def _loader(name: str, root: str | os.PathLike[str] | None) -> Callable[[Request], Resident]:
    if name in _LOADERS:
        return _LOADERS[name]
    from gan_course.data import imported

    own = imported.sizes(root)
    if name not in own:
        raise ValueError(
            f"unknown data set {name!r}; known: {', '.join([*NAMES, *(key for key in own if key not in NAMES)])}. "
            f"Your own pictures become one with: gan-course data import FOLDER_OR_ZIP --name NAME --size 64"
        )
    return lambda request: imported.load(name, request.split, request.size, request.root)


def padded(images: Tensor, size: int) -> Tensor:
    """Images (n, channels, height, width) with a black frame: (n, channels, size, size).

    Raises:
        ValueError: x holds no images, or they are larger than `size`, or the frame cannot be equally wide all round.
    """
    if images.dim() != 4:
        raise ValueError(f"size= pads images; this set holds points of shape {tuple(images.shape[1:])}")
    height, width = images.shape[2:]
    if height != width or size < height or (size - height) % 2:
        raise ValueError(f"images of {height}×{width} cannot be padded to {size}×{size} evenly on all sides")
    return pad(images, 4 * [(size - height) // 2])


# Each loader imports what it needs when it is called, so that importing the registry costs nothing.


def _mixture(name: str) -> Callable[[Request], Resident]:
    def load_mixture(request: Request) -> Resident:
        from gan_course.data import toy

        law = {"ring": toy.ring, "grid25": toy.grid25}[name]()
        return law.resident(name, request.rows(50_000, 10_000), request.split_seed)

    return load_mixture


def _swiss_roll(request: Request) -> Resident:
    from gan_course.data import toy

    return toy.swiss_roll(request.rows(50_000, 10_000), request.split_seed)


def _digits(request: Request) -> Resident:
    import torch
    from sklearn.datasets import load_digits

    bunch = load_digits()
    images = (torch.from_numpy(bunch.images) * (255 / 16)).round().to(torch.uint8)[:, None]  # 0..16 -> 0..255
    data = Resident("digits", images, {"label": torch.from_numpy(bunch.target).long()})
    first_test = 1437  # the last fifth; neighbouring rows were written by the same hand, so no shuffling
    return data.rows(0, first_test) if request.split == "train" else data.rows(first_test, len(data))


def _strokes(request: Request) -> Resident:
    from gan_course.data import cache, letterforms, strokes

    arguments = {
        "n": request.rows(60_000, 10_000),
        "seed": request.split_seed,
        "setting": request.setting or "mild",
    }

    def draw() -> dict[str, Tensor]:
        drawn = strokes.draw(**arguments)
        return {"images": drawn.images, **drawn.factors}

    columns = cache.cached("strokes", arguments, (strokes, letterforms), draw)
    return Resident("strokes", columns.pop("images"), columns)


def _faces(request: Request) -> Resident:
    from gan_course.data import cache, faces

    arguments = {
        "n": request.rows(50_000, 10_000),
        "seed": request.split_seed,
        "size": 64 if request.size is None else request.size,
    }

    def draw() -> dict[str, Tensor]:
        drawn = faces.draw(**arguments)
        return {"images": drawn.images, **drawn.factors}

    columns = cache.cached("faces", arguments, (faces, *faces.SOURCES), draw)
    return Resident("faces", columns.pop("images"), columns)


def _real(name: str) -> Callable[[Request], Resident]:
    def load_real(request: Request) -> Resident:
        from gan_course.data import real

        return real.load(name, request.split, request.root)

    return load_real


def _small_photographs(name: str) -> Callable[[Request], Resident]:
    def load_small(request: Request) -> Resident:
        from gan_course.data import cifar

        if request.size not in (None, cifar.SIDE):
            raise ValueError(f"{name!r} has images of 32×32 and no others, not of size {request.size}")
        return cifar.load(name, request.split, request.root)

    return load_small


def _celeba(request: Request) -> Resident:
    from gan_course.data import celeba

    return celeba.load(request.split, request.size, request.root)


_EMBEDDED_LOADERS: dict[str, Callable[[Request], Resident]] = {
    "ring": _mixture("ring"),
    "grid25": _mixture("grid25"),
    "swiss_roll": _swiss_roll,
    "digits": _digits,
    "strokes": _strokes,
    "faces": _faces,
}
_REAL_LOADERS: dict[str, Callable[[Request], Resident]] = {
    "mnist": _real("mnist"),
    "fashion_mnist": _real("fashion_mnist"),
    "cifar10": _small_photographs("cifar10"),
    "svhn": _small_photographs("svhn"),
    "celeba": _celeba,
}
_LOADERS = _EMBEDDED_LOADERS | _REAL_LOADERS
_PADDED = ("ring", "grid25", "swiss_roll", "digits", "strokes", "mnist", "fashion_mnist")  # points: an error

EMBEDDED = tuple(_EMBEDDED_LOADERS)
"""Data sets that work on every machine, without a network."""

REAL = tuple(_REAL_LOADERS)
"""Data sets that are read from files which you download or already have."""

NAMES = (*EMBEDDED, *REAL)
"""All data sets that `load` knows; those that you import come on top."""
