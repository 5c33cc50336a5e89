"""Answers to the exercises of notebook 04: plausible wrong ones, and right ones that look different."""

import copy
from itertools import pairwise, product

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

# transposed_convolution -------------------------------------------------------------------------------------


def stamps(x, weight, stride, add=True):
    (n, _, h, w), (_, c_out, k, _) = x.shape, weight.shape
    out = torch.zeros(n, c_out, (h - 1) * stride + k, (w - 1) * stride + k, dtype=x.dtype)
    for i, j in product(range(h), range(w)):
        stamp = torch.einsum("nc,cokl->nokl", x[:, :, i, j], weight)
        window = (..., slice(i * stride, i * stride + k), slice(j * stride, j * stride + k))
        out[window] = out[window] + stamp if add else stamp
    return out


def cut(full, padding):
    return full[..., padding : full.shape[2] - padding, padding : full.shape[3] - padding]


def transposed(weight_of=lambda w: w, stamps_of=stamps, cut=cut):
    """A transposed convolution from parts."""
    return lambda x, weight, stride, padding: cut(stamps_of(x, weight_of(weight), stride), padding)


def transposed_by_torch(x, weight, stride, padding):
    return F.conv_transpose2d(x, weight, stride=stride, padding=padding)


def transposed_by_layer(x, weight, stride, padding):
    layer = nn.ConvTranspose2d(*weight.shape[:3], stride=stride, padding=padding, bias=False)
    layer.weight = nn.Parameter(weight)
    return layer(x)


def transposed_mean_of_overlaps(x, weight, stride, padding):
    count = stamps(torch.ones_like(x[:, :1]), torch.ones_like(weight[:1]), stride).clamp(min=1)
    return cut(stamps(x, weight, stride) / count, padding)


def transposed_first_image(x, weight, stride, padding):
    out = cut(stamps(x, weight, stride), padding)
    return out[:1].expand_as(out)


def transposed_no_gradient(x, weight, stride, padding):
    with torch.no_grad():
        return cut(stamps(x, weight, stride), padding)


def transposed_in_place(x, weight, stride, padding):
    out = cut(stamps(x, weight, stride), padding)
    x.data.zero_()
    return out


def transposed_single_precision(x, weight, stride, padding):
    return cut(stamps(x.float(), weight.float(), stride), padding).to(torch.float32)


def transposed_stride_two(x, weight, stride, padding):
    return cut(stamps(x, weight, 2), padding)


def ordinary_sizes(x, weight, stride, padding):
    n, _, h, w = x.shape
    k = weight.shape[-1]
    return torch.zeros(
        n, weight.shape[1], (h + 2 * padding - k) // stride + 1, (w + 2 * padding - k) // stride + 1
    )


def cut_by_negative_slice(full, padding):
    return full[..., padding:-padding, padding:-padding]


def transposed_one_channel(x, weight, stride, padding):
    return transposed()(x[:, :1], weight[:1], stride, padding)


def transposed_by_fold(x, weight, stride, padding):
    h, w = x.shape[2:]
    k = weight.shape[-1]
    columns = weight.flatten(1).T @ x.flatten(2)  # (n, c_out k k, h w)
    size = ((h - 1) * stride - 2 * padding + k, (w - 1) * stride - 2 * padding + k)
    return F.fold(columns, size, k, padding=padding, stride=stride)


def transposed_by_kernel_entries(x, weight, stride, padding):
    n, _, h, w = x.shape
    k = weight.shape[-1]
    out = x.new_zeros(n, weight.shape[1], (h - 1) * stride + k, (w - 1) * stride + k)
    for a, b in product(range(k), range(k)):
        rows = slice(a, a + (h - 1) * stride + 1, stride)
        columns = slice(b, b + (w - 1) * stride + 1, stride)
        out[:, :, rows, columns] += torch.einsum("nchw,co->nohw", x, weight[:, :, a, b])
    return cut(out, padding)


def transposed_by_zeros_between(x, weight, stride, padding):
    n, c_in, h, w = x.shape
    k = weight.shape[-1]
    spread = x.new_zeros(n, c_in, (h - 1) * stride + 1, (w - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x
    patches = F.pad(spread, [k - 1 - padding] * 4).unfold(2, k, 1).unfold(3, k, 1)
    return torch.einsum("nchwkl,cokl->nohw", patches, weight.flip(2, 3))


def transposed_by_matrix(x, weight, stride, padding):
    """A matrix T with y = T x, as a list of small products."""
    n, c_in, h, w = x.shape
    _, c_out, k, _ = weight.shape
    height, width = (h - 1) * stride - 2 * padding + k, (w - 1) * stride - 2 * padding + k
    matrix = torch.zeros(c_in, h * w, c_out, height * width, dtype=weight.dtype)
    for i, j, a, b in product(range(h), range(w), range(k), range(k)):
        row, column = i * stride + a - padding, j * stride + b - padding
        if 0 <= row < height and 0 <= column < width:
            matrix[:, i * w + j, :, row * width + column] = weight[:, :, a, b]
    return torch.einsum("ncs,csot->not", x.flatten(2), matrix).view(n, c_out, height, width)


# doubling ---------------------------------------------------------------------------------------------------


def doubling_by_search(kernel):
    for padding, extra in product(range(kernel), (0, 1)):
        if all(2 * (n - 1) - 2 * padding + kernel + extra == 2 * n for n in (1, 5)):
            return padding, extra
    raise ValueError(kernel)


def doubling_by_case(kernel):
    return [kernel // 2 - 1, 0] if kernel % 2 == 0 else [kernel // 2, 1]


def doubling_with_numpy(kernel):
    extra = np.int64(kernel) % 2
    return (kernel - 2 + extra) // 2, extra


# dcgan_init -------------------------------------------------------------------------------------------------

WEIGHTED = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)


def init_layer(m, std=0.02, mean=1.0, weighted=WEIGHTED, norms=NORMS, bias=0.0):
    if isinstance(m, weighted):
        nn.init.normal_(m.weight, 0.0, std)
    elif isinstance(m, norms) and m.affine:
        nn.init.normal_(m.weight, mean, std)
    else:
        return
    if m.bias is not None and bias is not None:
        nn.init.constant_(m.bias, bias)


def init(**options):
    return lambda net: net.apply(lambda m: init_layer(m, **options))


def init_never_applied(net):
    init_layer(net)
    return net


def init_children(net):
    for m in net.children():
        init_layer(m)
    return net


def init_by_name(*names, norm="BatchNorm", guard=True):
    def layer(m):
        name = type(m).__name__
        if any(name.find(part) != -1 for part in names) and (
            not guard or getattr(m, "weight", None) is not None
        ):
            m.weight.data.normal_(0.0, 0.02)
            if getattr(m, "bias", None) is not None:
                m.bias.data.fill_(0)
        elif name.find(norm) != -1 and m.affine:
            m.weight.data.normal_(1.0, 0.02)
            m.bias.data.fill_(0)

    return lambda net: net.apply(layer)


def init_clones(net):
    for m in net.modules():
        if isinstance(m, WEIGHTED):
            m.weight.data.clone().normal_(0, 0.02)
    return net


def init_rebinds(net):
    for p in net.parameters():
        p = torch.randn_like(p) * 0.02
    return net


def init_copy(net):
    return init()(copy.deepcopy(net))


def init_seeded(net):
    torch.manual_seed(0)
    return init()(net)


def init_seeded_layers(net):
    def layer(m):
        torch.manual_seed(42)
        init_layer(m)

    return net.apply(layer)


def init_thawed(net):
    init()(net)
    return net.requires_grad_(True)


def init_frozen(net):
    for p in net.parameters():
        p.requires_grad = False
    return init()(net)


def init_new_parameters(net):
    for m in net.modules():
        init_layer(m)
        if isinstance(m, WEIGHTED):
            m.weight = nn.Parameter(m.weight.detach().clone(), requires_grad=m.weight.requires_grad)
    return net


def init_all_parameters(net):
    for p in net.parameters():
        nn.init.normal_(p, 0, 0.02)
    return net


def init_matrices(net):
    init()(net)
    for p in net.parameters():
        if p.dim() >= 2:
            nn.init.normal_(p, 0, 0.02)
    return net


def init_buffers(net):
    for m in net.modules():
        init_layer(m)
        if isinstance(m, NORMS):
            m.reset_running_stats()
    return net


def init_uniform(net):
    init()(net)
    for m in net.modules():
        if isinstance(m, WEIGHTED):
            nn.init.uniform_(m.weight, -0.02 * 3**0.5, 0.02 * 3**0.5)
    return net


def init_gains_one(net):
    init()(net)
    for m in net.modules():
        if isinstance(m, NORMS) and m.affine:
            nn.init.ones_(m.weight)
    return net


def init_no_return(net):
    init()(net)


def init_training(net):
    return init()(net).train()


def init_number(net):
    init()(net)
    return True


def init_recursive(net):
    init_layer(net)
    for child in net.children():
        init_recursive(child)
    return net


@torch.no_grad()
def init_by_copying(net):
    for m in net.modules():
        if not isinstance(m, WEIGHTED + NORMS) or m.weight is None:
            continue
        centre = 1 if isinstance(m, NORMS) else 0
        m.weight.copy_(centre + 0.02 * torch.randn(m.weight.shape))
        if m.bias is not None:
            m.bias.zero_()
    return net


def init_by_parameter_names(net):
    for name, p in net.named_parameters():
        owner = net.get_submodule(name.rpartition(".")[0])
        if isinstance(owner, WEIGHTED + NORMS):
            if name.split(".")[-1] == "bias":
                p.data = torch.zeros_like(p)
            else:
                p.data = torch.randn_like(p).mul(0.02).add(float(isinstance(owner, NORMS)))
    return net


# build_generator --------------------------------------------------------------------------------------------


def build(
    project=None,
    inner=lambda c: [nn.BatchNorm2d(c), nn.ReLU()],
    up=lambda a, b: nn.ConvTranspose2d(a, b, 4, 2, 1),
    end=lambda c: [nn.Tanh()],
    first=None,
):
    """A generator from parts."""
    project = project or (lambda latent, c: [nn.Linear(latent, 16 * c), nn.Unflatten(1, (c, 4, 4))])

    def answer(latent, channels):
        layers = [*project(latent, channels[0]), *(first or inner)(channels[0])]
        for before, after in pairwise(channels[:-1]):
            layers += [up(before, after), *inner(after)]
        return nn.Sequential(*layers, up(*channels[-2:]), *end(channels[-1]))

    return answer


def build_five_doublings(latent, channels):
    return nn.Sequential(build()(latent, channels), nn.Upsample(scale_factor=2))


def build_fixed_widths(latent, channels):
    return build()(latent, (*(16 for _ in channels[:-1]), channels[-1]))


def build_hidden_layer(latent, channels):
    return nn.Sequential(nn.Linear(latent, 64), nn.ReLU(), build()(64, channels))


class Listed(nn.Module):
    """Layers in a plain list."""

    def __init__(self, latent, channels):
        super().__init__()
        self.layers = list(build()(latent, channels))

    def forward(self, z):
        for layer in self.layers:
            z = layer(z)
        return z


class HalfListed(nn.Module):
    """The transposed convolutions are registered, the projection is not."""

    def __init__(self, latent, channels):
        super().__init__()
        head, *rest = build()(latent, channels)
        self.head, self.rest = [head], nn.Sequential(*rest)

    def forward(self, z):
        return self.rest(self.head[0](z))


class Spare(nn.Module):
    """A layer that is never used."""

    def __init__(self, latent, channels):
        super().__init__()
        self.net, self.spare = build()(latent, channels), nn.Linear(3, 3)

    def forward(self, z):
        return self.net(z)


class Noisy(nn.Module):
    def __init__(self, latent, channels):
        super().__init__()
        self.net = build()(latent, channels)

    def forward(self, z):
        return self.net(z + 0.1 * torch.randn_like(z))


class IgnoresZ(Noisy):
    def forward(self, z):
        torch.manual_seed(0)
        return self.net(torch.randn_like(z))


class Detached(Noisy):
    def forward(self, z):
        return self.net(z).detach()


class Classic(nn.Module):
    """The 4×4 transposed convolution on a 1×1 map, kernel 5 inside, no biases, the well-known initialisation."""

    def __init__(self, latent, channels):
        super().__init__()
        self.latent = latent
        widths = [latent, *channels]
        self.ups = nn.ModuleList(
            nn.ConvTranspose2d(a, b, 5, 2, 2, output_padding=1, bias=False)
            if i
            else nn.ConvTranspose2d(a, b, 4, 1, 0, bias=False)
            for i, (a, b) in enumerate(pairwise(widths))
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(c, eps=1e-8) for c in channels[:-1])
        init()(self)

    def forward(self, z):
        h = z.view(-1, self.latent, 1, 1)
        for up, norm in zip(self.ups, self.norms, strict=False):
            h = F.relu(norm(up(h)))
        return torch.tanh(self.ups[-1](h))


class ByHand(nn.Module):
    """Functional layers around bare parameters; batch norm of the flat projection, as in the authors' code."""

    def __init__(self, latent, channels):
        super().__init__()
        self.first = channels[0]
        self.project = nn.Parameter(torch.randn(16 * channels[0], latent) * 0.02)
        self.flat_norm = nn.BatchNorm1d(16 * channels[0])
        self.kernels = nn.ParameterList(torch.randn(a, b, 2, 2) * 0.1 for a, b in pairwise(channels))
        self.norms = nn.ModuleList(nn.BatchNorm2d(c) for c in channels[1:-1])

    def forward(self, z):
        h = self.flat_norm(F.linear(z, self.project)).clamp(min=0).reshape(-1, self.first, 4, 4)
        for i, kernel in enumerate(self.kernels):
            h = F.conv_transpose2d(h, weight=kernel, stride=2)
            if i < len(self.norms):
                h = self.norms[i](h).clamp(min=0)
        return 2 * torch.sigmoid(2 * h) - 1


def no_stats(c):
    return [nn.BatchNorm2d(c, track_running_stats=False), nn.ReLU()]


# pooled_features --------------------------------------------------------------------------------------------


def pooled(pool=lambda a: F.adaptive_max_pool2d(a, 4), flat=lambda a: a.flatten(1)):
    return lambda maps: torch.cat([flat(pool(a)) for a in maps], 1)


def pooled_loop(maps):
    n = len(maps[0])
    features = [[] for _ in range(n)]
    for a in maps:
        height, width = a.shape[2] // 4, a.shape[3] // 4
        for i, c, row, column in product(range(n), range(a.shape[1]), range(4), range(4)):
            block = a[i, c, row * height : (row + 1) * height, column * width : (column + 1) * width]
            features[i].append(block.max())
    return torch.stack([torch.stack(numbers) for numbers in features])


def pooled_blocks(maps):
    blocks = [a.unflatten(3, (4, -1)).unflatten(2, (4, -1)) for a in maps]
    return torch.hstack([b.amax(dim=(3, 5)).reshape(len(b), -1) for b in blocks])


def pooled_numpy(maps):
    parts = []
    for a in maps:
        n, c, h, w = a.shape
        parts.append(a.numpy().reshape(n, c, 4, h // 4, 4, w // 4).max(axis=(3, 5)).reshape(n, -1))
    return torch.from_numpy(np.concatenate(parts, axis=1))


def pooled_one_by_one(maps):
    return torch.stack(
        [torch.cat([F.adaptive_max_pool2d(a[i], 4).ravel() for a in maps]) for i in range(len(maps[0]))]
    )


def pooled_in_place(maps):
    for i, a in enumerate(maps):
        maps[i] = F.adaptive_max_pool2d(a, 4).flatten(1)
    return torch.cat(maps, 1)


def pooled_padded(a):
    """Max over cells that start from 0."""
    return F.adaptive_max_pool2d(a.relu(), 4)


# concept_arithmetic -----------------------------------------------------------------------------------------


def groups(z, glasses, long_hair):
    return z[glasses & ~long_hair], z[~glasses & ~long_hair], z[~glasses & long_hair]


def enough(parts, k):
    if min(len(part) for part in parts) < k:
        raise ValueError("too few")


def arithmetic(mix, of=groups, guard=enough, first=lambda part, k: part[:k].mean(0)):
    def answer(z, glasses, long_hair, k):
        parts = of(z, glasses, long_hair)
        guard(groups(z, glasses, long_hair), k)
        return mix(*(first(part, k) for part in parts))

    return answer


def a_b_c(a, b, c):
    return a - b + c


def first_rows(z, glasses, long_hair):
    """Any glasses, any without, any long hair."""
    return z[glasses], z[~glasses], z[long_hair]


def concept_loops(z, glasses, long_hair, k):
    total = torch.zeros_like(z[0])
    for wanted, sign in (((True, False), 1), ((False, False), -1), ((False, True), 1)):
        found = [i for i in range(len(z)) if (bool(glasses[i]), bool(long_hair[i])) == wanted][:k]
        if len(found) < k:
            raise ValueError(f"only {len(found)} exemplars")
        for i in found:
            total = total + sign * z[i] / k
    return total


def concept_weights(z, glasses, long_hair, k):
    kinds = torch.stack([glasses & ~long_hair, ~(glasses | long_hair), ~glasses & long_hair])
    chosen = kinds & (kinds.cumsum(1) <= k)
    if (chosen.sum(1) != k).any():
        raise ValueError("not enough exemplars")
    weights = torch.tensor([1.0, -1.0, 1.0], dtype=z.dtype) @ chosen.to(z.dtype) / k
    return weights @ z


def concept_nonzero(z, glasses, long_hair, k):
    kind = glasses.int() + 2 * long_hair.int()
    means = {}
    for value in range(3):
        rows = torch.nonzero(kind == value).squeeze(1)
        if rows.numel() < k:
            raise ValueError(value)
        means[value] = z.index_select(0, rows[:k]).sum(0) / k
    return means[1] + means[2] - means[0]


def concept_wrong_error(z, glasses, long_hair, k):
    parts = groups(z, glasses, long_hair)
    assert min(len(part) for part in parts) >= k
    return a_b_c(*(part[:k].mean(0) for part in parts))


def concept_silent(z, glasses, long_hair, k):
    parts = groups(z, glasses, long_hair)
    return None if min(map(len, parts)) < k else a_b_c(*(part[:k].mean(0) for part in parts))


def concept_guards_only_empty(parts, k):
    if min(len(part) for part in parts) == 0:
        raise ValueError("none")


def concept_guards_first(parts, k):
    enough(parts[:1], k)


def concept_in_place(z, glasses, long_hair, k):
    parts = groups(z, glasses, long_hair)
    enough(parts, k)
    result = a_b_c(*(part[:k].mean(0) for part in parts))
    z[0] = result
    return result


# batch_norm_prediction --------------------------------------------------------------------------------------

PREDICTION = {"separate": 0.0, "mixed": 0.8, "scaled": 1.0, "running_mean": 0.4, "depends": "train"}

WRONG = {
    "transposed_convolution": [
        ("torch's function", transposed_by_torch, "sums and products"),
        ("torch's layer", transposed_by_layer, "sums and products"),
        ("kernel turned", transposed(lambda w: w.flip(2, 3)), "turned by 180"),
        ("kernel transposed", transposed(lambda w: w.mT), "rows and columns exchanged"),
        ("stamps cover", transposed(stamps_of=lambda *a: stamps(*a, add=False)), "add up"),
        ("mean of overlaps", transposed_mean_of_overlaps, "add up"),
        ("channels exchanged", transposed(lambda w: w.transpose(0, 1).reshape_as(w)), "exchanged"),
        ("padding ignored", transposed(cut=lambda full, p: full), "not cut off"),
        ("padding added", transposed(cut=lambda full, p: F.pad(full, [p] * 4)), "smaller, not larger"),
        ("cut on one side", transposed(cut=lambda full, p: full[..., p:, p:]), "from each side"),
        ("all cut at the top", transposed(cut=lambda full, p: full[..., 2 * p :, 2 * p :]), "top and left"),
        ("slice p:-p", transposed(cut=cut_by_negative_slice), "[padding:-padding] is empty"),
        ("stride ignored", transposed(stamps_of=lambda x, w, s: stamps(x, w, 1)), "stride is ignored"),
        ("stride 2 always", transposed_stride_two, "shape"),
        ("size of an ordinary convolution", ordinary_sizes, "ordinary convolution"),
        ("first image for all", transposed_first_image, "only the first sample"),
        ("one input channel", transposed_one_channel, "one pixel, two channels"),
        ("no gradient", transposed_no_gradient, "no gradient"),
        ("weight detached", transposed(lambda w: w.detach()), "reaches weight"),
        ("x detached", transposed(stamps_of=lambda x, w, s: stamps(x.detach(), w, s)), "reaches x"),
        ("float32 always", transposed_single_precision, "dtype"),
        ("edits x", transposed_in_place, "changed its input"),
        ("a list", lambda *a: transposed()(*a).tolist(), "tensor was expected"),
    ],
    "doubling": [
        ("half the kernel", lambda k: (k // 2, 0), "kernel 4"),
        ("no output padding", lambda k: ((k - 1) // 2, 0), "odd kernel needs output_padding"),
        ("output padding always", lambda k: ((k - 1) // 2, 1), "kernel 4: padding = 1, output_padding = 1"),
        ("real numbers", lambda k: ((k - 2) / 2, 0), "divide with //"),
        ("no padding", lambda k: (0, 2 - k), "negative"),
        ("much of both", lambda k: (k, k + 2), "smaller than the stride"),
        ("exchanged", lambda k: (k % 2, (k - 1) // 2), "kernel 4"),
        ("padding of kernel 4", lambda k: (1, 0), "kernel 5"),
        ("4 and 5 only", lambda k: (1, 0) if k == 4 else (2, 1), "kernel 2"),
        ("up to 7", lambda k: doubling_by_case(k) if k < 8 else (3, 0), "kernel 9"),
        ("padding alone", lambda k: (k - 1) // 2, "pair"),
        ("two short of it", lambda k: ((k - 2) // 2, k % 2), "kernel 5"),
    ],
    "dcgan_init": [
        ("never applied", init_never_applied, "no weight has changed"),
        ("top level only", init_children, "only the layers at the top"),
        ("find Conv", init_by_name("Conv"), "no Linear layer"),
        (
            "find Conv, every class with Conv in its name has a weight",
            init_by_name("Conv", guard=False),
            "ConvBlock",
        ),
        ("class names", init_by_name("Conv", "Linear"), "subclass"),
        ("gains around 0", init(mean=0.0), "drawn around 1"),
        ("variance 0.02", init(std=0.02**0.5), "not the variance"),
        ("square of 0.02", init(std=0.02**2), "do not square"),
        ("deviation 0.2", init(std=0.2), "must be 0.02"),
        ("biases kept", init(bias=None), "bias"),
        ("biases 1", init(bias=1.0), "bias"),
        ("no batch norm", init(norms=()), "no BatchNorm"),
        ("only BatchNorm2d", init(norms=(nn.BatchNorm2d,)), "no BatchNorm1d"),
        ("no transposed convolutions", init(weighted=(nn.Conv2d, nn.Linear)), "no ConvTranspose2d"),
        ("fills clones", init_clones, "no weight has changed"),
        ("rebinds names", init_rebinds, "no weight has changed"),
        ("a copy", init_copy, "copy"),
        ("seed inside", init_seeded, "second network"),
        ("seed in each layer", init_seeded_layers, "same shape"),
        ("thaws all", init_thawed, "requires_grad"),
        ("freezes all", init_frozen, "requires_grad"),
        ("new parameters", init_new_parameters, "new Parameter"),
        ("all parameters around 0", init_all_parameters, "drawn around 1"),
        ("embeddings too", init_matrices, "embedding.weight changed"),
        ("group norm too", init(norms=(*NORMS, nn.GroupNorm)), "group_norm"),
        ("resets statistics", init_buffers, "statistic"),
        ("uniform", init_uniform, "not a normal one"),
        ("constant gains", init_gains_one, "constant"),
        ("returns nothing", init_no_return, "return net"),
        ("returns True", init_number, "return `net` itself"),
        ("training mode", init_training, "eval mode"),
    ],
    "build_generator": [
        ("eps 0.8", build(inner=lambda c: [nn.BatchNorm2d(c, 0.8), nn.ReLU()]), "is eps"),
        ("no tanh", build(end=lambda c: []), "nothing follows the last layer"),
        ("sigmoid", build(end=lambda c: [nn.Sigmoid()]), "sigmoid"),
        ("clamped", build(end=lambda c: [nn.Hardtanh()]), "cut off"),
        ("ReLU and tanh", build(end=lambda c: [nn.ReLU(), nn.Tanh()]), "darker than 0"),
        (
            "batch norm at the end",
            build(end=lambda c: [nn.BatchNorm2d(c), nn.Tanh()]),
            "between the last layer",
        ),
        (
            "a full block at the end",
            build(end=lambda c: [nn.BatchNorm2d(c), nn.ReLU(), nn.Tanh()]),
            "batch norm and ReLU follow",
        ),
        ("no batch norm", build(inner=lambda c: [nn.ReLU()]), "no batch norm"),
        (
            "no norm after the projection",
            build(first=lambda c: [nn.ReLU()]),
            "after the projection there is no",
        ),
        (
            "no norm inside",
            build(first=lambda c: [nn.BatchNorm2d(c), nn.ReLU()], inner=lambda c: [nn.ReLU()]),
            "after transposed convolution 1 of 2 there is no batch norm",
        ),
        ("leaky ReLU", build(inner=lambda c: [nn.BatchNorm2d(c), nn.LeakyReLU(0.2)]), "leaky ReLU"),
        (
            "leaky ReLU inside",
            build(
                first=lambda c: [nn.BatchNorm2d(c), nn.ReLU()],
                inner=lambda c: [nn.BatchNorm2d(c), nn.LeakyReLU(0.2)],
            ),
            "leaky ReLU",
        ),
        ("no activation", build(inner=lambda c: [nn.BatchNorm2d(c)]), "negative values"),
        (
            "ReLU before batch norm",
            build(inner=lambda c: [nn.ReLU(), nn.BatchNorm2d(c)]),
            "batch norm, then ReLU",
        ),
        ("GELU", build(inner=lambda c: [nn.BatchNorm2d(c), nn.GELU()]), "negative values"),
        ("sigmoid inside", build(inner=lambda c: [nn.BatchNorm2d(c), nn.Sigmoid()]), "exactly 0"),
        ("instance norm", build(inner=lambda c: [nn.InstanceNorm2d(c), nn.ReLU()]), "by itself"),
        (
            "group norm inside",
            build(
                first=lambda c: [nn.BatchNorm2d(c), nn.ReLU()],
                inner=lambda c: [nn.GroupNorm(1, c), nn.ReLU()],
            ),
            "by itself",
        ),
        ("statistics not stored", build(inner=no_stats), "in eval mode"),
        (
            "dropout",
            build(inner=lambda c: [nn.BatchNorm2d(c), nn.ReLU(), nn.Dropout(0.5)]),
            "no dropout",
        ),
        (
            "kernel 5 without output padding",
            build(up=lambda a, b: nn.ConvTranspose2d(a, b, 5, 2, 2)),
            "doubles",
        ),
        ("kernel 3, stride 1", build(up=lambda a, b: nn.ConvTranspose2d(a, b, 3, 1, 1)), "doubles"),
        (
            "resize and convolve",
            build(up=lambda a, b: nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(a, b, 3, 1, 1))),
            "ordinary convolution",
        ),
        ("one doubling too many", build_five_doublings, "expected 16"),
        (
            "projects to 8×8",
            build(project=lambda latent, c: [nn.Linear(latent, 64 * c), nn.Unflatten(1, (c, 8, 8))]),
            "projection gives 4×4",
        ),
        ("widths ignored", build_fixed_widths, "channels"),
        ("hidden linear layer", build_hidden_layer, "second linear layer"),
        ("layers in a list", Listed, "plain list"),
        ("projection not registered", HalfListed, "G.parameters()"),
        ("spare layer", Spare, "does not use it"),
        ("noise inside", Noisy, "no noise"),
        ("ignores z", IgnoresZ, "does not use z"),
        ("detached", Detached, "no gradient"),
        ("eval mode", lambda *a: build()(*a).eval(), "training mode"),
        ("a list of layers", lambda *a: list(build()(*a)), "nn.Module"),
        (
            "z with four dimensions",
            lambda *a: build(project=lambda n, c: [nn.ConvTranspose2d(n, c, 4)])(*a),
            "RuntimeError",
        ),
    ],
    "pooled_features": [
        ("means", pooled(lambda a: F.adaptive_avg_pool2d(a, 4)), "means"),
        ("windows of 4×4", pooled(lambda a: F.max_pool2d(a, 4)), "expected (1, 16)"),
        (
            "one pixel of each cell",
            pooled(lambda a: a[..., :: a.shape[2] // 4, :: a.shape[3] // 4]),
            "one pixel",
        ),
        ("nearest pixel", pooled(lambda a: F.interpolate(a, (4, 4))), "one pixel"),
        ("from 0", pooled(pooled_padded), "starts from 0"),
        ("global maximum", pooled(lambda a: a.amax((2, 3), keepdim=True)), "16 numbers per channel"),
        ("channels fastest", pooled(flat=lambda a: a.permute(0, 2, 3, 1).flatten(1)), "channels run fastest"),
        ("last layer only", lambda maps: pooled()(maps[-1:]), "all layers"),
        ("flattened with the batch", pooled(flat=lambda a: a.flatten()[None]), "one row per image"),
        (
            "layers below each other",
            lambda maps: torch.cat([F.adaptive_max_pool2d(a, 4).view(-1, 16) for a in maps]),
            "shape",
        ),
        ("backwards", lambda maps: pooled()(maps[::-1]), "backwards"),
        ("unit length", lambda maps: F.normalize(pooled()(maps)), "length 1"),
        ("columns first", pooled(flat=lambda a: a.mT.flatten(1)), "rows and columns"),
        (
            "strided cells",
            pooled(lambda a: a.unflatten(2, (-1, 4)).unflatten(4, (-1, 4)).amax((2, 4))),
            "neighbours",
        ),
        ("square maps only", pooled(lambda a: F.max_pool2d(a, a.shape[2] // 4)), "8×20"),
        ("float32 always", lambda maps: pooled()(maps).float(), "dtype"),
        ("changes the list", pooled_in_place, "changes the list"),
        (
            "not concatenated",
            lambda maps: [F.adaptive_max_pool2d(a, 4).flatten(1) for a in maps],
            "tensor was expected",
        ),
        ("first image for all", lambda maps: pooled()([a[:1].expand_as(a) for a in maps]), "off by"),
    ],
    "concept_arithmetic": [
        ("A - B - C", arithmetic(lambda a, b, c: a - b - c), "signs"),
        ("A + B - C", arithmetic(lambda a, b, c: a + b - c), "signs"),
        ("B - A + C", arithmetic(lambda a, b, c: b - a + c), "signs"),
        ("all added", arithmetic(lambda a, b, c: a + b + c), "signs"),
        ("sums", arithmetic(a_b_c, first=lambda part, k: part[:k].sum(0)), "take means"),
        ("a third", arithmetic(lambda a, b, c: (a - b + c) / 3), "divided by three"),
        ("all exemplars", arithmetic(a_b_c, first=lambda part, k: part.mean(0)), "only the first k"),
        ("one exemplar", arithmetic(a_b_c, first=lambda part, k: part[0]), "only one exemplar"),
        ("the last k", arithmetic(a_b_c, first=lambda part, k: part[-k:].mean(0)), "last k"),
        ("glasses whatever the hair", arithmetic(a_b_c, of=first_rows), "both attributes"),
        (
            "long hair whatever the glasses",
            arithmetic(a_b_c, of=lambda z, g, h: (z[g & ~h], z[~g & ~h], z[h])),
            "both attributes",
        ),
        (
            "neither is no glasses",
            arithmetic(a_b_c, of=lambda z, g, h: (z[g & ~h], z[~g], z[~g & h])),
            "neither",
        ),
        ("no error", arithmetic(a_b_c, guard=lambda parts, k: None), "raise ValueError instead"),
        ("error for none only", arithmetic(a_b_c, guard=concept_guards_only_empty), "2 exemplars"),
        ("looks at one concept only", arithmetic(a_b_c, guard=concept_guards_first), "neither and k = 3"),
        ("assertion", concept_wrong_error, "not AssertionError"),
        ("None for too few", concept_silent, "returned nothing"),
        (
            "keeps the dimension",
            arithmetic(a_b_c, first=lambda part, k: part[:k].mean(0, keepdim=True)),
            "shape",
        ),
        ("mean over the latent", arithmetic(a_b_c, first=lambda part, k: part[:k].mean(1)), "shape"),
        (
            "three exemplars always",
            arithmetic(a_b_c, first=lambda part, k: part[:3].mean(0)),
            "k = 1: you returned",
        ),
        ("edits z", concept_in_place, "changed its input"),
    ],
    "batch_norm_prediction": [
        ("separate 4", PREDICTION | {"separate": 4}, "before batch norm"),
        ("separate as mixed", PREDICTION | {"separate": 0.8}, "both together"),
        ("mixed as separate", PREDICTION | {"mixed": 0}, "real batch alone"),
        ("mixed 4", PREDICTION | {"mixed": 4}, "before batch norm"),
        ("deviation of the real values", PREDICTION | {"mixed": 4 / 3}, "all four"),
        ("variance", PREDICTION | {"mixed": 0.16}, "not by the variance"),
        ("n - 1", PREDICTION | {"mixed": 0.69}, "over n"),
        ("sign", PREDICTION | {"mixed": -0.8}, "positive"),
        ("scaled 10", PREDICTION | {"scaled": 10}, "grows as well"),
        ("scaled 100", PREDICTION | {"scaled": 100}, "ratio stays"),
        ("momentum 0.9", PREDICTION | {"running_mean": 3.6}, "0.9 on the new value"),
        ("no momentum", PREDICTION | {"running_mean": 4.0}, "part of the way"),
        ("running mean at rest", PREDICTION | {"running_mean": 0}, "does move"),
        ("eval", PREDICTION | {"depends": "eval"}, "stored running statistics"),
        ("both", PREDICTION | {"depends": "both"}, "stored running statistics"),
        ("another word", PREDICTION | {"depends": "training"}, "choose"),
        ("words", PREDICTION | {"mixed": "larger"}, "number"),
        ("a tuple", (0, 0.8, 1, 0.4, "train"), "dictionary"),
        ("one left", PREDICTION | {"scaled": None}, "missing"),
    ],
}

RIGHT = {
    "transposed_convolution": [
        ("fold", transposed_by_fold),
        ("loop over the kernel", transposed_by_kernel_entries),
        ("zeros between the pixels, then sliding windows", transposed_by_zeros_between),
        ("one large matrix", transposed_by_matrix),
    ],
    "doubling": [
        ("search", doubling_by_search),
        ("two cases, a list", doubling_by_case),
        ("NumPy integers", doubling_with_numpy),
    ],
    "dcgan_init": [
        ("apply", init()),
        ("recursion", init_recursive),
        ("copying, under no_grad", init_by_copying),
        ("by the names of parameters, new data", init_by_parameter_names),
    ],
    "build_generator": [
        ("1×1 maps, kernel 5, initialised", Classic),
        ("bare parameters, kernel 2, flat batch norm", ByHand),
        ("kernel 6", build(up=lambda a, b: nn.ConvTranspose2d(a, b, 6, 2, 2, bias=False))),
        (
            "flat norm and ReLU before the reshape, in-place ReLU",
            build(
                project=lambda latent, c: [
                    nn.Linear(latent, 16 * c),
                    nn.BatchNorm1d(16 * c),
                    nn.ReLU(inplace=True),
                    nn.Unflatten(1, (c, 4, 4)),
                ],
                first=lambda c: [],
                inner=lambda c: [nn.BatchNorm2d(c, momentum=0.5), nn.ReLU(inplace=True)],
            ),
        ),
    ],
    "pooled_features": [
        ("blocks and amax", pooled_blocks),
        ("loops", pooled_loop),
        ("NumPy", pooled_numpy),
        ("one image at a time", pooled_one_by_one),
        (
            "negated minima",
            pooled(lambda a: F.max_pool2d(a, (a.shape[2] // 4, a.shape[3] // 4), ceil_mode=True)),
        ),
    ],
    "concept_arithmetic": [
        ("loops", concept_loops),
        ("weights times z", concept_weights),
        ("numbered kinds", concept_nonzero),
    ],
    "batch_norm_prediction": [
        ("integers", PREDICTION | {"separate": 0, "scaled": 1}),
        ("tensors, rounded", PREDICTION | {"mixed": torch.tensor(0.8), "running_mean": 0.404}),
        ("a hair off", PREDICTION | {"separate": -1e-7, "mixed": 0.79999}),
    ],
}
