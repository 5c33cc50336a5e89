"""Wrong and right answers to the task `pull_shares`, written by someone who had not seen its check."""

WRONG = {
    "plain_sigmoid": (
        "under 'minimax' holds nan or inf: all slopes round to 0, and 0 / 0 is",
        """
def pull_shares(a: Tensor, loss: str) -> Tensor:
    s = torch.sigmoid(a) if loss == "minimax" else torch.sigmoid(-a)
    return s / s.sum()
""",
    ),
    "one_minus_sigmoid": (
        "under 'non-saturating' holds nan or inf: all slopes round to 0, and 0",
        """
def pull_shares(a, loss):
    if loss == "minimax":
        log_s = F.logsigmoid(a)
    else:
        log_s = torch.log(1 - torch.sigmoid(a))
    return torch.softmax(log_s, dim=0)
""",
    ),
    "clamped_logits": (
        "]; stay in logarithms: a rounded sigmoid, or a clamp, loses the slope",
        """
def pull_shares(a, loss):
    a = a.clamp(-50, 50)
    sign = 1 if loss == "minimax" else -1
    return F.softmax(F.logsigmoid(sign * a), dim=-1)
""",
    ),
    "equal_when_zero": (
        "]; stay in logarithms: a rounded sigmoid, or a clamp, loses the slope",
        """
def pull_shares(a, loss):
    s = torch.sigmoid(a if loss == "minimax" else -a)
    total = s.sum()
    if total == 0:
        return torch.full_like(a, 1 / len(a))
    return s / total
""",
    ),
    "single_precision": (
        "]; it is nearly right: did float32, a small constant or a clamp slip",
        """
def pull_shares(a, loss):
    x = a.float()
    log_s = F.logsigmoid(x) if loss == "minimax" else F.logsigmoid(-x)
    return torch.softmax(log_s, dim=0).double()
""",
    ),
    "flips_the_logits": (
        "your function changed a tensor it was given: avoid +=, x[mask] = ...",
        """
def pull_shares(a, loss):
    if loss == "non-saturating":
        a *= -1
    log_s = F.logsigmoid(a)
    return torch.exp(log_s - torch.logsumexp(log_s, dim=0))
""",
    ),
    "exp_overflows": (
        "under 'non-saturating' holds nan or inf: all slopes round to 0, and 0",
        """
def pull_shares(a, loss):
    t = a if loss == "minimax" else -a
    log_s = t - torch.log(1 + torch.exp(t))
    return torch.softmax(log_s, dim=0)
""",
    ),
}

RIGHT = {
    "ratios_of_pairs": '''
def pull_shares(a: Tensor, loss: str) -> Tensor:
    """share_i = 1 / sum_j s_j / s_i; a ratio may be inf, and 1 / inf = 0 is right to 1e-300."""
    t = {"minimax": a, "non-saturating": -a}[loss]
    size = -torch.logaddexp(torch.zeros_like(t), -t)
    ratio = torch.exp(size[None, :] - size[:, None])
    return ratio.sum(dim=1).reciprocal()
''',
    "gradient_of_logsumexp": """
def pull_shares(a, loss):
    sign = 1.0 if loss == "minimax" else -1.0
    with torch.enable_grad():
        log_size = torch.where(sign * a < 0, sign * a, 0.0).sub(torch.log1p(torch.exp(-a.abs())))
        log_size = log_size.detach().requires_grad_()
        (shares,) = torch.autograd.grad(torch.logsumexp(log_size, dim=0), log_size)
    return shares
""",
    "loops": '''
import warnings


def _log_size(t):
    """log sigma(t) without overflow."""
    return -math.log1p(math.exp(-t)) if t >= 0 else t - math.log1p(math.exp(t))


def pull_shares(a, loss):
    if loss not in ("minimax", "non-saturating"):
        raise ValueError(f"unknown loss {loss!r}")
    if len(a) == 1:
        warnings.warn("one fake alone has the whole attention")
    logs = [_log_size(t if loss == "minimax" else -t) for t in a.tolist()]
    top = max(logs)
    sizes = [math.exp(t - top) for t in logs]
    total = math.fsum(sizes)
    return torch.tensor([s / total for s in sizes], dtype=torch.float64)
''',
}
