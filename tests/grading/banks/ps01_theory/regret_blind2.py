"""Wrong and right answers to the task `regret`, written by someone who had not seen its check."""

WRONG = {
    "bce_of_sigmoid": (
        "log(1 - sigmoid(a)) was cut off at -100, as F.binary_cross_entropy",
        """
def regret(p, g, a):
    d = torch.sigmoid(a)
    real = F.binary_cross_entropy(d, torch.ones_like(d), reduction="none")
    fake = F.binary_cross_entropy(d, torch.zeros_like(d), reduction="none")
    best = torch.xlogy(p, p) + torch.xlogy(g, g) - torch.xlogy(p + g, p + g)
    return (best + p * real + g * fake).sum(-1)
""",
    ),
    "nan_to_num_of_logs": (
        "the regret of atoms of probability 1e-18 and less, shape (5,) is -",
        """
def regret(p, g, a):
    best = torch.nan_to_num(p / (p + g), nan=0.5)
    log_best, log_rest = torch.nan_to_num(best.log()), torch.nan_to_num((1 - best).log())
    gain = p * (log_best - F.logsigmoid(a)) + g * (log_rest - F.logsigmoid(-a))
    return gain.sum(-1)
""",
    ),
    "best_logit_with_eps": (
        ": 0 log 0 is 0, also in V at D* (torch.xlogy does that); it is nearly",
        """
def regret(p, g, a):
    def value(logits):
        return (p * F.logsigmoid(logits) + g * F.logsigmoid(-logits)).sum(-1)

    best = torch.where(p + g > 0, p / (p + g), 0.5)
    return value(torch.logit(best, eps=1e-6)) - value(a)
""",
    ),
    "common_support_only": (
        "the regret of atoms that one or both laws lack, shape (6,) is",
        """
def regret(p, g, a):
    both = (p > 0) & (g > 0)
    total = torch.where(both, p + g, 1.0)
    one, other = torch.where(both, p, 1.0) / total, torch.where(both, g, 1.0) / total
    terms = p * (one.log() - F.logsigmoid(a)) + g * (other.log() - F.logsigmoid(-a))
    return torch.where(both, terms, 0.0).sum(-1)
""",
    ),
    "labels_swapped": (
        "p and g are exchanged in V at D: real samples are paid by log D",
        """
def regret(p, g, a):
    m = (p + g) / 2
    js = (torch.xlogy(p, p) + torch.xlogy(g, g)).sum(-1) / 2 - torch.xlogy(m, m).sum(-1)
    best = 2 * js - math.log(4)
    return best + (p * F.softplus(a) + g * F.softplus(-a)).sum(-1)
""",
    ),
    "kl_without_mass": (
        "the regret of moderate logits, shape (",
        """
def regret(p, g, a):
    target = torch.where(p + g > 0, p / (p + g), torch.sigmoid(a))
    rest = torch.where(p + g > 0, g / (p + g), torch.sigmoid(-a))
    cross = F.softplus(-a) * target + F.softplus(a) * rest
    return (cross + torch.xlogy(target, target) + torch.xlogy(rest, rest)).sum(-1)
""",
    ),
    "clamped_in_place": (
        "your function changed a tensor it was given: avoid +=, x[mask] = ...",
        """
def regret(p, g, a):
    p, g = p.clamp_(min=1e-300), g.clamp_(min=1e-300)
    log_total = torch.logaddexp(p.log(), g.log())
    best = p * (p.log() - log_total) + g * (g.log() - log_total)
    return (best - p * F.logsigmoid(a) - g * F.logsigmoid(-a)).sum(dim=-1)
""",
    ),
    "einsum_over_the_batch": (
        ") has shape (), expected (2, 3). sum over the last dimension, and",
        """
def regret(p, g, a):
    total = torch.where(p + g > 0, p + g, 1.0)
    best = torch.einsum("...i->", torch.xlogy(p, p / total) + torch.xlogy(g, g / total))
    value = torch.einsum("...i,...i->", p, F.logsigmoid(a)) + torch.einsum("...i,...i->", g, F.logsigmoid(-a))
    return best - value
""",
    ),
}

RIGHT = {
    "weighted_cross_entropy": """
def regret(p, g, a):
    mass = p + g
    target = torch.nan_to_num(p / mass, nan=0.0)
    cross = F.binary_cross_entropy_with_logits(a, target, weight=mass, reduction="none").sum(-1)
    # log D* = -log(1 + g/p) and log(1 - D*) = -log(1 + p/g): no difference is formed, and 0 * log 1 is left out
    both = (p > 0) & (g > 0)
    own, other = torch.where(both, p, 1.0), torch.where(both, g, 1.0)
    entropy = torch.where(both, p * torch.log1p(other / own) + g * torch.log1p(own / other), 0.0).sum(-1)
    return cross - entropy
""",
    "python_loop_over_atoms": """
def softplus(t):
    return max(t, 0.0) + math.log1p(math.exp(-abs(t)))


def one_regret(p, g, a):
    parts = []
    for pi, gi, ai in zip(p, g, a):
        if pi > 0:
            parts += [pi * softplus(-ai), pi * (math.log(pi) - math.log(pi + gi))]
        if gi > 0:
            parts += [gi * softplus(ai), gi * (math.log(gi) - math.log(pi + gi))]
    return math.fsum(parts)


def regret(p, g, a):
    n = p.shape[-1]
    rows = [one_regret(*row) for row in zip(*(t.reshape(-1, n).tolist() for t in (p, g, a)))]
    return torch.tensor(rows, dtype=torch.float64).reshape(p.shape[:-1])
""",
}
