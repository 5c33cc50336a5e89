"""How every reader of the course is trained: AdamW, and a learning rate that rises and falls once."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn


def train_one_cycle(
    net: nn.Module,
    rows: int,
    epochs: int,
    batch: int,
    lr: float,
    rng: torch.Generator,
    loss: Callable[[Tensor], Tensor],
) -> None:
    """Train `net` in place; the learning rate climbs to `lr` and falls to zero once over the whole training.

    loss: the numbers (batch,) of the rows in a batch -> a scalar. It may draw from `rng`, which also shuffles the rows
    anew in every epoch; an incomplete last batch is left out.
    """
    steps = rows // batch
    optimiser = torch.optim.AdamW(net.parameters(), lr, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, lr, total_steps=epochs * steps)
    for _ in range(epochs):
        order = torch.randperm(rows, generator=rng)[: steps * batch]
        for index in order.view(steps, batch):
            value = loss(index)
            optimiser.zero_grad(set_to_none=True)
            value.backward()
            optimiser.step()
            schedule.step()


def check_rows(images: int, batch: int, junk_rows: int) -> None:
    """Refuse a training with junk that has too few images, or more junk than images in a batch.

    Raises:
        ValueError: in either case.
    """
    if images < batch or not 0 < junk_rows <= batch:
        raise ValueError(
            f"needs at least one batch of {batch} images and 1 to {batch} junk rows; got {images} images and "
            f"{junk_rows} junk rows"
        )
