"""Picture files: what a folder or a zip holds, and the square that is made of one picture."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "PPM")  # none that starts another program


@dataclass(frozen=True)
class Source:
    """The files of a folder or a zip. names: relative, with "/", sorted; marks: what changes when a file does.

    A mark is (size, time of change) in a folder, (size, CRC-32) in a zip. Hidden files are left out.
    """

    path: Path
    names: tuple[str, ...]
    marks: tuple[tuple[int, int], ...]

    def keep(self, wanted: Callable[[str], bool]) -> Source:
        """The same source with fewer files."""
        kept = [pair for pair in zip(self.names, self.marks, strict=True) if wanted(pair[0])]
        return Source(self.path, tuple(name for name, _ in kept), tuple(mark for _, mark in kept))

    @contextmanager
    def opened(self) -> Iterator[Callable[[str], bytes]]:
        """A function from the name of a file to its content; threads may share it."""
        if self.path.is_dir():
            yield lambda name: (self.path / name).read_bytes()
        else:
            with zipfile.ZipFile(self.path) as archive:
                yield archive.read


def source(path: str | os.PathLike[str]) -> Source:
    """The files in a folder or a zip, those of inner folders too.

    Raises:
        FileNotFoundError: there is no such folder or file.
        ValueError: it is a file, but no zip.
    """
    path = Path(path).expanduser()
    marks: dict[str, tuple[int, int]] = {}
    if path.is_dir():
        for found in path.rglob("*"):
            if found.is_file():
                facts = found.stat()
                marks[found.relative_to(path).as_posix()] = (facts.st_size, facts.st_mtime_ns)
    elif not path.exists():
        raise FileNotFoundError(f"{path} does not exist; give a folder or a zip of pictures")
    elif not zipfile.is_zipfile(path):
        raise ValueError(f"{path} is neither a folder nor an intact zip; give one of the two")
    else:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if not entry.is_dir():
                    marks[entry.filename] = (entry.file_size, entry.CRC)
    names = sorted(name for name in marks if not _hidden(name))
    return Source(path, tuple(names), tuple(marks[name] for name in names))


def _hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return parts[0] == "__MACOSX" or any(part.startswith(".") and part != ".." for part in parts)


def square(content: bytes, size: int) -> np.ndarray:
    """The picture in a file: uint8 (3, size, size), upright, RGB.

    Of a picture that is not square the middle stays: 178×218 loses 20 rows above and 20 below. It is resized by
    bilinear interpolation, with a wider kernel for shrinking, so that every pixel counts. Transparent areas become
    white, 16-bit grey becomes 8-bit.

    Raises:
        Exception: what the decoder says of a file that is no intact picture.
    """
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        # A large JPEG is decoded at a fraction of its size, still at least four times what is needed.
        picture.draft("RGB", (4 * size, 4 * size))
        ImageOps.exif_transpose(picture, in_place=True)
        picture = rgb(picture)
    side = min(picture.size)
    left, top = ((length - side) // 2 for length in picture.size)
    picture = picture.crop(
        (left, top, left + side, top + side)
    )  # `resize(box=...)` would look beyond the box
    picture = picture.resize((size, size), Image.Resampling.BILINEAR)
    return np.ascontiguousarray(np.asarray(picture).transpose(2, 0, 1))


def rgb(picture: Image.Image) -> Image.Image:
    """The picture with three channels of 8 bits. Raises ValueError for floating-point pixels."""
    if picture.mode.startswith("I"):  # 16 bits of grey, which PIL's own conversion would cut off at 255
        grey = np.asarray(picture).astype(np.int64).clip(0, 65_535) // 257
        return Image.fromarray(grey.astype(np.uint8)).convert("RGB")
    if picture.mode == "F":
        raise ValueError("floating-point pixels have no fixed range")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    return picture.convert("RGB")
