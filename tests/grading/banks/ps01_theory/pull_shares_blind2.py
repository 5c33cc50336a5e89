"""Wrong and right answers to the task `pull_shares`, written by someone who had not seen its check."""

WRONG = {
    "slope_in_the_probability": (
        "the slope was taken in D, not in the logit: D = sigmoid(a) has a",
        """
def pull_shares(a, loss):
    # d log(1 - D) / dD = -1 / (1 - D) and d(-log D) / dD = -1 / D, in logarithms so that nothing overflows
    log_slope = -F.logsigmoid(-a) if loss == "minimax" else -F.logsigmoid(a)
    return torch.softmax(log_slope, dim=0)
""",
    ),
    "one_minus_the_other": (
        "the shares of 6 fakes with logits from -",
        """
def pull_shares(a, loss):
    shares = torch.softmax(F.logsigmoid(a), dim=0)
    if loss == "minimax":
        return shares
    rest = 1 - shares
    return rest / rest.sum()
""",
    ),
    "clamped_logits": (
        "]; stay in logarithms: a rounded sigmoid, or a clamp, loses the slope",
        """
def pull_shares(a, loss):
    a = a.clamp(-700.0, 700.0)  # exp must not underflow
    slope = torch.sigmoid(a) if loss == "minimax" else torch.sigmoid(-a)
    return slope / slope.sum()
""",
    ),
    "exponential_too_early": (
        "the shares of 5 fakes with logits from -",
        """
def pull_shares(a, loss):
    t = a if loss == "minimax" else -a
    log_slope = torch.where(t < -6, t, -torch.log1p(torch.exp(-t.clamp(min=-6))))
    return torch.exp(log_slope - torch.logsumexp(log_slope, 0))
""",
    ),
    "one_minus_sigmoid": (
        "under 'non-saturating' holds nan or inf: all slopes round to 0, and 0",
        """
def pull_shares(a, loss):
    if loss == "minimax":
        return torch.softmax(F.logsigmoid(a), dim=-1)
    slope = 1 - torch.sigmoid(a)
    return slope / slope.sum()
""",
    ),
    "log_of_sigmoid": (
        "under 'minimax' holds nan or inf: all slopes round to 0, and 0 / 0 is",
        """
def pull_shares(a, loss):
    log_slope = torch.log(torch.sigmoid(a if loss == "minimax" else -a))
    return torch.softmax(log_slope, 0)
""",
    ),
    "negated_in_place": (
        "your function changed a tensor it was given: avoid +=, x[mask] = ...",
        """
def pull_shares(a, loss):
    if loss == "non-saturating":
        a *= -1
    return F.softmax(F.logsigmoid(a), dim=0)
""",
    ),
    "squeezed_batch": (
        "under 'minimax' has shape (), expected (1,). One share for each fake",
        """
def pull_shares(a, loss):
    sign = 1.0 if loss == "minimax" else -1.0
    log_slope = F.logsigmoid(sign * a.unsqueeze(1)).squeeze()
    return torch.exp(log_slope - torch.logsumexp(log_slope, dim=0))
""",
    ),
}

RIGHT = {
    "largest_taken_out": """
def pull_shares(a, loss):
    # 1 / (1 + e^-t) is e^t / (1 + e^t); with e^top taken out of all, the largest weight is between 1/2 and 1
    t = {"minimax": a, "non-saturating": -a}[loss]
    top = min(float(t.max()), 0.0)
    weights = torch.exp(t.clamp(max=0.0) - top) / (1 + torch.exp(-t.abs()))
    return weights / weights.sum()
""",
    "ratios_in_pairs": """
def pull_shares(a, loss):
    sign = {"minimax": 1, "non-saturating": -1}[loss]
    zero = torch.zeros((), dtype=a.dtype)
    cost = torch.logaddexp(-sign * a, zero)  # -log of the size of the slope
    shares = []
    for i in range(len(a)):  # 1 / share_i is the sum over j of slope_j / slope_i
        shares.append(torch.exp(-torch.logsumexp(cost[i] - cost, 0)))
    return torch.stack(shares)
""",
}
