"""Trained models that come with the course: small weights, each with a card that tells how they were made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gan_course import shipping
from gan_course.models import catalogue
from gan_course.shipping import CHECKPOINTS
from gan_course.training.game import Game


def shipped_card(name: str, folder: str | Path = CHECKPOINTS) -> dict[str, Any]:
    """What is known of a shipped model: command, data, rounds, seed, seconds, hardware, measures, SHA-256.

    Raises:
        FileNotFoundError: there is none; the message lists the known ones.
    """
    path = Path(folder) / f"{name}.json"
    if not path.exists():
        cards = (file for file in Path(folder).glob("*.json") if "model" in json.loads(file.read_text()))
        known = ", ".join(sorted(file.stem for file in cards))
        raise FileNotFoundError(f"no shipped model {name!r}; known: {known or 'none'}")
    return json.loads(path.read_text(encoding="utf-8"))


def load_shipped(name: str, folder: str | Path = CHECKPOINTS) -> Game:
    """A shipped model, all of its networks in eval mode and frozen; `G` is the averaged generator.

    Raises:
        FileNotFoundError: there is none of that name; the message lists the known ones.
        ValueError: the file is not the one that its card describes.
    """
    card = shipped_card(name, folder)
    game = catalogue.find(card["model"]).build(card["seed"], **card["options"])
    game.load_state_dict(shipping.read_tensors(name, card, folder))
    return game.eval().requires_grad_(False)


def save_shipped(
    name: str, game: Game, facts: dict[str, Any], folder: str | Path = CHECKPOINTS
) -> dict[str, Any]:
    """Write NAME.safetensors and its card NAME.json; returns the card.

    game: with the averaged generator as its `G`. facts: must hold "model", "options", "seed" and "command", from which
    `load_shipped` builds the game and a reader can repeat it. Bytes and SHA-256 are added.
    """
    return shipping.write(name, game, facts, folder)
