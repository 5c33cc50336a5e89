"""All pictures of a folder or zip as one uint8 tensor (n, 3, size, size), decoded once and kept in a file.

Rows lie in the order of the names and are written as they are decoded, so memory holds one batch, and an interrupted
run goes on where it stopped. The finished file is in the safetensors format, with the names of the pictures beside the
pixels and its SHA-256 in a file of its own; it is read by mapping it into memory.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import warnings
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
import PIL
import torch
from filelock import FileLock
from PIL import UnidentifiedImageError
from safetensors import SafetensorError, safe_open
from torch import Tensor
from tqdm import tqdm

from gan_course.data import cache, pictures
from gan_course.data.pictures import Source

BATCH = 256  # pictures in memory at a time
HEADER = 16 * 1024  # bytes reserved at the start of a file for its table of contents
LISTED = 10  # names in a message


class BadPicturesError(ValueError):
    """Some files are no intact pictures; the message names them."""


class DamagedFileError(ValueError):
    """A file of decoded pictures is not what was written."""


@dataclass(frozen=True)
class Decoded:
    """Decoded pictures: images uint8 (n, 3, size, size), their names, uint8 columns (n, ...), and how many were bad."""

    images: Tensor
    names: list[str]
    columns: dict[str, Tensor] = field(default_factory=dict)
    skipped: int = 0


def cached(origin: Source, size: int, columns: Mapping[str, Tensor] | None = None) -> Decoded:
    """All pictures of a source, from the cache where they were decoded before; arguments and errors as for `write`."""
    path = cache.folder() / "pictures" / f"{key(origin, size, columns or {})}.safetensors"
    write(path, origin, size, columns)
    try:
        return read(path)
    except DamagedFileError as error:
        warnings.warn(f"{error}. It is decoded again.", stacklevel=2)
        path.unlink()
        write(path, origin, size, columns)
        return read(path)


def key(origin: Source, size: int, columns: Mapping[str, Tensor]) -> str:
    """A name for the outcome: it changes with the files, the size, the columns and the code that decodes."""
    code = [inspect.getsource(function) for function in (pictures.square, pictures.rgb)]
    listing = [origin.names, origin.marks, size, code, PIL.__version__]
    digest = hashlib.sha256(json.dumps(listing).encode())
    for name, column in sorted(columns.items()):
        digest.update(name.encode() + column.numpy().tobytes())
    return digest.hexdigest()[:16]


def write(
    path: Path,
    origin: Source,
    size: int,
    columns: Mapping[str, Tensor] | None = None,
    *,
    skip_bad: bool = False,
) -> None:
    """Decode all pictures of a source into the file `path`, unless it holds just these already.

    columns: uint8 tensors with one row per file of the source, kept beside the pixels. skip_bad: leave out files that
    are no intact pictures. Interrupted, it goes on where it stopped when it is called again. Two processes that want
    the same file wait for each other.

    Raises:
        BadPicturesError: files are no intact pictures and `skip_bad` is not set, or there is no picture at all.
        ValueError: size is not positive.
        OSError: the folder cannot be written, or the disk is full.
    """
    if size < 1:
        raise ValueError(f"size is the side of the pictures in pixels, at least 1, not {size}")
    if not origin.names:
        raise BadPicturesError(f"{origin.path} holds no pictures")
    columns = columns or {}
    identity = key(origin, size, columns)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(_beside(path, ".lock")):
        if _holds(path, identity):
            return
        bad = _decode(path, origin, size, identity)
        if len(bad) == len(origin.names) or (bad and not skip_bad):
            raise BadPicturesError(_complaint(origin, bad))
        _finish(path, origin, size, identity, columns, bad)


def _decode(path: Path, origin: Source, size: int, identity: str) -> dict[str, str]:
    """Write the rows of all good pictures into the unfinished file; returns what is wrong with the others."""
    unfinished, progress = _beside(path, ".unfinished"), _beside(path, ".progress")
    row_bytes = 3 * size * size
    done, bad = _progress(progress, unfinished, identity, row_bytes)
    names = iter(origin.names[done:])
    with (
        open(unfinished, "r+b" if done else "w+b") as file,
        origin.opened() as read,
        ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool,  # decoders release the interpreter lock
        tqdm(
            total=len(origin.names),
            initial=done,
            desc=f"decoding {origin.path.name}",
            unit="pictures",
            **({"disable": True} if "GAN_COURSE_PROFILE" in os.environ else {}),  # headless runs stay quiet
        ) as bar,
    ):
        # What was written after the last note of progress is dropped.
        file.truncate(HEADER + (done - len(bad)) * row_bytes)
        file.seek(0, os.SEEK_END)
        while batch := list(islice(names, BATCH)):
            rows = pool.map(lambda name: _attempt(read, name, size), batch)
            for name, row in zip(batch, rows, strict=True):
                if isinstance(row, str):
                    bad[name] = row
                else:
                    file.write(row.tobytes())
            file.flush()
            done += len(batch)
            _replace(progress, json.dumps({"key": identity, "done": done, "bad": bad}))
            bar.update(len(batch))
    return bad


def _progress(progress: Path, unfinished: Path, identity: str, row_bytes: int) -> tuple[int, dict[str, str]]:
    """How many files are done, and the bad ones among them; nothing, if that was another source or size."""
    try:
        note = json.loads(progress.read_text(encoding="utf-8"))
        done, bad = note["done"], note["bad"]
        enough = unfinished.stat().st_size >= HEADER + (done - len(bad)) * row_bytes
    except (OSError, ValueError, KeyError):
        return 0, {}
    return (done, bad) if note["key"] == identity and enough else (0, {})


def _attempt(read: Callable[[str], bytes], name: str, size: int) -> np.ndarray | str:
    """The pixels, or what is wrong with the file."""
    try:
        return pictures.square(read(name), size)
    except UnidentifiedImageError:
        return "not a picture"
    except Exception as error:  # decoders raise many kinds on damaged files
        return str(error) or type(error).__name__


def _complaint(origin: Source, bad: Mapping[str, str]) -> str:
    some = "\n".join(f"  {name}: {reason}" for name, reason in islice(bad.items(), LISTED))
    more = f"\n  and {len(bad) - LISTED:,} more" if len(bad) > LISTED else ""
    if len(bad) == len(origin.names):
        return f"{origin.path} holds no intact picture:\n{some}{more}"
    return (
        f"{len(bad):,} of {len(origin.names):,} files in {origin.path} are no intact pictures:\n{some}{more}\n"
        "Replace or remove them, or leave them out: gan-course data import FOLDER_OR_ZIP --skip-bad ... (in Python: "
        "skip_bad=True). What is decoded so far is kept."
    )


# The file ---------------------------------------------------------------------------------------------------


def _finish(
    path: Path,
    origin: Source,
    size: int,
    identity: str,
    columns: Mapping[str, Tensor],
    bad: Mapping[str, str],
) -> None:
    """Add names, columns and the table of contents to the rows, and give the file its name.

    This is the safetensors format: eight bytes with the length of a JSON table (filled up with spaces to its reserved
    length), the table, then the values. Its own writer wants all values in memory.
    """
    unfinished = _beside(path, ".unfinished")
    good = torch.tensor([name not in bad for name in origin.names])
    names = "\0".join(name for name in origin.names if name not in bad).encode(errors="surrogateescape")
    parts = {key: column[good].contiguous() for key, column in sorted(columns.items())}
    parts["names"] = torch.frombuffer(bytearray(names), dtype=torch.uint8)
    n, row_bytes = int(good.sum()), 3 * size * size
    table = {
        "__metadata__": {"key": identity, "skipped": str(len(bad))},
        "images": {"dtype": "U8", "shape": [n, 3, size, size], "data_offsets": [0, n * row_bytes]},
    }
    with open(unfinished, "r+b") as file:
        file.seek(end := HEADER + n * row_bytes)
        for name, part in parts.items():
            file.write(part.numpy().tobytes())
            offsets = [end - HEADER, (end := end + part.numel()) - HEADER]
            table[name] = {"dtype": "U8", "shape": list(part.shape), "data_offsets": offsets}
        file.truncate()
        file.seek(0)
        file.write((HEADER - 8).to_bytes(8, "little") + json.dumps(table).encode().ljust(HEADER - 8))
    # The checksum first: data on disk always have one, and an interruption in between leaves a mismatch.
    _replace(_beside(path, ".sha256"), _checksum(unfinished))
    os.replace(unfinished, path)
    _beside(path, ".progress").unlink(missing_ok=True)


def read(path: Path) -> Decoded:
    """The pictures in a file that `write` made, mapped into memory: only rows that are used take room.

    Raises:
        FileNotFoundError: there is no such file.
        DamagedFileError: its SHA-256 is not that of the file that was written.
    """
    expected = _beside(path, ".sha256")
    if not expected.exists() or _checksum(path) != expected.read_text():
        raise DamagedFileError(f"{path} is damaged: its checksum does not match")
    with safe_open(path, framework="pt") as file:
        columns = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dict
        skipped = int(file.metadata()["skipped"])
    images, names = columns.pop("images"), columns.pop("names")
    decoded_names = names.numpy().tobytes().decode(errors="surrogateescape").split("\0")
    return Decoded(images, decoded_names, columns, skipped)


def _holds(path: Path, identity: str) -> bool:
    try:
        with safe_open(path, framework="pt") as file:
            return file.metadata()["key"] == identity
    except (OSError, SafetensorError):
        return False


def _checksum(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _replace(path: Path, text: str) -> None:
    """Write a small file so that it is never seen half."""
    temporary = _beside(path, ".new")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)
