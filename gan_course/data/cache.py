"""A disk cache for drawn data: the first call draws, later calls read the same pixels.

A file is found again only if everything that could change a pixel is unchanged: the arguments, the source code that
draws, and the version of torch. It is read only if its SHA-256 still matches. You may delete the folder at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from safetensors.torch import load, save
from torch import Tensor

Columns = dict[str, Tensor]


def folder() -> Path:
    """Where the course keeps files: $GAN_COURSE_CACHE, or `gan_course` in the cache folder of the system.

    That is %LOCALAPPDATA% on Windows, elsewhere $XDG_CACHE_HOME or ~/.cache. The folder need not exist yet.
    """
    if own := os.environ.get("GAN_COURSE_CACHE"):
        return Path(own).expanduser()
    system = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
    return (Path(system) if system else Path.home() / ".cache") / "gan_course"


def cached(
    name: str, arguments: Mapping[str, Any], sources: Iterable[ModuleType], draw: Callable[[], Columns]
) -> Columns:
    """The tensors of `draw()`, by name in alphabetical order, read from disk where they were drawn before.

    name: the data set, for file names and messages. arguments: all that the drawing depends on, as plain values.
    sources: the modules that draw; a change of their code draws anew.

    Warns (UserWarning): a file was damaged and is drawn again, or the folder cannot be written; the data are right
    in both cases.
    """
    path = folder() / "drawn" / f"{name}-{_key(arguments, sources)}.safetensors"
    columns = _read(path)
    if columns is None:
        columns = {key: column.contiguous() for key, column in draw().items()}
        _write(path, columns)
    return dict(sorted(columns.items()))


def _key(arguments: Mapping[str, Any], sources: Iterable[ModuleType]) -> str:
    code = [hashlib.sha256(Path(str(module.__file__)).read_bytes()).hexdigest() for module in sources]
    facts = json.dumps([dict(arguments), code, torch.__version__], sort_keys=True)
    return hashlib.sha256(facts.encode()).hexdigest()[:16]


def _checksum_path(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


def _read(path: Path) -> Columns | None:
    """The tensors in the file; None if there is no file, or if it is damaged (with a warning)."""
    try:
        content = path.read_bytes()
        expected = _checksum_path(path).read_text()
    except OSError:
        return None
    if hashlib.sha256(content).hexdigest() != expected:
        warnings.warn(f"{path} is damaged: its checksum does not match. It is drawn again.", stacklevel=3)
        return None
    return load(content)


def _write(path: Path, columns: Columns) -> None:
    content = save(columns)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The checksum first: data on disk always have one, and an interruption in between leaves a mismatch.
        _replace(_checksum_path(path), hashlib.sha256(content).hexdigest().encode())
        _replace(path, content)
    except OSError as error:
        warnings.warn(
            f"cannot keep drawn data in {path.parent} ({error}); they will be drawn each time. Set GAN_COURSE_CACHE "
            "to a folder that you can write to.",
            stacklevel=3,
        )


def _replace(path: Path, content: bytes) -> None:
    """Write a file so that other processes see all of it or nothing."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
