"""Wrong and right answers to the task `gaussian_logit`: texts of its solution cell."""

_HEAD = "def gaussian_logit(mu1, mu0, cov, prior1):\n"
_INVERSE = "    P = torch.linalg.inv(cov)\n"
_W = "    w = P @ (mu1 - mu0)\n"
_ODDS = "math.log(prior1 / (1 - prior1))"


def _answer(*lines: str) -> str:
    return _HEAD + _INVERSE + "".join(f"    {line}\n" for line in lines)


WRONG = {
    "prior_forgotten": (
        "leaves the prior out",
        _answer("w = P @ (mu1 - mu0)", "return w, (mu0 @ P @ mu0 - mu1 @ P @ mu1) / 2"),
    ),
    "prior_with_the_wrong_sign": (
        "log prior odds with the wrong sign",
        _answer("w = P @ (mu1 - mu0)", f"return w, (mu0 @ P @ mu0 - mu1 @ P @ mu1) / 2 - {_ODDS}"),
    ),
    "prior_of_class_1_alone": (
        "log prior1 alone",
        _answer("w = P @ (mu1 - mu0)", "return w, (mu0 @ P @ mu0 - mu1 @ P @ mu1) / 2 + math.log(prior1)"),
    ),
    "odds_without_logarithm": (
        "their logarithm is needed",
        _answer(
            "w = P @ (mu1 - mu0)", "return w, (mu0 @ P @ mu0 - mu1 @ P @ mu1) / 2 + prior1 / (1 - prior1)"
        ),
    ),
    "half_forgotten": (
        "without the 1/2",
        _answer("w = P @ (mu1 - mu0)", f"return w, mu0 @ P @ mu0 - mu1 @ P @ mu1 + {_ODDS}"),
    ),
    "squares_exchanged": (
        "squares with the wrong sign",
        _answer("w = P @ (mu1 - mu0)", f"return w, (mu1 @ P @ mu1 - mu0 @ P @ mu0) / 2 + {_ODDS}"),
    ),
    "square_of_the_difference": (
        "not the square of a difference",
        _answer("w = P @ (mu1 - mu0)", f"return w, -(mu1 - mu0) @ P @ (mu1 - mu0) / 2 + {_ODDS}"),
    ),
    "squares_without_covariance": (
        "squares of the means without the inverse covariance",
        _answer("w = P @ (mu1 - mu0)", f"return w, (mu0 @ mu0 - mu1 @ mu1) / 2 + {_ODDS}"),
    ),
    "means_only": (
        "inverse of the covariance is missing",
        _answer("w = mu1 - mu0", f"return w, (mu0 @ mu0 - mu1 @ mu1) / 2 + {_ODDS}"),
    ),
    "covariance_not_inverted": (
        "multiplies with the covariance",
        _answer("w = cov @ (mu1 - mu0)", f"return w, -w @ (mu1 + mu0) / 2 + {_ODDS}"),
    ),
    "naive_bayes": (
        "naive Bayes",
        _answer("w = (mu1 - mu0) / cov.diagonal()", f"return w, -w @ (mu1 + mu0) / 2 + {_ODDS}"),
    ),
    "inverted_entry_by_entry": (
        "inverts cov entry by entry",
        _answer("w = (1 / cov) @ (mu1 - mu0)", f"return w, -w @ (mu1 + mu0) / 2 + {_ODDS}"),
    ),
    "logit_of_class_0": (
        "w has the wrong sign",
        _answer("w = P @ (mu0 - mu1)", f"return w, -w @ (mu1 + mu0) / 2 - {_ODDS}"),
    ),
    "b_of_class_0": (
        "b has the wrong sign as a whole",
        _answer("w = P @ (mu1 - mu0)", f"return w, w @ (mu1 + mu0) / 2 - {_ODDS}"),
    ),
    "one_half_of_cholesky": (
        "inverse of the Cholesky factor once",
        _answer(
            "L = torch.linalg.cholesky(cov)",
            "w = torch.linalg.solve(L, mu1 - mu0)",
            f"return w, -w @ (mu1 + mu0) / 2 + {_ODDS}",
        ),
    ),
    "bits": (
        "prior odds in bits",
        _answer(
            "w = P @ (mu1 - mu0)",
            "return w, -w @ (mu1 + mu0) / 2 + math.log2(prior1 / (1 - prior1))",
        ),
    ),
    "pair_exchanged": (
        "w has shape ()",
        _answer("w = P @ (mu1 - mu0)", f"return -w @ (mu1 + mu0) / 2 + {_ODDS}, w"),
    ),
    "column": (
        "w has shape (3, 1)",
        _answer("w = P @ (mu1 - mu0)[:, None]", f"return w, -w[:, 0] @ (mu1 + mu0) / 2 + {_ODDS}"),
    ),
    "float32": (
        "float64 was asked for",
        _answer("w = P @ (mu1 - mu0)", f"return w.float(), -w @ (mu1 + mu0) / 2 + {_ODDS}"),
    ),
    "in_place": (
        "changed a tensor",
        _answer("mu1 -= mu0", "w = P @ mu1", f"return w, -w @ (mu1 + 2 * mu0) / 2 + {_ODDS}"),
    ),
    "hard_coded": (
        "w has shape (1,), expected (3,)",
        _answer("return torch.tensor([0.5], dtype=torch.float64), -1.0"),
    ),
    "ridge_on_the_covariance": (
        "w is wrong in 3 dimensions",
        _answer(
            "w = torch.linalg.solve(cov + 1e-4 * torch.eye(len(cov)), mu1 - mu0)",
            f"return w, -w @ (mu1 + mu0) / 2 + {_ODDS}",
        ),
    ),
    "scalar_variance": (
        "code stopped with",
        _HEAD + "    w = (mu1 - mu0) / cov.item()\n    return w, -w @ (mu1 + mu0) / 2\n",
    ),
    "nothing_returned": ("not answered yet", _HEAD + _INVERSE + _W),
    "prior_clamped": (
        "b clamps the prior to [1e-06, 1 - 1e-06]",
        """
def gaussian_logit(mu1, mu0, cov, prior1):
    w = torch.linalg.solve(cov, mu1 - mu0)
    prior1 = torch.tensor(prior1, dtype=torch.float64).clamp(1e-6, 1 - 1e-6)
    return w, prior1.logit() - w @ (mu1 + mu0) / 2
""",
    ),
}

RIGHT = {
    "inverse": _answer("w = P @ (mu1 - mu0)", f"return w, (mu0 @ P @ mu0 - mu1 @ P @ mu1) / 2 + {_ODDS}"),
    "cholesky_solve": """
def gaussian_logit(mu1, mu0, cov, prior1):
    L = torch.linalg.cholesky(cov)
    w = torch.cholesky_solve((mu1 - mu0)[:, None], L)[:, 0]
    b = torch.logit(torch.tensor(prior1, dtype=torch.float64)) - torch.dot(w, 0.5 * (mu0 + mu1))
    return [w, b.reshape(1)]
""",
    "from_log_densities": """
def gaussian_logit(mu1, mu0, cov, prior1):
    L = torch.linalg.cholesky(cov)

    def log_density(x, mu):  # up to a constant that both classes share
        white = torch.linalg.solve_triangular(L, (x - mu).reshape(-1, len(mu)).T, upper=False)
        return -0.5 * white.square().sum(0)

    def logit(x):
        return log_density(x, mu1) - log_density(x, mu0) + math.log(prior1) - math.log(1 - prior1)

    d = len(mu1)
    b = logit(torch.zeros(d, dtype=torch.float64))
    return logit(torch.eye(d, dtype=torch.float64)) - b, b.item()
""",
    "autograd": """
def gaussian_logit(mu1, mu0, cov, prior1):
    P = torch.inverse(cov)
    x = torch.zeros_like(mu1, requires_grad=True)
    logit = ((x - mu0) @ P @ (x - mu0) - (x - mu1) @ P @ (x - mu1)) / 2 + math.log(prior1 / (1 - prior1))
    (w,) = torch.autograd.grad(logit, x)
    return w, logit
""",
    "whitened_with_warning": """
import warnings
def whiten(x, cov):
    values, vectors = torch.linalg.eigh(cov)
    return (x @ vectors) / values.sqrt(), vectors / values.sqrt()
def gaussian_logit(mu1, mu0, cov, prior1):
    warnings.warn("eigenvalues are not checked")
    (one, axes), (zero, _) = whiten(mu1, cov), whiten(mu0, cov)
    return axes @ (one - zero), 0.5 * (zero.square().sum() - one.square().sum()) + math.log(prior1 / (1 - prior1))
""",
}
