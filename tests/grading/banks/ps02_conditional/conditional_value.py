"""Wrong and right answers to the task `conditional_value`: texts of its solution cell."""

_HELPERS = """
def values(p, g):
    return (torch.xlogy(p, p) + torch.xlogy(g, g) - torch.xlogy(p + g, p + g)).sum(-1)
def best(p, g):
    return torch.where(p + g > 0, p / (p + g), 0.5)
def kl(p, q):
    return (torch.xlogy(p, p) - torch.xlogy(p, q)).sum(-1)
def js(p, q):
    m = (p + q) / 2
    return (kl(p, m) + kl(q, m)) / 2
def at(p, g, d):
    return (torch.xlogy(p, d) + torch.xlogy(g, 1 - d)).sum(-1)
"""


def _answer(
    d: str = "best(p, g)",
    value: str = "prior @ values(p, g)",
    blind: str = "values(prior @ p, prior @ g)",
    before: str = "",
) -> str:
    body = f"    {before}\n" if before else ""
    return f"{_HELPERS}def conditional_value(prior, p, g):\n{body}    return {d}, {value}, {blind}\n"


WRONG = {
    "d_of_fake": ("probability of *fake*", _answer(d="best(g, p)")),
    "d_is_the_ratio": ("D_star is the ratio p / g", _answer(d="p / g")),
    "d_of_the_mixtures": (
        "the same for all labels",
        _answer(d="best(prior @ p, prior @ g).expand_as(p)"),
    ),
    "d_is_the_label": ("p(y|x), which label", _answer(d="prior[:, None] * p / (prior @ p)")),
    "d_mixes_joint_and_conditional": (
        "compares p(x, y) with g(x|y)",
        _answer(d="best(prior[:, None] * p, g)"),
    ),
    "d_nan": ("0 / 0 is to be 1/2", _answer(d="p / (p + g)")),
    "d_zero_where_nobody_is": (
        "D_star is 0 where neither law",
        _answer(d="torch.where(p + g > 0, p / (p + g), 0.0)"),
    ),
    "d_nan_to_num": ("D_star is 0 where neither law", _answer(d="(p / (p + g)).nan_to_num(0)")),
    "d_half_where_one_is_missing": (
        "1 or 0 where one of them has none",
        _answer(d="torch.where((p > 0) & (g > 0), p / (p + g), 0.5)"),
    ),
    "small_constant": ("treat zeros exactly", _answer(d="(p + 1e-12) / (p + g + 2e-12)")),
    "small_constant_below": ("thin atoms", _answer(d="p / (p + g + 1e-20) + 0.5 * (p + g == 0)")),
    "d_transposed": ("A row for each label", _answer(d="best(p, g).T")),
    "unweighted_mean": ("weigh each label by p(y)", _answer(value="values(p, g).mean()")),
    "unweighted_sum": ("weigh each label by p(y)", _answer(value="values(p, g).sum()")),
    "weights_squared": ("twice", _answer(value="prior @ (prior * values(p, g))")),
    "log_2_for_each_label": (
        "once for each label",
        _answer(value="(2 * prior * js(p, g) - 2 * math.log(2)).sum()"),
    ),
    "js_once": ("has JS once", _answer(value="prior @ js(p, g) - math.log(4)")),
    "one_log_2": ("-log 2 in place of", _answer(value="2 * prior @ js(p, g) - math.log(2)")),
    "no_log": ("the -2 log 2 is missing", _answer(value="2 * prior @ js(p, g)")),
    "bits": ("in bits", _answer(value="prior @ values(p, g) / math.log(2)")),
    "sign": ("wrong sign", _answer(value="-(prior @ values(p, g))")),
    "kl_instead_of_js": ("KL(p || g) in place of JS", _answer(value="2 * prior @ kl(p, g) - math.log(4)")),
    "values_exchanged": (
        "value is value_blind",
        _answer(value="values(prior @ p, prior @ g)", blind="prior @ values(p, g)"),
    ),
    "value_through_rounded_d": ("holds nan or inf", _answer(value="prior @ at(p, g, best(p, g))")),
    "value_with_a_plain_logarithm": (
        "holds nan or inf",
        _answer(before="d = best(p, g)", value="prior @ (p * d.log() + g * (1 - d).log()).sum(1)"),
    ),
    "blind_is_the_same": ("a D that sees y", _answer(blind="prior @ values(p, g)")),
    "blind_mixes_evenly": ("mixes all labels evenly", _answer(blind="values(p.mean(0), g.mean(0))")),
    "blind_sums": ("sums the laws", _answer(blind="values(p.sum(0), g.sum(0))")),
    "blind_is_the_mean_d": (
        "mean of D*(x, y) over the labels",
        _answer(blind="at(prior @ p, prior @ g, prior @ best(p, g))"),
    ),
    "blind_is_the_loss": ("wrong sign", _answer(blind="-values(prior @ p, prior @ g)")),
    "blind_is_the_cost": (
        "what not seeing y costs",
        _answer(blind="prior @ values(p, g) - values(prior @ p, prior @ g)"),
    ),
    "always_log_4": ("always -2 log 2", _answer(blind="-math.log(4)")),
    "a_pair": ("return 3 results", _answer().replace(", values(prior @ p, prior @ g)\n", "\n")),
    "float32": ("float64 was asked for", _answer(d="best(p.float(), g.float())")),
    "in_place": (
        "changed a tensor",
        _answer(before="p[p == 0] = 1e-300; g[g == 0] = 1e-300"),
    ),
    "values_per_label": ("expected ()", _answer(value="values(p, g)")),
    "blind_of_two_labels": ("value_blind", _answer(blind="values((p[0] + p[-1]) / 2, (g[0] + g[-1]) / 2)")),
}

RIGHT = {
    "formula": _answer(),
    "jensen_shannon": _answer(
        value="2 * (prior * js(p, g)).sum() - math.log(4)",
        blind="-2 * math.log(2) + 2 * js(prior @ p, prior @ g)",
    ),
    "joint_laws": """
def conditional_value(prior, p, g):
    p_joint, g_joint = p * prior[:, None], g * prior[:, None]
    total = p_joint + g_joint
    d = torch.where(total > 0, p_joint / total.clamp_min(1e-300), 0.5)
    def V(a, b):
        log_total = (a + b).clamp_min(1e-300).log()
        terms = a * (a.clamp_min(1e-300).log() - log_total) + b * (b.clamp_min(1e-300).log() - log_total)
        return terms.sum()
    return d, V(p_joint, g_joint), V(p_joint.sum(0), g_joint.sum(0)).item()
""",
    "loops": """
def term(a, b):
    return a * (math.log(a) - math.log(a + b)) if a > 0 else 0.0
def conditional_value(prior, p, g):
    D = torch.full_like(p, 0.5)
    value = 0.0
    for y in range(p.shape[0]):
        for x in range(p.shape[1]):
            a, b = float(p[y, x]), float(g[y, x])
            if a + b > 0:
                D[y, x] = a / (a + b)
            value += float(prior[y]) * (term(a, b) + term(b, a))
    blind = sum(term(a, b) + term(b, a) for a, b in zip((prior @ p).tolist(), (prior @ g).tolist()))
    return D, value, blind
""",
    "logits": """
def conditional_value(prior, p, g):
    def judge(p, g):
        a = torch.where((p == 0) & (g == 0), 0.0, p.log() - g.log())
        on_real = torch.where(p > 0, p * F.logsigmoid(a), 0.0)
        on_fake = torch.where(g > 0, g * F.logsigmoid(-a), 0.0)
        return a.sigmoid(), (on_real + on_fake).sum(-1)
    d, each = judge(p, g)
    mixture = lambda law: torch.einsum("k,km->m", prior, law)
    return [d, torch.dot(prior, each), judge(mixture(p), mixture(g))[1]]
""",
    "entropies": """
def conditional_value(prior, p, g):
    H = lambda law: torch.special.entr(law).sum(-1)
    C = lambda a, b: 2 * H((a + b) / 2) - H(a) - H(b) - 2 * math.log(2)
    d = torch.nan_to_num(p / (p + g), nan=0.5)
    value = sum(w * C(a, b) for w, a, b in zip(prior, p, g))
    return d, value, C(*((prior[:, None] * law).sum(0) for law in (p, g)))
""",
}
