"""Answers to the exercises of notebook 02: plausible wrong ones, and right ones that look different."""

import math

import numpy as np
import torch
from torch.nn.functional import logsigmoid, softplus

# optimal_d --------------------------------------------------------------------------------------------------


def d_in_place(p, q):
    q += p
    return torch.where(q > 0, p / q.clamp_min(1e-300), 0.5)


def d_fills_in_place(p, q):
    empty = p + q == 0
    p[empty] = 1.0
    q[empty] = 1.0
    return p / (p + q)


def d_by_logits(p, q):
    return torch.where((p == 0) & (q == 0), 0.5, torch.sigmoid(p.log() - q.log()))


def d_by_loop(p, q):
    flat = [
        a / (a + b) if a + b > 0 else 0.5
        for a, b in zip(p.flatten().tolist(), q.flatten().tolist(), strict=True)
    ]
    return torch.tensor(flat, dtype=p.dtype).reshape(p.shape)


def d_by_bayes(p, q):
    joint = torch.stack([0.5 * p, 0.5 * q])
    return torch.nan_to_num(joint[0] / joint.sum(0), nan=0.5)


def d_by_masked_copy(p, q):
    d = torch.full_like(p, 0.5)
    some = p + q > 0
    d[some] = 1 / (1 + q[some] / p[some])  # q / 0 is inf, and 1 / inf is the 0 that is wanted
    return d


OPTIMAL_D_WRONG = [
    ("real and fake exchanged", lambda p, q: torch.nan_to_num(q / (p + q), nan=0.5), "exchanged"),
    ("density ratio", lambda p, q: p / q, "density ratio"),
    ("logits", lambda p, q: (p / q).log(), "logits"),
    ("hard decision", lambda p, q: (p > q).double(), "degree of belief"),
    ("mixture", lambda p, q: (p + q) / 2, "mixture"),
    ("p alone", lambda p, q: p.clone(), "p alone"),
    ("global sum", lambda p, q: p / (p.sum() + q.sum()), "each atom"),
    ("not a number on empty atoms", lambda p, q: p / (p + q), "1/2 where both laws are zero"),
    ("zero on empty atoms", lambda p, q: torch.nan_to_num(p / (p + q)), "return 1/2"),
    ("small constant", lambda p, q: (p + 1e-12) / (p + q + 2e-12), "tails"),
    ("small constant below", lambda p, q: p / (p + q + 1e-12), "return 1/2"),
    ("clamped", lambda p, q: torch.nan_to_num(p / (p + q), nan=0.5).clamp(0.01, 0.99), "no doubt"),
    ("float32", lambda p, q: torch.nan_to_num(p / (p + q), nan=0.5).float(), "dtype"),
    ("normalises", lambda p, q: d_by_loop(p / p.sum(), q / q.sum()), "normalise"),
    ("changes its input", d_in_place, "changed its argument"),
    ("fills empty atoms in its input", d_fills_in_place, "changed its argument"),
    ("a list", lambda p, q: d_by_loop(p, q).tolist(), "list"),
    ("numpy", lambda p, q: d_by_loop(p, q).numpy(), "ndarray"),
    ("flattened", lambda p, q: d_by_loop(p, q).flatten()[:, None], "shape"),
    (
        "hard-coded",
        lambda p, q: torch.tensor([0.75 / 0.85, 0.25 / 1.15], dtype=torch.float64),
        "use both arguments",
    ),
    ("an error", lambda p, q: p / (p + r), "NameError"),  # noqa: F821
    ("called too early", torch.tensor([0.5]), "without calling"),
]

# js_from_value ----------------------------------------------------------------------------------------------


def js_in_place(v):
    v += math.log(4)
    return v / 2


JS_WRONG = [
    ("the copied formula", lambda v: v + 2 * math.log(2), "twice"),
    ("bits", lambda v: (v + math.log(4)) / 2 / math.log(2), "bits"),
    ("negative", lambda v: -(v + math.log(4)) / 2, "sign"),
    ("halves v only", lambda v: v / 2 + math.log(4), "halve"),
    ("log 2 for log 4", lambda v: (v + math.log(2)) / 2, "2 log 2"),
    ("subtracts", lambda v: (v - math.log(4)) / 2, "subtracted"),
    ("square root", lambda v: ((v + math.log(4)) / 2) ** 0.5, "square root"),
    ("constant", lambda v: math.log(2), "means JS"),
    ("rounded", lambda v: round((float(v) + math.log(4)) / 2, 3), "means JS"),
    ("floats only", lambda v: (torch.as_tensor(v).sum().item() + math.log(4)) / 2, "tensor"),
    ("mean over the tensor", lambda v: (torch.as_tensor(v).mean() + math.log(4)) / 2, "shape"),
    ("changes its input", js_in_place, "changed its argument"),
    ("log base 10", lambda v: (v + math.log10(4)) / 2, "means JS"),
    ("a string", lambda v: "log 2", "number"),
]

# log_ratio --------------------------------------------------------------------------------------------------


def ratio_by_probabilities(a, share):
    d = a.sigmoid()
    return (d / (1 - d) * (1 - share) / share).log()


def ratio_by_clamped_probabilities(a, share):
    d = a.sigmoid().clamp(1e-7, 1 - 1e-7)
    return (d / (1 - d)).log() - math.log(share / (1 - share))


def ratio_in_place(a, share):
    a -= math.log(share / (1 - share))
    return a


LOG_RATIO_WRONG = [
    ("ignores the share", lambda a, share: a.clone(), "ignores"),
    ("wrong sign", lambda a, share: a + math.log(share / (1 - share)), "wrong sign"),
    ("the ratio", lambda a, share: a.exp() * (1 - share) / share, "its logarithm"),
    ("exchanged", lambda a, share: math.log(share / (1 - share)) - a, "exchanged"),
    ("share of real only", lambda a, share: a - math.log(share), "counts too"),
    ("divides by the log-odds", lambda a, share: a / math.log(share / (1 - share) + 1e-9), "a difference"),
    ("divides by the odds", lambda a, share: a * (1 - share) / share, "divided by the odds"),
    ("bits", lambda a, share: (a - math.log(share / (1 - share))) / math.log(2), "bits"),
    ("by probabilities", ratio_by_probabilities, "stay with logits"),
    ("by clamped probabilities", ratio_by_clamped_probabilities, "stay with logits"),
    ("changes its input", ratio_in_place, "changed its argument"),
    ("always double", lambda a, share: a.double() - math.log(share / (1 - share)), "dtype"),
    ("a float", lambda a, share: a.flatten()[0].item() - math.log(share / (1 - share)), "float"),
    ("mean", lambda a, share: a.mean() - math.log(share / (1 - share)), "shape"),
    ("hard-coded share", lambda a, share: a + math.log(3), "real_share"),
]

# logit_gradients --------------------------------------------------------------------------------------------


def slopes(first, second):
    """An answer that differentiates sums of the two given losses."""

    def answer(a):
        a = a.detach().clone().requires_grad_(True)
        return torch.autograd.grad(first(a), a)[0], torch.autograd.grad(second(a), a)[0]

    return answer


def touches_requires_grad(a):
    a.requires_grad_(True)
    return torch.autograd.grad(-softplus(a).sum(), a)[0], torch.autograd.grad(softplus(-a).sum(), a)[0]


def with_history(a):
    a = a.detach().clone().requires_grad_(True)
    return tuple(
        torch.autograd.grad(loss.sum(), a, create_graph=True)[0] for loss in (-softplus(a), softplus(-a))
    )


def by_backward_on_a(a):
    if not a.requires_grad:
        return slopes(lambda a: -softplus(a).sum(), lambda a: softplus(-a).sum())(a)
    softplus(a).sum().backward()
    return -a.grad, a.grad - 1


def by_backward(a):
    found = []
    for loss in (lambda t: logsigmoid(-t), lambda t: -logsigmoid(t)):
        copy = a.detach().clone().requires_grad_(True)
        loss(copy).sum().backward()
        found.append(copy.grad)
    return found


def by_functional(a):
    a = a.detach()
    first = torch.func.vmap(torch.func.grad(lambda t: -softplus(t)))(a.flatten())
    second = torch.func.vmap(torch.func.grad(lambda t: softplus(-t)))(a.flatten())
    return first.reshape(a.shape), second.reshape(a.shape)


def mm_sum(a):
    return -softplus(a).sum()


def ns_sum(a):
    return softplus(-a).sum()


GRADIENTS_WRONG = [
    ("absolute values", lambda a: (a.detach().sigmoid(), (-a.detach()).sigmoid()), "wrong sign"),
    ("exchanged", slopes(ns_sum, mm_sum), "exchanged"),
    ("first sign", slopes(lambda a: softplus(a).sum(), ns_sum), "first slope has the wrong sign"),
    ("second sign", slopes(mm_sum, lambda a: logsigmoid(a).sum()), "second slope has the wrong sign"),
    ("mean", slopes(lambda a: -softplus(a).mean(), lambda a: softplus(-a).mean()), "third"),
    ("slopes in D", lambda a: (-1 / (1 - a.detach().sigmoid()), -1 / a.detach().sigmoid()), "in D"),
    ("losses", lambda a: (-softplus(a.detach()), softplus(-a.detach())), "losses"),
    ("twice minimax", slopes(mm_sum, mm_sum), "both are the slope of log(1 - D)"),
    ("twice non-saturating", slopes(ns_sum, ns_sum), "both are the slope of -log D"),
    (
        "logarithm of the sigmoid",
        slopes(lambda a: (1 - a.sigmoid()).log().sum(), lambda a: -a.sigmoid().log().sum()),
        "softplus",
    ),
    (
        "small constant in the logarithm",
        slopes(lambda a: (1 - a.sigmoid() + 1e-8).log().sum(), lambda a: -(a.sigmoid() + 1e-8).log().sum()),
        "D = 0.2",
    ),
    ("changes requires_grad", touches_requires_grad, "requires gradients after"),
    ("leaves a gradient", by_backward_on_a, "a.grad"),
    ("history", with_history, "history"),
    ("only one", lambda a: (-a.detach().sigmoid(), None), "missing"),
    ("a number", lambda a: 0.2, "two tensors"),
    ("three results", lambda a: (a, a, a), "not 3"),
    ("summed", lambda a: tuple(one.sum() for one in slopes(mm_sum, ns_sum)(a)), "shape"),
    ("always double", lambda a: slopes(mm_sum, ns_sum)(a.double()), "dtype"),
    ("constants", lambda a: (torch.full_like(a, -0.2), torch.full_like(a, -0.8)), "expected"),
]

WRONG = {
    "optimal_d": OPTIMAL_D_WRONG,
    "js_from_value": JS_WRONG,
    "log_ratio": LOG_RATIO_WRONG,
    "logit_gradients": GRADIENTS_WRONG,
    "predict_value": [
        ("the optimum taken for 0", "AACDE", "row 1"),
        ("worst and best exchanged", "ADCDE", "row 1"),
        ("disjoint taken for the optimum", "DDCDE", "row 2"),
        ("factor 2 missing in row 3", "DABDE", "row 3"),
        ("row 4 taken for D*", "DACAE", "row 4"),
        ("row 5 taken for D*", "DACDD", "row 5"),
        ("row 5 taken for finite", "DACDC", "row 5"),
        ("four letters", "DACD", "five letters"),
        ("unknown letter", "DACDF", "five letters"),
        ("numbers", 12345, "five letters"),
        ("values for letters", [-1.386, 0.0, -0.955, -1.386, -math.inf], "five letters"),
    ],
}

RIGHT = {
    "optimal_d": [
        ("by logits", d_by_logits),
        ("by a loop", d_by_loop),
        ("by Bayes' rule", d_by_bayes),
        ("by a masked copy", d_by_masked_copy),
        ("nan_to_num", lambda p, q: torch.nan_to_num(p / (p + q), nan=0.5)),
    ],
    "js_from_value": [
        ("separate halves", lambda v: 0.5 * v + math.log(2)),
        (
            "tensor result",
            lambda v: torch.as_tensor(v, dtype=torch.float64) / 2 + torch.log(torch.tensor(2.0).double()),
        ),
        ("numpy constant", lambda v: (v + float(np.log(4))) / 2),
    ],
    "log_ratio": [
        ("adds the other odds", lambda a, share: a + math.log((1 - share) / share)),
        ("two logarithms", lambda a, share: a - math.log(share) + math.log1p(-share)),
        ("torch.logit", lambda a, share: a - torch.logit(torch.tensor(share)).to(a.dtype)),
    ],
    "logit_gradients": [
        ("logsigmoid and backward", by_backward),
        ("torch.func", by_functional),
        ("closed form", lambda a: (-a.detach().sigmoid(), a.detach().sigmoid() - 1)),
        ("stacked", lambda a: torch.stack(slopes(mm_sum, ns_sum)(a))),
    ],
    "predict_value": [
        ("lower case", "dacde"),
        ("a list", ["D", "A", "C", "D", "E"]),
        ("with commas", "D, A, C, D, E"),
    ],
}
