"""Wrong and right answers to the task `jensen_shannon`: texts of its solution cell."""

_HEAD = "def jensen_shannon(p, q):\n"
_KL = "def kl(p, q):\n    return (torch.xlogy(p, p) - torch.xlogy(p, q)).sum(-1)\n"


def _with_kl(expression: str, mixture: str = "(p + q) / 2") -> str:
    return _KL + _HEAD + f"    m = {mixture}\n    return {expression}\n"


WRONG = {
    "bits": ("in bits", _with_kl("(kl(p, m) + kl(q, m)) / 2 / math.log(2)")),
    "halves_forgotten": ("twice JS", _with_kl("kl(p, m) + kl(q, m)")),
    "quarter": ("half of JS", _with_kl("(kl(p, m) + kl(q, m)) / 4")),
    "kl": ("this is KL(p || q)", _with_kl("kl(p, q)")),
    "reverse_kl": ("this is KL(q || p)", _with_kl("kl(q, p)")),
    "symmetric_kl": ("mean of KL(p || q) and KL(q || p)", _with_kl("(kl(p, q) + kl(q, p)) / 2")),
    "one_side": ("KL(p || m) alone", _with_kl("kl(p, m)")),
    "arguments_of_kl_exchanged": ("arguments exchanged", _with_kl("(kl(m, p) + kl(m, q)) / 2")),
    "kl_div_misread": (
        "arguments exchanged",
        _HEAD
        + "    m = (p + q) / 2\n"
        + "    def kl(a, b): return F.kl_div(a.log(), b.expand_as(m), reduction='none').sum(-1)\n"
        + "    return (kl(p, m) + kl(q, m)) / 2\n",
    ),
    "mixture_not_halved": ("the mixture is p + q", _with_kl("(kl(p, m) + kl(q, m)) / 2", "p + q")),
    "geometric_mixture": ("geometric mean", _with_kl("(kl(p, m) + kl(q, m)) / 2", "(p * q).sqrt()")),
    "sign": ("wrong sign", _with_kl("-(kl(p, m) + kl(q, m)) / 2")),
    "distance": ("square root", _with_kl("((kl(p, m) + kl(q, m)) / 2).sqrt()")),
    "value_of_the_game": ("C(G) = -log 4", _with_kl("kl(p, m) + kl(q, m) - math.log(4)")),
    "total_variation": ("total variation", _with_kl("(p - q).abs().sum(-1) / 2")),
    "nan_at_zeros": (
        "0 log 0 is 0",
        _HEAD + "    m = (p + q) / 2\n    return ((p * (p / m).log() + q * (q / m).log()) / 2).sum(-1)\n",
    ),
    "small_constant": (
        "treat zeros exactly",
        _HEAD
        + "    p, q = p + 1e-6, q + 1e-6\n    m = (p + q) / 2\n"
        + "    return ((p * (p / m).log() + q * (q / m).log()) / 2).sum(-1)\n",
    ),
    "clamp": (
        "treat zeros exactly",
        _HEAD
        + "    p, q = p.clamp(min=1e-4), q.clamp(min=1e-4)\n    m = (p + q) / 2\n"
        + "    return ((p * (p / m).log() + q * (q / m).log()) / 2).sum(-1)\n",
    ),
    "one_sided_atoms_left_out": (
        "left out altogether",
        _HEAD
        + "    m = (p + q) / 2\n    terms = (p * (p / m).log() + q * (q / m).log()) / 2\n"
        + "    return terms.nan_to_num(0.0).sum(-1)\n",
    ),
    "summed_over_everything": (
        "has shape (), expected (2, 3)",
        _HEAD
        + "    m = (p + q) / 2\n    return (torch.xlogy(p, p / m) + torch.xlogy(q, q / m)).nan_to_num(0).sum() / 2\n",
    ),
    "mean_over_atoms": ("average over the atoms", _with_kl("(kl(p, m) + kl(q, m)) / 2 / p.shape[-1]")),
    "batchmean": (
        "average over the atoms",
        _HEAD
        + "    m = (p + q) / 2\n"
        + "    def kl(a): return F.kl_div(m.log(), a, reduction='batchmean')\n    return (kl(p) + kl(q)) / 2\n",
    ),
    "first_dimension": (
        "Sum over the last dimension",
        _KL.replace("-1", "0") + _HEAD + "    m = (p + q) / 2\n    return (kl(p, m) + kl(q, m)) / 2\n",
    ),
    "no_broadcasting": (
        "code stopped with",
        _HEAD
        + "    rows = [[float(a), float(b)] for a, b in zip(p.flatten(), q.flatten(), strict=True)]\n"
        + "    a, b = torch.tensor(rows).double().T.reshape(2, *p.shape)\n    m = (a + b) / 2\n"
        + "    return (torch.xlogy(a, a) + torch.xlogy(b, b) - 2 * torch.xlogy(m, m)).sum(-1) / 2\n",
    ),
    "float32": (
        "float64 was asked for",
        _HEAD
        + "    p, q = p.float(), q.float()\n    m = (p + q) / 2\n"
        + "    return (torch.xlogy(p, p / m) + torch.xlogy(q, q / m)).nan_to_num(0).sum(-1) / 2\n",
    ),
    "in_place": (
        "changed a tensor",
        _HEAD
        + "    for law in (p, q):\n        law[law == 0] = 1e-300\n    m = (p + q) / 2\n"
        + "    return (p * (p / m).log() + q * (q / m).log()).sum(-1) / 2\n",
    ),
}

RIGHT = {
    "two_kl": _with_kl("0.5 * kl(p, m) + 0.5 * kl(q, m)"),
    "entropies": """
def entropy(p):
    return torch.special.entr(p).sum(dim=-1)
def jensen_shannon(p, q):
    return entropy((p + q) / 2) - (entropy(p) + entropy(q)) / 2
""",
    "masked_logarithms": """
def jensen_shannon(p, q):
    p, q = torch.broadcast_tensors(p, q)
    m = (p + q) / 2
    total = torch.zeros(p.shape[:-1], dtype=p.dtype)
    for law in (p, q):
        has = law > 0
        ratio = torch.where(has, law / torch.where(has, m, 1.0), 1.0)
        total = total + 0.5 * (law * ratio.log()).sum(-1)
    return total
""",
    "half_the_value_of_the_game": """
def jensen_shannon(p, q):
    total = p + q
    C = torch.xlogy(p, p).sum(-1) + torch.xlogy(q, q).sum(-1) - torch.xlogy(total, total).sum(-1)
    return (C + math.log(4)) / 2
""",
    "recursive_loop": """
def jensen_shannon(p, q):
    p, q = torch.broadcast_tensors(p, q)
    if p.dim() > 1:
        return torch.stack([jensen_shannon(a, b) for a, b in zip(p, q)])
    js = 0.0
    for a, b in zip(p.tolist(), q.tolist()):
        m = (a + b) / 2
        js += (a * math.log(a / m) if a else 0) / 2 + (b * math.log(b / m) if b else 0) / 2
    return torch.tensor(js, dtype=torch.float64)
""",
    "kl_div_in_the_right_order": """
def jensen_shannon(p, q):
    p, q = torch.broadcast_tensors(p, q)
    log_m = ((p + q) / 2).clamp_min(1e-300).log()
    return (F.kl_div(log_m, p, reduction="none") + F.kl_div(log_m, q, reduction="none")).sum(-1) / 2
""",
}
