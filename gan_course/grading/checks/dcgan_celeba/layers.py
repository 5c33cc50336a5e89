"""What the judges of the two networks share: layers that were recorded while they ran are recomputed.

In the kernel, a `Recorder` (recording.py) notes what every layer with weights was given. The judge computes the layer's
output from that, and asks whether what the *next* layer was given is batch norm and activation of it. So it does not
matter how a network is written down, only what it does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from gan_course.exercises.checking import Wrong, rows

SCALES = (1, 3, 1 / 30)  # weights of the three batches over those of the first, as in recording.watch
EPS = 2e-4  # 1e-4 is allowed; what is measured is within a few percent of the truth

# A network from the outside -----------------------------------------------------------------------


def check_outside(who: str, case: str, seen: dict[str, Any], shape: tuple[int, ...]) -> None:
    """What can be said before looking at layers: a network in training mode, sizes, no chance, no pooling."""
    if seen["kind"] != "network":
        raise Wrong(f"return a network (nn.Module), not {seen['kind']}")
    if not all(seen["modes"]):
        raise Wrong("the new network is in eval mode: return it in training mode, as torch makes it")
    check_shape(who, case, seen["shape"], shape)
    out = rows(seen["out"], shape)
    if not near(rows(seen["again"], (1, *shape[1:])), out[:1]):
        raise Wrong(f"the same input gave two different outputs: no dropout and no noise inside {who}")
    for word, rule in (
        ("dropout", "no dropout was asked for"),
        ("pool", "no pooling, strides do its work"),
        ("interpolate", "no upsampling, transposed convolutions do its work"),
        ("upsample", "no upsampling, transposed convolutions do its work"),
        ("pixel_shuffle", "no upsampling, transposed convolutions do its work"),
    ):
        ran = [name for name in seen["functions"] if word in name]
        if ran:
            raise Wrong(f"{ran[0]} runs in {who}: {rule}")


def check_shape(who: str, case: str, found: list[int], shape: tuple[int, ...]) -> None:
    """The shape of what comes out, with a hint if it is a usual slip."""
    if tuple(found) == shape:
        return
    hint = ""
    if len(shape) == 2 and found in ([shape[0]], [shape[0], 1, 1, 1]):
        hint = ": one column, (n, 1); flatten(1) or view(n, 1) makes it"
    elif len(shape) == 4 and len(found) == 4 and found[2:] != list(shape[2:]):
        hint = f": the side is 4 at first and doubles up to {shape[2]}"
    raise Wrong(f"{case}: {who} returned shape {tuple(found)}, expected {shape}{hint}")


def check_registered(who: str, seen: dict[str, Any]) -> None:
    """Every weight that was used is a parameter of the network itself."""
    if any("parametrizations" in name or name.endswith(("_orig", "_g")) for name in seen["gradients"]):
        raise Wrong(
            f"a weight of {who} is computed from others (spectral or weight norm): plain layers were asked"
        )
    if any(layer["owner"] is None for layer in seen["first"]):
        raise Wrong(
            f"a layer's weight is not among {who}.parameters(), so no optimiser would move it: register the layer "
            "(nn.Sequential, nn.ModuleList or an attribute, not a plain list)"
        )
    owners = [layer["owner"] for layer in seen["first"]]
    if len(set(owners)) < len(owners):
        raise Wrong(f"two layers of {who} share one weight: each has its own")


def check_use(who: str, what: str, seen: dict[str, Any]) -> None:
    """Gradients arrive everywhere, and in eval mode a sample does not depend on its neighbours."""
    for name, gradient in seen["gradients"].items():
        if not seen["trainable"][name]:
            raise Wrong(f"{name} is frozen (requires_grad False): every parameter of {who} is to be trained")
        if gradient is None:
            raise Wrong(
                f"no gradient reaches {name}: a detach or no_grad inside {who}, or a layer that is not used"
            )
    if not isinstance(seen["x_gradient"], Tensor) or not seen["x_gradient"].any():
        raise Wrong(f"no gradient reaches {what}: it is detached inside {who}")
    if not near(seen["alone"].double(), seen["together"].double()):
        raise Wrong(
            f"in eval mode what {who} makes of one sample changes with the rest of the batch: batch norm must use "
            "its running statistics there"
        )
    if torch.equal(seen["later"], seen["together"]):
        raise Wrong(
            f"training leaves no trace in {who}'s eval mode: batch norm has to keep running statistics"
        )


# Between two layers -----------------------------------------------------------------------------


def outputs(layer: dict[str, Any], inputs: list[Tensor]) -> list[Tensor]:
    """What a recorded layer made of the three batches; for two of them its weights were larger, and smaller."""
    return [output(layer, x, scale) for x, scale in zip(inputs, SCALES, strict=True)]


def output(layer: dict[str, Any], x: Tensor, scale: float = 1) -> Tensor:
    """What a recorded layer makes of x, computed again, with its weights times `scale`."""
    weight = layer["weight"].double() * scale
    bias = None if layer["bias"] is None else layer["bias"].double()
    if layer["op"] == "linear":
        return F.linear(x, weight, bias)
    if layer["op"] == "conv2d":
        return F.conv2d(x, weight, bias, layer["stride"], layer["padding"])
    return F.conv_transpose2d(x, weight, bias, layer["stride"], layer["padding"], layer["output_padding"])


def near(found: Tensor, right: Tensor) -> bool:
    """Whether two tensors agree within 0.2 percent on average and 2 percent anywhere, where `right` is not nan."""
    known = right.isfinite()
    if found.shape != right.shape or known.double().mean() < 0.5:
        return False
    error, size = (found - right)[known].abs(), right[known].abs()
    return bool(error.mean() <= 0.002 * size.mean() + 1e-7 and error.max() <= 0.02 * size.max() + 1e-6)


def inner_inputs(seen: dict[str, Any]) -> list[list[Tensor]]:
    """What every layer but the first was given, in each of the three batches."""
    given = zip(seen["first"][1:], seen["second"], seen["small"], strict=True)
    return [[rows(x, tuple(first["x_shape"])) for x in (first["x"], *others)] for first, *others in given]


def standard(x: Tensor, dims: tuple[int, ...]) -> Tensor:
    """Mean 0 and variance 1 over dims."""
    return (x - x.mean(dims, keepdim=True)) / x.var(dims, unbiased=False, keepdim=True).sqrt()


def fit(h: Tensor, y: Tensor, where: Tensor, dims: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """Gain and shift per map with which gain·h + shift is nearest to y at the given places; nan if they are too few."""
    weight = where.to(h.dtype)
    count = weight.sum(dims, keepdim=True)
    mean_h, mean_y = ((v * weight).sum(dims, keepdim=True) / count for v in (h, y))
    covariance = ((h - mean_h) * (y - mean_y) * weight).sum(dims, keepdim=True)
    spread = ((h - mean_h).square() * weight).sum(dims, keepdim=True)
    gain = torch.where((count < 2) | (spread < 1e-3 * count), torch.nan, covariance / spread)
    return gain, mean_y - gain * mean_h


def _slope(before: Tensor, after: Tensor) -> float:
    """Slope of the activation left of 0, if it is a leaky ReLU of `before`."""
    left = before.isfinite() & (before < 0)
    return float((after[left] * before[left]).sum() / before[left].square().sum().clamp(min=1e-12))


def _said(slope: float) -> str:
    if abs(slope) < 2e-3:
        return "ReLU"
    return "no activation" if abs(slope - 1) < 2e-3 else f"leaky ReLU with slope {slope:.2g}"


def check_plain(place: str, before: Tensor, after: Tensor, slope: float) -> None:
    """`after` must be the leaky ReLU of `before`, without a norm."""
    if near(after, F.leaky_relu(before, slope)):
        return
    found = _slope(before, after)
    if near(after, F.leaky_relu(before, found)):
        raise Wrong(f"{place} comes {_said(found)}: LeakyReLU({slope}) was asked")
    gain, shift = fit(standard(before, (0, 2, 3)), after, after > 0, (0, 2, 3))
    pre = gain * standard(before, (0, 2, 3)) + shift
    if near(after, F.leaky_relu(pre, _slope(pre, after))):
        raise Wrong(f"{place} comes batch norm: the layer at the input of D has none")
    raise Wrong(f"{place} comes something else than LeakyReLU({slope}), and only that belongs there")


def check_normed(
    place: str, before: list[Tensor], after: list[Tensor], slope: float, dims: tuple[int, ...] = (0, 2, 3)
) -> None:
    """`after` must be the (leaky) ReLU of batch norm of `before`, in three batches with the same gains and shifts.

    Gains and shifts are read off the first batch. That alone would not tell batch norm from none, since both are a
    gain and a shift per map; that they hold for the second batch, of other mean and variance, does. The third batch
    has so little variance that eps shows.
    """
    asked = f"LeakyReLU({slope})" if slope else "ReLU"
    h = [standard(x, dims) for x in before]
    gain, shift = fit(h[0], after[0], after[0] > 0, dims)
    pre = [gain * x + shift for x in h]
    if all(near(y, F.leaky_relu(x, slope)) for x, y in zip(pre[:2], after[:2], strict=True)):
        if (gain - 1).abs().nan_to_num().max() < 2e-3 and shift.abs().nan_to_num().max() < 2e-3:
            raise Wrong(
                f"{place} batch norm has no gain and shift to learn (affine=False): torch's default has both"
            )
        _check_eps(place, before[2], h[2], after[2], gain, dims)
        return
    found = _slope(before[0], after[0])
    if near(after[0], F.leaky_relu(before[0], found)):
        also = "" if abs(found - slope) < 2e-3 else f", and {_said(found)} where {asked} was asked"
        raise Wrong(f"{place} there is no batch norm{also}")
    found = _slope(pre[0], after[0])
    if all(near(y, F.leaky_relu(x, found)) for x, y in zip(pre[:2], after[:2], strict=True)):
        raise Wrong(f"{place} batch norm is followed by {_said(found)}: {asked} was asked")
    if near(after[0], F.leaky_relu(pre[0], found)):
        raise Wrong(
            f"{place} the scale of what comes in still shows after batch norm: is eps (the second argument of "
            "BatchNorm2d) small, and does it use the statistics of the batch in training mode?"
        )
    for other in {slope, 0.0, 0.2, 0.01}:
        early = standard(F.leaky_relu(before[0], other), dims)
        gain, shift = fit(early, after[0], torch.ones_like(early), dims)
        if near(after[0], gain * early + shift):
            raise Wrong(f"{place} the activation comes before batch norm: batch norm, then {asked}")
    # Instance norm, layer norm with a gain per map, layer norm with a gain per number.
    for inside, per in (((2, 3), dims), ((1, 2, 3), dims), ((1, 2, 3), (0,))):
        alone = standard(before[0], inside)
        gain, shift = fit(alone, after[0], after[0] > 0, per)
        if near(after[0], F.leaky_relu(gain * alone + shift, slope)):
            raise Wrong(
                f"{place} each image is normalised by itself: batch norm takes mean and variance over the batch"
            )
    raise Wrong(f"{place} comes something else than batch norm and {asked}, or something more")


def _check_eps(
    place: str, before: Tensor, h: Tensor, after: Tensor, gain: Tensor, dims: tuple[int, ...]
) -> None:
    """Batch norm shrinks a map of variance v by √(v / (v + eps)): eps, read off maps of little variance."""
    shrunk = fit(h, after, after > 0, dims)[0] / gain
    variance = before.var(dims, unbiased=False, keepdim=True)
    eps = float((variance * (shrunk**-2 - 1)).nanmedian())
    if eps > EPS:
        raise Wrong(f"{place} the eps of batch norm is about {eps:.1g}: at most 0.0001 was asked")


def first_that_holds(checks: list[Callable[[], None]]) -> None:
    """Raise what the first check raises, unless one of them holds."""
    mistakes = []
    for check in checks:
        try:
            return check()
        except Wrong as mistake:
            mistakes.append(mistake)
    raise mistakes[0]


def as_maps(flat: Tensor, maps: int) -> list[Tensor]:
    """The two ways in which (n, 16·maps) numbers are 4×4 maps: channels first, channels last."""
    n = len(flat)
    return [flat.reshape(n, maps, 4, 4), flat.reshape(n, 4, 4, maps).permute(0, 3, 1, 2)]
