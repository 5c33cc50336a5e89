"""Wrong and right answers to the task `regret`: texts of its solution cell."""

_JS = """
def js(p, g):
    m = (p + g) / 2
    return (torch.xlogy(p, p) - torch.xlogy(p, m) + torch.xlogy(g, g) - torch.xlogy(g, m)).sum(-1) / 2
"""
_HEAD = "def regret(p, g, a):\n"
_VALUE = "    value = (p * F.logsigmoid(a) + g * F.logsigmoid(-a)).sum(-1)\n"
_BEST = "    best = 2 * js(p, g) - math.log(4)\n"


def _answer(result: str, value: str = _VALUE, best: str = _BEST) -> str:
    return _JS + _HEAD + best + value + f"    return {result}\n"


def _of_d(d: str, value: str = "(p * d.log() + g * (1 - d).log()).sum(-1)") -> str:
    return _answer("best - value", f"    d = {d}\n    value = {value}\n")


WRONG = {
    "sign": ("wrong sign: V at D* is the larger", _answer("value - best")),
    "value_alone": ("this is V at D itself", _answer("value")),
    "loss_alone": ("V at D* is missing", _answer("-value")),
    "best_alone": ("this is V at D*", _answer("best")),
    "js_once": ("has JS once", _answer("best - value", best="    best = js(p, g) - math.log(4)\n")),
    "log_4_forgotten": ("lacks the - log 4", _answer("best - value", best="    best = 2 * js(p, g)\n")),
    "log_2_in_its_place": (
        "not 2 JS - log 2",
        _answer("best - value", best="    best = 2 * js(p, g) - math.log(2)\n"),
    ),
    "best_g_in_its_place": ("V of the best G", _answer("best - value", best="    best = -math.log(4)\n")),
    "real_and_fake_exchanged": (
        "p and g are exchanged in V at D",
        _answer("best - value", "    value = (g * F.logsigmoid(a) + p * F.logsigmoid(-a)).sum(-1)\n"),
    ),
    "mean_over_atoms": ("average over the atoms", _answer("(best - value) / a.shape[-1]")),
    "mean_over_the_batch": ("expected (2, 3)", _answer("(best - value).mean()")),
    "averaged_and_expanded": (
        "averaged over the batch",
        _answer("(best - value).mean() * torch.ones_like(value)"),
    ),
    "half": ("half the regret", _answer("(best - value) / 2")),
    "bits": ("in bits", _answer("(best - value) / math.log(2)")),
    "non_saturating_term": (
        "non-saturating loss of G",
        _answer("best - value", "    value = (p * F.logsigmoid(a) - g * F.logsigmoid(a)).sum(-1)\n"),
    ),
    "real_half_alone": (
        "real half alone",
        _HEAD + "    return (torch.xlogy(p, p / (p + g)) - p * F.logsigmoid(a)).nan_to_num(0).sum(-1)\n",
    ),
    "weights_forgotten": (
        "weights p and g are missing",
        _HEAD + "    best = (p / (p + g)).log() + (g / (p + g)).log()\n"
        "    return (best - F.logsigmoid(a) - F.logsigmoid(-a)).nan_to_num(0).sum(-1)\n",
    ),
    "sigmoid_then_log": ("holds nan or inf: sigmoid rounds to 1", _of_d("a.sigmoid()")),
    "clamped": ("clamped from both sides", _of_d("a.sigmoid().clamp(1e-7, 1 - 1e-7)")),
    "constant_in_the_log": (
        "by adding it",
        _of_d("a.sigmoid()", "(p * (d + 1e-8).log() + g * (1 - d + 1e-8).log()).sum(-1)"),
    ),
    "binary_cross_entropy": (
        "as F.binary_cross_entropy does",
        _of_d(
            "a.sigmoid()",
            "-(p * F.binary_cross_entropy(d, torch.ones_like(d), reduction='none')"
            " + g * F.binary_cross_entropy(d, torch.zeros_like(d), reduction='none')).sum(-1)",
        ),
    ),
    "logits_as_probabilities": ("nan or inf", _of_d("a")),
    "zero_times_log_zero": (
        "0 log 0 is 0",
        _answer(
            "best - value", best="    best = (p * (p / (p + g)).log() + g * (g / (p + g)).log()).sum(-1)\n"
        ),
    ),
    "rounded_best_d": (
        "atoms of probability 1e-18",
        _answer(
            "best - value",
            best="    d = torch.where(p + g > 0, p / (p + g), 0.5)\n"
            "    best = (torch.xlogy(p, d) + torch.xlogy(g, 1 - d)).sum(-1)\n",
        ),
    ),
    "zero_log_zero_filled": (
        "atoms that one or both laws lack",
        _HEAD + "    best = p * (p / (p + g)).log() + g * (g / (p + g)).log()\n"
        "    return (best - p * F.logsigmoid(a) - g * F.logsigmoid(-a)).nan_to_num(0).sum(-1)\n",
    ),
    "float32": ("float64 was asked for", _answer("(best - value).float()")),
    "logits_in_place": (
        "changed a tensor",
        _answer(
            "best - value", "    value = (p * -F.softplus(-a) - g * F.softplus(a.neg_().neg())).sum(-1)\n"
        ),
    ),
    "hard_coded": (
        "of moderate logits",
        _HEAD
        + "    return torch.full(a.shape[:-1], 50 - math.log(2) if a.max() > 99 else 0.0, dtype=a.dtype)\n",
    ),
}

RIGHT = {
    "theorem_1": _answer("best - value"),
    "bernoulli_divergences": """
def regret(p, g, a):
    # R = sum (p + g) KL(D* || D), term by term
    total = p + g
    terms = torch.xlogy(p, p) - torch.xlogy(p, total) + p * F.softplus(-a)
    terms = terms + torch.xlogy(g, g) - torch.xlogy(g, total) + g * F.softplus(a)
    return terms.sum(dim=-1)
""",
    "masked_loop": """
def softplus(t):
    return max(t, 0) + math.log1p(math.exp(-abs(t)))
def regret(p, g, a):
    rows = []
    n = a.shape[-1]
    for P, Q, A in zip(p.reshape(-1, n).tolist(), g.reshape(-1, n).tolist(), a.reshape(-1, n).tolist()):
        R = 0.0
        for x, y, t in zip(P, Q, A):
            if x > 0:
                R += x * (math.log(x) - math.log(x + y) + softplus(-t))
            if y > 0:
                R += y * (math.log(y) - math.log(x + y) + softplus(t))
        rows.append(R)
    return torch.tensor(rows, dtype=torch.float64).reshape(a.shape[:-1])
""",
    "best_logits": """
class Game:
    def __init__(self, p, g):
        self.p, self.g = p, g
    def value(self, a):
        bce = F.binary_cross_entropy_with_logits
        real = bce(a, torch.ones_like(a), weight=self.p, reduction="none")
        fake = bce(a, torch.zeros_like(a), weight=self.g, reduction="none")
        return -(real + fake).sum(-1)
def regret(p, g, a):
    game = Game(p, g)
    tiny = 1e-200
    best = (p + tiny).log() - (g + tiny).log()
    return game.value(best) - game.value(a)
""",
    "clamped_best_d": """
def regret(p, g, a):
    d = torch.where(p + g > 0, p / (p + g).clamp_min(1e-300), 0.5)
    one_minus_d = torch.where(p + g > 0, g / (p + g).clamp_min(1e-300), 0.5)
    at_best = torch.xlogy(p, d) + torch.xlogy(g, one_minus_d)
    at_d = p * -torch.logaddexp(-a, torch.zeros_like(a)) + g * -torch.logaddexp(a, torch.zeros_like(a))
    return (at_best - at_d).sum(-1)
""",
}
