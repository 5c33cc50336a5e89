"""Checkpoints that hold all a run needs to go on as if it had never stopped.

The checkpoint after round R is three files in one folder:

    weights-R.safetensors  the networks with their buffers, and the averaged generator: all that sampling needs
    state-R.pt             all else: optimisers, random states, history, settings
    checkpoint-R.sha256    the checksums of the two, written last: a checkpoint without it does not exist

`sha256sum --check checkpoint-R.sha256` verifies one by hand. Both files carry the number of their format. Reading
them runs no code, whoever wrote them.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
import re
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

FORMAT = 1  # of the files; a reader of this version reads all smaller numbers, too
NETWORKS = ("game", "ema")  # what of a state goes into the file of weights
KEPT = 2  # checkpoints in a folder: the newest, and the one to fall back on

T = TypeVar("T")
Networks = dict[str, dict[str, Tensor]]


class DamagedError(ValueError):
    """A file of a checkpoint is missing, cut short, altered, or no such file at all."""


def _tensors(state: Any) -> list[Tensor]:
    """Every tensor in a nest of dicts, lists and tuples."""
    if isinstance(state, Tensor):
        return [state]
    children = state.values() if isinstance(state, dict) else state if isinstance(state, list | tuple) else ()
    return [tensor for child in children for tensor in _tensors(child)]


def save(rounds: int, state: dict[str, Any], folder: str | Path, keep: Sequence[int] = ()) -> None:
    """Write the state after so many rounds; state["game"] and state["ema"] are the networks, by parameter name.

    keep: rounds of earlier checkpoints of the same run. The last `KEPT` - 1 of them stay, all others in the folder are
    deleted, but only when the new one is complete.

    Raises:
        FloatingPointError: a tensor holds a value that is not finite. Nothing is written.
        OSError: it could not be written (disk full); what was there before is intact.
    """
    if not all(torch.isfinite(tensor).all() for tensor in _tensors(state) if tensor.is_floating_point()):
        raise FloatingPointError(
            "the run holds values that are not finite; the checkpoint was not written and the previous one, if "
            "any, is intact. Try a smaller learning rate, a gradient penalty, or precision='fp32'."
        )
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    weights, rest = _names(rounds)
    contents = {weights: _pack_networks(state, rounds), rest: _pack_rest(state)}
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in contents.items())
    for name, content in (contents | {_sums(rounds): sums.encode()}).items():
        write(folder / name, content)
    _prune(folder, [*keep, rounds][-KEPT:])


def load(folder: str | Path) -> dict[str, Any]:
    """The newest intact state in `folder`, on the CPU.

    Warns (UserWarning): a newer one is damaged; the message says what is wrong with it and what is lost.

    Raises:
        FileNotFoundError: no checkpoint in that folder.
        ValueError: none is intact, or they were written by a newer version of the course.
    """

    def read(rounds: int, contents: Callable[[str], bytes]) -> dict[str, Any]:
        weights, rest = _names(rounds)
        networks = _unpack_networks(contents(weights))
        return networks | _unpack_rest(contents(rest))

    return _newest(Path(folder), read)


def load_networks(folder: str | Path) -> tuple[int, Networks]:
    """The newest intact weights in `folder`, on the CPU, and the round they are of. Warns and raises as `load`."""
    return _newest(
        Path(folder), lambda rounds, contents: (rounds, _unpack_networks(contents(_names(rounds)[0])))
    )


def write(path: Path, content: bytes) -> None:
    """Write a file so that after a crash at any moment it is complete, or as it was before.

    Raises:
        OSError: it could not be written. No half of it is left.
    """
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def _names(rounds: int) -> tuple[str, str]:
    return f"weights-{rounds:06d}.safetensors", f"state-{rounds:06d}.pt"


def _sums(rounds: int) -> str:
    return f"checkpoint-{rounds:06d}.sha256"


def _rounds(path: Path) -> int | None:
    """The round in the name of one of our files; None for any other file."""
    found = re.fullmatch(
        r"(?:weights|state|checkpoint)-(\d+)\.(?:safetensors|pt|sha256)(?:\.partial)?", path.name
    )
    return int(found[1]) if found else None


def _prune(folder: Path, keep: Sequence[int]) -> None:
    """Delete all checkpoints but those of the rounds in `keep`, and what interrupted writing left."""
    old = [path for path in folder.iterdir() if _rounds(path) not in (None, *keep)]
    for path in sorted(old):  # checkpoint-… before state-… and weights-…: half a checkpoint has no checksums
        path.unlink(missing_ok=True)


def _newest(folder: Path, read: Callable[[int, Callable[[str], bytes]], T]) -> T:
    """What `read` makes of the newest checkpoint that it can read.

    `read` gets the round, and a function from the name of a file to its content, checked.
    """
    every = sorted((_rounds(path) or 0 for path in folder.glob("checkpoint-*.sha256")), reverse=True)
    if not every:
        raise FileNotFoundError(
            f"no checkpoint in {folder}: train with folder=... first, or drop resume=True"
        )
    damages = []
    for rounds in every:
        try:
            result = read(rounds, lambda name, rounds=rounds: _checked(folder, rounds, name))
        except DamagedError as error:
            damages.append(f"the checkpoint of round {rounds:,} is damaged ({error})")
            continue
        if damages:
            warnings.warn(
                f"{'; '.join(damages)}. The one of round {rounds:,} is intact and is used instead: "
                f"{every[0] - rounds:,} rounds are lost.",
                stacklevel=3,
            )
        return result
    raise ValueError(f"no checkpoint in {folder} is intact: {'; '.join(damages)}. Train again.")


def _checked(folder: Path, rounds: int, name: str) -> bytes:
    """The content of a file of a checkpoint, after comparison with its checksum."""
    try:
        lines = (folder / _sums(rounds)).read_text(encoding="utf-8", errors="replace").splitlines()
        content = (folder / name).read_bytes()
    except FileNotFoundError as error:
        raise DamagedError(f"{Path(error.filename).name} is missing") from None
    expected = dict(reversed(line.split("  ", 1)) for line in lines if "  " in line)
    if hashlib.sha256(content).hexdigest() != expected.get(name):
        raise DamagedError(f"{name}, {len(content):,} bytes, does not have the checksum it was written with")
    return content


def _pack_networks(state: dict[str, Any], rounds: int) -> bytes:
    tensors = {
        # a copy each: the format knows no tensors that share memory
        f"{name}/{key}": tensor.detach().to("cpu", copy=True, memory_format=torch.contiguous_format)
        for name in NETWORKS
        for key, tensor in state.get(name, {}).items()
    }
    # a single key: the order of several is left to chance
    return save_tensors(tensors, metadata={"card": json.dumps({"format": FORMAT, "round": rounds})})


def _unpack_networks(content: bytes) -> Networks:
    try:
        tensors = load_tensors(content)
        header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
        written_as = json.loads(header["__metadata__"]["card"])["format"]
    except (SafetensorError, KeyError, ValueError) as error:
        raise DamagedError(f"its weights are in no format of the course: {error}") from None
    _refuse_newer(written_as)
    networks: Networks = {name: {} for name in NETWORKS}
    for path, tensor in tensors.items():
        name, _, key = path.partition("/")
        networks.setdefault(name, {})[key] = tensor
    return networks


def _pack_rest(state: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    torch.save(
        {"format": FORMAT} | {key: value for key, value in state.items() if key not in NETWORKS}, buffer
    )
    return buffer.getvalue()


def _unpack_rest(content: bytes) -> dict[str, Any]:
    try:
        rest = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
        written_as = rest.pop("format")
    except (pickle.UnpicklingError, RuntimeError, EOFError, AttributeError, KeyError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DamagedError(f"its state is no state of a run: {reason}") from None
    _refuse_newer(written_as)
    return rest


def _refuse_newer(written_as: int) -> None:
    if written_as > FORMAT:
        raise ValueError(
            f"this checkpoint has format {written_as}, this version of gan_course reads up to {FORMAT}: update it"
        )
