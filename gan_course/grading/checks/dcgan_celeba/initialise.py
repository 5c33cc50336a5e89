"""Task `initialise`: the law of every weight of a network, read off enough of them, and what must stay.

Every judged weight has 1,500 entries or more. Bounds lie 6.5 standard errors from the right value, so a right answer
is refused less than once in 10^8 weights.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

from gan_course.exercises.checking import Wrong, rows

STD = 0.02
WEIGHTED = ("project", "conv", "block.up", "block.up.skip", "block.inner.deep.0", "block.inner.deep.1.0")
NORMALISING = ("norm", "block.norm", "block.inner.deep.1.1")
ERRORS = 6.5  # allowed distance, in standard errors


class UpBlock(nn.ConvTranspose2d):
    """A layer of one's own: it is a ConvTranspose2d, whatever its class name says, and holds another layer."""

    def __init__(self, maps: int, wide: int) -> None:
        super().__init__(maps, maps + 1, 3)
        self.skip = nn.Linear(wide, 52)


class BatchNormOfOnesOwn(nn.BatchNorm2d):
    """The same for batch norm."""


class ConvBlock(nn.Module):
    """A module whose name says Conv, with no weight of its own, but layers, and layers within layers."""

    def __init__(self, size: dict[str, int]) -> None:
        super().__init__()
        a = size["maps"]
        self.up = UpBlock(a, size["wide"])
        self.norm = BatchNormOfOnesOwn(size["norms"])
        self.scale = nn.Parameter(torch.full((4,), size["mark"] / 10))
        deep = nn.Sequential(nn.Linear(size["wide"], 50), nn.BatchNorm1d(size["norms"] + 1))
        self.inner = nn.ModuleDict({"deep": nn.Sequential(nn.Conv2d(a + 1, a, 3), deep)})


class Zoo(nn.Module):
    """Every kind of layer, at several depths, with gains, shifts and statistics that are not the usual ones."""

    def __init__(self, size: dict[str, int]) -> None:
        super().__init__()
        mark, a = size["mark"], size["maps"]
        self.project = nn.Linear(size["wide"], 51)
        self.norm = nn.BatchNorm2d(size["norms"] + 2)
        self.conv = nn.Conv2d(a, a, 3)
        self.twin = nn.ConvTranspose2d(a, a, 3, bias=False)
        self.plain_norm = nn.BatchNorm2d(8, affine=False)
        self.block = ConvBlock(size)
        self.embedding = nn.Embedding(5, 4)
        self.conv1d, self.conv3d = nn.Conv1d(3, 4, 3), nn.Conv3d(2, 3, 2)
        self.up1d = nn.ConvTranspose1d(3, 4, 3)
        self.group_norm, self.layer_norm = nn.GroupNorm(2, 8), nn.LayerNorm(8)
        self.norm3d = nn.BatchNorm3d(8)
        self.instance_norm = nn.InstanceNorm2d(8, affine=True, track_running_stats=True)
        with_statistics = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.InstanceNorm2d)
        self.slope = nn.PReLU()
        with torch.no_grad():
            for layer in self.modules():
                if isinstance(layer, with_statistics):
                    layer.running_mean.fill_(mark / 7)
                    layer.running_var.fill_(mark / 5)
                    layer.num_batches_tracked.fill_(mark)
                if (
                    isinstance(layer, (*with_statistics, nn.GroupNorm, nn.LayerNorm))
                    and layer.weight is not None
                ):
                    layer.weight.fill_(mark)
                    layer.bias.fill_(mark / 3)
        self.block.inner["deep"][0].weight.requires_grad_(False)
        self.block.inner["deep"][1].eval()


KERNEL_SIDE = (UpBlock, BatchNormOfOnesOwn, ConvBlock, Zoo)


def draw(rng: torch.Generator) -> dict[str, Any]:
    """Sizes of the layers, a number that marks what must stay, and two seeds."""

    def integer(low: int, high: int) -> int:
        return int(torch.randint(low, high + 1, (), generator=rng))

    size = {
        "maps": integer(13, 15),
        "norms": integer(1500, 1600),
        "wide": integer(31, 36),
        "mark": integer(3, 9),
    }
    return {"size": size, "seed": integer(0, 2**31)}


def observe(case: dict[str, Any], initialise: Any) -> dict[str, Any]:
    def start(net: nn.Module) -> dict[str, Tensor]:
        return {name: p.detach().flatten()[:8].clone() for name, p in net.named_parameters()}

    def state(net: nn.Module) -> dict[str, Any]:
        return {
            "modes": [module.training for module in net.modules()],
            "flags": {name: p.requires_grad for name, p in net.named_parameters()},
        }

    torch.manual_seed(case["seed"])
    net = Zoo(case["size"])
    before, objects, were = start(net), dict(net.named_parameters()), state(net)
    rest = {name: value.clone() for name, value in net.state_dict().items() if value.numel() < 64}
    torch.manual_seed(case["seed"] + 1)
    returned = initialise(net)
    seen = {
        "returned": "net" if returned is net else type(returned).__name__,
        "before": before,
        # What the parameters that the network had at first hold now: an optimiser would know only these.
        "after": {name: p.detach().clone() for name, p in objects.items()},
        "buffers": {name: value.clone() for name, value in net.named_buffers()},
        "rest": rest,
        "replaced": sorted(name for name, p in net.named_parameters() if p is not objects.get(name)),
        "states": [were, state(net)],
    }
    initialise(net)
    seen["second"] = start(net)
    torch.manual_seed(case["seed"] + 1)
    initialise(net)
    seen["repeated"] = start(net)
    # A single layer is a network too.
    layer = nn.Linear(40, 40)
    initialise(layer)
    return seen | {"layer": layer.weight.detach().clone()}


def judge(case: dict[str, Any], seen: dict[str, Any]) -> None:
    _check_object(seen)
    with torch.random.fork_rng(devices=[]):
        zoo = Zoo(case["size"])
    shapes = {name: tuple(p.shape) for name, p in zoo.named_parameters()}
    after = {name: rows(seen["after"][name], shape) for name, shape in shapes.items()}
    _check_reached({name: seen["before"][name] for name in shapes}, after)
    drawn = [*WEIGHTED, "twin", *NORMALISING]
    for name in drawn:
        _check_law(name, type(zoo.get_submodule(name)).__name__, after[f"{name}.weight"])
    _check_shape_of_law(after)
    for name in drawn:
        bias = after.get(f"{name}.bias")
        if bias is not None and bias.abs().max() > 0:
            raise Wrong(f"the bias of {name} ({type(zoo.get_submodule(name)).__name__}) is not 0")
    _check_rest(zoo, seen, after, {f"{name}.{part}" for name in drawn for part in ("weight", "bias")})
    _check_draws(seen, after)
    _check_law("net itself, when it is a single layer", "Linear", rows(seen["layer"], (40, 40)))


def _check_object(seen: dict[str, Any]) -> None:
    if seen["returned"] == "NoneType":
        raise Wrong("your function returned nothing: initialise in place, and return net")
    if seen["returned"] != "net":
        raise Wrong(
            f"your function returned another {seen['returned']}: initialise in place and return net itself"
        )
    if seen["replaced"]:
        raise Wrong(
            f"{seen['replaced'][0]} is a new Parameter: fill the old one in place (nn.init does), or an optimiser made "
            "before goes on moving the old one"
        )


def _check_reached(before: dict[str, Tensor], after: dict[str, Tensor]) -> None:
    """Every layer has new weights; if not, say what those left out have in common."""
    names = [*WEIGHTED, "twin", *NORMALISING]
    left = {
        n for n in names if torch.equal(after[f"{n}.weight"].flatten()[:8], before[f"{n}.weight"].double())
    }
    if not left:
        return
    if len(left) == len(names):
        raise Wrong(
            "no weight has changed: does your function reach the layers, and fill their weights in place?"
        )
    if left == {n for n in names if "." in n}:
        raise Wrong(
            "only the layers at the top were initialised: net.modules() or net.apply go all the way down, "
            "net.children() does not"
        )
    if left == {n for n in names if n.count(".") > 1}:
        raise Wrong(
            "only two levels of layers were initialised: net.modules() or net.apply go all the way down"
        )
    kinds = {
        "no Linear layer was": {"project", "block.inner.deep.1.0", "block.up.skip"},
        "no ConvTranspose2d layer was": {"twin", "block.up"},
        "no Conv2d layer was": {"conv", "block.inner.deep.0"},
        "no BatchNorm layer was": set(NORMALISING),
        "no BatchNorm1d layer was": {"block.inner.deep.1.1"},
        "an instance of a subclass of ConvTranspose2d was not": {"block.up"},
        "an instance of a subclass of BatchNorm2d was not": {"block.norm"},
        "instances of subclasses (of ConvTranspose2d and of BatchNorm2d) were not": {
            "block.up",
            "block.norm",
        },
        "a layer inside another layer (a Linear in a subclass of ConvTranspose2d) was not": {"block.up.skip"},
        "a layer with requires_grad False was not": {"block.inner.deep.0"},
    }
    for said, group in kinds.items():
        if group == left:
            raise Wrong(f"{said} initialised: which layers does your condition choose?")
    raise Wrong(f"these layers keep their old weights: {', '.join(sorted(left))}")


def _check_law(name: str, kind: str, weight: Tensor) -> None:
    """Mean and standard deviation of one weight."""
    n, mean, std = weight.numel(), float(weight.mean()), float(weight.std())
    centre = 1.0 if kind.startswith("BatchNorm") else 0.0
    said = f"{name} ({kind}): weights with mean {mean:.4f} and standard deviation {std:.4f}"
    if abs(std - STD) > ERRORS * STD / math.sqrt(2 * n):
        slips = {
            "0.02 is the standard deviation, not the variance": math.sqrt(STD),
            "0.02 is the standard deviation already, do not square it": STD**2,
            "a uniform law between -0.02 and 0.02 is narrower than N(0, 0.02²)": STD / math.sqrt(3),
        }
        slip = next((slip for slip, value in slips.items() if abs(std - value) < 0.06 * value), None)
        if std < 1e-6:
            slip = f"all are the same; the gains of batch norm are drawn from N(1, {STD}²) too"
        raise Wrong(f"{said}: {slip or f'the standard deviation must be {STD}'}")
    if abs(mean - centre) > ERRORS * STD / math.sqrt(n):
        if centre and abs(mean) < 0.05:
            raise Wrong(f"{said}: the gain of batch norm is drawn around 1; around 0 it silences the layer")
        raise Wrong(f"{said}: the mean must be {centre:.0f}")


def _check_shape_of_law(after: dict[str, Tensor]) -> None:
    """The fourth moment over all weights tells a normal law (3) from a uniform one (1.8) or one cut off (2.4)."""
    names = [*WEIGHTED, "twin", *NORMALISING]
    all_weights = torch.cat(
        [(w - w.mean()) / w.std() for w in (after[f"{n}.weight"].flatten() for n in names)]
    )
    fourth = float(all_weights.pow(4).mean())
    if abs(fourth - 3) > ERRORS * math.sqrt(24 / all_weights.numel()):
        raise Wrong(
            f"the standard deviations are right, but the law is not normal (fourth moment {fourth:.2f}, expected 3): "
            "nn.init.normal_ or tensor.normal_ draws from N"
        )


def _check_rest(zoo: nn.Module, seen: dict[str, Any], after: dict[str, Tensor], drawn: set[str]) -> None:
    """Buffers, other layers, bare parameters, flags and modes are as they were."""
    for name, right in zoo.named_buffers():
        found = seen["buffers"].get(name)
        if not (isinstance(found, Tensor) and torch.equal(found, right)):
            raise Wrong(f"{name} changed: that is a statistic of batch norm, not a weight")
    for name, value in after.items():
        if name not in drawn and not torch.equal(value, rows(seen["rest"][name], tuple(value.shape))):
            raise Wrong(
                f"{name} changed: only Conv2d, ConvTranspose2d, Linear and BatchNorm1d or BatchNorm2d layers are to be "
                "initialised"
            )
    were, are = seen["states"]
    if were["modes"] != are["modes"]:
        raise Wrong("a layer is in another mode (training or eval) than before your function")
    for name, flag in were["flags"].items():
        if are["flags"].get(name) != flag:
            raise Wrong(f"requires_grad of {name} was {flag} and is not any more: leave it as it is")


def _check_draws(seen: dict[str, Any], after: dict[str, Tensor]) -> None:
    """Fresh numbers for every layer and every call, from torch's global generator."""
    first = {name: value.flatten()[:8] for name, value in after.items()}
    second, repeated = ({name: seen[key][name].double() for name in after} for key in ("second", "repeated"))
    if torch.equal(first["conv.weight"], first["twin.weight"]):
        raise Wrong("two layers of one shape got the same numbers: no seed inside your function")
    for n in (*WEIGHTED, *NORMALISING):
        name = f"{n}.weight"
        if torch.equal(first[name], second[name]):
            raise Wrong(
                "a second call gave the same numbers: no seed inside your function, every call draws afresh"
            )
        if not torch.equal(first[name], repeated[name]):
            raise Wrong(
                "after torch.manual_seed your function gave other numbers than the last time with that seed: draw "
                "from torch's global generator"
            )
