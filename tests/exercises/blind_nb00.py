"""Answers by someone who had only read the exercises of notebook 00."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

# ---------------------------------------------------------------- expectation


def expectation_normalises_weights_in_place(f, x, weights):
    weights /= weights.sum()
    return (weights * f(x)).sum()


def expectation_by_repeating_counts(f, x, weights):
    return f(torch.repeat_interleave(x, weights.long())).mean()


def expectation_by_sampling(f, x, weights):
    picks = torch.multinomial(weights, 10_000, replacement=True)
    return f(x)[picks].mean()


def expectation_rebuilds_the_tensor(f, x, weights):
    total = 0.0
    for value, weight in zip(f(x), weights, strict=True):
        total += value.item() * weight.item()
    return torch.tensor(total / weights.sum().item())


def expectation_normalises_only_counts(f, x, weights):
    if weights.sum() > 1:
        weights = weights / weights.sum()
    return (weights * f(x)).sum()


def expectation_loop(f, x, weights):
    values = f(x)
    top = sum(weights[i] * values[i] for i in range(len(x)))
    bottom = sum(weights[i] for i in range(len(x)))
    return top / bottom


def expectation_matmul(f, x, weights):
    share = weights / weights.sum()
    return (share.unsqueeze(0) @ f(x).unsqueeze(1)).reshape(())


def expectation_einsum(f, x, weights):
    return torch.einsum("i,i->", weights, f(x)) / weights.sum()


# ---------------------------------------------------------------- log_sigmoid


def log_sigmoid_where_two_branches(a):
    return torch.where(a > 0, -torch.log1p(torch.exp(-a)), a - torch.log1p(torch.exp(a)))


def log_sigmoid_by_log_softmax(a):
    return torch.log_softmax(torch.stack([a, torch.zeros_like(a)]), dim=0)[0]


def log_sigmoid_clamped_logits(a):
    return F.logsigmoid(a.clamp(-50, 50))


def log_sigmoid_relu_and_abs(a):
    return a.clamp(max=0) - torch.log1p(torch.exp(-a.abs()))


def log_sigmoid_through_float64(a):
    return F.logsigmoid(a.double())


def log_sigmoid_through_float32(a):
    return F.logsigmoid(a.float()).to(a.dtype)


def log_sigmoid_piecewise_linear_tails(a):
    return torch.where(a > 20, torch.zeros_like(a), torch.where(a < -20, a, torch.sigmoid(a).log()))


def log_sigmoid_overwrites_large_logits(a):
    with torch.no_grad():
        a.clamp_(-700, 700)
    return F.logsigmoid(a)


def log_sigmoid_numpy_leaves_the_graph(a):
    return torch.from_numpy(np.asarray(-np.logaddexp(0, -a.detach().numpy()), dtype=a.detach().numpy().dtype))


def log_sigmoid_minimum_and_abs(a):
    return torch.minimum(a, torch.zeros_like(a)) - torch.log1p(torch.exp(-a.abs()))


def log_sigmoid_safe_where(a):
    positive = a > 0
    zero = torch.zeros_like(a)
    right = -torch.log1p(torch.exp(-torch.where(positive, a, zero)))
    b = torch.where(positive, zero, a)
    return torch.where(positive, right, b - torch.log1p(torch.exp(b)))


class _LogSigmoid(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return -torch.logaddexp(torch.zeros_like(a), -a)

    @staticmethod
    def backward(ctx, grad):
        (a,) = ctx.saved_tensors
        return grad * torch.sigmoid(-a)


# ---------------------------------------------------------------- to_bytes


def to_bytes_stretches_each_batch(x):
    low, high = x.min(), x.max()
    return ((x - low) / (high - low) * 255).round().to(torch.uint8)


def to_bytes_stretches_only_if_needed(x):
    scale = max(1.0, x.abs().max().item())
    return ((x / scale + 1) * 127.5).round().to(torch.uint8)


def to_bytes_in_place(x):
    return x.add_(1).mul_(127.5).round_().clamp_(0, 255).to(torch.uint8)


def to_bytes_clamps_the_input_in_place(x):
    x.clamp_(-1, 1)
    return ((x + 1) * 127.5).round().to(torch.uint8)


def to_bytes_channels_last(x):
    return ((x + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)


def to_bytes_squeezes(x):
    return ((x + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).squeeze()


def to_bytes_clamps_after_the_cast(x):
    return ((x + 1) * 127.5).round().to(torch.int64).to(torch.uint8).clamp(0, 255)


def to_bytes_add_half_and_truncate(x):
    return (x.clamp(-1, 1) * 127.5 + 128).floor().clamp(max=255).byte()


def to_bytes_numpy(x):
    u = np.rint((x.detach().numpy().astype(np.float64) + 1) * 127.5)
    return torch.from_numpy(np.clip(u, 0, 255).astype(np.uint8))


def to_bytes_borders_between_levels(x):
    borders = (torch.arange(255, dtype=torch.float64) + 0.5) / 127.5 - 1
    return torch.bucketize(x.detach().double().contiguous(), borders).to(torch.uint8)


def to_bytes_nearest_level(x):
    levels = torch.arange(256, dtype=torch.float64) / 127.5 - 1
    return (x.detach().double().unsqueeze(-1) - levels).abs().argmin(dim=-1).to(torch.uint8)


# ---------------------------------------------------------------- sgd_step


def sgd_step_ascends(loss_of, parameters, lr):
    loss = loss_of()
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    value = loss.item()
    with torch.no_grad():
        for p, g in zip(parameters, grads, strict=True):
            if g is not None:
                p += lr * g
    return value


def _backward_and_update(loss_of, parameters, lr):
    loss = loss_of()
    loss.backward()
    value = loss.item()
    with torch.no_grad():
        for p in parameters:
            if p.grad is not None:
                p -= lr * p.grad
    return value


def sgd_step_never_clears(loss_of, parameters, lr):
    return _backward_and_update(loss_of, parameters, lr)


def sgd_step_clears_after(loss_of, parameters, lr):
    value = _backward_and_update(loss_of, parameters, lr)
    for p in parameters:
        p.grad = None
    return value


def sgd_step_clears_between_backward_and_step(loss_of, parameters, lr):
    optimiser = torch.optim.SGD(parameters, lr=lr)
    loss = loss_of()
    loss.backward()
    optimiser.zero_grad()
    optimiser.step()
    return loss.item()


def sgd_step_rebinds_the_list(loss_of, parameters, lr):
    loss = loss_of()
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    for i, g in enumerate(grads):
        if g is not None:
            parameters[i] = (parameters[i] - lr * g).detach().requires_grad_()
    return loss.item()


def sgd_step_returns_loss_after(loss_of, parameters, lr):
    sgd_step_autograd_grad(loss_of, parameters, lr)
    return loss_of().item()


def sgd_step_evaluates_loss_twice(loss_of, parameters, lr):
    before = loss_of().item()
    sgd_step_autograd_grad(loss_of, parameters, lr)
    return before


def sgd_step_returns_a_tensor_with_graph(loss_of, parameters, lr):
    kept = []

    def remember():
        kept.append(loss_of())
        return kept[-1]

    sgd_step_autograd_grad(remember, parameters, lr)
    return kept[0]


def sgd_step_fails_on_unused(loss_of, parameters, lr):
    for p in parameters:
        p.grad = None
    loss = loss_of()
    loss.backward()
    with torch.no_grad():
        for p in parameters:
            p -= lr * p.grad
    return loss.item()


def sgd_step_without_no_grad(loss_of, parameters, lr):
    loss = loss_of()
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    for p, g in zip(parameters, grads, strict=True):
        if g is not None:
            p -= lr * g
    return loss.item()


def sgd_step_leaves_parameters_frozen(loss_of, parameters, lr):
    loss = loss_of()
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    for p, g in zip(parameters, grads, strict=True):
        p.requires_grad_(False)
        if g is not None:
            p -= lr * g
    return loss.item()


def sgd_step_clips_the_gradient(loss_of, parameters, lr):
    for p in parameters:
        p.grad = None
    loss = loss_of()
    loss.backward()
    nn.utils.clip_grad_norm_(parameters, 1.0)
    torch.optim.SGD(parameters, lr=lr).step()
    return loss.item()


def sgd_step_is_adam(loss_of, parameters, lr):
    optimiser = torch.optim.Adam(parameters, lr=lr)
    optimiser.zero_grad()
    loss = loss_of()
    loss.backward()
    value = loss.item()
    optimiser.step()
    return value


def sgd_step_stops_at_the_first_unused(loss_of, parameters, lr):
    for p in parameters:
        p.grad = None
    loss = loss_of()
    loss.backward()
    value = loss.item()
    with torch.no_grad():
        for p in parameters:
            if p.grad is None:
                break
            p -= lr * p.grad
    return value


def sgd_step_autograd_grad(loss_of, parameters, lr):
    loss = loss_of()
    value = float(loss.detach())
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    with torch.no_grad():
        for p, g in zip(parameters, grads, strict=True):
            if g is not None:
                p.sub_(lr * g)
    return value


def sgd_step_clear_backward_update(loss_of, parameters, lr):
    for p in parameters:
        p.grad = None
    return _backward_and_update(loss_of, parameters, lr)


def sgd_step_with_optimiser(loss_of, parameters, lr):
    optimiser = torch.optim.SGD(parameters, lr=lr)
    optimiser.zero_grad()
    loss = loss_of()
    value = loss.item()
    loss.backward()
    optimiser.step()
    return value


def sgd_step_through_data(loss_of, parameters, lr):
    for p in parameters:
        if p.grad is not None:
            p.grad = torch.zeros_like(p)
    loss = loss_of()
    value = loss.tolist()
    loss.backward()
    for p in parameters:
        if p.grad is not None:
            p.data.add_(p.grad, alpha=-lr)
    return value


# ---------------------------------------------------------------- diagnostic

LETTERS = dict(enumerate("cbadabcdbd", start=1))

WRONG: dict[str, list[tuple[str, Any, str]]] = {
    "expectation": [
        (
            "weights not normalised",
            lambda f, x, weights: (weights * f(x)).sum(),
            "are counts: divide by their sum, so that",
        ),
        (
            "mean of the products",
            lambda f, x, weights: (weights * f(x)).mean(),
            "you divided by the number of values as well: a weighted sum",
        ),
        (
            "weights ignored",
            lambda f, x, weights: f(x).mean(),
            "that is the mean with equal weights: each value counts as",
        ),
        (
            "f of the mean",
            lambda f, x, weights: f(((weights * x).sum() / weights.sum()).reshape(1))[0],
            "that is f(E x): apply f to every value first, and average",
        ),
        ("softmax of the weights", lambda f, x, weights: (weights.softmax(0) * f(x)).sum(), "with weights"),
        (
            "f applied to the product",
            lambda f, x, weights: f(x * weights).sum() / weights.sum(),
            "with weights",
        ),
        (
            "divides by n",
            lambda f, x, weights: torch.dot(weights, f(x)) / len(x),
            "you divided by the number of values as well: a weighted sum",
        ),
        (
            "divides by the norm",
            lambda f, x, weights: torch.dot(F.normalize(weights, dim=0), f(x)),
            "with weights",
        ),
        (
            "float",
            lambda f, x, weights: ((weights * f(x)).sum() / weights.sum()).item(),
            "the result carries no gradient: return a tensor, without",
        ),
        (
            "detached",
            lambda f, x, weights: ((weights * f(x)).sum() / weights.sum()).detach(),
            "the result carries no gradient: return a tensor, without",
        ),
        (
            "shape (1,)",
            lambda f, x, weights: (weights * f(x)).sum(0, keepdim=True) / weights.sum(),
            "one number was expected, not a tensor of shape",
        ),
        (
            "normalises the weights in place",
            expectation_normalises_weights_in_place,
            "your function changed its input: work on a copy, and avoid",
        ),
        ("only for whole counts", expectation_by_repeating_counts, "with weights"),
        ("Monte Carlo", expectation_by_sampling, "with weights"),
        (
            "no gradient: rebuilt from numbers",
            expectation_rebuilds_the_tensor,
            "the result carries no gradient: return a tensor, without",
        ),
        (
            "sums below 1 not normalised",
            expectation_normalises_only_counts,
            "a single value has expectation f(x) whatever its weight:",
        ),
    ],
    "log_sigmoid": [
        ("log of sigmoid", lambda a: torch.log(torch.sigmoid(a)), "the result is not finite at a"),
        (
            "log with an epsilon",
            lambda a: torch.log(torch.sigmoid(a) + 1e-12),
            "Was the sigmoid cut off, or an epsilon added",
        ),
        (
            "sigmoid clamped",
            lambda a: torch.sigmoid(a).clamp(1e-7, 1 - 1e-7).log(),
            "Was the sigmoid cut off, or an epsilon added",
        ),
        ("log(1 + exp(-a))", lambda a: -torch.log(1 + torch.exp(-a)), "the result is not finite at a"),
        ("log1p(exp(-a)) overflows", lambda a: -torch.log1p(torch.exp(-a)), "the result is not finite at a"),
        (
            "where with two overflowing branches",
            log_sigmoid_where_two_branches,
            "the derivative should be sigma(-a), between",
        ),
        ("log_softmax rounds tiny values to 0", log_sigmoid_by_log_softmax, "before the logarithm (torch"),
        ("logits clamped", log_sigmoid_clamped_logits, "Was the sigmoid cut off, or an epsilon added"),
        ("gradient 1 at a = 0", log_sigmoid_relu_and_abs, "the derivative is"),
        (
            "sign of the result",
            lambda a: F.softplus(-a),
            "the sign is flipped: log sigma(a) is never positive",
        ),
        ("log(1 - sigmoid)", lambda a: -F.softplus(a), "log sigma(-a"),
        ("log base 2", lambda a: F.logsigmoid(a) / np.log(2), "this course uses natural logarithms"),
        ("mean", lambda a: F.logsigmoid(a).mean(), "gave (): keep the shape, one entry per entry"),
        ("always float64", log_sigmoid_through_float64, "keep the precision that came in"),
        ("float64 through float32", log_sigmoid_through_float32, "expected"),
        ("zero for a > 20", log_sigmoid_piecewise_linear_tails, "before the logarithm (torch"),
        (
            "input changed",
            log_sigmoid_overwrites_large_logits,
            "your function changed its input: work on a copy, and avoid",
        ),
        (
            "no gradient",
            log_sigmoid_numpy_leaves_the_graph,
            "the result carries no gradient",
        ),
        ("flattened", lambda a: F.logsigmoid(a).flatten(), "keep the shape, one entry per entry"),
    ],
    "to_bytes": [
        (
            "truncates",
            lambda x: ((x + 1) * 127.5).clamp(0, 255).to(torch.uint8),
            "and round first, because a conversion to bytes cuts",
        ),
        (
            "not cut",
            lambda x: ((x + 1) * 127.5).round().to(torch.int64).to(torch.uint8),
            "so cut values off before you convert",
        ),
        ("cut after the cast", to_bytes_clamps_after_the_cast, "so cut values off before you convert"),
        (
            "factor 128",
            lambda x: ((x + 1) * 128).round().clamp(0, 255).to(torch.uint8),
            "and round first, because a conversion to bytes cuts",
        ),
        ("factor 127", lambda x: ((x + 1) * 127).round().clamp(0, 255).to(torch.uint8), "Multiply x"),
        (
            "input taken as [0, 1]",
            lambda x: (x.clamp(0, 1) * 255).round().to(torch.uint8),
            "the lower half of the levels turned black: x lies in",
        ),
        ("still float", lambda x: ((x + 1) * 127.5).round().clamp(0, 255), "the result has dtype torch"),
        ("int64", lambda x: ((x + 1) * 127.5).round().clamp(0, 255).long(), "the result has dtype torch"),
        (
            "always up",
            lambda x: ((x + 1) * 127.5).ceil().clamp(0, 255).to(torch.uint8),
            "and round first, because a conversion to bytes cuts",
        ),
        ("stretched to the range of the batch", to_bytes_stretches_each_batch, "are nearest to"),
        (
            "divided by the largest value",
            to_bytes_stretches_only_if_needed,
            "so cut values off before you convert",
        ),
        ("input changed", to_bytes_in_place, "your function changed its input: work on a copy, and avoid"),
        (
            "input cut in place",
            to_bytes_clamps_the_input_in_place,
            "your function changed its input: work on a copy, and avoid",
        ),
        ("channels last", to_bytes_channels_last, "an input of shape"),
        ("squeezed", to_bytes_squeezes, "an input of shape"),
        (
            "only the first picture",
            lambda x: ((x[:1] + 1) * 127.5).round().clamp(0, 255).byte(),
            "an input of shape",
        ),
    ],
    "sgd_step": [
        ("ascent", sgd_step_ascends, "you went up the gradient: a loss is minimised, subtract"),
        ("old gradients added", sgd_step_never_clears, "the gradient of the first step was still there and"),
        ("gradients cleared only after", sgd_step_clears_after, "a parameter with an old gradient"),
        (
            "cleared between backward and step",
            sgd_step_clears_between_backward_and_step,
            "the parameter did not change: update it in place, as in",
        ),
        (
            "not in place",
            sgd_step_rebinds_the_list,
            "the parameter did not change: update it in place, as in",
        ),
        ("loss after the step", sgd_step_returns_loss_after, "you returned the loss after the step"),
        (
            "loss evaluated twice",
            sgd_step_evaluates_loss_twice,
            "call it once, it may draw new noise each time",
        ),
        (
            "returns a tensor",
            sgd_step_returns_a_tensor_with_graph,
            "item(): as a tensor it keeps the whole graph in memory",
        ),
        (
            "fails on an unused parameter",
            sgd_step_fails_on_unused,
            "your code stopped with TypeError: unsupported operand",
        ),
        (
            "no torch.no_grad",
            sgd_step_without_no_grad,
            "your code stopped with RuntimeError: a leaf Variable that",
        ),
        (
            "requires_grad switched off",
            sgd_step_leaves_parameters_frozen,
            "does not require grad",
        ),
        ("clipped", sgd_step_clips_the_gradient, "gradient -"),
        ("Adam", sgd_step_is_adam, "that moves by lr against the sign of the gradient"),
        (
            "stops at the first unused parameter",
            sgd_step_stops_at_the_first_unused,
            "a parameter with an old gradient",
        ),
        ("half the step", lambda loss_of, ps, lr: sgd_step_autograd_grad(loss_of, ps, lr / 2), "gradient -"),
        (
            "first parameter only",
            lambda loss_of, ps, lr: sgd_step_autograd_grad(loss_of, ps[:1], lr),
            "a parameter with an old gradient",
        ),
    ],
    "diagnostic": [
        (
            "base rate neglected",
            {**LETTERS, 1: "a"},
            "Bayes' rule: Goodfellow, Bengio, Courville, Deep Learning",
        ),
        ("square of the mean", {**LETTERS, 2: "a"}, "apply the function first, then weigh"),
        (
            "softmax not shift invariant",
            {**LETTERS, 3: "d"},
            "divide numerator and denominator by the same factor",
        ),
        (
            "inner derivative forgotten",
            {**LETTERS, 4: "b"},
            "derivatives: Deisenroth, Faisal, Ong, Mathematics for",
        ),
        (
            "sign of the derivative",
            {**LETTERS, 4: "c"},
            "derivatives: Deisenroth, Faisal, Ong, Mathematics for",
        ),
        ("step uphill", {**LETTERS, 5: "b"}, "gradient descent: Deep Learning"),
        (
            "mean keeps the wrong axis",
            {**LETTERS, 6: "a"},
            "mean: what happens to the dimensions named in dim",
        ),
        (
            "convolution off by one",
            {**LETTERS, 7: "d"},
            "d, formula for the output height, and what its first two",
        ),
        ("channels kept", {**LETTERS, 7: "b"}, "d, formula for the output height, and what its first two"),
        ("detach misread", {**LETTERS, 8: "a"}, "autograd: the PyTorch notes 'Autograd mechanics' and the"),
        (
            "overfitting misread",
            {**LETTERS, 9: "c"},
            "what does the gap between training and held-out accuracy",
        ),
        (
            "broadcasting thought an error",
            {**LETTERS, 10: "c"},
            "broadcasting: the PyTorch notes 'Broadcasting semantics':",
        ),
        (
            "broadcasting overlooked",
            {**LETTERS, 10: "b"},
            "broadcasting: the PyTorch notes 'Broadcasting semantics':",
        ),
        ("one left empty", {**LETTERS, 6: "a wrong guess earns a hint, not a mark"}, ""),
        (
            "always a",
            dict.fromkeys(range(1, 11), "a"),
            "broadcasting: the PyTorch notes 'Broadcasting semantics':",
        ),
    ],
}

RIGHT: dict[str, list[tuple[str, Any]]] = {
    "expectation": [
        ("normalised dot product", lambda f, x, weights: torch.dot(weights / weights.sum(), f(x))),
        ("product, sum, quotient", lambda f, x, weights: (weights * f(x)).sum() / weights.sum()),
        ("loop", expectation_loop),
        ("matrix product", expectation_matmul),
        ("einsum", expectation_einsum),
    ],
    "log_sigmoid": [
        ("built in", F.logsigmoid),
        ("minimum and abs", log_sigmoid_minimum_and_abs),
        ("where with safe branches", log_sigmoid_safe_where),
        ("logaddexp", lambda a: -torch.logaddexp(torch.zeros_like(a), -a)),
        ("own backward", _LogSigmoid.apply),
        (
            "cross-entropy",
            lambda a: -F.binary_cross_entropy_with_logits(a, a.new_ones(a.shape), reduction="none"),
        ),
    ],
    "to_bytes": [
        ("round and clamp", lambda x: ((x + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)),
        ("add a half and truncate", to_bytes_add_half_and_truncate),
        ("numpy", to_bytes_numpy),
        ("borders between levels", to_bytes_borders_between_levels),
        ("nearest level", to_bytes_nearest_level),
    ],
    "sgd_step": [
        ("autograd.grad", sgd_step_autograd_grad),
        ("clear, backward, update", sgd_step_clear_backward_update),
        ("torch.optim.SGD", sgd_step_with_optimiser),
        ("through .data", sgd_step_through_data),
    ],
    "diagnostic": [
        (
            "written out",
            {1: "c", 2: "b", 3: "a", 4: "d", 5: "a", 6: "b", 7: "c", 8: "d", 9: "b", 10: "d"},
        ),
        ("enumerated", dict(enumerate("cbadabcdbd", start=1))),
        ("filled backwards", dict(zip(range(10, 0, -1), "dbdcbadabc", strict=True))),
    ],
}
