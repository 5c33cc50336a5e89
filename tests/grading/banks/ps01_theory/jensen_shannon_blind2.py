"""Wrong and right answers to the task `jensen_shannon`, written by someone who had not seen its check."""

WRONG = {
    "nan_to_num_after_sum": (
        "JS of laws of shape (3, 6) and (3, 6), some atoms without mass: [0.0,",
        """
def jensen_shannon(p, q):
    p, q = torch.broadcast_tensors(p, q)
    log_m = (0.5 * (p + q)).log()
    left = torch.nan_to_num(F.kl_div(log_m, p, reduction="none").sum(-1))
    right = torch.nan_to_num(F.kl_div(log_m, q, reduction="none").sum(-1))
    return 0.5 * (left + right)
""",
    ),
    "sum_over_dim_1": (
        "your code stopped with IndexError: Dimension out of range (expected",
        """
def jensen_shannon(p, q):
    m = (p + q) / 2
    return 0.5 * torch.sum(torch.xlogy(p, p) + torch.xlogy(q, q) - 2 * torch.xlogy(m, m), dim=1)
""",
    ),
    "expand_first_law": (
        "]): the number of sizes provided (2) must be greater or equal to the",
        """
def kl(p, m):
    return torch.where(p > 0, p * torch.log(torch.where(p > 0, p / m, 1.0)), 0.0).sum(-1)


def jensen_shannon(p, q):
    p = p.expand_as(q)
    m = 0.5 * (p + q)
    return 0.5 * kl(p, m) + 0.5 * kl(q, m)
""",
    ),
    "zeros_replaced_in_place": (
        "your function changed a tensor it was given: avoid +=, x[mask] = ...",
        """
def jensen_shannon(p, q):
    for law in (p, q):
        law[law == 0] = 1e-300
    m = 0.5 * (p + q)
    return 0.5 * ((p * (p / m).log()).sum(-1) + (q * (q / m).log()).sum(-1))
""",
    ),
    "float32_accumulator": (
        ",) has dtype torch.float32; float64 was asked for",
        """
def jensen_shannon(p, q):
    p, q = torch.broadcast_tensors(p, q)
    total = torch.zeros(p.shape[:-1])
    for i in range(p.shape[-1]):
        a, b = p[..., i], q[..., i]
        m = (a + b) / 2
        total += 0.5 * (torch.xlogy(a, a) + torch.xlogy(b, b)) - torch.xlogy(m, m)
    return total
""",
    ),
    "eps_1e_8": (
        ", 0.693147, 0.0]; it is nearly right: did float32, a small constant",
        """
def jensen_shannon(p, q, eps=1e-8):
    m = 0.5 * (p + q)
    left = (p * torch.log((p + eps) / (m + eps))).sum(-1)
    right = (q * torch.log((q + eps) / (m + eps))).sum(-1)
    return 0.5 * (left + right)
""",
    ),
    "squeezed_result": (
        ",) has shape (), expected (1,). Sum over the last dimension, and over",
        """
def jensen_shannon(p, q):
    m = 0.5 * (p + q)
    terms = torch.special.entr(m) - 0.5 * torch.special.entr(p) - 0.5 * torch.special.entr(q)
    return terms.sum(dim=-1, keepdim=True).squeeze()
""",
    ),
    "always_a_batch": (
        ",) has shape (1,), expected (). Sum over the last dimension, and over",
        """
def jensen_shannon(p, q):
    p, q = torch.atleast_2d(p), torch.atleast_2d(q)
    m = (p + q) / 2

    def kl(law):
        return (torch.xlogy(law, law) - torch.xlogy(law, m)).sum(-1)

    return (kl(p) + kl(q)) / 2
""",
    ),
}

RIGHT = {
    "nansum_of_both_halves": """
def jensen_shannon(p, q):
    double = p + q  # 2 m
    terms = torch.stack(torch.broadcast_tensors(p * torch.log(2 * p / double), q * torch.log(2 * q / double)))
    return terms.nansum((0, -1)) / 2  # 0 log 0 and 0 log 0/0 are nan, and count as nothing
""",
    "categorical_kl": """
from torch.distributions import Categorical, kl_divergence


def jensen_shannon(p, q):
    shape = torch.broadcast_shapes(p.shape, q.shape)
    p, q = p.expand(shape), q.expand(shape)
    middle = Categorical(probs=p.lerp(q, 0.5))
    return sum(kl_divergence(Categorical(probs=law), middle) for law in (p, q)) / 2
""",
}
