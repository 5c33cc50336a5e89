"""Solutions of notebook 04, one per exercise, under the exercise's name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import max_pool2d


def transposed_convolution(x: Tensor, weight: Tensor, stride: int, padding: int) -> Tensor:
    """Every pixel of x (n, c_in, h, w) stamps its kernel, weight (c_in, c_out, k, k); stamps add up."""
    (n, _, h, w), (_, c_out, k, _) = x.shape, weight.shape
    height, width = (h - 1) * stride + k, (w - 1) * stride + k
    out = x.new_zeros(n, c_out, height, width)
    for i in range(h):
        for j in range(w):
            stamp = torch.einsum("nc,cokl->nokl", x[:, :, i, j], weight)  # (n, c_out, k, k)
            out[:, :, i * stride : i * stride + k, j * stride : j * stride + k] += stamp
    return out[:, :, padding : height - padding, padding : width - padding]


def doubling(kernel: int) -> tuple[int, int]:
    """2 (n - 1) - 2 padding + kernel + output_padding = 2 n, so output_padding has the parity of the kernel."""
    return (kernel - 1) // 2, kernel % 2


def dcgan_init(net: nn.Module) -> nn.Module:
    """Weights N(0, 0.02), batch-norm gains N(1, 0.02), biases and shifts 0   (Radford et al. 2016, section 4)."""
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            nn.init.normal_(layer.weight, 0.0, 0.02)
        elif isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d) and layer.affine:
            nn.init.normal_(layer.weight, 1.0, 0.02)
        else:
            continue
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
    return net


def build_generator(latent: int, channels: Sequence[int]) -> nn.Module:
    """z (n, latent) -> images (n, channels[-1], size, size) in (-1, 1), size = 4 * 2 ** (len(channels) - 1)."""
    first, *_, last = channels
    layers = [
        nn.Linear(latent, first * 16, bias=False),
        nn.Unflatten(1, (first, 4, 4)),
        nn.BatchNorm2d(first),
        nn.ReLU(),
    ]
    for before, after in pairwise(channels[:-1]):
        layers += [nn.ConvTranspose2d(before, after, 4, 2, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
    return nn.Sequential(*layers, nn.ConvTranspose2d(channels[-2], last, 4, 2, 1), nn.Tanh())


def pooled_features(maps: Sequence[Tensor]) -> Tensor:
    """Every map (n, c, h, w) max-pooled to 4 x 4 and flattened, side by side   (Radford et al. 2016, section 5.1)."""
    pooled = [max_pool2d(a, (a.shape[2] // 4, a.shape[3] // 4)) for a in maps]  # each (n, c, 4, 4)
    return torch.cat([a.flatten(1) for a in pooled], dim=1)


def concept_arithmetic(z: Tensor, glasses: Tensor, long_hair: Tensor, k: int) -> Tensor:
    """Mean of k latents with glasses and short hair, minus neither, plus long hair without glasses."""

    def concept(has: Tensor) -> Tensor:
        if has.sum() < k:
            raise ValueError(f"{int(has.sum())} exemplars of a concept, {k} are needed")
        return z[has][:k].mean(dim=0)

    return concept(glasses & ~long_hair) - concept(~glasses & ~long_hair) + concept(~glasses & long_hair)


batch_norm_prediction = {
    "separate": 0.0,  # the batch's own mean is taken off
    "mixed": 0.8,  # together: mean 0, standard deviation 5, so 4 / 5
    "scaled": 1.0,  # the standard deviation grows by the same factor
    "running_mean": 0.4,  # 0.9 * 0 + 0.1 * 4
    "depends": "train",  # in eval mode the stored statistics are used
}
