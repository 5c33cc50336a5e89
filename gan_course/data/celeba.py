"""CelebA, from files on this machine (Z. Liu et al., "Deep Learning Face Attributes in the Wild", ICCV 2015).

Looked for in the folder of the real sets: a set imported as `celeba`; the layout of torchvision, `celeba/
img_align_celeba/*.jpg`; `img_align_celeba` or `img_align_celeba.zip` on their own or inside `celeba` or `Img`. An
explicit root may also be a folder of the aligned pictures or any zip of them. The tables `list_attr_celeba` and
`list_eval_partition`, as .txt or as Kaggle's .csv, are read where they lie: inside the zip, beside the pictures, up to
two folders above, or there in `Anno` and `Eval`.

`load` never downloads. Read FACES_AND_CONSENT.md before you use these pictures.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

import torch
from torch import Tensor

from gan_course.data import decoding, imported, pictures
from gan_course.data.pictures import Source
from gan_course.data.real import MissingDataError, default_root, root_folder
from gan_course.data.resident import Resident

# fmt: off - forty lines would say no more
ATTRIBUTES = (
    "5_o_clock_shadow",
    "arched_eyebrows",
    "attractive",
    "bags_under_eyes",
    "bald",
    "bangs",
    "big_lips",
    "big_nose",
    "black_hair",
    "blond_hair",
    "blurry",
    "brown_hair",
    "bushy_eyebrows",
    "chubby",
    "double_chin",
    "eyeglasses",
    "goatee",
    "gray_hair",
    "heavy_makeup",
    "high_cheekbones",
    "male",
    "mouth_slightly_open",
    "mustache",
    "narrow_eyes",
    "no_beard",
    "oval_face",
    "pale_skin",
    "pointy_nose",
    "receding_hairline",
    "rosy_cheeks",
    "sideburns",
    "smiling",
    "straight_hair",
    "wavy_hair",
    "wearing_earrings",
    "wearing_hat",
    "wearing_lipstick",
    "wearing_necklace",
    "wearing_necktie",
    "young",
)
# fmt: on
"""The 40 attributes in the order of the published table, in lower case."""

SUFFIXES = (".jpg", ".jpeg", ".png")
INNER = ("celeba/img_align_celeba", "img_align_celeba", "Img/img_align_celeba")  # folders, or zips with .zip
SIZE = 64  # pixels, where none is asked for
PAGE = "http://mmlab.ie.cuhk.edu.hk/projects/CelebA.html"


def load(split: str = "train", size: int | None = None, root: imported.Root = None) -> Resident:
    """Aligned faces as uint8 (n, 3, size, size), cut to the middle 178×178 of 178×218 and resized; 64 by default.

    With the table of attributes: 40 columns of 0 and 1, int64, named as in `ATTRIBUTES`, and `beard` = 1 - `no_beard`.
    split: "train" or "test" of the published partition (its validation part is in neither); without that file the
    last tenth by name is the test split. The first call decodes, later ones read the cache.

    Raises:
        MissingDataError: no pictures are found; the message says where to get them. Or tables do not fit them.
        gan_course.data.decoding.BadPicturesError: some are no intact pictures.
    """
    size = size or SIZE
    ready = imported.path_of("celeba", size, root)
    if ready.exists():
        decoded = imported.read(ready)
    else:
        origin = find(root)
        decoded = decoding.cached(origin, size, annotations(origin))
    data = imported.part("celeba", decoded, split)
    if "attributes" not in data.columns:
        return data
    columns = dict(zip(ATTRIBUTES, data.columns["attributes"].long().unbind(1), strict=True))
    return Resident("celeba", data.x, columns | {"beard": 1 - columns["no_beard"]})


def import_celeba(path: str | os.PathLike[str], size: int, root: imported.Root, *, skip_bad: bool) -> Path:
    """Keep the CelebA that is at `path` as an imported set, so that `load` works without its source.

    skip_bad: use the intact pictures that are there, though some are damaged or missing. Errors: as for `load`.
    """
    origin = find(path)
    columns = annotations(origin, incomplete=skip_bad)
    return imported.import_pictures(origin, "celeba", size, root, columns, skip_bad=skip_bad)


def find(root: imported.Root = None) -> Source:
    """The aligned pictures under a root.

    Raises:
        MissingDataError: there are none.
    """
    base = root_folder(root)
    places = [base / inner for inner in INNER]
    places += [place / "img_align_celeba" for place in places]  # as Kaggle's archive unpacks
    places += [place.with_name(place.name + ".zip") for place in places]
    if root is not None:
        places.append(base)  # pictures as such: only where the reader pointed at them
    for place in places:
        if place.is_file() or (place.is_dir() and any(map(_is_picture, os.listdir(place)))):
            try:
                origin = pictures.source(place).keep(_is_picture)
            except ValueError as error:  # a zip that is cut short
                raise MissingDataError(str(error)) from error
            if origin.names:
                return origin
    raise MissingDataError(_instructions(base))


def _is_picture(name: str) -> bool:
    return name.lower().endswith(SUFFIXES)


def _instructions(base: Path) -> str:
    return (
        f"celeba is not ready: no aligned pictures under {base}. Three ways to get them:\n"
        f"  1. gan-course data download celeba (needs `pip install gdown`; its host often refuses)\n"
        f"  2. get img_align_celeba.zip, list_attr_celeba.txt and list_eval_partition.txt from {PAGE}\n"
        f"     (or from a copy, such as Kaggle's) and put them into {default_root() / 'celeba'}\n"
        "  3. if you have them elsewhere: gan-course data import FOLDER_OR_ZIP --name celeba --size 64\n"
        "CelebA is for non-commercial research only, and its pictures must not be passed on.\n"
        'load("faces") gives drawn faces with known attributes, now and without a network.'
    )


# Tables -----------------------------------------------------------------------------------------------------


def annotations(origin: Source, *, incomplete: bool = False) -> dict[str, Tensor]:
    """`attributes` (n, 40) of 0 and 1 and `split` (n,) of 0, 1, 2 as uint8, for those tables that are there.

    Rows are matched by the name of the picture without its ending. incomplete: tables may have rows without a picture.

    Raises:
        MissingDataError: a table is damaged, has other columns, or its rows and the pictures do not match.
    """
    stems = [PurePosixPath(name).stem for name in origin.names]
    if len(set(stems)) < len(stems):
        twice = next(stem for stem in stems if stems.count(stem) > 1)
        raise MissingDataError(f"{origin.path} holds more than one picture named {twice}")
    columns = {}
    if table := _find_table(origin, "list_attr_celeba"):
        columns["attributes"] = _attributes(*table, stems, incomplete)
    if table := _find_table(origin, "list_eval_partition"):
        _, rows = _parse(*table)
        columns["split"] = _matched(rows, stems, table[1], {"0": 0, "1": 1, "2": 2}, incomplete)[:, 0]
    return columns


def _find_table(origin: Source, name: str) -> tuple[str, str] | None:
    """The text of a table and where it is; None if there is none."""
    files = (f"{name}.txt", f"{name}.csv")
    if origin.path.is_file():
        everything = pictures.source(origin.path)
        for inner in everything.names:
            if PurePosixPath(inner).name in files:
                with everything.opened() as read:
                    return read(inner).decode(), f"{inner} in {origin.path}"
    above = origin.path.resolve().parents[:2]
    folders = [origin.path, *above] if origin.path.is_dir() else above
    for folder in folders:
        for inner in (".", "Anno", "Eval"):
            for file in files:
                if (path := folder / inner / file).is_file():
                    return path.read_text(encoding="utf-8"), str(path)
    return None


def _parse(text: str, where: str) -> tuple[list[str], dict[str, list[str]]]:
    """Names of the columns (none in the partition's .txt) and the cells of every row by the stem of its picture."""
    lines = [line.replace(",", " ").split() for line in text.splitlines() if line.strip()]
    stated = int(lines.pop(0)[0]) if lines and len(lines[0]) == 1 and lines[0][0].isdigit() else None
    header = lines.pop(0) if lines and not _is_picture(lines[0][0]) else []
    rows = {PurePosixPath(name).stem: cells for name, *cells in lines}
    if stated not in (None, len(lines)):
        raise MissingDataError(f"{where} announces {stated:,} rows in its first line, but has {len(lines):,}")
    if len(rows) < len(lines):
        raise MissingDataError(f"{where} has several rows for the same picture")
    return [name.lower() for name in header if name.lower() != "image_id"], rows


def _attributes(text: str, where: str, stems: list[str], incomplete: bool) -> Tensor:
    header, rows = _parse(text, where)
    if sorted(header) != sorted(ATTRIBUTES):
        odd = sorted(set(header) ^ set(ATTRIBUTES))
        raise MissingDataError(
            f"{where} has {len(header)} columns, not the 40 attributes of CelebA: {', '.join(odd[:5])} is missing, "
            "unknown or there twice"
        )
    values = _matched(rows, stems, where, {"-1": 0, "0": 0, "1": 1}, incomplete, len(header))
    return values[:, [header.index(name) for name in ATTRIBUTES]]


def _matched(
    rows: dict[str, list[str]],
    stems: list[str],
    where: str,
    meaning: dict[str, int],
    incomplete: bool,
    width: int = 1,
) -> Tensor:
    """The cells of the rows of these pictures, in the order of the pictures: uint8 (n, width)."""
    if missing := [stem for stem in stems if stem not in rows]:
        raise MissingDataError(f"{where} has no row for {_some(missing)} of {len(stems):,} pictures")
    if not incomplete and len(rows) > len(stems):
        known = set(stems)
        raise MissingDataError(
            f"{where} has {len(rows):,} rows, but there are {len(stems):,} pictures: missing are "
            f"{_some(stem for stem in rows if stem not in known)}. Is everything unpacked? To use what is there: "
            "gan-course data import FOLDER_OR_ZIP --name celeba --size 64 --skip-bad"
        )
    chosen = [rows[stem] for stem in stems]
    valid = meaning.keys()
    fits = [len(cells) == width and set(cells) <= valid for cells in chosen]
    if bad := [stem for stem, fit in zip(stems, fits, strict=True) if not fit]:
        raise MissingDataError(
            f"{where}: a row must hold {width} values, each one of {', '.join(valid)}; wrong are {_some(bad)}"
        )
    return torch.tensor([[meaning[cell] for cell in cells] for cells in chosen], dtype=torch.uint8)


def _some(names: Iterable[str]) -> str:
    names = list(names)
    return ", ".join(names[:5]) + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")


# Fetching ---------------------------------------------------------------------------------------------------


def download(root: imported.Root = None, report: Callable[[str], None] = print) -> Path:
    """Fetch CelebA with torchvision (1.4 GB, MD5 sums verified), unless pictures are there; returns their place.

    Raises:
        ConnectionError: it could not be fetched; the message says how to do it by hand.
    """
    base = root_folder(root)
    try:
        place = find(root).path
        report(f"celeba is already in {place}")
        return place
    except MissingDataError:
        pass
    from torchvision.datasets import CelebA

    try:
        CelebA(base, split="all", download=True)
    except Exception as error:  # no network, no gdown, or the host's quota: each has its own kind of error
        raise ConnectionError(f"could not download celeba: {error}\n{_instructions(base)}") from error
    place = find(root).path
    report(f'celeba is now in {place}. The first load("celeba") decodes it, which takes some minutes.')
    return place
