"""Images that show nothing: an oracle must not be sure what it sees in them.

`SEEN` are the kinds an oracle is trained to reject. `UNSEEN` are other kinds, kept for measuring whether that
carried over to junk it never met.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan_course.models.vanilla import mlp_generator

Junk = Callable[[Tensor, torch.Generator], Tensor]  # real images (n, c, h, w) in [-1, 1] -> as many of junk


def noise(real: Tensor, rng: torch.Generator) -> Tensor:
    """Every pixel on its own: uniform, normal or black and white, with a random share of ink."""
    n = len(real)
    uniform = torch.rand(real.shape, generator=rng) * 2 - 1
    normal = torch.randn(real.shape, generator=rng) * torch.rand(n, 1, 1, 1, generator=rng)
    ink = torch.rand(real.shape, generator=rng) < torch.rand(n, 1, 1, 1, generator=rng)
    kind = torch.randint(3, (n, 1, 1, 1), generator=rng)
    return torch.where(kind == 0, uniform, torch.where(kind == 1, normal, ink * 2.0 - 1)).clamp(-1, 1)


def blank(real: Tensor, rng: torch.Generator) -> Tensor:
    """One grey or colour all over; every other image is black, as paper without ink is."""
    colour = torch.rand(*real.shape[:2], 1, 1, generator=rng) * 2 - 1
    colour[::2] = -1.0
    return colour.expand_as(real).clone()


def untrained(real: Tensor, rng: torch.Generator) -> Tensor:
    """What a generator of linear layers draws before it has learned anything, at random gains."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(torch.randint(2**31, (1,), generator=rng)))
        net = mlp_generator(16, real.shape[1:])
    return _with_gain(net[:-2], torch.randn(len(real), 16, generator=rng), rng, real.shape)


def clouds(real: Tensor, rng: torch.Generator) -> Tensor:
    """Smooth random fields, soft or cut to black and white: blobs of ink at the scale of strokes."""
    n, c, height, width = real.shape
    coarse = [torch.randn(n, c, cells, cells, generator=rng) for cells in (4, 7, 11)]
    pick = torch.randint(len(coarse), (n, 1, 1, 1), generator=rng)
    fields = [F.interpolate(field, (height, width), mode="bicubic") for field in coarse]
    field = sum(torch.where(pick == k, fields[k], 0) for k in range(len(fields)))
    level = torch.rand(n, 1, 1, 1, generator=rng) * 1.5  # the higher, the less ink
    contrast = 10 ** torch.rand(n, 1, 1, 1, generator=rng)  # 1 to 10
    return torch.tanh(contrast * (field - level))


def blurred(real: Tensor, rng: torch.Generator) -> Tensor:
    """Real images averaged over 9×9 pixels, twice: the place of the ink is left, its shape is not."""
    out = real + 1
    for _ in range(2):
        out = F.avg_pool2d(out, 9, stride=1, padding=4)
    peak = out.amax((1, 2, 3), keepdim=True).clamp_min(1e-3)
    return out / peak * (1 + torch.rand(len(real), 1, 1, 1, generator=rng)) - 1


def patchwork(real: Tensor, rng: torch.Generator) -> Tensor:
    """Images cut into 16 tiles; every tile comes from another image and another place."""
    n, c, height, width = real.shape
    h, w = height // 4, width // 4
    tiles = real.unfold(2, h, h).unfold(3, w, w)[:, :, :4, :4].reshape(n, c, 16, h, w)
    image, place = (torch.randint(most, (n, 16), generator=rng) for most in (n, 16))
    mixed = tiles.transpose(1, 2)[image, place]  # (n, 16, c, h, w)
    rows = mixed.view(n, 4, 4, c, h, w).permute(0, 3, 1, 4, 2, 5).reshape(n, c, 4 * h, 4 * w)
    return F.pad(rows, (0, width - 4 * w, 0, height - 4 * h), value=-1.0)


def stripes(real: Tensor, rng: torch.Generator) -> Tensor:
    """Waves of random direction, length (3 to 12 pixels) and phase, soft or sharp."""
    n, c, height, width = real.shape
    # Each channel has its own phase, so that the waves of colour images are coloured.
    angle, phase, hard = (torch.rand(n, channels, 1, 1, generator=rng) for channels in (1, c, 1))
    length = 3 + 9 * torch.rand(n, 1, 1, 1, generator=rng)
    y, x = torch.arange(height)[:, None], torch.arange(width)
    along = x * (torch.pi * angle).cos() + y * (torch.pi * angle).sin()
    wave = torch.sin(2 * torch.pi * (along / length + phase))
    return torch.tanh(10 * hard * wave).expand(n, c, height, width).clone()


def rectangles(real: Tensor, rng: torch.Generator) -> Tensor:
    """Two to six filled rectangles, at least five pixels wide and high, anywhere."""
    n, c, height, width = real.shape
    out = torch.full_like(real, -1.0)
    y, x = torch.arange(height)[:, None], torch.arange(width)
    count = torch.randint(2, 7, (n, 1, 1, 1), generator=rng)
    for k in range(6):
        top, left = (torch.randint(side - 5, (n, 1, 1, 1), generator=rng) for side in (height, width))
        h, w = (torch.randint(5, 12, (n, 1, 1, 1), generator=rng) for _ in range(2))
        inside = (y >= top) & (y < top + h) & (x >= left) & (x < left + w) & (k < count)
        out = torch.where(inside, torch.rand(n, c, 1, 1, generator=rng), out)
    return out


def untrained_convolutional(real: Tensor, rng: torch.Generator) -> Tensor:
    """What a generator of transposed convolutions draws before it has learned anything, at random gains."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(torch.randint(2**31, (1,), generator=rng)))
        height, width = (side // 4 for side in real.shape[2:])  # two doublings before the end
        net = nn.Sequential(
            nn.Linear(16, 32 * height * width),
            nn.ReLU(),
            nn.Unflatten(1, (32, height, width)),
            nn.ConvTranspose2d(32, 16, 4, 2, 1),
            nn.ReLU(),
            nn.ConvTranspose2d(16, real.shape[1], 4, 2, 1),
        )
    return _with_gain(net, torch.randn(len(real), 16, generator=rng), rng, real.shape)


@torch.no_grad()
def _with_gain(net: nn.Module, z: Tensor, rng: torch.Generator, shape: torch.Size) -> Tensor:
    """tanh(gain × net(z)), gains from 1 (a fresh network: nearly grey) to 30 (black and white)."""
    logits = net(z)
    logits = F.interpolate(logits, shape[2:]) if logits.dim() == 4 else logits
    logits = logits.reshape(shape)
    gain = 30 ** torch.rand(len(z), 1, 1, 1, generator=rng)
    return torch.tanh(gain * logits)


SEEN: dict[str, Junk] = {
    "noise": noise,
    "blank": blank,
    "untrained generator": untrained,
    "clouds": clouds,
    "blurred": blurred,
    "patchwork": patchwork,
}
UNSEEN: dict[str, Junk] = {
    "stripes": stripes,
    "rectangles": rectangles,
    "untrained convolutional generator": untrained_convolutional,
}


def mixture(real: Tensor, rng: torch.Generator, kinds: Mapping[str, Junk] = SEEN) -> Tensor:
    """As many junk images as real ones, the `kinds` in turn."""
    parts = [kind(part, rng) for kind, part in zip(kinds.values(), real.chunk(len(kinds)), strict=False)]
    return torch.cat(parts)
