"""A small network that reads digits. Trained on strokes, whose labels are certain, it judges generated digits."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan_course.evaluation.one_cycle import train_one_cycle
from gan_course.training.seeding import generator, seeded


class Reader(nn.Module):
    """Three strided convolutions and two linear layers, 173,930 parameters.

    `forward` maps images `(n, 1, 28, 28)` in [-1, 1] to logits `(n, 10)`. `features` is the layer before: `(n, 64)`,
    not negative; distances between distributions of images are measured there.
    """

    def __init__(self) -> None:
        super().__init__()
        self.convolutions = nn.Sequential(
            halve(1, 32, kernel=5),  # 28 -> 14
            halve(32, 64, kernel=3),  # 14 -> 7
            halve(64, 96, kernel=3),  # 7 -> 4
        )
        self.hidden = nn.Linear(96 * 4 * 4, 64)
        self.logits = nn.Linear(64, 10)
        # Same numbers in another order of memory, twice as fast on a CPU.
        self.to(memory_format=torch.channels_last)

    def features(self, x: Tensor) -> Tensor:
        return F.relu(self.hidden(self.convolutions(x).flatten(1)))

    def forward(self, x: Tensor) -> Tensor:
        return self.logits(F.dropout(self.features(x), 0.2, self.training))


def halve(channels_in: int, channels_out: int, kernel: int) -> nn.Sequential:
    """Maps of half the width and height: a strided convolution, batch norm, ReLU."""
    convolution = nn.Conv2d(channels_in, channels_out, kernel, stride=2, padding=kernel // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(channels_out), nn.ReLU())


def train_reader(
    images: Tensor, labels: Tensor, epochs: int = 2, seed: int = 0, batch: int = 128, lr: float = 4e-3
) -> Reader:
    """Train a Reader on images `(n, 1, 28, 28)` uint8 and labels `(n,)` int64; it comes back in evaluation mode.

    AdamW; the learning rate climbs to `lr` and falls to zero once over the whole training (one cycle). The same
    data, seed and thread count give the same weights. Raises ValueError for fewer images than one batch.
    """
    if len(images) < batch:
        raise ValueError(
            f"{len(images)} images do not fill one batch of {batch}; pass more images or a smaller batch"
        )
    with seeded(seed):
        reader = Reader().to(images.device)

        def loss(index: Tensor) -> Tensor:
            return F.cross_entropy(reader(as_input(images[index])), labels[index])

        train_one_cycle(reader, len(images), epochs, batch, lr, generator(seed), loss)
    return reader.eval()


def as_input(images: Tensor) -> Tensor:
    """Images in 0..255 (any dtype) as floats in [-1, 1]."""
    return images.float() / 127.5 - 1


def inputs(images: Tensor, chunk: int) -> list[Tensor]:
    """What a reader is fed: floats in [-1, 1], `chunk` rows at a time, from uint8 images or from such floats."""
    return [
        part.float() if part.is_floating_point() else as_input(part) for part in images.detach().split(chunk)
    ]


@torch.no_grad()
def read(reader: Reader, images: Tensor, batch: int = 1000) -> Tensor:
    """Logits `(n, 10)` for images `(n, 1, 28, 28)` uint8; `.argmax(1)` is what the reader reads."""
    return torch.cat([reader(as_input(part)) for part in images.split(batch)])


def accuracy(reader: Reader, images: Tensor, labels: Tensor) -> float:
    """Share of the images `(n, 1, 28, 28)` uint8 that are read as their labels `(n,)`."""
    return (read(reader, images).argmax(1) == labels).float().mean().item()


def digits_as_strokes_see_them() -> tuple[Tensor, Tensor]:
    """The 1,797 real digits of scikit-learn, made to look like MNIST: images (1797, 1, 28, 28) uint8, labels (1797,).

    Alpaydin and Kaynak (1998) reduced 32×32 bitmaps to 8×8 by counting the ink (0 to 16) in cells of 4×4, each
    digit filling its box. The way back follows MNIST: enlarge the ink to the 20×20 box (bicubic, which keeps edges
    steeper than bilinear) and put its centre of mass into the middle of 28×28 pixels, rounded to whole pixels.
    """
    from sklearn.datasets import load_digits  # here, because importing scikit-learn takes a second

    digits = load_digits()
    small = torch.tensor(digits.images, dtype=torch.float32)[:, None] * (255 / 16)
    box = F.interpolate(small, size=20, mode="bicubic", align_corners=False).clamp(0, 255)
    position = torch.arange(20) - 9.5
    ink = box.sum((1, 2, 3))
    down = ((box.sum((1, 3)) @ position) / ink).round().long()  # (n,) centre of mass below the middle, pixels
    right = ((box.sum((1, 2)) @ position) / ink).round().long()
    images = torch.zeros(len(box), 1, 28, 28)
    n, rows, columns = torch.meshgrid(*map(torch.arange, (len(box), 20, 20)), indexing="ij")
    # A centre of mass is at most 4 pixels off in these data; the margin of the box is 4 pixels.
    images[n, 0, rows + 4 - down[:, None, None], columns + 4 - right[:, None, None]] = box[:, 0]
    return images.round().to(torch.uint8), torch.tensor(digits.target)
