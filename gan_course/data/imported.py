"""Your own pictures as a data set: imported once under a name, then loaded by that name without their source.

They lie in `<root>/imported/NAME-SIZE.safetensors`, root being the folder of the real sets. The size is part of the
name of the file: import again for another one.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from torch import Tensor

from gan_course.data import decoding
from gan_course.data.decoding import Decoded
from gan_course.data.pictures import Source
from gan_course.data.real import MissingDataError, root_folder
from gan_course.data.resident import Resident

Root = str | os.PathLike[str] | None
PARTS = {"train": 0, "valid": 1, "test": 2}  # the numbers of CelebA's partition file


def sizes(root: Root = None) -> dict[str, list[int]]:
    """The imported sets by name, each with its sizes in ascending order."""
    found: dict[str, list[int]] = {}
    for path in (root_folder(root) / "imported").glob("*-*.safetensors"):
        name, size = path.stem.rsplit("-", 1)
        if size.isdigit():
            found.setdefault(name, []).append(int(size))
    return {name: sorted(found[name]) for name in sorted(found)}


def path_of(name: str, size: int, root: Root = None) -> Path:
    """The file of an imported set."""
    return root_folder(root) / "imported" / f"{name}-{size}.safetensors"


def import_pictures(
    origin: Source,
    name: str,
    size: int,
    root: Root = None,
    columns: dict[str, Tensor] | None = None,
    *,
    skip_bad: bool = False,
) -> Path:
    """Decode the pictures of a source to size × size and keep them as the set `name`; returns the file.

    columns, skip_bad and further errors: as for `gan_course.data.decoding.write`.

    Raises:
        ValueError: the name is taken by a set of the course, or is not made of lower-case letters, digits and _.
    """
    from gan_course.data.registry import NAMES

    if not re.fullmatch("[a-z][a-z0-9_]*", name):
        raise ValueError(f"{name!r} cannot be a name: take lower-case letters, digits and _, a letter first")
    if name in NAMES and name != "celeba":
        raise ValueError(f"{name!r} is a data set of the course; give yours another name")
    path = path_of(name, size, root)
    decoding.write(path, origin, size, columns, skip_bad=skip_bad)
    return path


def load(name: str, split: str, size: int | None = None, root: Root = None) -> Resident:
    """An imported set: images uint8 (n, 3, size, size), split as `part` says; size may be left out if there is one.

    Raises:
        MissingDataError: no set of this name and size was imported, or its file is damaged.
    """
    known = sizes(root).get(name, [])
    if size is None and len(known) == 1:
        size = known[0]
    if size not in known:
        there = ", ".join(map(str, known)) or "none"
        raise MissingDataError(
            f"{name!r} is imported with the sizes {there}, asked for was {size or 'no size'}. Another size is made "
            f"with: gan-course data import FOLDER_OR_ZIP --name {name} --size {size or 64}"
        )
    return part(name, read(path_of(name, size, root)), split)


def read(path: Path) -> Decoded:
    """The pictures of an imported file.

    Raises:
        MissingDataError: the file is damaged.
    """
    try:
        return decoding.read(path)
    except decoding.DamagedFileError as error:
        raise MissingDataError(f"{error}. Delete it and import the pictures again.") from error


def part(name: str, decoded: Decoded, split: str) -> Resident:
    """The rows of a split, with their columns.

    Rows whose column `split` is 0 are "train", 2 "test" (CelebA's numbers; 1, validation, is in neither). Without that
    column the last tenth of the rows, in the order of their names, is "test".

    Raises:
        MissingDataError: the split is empty.
    """
    n = len(decoded.images)
    columns = dict(decoded.columns)
    numbers = columns.pop("split", None)
    whole = Resident(name, decoded.images, columns)
    if numbers is None:
        first_test = n - max(1, n // 10)
        start, stop = (0, first_test) if split == "train" else (first_test, n)
    else:
        rows = (numbers == PARTS[split]).nonzero()[:, 0]
        start, stop = (int(rows[0]), int(rows[-1]) + 1) if len(rows) else (0, 0)
        if stop - start != len(rows):  # not one block, as in CelebA itself: the rows must be copied
            picked = {key: column[rows] for key, column in columns.items()}
            return Resident(name, decoded.images[rows], picked)
    if start == stop:
        raise MissingDataError(f"{name!r} has {n:,} pictures, none of them in its {split} split")
    return whole.rows(start, stop)
