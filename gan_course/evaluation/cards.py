"""Networks that ship with the package: a tensor file, and a card that says what it is and what its bytes must be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from torch import nn

from gan_course import shipping
from gan_course.shipping import CHECKPOINTS


def save_network(name: str, net: nn.Module, facts: dict[str, Any], folder: str | Path = CHECKPOINTS) -> dict:
    """Write NAME_reader.safetensors and its card NAME_reader.json; returns the card.

    facts: what a reader of the card should know (accuracy, data, command ...). The number of bytes and the SHA-256
    of the file are added; all but these two also go into the header of the tensor file.
    """
    metadata = {"card": json.dumps(facts)}  # a single key: the order of several is left to chance
    return shipping.write(f"{name}_reader", net, facts, folder, metadata)


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
    net.load_state_dict(shipping.read_tensors(f"{name}_reader", card, folder))
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
