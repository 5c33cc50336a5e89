"""Answers by someone who had only read the exercises of notebook 02."""

import math
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

# ---------------------------------------------------------------- optimal_d


def _d_normalises_first(p_data, p_g):
    p = p_data / p_data.sum(dim=-1, keepdim=True)
    q = p_g / p_g.sum(dim=-1, keepdim=True)
    total = p + q
    return torch.where(total > 0, p / total, torch.full_like(total, 0.5))


def _d_fills_in_place(p_data, p_g):
    both_zero = (p_data == 0) & (p_g == 0)
    p_data[both_zero] = 1.0
    p_g[both_zero] = 1.0
    return p_data / (p_data + p_g)


def _d_divides_in_place(p_data, p_g):
    total = p_data + p_g
    return p_data.div_(total).nan_to_num_(nan=0.5)


def _d_small_means_zero(p_data, p_g):
    total = p_data + p_g
    return torch.where(total > 1e-12, p_data / total, torch.full_like(total, 0.5))


def _d_isclose_zero(p_data, p_g):
    total = p_data + p_g
    zero = torch.isclose(total, torch.zeros_like(total))
    return torch.where(zero, torch.full_like(total, 0.5), p_data / total)


def _d_float32(p_data, p_g):
    p, q = p_data.float(), p_g.float()
    return torch.nan_to_num(p / (p + q), nan=0.5).double()


def _d_float32_result(p_data, p_g):
    out = torch.full(p_data.shape, 0.5, dtype=torch.float32)
    total = p_data + p_g
    out[total > 0] = (p_data[total > 0] / total[total > 0]).float()
    return out


def _d_drops_empty_atoms(p_data, p_g):
    seen = (p_data + p_g) > 0
    return p_data[seen] / (p_data[seen] + p_g[seen])


def _d_one_if_any_zero(p_data, p_g):
    out = torch.full_like(p_data, 0.5)
    both = (p_data > 0) & (p_g > 0)
    out[both] = p_data[both] / (p_data[both] + p_g[both])
    return out


def _d_loop_over_last_axis_of_vector(p_data, p_g):
    out = []
    for a, b in zip(p_data, p_g, strict=True):
        out.append(0.5 if float(a + b) == 0 else float(a / (a + b)))
    return torch.tensor(out, dtype=torch.float64)


def _d_whole_mass(p_data, p_g):
    return torch.nan_to_num(p_data / (p_data.sum(dim=-1, keepdim=True) + p_g), nan=0.5)


def _d_safe_total(p_data, p_g):
    total = p_data + p_g
    empty = total == 0
    return torch.where(empty, 0.5, p_data / torch.where(empty, torch.ones_like(total), total))


def _d_masked_write(p_data, p_g):
    out = torch.full_like(p_data, 0.5)
    seen = (p_data > 0) | (p_g > 0)
    out[seen] = p_data[seen] / (p_data + p_g)[seen]
    return out


def _d_through_ratio(p_data, p_g):
    # 1 / (1 + q / p): q / p is inf where p = 0, and 0 / 0 is caught afterwards
    out = torch.reciprocal(1 + p_g / p_data)
    return out.masked_fill((p_data == 0) & (p_g == 0), 0.5)


def _d_numpy(p_data, p_g):
    p, q = p_data.detach().numpy(), p_g.detach().numpy()
    out = np.full(p.shape, 0.5)
    np.divide(p, p + q, out=out, where=(p + q) != 0)
    return torch.from_numpy(out)


def _d_python_loop(p_data, p_g):
    values = []
    for a, b in zip(p_data.reshape(-1).tolist(), p_g.reshape(-1).tolist(), strict=True):
        values.append(a / (a + b) if a or b else 0.5)
    return torch.tensor(values, dtype=p_data.dtype).reshape(p_data.shape)


def _d_sigmoid_of_log_ratio(p_data, p_g):
    log_odds = torch.log(p_data) - torch.log(p_g)
    return torch.sigmoid(torch.where(log_odds.isnan(), torch.zeros_like(log_odds), log_odds))


# ---------------------------------------------------------------- js_from_value


def _js_floats_only(v):
    return float(v) / 2 + math.log(2)


def _js_tensors_only(v):
    return v.div(2).add(math.log(2))


def _js_mean(v):
    return torch.as_tensor(v, dtype=torch.float64).mean() / 2 + math.log(2)


def _js_flattened(v):
    if isinstance(v, torch.Tensor):
        return v.flatten() / 2 + math.log(2)
    return v / 2 + math.log(2)


def _js_last_bracket(v):
    return (v + math.log(2)) / 2


def _js_fractional_log(v):
    if torch.is_tensor(v):
        return torch.add(v.mul(0.5), math.log(2.0))
    return 0.5 * v + math.log(2.0)


def _js_entries_in_a_loop(v):
    def one(value):
        return 0.5 * (value + math.log(4))

    if not isinstance(v, torch.Tensor):
        return one(v)
    return torch.tensor([one(e) for e in v.reshape(-1).tolist()], dtype=v.dtype).reshape(v.shape)


def _js_numpy(v):
    if isinstance(v, torch.Tensor):
        return torch.from_numpy(np.asarray((v.detach().numpy() + np.log(4)) / 2)).to(v.dtype)
    return float(np.mean([v, np.log(4)]))


def _js_interpolated(v):
    # a straight line: 0 at v = -log 4, log 2 at v = 0
    worst = -math.log(4)
    return math.log(2) * (1 - v / worst)


# ---------------------------------------------------------------- log_ratio


def _ratio_through_sigmoid(a, real_share):
    d = torch.sigmoid(a)
    return torch.log(d) - torch.log(1 - d) - math.log(real_share / (1 - real_share))


def _ratio_one_quotient(a, real_share):
    d = torch.sigmoid(a)
    return torch.log(d * (1 - real_share) / ((1 - d) * real_share))


def _ratio_eps(a, real_share):
    d = torch.sigmoid(a)
    odds = (d + 1e-12) / (1 - d + 1e-12)
    return torch.log(odds) + math.log((1 - real_share) / real_share)


def _ratio_exp_log(a, real_share):
    return torch.log(torch.exp(a.float()) * (1 - real_share) / real_share).to(a.dtype)


def _ratio_half_gives_a(a, real_share):
    return a if real_share == 0.5 else a + math.log(real_share / (1 - real_share))


def _ratio_hard_coded_quarter(a, real_share):
    return a + math.log(3)


def _ratio_always_double(a, real_share):
    return a.double() - math.log(real_share / (1 - real_share))


def _ratio_flattened(a, real_share):
    return a.flatten() - math.log(real_share / (1 - real_share))


def _ratio_from_d_over_prior(a, real_share):
    return F.logsigmoid(a) - math.log(real_share)


def _ratio_logit(a, real_share):
    return a - torch.logit(torch.tensor(real_share, dtype=torch.float64)).item()


def _ratio_logsigmoids(a, real_share):
    log_real = F.logsigmoid(a) - math.log(real_share)
    log_fake = F.logsigmoid(-a) - math.log1p(-real_share)
    return log_real - log_fake


def _ratio_numpy(a, real_share):
    shift = np.log((1 - real_share) / real_share)
    return torch.from_numpy(np.asarray(a.detach().numpy() + shift)).to(a.dtype)


def _ratio_python_loop(a, real_share):
    out = torch.empty_like(a)
    flat = out.view(-1)
    for i, logit in enumerate(a.reshape(-1).tolist()):
        flat[i] = logit - math.log(real_share) + math.log(1 - real_share)
    return out


def _ratio_tanh(a, real_share):
    # logit(share) = 2 artanh(2 share - 1)
    return torch.sub(a, 2 * math.atanh(2 * real_share - 1))


# ---------------------------------------------------------------- logit_gradients


def _leaf(a):
    return a.detach().clone().requires_grad_(True)


def _slopes(first, second, reduce=torch.sum):
    """Build an answer from two losses of the logits and the reduction over the batch."""

    def slopes(a):
        with torch.enable_grad():
            leaf = _leaf(a)
            (one,) = torch.autograd.grad(reduce(first(leaf)), leaf)
            leaf = _leaf(a)
            (two,) = torch.autograd.grad(reduce(second(leaf)), leaf)
        return one, two

    return slopes


def _slopes_need_requires_grad(a):
    (one,) = torch.autograd.grad(F.logsigmoid(-a).sum(), a)
    (two,) = torch.autograd.grad(-F.logsigmoid(a).sum(), a)
    return one, two


def _slopes_switch_on_grad(a):
    a.requires_grad_(True)
    (one,) = torch.autograd.grad(F.logsigmoid(-a).sum(), a)
    (two,) = torch.autograd.grad(-F.logsigmoid(a).sum(), a)
    return one, two


def _slopes_switch_off_grad(a):
    a.requires_grad_(True)
    (one,) = torch.autograd.grad(F.logsigmoid(-a).sum(), a)
    (two,) = torch.autograd.grad(-F.logsigmoid(a).sum(), a)
    a.requires_grad_(False)
    return one, two


def _slopes_backward_into_a(a):
    leaf = a if a.requires_grad else _leaf(a)
    F.logsigmoid(-leaf).sum().backward()
    one = leaf.grad.clone()
    leaf.grad = None
    (-F.logsigmoid(leaf)).sum().backward()
    return one, leaf.grad.clone()


def _slopes_detach_shares_leaf(a):
    # detach() without clone, then the logits are nudged in place
    leaf = a.detach()
    leaf.clamp_(-30, 30)
    return -torch.sigmoid(leaf), -torch.sigmoid(-leaf)


def _slopes_grad_not_zeroed(a):
    leaf = _leaf(a)
    F.logsigmoid(-leaf).sum().backward()
    one = leaf.grad.clone()
    (-F.logsigmoid(leaf)).sum().backward()
    return one, leaf.grad.clone()


def _slopes_same_grad_tensor(a):
    leaf = _leaf(a)
    F.logsigmoid(-leaf).sum().backward()
    one = leaf.grad
    leaf.grad.zero_()
    (-F.logsigmoid(leaf)).sum().backward()
    return one, leaf.grad


def _slopes_with_history(a):
    leaf = _leaf(a)
    (one,) = torch.autograd.grad(F.logsigmoid(-leaf).sum(), leaf, create_graph=True)
    (two,) = torch.autograd.grad(-F.logsigmoid(leaf).sum(), leaf, create_graph=True)
    return one, two


def _slopes_history_of_a(a):
    return -torch.sigmoid(a), -torch.sigmoid(-a)


def _slopes_float32(a):
    one, two = _slopes(lambda x: F.logsigmoid(-x), lambda x: -F.logsigmoid(x))(a.float())
    return one.to(a.dtype), two.to(a.dtype)


def _slopes_flat(a):
    one, two = _slopes(lambda x: F.logsigmoid(-x), lambda x: -F.logsigmoid(x))(a)
    return one.flatten(), two.flatten()


def _slopes_finite_differences(a):
    x, h = a.detach(), 1e-5
    one = (F.logsigmoid(-(x + h)) - F.logsigmoid(-(x - h))) / (2 * h)
    two = (-F.logsigmoid(x + h) + F.logsigmoid(x - h)) / (2 * h)
    return one, two


def _slopes_absolute(a):
    one, two = _slopes(lambda x: F.logsigmoid(-x), lambda x: -F.logsigmoid(x))(a)
    return one.abs(), two.abs()


def _slopes_numbers(a):
    x = a.detach().double()
    return (-torch.sigmoid(x)).tolist(), (-torch.sigmoid(-x)).tolist()


def _slopes_vmap(a):
    flat = a.detach().reshape(-1)
    one = torch.func.vmap(torch.func.grad(lambda z: F.logsigmoid(-z)))(flat)
    two = torch.func.vmap(torch.func.grad(lambda z: -F.logsigmoid(z)))(flat)
    return one.reshape(a.shape).detach(), two.reshape(a.shape).detach()


def _slopes_one_entry_at_a_time(a):
    one, two = torch.empty_like(a, requires_grad=False), torch.empty_like(a, requires_grad=False)
    with torch.enable_grad():
        for index in np.ndindex(*a.shape):
            z = a[index].detach().clone().requires_grad_()
            F.logsigmoid(-z).backward()
            one[index] = z.grad
            z.grad = None
            (-F.logsigmoid(z)).backward()
            two[index] = z.grad
    return one, two


def _slopes_vector_jacobian(a):
    with torch.enable_grad():
        x = torch.tensor(a.detach().numpy().copy(), requires_grad=True)
        losses = torch.stack([F.logsigmoid(-x), -F.logsigmoid(x)])
        rows = []
        for k in range(2):
            weights = torch.zeros_like(losses)
            weights[k] = 1.0
            rows.append(torch.autograd.grad(losses, x, weights, retain_graph=True)[0])
    return tuple(rows)


def _slopes_backward_on_clones(a):
    def slope(loss):
        z = torch.empty_like(a, requires_grad=False).copy_(a.detach()).requires_grad_()
        with torch.enable_grad():
            loss(z).backward(torch.ones_like(z))
        return z.grad

    return slope(lambda z: F.logsigmoid(z.neg())), slope(lambda z: F.logsigmoid(z).neg())


WRONG: dict[str, list[tuple[str, Any, str]]] = {
    "optimal_d": [
        ("0/0 is left as nan", lambda p, q: p / (p + q), "an atom without any mass gives"),
        ("0/0 becomes 0", lambda p, q: torch.nan_to_num(p / (p + q)), "where both laws are zero return"),
        ("epsilon below", lambda p, q: p / (p + q + 1e-8), "for p"),
        (
            "epsilon above and below",
            lambda p, q: (p + 1e-12) / (p + q + 2e-12),
            "Is there a small constant, a clamp or a rounding in your",
        ),
        ("clamped denominator", lambda p, q: p / (p + q).clamp(min=1e-30), "where both laws are zero return"),
        (
            "clamped arguments",
            lambda p, q: p.clamp(min=1e-50) / (p.clamp(min=1e-50) + q.clamp(min=1e-50)),
            "Is there a small constant, a clamp or a rounding in your",
        ),
        (
            "share of the fakes",
            lambda p, q: torch.nan_to_num(q / (p + q), nan=0.5),
            "this is the probability of *fake*: real and fake are",
        ),
        (
            "the density ratio",
            lambda p, q: torch.nan_to_num(p / q, nan=0.5, posinf=1.0),
            "divide by the sum of both instead",
        ),
        (
            "the log ratio",
            lambda p, q: torch.nan_to_num(torch.log(p / q), nan=0.5),
            "these are logits, log(p / q",
        ),
        ("sigmoid of the difference", lambda p, q: torch.sigmoid(p - q), "for p"),
        (
            "a hard decision",
            lambda p, q: torch.where(p == q, 0.5, (p > q).double()),
            "D* is a degree of belief, between",
        ),
        ("divides by the mean law", lambda p, q: torch.nan_to_num(2 * p / (p + q), nan=0.5), "for p"),
        ("softmax of the two", lambda p, q: torch.softmax(torch.stack([p, q]), dim=0)[0], "for p"),
        ("normalises the arguments first", _d_normalises_first, "densities at a few points need not sum to"),
        (
            "repairs 0/0 in the arguments",
            _d_fills_in_place,
            "your function changed its argument: avoid in-place",
        ),
        ("divides in place", _d_divides_in_place, "your function changed its argument: avoid in-place"),
        (
            "below 1e-12 counts as zero",
            _d_small_means_zero,
            "Is there a small constant, a clamp or a rounding in your",
        ),
        (
            "isclose to zero counts as zero",
            _d_isclose_zero,
            "Is there a small constant, a clamp or a rounding in your",
        ),
        ("float32 inside", _d_float32, "for p"),
        ("returns float32", _d_float32_result, "the result has dtype torch"),
        ("drops the empty atoms", _d_drops_empty_atoms, "the result has shape"),
        ("1/2 where either is zero", _d_one_if_any_zero, "an atom of one law alone leaves no doubt: D* is"),
        ("vectors only", _d_loop_over_last_axis_of_vector, "the result has shape"),
        ("sums over the atoms below", _d_whole_mass, "for p"),
        ("0/0 becomes 1", lambda p, q: (p / (p + q)).nan_to_num(nan=1.0), "where both laws are zero return"),
    ],
    "js_from_value": [
        ("the code as given", lambda v: v + 2 * math.log(2), "this is twice JS: V(D*"),
        ("constant of the halved formula only", lambda v: v + math.log(2), "you returned -"),
        ("half v, constant not halved", lambda v: v / 2 + math.log(4), "you halved V alone"),
        ("half of the constant twice", lambda v: v / 2 + math.log(2) / 2, "before halving"),
        ("v not halved but doubled", lambda v: 2 * v + math.log(4), "you returned -"),
        ("constant subtracted", lambda v: v / 2 - math.log(2), "JS for JS once more"),
        ("sign of v", lambda v: -v / 2 + math.log(2), "you returned"),
        ("sign of v, no constant", lambda v: -v / 2, "you returned"),
        ("in bits", lambda v: v / (2 * math.log(2)) + 1, "JS is wanted in nats"),
        ("log base 10", lambda v: v / 2 + math.log10(2), "you returned -"),
        ("log base 2", lambda v: v / 2 + math.log2(2), "you returned"),
        (
            "root: the JS distance",
            lambda v: (v / 2 + math.log(2)) ** 0.5,
            "this is the square root of JS, the distance",
        ),
        ("brackets", _js_last_bracket, "before halving"),
        ("single numbers only", _js_floats_only, "the result is of type float"),
        ("tensors only", _js_tensors_only, "your code stopped with AttributeError: 'float' object has"),
        ("averages a tensor", _js_mean, "the result has shape"),
        ("flattens a tensor", _js_flattened, "the result has shape"),
        ("always the disjoint case", lambda v: v * 0 + math.log(2), "you returned"),
    ],
    "log_ratio": [
        ("ignores the share", lambda a, s: a + 0.0, "share: these are still the logits"),
        (
            "correction with the wrong sign",
            lambda a, s: a + math.log(s / (1 - s)),
            "the correction has the wrong sign: a judge who saw few real",
        ),
        (
            "only the real share",
            lambda a, s: a - math.log(s),
            "you corrected for the share of real samples only",
        ),
        ("only the fake share", lambda a, s: a + math.log(1 - s), "give a logit of -"),
        ("odds without log", lambda a, s: a - s / (1 - s), "give a logit of -"),
        (
            "multiplies by the odds",
            lambda a, s: a * (1 - s) / s,
            "a logarithm of the ratio needs log(odds) subtracted",
        ),
        ("the ratio, not its log", lambda a, s: torch.exp(a) * (1 - s) / s, "this is the ratio p / q"),
        ("log of twice the share", lambda a, s: a - math.log(2 * s), "give a logit of -"),
        ("log base 2", lambda a, s: a - math.log2(s / (1 - s)), "give a logit of -"),
        ("log base 10", lambda a, s: a - math.log10(s / (1 - s)), "give a logit of -"),
        (
            "fake over real",
            lambda a, s: math.log(s / (1 - s)) - a,
            "this is log q - log p: real and fake are exchanged",
        ),
        ("subtracts the probability", lambda a, s: torch.sigmoid(a) - s, "give a logit of -"),
        (
            "clamps the logits",
            lambda a, s: a.clamp(-50, 50) - math.log(s / (1 - s)),
            "the sigmoid of a large logit rounds to",
        ),
        ("through sigmoid and logs", _ratio_through_sigmoid, "the sigmoid of a large logit rounds to"),
        (
            "through one quotient of probabilities",
            _ratio_one_quotient,
            "the sigmoid of a large logit rounds to",
        ),
        ("through sigmoid with epsilon", _ratio_eps, "the sigmoid of a large logit rounds to"),
        ("through exp in float32", _ratio_exp_log, "the sigmoid of a large logit rounds to"),
        (
            "float32 inside",
            lambda a, s: (a.float() - math.log(s / (1 - s))).to(a.dtype),
            "the sigmoid of a large logit rounds to",
        ),
        (
            "logit of D itself read as D",
            lambda a, s: torch.logit(a) - math.log(s / (1 - s)),
            "the sigmoid of a large logit rounds to",
        ),
        (
            "right at one half only",
            _ratio_half_gives_a,
            "the correction has the wrong sign: a judge who saw few real",
        ),
        ("hard-coded to a quarter", _ratio_hard_coded_quarter, "give a logit of -"),
        ("dtype of the logits lost", _ratio_always_double, "the result has dtype torch"),
        ("shape lost", _ratio_flattened, "the argument has () and so must it"),
        ("log of D over the share, fake half forgotten", _ratio_from_d_over_prior, "give a logit of -"),
        ("mean over the batch", lambda a, s: a.mean() - math.log(s / (1 - s)), "the result has shape"),
    ],
    "logit_gradients": [
        (
            "mean over the batch",
            _slopes(lambda x: F.logsigmoid(-x), lambda x: -F.logsigmoid(x), torch.mean),
            "three samples give a third of each slope: sum before you",
        ),
        (
            "log of 1 - sigmoid, saturates",
            _slopes(lambda x: torch.log(1 - torch.sigmoid(x)), lambda x: -torch.log(torch.sigmoid(x))),
            "a rounded sigmoid has no logarithm, write log D",
        ),
        (
            "log1p of minus sigmoid, saturates",
            _slopes(lambda x: torch.log1p(-torch.sigmoid(x)), lambda x: -F.logsigmoid(x)),
            "a rounded sigmoid has no logarithm, write log D",
        ),
        (
            "epsilon inside the logs",
            _slopes(
                lambda x: torch.log(1 - torch.sigmoid(x) + 1e-8),
                lambda x: -torch.log(torch.sigmoid(x) + 1e-8),
            ),
            "the slopes are -",
        ),
        (
            "clamped probabilities",
            _slopes(
                lambda x: torch.log((1 - torch.sigmoid(x)).clamp(min=1e-7)),
                lambda x: -torch.log(torch.sigmoid(x).clamp(min=1e-7)),
            ),
            "a rounded sigmoid has no logarithm, write log D",
        ),
        (
            "clamped logits",
            _slopes(lambda x: F.logsigmoid(-x.clamp(-30, 30)), lambda x: -F.logsigmoid(x.clamp(-30, 30))),
            "a rounded sigmoid has no logarithm, write log D",
        ),
        (
            "swapped",
            _slopes(lambda x: -F.logsigmoid(x), lambda x: F.logsigmoid(-x)),
            "the two slopes are exchanged: first log",
        ),
        (
            "first loss with a minus",
            _slopes(lambda x: -F.logsigmoid(-x), lambda x: -F.logsigmoid(x)),
            "the first slope has the wrong sign: differentiate log",
        ),
        (
            "second loss without its minus",
            _slopes(lambda x: F.logsigmoid(-x), lambda x: F.logsigmoid(x)),
            "the second slope has the wrong sign: differentiate -log D,",
        ),
        (
            "with respect to D, not to the logit",
            _slopes(lambda d: torch.log(1 - d), lambda d: -torch.log(d)),
            "the slopes are -",
        ),
        (
            "the losses themselves",
            lambda a: (F.logsigmoid(-a.detach()), -F.logsigmoid(a.detach())),
            "these are the losses, not their slopes",
        ),
        (
            "only for a that requires gradients",
            _slopes_need_requires_grad,
            "of tensors does not require grad and does not have a grad",
        ),
        (
            "switches gradients on in a",
            _slopes_switch_on_grad,
            "a requires gradients after the call, and did not before:",
        ),
        (
            "switches gradients off in a afterwards",
            _slopes_switch_off_grad,
            "a requires gradients after the call, and did not before:",
        ),
        ("leaves a gradient in a", _slopes_backward_into_a, "your function left something in a"),
        (
            "clamps the logits of the caller",
            _slopes_detach_shares_leaf,
            "your function changed its argument: avoid in-place",
        ),
        ("second gradient added to the first", _slopes_grad_not_zeroed, "the slopes are -"),
        ("both answers are the same tensor", _slopes_same_grad_tensor, "both are the slope of -log D"),
        ("keeps the graph", _slopes_with_history, "the slopes carry gradient history: detach them"),
        ("history of a kept", _slopes_history_of_a, "the slopes carry gradient history: detach them"),
        ("float32 inside", _slopes_float32, "the slopes are -"),
        ("shape lost", _slopes_flat, "the argument has () and so must it"),
        ("finite differences", _slopes_finite_differences, "wrong for logits of shape () in torch"),
        ("absolute values", _slopes_absolute, "both slopes have the wrong sign: raising the logit of a"),
        ("lists", _slopes_numbers, "the first slope is of type list"),
    ],
    "predict_value": [
        (
            "disjoint laws give minus infinity",
            "DECDE",
            "is not E: the laws share nothing: D* is never in doubt, and",
        ),
        ("row 1 at 0", "AACDE", "so V(D*) is the smallest value that the best judge can be"),
        ("rows 1 and 2 exchanged", "ADCDE", "so V(D*) is the smallest value that the best judge can be"),
        ("coin and heads at -log 2", "DABDE", "is not B: neither equal nor disjoint: D* is"),
        (
            "D = 1/2 on disjoint laws at 0",
            "DACAE",
            "is not A: this judge is not D*: whatever the laws are, V is",
        ),
        ("D = 1/2 costs -log 2", "DACBE", "is not B: this judge is not D*: whatever the laws are, V is"),
        ("row 5 as if optimal", "DACDD", "on tails, and now half of the real samples are tails: log"),
        (
            "row 5 keeps the value of row 3",
            "DACDC",
            "on tails, and now half of the real samples are tails: log",
        ),
        ("row 5 at 0", "DACDA", "on tails, and now half of the real samples are tails: log"),
        ("all equal laws at -log 2", "BACDE", "so V(D*) is the smallest value that the best judge can be"),
        ("row 2 at -log 2", "DBCDE", "is not B: the laws share nothing: D* is never in doubt, and"),
        ("rows 4 and 5 exchanged", "DACED", "is not E: this judge is not D*: whatever the laws are, V is"),
        ("from bottom to top", "EDCAD", "so V(D*) is the smallest value that the best judge can be"),
        ("the example", "ABCDE", "so V(D*) is the smallest value that the best judge can be"),
        ("one letter missing", "DACD", "five letters from A to E were expected, one for each row"),
        ("one letter too many", "DACDEE", "five letters from A to E were expected, one for each row"),
        (
            "the values, not the letters",
            [-1.386, 0.0, -0.955, -1.386, -math.inf],
            "five letters from A to E were expected, one for each row",
        ),
    ],
}

RIGHT: dict[str, list[tuple[str, Any]]] = {
    "optimal_d": [
        ("safe denominator", _d_safe_total),
        ("nan replaced by one half", lambda p, q: torch.nan_to_num(p / (p + q), nan=0.5)),
        ("writes the seen entries", _d_masked_write),
        ("through the ratio q / p", _d_through_ratio),
        ("numpy divide with where", _d_numpy),
        ("plain Python", _d_python_loop),
        ("sigmoid of the log ratio", _d_sigmoid_of_log_ratio),
    ],
    "js_from_value": [
        ("half of v + log 4", lambda v: (v + math.log(4)) / 2),
        ("v / 2 + log 2", lambda v: v / 2 + math.log(2)),
        ("torch.add", _js_fractional_log),
        ("entry by entry", _js_entries_in_a_loop),
        ("numpy", _js_numpy),
        ("straight line between two known cases", _js_interpolated),
    ],
    "log_ratio": [
        ("minus log odds", lambda a, s: a - math.log(s / (1 - s))),
        ("log1p", lambda a, s: a - math.log(s) + math.log1p(-s)),
        ("torch.logit in double", _ratio_logit),
        ("two logsigmoids", _ratio_logsigmoids),
        ("numpy", _ratio_numpy),
        ("plain Python", _ratio_python_loop),
        ("artanh", _ratio_tanh),
    ],
    "logit_gradients": [
        ("logsigmoid, autograd.grad", _slopes(lambda x: F.logsigmoid(-x), lambda x: -F.logsigmoid(x))),
        (
            "logaddexp",
            _slopes(
                lambda x: -torch.logaddexp(torch.zeros_like(x), x),
                lambda x: torch.logaddexp(torch.zeros_like(x), -x),
            ),
        ),
        (
            "log of 1 + exp written out",
            _slopes(lambda x: -torch.log(1 + torch.exp(x)), lambda x: torch.log(1 + torch.exp(-x))),
        ),
        ("vmap of grad", _slopes_vmap),
        ("one entry at a time", _slopes_one_entry_at_a_time),
        ("vector-Jacobian products", _slopes_vector_jacobian),
        ("backward on fresh clones", _slopes_backward_on_clones),
    ],
    "predict_value": [
        ("the string", "DACDE"),
        ("letters joined", "".join(["D", "A", "C", "D", "E"])),
        ("from the row numbers", "".join("ABCDE"[k] for k in (3, 0, 2, 3, 4))),
    ],
}
