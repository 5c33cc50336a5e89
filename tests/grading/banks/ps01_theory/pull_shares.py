"""Wrong and right answers to the task `pull_shares`: texts of its solution cell."""

_HEAD = "def pull_shares(a, loss):\n"
_SIZE = "    size = torch.sigmoid(a) if loss == 'minimax' else 1 - torch.sigmoid(a)\n"
_LOG = "    log_size = F.logsigmoid(a if loss == 'minimax' else -a)\n"


def _size(expression: str) -> str:
    return _HEAD + _SIZE + f"    return {expression}\n"


def _log(expression: str) -> str:
    return _HEAD + _LOG + f"    return {expression}\n"


WRONG = {
    "losses_exchanged": (
        "the two losses are exchanged",
        _HEAD + "    return torch.softmax(F.logsigmoid(-a if loss == 'minimax' else a), 0)\n",
    ),
    "loss_ignored": (
        "`loss` has no effect",
        _HEAD + "    return torch.softmax(F.logsigmoid(a), 0)\n",
    ),
    "loss_misspelt": (
        "`loss` has no effect",
        _HEAD + "    return torch.softmax(F.logsigmoid(a if loss == 'mini-max' else -a), 0)\n",
    ),
    "underflow": ("0 / 0", _size("size / size.sum()")),
    "small_constant": ("stay in logarithms", _size("size / (size.sum() + 1e-12)")),
    "clamped_sigmoid": (
        "stay in logarithms",
        _HEAD + _SIZE + "    size = size.clamp(1e-12, 1)\n    return size / size.sum()\n",
    ),
    "rounded_complement": (
        "stay in logarithms",
        _HEAD
        + "    if loss == 'minimax':\n        return torch.softmax(F.logsigmoid(a), 0)\n"
        + "    size = (1 - torch.sigmoid(a)).clamp_min(1e-300)\n    return size / size.sum()\n",
    ),
    "clamped_logits": (
        "stay in logarithms",
        _HEAD + "    a = a.clamp(-100, 100)\n" + _LOG + "    return torch.softmax(log_size, 0)\n",
    ),
    "not_normalised": ("divide by their sum", _size("size")),
    "mean_gradient": ("divided by the number of fakes", _size("size / len(a)")),
    "negative": ("wrong sign", _log("-torch.softmax(log_size, 0)")),
    "slopes_with_sign": ("with their sign", _size("-size")),
    "share_of_the_losses": (
        "share of each *loss*",
        _HEAD
        + "    value = F.logsigmoid(-a) if loss == 'minimax' else -F.logsigmoid(a)\n    return value / value.sum()\n",
    ),
    "slope_in_d": (
        "taken in D",
        _HEAD
        + "    d = torch.sigmoid(a)\n    size = 1 / (1 - d) if loss == 'minimax' else 1 / d\n"
        + "    return (size / size.sum()).nan_to_num(0)\n",
    ),
    "softmax_of_logits": (
        "softmax of the logits",
        _HEAD + "    return torch.softmax(a if loss == 'minimax' else -a, 0)\n",
    ),
    "softmax_of_slopes": ("softmax of the slopes", _size("torch.softmax(size, 0)")),
    "divided_by_the_largest": ("divided by the largest", _log("(log_size - log_size.max()).exp()")),
    "squared": ("squared", _log("torch.softmax(2 * log_size, 0)")),
    "sigmoid_slope": (
        "sigma (1 - sigma)",
        _HEAD + "    size = F.logsigmoid(a) + F.logsigmoid(-a)\n    return torch.softmax(size, 0)\n",
    ),
    "equal_shares": ("same share", _HEAD + "    return torch.full_like(a, 1 / len(a))\n"),
    "float32": ("float64 was asked for", _log("torch.softmax(log_size.float(), 0)")),
    "kept_as_a_column": ("expected (6,)", _log("torch.softmax(log_size, 0)[:, None]")),
    "both_returned": (
        "a tensor was expected",
        _HEAD + "    return torch.softmax(F.logsigmoid(a), 0), torch.softmax(F.logsigmoid(-a), 0)\n",
    ),
    "in_place": (
        "changed a tensor",
        _HEAD + "    a -= a.max()\n" + _LOG + "    return torch.softmax(log_size, 0)\n",
    ),
    "hard_coded": (
        "expected (6,)",
        _HEAD + "    shares = torch.tensor([0.2, 0.8]).double()\n"
        "    return shares if loss == 'minimax' else shares.flip(0)\n",
    ),
    "autograd_underflows": (
        "0 / 0",
        _HEAD
        + "    a = a.detach().clone().requires_grad_()\n"
        + "    value = F.logsigmoid(-a) if loss == 'minimax' else -F.logsigmoid(a)\n"
        + "    (slope,) = torch.autograd.grad(value.sum(), a)\n    return slope.abs() / slope.abs().sum()\n",
    ),
    "largest_logit_subtracted_from_a": (
        "shares",
        _HEAD
        + "    a = a - a.max() if loss == 'minimax' else a - a.min()\n"
        + _LOG
        + "    return log_size.softmax(0)\n",
    ),
}

RIGHT = {
    "softmax_of_logs": _log("log_size.softmax(dim=0)"),
    "subtract_the_largest": _HEAD
    + _LOG
    + "    size = (log_size - log_size.max()).exp()\n    return size / size.sum()\n",
    "softplus": """
def pull_shares(a, loss):
    log_size = {"minimax": -F.softplus(-a), "non-saturating": -F.softplus(a)}[loss]
    return torch.exp(log_size - torch.logsumexp(log_size, 0))
""",
    "plain_python": """
def log_sigmoid(t):
    return -math.log1p(math.exp(-t)) if t > 0 else t - math.log1p(math.exp(t))
def pull_shares(a, loss):
    sign = {"minimax": 1, "non-saturating": -1}[loss]
    logs = [log_sigmoid(sign * t) for t in a.tolist()]
    top = max(logs)
    sizes = [math.exp(x - top) for x in logs]
    return torch.tensor([x / sum(sizes) for x in sizes], dtype=torch.float64)
""",
    "stacked_log_softmax": """
import warnings
def pull_shares(a, loss):
    warnings.warn("two classes, real and fake")
    pair = torch.log_softmax(torch.stack([a, torch.zeros_like(a)]), 0)  # log D, log(1 - D)
    return pair[0 if loss == "minimax" else 1].softmax(-1)
""",
    "pairwise_ratios": """
def pull_shares(a, loss):
    logs = F.logsigmoid(a) if loss == "minimax" else F.logsigmoid(a) - a
    ratios = (logs[None, :] - logs[:, None]).exp()  # inf where a fake counts for nothing beside another
    return 1 / ratios.sum(1)
""",
}
