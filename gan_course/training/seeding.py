"""Random numbers that depend on the seed alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Run a block with torch's global random state set to `seed`, and put the old state back afterwards.

    Use it around the construction of networks: their initial weights then depend on the seed and on nothing
    that ran before.
    """
    devices = list(range(torch.cuda.device_count()))
    with torch.random.fork_rng(devices=devices):
        torch.manual_seed(seed)
        yield


def generator(seed: int, device: torch.device | str = "cpu") -> torch.Generator:
    """A random source of its own, seeded; every draw of the course takes one of these as `rng`."""
    return torch.Generator(device).manual_seed(seed)
