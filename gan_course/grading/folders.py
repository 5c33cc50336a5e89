"""Folders and JSON files that are replaced in one step: a reader, or a crash, never meets half of one."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any


def replace_folder(new: Path, target: Path) -> None:
    """Move the folder `new` to the place of `target`, which may exist; both lie on one disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    bring_back(target)
    former = _former(target)
    shutil.rmtree(former, ignore_errors=True)
    if target.exists():
        os.replace(target, former)
    os.replace(new, target)
    shutil.rmtree(former, ignore_errors=True)


def bring_back(target: Path) -> None:
    """Undo a replacement that was interrupted between its two renamings."""
    if _former(target).exists() and not target.exists():
        os.replace(_former(target), target)


def _former(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")


def contents(folder: Path) -> dict[str, str]:
    """What a folder holds: the path of each file in it -> its fingerprint."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): fingerprint(path) for path in files}


def fingerprint(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_json(path: Path) -> dict[str, Any]:
    """The dictionary in a JSON file; empty if there is no such file, or a broken one."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_json(path: Path, facts: dict[str, Any]) -> None:
    """Replace a JSON file; its folder is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    text = json.dumps(facts, indent=1, ensure_ascii=False) + "\n"
    # Half a surrogate pair cannot be written, but its backslash escape can, and means the same in JSON.
    beside.write_text(text, encoding="utf-8", errors="backslashreplace")
    os.replace(beside, path)
