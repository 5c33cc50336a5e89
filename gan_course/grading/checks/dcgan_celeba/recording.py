"""What the kernel notes of a network at work: every layer with weights, gradients, both modes.

This text is sent to the student's kernel, see KERNEL_SIDE in the checks of the two networks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn


class Recorder(torch.overrides.TorchFunctionMode):
    """Notes every layer with weights that runs while it is active; of other functions only the names."""

    def __init__(self, net: nn.Module, values: bool) -> None:
        super().__init__()
        self.arguments = {
            "linear": ("x", "weight", "bias"),
            "matmul": ("x", "weight"),
            "__matmul__": ("x", "weight"),
            "mm": ("x", "weight"),
            "addmm": ("bias", "x", "weight"),
            "conv2d": ("x", "weight", "bias", "stride", "padding"),
            "conv_transpose2d": ("x", "weight", "bias", "stride", "padding", "output_padding"),
        }
        lazy = nn.parameter.UninitializedParameter
        self.owners = {p.data_ptr(): name for name, p in net.named_parameters() if not isinstance(p, lazy)}
        self.values = values
        self.layers: list[dict[str, Any]] = []
        self.functions: set[str] = set()
        # by id: a tensor framed with zeros (kept, so that its id stays its own), what it was, rows and columns added
        self.framed: dict[int, tuple[Tensor, Tensor, list[int]]] = {}

    def __torch_function__(
        self, func: Callable, types: Any, args: tuple = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        name = getattr(func, "__name__", "")
        self.functions.add(name)
        if name in self.arguments:
            named = {"x" if key == "input" else key: value for key, value in kwargs.items()}
            self.note(name, {**dict(zip(self.arguments[name], args, strict=False)), **named})
        elif name == "einsum":
            self.note_einsum(*args)
        out = func(*args, **kwargs)
        if name == "pad":
            self.note_frame(out, *args, **kwargs)
        return out

    def note_frame(
        self, out: Tensor, input: Tensor, pad: Any, mode: str = "constant", value: float | None = None
    ) -> None:
        """Zeros around maps: `F.pad` before a convolution is the padding of that convolution."""
        if mode == "constant" and not value and len(pad) == 4 and pad[0] == pad[1] and pad[2] == pad[3]:
            self.framed[id(out)] = (out, input, [pad[2], pad[0]])

    def note_einsum(self, equation: Any, *operands: Any) -> None:
        """A sum of products of a batch and one parameter is a linear layer."""
        tensors = operands[0] if len(operands) == 1 and isinstance(operands[0], (list, tuple)) else operands
        terms, arrow, result = str(equation).replace(" ", "").partition("->")
        pairs = list(zip(terms.split(","), tensors, strict=False))
        if not arrow or len(pairs) != 2 or "." in terms:
            return
        if pairs[0][1].data_ptr() in self.owners:
            pairs.reverse()
        (left, x), (right, weight) = pairs
        summed = [axis for axis in left if axis in right and axis not in result]
        rows_, columns = ([a for a in one if a not in other] for one, other in ((left, right), (right, left)))
        if len(rows_) == 1 and summed and len(summed) + len(columns) == len(right):
            x = x.permute([left.index(axis) for axis in rows_ + summed]).flatten(1)
            flat = weight.permute([right.index(axis) for axis in columns + summed])
            flat = flat.reshape(-1, x.shape[1])  # (columns, summed), as nn.Linear keeps it
            self.note("linear", {"x": x, "weight": flat}, self.owners.get(weight.data_ptr()))

    def note(self, name: str, given: dict[str, Any], owner: str | None = None) -> None:
        """One layer: shapes, strides and the name of the parameter always, values if they are few."""
        x, weight, bias = given["x"], given["weight"], given.get("bias")
        owner = owner or self.owners.get(weight.data_ptr())
        frame = [0, 0]
        if name == "conv2d" and id(x) in self.framed:
            _, x, frame = self.framed[id(x)]
        if "conv" not in name:
            weight = weight if name == "linear" else weight.reshape(len(weight), -1).T
            name = "linear"
        layer = {"op": name, "owner": owner, "x_shape": list(x.shape), "weight_shape": list(weight.shape)}
        for key, usual in (("stride", 1), ("padding", 0), ("output_padding", 0)):
            value = given.get(key, usual)
            value = 0 if value == "valid" else value
            layer[key] = list(value) if isinstance(value, (tuple, list)) else [value, value]
        if frame != [0, 0]:
            layer["padding"] = [a + b for a, b in zip(layer["padding"], frame, strict=True)]
        if self.values and x.numel() + weight.numel() < 40_000:
            layer |= {"x": x.detach().clone(), "weight": weight.detach().clone()}
            layer["bias"] = None if bias is None else bias.detach().clone()
        self.layers.append(layer)


def plan_of(net: Any, x: Tensor) -> dict[str, Any]:
    """Which layers run, without their values: for the large sizes."""
    if net is None:
        raise NotImplementedError
    if not isinstance(net, nn.Module):
        return {"kind": type(net).__name__}
    with torch.no_grad(), Recorder(net, values=False) as recorder:
        out = net(x)
    return {"kind": "network", "layers": recorder.layers, "shape": list(getattr(out, "shape", []))}


def watch(net: Any, x: Tensor, other: Tensor, seed: int) -> dict[str, Any]:
    """One network at work: training on x, backwards, on another batch with larger and smaller weights, in eval mode.

    Its parameters get new values first, so that gains and shifts show and activations have something to do.
    """
    seen = plan_of(net, x)  # this call also gives lazy layers their sizes
    if seen["kind"] != "network":
        return seen
    seen["modes"] = [module.training for module in net.modules()]
    rng = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for p in net.parameters():
            noise = 0.3 * torch.randn(p.shape, generator=rng)
            p.copy_(3 * p + noise if p.squeeze().dim() < 2 else noise)
    with torch.no_grad(), Recorder(net, values=True) as recorder:
        seen["out"] = net(x).clone()
    seen |= {"first": recorder.layers, "functions": sorted(recorder.functions)}
    x = x.clone().requires_grad_()
    again = net(x)
    seen["again"] = again[:1].detach().clone()
    net.zero_grad()
    if again.requires_grad:
        again.square().sum().backward()
    seen["gradients"] = {
        name: None if p.grad is None else float(p.grad.abs().max()) for name, p in net.named_parameters()
    }
    seen["trainable"] = {name: p.requires_grad for name, p in net.named_parameters()}
    seen["x_gradient"] = None if x.grad is None else x.grad[:1].clone()
    with torch.no_grad():
        weights = [p for p in net.parameters() if p.squeeze().dim() > 1]
        for p in weights:
            p.mul_(3)
        with Recorder(net, values=True) as recorder:
            out = net(other).clone()
        seen["second"] = [layer.get("x") for layer in recorder.layers[1:]]
        seen["second_end"] = {"out": out, "layer": recorder.layers[-1] if recorder.layers else None}
        for p in weights:
            p.div_(90)  # 1/30 of what they were first: little variance, so that the eps of batch norm shows
        with Recorder(net, values=True) as recorder:
            net(other)
        seen["small"] = [layer.get("x") for layer in recorder.layers[1:]]
        for p in weights:
            p.mul_(30)
        net.eval()
        seen["together"], seen["alone"] = net(x)[:1].clone(), net(x[:1]).clone()
        net.train()(other)
        seen["later"] = net.eval()(x)[:1].clone()
    return seen
