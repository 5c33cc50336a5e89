"""Task `generator`: a DCGAN generator of any size, judged by what its layers do."""

from __future__ import annotations

import math
from functools import partial
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from gan_course.exercises.checking import Wrong, rows
from gan_course.grading.checks.dcgan_celeba.layers import (
    as_maps,
    check_normed,
    check_outside,
    check_registered,
    check_shape,
    check_use,
    first_that_holds,
    fit,
    inner_inputs,
    near,
    output,
    outputs,
    standard,
)
from gan_course.grading.checks.dcgan_celeba.recording import Recorder, plan_of, watch

KERNEL_SIDE = (Recorder, plan_of, watch)


def draw(rng: torch.Generator) -> dict[str, Any]:
    """Small networks, 16 pixels in default channels and 32 in others, with their z; large ones for their plans."""

    def integer(low: int, high: int) -> int:
        return int(torch.randint(low, high + 1, (), generator=rng))

    nets = []
    for size, channels in ((16, None), (32, integer(1, 2))):
        latent, n = integer(5, 12), integer(6, 8)
        z, other = torch.randn(n, latent, generator=rng), 3 * torch.randn(n, latent, generator=rng) + 0.5
        nets.append(
            {"size": size, "width": integer(2, 4), "channels": channels, "z": z, "other": other}
            | {"seed": integer(0, 2**31)}
        )
    large = [
        {"size": size, "width": integer(1, 2), "channels": integer(1, 4)}
        | {"z": torch.randn(2, integer(3, 9), generator=rng)}
        for size in (64, 128)
    ]
    return {"nets": nets, "large": large}


def observe(case: dict[str, Any], build_generator: Any) -> dict[str, Any]:
    seen = []
    for net in case["nets"]:
        # Channels are left to their default, 3, in one of the two networks.
        channels = () if net["channels"] is None else (net["channels"],)
        G = build_generator(net["z"].shape[1], net["size"], net["width"], *channels)
        seen.append(watch(G, net["z"], net["other"], net["seed"]))
    plans = []
    for net in case["large"]:
        G = build_generator(net["z"].shape[1], net["size"], net["width"], net["channels"])
        plans.append(plan_of(G, net["z"]))
    return {"nets": seen, "large": plans}


def judge(case: dict[str, Any], seen: dict[str, Any]) -> None:
    for net, found in zip(case["nets"], seen["nets"], strict=True):
        channels = net["channels"] or 3
        said = _said(net, channels)
        shape = (len(net["z"]), channels, net["size"], net["size"])
        check_outside("G", said, found, shape)
        _check_plan(said, found["layers"], net["size"], net["width"])
        check_registered("G", found)
        _check_layers(net, found, shape)
        check_use("G", "z", found)
    for net, found in zip(case["large"], seen["large"], strict=True):
        said = _said(net, net["channels"])
        check_shape("G", said, found["shape"], (2, net["channels"], net["size"], net["size"]))
        _check_plan(said, found["layers"], net["size"], net["width"])


def _said(net: dict[str, Any], channels: int) -> str:
    """The call, for messages."""
    return f"latent={net['z'].shape[1]}, size={net['size']}, width={net['width']}, channels={channels}"


def _check_plan(case: str, layers: list[dict[str, Any]], size: int, width: int) -> None:
    """One projection, then one transposed convolution per doubling, with the numbers of maps asked for."""
    doublings = round(math.log2(size / 4))
    if not layers:
        raise Wrong("no layer with weights runs in G: a projection and transposed convolutions were expected")
    ops = [layer["op"] for layer in layers[1:]]
    if "linear" in ops:
        raise Wrong(
            f"{case}: a second linear layer runs in G: no fully connected hidden layers, only the projection"
        )
    if "conv2d" in ops:
        raise Wrong(f"{case}: an ordinary convolution runs in G: each doubling is one transposed convolution")
    if len(ops) != doublings:
        raise Wrong(
            f"{case}: {len(ops)} transposed convolutions after the first layer, expected {doublings}: from 4 to "
            f"{size} pixels, after a projection to 4×4 maps"
        )
    ups = layers[1:]
    sides = [layer["x_shape"][-1] for layer in ups]
    if sides != [4 * 2**k for k in range(doublings)]:
        raise Wrong(
            f"{case}: the transposed convolutions get maps of sides {sides}: start at 4 and double with each"
        )
    maps = [layer["x_shape"][1] for layer in ups]
    right = [width * 2**k for k in reversed(range(doublings))]
    if maps != right:
        hint = (
            "they halve towards the output"
            if maps == right[::-1]
            else "`width` maps come before the last layer"
        )
        raise Wrong(
            f"{case}: the transposed convolutions get {maps} maps, expected {right}: {hint}, "
            "twice as many one layer below"
        )
    for layer in ups:
        kernel = layer["weight_shape"][2:]
        if layer["stride"] != [2, 2] or kernel not in ([4, 4], [5, 5]):
            raise Wrong(
                f"{case}: a transposed convolution has kernel {kernel} and stride {layer['stride']}: kernel 4 or 5 and "
                "stride 2 were asked"
            )


def _check_layers(net: dict[str, Any], seen: dict[str, Any], shape: tuple[int, ...]) -> None:
    """From the case's own z, layer by layer, to the images."""
    z = [net[name].double() for name in ("z", "other", "other")]
    given = rows(seen["first"][0]["x"].flatten(1), tuple(z[0].shape))
    if not near(given, z[0]):
        raise Wrong("what reaches the projection is not z itself: nothing comes before it")
    inputs = inner_inputs(seen)
    projection, *ups = seen["first"]
    given = [x.reshape(len(x), *projection["x_shape"][1:]) for x in z]
    flat = [x.flatten(1) for x in outputs(projection, given)]
    maps = inputs[0][0].shape[1]
    if flat[0].shape[1] != 16 * maps:
        raise Wrong(
            f"the projection gives {flat[0].shape[1]} numbers per sample; {maps} maps of 4×4 are {16 * maps}"
        )
    place = "after the projection"
    # Batch norm per map, as layers have it, or per number, as in the authors' code; maps in either layout.
    first_that_holds(
        [
            partial(check_normed, place, list(before), inputs[0], 0.0, dims)
            for dims in ((0, 2, 3), (0,))
            for before in zip(*(as_maps(x, maps) for x in flat), strict=True)
        ]
    )
    for i, ((layer, x), (_, after)) in enumerate(pairwise(zip(ups, inputs, strict=True)), 1):
        place = f"after transposed convolution {i} of {len(ups)}"
        check_normed(place, outputs(layer, x), after, 0.0)
    _name_last(output(ups[-1], inputs[-1][0]), rows(seen["out"], shape))


def _name_last(before: Tensor, out: Tensor) -> None:
    """Whether the images are tanh of the last layer; if not, what else they are."""
    if before.shape == out.shape and torch.allclose(out, before.tanh(), atol=1e-4):
        return
    if near(out, out[:1].expand_as(out)):
        raise Wrong("all images of the batch are one and the same: G makes an image of every row of z")
    slips = {
        "nothing follows the last layer: tanh, so that images lie in (-1, 1)": before,
        "a sigmoid follows the last layer and images lie in (0, 1): tanh was asked": before.sigmoid(),
        "a ReLU follows the last layer, so half of the range is lost: tanh was asked": before.relu(),
        "a ReLU comes before tanh, so that no pixel is darker than 0": before.relu().tanh(),
        "the last layer is cut off at ±1 instead of tanh: no gradient beyond": before.clamp(-1, 1),
        "the images are scaled to (0, 1) after tanh: leave them in (-1, 1)": (before.tanh() + 1) / 2,
        "the output is 2·sigmoid(x) - 1, which is tanh(x/2): tanh was asked": (before / 2).tanh(),
        "tanh runs twice": before.tanh().tanh(),
    }
    for slip, value in slips.items():
        if near(out, value):
            raise Wrong(slip)
    # A batch norm's gain and shift are read off the pixels that tanh has not flattened.
    h = standard(before, (0, 2, 3))
    gain, shift = fit(h, out.clamp(-0.999, 0.999).atanh(), out.abs() < 0.999, (0, 2, 3))
    if near(out, (gain * h + shift).tanh()):
        raise Wrong("batch norm comes between the last layer and tanh: G's output layer has none")
    if near(standard(out, (0, 2, 3)), h):
        raise Wrong("batch norm follows the last layer and there is no tanh: G's output layer is tanh alone")
    raise Wrong("G's output is not tanh of the last transposed convolution: something else comes in between")
