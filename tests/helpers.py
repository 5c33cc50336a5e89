"""Small games and data that several tests train."""

from __future__ import annotations

import nbformat
import torch
from torch import nn

from gan_course.clean import NOTEBOOK_METADATA
from gan_course.data import toy
from gan_course.data.resident import Resident
from gan_course.models.vanilla import VanillaGAN, mlp_discriminator, mlp_generator, ring_gan
from gan_course.training import Settings, seeded


def small_ring(n: int = 512) -> Resident:
    return toy.ring().resident("ring", n, seed=0)


def small_game(seed: int = 0, **options) -> VanillaGAN:
    return ring_gan(seed, width=16, **options)


def game_with_everything(seed: int = 0) -> VanillaGAN:
    """Batch norm in G (buffers), dropout in D (global random state), lazy R1 (a shared optimiser), k = 2."""
    with seeded(seed):
        G = mlp_generator(4, (2,), (16, 16), batch_norm=True)
        D = mlp_discriminator((2,), (16, 16), dropout=0.3)
    return VanillaGAN(G, D, 4, d_steps=2, r1=0.1, r1_every=3)


def quick(**changes) -> Settings:
    return Settings(
        **({"rounds": 12, "batch": 16, "lr": 1e-3, "log_every": 4, "ema": 0.9, "snapshots": 4} | changes)
    )


def weights(net: nn.Module) -> torch.Tensor:
    """Every parameter and buffer of a network in one vector."""
    return torch.cat([tensor.detach().double().flatten() for tensor in net.state_dict().values()])


def write_notebook(path, *sources: str, tags: dict[int, list[str]] | None = None):
    """A notebook with a parameters cell (`seed = 0`, `rounds = 5`) and then a code cell per source."""
    cells = [nbformat.v4.new_code_cell("seed = 0\nrounds = 5", metadata={"tags": ["parameters"]})]
    cells += [nbformat.v4.new_code_cell(source) for source in sources]
    for number, names in (tags or {}).items():
        cells[number].metadata["tags"] = names
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=NOTEBOOK_METADATA)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path
