"""Wrong and right answers to the task `regret`, written by someone who had not seen its check."""

WRONG = {
    "one_minus_best": (
        "the regret of atoms of probability 1e-18 and less, shape (5,) holds",
        """
def regret(p, g, a):
    total = p + g
    best = torch.where(total > 0, p / total, torch.full_like(p, 0.5))
    v_best = (torch.xlogy(p, best) + torch.xlogy(g, 1 - best)).sum(-1)
    v = (p * F.logsigmoid(a) + g * F.logsigmoid(-a)).sum(-1)
    return v_best - v
""",
    ),
    "bce_floor": (
        "log(1 - sigmoid(a)) was cut off at -100, as F.binary_cross_entropy",
        """
def regret(p, g, a):
    d = torch.sigmoid(a)
    cost = p * F.binary_cross_entropy(d, torch.ones_like(d), reduction="none")
    cost = cost + g * F.binary_cross_entropy(d, torch.zeros_like(d), reduction="none")
    m = (p + g) / 2
    m = torch.where(m > 0, m, torch.ones_like(m))
    js = 0.5 * (torch.xlogy(p, p / m) + torch.xlogy(g, g / m)).sum(-1)
    return -math.log(4) + 2 * js + cost.sum(-1)
""",
    ),
    "js_once": (
        "V at D* has JS once; it is 2 JS - log 4",
        """
def jensen_shannon(p, q):
    m = 0.5 * (p + q)
    entropy = lambda law: -torch.xlogy(law, law).sum(-1)
    return entropy(m) - 0.5 * entropy(p) - 0.5 * entropy(q)


def regret(p: Tensor, g: Tensor, a: Tensor) -> Tensor:
    value = (p * F.logsigmoid(a) + g * F.logsigmoid(-a)).sum(-1)
    return jensen_shannon(p, g) - math.log(4) - value
""",
    ),
    "nobody_is_nan": (
        "the regret of atoms that one or both laws lack, shape (6,) holds nan",
        """
def regret(p, g, a):
    s = p + g
    v_best = torch.xlogy(p, p / s) + torch.xlogy(g, g / s)
    v = -p * F.softplus(-a) - g * F.softplus(a)
    return (v_best - v).sum(-1)
""",
    ),
    "changes_the_logits": (
        "your function changed a tensor it was given: avoid +=, x[mask] = ...",
        """
def regret(p, g, a):
    v = p * F.logsigmoid(a)
    v = v + g * F.logsigmoid(a.neg_())
    best = torch.xlogy(p, p) + torch.xlogy(g, g) - torch.xlogy(p + g, p + g)
    return (best - v).sum(dim=-1)
""",
    ),
    "best_clamped": (
        ": 0 log 0 is 0, also in V at D* (torch.xlogy does that); it is nearly",
        """
def regret(p, g, a):
    d = torch.nan_to_num(p / (p + g), nan=0.5).clamp(1e-6, 1 - 1e-6)
    v_best = (p * d.log() + g * (1 - d).log()).sum(-1)
    v = (p * F.logsigmoid(a) + g * F.logsigmoid(-a)).sum(-1)
    return v_best - v
""",
    ),
    "sums_the_batch": (
        ") has shape (), expected (2, 3). sum over the last dimension, and",
        """
def regret(p, g, a):
    s = p + g
    s = torch.where(s > 0, s, torch.ones_like(s))
    v_best = torch.sum(torch.xlogy(p, p / s) + torch.xlogy(g, g / s))
    v = torch.sum(p * F.logsigmoid(a) + g * F.logsigmoid(-a))
    return v_best - v
""",
    ),
}

RIGHT = {
    "weighted_cross_entropy": '''
def regret(p: Tensor, g: Tensor, a: Tensor) -> Tensor:
    """Cross entropy minus entropy of the label real/fake, each atom with the weight p + g."""
    weight = p + g
    label = torch.where(weight > 0, p / weight, 0.5)
    cross = F.binary_cross_entropy_with_logits(a, label, weight=weight, reduction="none").sum(-1)
    own = (torch.special.entr(p) + torch.special.entr(g) - torch.special.entr(weight)).sum(-1)
    return cross - own
''',
    "best_logits": '''
def regret(p, g, a):
    """Both values from logits; those of D* are log p - log g, and an infinite one is as good as 2000."""
    best = torch.nan_to_num(p.log() - g.log(), nan=0.0, posinf=2000.0, neginf=-2000.0)
    zero = torch.zeros((), dtype=torch.float64)

    def cost(logits):
        return p * torch.logaddexp(zero, -logits) + g * torch.logaddexp(zero, logits)

    return torch.einsum("...n->...", cost(a) - cost(best))
''',
    "atom_by_atom": """
def _softplus(t):
    return max(t, 0.0) + math.log1p(math.exp(-abs(t)))


def _atom(p, g, a):
    given_away = 0.0
    if p > 0:
        given_away += p * (_softplus(-a) - (math.log(p + g) - math.log(p)))
    if g > 0:
        given_away += g * (_softplus(a) - (math.log(p + g) - math.log(g)))
    return given_away


def regret(p, g, a):
    n = p.shape[-1]
    lines = zip(*(t.reshape(-1, n).tolist() for t in (p, g, a)))
    sums = [math.fsum(map(_atom, *line)) for line in lines]
    return torch.tensor(sums, dtype=torch.float64).reshape(p.shape[:-1])
""",
}
