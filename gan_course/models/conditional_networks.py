"""Generators and discriminators that are told a class. How the label gets in is the only difference between them.

Three ways, in both networks the same unless said otherwise (`how`):

concat: the label as K numbers, one of them 1, joined to the input of every layer: as columns to vectors, as constant
    planes to maps (the conditional MNIST code of the authors of DCGAN).
embedding: a learned vector per class. G multiplies the noise by it, as the AC-GAN example of Keras does, except that
    we multiply by 1 + vector, so that a zero vector means "no label". D gets it as one more plane of the image.
projection: G as for embedding. D's logit is v_y · phi(x) + psi(phi(x)) (Miyato and Koyama 2018), with phi the
    last feature maps, v_y a learned vector per class, psi linear: how real the image is, plus how well it fits y.

Everywhere, z is (n, latent), y (n,) int64 in 0..K-1, images are (n, channels, size, size) in [-1, 1].
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn

from gan_course.models.dcgan import initialise

HOWS = ("concat", "embedding", "projection")
BASE = 4  # side of the smallest maps, in pixels
# size -> kernels of the steps between 4×4 maps and the image, all with stride 2 and padding 1: kernel 4 doubles a side,
# kernel 3 takes 4 to 7
KERNELS = {28: (3, 4, 4), 32: (4, 4, 4)}


def one_hot(y: Tensor, classes: int) -> Tensor:
    """Labels (n,) int64 -> (n, classes) floats with a single 1 per row.

    Raises:
        ValueError: a label outside 0..classes-1. Only on the CPU: on a GPU the look would make it wait.
    """
    if y.device.type == "cpu" and not ((y >= 0) & (y < classes)).all():
        raise ValueError(
            f"labels must lie in 0..{classes - 1}; these reach from {int(y.min())} to {int(y.max())}. Build the model "
            "with as many classes as the data have"
        )
    return torch.eye(classes, device=y.device)[y]


def join(x: Tensor, label: Tensor) -> Tensor:
    """Append numbers (n, K): to vectors (n, d) as K columns, to maps (n, c, h, w) as K constant planes."""
    if x.dim() == 4:
        label = label[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, label.to(x.dtype)], 1)


def kernels(size: int) -> tuple[int, ...]:
    """Kernels of the steps from 4×4 maps to images of that size.

    Raises:
        ValueError: a size that the networks are not built for.
    """
    if size not in KERNELS:
        raise ValueError(f"these networks are built for {' and '.join(map(str, KERNELS))} pixels, not {size}")
    return KERNELS[size]


def known_how(how: str) -> str:
    """The name of a way to tell a network the class.

    Raises:
        ValueError: there is no such way; the message lists the known ones.
    """
    if how not in HOWS:
        raise ValueError(f"unknown way to condition {how!r}; known: {', '.join(HOWS)}")
    return how


class ConvGenerator(nn.Module):
    """(z, y) -> images: z is projected to 4×4 maps, which grow to 28 (7, 14, 28) or 32 (8, 16, 32) pixels.

    width: maps before the last layer; twice as many before each earlier one. blind: the label is multiplied by zero on
    its way in; the rest stays as it is. Batch norm and ReLU after every layer but the last, which ends in tanh, and
    initial weights from N(0, 0.02²), as in Radford et al. (2016).
    """

    def __init__(
        self,
        latent: int,
        classes: int,
        *,
        size: int = 28,
        width: int = 16,
        channels: int = 1,
        how: str = "projection",
        blind: bool = False,
    ) -> None:
        super().__init__()
        self.how, self.classes, self.blind = known_how(how), classes, blind
        extra = classes if how == "concat" else 0  # what `join` adds to every input
        steps = kernels(size)
        maps = [width * 2**k for k in reversed(range(len(steps)))]  # 4·width, 2·width, width
        first = nn.Linear(latent + extra, maps[0] * BASE**2, bias=False)
        layers = [
            nn.Sequential(first, nn.Unflatten(1, (maps[0], BASE, BASE)), nn.BatchNorm2d(maps[0]), nn.ReLU())
        ]
        for (before, after), kernel in zip(itertools.pairwise(maps), steps, strict=False):
            up = nn.ConvTranspose2d(before + extra, after, kernel, stride=2, padding=1, bias=False)
            layers.append(nn.Sequential(up, nn.BatchNorm2d(after), nn.ReLU()))
        last = nn.ConvTranspose2d(width + extra, channels, steps[-1], stride=2, padding=1)
        layers.append(nn.Sequential(last, nn.Tanh()))
        self.layers = nn.ModuleList(layers)
        self.embed = None if how == "concat" else nn.Embedding(classes, latent)  # rows from N(0, I), as z
        initialise(self)

    def forward(self, z: Tensor, y: Tensor) -> Tensor:
        label = one_hot(y, self.classes) * (0.0 if self.blind else 1.0)  # (n, K)
        if self.embed is None:
            x = z
            for layer in self.layers:
                x = layer(join(x, label))
            return x
        x = z * (1 + label @ self.embed.weight)  # (n, latent); the product picks the row of the class
        for layer in self.layers:
            x = layer(x)
        return x


class ConvTrunk(nn.Module):
    """images -> phi(x), the last 4×4 maps as a vector (n, `features`): the way of `ConvGenerator` back.

    extra_in, extra: planes that are joined to the image, and to the input of every later layer. Batch norm after all
    convolutions but the first, and leaky ReLU, as in Radford et al. (2016).
    """

    def __init__(
        self, *, size: int = 28, width: int = 16, channels: int = 1, extra_in: int = 0, extra: int = 0
    ) -> None:
        super().__init__()
        steps = kernels(size)[::-1]
        maps = [width * 2**k for k in range(len(steps))]  # width, 2·width, 4·width
        first = nn.Conv2d(channels + extra_in, width, steps[0], stride=2, padding=1)
        layers = [nn.Sequential(first, nn.LeakyReLU(0.2))]
        for (before, after), kernel in zip(itertools.pairwise(maps), steps[1:], strict=True):
            down = nn.Conv2d(before + extra, after, kernel, stride=2, padding=1, bias=False)
            layers.append(nn.Sequential(down, nn.BatchNorm2d(after), nn.LeakyReLU(0.2)))
        self.layers = nn.ModuleList(layers)
        self.features = maps[-1] * BASE**2

    def forward(self, x: Tensor, label: Tensor | None = None) -> Tensor:
        """label: numbers (n, extra) to be joined to every layer's input; None for none."""
        for layer in self.layers:
            x = layer(x if label is None else join(x, label))
        return x.flatten(1)


class ConvDiscriminator(nn.Module):
    """(x, y) -> logits (n, 1). blind: an ordinary discriminator, which takes y and does not look at it."""

    def __init__(
        self,
        classes: int,
        *,
        size: int = 28,
        width: int = 16,
        channels: int = 1,
        how: str = "projection",
        blind: bool = False,
    ) -> None:
        super().__init__()
        self.how, self.classes, self.blind = known_how(how), classes, blind
        extra = classes if how == "concat" else 0
        extra_in = {"concat": classes, "embedding": 1, "projection": 0}[how]
        self.trunk = ConvTrunk(size=size, width=width, channels=channels, extra_in=extra_in, extra=extra)
        self.psi = nn.Linear(self.trunk.features + extra, 1)
        if how == "embedding":
            self.embed = nn.Embedding(classes, size * size)
        if how == "projection":
            self.embed = nn.Embedding(classes, self.trunk.features)
            nn.init.normal_(self.embed.weight, std=0.02)  # v_y starts near zero: D begins as an ordinary one
        initialise(self)

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """y may be left out if the network is blind; otherwise that is a ValueError."""
        if y is None:
            if not self.blind:
                raise ValueError(
                    "this discriminator judges pairs of an image and its label: call it as D(x, y)"
                )
            y = torch.zeros(len(x), dtype=torch.int64, device=x.device)
        label = one_hot(y, self.classes) * (0.0 if self.blind else 1.0)  # (n, K)
        if self.how == "concat":
            return self.psi(join(self.trunk(x, label), label))
        vector = label @ self.embed.weight  # the row of the class, or zeros
        if self.how == "embedding":
            return self.psi(self.trunk(torch.cat([x, vector.unflatten(1, (1, *x.shape[2:]))], 1)))
        phi = self.trunk(x)
        return self.psi(phi) + (vector * phi).sum(1, keepdim=True)  # psi(phi(x)) + v_y · phi(x)


class Joined(nn.Module):
    """Any network of vectors as a conditional one: (x (n, ...), y) -> net(x flattened, with the label joined to it).

    blind: the label is multiplied by zero on its way in.
    """

    def __init__(self, net: nn.Module, classes: int, *, blind: bool = False) -> None:
        super().__init__()
        self.net, self.classes, self.blind = net, classes, blind

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        label = one_hot(y, self.classes)
        return self.net(join(x.flatten(1), 0 * label if self.blind else label))


class Maxout(nn.Module):
    """(n, inputs) -> (n, units): the largest of `pieces` linear functions per unit (Goodfellow et al. 2013)."""

    def __init__(self, inputs: int, units: int, pieces: int) -> None:
        super().__init__()
        self.linear = nn.Linear(inputs, units * pieces)
        self.pieces = pieces

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x).unflatten(1, (-1, self.pieces)).amax(2)


class PaperGenerator(nn.Module):
    """(z (n, 100), y) -> images (n, 1, 28, 28): G of Mirza and Osindero (2014), section 4.1.

    Their sigmoid gives pixels in [0, 1]; 2·pixel - 1 brings them to the range of the course. The paper asks for
    dropout 0.5 and does not say where: here it follows the first hidden layers and the joint one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.of_z = nn.Sequential(nn.Linear(100, 200), nn.ReLU(), nn.Dropout(0.5))
        self.of_y = nn.Sequential(nn.Linear(10, 1000), nn.ReLU(), nn.Dropout(0.5))
        self.joint = nn.Sequential(nn.Linear(1200, 1200), nn.ReLU(), nn.Dropout(0.5))
        self.pixels = nn.Sequential(nn.Linear(1200, 784), nn.Sigmoid(), nn.Unflatten(1, (1, 28, 28)))

    def forward(self, z: Tensor, y: Tensor) -> Tensor:
        hidden = torch.cat([self.of_z(z), self.of_y(one_hot(y, 10))], 1)  # (n, 200 + 1000)
        return 2 * self.pixels(self.joint(hidden)) - 1


class PaperDiscriminator(nn.Module):
    """(images (n, 1, 28, 28), y) -> logits (n, 1): D of the same section, on pixels brought back to [0, 1].

    Dropout as in `PaperGenerator`; the sigmoid at the end is part of the loss, as everywhere in the course.
    """

    def __init__(self) -> None:
        super().__init__()
        self.of_x = nn.Sequential(nn.Flatten(), Maxout(784, 240, 5), nn.Dropout(0.5))
        self.of_y = nn.Sequential(Maxout(10, 50, 5), nn.Dropout(0.5))
        self.joint = nn.Sequential(Maxout(290, 240, 4), nn.Dropout(0.5), nn.Linear(240, 1))

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return self.joint(torch.cat([self.of_x((x + 1) / 2), self.of_y(one_hot(y, 10))], 1))  # (n, 240 + 50)
