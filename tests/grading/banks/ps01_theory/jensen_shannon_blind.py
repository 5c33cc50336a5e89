"""Wrong and right answers to the task `jensen_shannon`, written by someone who had not seen its check."""

WRONG = {
    "small_constant": (
        ", 0.693147, 0.0]; it is nearly right: did float32, a small constant",
        """
def jensen_shannon(p, q, eps=1e-8):
    m = 0.5 * (p + q)
    kl_p = (p * torch.log((p + eps) / (m + eps))).sum(-1)
    kl_q = (q * torch.log((q + eps) / (m + eps))).sum(-1)
    return 0.5 * kl_p + 0.5 * kl_q
""",
    ),
    "expand_as": (
        "your code stopped with RuntimeError: The expanded size of the tensor",
        """
def jensen_shannon(p: Tensor, q: Tensor) -> Tensor:
    if p.dim() < q.dim():
        p = p.expand_as(q)
    else:
        q = q.expand_as(p)
    m = (p + q) / 2
    kl = lambda u: torch.where(u > 0, u * torch.log(u / m), torch.zeros_like(u)).sum(-1)
    return (kl(p) + kl(q)) / 2
""",
    ),
    "sum_over_dim_1": (
        "your code stopped with IndexError: Dimension out of range (expected",
        """
def jensen_shannon(p, q):
    m = 0.5 * (p + q)
    m_safe = torch.where(m > 0, m, torch.ones_like(m))
    terms = torch.xlogy(p, p / m_safe) + torch.xlogy(q, q / m_safe)
    return 0.5 * terms.sum(dim=1)
""",
    ),
    "all_pairs": (
        "JS of laws of shape (2, 3, 4) and (2, 3, 4) has shape (6, 6),",
        """
def jensen_shannon(p, q):
    rows_p = p.reshape(-1, 1, p.shape[-1])
    rows_q = q.reshape(1, -1, q.shape[-1])
    m = (rows_p + rows_q) / 2
    entropy = lambda law: torch.special.entr(law).sum(-1)
    return (entropy(m) - (entropy(rows_p) + entropy(rows_q)) / 2).squeeze()
""",
    ),
    "fills_the_zeros": (
        "your function changed a tensor it was given: avoid +=, x[mask] = ...",
        """
def jensen_shannon(p, q):
    p[p == 0] = 1e-300
    q[q == 0] = 1e-300
    m = 0.5 * (p + q)
    return 0.5 * ((p * (p / m).log()).sum(-1) + (q * (q / m).log()).sum(-1))
""",
    ),
    "single_precision": (
        "constant o",
        """
def jensen_shannon(p, q):
    p, q = torch.broadcast_tensors(p.float(), q.float())
    m = (p + q) / 2
    kl_p = torch.nan_to_num(p * torch.log(p / m), nan=0.0).sum(-1)
    kl_q = torch.nan_to_num(q * torch.log(q / m), nan=0.0).sum(-1)
    return (0.5 * (kl_p + kl_q)).double()
""",
    ),
    "distance": (
        "this is the square root of JS, the distance",
        """
def jensen_shannon(p, q):
    m = (p + q) / 2
    safe = m.masked_fill(m == 0, 1.0)
    left = torch.xlogy(p, p / safe).sum(-1)
    right = torch.xlogy(q, q / safe).sum(-1)
    return ((left + right) / 2).clamp(min=0).sqrt()
""",
    ),
}

RIGHT = {
    "information_about_the_label": '''
def jensen_shannon(p: Tensor, q: Tensor) -> Tensor:
    """A fair coin picks the law: JS is what the atom tells about the coin, log 2 - sum m(x) h(D*(x))."""
    total = p + q
    judge = torch.where(total > 0, p / total, 0.5)
    uncertainty = torch.special.entr(judge) + torch.special.entr(1 - judge)
    return math.log(2) - torch.einsum("...x,...x->...", total / 2, uncertainty)
''',
    "kl_div_on_safe_logs": """
import functools


@functools.lru_cache(maxsize=None)
def _announce():
    print("jensen_shannon: in nats")


def jensen_shannon(p, q):
    _announce()
    p, q = torch.broadcast_tensors(p, q)
    pair = torch.stack((p, q))  # a copy, (2, ..., n)
    m = pair.mean(0)
    log_m = torch.zeros_like(m)
    log_m[m > 0] = torch.log(m[m > 0])
    return F.kl_div(log_m.expand_as(pair), pair, reduction="none").sum(-1).mean(0)
""",
    "loops_and_fsum": """
def _terms(u, v):
    for s, t in zip(u, v):
        if s > 0:
            yield 0.5 * s * (math.log(s) - math.log((s + t) / 2))
        if t > 0:
            yield 0.5 * t * (math.log(t) - math.log((s + t) / 2))


def jensen_shannon(p, q):
    shape = torch.broadcast_shapes(p.shape, q.shape)
    n = shape[-1]
    rows_p = p.expand(shape).reshape(-1, n).tolist()
    rows_q = q.expand(shape).reshape(-1, n).tolist()
    values = [math.fsum(_terms(u, v)) for u, v in zip(rows_p, rows_q)]
    return torch.tensor(values, dtype=torch.float64).reshape(shape[:-1])
""",
}
