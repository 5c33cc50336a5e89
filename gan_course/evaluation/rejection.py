"""Training a Reader that knows when there is nothing to read."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from gan_course.evaluation import junk
from gan_course.evaluation.one_cycle import check_rows, train_one_cycle
from gan_course.evaluation.reader import Reader, as_input
from gan_course.training.seeding import generator, seeded


def train_rejecting_reader(
    images: Tensor,
    labels: Tensor,
    epochs: int = 3,
    seed: int = 0,
    batch: int = 128,
    lr: float = 4e-3,
    *,
    junk_rows: int = 48,
    weight: float = 0.5,
) -> Reader:
    """Train a Reader on images (n, 1, 28, 28) uint8 and labels (n,), and to answer junk with "any class, equally".

    Every step adds `junk_rows` images of the kinds in `junk.SEEN`, on which the loss is the cross-entropy against the
    uniform law, times `weight` (outlier exposure: Hendrycks et al. 2019). A plain classifier is sure of most junk,
    because nothing ever asked it to doubt. Otherwise as `reader.train_reader`: AdamW, one cycle of the learning rate,
    the same weights for the same seed, data and thread count. Returned in evaluation mode.

    Raises:
        ValueError: fewer images than one batch, or more junk than images in it.
    """
    check_rows(len(images), batch, junk_rows)
    with seeded(seed):
        reader = Reader()
        rng = generator(seed)

        def loss(index: Tensor) -> Tensor:
            real = as_input(images[index])
            nothing = junk.mixture(real[:junk_rows], rng)
            # Both go through the net together: its batch statistics are those of the mixture, never of one kind.
            logits = reader(torch.cat([real, nothing]))
            doubt = -F.log_softmax(logits[batch:], 1).mean()  # cross-entropy against (1/10, ..., 1/10)
            return F.cross_entropy(logits[:batch], labels[index]) + weight * doubt

        train_one_cycle(reader, len(images), epochs, batch, lr, rng, loss)
    return reader.eval()
