"""Files of weights that come with the course: a tensor file, and a card that says what it is and what its bytes are."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from safetensors.torch import load, save
from torch import Tensor, nn

CHECKPOINTS = Path(__file__).parent / "checkpoints"


def write(
    stem: str,
    net: nn.Module,
    facts: dict[str, Any],
    folder: str | Path,
    metadata: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Write STEM.safetensors and its card STEM.json; returns the card: the facts, number of bytes and SHA-256.

    metadata: for the header of the tensor file.
    """
    tensors = {key: tensor.contiguous() for key, tensor in net.state_dict().items()}
    content = save(tensors, metadata=metadata)
    card = facts | {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (Path(folder) / f"{stem}.safetensors").write_bytes(content)
    text = json.dumps(card, indent=1, ensure_ascii=False) + "\n"
    (Path(folder) / f"{stem}.json").write_text(text, encoding="utf-8")
    return card


def read_tensors(stem: str, card: dict[str, Any], folder: str | Path) -> dict[str, Tensor]:
    """The tensors of STEM.safetensors.

    Raises:
        ValueError: the file is not the one that its card describes.
    """
    content = (Path(folder) / f"{stem}.safetensors").read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != card["sha256"]:
        raise ValueError(
            f"{stem}.safetensors is damaged: its SHA-256 is {found[:12]}…, the card says {card['sha256'][:12]}…. "
            f"Get the file again, or train it with `{card.get('command', 'its study')}`"
        )
    return load(content)
