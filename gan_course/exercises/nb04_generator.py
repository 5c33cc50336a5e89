"""Check of notebook 04 on a generator: what its layers do is recorded while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from gan_course.exercises.checking import Attempt, Wrong, rows


@dataclass
class _Layer:
    """One layer at work: what came in, with what weights, what went out."""

    name: str
    x: Tensor
    weight: Tensor
    bias: Tensor | None
    out: Tensor


class _Recorder(TorchFunctionMode):
    """Notes every linear layer and convolution that runs while it is active."""

    def __init__(self) -> None:
        super().__init__()
        self.layers: list[_Layer] = []

    def __torch_function__(
        self, func: Callable, types: Any, args: tuple = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        out = func(*args, **kwargs)
        name = getattr(func, "__name__", "")
        if name in ("linear", "conv2d", "conv_transpose2d"):
            x, weight, bias = (
                *args,
                *(kwargs[key] for key in ("input", "weight", "bias") if key in kwargs),
                None,
            )[:3]
            copies = (t.detach().clone() for t in (x, out))
            self.layers.append(_Layer(name, next(copies), weight, bias, next(copies)))
        return out


def _run(G: nn.Module, z: Tensor) -> tuple[Tensor, list[_Layer]]:
    """The images, and all layers that ran, in order."""
    with torch.no_grad(), _Recorder() as recorder:
        out = G(z)
    return out, recorder.layers


def check_build_generator(answer: Attempt) -> None:
    """Sizes, z; then the layers at work: their number, norms, ReLU, tanh; then gradients and eval mode."""
    with torch.random.fork_rng(devices=[]):
        for latent, channels in ((8, (16, 12, 3)), (5, (12, 10, 8, 1)), (7, (9, 8, 7, 6, 3)), (4, (9, 3))):
            torch.manual_seed(len(channels))
            G = answer(latent, channels)
            _check_images(G, latent, channels)
            _check_layers(G, latent, channels)
            _check_use(G, latent)
        if G is answer(latent, channels):
            raise Wrong("a second call returned the same network: build a new one each time")


def _check_images(G: Any, latent: int, channels: tuple[int, ...]) -> None:
    case = f"latent {latent}, channels {channels}"
    if not isinstance(G, nn.Module):
        raise Wrong(f"return a network (nn.Module), not {type(G).__name__}")
    if not list(G.parameters()):
        raise Wrong(
            "the network has no parameters: layers in a plain list are not registered; use nn.Sequential"
        )
    if not all(module.training for module in G.modules()):
        raise Wrong("the new network is in eval mode: return it in training mode, as torch makes it")
    size = 4 * 2 ** (len(channels) - 1)
    for n in (5, 2):
        out = G(torch.randn(n, latent))
        if not isinstance(out, Tensor):
            raise Wrong(f"G(z) is a {type(out).__name__}; images were expected")
        if out.dim() == 4 and out.shape[2] != size:
            raise Wrong(
                f"{case}: images {out.shape[2]}×{out.shape[3]}, expected {size}×{size}: the projection gives 4×4, each "
                f"of the {len(channels) - 1} transposed convolutions doubles (see the exercise on doubling)"
            )
        rows(out, (n, channels[-1], size, size))
    z = torch.randn(5, latent)
    if not torch.allclose(G(z), G(z), atol=1e-5):
        raise Wrong("the same z gave two different batches: no dropout and no noise inside G")
    if torch.allclose(G(z), G(z.flip(1) + 1), atol=1e-5):
        raise Wrong("two different batches of z gave the same images: G does not use z")


def _check_layers(G: nn.Module, latent: int, channels: tuple[int, ...]) -> None:
    z = torch.randn(16, latent)
    _, layers = _run(G, z)
    _check_plan(layers, channels)
    parameters = {id(p) for p in G.parameters()}
    if any(id(layer.weight) not in parameters for layer in layers):
        raise Wrong(
            "a layer's weight is not among G.parameters(), so no optimiser would move it: register the layer"
        )
    projection, *ups = layers
    _check_first_norm(G, z, projection, ups[0].x)
    for i, (layer, after) in enumerate(pairwise(ups), 1):
        _name_inner(f"after transposed convolution {i} of {len(ups)}", layer.out, after.x)
    _check_last(G, z, ups[-1].weight)


def _check_plan(layers: list[_Layer], channels: tuple[int, ...]) -> None:
    """One projection, then one transposed convolution per doubling, with the widths asked for."""
    names = [layer.name for layer in layers]
    if "conv2d" in names:
        raise Wrong(
            "an ordinary convolution runs in G: each doubling is one transposed convolution with stride 2"
        )
    ups = layers[1:]
    if any(layer.name == "linear" for layer in ups):
        raise Wrong(
            "a second linear layer runs in G: the projection is the only one, no fully connected hidden layers"
        )
    if len(ups) != len(channels) - 1:
        raise Wrong(
            f"channels {channels}: {len(ups)} layers after the first one, expected {len(channels) - 1} transposed "
            "convolutions after a projection (Linear, or ConvTranspose2d from 1×1 to 4×4)"
        )
    widths = [layer.weight.shape[0] for layer in ups] + [ups[-1].weight.shape[1]]
    if tuple(widths) != tuple(channels):
        raise Wrong(f"the maps between the layers have {tuple(widths)} channels, expected {channels}")
    sides = [layer.x.shape[-1] for layer in ups]
    if sides != [4 * 2**i for i in range(len(ups))]:
        raise Wrong(f"the transposed convolutions get maps of sides {sides}: start at 4 and double with each")


def _check_first_norm(G: nn.Module, z: Tensor, projection: _Layer, x: Tensor) -> None:
    """The projection's norm, whatever way it is reshaped: blind to the scale, not to the rest of the batch."""
    place = "after the projection"
    _check_rectified(place, x)
    held = [p for p in (projection.weight, projection.bias) if p is not None]
    with torch.no_grad():
        for p in held:
            p.mul_(4)
        scaled = _run(G, z)[1][1].x
        for p in held:
            p.div_(4)
        other = _run(G, torch.cat([z[:1], 3 * z[1:]]))[1][1].x
    if torch.allclose(scaled, 4 * x, rtol=1e-3, atol=1e-4):
        raise Wrong(f"{place} there is no batch norm: with weights four times as large, the maps are as well")
    if (scaled - x).abs().mean() > 0.02 * x.abs().mean():
        raise Wrong(
            f"{place} the scale of the weights still shows: projection, batch norm, ReLU, in this order; "
            "and is eps, the second argument of BatchNorm2d, small?"
        )
    if torch.allclose(other[:1], x[:1], rtol=1e-3, atol=1e-4):
        raise Wrong(
            f"{place} each sample is normalised by itself: batch norm takes mean and variance over the batch"
        )


def _check_rectified(place: str, x: Tensor) -> None:
    if x.min() < 0:
        hint = (
            "is there a ReLU?"
            if x.min() < -0.5 * x.max()
            else "leaky ReLU belongs to D, and nothing follows ReLU"
        )
        raise Wrong(
            f"{place} negative values go on ({x.min():.3g}): {hint}; in G it is batch norm, then ReLU"
        )
    if (x == 0).float().mean() < 0.1:
        raise Wrong(f"{place} no values are exactly 0: ReLU gives zeros, about half of them after batch norm")


def _close(a: Tensor, b: Tensor) -> bool:
    """Up to a gain drawn from N(1, 0.02) and the eps of batch norm."""
    return a.shape == b.shape and bool((a - b).abs().mean() <= 0.04 * b.abs().mean())


def _name_inner(place: str, before: Tensor, after: Tensor) -> None:
    """Whether `after` is relu(batch_norm(before)); if not, what else it is."""
    h = F.batch_norm(before, None, None, training=True)
    if _close(after, h.relu()) and after.min() >= 0:
        return
    slips = {
        "there is no batch norm": before.relu(),
        "there is neither batch norm nor ReLU": before,
        "there is no ReLU": h,
        "ReLU comes before batch norm: batch norm, then ReLU": F.batch_norm(
            before.relu(), None, None, training=True
        ),
        "there is leaky ReLU, which belongs to D: ReLU in G": F.leaky_relu(h, 0.2),
        "there is tanh, which belongs to the last layer: ReLU inside": h.tanh(),
        "each image is normalised by itself (instance norm): batch norm was asked": F.instance_norm(
            before
        ).relu(),
        "each image is normalised by itself (layer norm): batch norm was asked": F.layer_norm(
            before, before.shape[1:]
        ).relu(),
    }
    for slip, value in slips.items():
        if _close(after, value):
            raise Wrong(f"{place} {slip}")
    _check_rectified(place, after)
    raise Wrong(f"{place} comes something else than batch norm (gain 1, shift 0 at the start) and ReLU")


def _check_last(G: nn.Module, z: Tensor, weight: Tensor) -> None:
    """The output with weights so large that tanh and its rivals differ, then with the weights as they were."""
    held = weight.detach().clone()
    with torch.no_grad():
        _, layers = _run(G, z)
        weight.mul_(2 / layers[-1].out.std())
        out, layers = _run(G, z)
        weight.copy_(held)
    _name_last(layers[-1].out, out)


def _name_last(before: Tensor, out: Tensor) -> None:
    """Whether `out` is tanh(before); if not, what else it is."""
    if torch.allclose(out, before.tanh(), atol=1e-5):
        return
    h = F.batch_norm(before, None, None, training=True)
    slips = {
        "nothing follows the last layer: tanh, so that images lie in (-1, 1)": before,
        "a sigmoid follows the last layer and images lie in (0, 1): tanh was asked": before.sigmoid(),
        "a ReLU comes after the last layer, so half the range is lost: tanh was asked": before.relu(),
        "a ReLU comes before tanh, so that no pixel is darker than 0": before.relu().tanh(),
        "the last layer is cut off at ±1 instead of tanh: no gradient beyond": before.clamp(-1, 1),
        "batch norm follows the last layer: G's output has none": h,
        "batch norm comes between the last layer and tanh: G's output layer has none": h.tanh(),
        "batch norm and ReLU follow the last layer: G's output has none, it is tanh": h.relu().tanh(),
        "tanh runs twice": before.tanh().tanh(),
    }
    for slip, value in slips.items():
        if _close(out, value):
            raise Wrong(slip)
    raise Wrong("G's output is not tanh of the last transposed convolution: nothing else comes in between")


def _check_use(G: nn.Module, latent: int) -> None:
    """A gradient for every parameter and z; in eval mode each image is on its own."""
    z = torch.randn(4, latent, requires_grad=True)
    out = G(z)
    if not out.requires_grad:
        raise Wrong("the images carry no gradient: no no_grad or detach inside G")
    (out * torch.randn(out.shape)).sum().backward()
    for name, p in G.named_parameters():
        if p.requires_grad and p.grad is None:
            raise Wrong(f"no gradient reaches {name}: G does not use it")
        if not p.requires_grad:
            raise Wrong(f"{name} is frozen (requires_grad False): every parameter of G is to be trained")
    if z.grad is None or z.grad.abs().max() == 0:
        raise Wrong("no gradient reaches z: it is detached inside G")
    with torch.no_grad():
        G.eval()
        together, alone = G(z), G(z[:1])
    if not torch.allclose(together[:1], alone, atol=1e-4):
        raise Wrong(
            "in eval mode an image changes with the rest of the batch: batch norm must use running statistics"
        )
