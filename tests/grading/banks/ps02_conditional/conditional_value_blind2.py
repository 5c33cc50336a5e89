"""Wrong and right answers to the task `conditional_value`, written by someone who had not seen its check."""

WRONG = {
    "blind_log_one_minus_d": (
        "value_blind for 2 labels and 5 atoms with thin atoms holds nan or",
        """
def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    total = p + g
    D_star = torch.where(total > 0, p / total, torch.full_like(p, 0.5))

    def part(a, s):
        inside = a > 0
        return torch.where(inside, a * (torch.where(inside, a, 1.0).log() - torch.where(inside, s, 1.0).log()), 0.0)

    value = (prior[:, None] * (part(p, total) + part(g, total))).sum()

    p_mix, g_mix = prior @ p, prior @ g
    D_blind = torch.where(p_mix + g_mix > 0, p_mix / (p_mix + g_mix), torch.full_like(p_mix, 0.5))
    value_blind = (torch.xlogy(p_mix, D_blind) + torch.xlogy(g_mix, 1 - D_blind)).sum()
    return D_star, value, value_blind
""",
    ),
    "value_mean_over_labels": (
        "value is the mean over the labels; weigh each label by p(y)",
        """
def _js(a, b):
    m = (a + b) / 2
    kl_a = (torch.xlogy(a, a) - torch.xlogy(a, m)).sum(-1)
    kl_b = (torch.xlogy(b, b) - torch.xlogy(b, m)).sum(-1)
    return (kl_a + kl_b) / 2


def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    D_star = torch.nan_to_num(p / (p + g), nan=0.5)
    value = -2 * math.log(2) + 2 * _js(p, g).mean()
    value_blind = -2 * math.log(2) + 2 * _js(prior @ p, prior @ g)
    return D_star, value, value_blind
""",
    ),
    "blind_averages_d_star": (
        "value_blind is the value of the mean of D*(x, y) over the labels; a D",
        """
def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    both = p + g
    D_star = torch.where(both > 0, p / both, torch.full_like(p, 0.5))
    one_minus = torch.where(both > 0, g / both, torch.full_like(p, 0.5))

    def V(d, e):
        return (prior[:, None] * (torch.xlogy(p, d) + torch.xlogy(g, e))).sum()

    value = V(D_star, one_minus)
    # the blind one cannot see y, so it averages over it
    d, e = prior @ D_star, prior @ one_minus
    value_blind = V(d.expand_as(p), e.expand_as(p))
    return D_star, value, value_blind
""",
    ),
    "isclose_is_half": (
        "thin atoms are lost beside a constant, or a threshold, of about",
        """
def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    def best(a, b):
        half = torch.full_like(a, 0.5)
        equal = torch.isclose(a, b)  # also the atoms where both are 0
        return torch.where(equal, half, a / (a + b)), torch.where(equal, half, b / (a + b))

    d, e = best(p, g)
    value = (prior[:, None] * (torch.xlogy(p, d) + torch.xlogy(g, e))).sum()
    p_mix, g_mix = prior @ p, prior @ g
    db, eb = best(p_mix, g_mix)
    value_blind = (torch.xlogy(p_mix, db) + torch.xlogy(g_mix, eb)).sum()
    return d, value, value_blind
""",
    ),
    "fills_empty_atoms_in_place": (
        "your function changed a tensor it was given: avoid +=, x[mask] = ...",
        """
def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    def game(a, b):
        s = a + b
        return (torch.xlogy(a, a) - torch.xlogy(a, s) + torch.xlogy(b, b) - torch.xlogy(b, s)).sum(-1)

    value = prior @ game(p, g)
    value_blind = game(prior @ p, prior @ g)
    empty = (p == 0) & (g == 0)
    p[empty] = 1.0
    g[empty] = 1.0
    return p / (p + g), value, value_blind
""",
    ),
    "g_zero_means_one": (
        "D_star is 1 where neither law has mass; it is to be 1/2 there",
        """
def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    one, zero = torch.ones_like(p), torch.zeros_like(p)
    D_star = torch.where(g == 0, one, torch.where(p == 0, zero, p / (p + g)))

    def V(a, b):
        live = (a > 0) & (b > 0)  # elsewhere the term is 1 * log 1 = 0
        a1, b1 = torch.where(live, a, 0.5), torch.where(live, b, 0.5)
        s = (a1 + b1).log()
        return torch.where(live, a1 * (a1.log() - s) + b1 * (b1.log() - s), 0.0).sum(-1)

    return D_star, (prior * V(p, g)).sum(), V(prior @ p, prior @ g)
""",
    ),
    "kl_div_blind_nan": (
        "value_blind for 4 labels and 7 atoms with atoms that one or both lack",
        """
def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    k, m = p.shape
    D_star = torch.full((k, m), 0.5, dtype=p.dtype)
    value = torch.tensor(-2 * math.log(2), dtype=p.dtype)
    for y in range(k):
        used = (p[y] + g[y]) > 0
        a, b = p[y][used], g[y][used]
        D_star[y, used] = a / (a + b)
        log_mid = ((a + b) / 2).log()
        value = value + prior[y] * (F.kl_div(log_mid, a, reduction="sum") + F.kl_div(log_mid, b, reduction="sum"))
    a, b = prior @ p, prior @ g
    log_mid = ((a + b) / 2).log()
    js2 = F.kl_div(log_mid, a, reduction="sum") + F.kl_div(log_mid, b, reduction="sum")
    return D_star, value, -2 * math.log(2) + js2
""",
    ),
    "smoothing_1e_30": (
        ": 1/2 where neither law has mass, 1 or 0 where one of them has none,",
        """
def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    tiny = 1e-30

    def play(a, b):
        a1, b1 = a + tiny, b + tiny
        log_s = (a1 + b1).log()
        return a1 / (a1 + b1), (a * (a1.log() - log_s) + b * (b1.log() - log_s)).sum(-1)

    D_star, per_label = play(p, g)
    _, value_blind = play(prior @ p, prior @ g)
    return D_star, prior @ per_label, value_blind
""",
    ),
    "double_precision_eps_clamp": (
        ": 1/2 where neither law has mass, 1 or 0 where one of them has none,",
        """
def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    eps = torch.finfo(p.dtype).eps

    def js(a, b):
        m = 0.5 * (a + b)
        kl = lambda u: (torch.xlogy(u, u) - torch.xlogy(u, m)).sum(-1)
        return 0.5 * (kl(a) + kl(b))

    s = p + g
    D_star = torch.where(s == 0, torch.full_like(p, 0.5), p / s.clamp_min(eps))
    value = -math.log(4) + 2 * (prior * js(p, g)).sum()
    value_blind = -math.log(4) + 2 * js(prior @ p, prior @ g)
    return D_star, value, value_blind
""",
    ),
}

RIGHT = {
    "bce_as_the_game": '''
def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The game as two weighted cross-entropies; each log is taken of a ratio made for it, never of 1 - D."""

    def ratio(a, b):
        return 1 / (1 + b / a)  # 0 where a = 0 < b; NaN where both are 0

    def game(a, b):
        d, e = (torch.nan_to_num(r, nan=0.5) for r in (ratio(a, b), ratio(b, a)))
        ones = torch.ones_like(d)
        gain = -F.binary_cross_entropy(d, ones, weight=a, reduction="sum")
        return d, gain - F.binary_cross_entropy(e, ones, weight=b, reduction="sum")

    joint_p = torch.einsum("y,yx->yx", prior, p)
    joint_g = torch.einsum("y,yx->yx", prior, g)
    d, _ = game(p, g)
    _, value = game(joint_p, joint_g)  # the prior cancels in every ratio
    _, value_blind = game(joint_p.sum(0), joint_g.sum(0))
    return d, value, value_blind
''',
    "python_floats_and_entropies": '''
from collections import defaultdict
import warnings


def _h(mass):
    return -mass * math.log(mass) if mass > 0.0 else 0.0


def conditional_value(prior: Tensor, p: Tensor, g: Tensor):
    """V(D*) = sum of H(p + g) - H(p) - H(g), atom by atom, in plain floats."""
    if p.shape[1] == 1:
        warnings.warn("a world with one picture")
    rows, terms = [], []
    real, fake = defaultdict(list), defaultdict(list)
    for weight, row_p, row_g in zip(prior.tolist(), p.tolist(), g.tolist()):
        row = []
        for x, (a, b) in enumerate(zip(row_p, row_g)):
            row.append(a / (a + b) if a + b else 0.5)
            terms += [weight * _h(a + b), -weight * _h(a), -weight * _h(b)]
            real[x].append(weight * a)
            fake[x].append(weight * b)
        rows.append(row)
    blind = []
    for x in real:
        a, b = math.fsum(real[x]), math.fsum(fake[x])
        blind += [_h(a + b), -_h(a), -_h(b)]
    return torch.tensor(rows, dtype=torch.float64), math.fsum(terms), math.fsum(blind)
''',
}
