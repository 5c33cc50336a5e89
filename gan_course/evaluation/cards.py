"""Networks that ship with the package: a tensor file, and a card that says what it is and what its bytes must be."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from safetensors.torch import load, save
from torch import nn

CHECKPOINTS = Path(__file__).parent.parent / "checkpoints"


def save_network(name: str, net: nn.Module, facts: dict[str, Any], folder: str | Path = CHECKPOINTS) -> dict:
    """Write NAME_reader.safetensors and its card NAME_reader.json; returns the card.

    facts: what a reader of the card should know (accuracy, data, command ...). The number of bytes and the SHA-256
    of the file are added; all but these two also go into the header of the tensor file.
    """
    content = save(
        {key: tensor.contiguous() for key, tensor in net.state_dict().items()},
        metadata={"card": json.dumps(facts)},  # a single key: the order of several is left to chance
    )
    card = facts | {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    path = Path(folder) / f"{name}_reader.safetensors"
    path.write_bytes(content)
    path.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return card


def load_network(name: str, net: nn.Module, folder: str | Path = CHECKPOINTS) -> dict[str, Any]:
    """Fill `net` with the shipped weights, in evaluation mode and frozen; returns the card.

    Raises:
        FileNotFoundError: there is no such card; the message lists the known ones.
        ValueError: the weights are of another network, or the file is not the one that its card describes.
    """
    card, wanted = oracle_card(name, folder), type(net).__name__
    if (holds := card.get("network", wanted)) != wanted:
        loader = card.get("load", "its own loader")
        raise ValueError(f"{name}_reader.safetensors holds a {holds}, not a {wanted}: use {loader}")
    content = (Path(folder) / f"{name}_reader.safetensors").read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != card["sha256"]:
        raise ValueError(
            f"{name}_reader.safetensors is damaged: its SHA-256 is {found[:12]}…, the card says "
            f"{card['sha256'][:12]}…. Get the file again, or train it with `{card.get('command', 'its study')}`"
        )
    net.load_state_dict(load(content))
    net.eval().requires_grad_(False)
    return card


def oracle_card(name: str = "strokes", folder: str | Path = CHECKPOINTS) -> dict[str, Any]:
    """What is known of a shipped oracle: accuracy, thresholds, answers on junk, data, command, SHA-256.

    Raises:
        FileNotFoundError: there is none; the message lists the known ones.
    """
    path = Path(folder) / f"{name}_reader.json"
    if not path.exists():
        # Stroke digits first, then by name: the course meets them in this order.
        known = sorted(
            (file.stem.removesuffix("_reader") for file in path.parent.glob("*_reader.json")),
            key=lambda one: (one != "strokes", one),
        )
        raise FileNotFoundError(f"no oracle {name!r}; known: {', '.join(known) or 'none'}")
    return json.loads(path.read_text(encoding="utf-8"))
