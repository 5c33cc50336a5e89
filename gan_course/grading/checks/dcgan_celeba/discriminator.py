"""Task `discriminator`: a DCGAN discriminator of any size, judged by what its layers do."""

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
    check_plain,
    check_registered,
    check_shape,
    check_use,
    first_that_holds,
    inner_inputs,
    near,
    output,
    outputs,
)
from gan_course.grading.checks.dcgan_celeba.recording import Recorder, plan_of, watch

KERNEL_SIDE = (Recorder, plan_of, watch)
SLOPE = 0.2


def draw(rng: torch.Generator) -> dict[str, Any]:
    """Small networks, 16 pixels in default channels and 32 in others, with images; large ones for their plans."""

    def integer(low: int, high: int) -> int:
        return int(torch.randint(low, high + 1, (), generator=rng))

    nets = []
    for size, channels in ((16, 3), (32, integer(1, 2))):
        shape = (integer(6, 8), channels, size, size)
        x, other = (torch.randn(shape, generator=rng).mul(scale).tanh() for scale in (0.4, 2.0))
        nets.append({"width": integer(2, 4), "x": x, "other": other, "seed": integer(0, 2**31)})
    large = []
    for size in (64, 128):
        x = torch.randn(2, integer(1, 3), size, size, generator=rng).tanh()
        large.append({"width": integer(1, 2), "x": x})
    return {"nets": nets, "large": large}


def observe(case: dict[str, Any], build_discriminator: Any) -> dict[str, Any]:
    seen = []
    for net in case["nets"]:
        _, channels, size, _ = net["x"].shape
        # Channels are left to their default, 3, in one of the two networks.
        D = build_discriminator(size, net["width"], *(() if channels == 3 else (channels,)))
        seen.append(watch(D, net["x"], net["other"], net["seed"]))
    plans = []
    for net in case["large"]:
        _, channels, size, _ = net["x"].shape
        plans.append(plan_of(build_discriminator(size, net["width"], channels), net["x"]))
    return {"nets": seen, "large": plans}


def judge(case: dict[str, Any], seen: dict[str, Any]) -> None:
    for net, found in zip(case["nets"], seen["nets"], strict=True):
        n, _, size, _ = net["x"].shape
        check_outside("D", _said(net), found, (n, 1))
        _check_plan(_said(net), found["layers"], size, net["width"])
        check_registered("D", found)
        _check_layers(net, found)
        check_use("D", "the images", found)
    for net, found in zip(case["large"], seen["large"], strict=True):
        check_shape("D", _said(net), found["shape"], (2, 1))
        _check_plan(_said(net), found["layers"], net["x"].shape[2], net["width"])


def _said(net: dict[str, Any]) -> str:
    """The call, for messages."""
    return f"size={net['x'].shape[2]}, width={net['width']}, channels={net['x'].shape[1]}"


def _check_plan(case: str, layers: list[dict[str, Any]], size: int, width: int) -> None:
    """One strided convolution per halving, with the numbers of maps asked for, and one layer from 4×4 to the logit."""
    halvings = round(math.log2(size / 4))
    if not layers:
        raise Wrong("no layer with weights runs in D: strided convolutions and a last layer were expected")
    *downs, last = layers
    if "conv_transpose2d" in [layer["op"] for layer in layers]:
        raise Wrong(f"{case}: a transposed convolution runs in D: strided convolutions halve the side")
    if "linear" in [layer["op"] for layer in downs]:
        raise Wrong(
            f"{case}: a hidden fully connected layer runs in D: the 4×4 maps go to the logit in one layer"
        )
    for layer in downs:
        kernel = layer["weight_shape"][2:]
        if layer["stride"] != [2, 2] or kernel not in ([4, 4], [5, 5]):
            raise Wrong(
                f"{case}: a convolution has kernel {kernel} and stride {layer['stride']}: kernel 4 or 5 and stride 2 "
                "were asked"
            )
    if len(downs) != halvings:
        raise Wrong(
            f"{case}: {len(downs)} convolutions before the last layer, expected {halvings}: from "
            f"{size} down to 4 pixels"
        )
    sides = [layer["x_shape"][-1] for layer in downs]
    if sides != [size // 2**k for k in range(halvings)]:
        raise Wrong(f"{case}: the convolutions get maps of sides {sides}: each halves the side exactly")
    maps = [layer["weight_shape"][0] for layer in downs]
    right = [width * 2**k for k in range(halvings)]
    if maps != right:
        hint = "they double towards the output" if maps == right[::-1] else "`width` maps after the first one"
        raise Wrong(
            f"{case}: the convolutions make {maps} maps, expected {right}: {hint}, twice as many with each further one"
        )
    inputs = math.prod(last["x_shape"][1:])
    if inputs != 16 * right[-1]:
        raise Wrong(
            f"{case}: the last layer gets {inputs} numbers per image, expected all {16 * right[-1]} of the 4×4 maps: "
            "flatten them, no average"
        )
    if math.prod(last["weight_shape"]) != inputs:
        raise Wrong(
            f"{case}: the last layer has weights {tuple(last['weight_shape'])}: one weight per map and place"
        )


def _check_layers(net: dict[str, Any], seen: dict[str, Any]) -> None:
    """From the case's own images, layer by layer, to the logits."""
    x = [net[name].double() for name in ("x", "other", "other")]
    if not near(rows(seen["first"][0]["x"], tuple(x[0].shape)), x[0]):
        raise Wrong(
            "what reaches the first convolution is not x itself: no batch norm, nothing comes before it"
        )
    *downs, last = seen["first"]
    *inner, ends = inner_inputs(seen)
    inputs = [x, *inner]
    for i, ((layer, before), (_, after)) in enumerate(pairwise(zip(downs, inputs, strict=True)), 1):
        outs = outputs(layer, before)
        if i == 1:
            check_plain("after the first convolution", outs[0], after[0], SLOPE)
        else:
            check_normed(f"after convolution {i} of {len(downs)}", outs, after, SLOPE)
    outs = outputs(downs[-1], inputs[-1])
    place = f"after convolution {len(downs)} of {len(downs)}"
    first_that_holds(
        [
            partial(check_normed, place, outs, list(after), SLOPE)
            for after in zip(*(as_maps(end.flatten(1), outs[0].shape[1]) for end in ends), strict=True)
        ]
    )
    logits = output(last, ends[0]).reshape(len(x[0]), -1)
    end = seen["second_end"]
    out, later = (rows(found, (len(x[0]), 1)) for found in (seen["out"], end["out"]))
    if last["bias"] is None:
        # a bias that is added by hand is the same number for all images, and in both batches
        shift = (out - logits).mean()
        if near(later - shift, output(end["layer"], ends[1]).reshape(len(later), -1)):
            logits = logits + shift
    _name_last(logits, out)


def _name_last(before: Tensor, out: Tensor) -> None:
    """Whether the logits are the last layer's output; if not, what else they are."""
    if before.shape == out.shape and torch.allclose(out, before, rtol=1e-4, atol=1e-4):
        return
    if near(out, before.sigmoid()):
        raise Wrong("a sigmoid follows the last layer: return logits, the loss takes care of the sigmoid")
    if near(out, out[:1].expand_as(out)):
        raise Wrong("all images of the batch get one and the same logit")
    for what, value in {
        "tanh": before.tanh(),
        "ReLU": before.relu(),
        "LeakyReLU": torch.nn.functional.leaky_relu(before, SLOPE),
        "a log-sigmoid": torch.nn.functional.logsigmoid(before),
    }.items():
        if near(out, value):
            raise Wrong(f"{what} follows the last layer: return its output as it is, the logit")
    if (before.std(0) > 0).all() and near(
        (out - out.mean(0)) / out.std(0), (before - before.mean(0)) / before.std(0)
    ):
        raise Wrong("batch norm or a scale follows the last layer: D's last layer has none")
    raise Wrong("the logits are not the output of the last layer: something else comes in between")
