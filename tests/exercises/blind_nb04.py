"""Answers by someone who had only read the exercises of notebook 04."""

import copy
import functools
import itertools
import math
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def doubling_searched(kernel):
    for padding, extra in itertools.product(range(kernel), (0, 1)):
        if all((n - 1) * 2 - 2 * padding + kernel + extra == 2 * n for n in (1, 2, 3)):
            return padding, extra
    raise ValueError("no pair")


def _stamps(x, weight, stride, padding, dtype=None, overwrite=False, cut=None):
    (n, _, h, w), (_, c_out, k, _) = x.shape, weight.shape
    canvas = torch.zeros(n, c_out, (h - 1) * stride + k, (w - 1) * stride + k, dtype=dtype or x.dtype)
    for i, j in itertools.product(range(h), range(w)):
        window = canvas[:, :, i * stride : i * stride + k, j * stride : j * stride + k]
        stamp = (x[:, :, i, j, None, None, None] * weight).sum(1)
        window.copy_(stamp) if overwrite else window.add_(stamp)
    return cut(canvas) if cut else F.pad(canvas, [-padding] * 4)


def stamps_by_fold(x, weight, stride, padding, transpose=False):
    (_, c_in, h, w), k = x.shape, weight.shape[-1]
    matrix = (weight.mT if transpose else weight).reshape(c_in, -1)
    columns = matrix.T @ x.flatten(2)
    size = ((h - 1) * stride - 2 * padding + k, (w - 1) * stride - 2 * padding + k)
    return F.fold(columns, size, k, padding=padding, stride=stride)


def stamps_by_selection(x, weight, stride, padding):
    k = weight.shape[-1]

    def select(n):
        size = (n - 1) * stride - 2 * padding + k
        rows = torch.arange(n)[:, None, None] * stride + torch.arange(k)[None, :, None] - padding
        return (rows == torch.arange(size)).to(x.dtype)

    by_rows = torch.einsum("ncij,coab,iah->nojbh", x, weight, select(x.shape[2]))
    return torch.einsum("nojbh,jbw->nohw", by_rows, select(x.shape[3]))


def stamps_by_stuffing(x, weight, stride, padding):
    (n, c_in, h, w), k = x.shape, weight.shape[-1]
    stuffed = x.new_zeros(n, c_in, (h - 1) * stride + 1, (w - 1) * stride + 1)
    stuffed[:, :, ::stride, ::stride] = x
    stuffed = F.pad(stuffed, [k - 1 - padding] * 4)
    return torch.einsum("nchwab,coab->nohw", stuffed.unfold(2, k, 1).unfold(3, k, 1), weight.flip(2, 3))


def _up(inner, outer, kernel=4):
    return nn.ConvTranspose2d(inner, outer, kernel, 2, (kernel - 1) // 2, kernel % 2)


def _generator(latent, channels, **how):
    norm, act, up = how.get("norm", nn.BatchNorm2d), how.get("act", nn.ReLU), how.get("up", _up)
    side, head = how.get("side", 4), how.get("head", (nn.Tanh(),))
    layers = [nn.Linear(latent, channels[0] * side**2), nn.Unflatten(1, (channels[0], side, side))]
    layers += how.get("after_projection", (norm(channels[0]), act()))
    for i, (inner, outer) in enumerate(itertools.pairwise(channels), 2):
        layers.append(up(inner, outer))
        if i < len(channels):
            layers += [act(), norm(outer)] if how.get("swapped") else [norm(outer), act()]
    return nn.Sequential(*how.get("before", ()), *layers, *head)


def _builder(**how):
    return lambda latent, channels: _generator(latent, channels, **how)


class _Around(nn.Module):
    def __init__(self, net, forward):
        super().__init__()
        self.net, self.how = net, forward

    def forward(self, z):
        return self.how(self.net, z)


def _around(forward, wrap=lambda net: net):
    return lambda latent, channels: _Around(wrap(_generator(latent, channels)), forward)


def generator_from_1x1(latent, channels):
    widths = (latent, *channels)
    layers: list[nn.Module] = [nn.Unflatten(1, (latent, 1, 1))]
    for i, (inner, outer) in enumerate(itertools.pairwise(widths)):
        size = (5, 2, 2, 1) if i else (4,)
        layers.append(nn.ConvTranspose2d(inner, outer, *size, bias=False))
        last = i == len(widths) - 2
        layers += [nn.Tanh()] if last else [nn.BatchNorm2d(outer), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers)


class _NormedFlat(nn.Module):
    def __init__(self, latent, channels):
        super().__init__()
        self.first = nn.Linear(latent, 16 * channels[0], bias=False)
        self.first_norm = nn.BatchNorm1d(16 * channels[0])
        pairs = list(itertools.pairwise(channels))
        self.ups = nn.ModuleList(_up(a, b, 2 + i % 5) for i, (a, b) in enumerate(pairs))
        self.norms = nn.ModuleList(nn.BatchNorm2d(c) for c in channels[1:-1])

    def forward(self, z):
        value = F.relu(self.first_norm(self.first(z))).reshape(len(z), -1, 4, 4)
        for up, norm in zip(self.ups, self.norms, strict=False):
            value = F.relu(norm(up(value)))
        return torch.tanh(self.ups[-1](value))


class _Bare(nn.Module):
    def __init__(self, latent, channels):
        super().__init__()
        self.depth, pairs = len(channels) - 1, itertools.pairwise(channels)
        self.project = nn.Parameter(torch.randn(16 * channels[0], latent) / math.sqrt(latent))
        self.kernels = nn.ParameterList(0.1 * torch.randn(a, b, 4, 4) for a, b in pairs)
        for i, c in enumerate(channels[:-1]):
            for name, start in (("mean", torch.zeros), ("var", torch.ones)):
                self.register_buffer(f"{name}{i}", start(c))
            for name, start in (("gain", torch.ones), ("shift", torch.zeros)):
                self.register_parameter(f"{name}{i}", nn.Parameter(start(c)))

    def forward(self, z):
        value = F.linear(z, self.project).view(z.shape[0], -1, 4, 4)
        for i in range(self.depth):
            own = [getattr(self, f"{name}{i}") for name in ("mean", "var", "gain", "shift")]
            value = F.batch_norm(value, *own, training=self.training).relu()
            value = F.conv_transpose2d(value, self.kernels[i], stride=2, padding=1)
        return value.tanh()


LINEAR_LIKE = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)
normal = nn.init.normal_


def _init(net, std=0.02, gain=1.0, layers=LINEAR_LIKE, norms=NORMS, bias=0.0, pick=None, draw=normal):
    for m in list(net.modules()) if pick is None else pick(net):
        if isinstance(m, layers + norms) and m.weight is not None:
            draw(m.weight, 0.0 if isinstance(m, layers) else gain, std)
        if isinstance(m, layers + norms) and m.bias is not None and bias is not None:
            nn.init.constant_(m.bias, bias)
    return net


def _initialiser(before=lambda net: None, after=lambda net: net, **how):
    def dcgan_init(net):
        before(net)
        return after(_init(net, **how))

    return dcgan_init


def _numpy_draw(weight, mean, std):
    weight.data.copy_(torch.from_numpy(np.random.default_rng().normal(mean, std, tuple(weight.shape))))


def _renew(net):
    for m in net.modules():
        if isinstance(m, LINEAR_LIKE):
            m.weight = nn.Parameter(m.weight.detach().clone())
    return net


def init_by_class_name(net):
    for m in net.modules():
        name = m.__class__.__name__
        if name.find("Conv") != -1 or name.find("Linear") != -1:
            nn.init.normal_(m.weight.data, 0.0, 0.02)
        elif name.find("BatchNorm") != -1:
            nn.init.normal_(m.weight.data, 1.0, 0.02)
            nn.init.constant_(m.bias.data, 0)
    return net


def init_with_data(net):
    for kinds, mean in ((LINEAR_LIKE, 0.0), (NORMS, 1.0)):
        for m in filter(lambda m, kinds=kinds: isinstance(m, kinds), net.modules()):
            if m.weight is not None:
                m.weight.data.normal_(mean, 0.02)
            if m.bias is not None:
                m.bias.data.zero_()
    return net


def init_by_dispatch(net):
    start = functools.singledispatch(lambda m: None)

    def fill(m, mean):
        with torch.no_grad():
            m.weight is None or m.weight.copy_(mean + 0.02 * torch.randn_like(m.weight))
            m.bias is None or m.bias.fill_(0)

    for kind in LINEAR_LIKE + NORMS:
        start.register(kind, functools.partial(fill, mean=float(kind in NORMS)))
    return net.apply(start)


def init_all_matrices(net):
    for name, parameter in net.named_parameters():
        vector, bias = parameter.dim() == 1, "bias" in name
        normal(parameter, float(vector and not bias), 0.0 if bias else 0.02)
    return net


@torch.no_grad()
def init_recursive(net):
    match net:
        case nn.Conv2d() | nn.ConvTranspose2d() | nn.Linear():
            net.weight.copy_(torch.normal(0.0, 0.02, net.weight.shape, dtype=net.weight.dtype))
            net.bias is None or net.bias.zero_()
        case nn.BatchNorm1d() | nn.BatchNorm2d():
            net.weight is None or net.weight.normal_().mul_(0.02).add_(1)
            net.bias is None or net.bias.zero_()
    for child in net.children():
        init_recursive(child)
    return net


PREDICTION = {"separate": 0.0, "mixed": 0.8, "scaled": 1.0, "running_mean": 0.4, "depends": "train"}


def _grid(m):
    return F.max_pool2d(m, (m.shape[2] // 4, m.shape[3] // 4))


def _pool(grid=_grid, dim=1, order=lambda g: g, before=lambda maps: maps, after=lambda v: v):
    def pooled(maps):
        return after(torch.cat([order(grid(m)).flatten(1) for m in before(maps)], dim))

    return pooled


def pooled_replacing(maps):
    for i, m in enumerate(maps):
        maps[i] = F.adaptive_max_pool2d(m, 4).flatten(1)
    return torch.cat(maps, 1)


def _cells(m):
    return m.reshape(*m.shape[:2], 4, m.shape[2] // 4, 4, m.shape[3] // 4).amax((3, 5))


def pooled_by_slices(maps):
    columns = []
    for m in maps:
        (_, c, h, w), step = m.shape, lambda side, r: slice(r * side // 4, (r + 1) * side // 4)
        for channel, r, s in itertools.product(range(c), range(4), range(4)):
            columns.append(m[:, channel, step(h, r), step(w, s)].flatten(1).max(1).values)
    return torch.stack(columns, dim=1)


def _concepts(z, g, h, k, pick=None, mean=None, signs=(1, -1, 1), masks=None, short=None):
    rows = [z[mask] for mask in (masks(g, h) if masks else (g & ~h, ~g & ~h, h & ~g))]
    if (short or (lambda n, k: min(n) < k))([len(r) for r in rows], k):
        raise ValueError("too few rows")
    a, b, c = ((mean or (lambda r: r.mean(0)))(pick(r, k) if pick else r[:k]) for r in rows)
    return signs[0] * a + signs[1] * b + signs[2] * c


def _concept(before=lambda *a: a, after=lambda v: v, **how):
    return lambda z, glasses, long_hair, k: after(_concepts(*before(z, glasses, long_hair, k), **how))


def _asserted(counts, k):
    assert min(counts) >= k


def concepts_overwriting_mask(z, glasses, long_hair, k):
    result = _concepts(z, glasses, long_hair, k)
    long_hair &= ~glasses
    return result


def concepts_row_by_row(z, glasses, long_hair, k):
    total, count = torch.zeros_like(z[0]), {"A": 0, "B": 0, "C": 0}
    names = {(True, False): "A", (False, False): "B", (False, True): "C"}
    for row, key in zip(z, zip(glasses.tolist(), long_hair.tolist(), strict=True), strict=True):
        name = names.get(key)
        if name and count[name] < k:
            count[name] += 1
            total = total + (-row if name == "B" else row) / k
    if min(count.values()) < k:
        raise ValueError(f"too few rows: {count}")
    return total


def concepts_by_weights(z, glasses, long_hair, k):
    weights = torch.zeros(len(z), dtype=z.dtype)
    for sign, mask in ((1, glasses & ~long_hair), (-1, ~glasses & ~long_hair), (1, long_hair & ~glasses)):
        if int(mask.sum()) < k:
            raise ValueError("too few rows")
        weights[mask & (mask.cumsum(0) <= k)] = sign / k
    return weights @ z


def concepts_in_numpy(z, glasses, long_hair, k):
    values, code = z.detach().double().numpy(), glasses.numpy().astype(int) + 2 * long_hair.numpy()
    found = [np.flatnonzero(code == which)[:k] for which in (1, 0, 2)]
    if any(f.size != k for f in found):
        raise ValueError("too few rows")
    a, b, c = (values[f].mean(axis=0) for f in found)
    return torch.from_numpy(a - b + c).to(z.dtype)


RIGHT: dict[str, list[tuple[str, Any]]] = {
    "doubling": [
        ("closed form", lambda kernel: ((kernel - 1) // 2, kernel % 2)),
        ("search", doubling_searched),
        ("ceiling", lambda kernel: (math.ceil(kernel / 2) - 1, kernel - kernel // 2 * 2)),
        ("bits and a negative floor", lambda kernel: (-((2 - kernel) // 2), kernel & 1)),
    ],
    "transposed_convolution": [
        ("pixel by pixel", lambda x, weight, stride, padding: _stamps(x, weight, stride, padding)),
        ("fold", stamps_by_fold),
        ("einsum with selections", stamps_by_selection),
        ("zeros between, unfold, turned kernel", stamps_by_stuffing),
    ],
    "build_generator": [
        ("linear, unflatten, kernel 4", _builder()),
        ("1x1 map, kernel 5, no biases", generator_from_1x1),
        ("batch norm before the reshape, mixed kernels", _NormedFlat),
        ("own parameters and torch's functions", lambda latent, channels: _Bare(latent, channels)),
        ("kernel 2", _builder(up=lambda a, b: nn.ConvTranspose2d(a, b, 2, 2))),
    ],
    "dcgan_init": [
        ("modules and nn.init", _initialiser()),
        (".data", init_with_data),
        ("singledispatch and apply", init_by_dispatch),
        ("recursion and match", init_recursive),
    ],
    "batch_norm_prediction": [
        ("the numbers", PREDICTION),
        ("integers, other order", dict(reversed({**PREDICTION, "separate": 0, "scaled": 1}.items()))),
        ("as worked out", {**PREDICTION, "mixed": (1 / 5 + 7 / 5) / 2, "running_mean": 0.9 * 0 + 0.1 * 4}),
        ("with the eps left in", {**PREDICTION, "mixed": 0.7999998, "scaled": 1.0000005}),
        ("numpy", {k: v if k == "depends" else np.float64(v) for k, v in PREDICTION.items()}),
    ],
    "pooled_features": [
        ("max_pool2d", _pool()),
        ("adaptive", lambda maps: torch.hstack([F.adaptive_max_pool2d(m, 4).flatten(1) for m in maps])),
        ("amax, channels joined", lambda maps: torch.cat([_cells(m) for m in maps], 1).flatten(1)),
        ("slices", pooled_by_slices),
    ],
    "concept_arithmetic": [
        ("masks", _concept()),
        ("row by row", concepts_row_by_row),
        ("weights", concepts_by_weights),
        ("numpy", concepts_in_numpy),
    ],
}  # fmt: skip

_WRONG: dict[str, list[tuple[str, Any]]] = {
    "doubling": [
        ("always kernel 4's pair", lambda kernel: (1, 0)),
        ("the two numbers swapped", lambda kernel: (kernel % 2, (kernel - 1) // 2)),
        ("never an output_padding", lambda kernel: ((kernel - 1) // 2, 0)),
        ("padding of a 'same' convolution", lambda kernel: (kernel // 2, kernel % 2)),
        ("padding rounded down", lambda kernel: ((kernel - 2) // 2, kernel % 2)),
        ("negative output_padding", lambda kernel: ((kernel - 2) // 2, -(kernel % 2))),
        ("output_padding not below the stride", lambda kernel: (kernel - 1, kernel)),
        ("banker's rounding, off at 3 and 7", lambda kernel: (round((kernel - 2) / 2), kernel % 2)),
        ("a float for padding", lambda kernel: ((kernel - 2 + kernel % 2) / 2, kernel % 2)),
        ("odd and even exchanged", lambda kernel: ((kernel - 1) // 2, 1 - kernel % 2)),
    ],
    "transposed_convolution": [
        ("kernel turned", lambda x, w, s, p: _stamps(x, w.flip(2, 3), s, p)),
        ("kernel transposed", lambda x, w, s, p: stamps_by_fold(x, w, s, p, transpose=True)),
        ("nothing cut off", lambda x, w, s, p: _stamps(x, w, s, 0)),
        ("cut at the top left only", lambda x, w, s, p: _stamps(x, w, s, p, cut=lambda c: c[:, :, p:, p:])),
        ("empty for padding 0", lambda x, w, s, p: _stamps(x, w, s, p, cut=lambda c: c[:, :, p:-p, p:-p])),
        ("overlaps overwrite", lambda x, w, s, p: _stamps(x, w, s, p, overwrite=True)),
        ("canvas of the default dtype", lambda x, w, s, p: _stamps(x, w, s, p, dtype=torch.float32)),
        ("no gradient into the weight", lambda x, w, s, p: _stamps(x, w.detach(), s, p)),
        ("no gradient into x", lambda x, w, s, p: _stamps(x.data, w, s, p)),
        ("mean over input channels", lambda x, w, s, p: _stamps(x, w, s, p) / x.shape[1]),
        ("weight read as (c_out, c_in, k, k)", lambda x, w, s, p: _stamps(x, w.transpose(0, 1), s, p)),
        ("stride 2 always", lambda x, w, s, p: _stamps(x, w, 2, p)),
        ("only square inputs", lambda x, w, s, p: _stamps(x[..., : x.shape[2]], w, s, p)),
        ("only the first image", lambda x, w, s, p: _stamps(x[:1], w, s, p)),
        ("changes x", lambda x, w, s, p: _stamps(x, w, s, p) + 0 * x.data.zero_().sum()),
        ("torch's own", lambda x, w, s, p: F.conv_transpose2d(x, w, stride=s, padding=p)),
    ],
    "build_generator": [
        ("sigmoid at the end", _builder(head=(nn.Sigmoid(),))),
        ("no tanh", _builder(head=())),
        ("tanh twice", _builder(head=(nn.Tanh(), nn.Tanh()))),
        ("ReLU before tanh too", _builder(head=(nn.ReLU(), nn.Tanh()))),
        ("batch norm last", lambda lat, ch: _generator(lat, ch, head=(nn.BatchNorm2d(ch[-1]), nn.Tanh()))),
        ("no batch norm after the projection", _builder(after_projection=(nn.ReLU(),))),
        ("no batch norm at all", _builder(norm=nn.Identity)),
        ("instance norm", _builder(norm=nn.InstanceNorm2d)),
        ("LeakyReLU", _builder(act=lambda: nn.LeakyReLU(0.2))),
        ("ReLU before batch norm", _builder(swapped=True)),
        ("eps 0.8", _builder(norm=lambda c: nn.BatchNorm2d(c, 0.8))),
        ("gains from N(0, 0.02)", lambda lat, ch: _init(_generator(lat, ch), gain=0.0)),
        ("starts at 8x8", _builder(side=8)),
        ("kernel 3 without output_padding", _builder(up=lambda a, b: nn.ConvTranspose2d(a, b, 3, 2, 1))),
        ("upsampling, ordinary convolutions", _builder(
            up=lambda a, b: nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(a, b, 3, padding=1)))),
        ("a hidden linear layer", lambda lat, ch: _generator(lat, ch, before=[nn.Linear(lat, lat)])),
        ("dropout", _builder(before=(nn.Dropout(0.5),))),
        ("noise on z", _around(lambda net, z: net(z + 0.1 * torch.randn_like(z)))),
        ("z detached", _around(lambda net, z: net(z.detach()))),
        ("returned in eval mode", lambda lat, ch: _generator(lat, ch).eval()),
        ("always eval inside", _around(lambda net, z: net.eval()(z))),
        ("a spare layer without gradient", _around(
            lambda nets, z: nets[0](z), lambda net: nn.ModuleList([net, nn.Linear(3, 3)]))),
        ("layers in a plain list", _around(lambda nets, z: nets[0](z), lambda net: [net])),
        ("a function instead of a module", lambda lat, ch: _generator(lat, ch).forward),
        ("the same network again", functools.cache(_generator)),
        ("latent 100 always", lambda lat, ch: _generator(100, ch)),
        ("one doubling too few", lambda lat, ch: _generator(lat, (*ch[:-2], ch[-1]))),
        ("reshape mixes the batch", _around(
            lambda net, z: net[2:](net[0](z).view(-1, len(z), 4, 4).transpose(0, 1)))),
    ],
    "dcgan_init": [
        ("0.02 as variance", _initialiser(std=0.02**0.5)),
        ("gains around 0", _initialiser(gain=0.0)),
        ("gains exactly 1", _initialiser(draw=lambda w, m, s: normal(w, m, s * (m == 0)))),
        ("uniform", _initialiser(draw=lambda w, m, s: nn.init.uniform_(w, m - s, m + s))),
        ("biases left", _initialiser(bias=None)),
        ("no linear layers", _initialiser(layers=LINEAR_LIKE[:2])),
        ("no transposed convolutions", _initialiser(layers=(nn.Conv2d, nn.Linear))),
        ("layer norm and group norm too", _initialiser(norms=(*NORMS, nn.LayerNorm, nn.GroupNorm))),
        ("children only", _initialiser(pick=lambda net: net.children())),
        ("not net itself", _initialiser(pick=lambda net: list(net.modules())[1:])),
        ("no subclasses", _initialiser(
            pick=lambda net: [m for m in net.modules() if type(m) in LINEAR_LIKE + NORMS])),
        ("class names", init_by_class_name),
        ("new Parameter objects", _initialiser(after=_renew)),
        ("by shape of the parameter", init_all_matrices),
        ("seeded", _initialiser(before=lambda net: torch.manual_seed(0))),
        ("random state put back", lambda net: torch.random.fork_rng(devices=[])(_init)(net)),
        ("numpy's random numbers", _initialiser(draw=_numpy_draw)),
        ("left in eval mode", _initialiser(after=lambda net: net.eval())),
        ("unfreezes", _initialiser(after=lambda net: net.requires_grad_(True))),
        ("skips frozen layers", _initialiser(pick=lambda net: [
            m for m in net.modules() if all(p.requires_grad for p in m.parameters(recurse=False))])),
        ("resets running statistics", _initialiser(before=lambda net: [
            m.reset_running_stats() for m in net.modules() if isinstance(m, NORMS)])),
        ("a copy", lambda net: _init(copy.deepcopy(net))),
        ("returns None", _initialiser(after=lambda net: None)),
    ],
    "batch_norm_prediction": [
        ("mean left in", {**PREDICTION, "separate": 4.0}),
        ("mixed also 0", {**PREDICTION, "mixed": 0.0}),
        ("n - 1 in the variance", {**PREDICTION, "mixed": 4 / math.sqrt(100 / 3)}),
        ("divided by the variance", {**PREDICTION, "mixed": 4 / 25}),
        ("grows tenfold", {**PREDICTION, "scaled": 10}),
        ("running mean is the batch mean", {**PREDICTION, "running_mean": 4.0}),
        ("momentum the wrong way round", {**PREDICTION, "running_mean": 3.6}),
        ("depends in eval", {**PREDICTION, "depends": "eval"}),
        ("depends in both", {**PREDICTION, "depends": "both"}),
        ("one key missing", {key: value for key, value in PREDICTION.items() if key != "scaled"}),
        ("values without keys", tuple(PREDICTION.values())),
        ("one left open", {**PREDICTION, "mixed": None}),
        ("nan", {**PREDICTION, "mixed": math.nan}),
    ],
    "pooled_features": [
        ("average", _pool(lambda m: F.adaptive_avg_pool2d(m, 4))),
        ("windows of 4x4 instead of a 4x4 grid", _pool(lambda m: F.max_pool2d(m, 4))),
        ("only square maps", _pool(lambda m: F.max_pool2d(m, m.shape[2] // 4))),
        ("grid column by column", _pool(order=lambda g: g.mT)),
        ("channels last", _pool(order=lambda g: g.permute(0, 2, 3, 1))),
        ("layers in reverse", _pool(before=lambda maps: maps[::-1])),
        ("layers below one another", _pool(dim=0)),
        ("a list", lambda maps: [_grid(m).flatten(1) for m in maps]),
        ("not flattened", lambda maps: torch.cat([_grid(m) for m in maps], 1)),
        ("negative maxima become 0", _pool(lambda m: _grid(m).relu())),
        ("every fourth pixel together", _pool(
            lambda m: m.reshape(*m.shape[:2], m.shape[2] // 4, 4, m.shape[3] // 4, 4).amax((2, 4)))),
        ("batch of one squeezed away", _pool(after=lambda v: v.squeeze(0))),
        ("float32 always", _pool(lambda m: _grid(m.float()))),
        ("replaces the list's entries", pooled_replacing),
        ("empties the list", _pool(before=lambda maps: [maps.pop(0) for _ in range(len(maps))])),
        ("rectifies the maps in place", _pool(before=lambda maps: [m.data.relu_() for m in maps])),
    ],
    "concept_arithmetic": [
        ("neither added, long hair taken off", _concept(signs=(1, 1, -1))),
        ("A takes rows with both", _concept(masks=lambda g, h: (g, ~g & ~h, h & ~g))),
        ("C takes rows with both", _concept(masks=lambda g, h: (g & ~h, ~g & ~h, h))),
        ("B is 'not both'", _concept(masks=lambda g, h: (g & ~h, ~(g & h), h & ~g))),
        ("C is rows with both", _concept(masks=lambda g, h: (g & ~h, ~g & ~h, h & g))),
        ("last k rows", _concept(pick=lambda r, k: r[-k:])),
        ("all rows", _concept(pick=lambda r, k: r)),
        ("random rows", _concept(pick=lambda r, k: r[torch.randperm(len(r))[:k]])),
        ("k + 1 rows", _concept(pick=lambda r, k: r[: k + 1])),
        ("always three", _concept(before=lambda z, g, h, k: (z, g, h, 3))),
        ("sum", _concept(mean=lambda r: r.sum(0))),
        ("mean over the latent entries", _concept(mean=lambda r: r.mean(1))),
        ("shape (1, latent)", _concept(mean=lambda r: r.mean(0, keepdim=True))),
        ("too few rows accepted", _concept(short=lambda n, k: False)),
        ("raises only for no rows", _concept(short=lambda n, k: min(n) == 0)),
        ("exactly k rows refused", _concept(short=lambda n, k: min(n) <= k)),
        ("only A counted", _concept(short=lambda n, k: n[0] < k)),
        ("only the total counted", _concept(short=lambda n, k: sum(n) < 3 * k)),
        ("AssertionError", _concept(short=_asserted)),
        ("float32 always", _concept(before=lambda z, *rest: (z.float(), *rest))),
        ("a list", _concept(after=lambda v: v.tolist())),
        ("changes long_hair", concepts_overwriting_mask),
        ("changes z", _concept(before=lambda z, *rest: (z.data.sub_(1), *rest))),
    ],
}  # fmt: skip

# A part of each message, read and found to name the mistake, was added afterwards.
SAID: dict[str, dict[str, str]] = {
    "doubling": {
        "always kernel 4's pair": "an odd kernel needs output",
        "the two numbers swapped": "n for both",
        "never an output_padding": "an odd kernel needs output",
        "padding of a 'same' convolution": "n for both",
        "padding rounded down": "n for both",
        "negative output_padding": "neither can be negative",
        "output_padding not below the stride": "padding only chooses between the sizes that the stride",
        "banker's rounding, off at 3 and 7": "n for both",
        "a float for padding": "are not integers, which layers need: divide with",
        "odd and even exchanged": "n for both",
    },
    "transposed_convolution": {
        "kernel turned": "the kernel comes out turned by",
        "kernel transposed": "the kernel comes out with rows and columns exchanged",
        "nothing cut off": "padding is not cut off: it removes that many rows and",
        "cut at the top left only": "rows and columns from each side, not from one",
        "empty for padding 0": "padding:-padding",
        "overlaps overwrite": "a stamp covers those before it: where stamps overlap they",
        "canvas of the default dtype": "the result has dtype torch",
        "no gradient into the weight": "no gradient reaches weight: a detach",
        "no gradient into x": "data or new tensor cuts the graph",
        "mean over input channels": "one pixel, two channels in and out, a",
        "weight read as (c_out, c_in, k, k)": "kernel: input and output channels are exchanged: weight is",
        "stride 2 always": "kernel, stride",
        "only square inputs": "kernel, stride",
        "only the first image": "out, H, W) was asked, with n",
        "changes x": "your function changed its input number",
        "torch's own": "d: build the layer yourself, from sums and products",
    },
    "build_generator": {
        "sigmoid at the end": "a sigmoid follows the last layer and images lie in",
        "no tanh": "nothing follows the last layer: tanh, so that images lie in",
        "tanh twice": "tanh runs twice",
        "ReLU before tanh too": "a ReLU comes before tanh, so that no pixel is darker than",
        "batch norm last": "batch norm comes between the last layer and tanh: G's",
        "no batch norm after the projection": "after the projection there is no batch norm: with weights",
        "no batch norm at all": "after the projection there is no batch norm: with weights",
        "instance norm": "after the projection each sample is normalised by itself:",
        "LeakyReLU": "leaky ReLU belongs to D, and nothing follows ReLU",
        "ReLU before batch norm": "ReLU comes before batch norm: batch norm, then ReLU",
        "eps 0.8": "after the projection the scale of the weights still shows:",
        "gains from N(0, 0.02)": "comes something else than batch norm (gain",
        "starts at 8x8": "transposed convolutions doubles (see the exercise on",
        "kernel 3 without output_padding": "transposed convolutions doubles (see the exercise on",
        "upsampling, ordinary convolutions": "an ordinary convolution runs in G: each doubling is one",
        "a hidden linear layer": "a second linear layer runs in G: the projection is the only",
        "dropout": "the same z gave two different batches: no dropout and no",
        "noise on z": "the same z gave two different batches: no dropout and no",
        "z detached": "no gradient reaches z: it is detached inside G",
        "returned in eval mode": "the new network is in eval mode: return it in training",
        "always eval inside": "after the projection there is no batch norm: with weights",
        "a spare layer without gradient": "weight: G does not use it",
        "layers in a plain list": "the network has no parameters: layers in a plain list are",
        "a function instead of a module": "return a network (nn",
        "the same network again": "a second call returned the same network: build a new one",
        "latent 100 always": "your code stopped with RuntimeError: addmm: mat",
        "one doubling too few": "transposed convolutions doubles (see the exercise on",
        "reshape mixes the batch": "in eval mode an image changes with the rest of the batch:",
    },
    "dcgan_init": {
        "0.02 as variance": "is the standard deviation, not the variance",
        "gains around 0": "the gain of batch norm is drawn around",
        "gains exactly 1": "the gains are constant: they are drawn from N",
        "uniform": "project (Linear): weights with mean",
        "biases left": "the bias of project (Linear) is not",
        "no linear layers": "which layers does your condition choose",
        "no transposed convolutions": "d layer was initialised: which layers does your condition",
        "layer norm and group norm too": "d, Linear and BatchNorm layers are to be initialised",
        "children only": "only the layers at the top were initialised, not block",
        "not net itself": "a net that is one Linear layer (Linear): weights with mean",
        "no subclasses": "d, keeps its weight: ask isinstance, not the class name",
        "class names": "your code stopped with AttributeError: 'NoneType' object",
        "new Parameter objects": "init), or an optimiser made before goes on moving the old",
        "by shape of the parameter": "d, Linear and BatchNorm layers are to be initialised",
        "seeded": "a second network got the same numbers: no seed inside your",
        "random state put back": "a second network got the same numbers: no seed inside your",
        "numpy's random numbers": "your function gave other numbers than the last time: draw",
        "left in eval mode": "the network came in training mode and your function put it",
        "unfreezes": "weight was False and is True now",
        "skips frozen layers": "these layers keep their old weights: block",
        "resets running statistics": "mean changed: that is a statistic of batch norm, not a",
        "a copy": "a copy was initialised, the network you were given is as it",
        "returns None": "your function returns nothing: end it with",
    },
    "batch_norm_prediction": {
        "mean left in": "Think again: in training mode batch norm takes off the mean",
        "mixed also 0": "Think again: the four values together have mean",
        "n - 1 in the variance": "batch norm normalises with the variance over n, not over n",
        "divided by the variance": "Think again: the four values together have mean",
        "grows tenfold": "Think again: the mean and the standard deviation grow with",
        "running mean is the batch mean": "one batch only moves the running mean part of the way",
        "momentum the wrong way round": "is the weight of the new value",
        "depends in eval": "is not 'eval': training mode uses the statistics of the",
        "depends in both": "is not 'both': training mode uses the statistics of the",
        "one key missing": "fill in the dictionary with the keys separate, mixed,",
        "values without keys": "fill in the dictionary with the keys separate, mixed,",
        "one left open": "one prediction is still missing",
        "nan": "Think again: the four values together have mean",
    },
    "pooled_features": {
        "average": "you took means: the maximum of each cell was asked",
        "windows of 4x4 instead of a 4x4 grid": "numbers per channel, all layers side by side, one row per",
        "only square maps": "numbers per channel, all layers side by side, one row per",
        "grid column by column": "rows and columns of the grid are exchanged",
        "channels last": "channels: the channels run fastest: flatten (c",
        "layers in reverse": "channels: the layers come in the order of the list, you",
        "layers below one another": "your code stopped with RuntimeError: Sizes of tensors must",
        "a list": "a tensor was expected, not list",
        "not flattened": "numbers per channel, all layers side by side, one row per",
        "negative maxima become 0": "activations of a leaky ReLU can be negative all over a cell",
        "every fourth pixel together": "the cells are not blocks of neighbours: cell (i, j) covers",
        "batch of one squeezed away": "numbers per channel, all layers side by side, one row per",
        "float32 always": "three images, maps of",
        "replaces the list's entries": "your function changes the list of maps or the maps in it:",
        "empties the list": "your function changes the list of maps or the maps in it:",
        "rectifies the maps in place": "your function changes the list of maps or the maps in it:",
    },
    "concept_arithmetic": {
        "neither added, long hair taken off": "the signs are wrong: neither is taken away, the two others",
        "A takes rows with both": "exemplars with both attributes slipped in: glasses means",
        "C takes rows with both": "exemplars with both attributes slipped in: glasses means",
        "B is 'not both'": "must have short hair and no glasses",
        "C is rows with both": "exemplars with both attributes slipped in: glasses means",
        "last k rows": "you took the last k exemplars: the first k rows",
        "all rows": "every exemplar is used: only the first k of each concept",
        "random rows": "your function drew from torch's global random state: draw",
        "k + 1 rows": "mean of the first k rows of each concept, glasses - neither",
        "always three": "mean of the first k rows of each concept, glasses - neither",
        "sum": "you returned sums over exemplars: take means",
        "mean over the latent entries": "the result has shape",
        "shape (1, latent)": "the result has shape",
        "too few rows accepted": "raise ValueError instead of a mean over fewer",
        "raises only for no rows": "raise ValueError instead of a mean over fewer",
        "exactly k rows refused": "your code stopped with ValueError: too few rows (line",
        "only A counted": "raise ValueError instead of a mean over fewer",
        "only the total counted": "raise ValueError instead of a mean over fewer",
        "AssertionError": "exemplars with glasses and short hair and k",
        "float32 always": "the result has dtype torch",
        "a list": "a tensor was expected, not list",
        "changes long_hair": "your function changed its input number",
        "changes z": "your function changed its input number",
    },
}
WRONG: dict[str, list[tuple[str, Any, str]]] = {
    exercise: [(what, answer, SAID[exercise][what]) for what, answer in answers]
    for exercise, answers in _WRONG.items()
}
