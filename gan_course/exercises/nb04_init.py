"""Check of notebook 04 on the initialisation of a whole network."""

from __future__ import annotations

import copy
from collections import OrderedDict

import torch
from torch import nn

from gan_course.exercises.checking import Attempt, ToDo, Wrong

WEIGHTED = nn.Conv2d | nn.ConvTranspose2d | nn.Linear
NORMALISING = nn.BatchNorm1d | nn.BatchNorm2d


class _Stamp(nn.ConvTranspose2d):
    """A layer of one's own: its class name does not say what it is."""


class ConvBlock(nn.Module):
    """A module whose name says Conv and that has no weight of its own, but layers, and layers within layers."""

    def __init__(self) -> None:
        super().__init__()
        self.up = _Stamp(32, 32, 3)
        self.norm = nn.BatchNorm2d(3000)
        self.scale = nn.Parameter(torch.full((4,), 0.3))
        deep = nn.Sequential(nn.Conv2d(32, 32, 3), nn.Sequential(nn.Linear(40, 200), nn.BatchNorm1d(3000)))
        self.inner = nn.ModuleDict({"deep": deep})


def _zoo() -> nn.Module:
    """Every kind of layer at several depths, with gains, shifts and statistics that are not the default ones."""
    layers = {
        "project": nn.Linear(40, 200),
        "norm": nn.BatchNorm1d(3000),
        "conv": nn.Conv2d(32, 32, 3),
        "up": nn.ConvTranspose2d(32, 32, 3, bias=False),
        "plain_norm": nn.BatchNorm2d(8, affine=False),
        "block": ConvBlock(),
        "embedding": nn.Embedding(50, 20),
        "group_norm": nn.GroupNorm(2, 8),
        "layer_norm": nn.LayerNorm(8),
        "slope": nn.PReLU(),
    }
    net = nn.Sequential(OrderedDict(layers))
    with torch.no_grad():
        for layer in net.modules():
            if isinstance(layer, NORMALISING):
                layer.running_mean.fill_(0.3)
                layer.num_batches_tracked.fill_(7)
                if layer.affine:
                    layer.weight.fill_(3.0)
                    layer.bias.fill_(0.5)
            elif isinstance(layer, nn.GroupNorm | nn.LayerNorm):
                layer.weight.fill_(0.7)
                layer.bias.fill_(0.6)
    net.block.inner["deep"][0].weight.requires_grad_(False)
    return net


def check_dcgan_init(answer: Attempt) -> None:
    """Every layer's new law, what must stay, the same objects and flags, fresh numbers, one layer alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        net = _zoo()
        before, objects = copy.deepcopy(net), dict(net.named_parameters())
        _initialise(answer, net, before)
        for name, p in net.named_parameters():
            if p is not objects[name]:
                raise Wrong(
                    f"{name} is a new Parameter: fill the old one in place (nn.init), or an optimiser made before "
                    "goes on moving the old one"
                )
            if p.requires_grad != before.get_parameter(name).requires_grad:
                raise Wrong(f"requires_grad of {name} was {not p.requires_grad} and is {p.requires_grad} now")
        _check_reached(net, before)
        for name, layer in _chosen(net):
            _check_law(name, layer)
        for name, layer in _chosen(net):
            _check_bias(name, layer)
        _check_rest(net, before)
        if torch.equal(net.conv.weight, net.block.inner["deep"][0].weight):
            raise Wrong("two layers of the same shape got the same numbers: no seed inside your function")
        if not all(module.training for module in net.modules()):
            raise Wrong("the network came in training mode and your function put it in eval mode")
        other, third = _zoo().eval(), _zoo()
        torch.manual_seed(2)
        _initialise(answer, other, copy.deepcopy(other))
        _initialise(answer, third, copy.deepcopy(third))
        if torch.equal(third.conv.weight, other.conv.weight):
            raise Wrong("a second network got the same numbers: no seed inside your function")
        torch.manual_seed(2)
        _initialise(answer, third, copy.deepcopy(third))
        if not torch.equal(third.conv.weight, other.conv.weight):
            raise Wrong(
                "after torch.manual_seed(2) your function gave other numbers than the last time: draw from torch's "
                "global random state"
            )
        if any(module.training for module in other.modules()):
            raise Wrong("the network came in eval mode and your function put it in training mode")
        alone = nn.Linear(40, 200)
        _initialise(answer, alone, copy.deepcopy(alone))
        _check_law("a net that is one Linear layer", alone)
        _check_bias("a net that is one Linear layer", alone)


def _same(a: nn.Module, b: nn.Module) -> bool:
    return all(
        torch.equal(x, y) for x, y in zip(a.state_dict().values(), b.state_dict().values(), strict=True)
    )


def _initialise(answer: Attempt, net: nn.Module, before: nn.Module) -> None:
    try:
        result = answer(net)
    except ToDo:
        if not _same(net, before):
            raise Wrong("your function returns nothing: end it with `return net`") from None
        raise
    if result is not net:
        copied = isinstance(result, nn.Module) and _same(net, before)
        what = (
            "a copy was initialised, the network you were given is as it was"
            if copied
            else "return `net` itself"
        )
        raise Wrong(f"{what}: initialise in place")


def _chosen(net: nn.Module) -> list[tuple[str, nn.Module]]:
    """The layers that must be initialised, by name."""
    found = []
    for name, layer in net.named_modules():
        if isinstance(layer, WEIGHTED) or (isinstance(layer, NORMALISING) and layer.affine):
            found.append((name, layer))
    return found


def _check_reached(net: nn.Module, before: nn.Module) -> None:
    """Every chosen layer has a new weight; if not, say what those left out have in common."""
    layers = dict(_chosen(net))
    left = {name for name in layers if torch.equal(layers[name].weight, before.get_submodule(name).weight)}
    if not left:
        return
    if len(left) == len(layers):
        raise Wrong(
            "no weight has changed: does your function reach the layers (net.modules(), net.apply), and fill their "
            "weights in place?"
        )
    nested = {name for name in layers if "." in name}
    if left == nested:
        raise Wrong(
            f"only the layers at the top were initialised, not {', '.join(sorted(left))}: net.modules() or "
            "net.apply go all the way down, net.children() does not"
        )
    for kind in (nn.Linear, nn.ConvTranspose2d, nn.Conv2d, nn.BatchNorm1d, nn.BatchNorm2d):
        of_kind = {name for name in layers if isinstance(layers[name], kind)}
        if of_kind <= left:
            hint = 'find("Conv") on the class name does not find it; ' if kind is nn.Linear else ""
            raise Wrong(
                f"no {kind.__name__} layer was initialised: {hint}which layers does your condition choose?"
            )
    if left == {"block.up"}:
        raise Wrong(
            "block.up, an instance of a subclass of ConvTranspose2d, keeps its weight: ask isinstance, not the class "
            "name"
        )
    raise Wrong(f"these layers keep their old weights: {', '.join(sorted(left))}")


def _check_law(name: str, layer: nn.Module) -> None:
    weight = layer.weight.detach().flatten()
    mean, std = weight.mean().item(), weight.std().item()
    kind, centre = type(layer).__name__, 1.0 if isinstance(layer, NORMALISING) else 0.0
    said = f"{name} ({kind}): weights with mean {mean:.4f} and standard deviation {std:.4f}"
    if abs(std - 0.02) > 2e-3:
        slips = {
            "0.02 is the standard deviation, not the variance": 0.02**0.5,
            "0.02 is the standard deviation already, do not square it": 0.0004,
            "the gains are constant: they are drawn from N(1, 0.02)": 0.0,
        }
        slip = next((slip for slip, value in slips.items() if abs(std - value) < 0.04 * value + 1e-6), None)
        raise Wrong(f"{said}: {slip or 'the standard deviation must be 0.02'}")
    if abs(mean - centre) > 2e-3:
        if centre and abs(mean) < 0.05:
            raise Wrong(
                f"{said}: the gain of batch norm is drawn around 1; around 0 it would silence the layer"
            )
        raise Wrong(f"{said}: the mean must be {centre:.0f}")
    if (weight - centre).abs().max() < 0.05:
        raise Wrong(
            f"{said}, but none beyond 2.5 standard deviations: a uniform or cut-off law, not a normal one"
        )


def _check_bias(name: str, layer: nn.Module) -> None:
    if layer.bias is not None and layer.bias.abs().max() > 0:
        raise Wrong(f"the bias of {name} ({type(layer).__name__}) is not 0")


def _check_rest(net: nn.Module, before: nn.Module) -> None:
    """Buffers, other layers and bare parameters are as they were."""
    mine = {f"{name}.{part}" for name, _ in _chosen(net) for part in ("weight", "bias")}
    old = before.state_dict()
    for name, value in net.state_dict().items():
        if name not in mine and not torch.equal(value, old[name]):
            if "running" in name or "tracked" in name:
                raise Wrong(f"{name} changed: that is a statistic of batch norm, not a weight")
            raise Wrong(
                f"{name} changed: only Conv2d, ConvTranspose2d, Linear and BatchNorm layers are to be initialised"
            )
