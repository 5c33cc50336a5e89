"""Task `make_networks`: the same seed makes the same pair, and nobody else's random numbers change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from gan_course.exercises.checking import Wrong, rows


class Small(nn.Module):
    """A network with a weight that `init` fills and a code that it does not know, drawn when it is built."""

    def __init__(self, n: int) -> None:
        super().__init__()
        self.layer = nn.Linear(n, n)
        self.code = nn.Parameter(torch.randn(n))


KERNEL_SIDE = (Small,)


def draw(rng: torch.Generator) -> dict[str, Any]:
    """Sizes of G and D, the mean that `init` draws around, two seeds, and the state of the world around the calls."""

    def integer(low: int, high: int) -> int:
        return int(torch.randint(low, high + 1, (), generator=rng))

    g = integer(4, 9)
    seeds = [integer(1, 999), integer(1000, 1999)]
    return {
        "sizes": [g, g + integer(1, 4)],
        "mean": integer(20, 90),
        "seeds": seeds,
        "outer": integer(0, 2**31),
    }


def observe(case: dict[str, Any], make_networks: Any) -> dict[str, Any]:
    events = []

    def maker(name: str, n: int) -> Callable:
        def make() -> nn.Module:
            events.append(f"make_{name}")
            net = Small(n)
            net.name = name
            return net

        return make

    def init(net: nn.Module) -> nn.Module:
        events.append(f"init {getattr(net, 'name', type(net).__name__)}")
        with torch.no_grad():
            net.layer.weight.normal_(case["mean"], 1.0)
            net.layer.bias.fill_(case["mean"])
        return net

    def call(seed: int) -> dict[str, Any]:
        events.clear()
        pair = make_networks(maker("G", case["sizes"][0]), maker("D", case["sizes"][1]), init, seed)
        if pair is None:
            raise NotImplementedError
        kinds = (
            [type(net).__name__ for net in pair] if isinstance(pair, (tuple, list)) else type(pair).__name__
        )
        seen = {"kinds": kinds, "events": list(events)}
        if kinds == ["Small", "Small"]:
            seen["nets"] = [{name: p.detach().clone() for name, p in net.named_parameters()} for net in pair]
        return seen

    first, second = case["seeds"]
    torch.manual_seed(case["outer"])
    calls = [call(first)]
    around = torch.rand(4)  # depends on the outer seed alone, if the call left the global state as it was
    calls += [call(first), call(second), call(first), call(0)]
    between = torch.rand(4)  # the two calls with seed 0 find the world in different states
    calls += [call(0)]
    return {"calls": calls, "around": [around, between, torch.rand(4)]}


def judge(case: dict[str, Any], seen: dict[str, Any]) -> None:
    calls = seen["calls"]
    for call in calls:
        if call["kinds"] != ["Small", "Small"]:
            raise Wrong(f"return the pair (G, D), two networks; your function returned {call['kinds']}")
        _check_events(call["events"])
    nets = [[_weights(net, i, case) for i, net in enumerate(call["nets"])] for call in calls]
    for again in (nets[1], nets[3]):
        _check_same("the same seed", nets[0], again)
    _check_same("seed 0, a seed like any other,", nets[4], nets[5])
    if any(
        torch.equal(nets[0][i][part], other[i][part])
        for other in (nets[2], nets[4])
        for i in (0, 1)
        for part in ("layer.weight", "code")
    ):
        raise Wrong(
            "two different seeds gave the same weights: is the argument `seed` used, before all that is drawn?"
        )
    outer = torch.Generator().manual_seed(case["outer"])
    for found in seen["around"]:
        if not torch.equal(rows(found, (4,)), torch.rand(4, generator=outer).double()):
            raise Wrong(
                "torch's global random state is not what it was before the call: whoever draws next gets other "
                "numbers; torch.random.fork_rng() gives it back"
            )


def _check_events(events: list[str]) -> None:
    """Each network is made once and initialised once, afterwards."""
    for name in "GD":
        made, init = events.count(f"make_{name}"), events.count(f"init {name}")
        if made != 1:
            raise Wrong(f"make_{name} was called {made} times: once, with no arguments")
        if init != 1:
            raise Wrong(f"init was applied to {name} {init} times, not once")
    if len(events) != 4:
        raise Wrong(f"init was applied to something else than G and D: {', '.join(events)}")


def _weights(net: dict[str, Any], i: int, case: dict[str, Any]) -> dict[str, Tensor]:
    """The parameters of the i-th network; G is the first, and both carry the marks of `init`."""
    who, n = "GD"[i], case["sizes"][i]
    code = net.get("code")
    if isinstance(code, Tensor) and len(code) == case["sizes"][1 - i]:
        raise Wrong("G and D are exchanged: return (G, D)")
    found = {
        "layer.weight": rows(net["layer.weight"], (n, n)),
        "layer.bias": rows(net["layer.bias"], (n,)),
        "code": rows(code, (n,)),
    }
    if (
        not (found["layer.bias"] == case["mean"]).all()
        or (found["layer.weight"] - case["mean"]).abs().max() > 7
    ):
        raise Wrong(f"the weights of {who} are not those that init gave it")
    return found


def _check_same(seed: str, first: list[dict[str, Tensor]], again: list[dict[str, Tensor]]) -> None:
    """Two calls with one seed, in different states of the world, agree in all weights."""
    for who, old, new in zip("GD", first, again, strict=True):
        if not torch.equal(old["layer.weight"], new["layer.weight"]):
            raise Wrong(f"{seed} gave {who} other weights: set the seed inside, before anything is drawn")
        if not torch.equal(old["code"], new["code"]):
            raise Wrong(
                f"{seed} gave {who} the same layers, but another parameter that it draws when it is built "
                "changed: set the seed before make_G and make_D, not only before init"
            )
