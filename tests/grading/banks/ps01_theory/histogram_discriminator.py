"""Wrong and right answers to the task `histogram_discriminator`: texts of its solution cell."""

_HEAD = "def histogram_discriminator(real, fake, cells):\n"
_COUNTS = """    p = torch.bincount(real, minlength=cells).double()
    g = torch.bincount(fake, minlength=cells).double()
"""
_SHARES = _COUNTS + "    p, g = p / len(real), g / len(fake)\n"


def _from_counts(expression: str) -> str:
    return _HEAD + _COUNTS + f"    return {expression}\n"


def _from_shares(expression: str) -> str:
    return _HEAD + _SHARES + f"    return {expression}\n"


WRONG = {
    "counts_not_divided": (
        "differ in size",
        _from_counts("torch.where(p + g > 0, p / (p + g), 0.5)"),
    ),
    "divided_by_all_points": (
        "differ in size",
        _from_counts(
            "torch.nan_to_num((p / (len(real) + len(fake))) / ((p + g) / (len(real) + len(fake))), nan=0.5)"
        ),
    ),
    "exchanged": ("exchanged", _from_shares("torch.where(p + g > 0, g / (p + g), 0.5)")),
    "nan": ("nobody visited is 0 / 0", _from_shares("p / (p + g)")),
    "zero_where_empty": ("nobody visited got", _from_shares("torch.nan_to_num(p / (p + g), nan=0.0)")),
    "tiny_constant_gives_zero": ("nobody visited got", _from_shares("p / (p + g + 1e-12)")),
    "one_where_empty": ("nobody visited got", _from_shares("torch.nan_to_num(p / (p + g), nan=1.0)")),
    "smoothing": (
        "added 1 to every count",
        _HEAD
        + _COUNTS
        + "    p, g = (p + 1) / (p + 1).sum(), (g + 1) / (g + 1).sum()\n    return p / (p + g)\n",
    ),
    "tiny_constant_for_either_side": (
        "a constant of 1e-10 was added",
        _from_shares("(p + 1e-10) / (p + g + 2e-10)"),
    ),
    "clamped": (
        "nearly right",
        _from_shares("torch.where(p + g > 0, (p / (p + g)).clamp(1e-6, 1 - 1e-6), 0.5)"),
    ),
    "ratio": ("ratio p / g", _from_shares("torch.where(g > 0, p / g, 0.5)")),
    "logits": (
        "logit, log(p / g)",
        _from_shares("torch.nan_to_num(p.log() - g.log(), nan=0.5, posinf=100, neginf=-100)"),
    ),
    "decision": ("decides for one side", _from_shares("torch.where(p + g > 0, (p > g).double(), 0.5)")),
    "share_of_real": ("share of real points", _from_shares("p")),
    "presence": (
        "who visited a cell",
        _from_shares("torch.where(p + g > 0, (p > 0).double() / ((p > 0).double() + (g > 0).double()), 0.5)"),
    ),
    "mixture": ("mixture (p + g) / 2", _from_shares("(p + g) / 2")),
    "minlength_forgotten": (
        "also for those at the end",
        _HEAD
        + _SHARES.replace(", minlength=cells", "")
        + "    return torch.where(p + g > 0, p / (p + g), 0.5)\n",
    ),
    "only_visited_cells": (
        "expected (9,)",
        _HEAD
        + """    p = torch.tensor([(real == c).double().mean() for c in torch.cat([real, fake]).unique()]).double()
    g = torch.tensor([(fake == c).double().mean() for c in torch.cat([real, fake]).unique()]).double()
    return p / (p + g)
""",
    ),
    "float32": (
        "float64 was asked for",
        _HEAD
        + "    p = torch.bincount(real, minlength=cells) / len(real)\n"
        + "    g = torch.bincount(fake, minlength=cells) / len(fake)\n"
        + "    return torch.where(p + g > 0, p / (p + g), 0.5)\n",
    ),
    "per_point": (
        "expected (",
        _HEAD + _SHARES + "    d = p / (p + g)\n    return d[torch.cat([real, fake])]\n",
    ),
    "batch_cut_to_equal_size": (
        "your D there is",
        _HEAD
        + "    n = min(len(real), len(fake))\n"
        + "    p = torch.bincount(real[:n], minlength=cells).double()\n"
        + "    g = torch.bincount(fake[:n], minlength=cells).double()\n"
        + "    return torch.where(p + g > 0, p / (p + g).clamp_min(1), 0.5)\n",
    ),
    "hard_coded": (
        "expected (",
        _HEAD + "    return torch.tensor([2 / 3, 1, 0, 0.5], dtype=torch.float64)\n",
    ),
    "single_sided_cells_undecided": (
        "not 1/2",
        _from_shares("torch.where((p > 0) & (g > 0), p / (p + g), 0.5)"),
    ),
    "in_place": (
        "changed a tensor",
        _HEAD
        + "    for sample in (real, fake):\n        sample.copy_(sample.sort().values)\n"
        + _SHARES
        + "    return torch.where(p + g > 0, p / (p + g), 0.5)\n",
    ),
    "list_returned": ("a tensor was expected", _from_shares("(p / (p + g)).tolist()")),
}
RIGHT = {
    "bincount": _from_shares("torch.where(p + g > 0, p / (p + g), torch.full_like(p, 0.5))"),
    "plain_loop": """
from collections import Counter
def histogram_discriminator(real, fake, cells):
    p, g = Counter(real.tolist()), Counter(fake.tolist())
    n, m = len(real), len(fake)
    D = []
    for c in range(cells):
        a, b = p[c] / n, g[c] / m
        D.append(a / (a + b) if a + b else 0.5)
    return torch.tensor(D, dtype=torch.float64)
""",
    "one_hot": """
def histogram_discriminator(real, fake, cells):
    p = F.one_hot(real, cells).double().mean(0)
    g = F.one_hot(fake, cells).double().mean(0)
    return torch.nan_to_num(p / (p + g), nan=0.5)
""",
    "weighted_counts": """
def histogram_discriminator(real, fake, cells):
    mass = torch.zeros(2, cells, dtype=torch.float64)
    mass[0].index_add_(0, real, torch.full((len(real),), float(len(fake)), dtype=torch.float64))
    mass[1].index_add_(0, fake, torch.full((len(fake),), float(len(real)), dtype=torch.float64))
    d = torch.full((cells,), 0.5, dtype=torch.float64)
    seen = mass.sum(0) > 0
    d[seen] = mass[0, seen] / mass[:, seen].sum(0)
    return d
""",
    "softmax_of_logs_with_progress": """
import sys
def histogram_discriminator(real, fake, cells):
    print("counting 100%|##########|", file=sys.stderr)
    log_share = torch.stack([torch.bincount(s, minlength=cells).double().div(len(s)).log() for s in (real, fake)])
    return torch.softmax(log_share, 0)[0].nan_to_num(0.5)
""",
}
