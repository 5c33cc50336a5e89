"""Wrong and right answers to the task `gaussian_logit`, written by someone who had not seen its check."""

WRONG = {
    "diagonal_only": (
        "w treats the coordinates as independent (naive Bayes): use all of",
        """
def gaussian_logit(mu1, mu0, cov, prior1):
    var = torch.diagonal(cov)
    w = (mu1 - mu0) / var
    b = -0.5 * ((mu1 ** 2 - mu0 ** 2) / var).sum() + math.log(prior1 / (1 - prior1))
    return w, b
""",
    ),
    "elementwise_reciprocal": (
        "w inverts cov entry by entry; the inverse of the matrix is needed",
        """
def gaussian_logit(mu1, mu0, cov, prior1):
    precision = 1 / cov
    w = precision @ (mu1 - mu0)
    b = 0.5 * (mu0 @ precision @ mu0 - mu1 @ precision @ mu1) + math.log(prior1) - math.log(1 - prior1)
    return w, b
""",
    ),
    "cholesky_flag": (
        "w is wrong in 3 dimensions",
        """
def gaussian_logit(mu1, mu0, cov, prior1):
    U = torch.linalg.cholesky(cov).T.contiguous()
    w = torch.cholesky_solve((mu1 - mu0).unsqueeze(1), U).squeeze(1)
    b = -w @ (mu1 + mu0) / 2 + math.log(prior1 / (1 - prior1))
    return w, b
""",
    ),
    "squares_entrywise": (
        "w is right, b is wrong in 3 dimensions",
        """
def gaussian_logit(mu1: Tensor, mu0: Tensor, cov: Tensor, prior1: float) -> tuple[Tensor, Tensor]:
    inv = torch.linalg.inv(cov)
    w = inv @ (mu1 - mu0)
    b = -0.5 * (inv @ (mu1.square() - mu0.square())).sum() + math.log(prior1 / (1 - prior1))
    return w, b
""",
    ),
    "changes_mu1": (
        "your function changed a tensor it was given: avoid +=, x[mask] = ...",
        """
def gaussian_logit(mu1, mu0, cov, prior1):
    middle = (mu1 + mu0) / 2
    mu1 -= mu0
    w = torch.linalg.solve(cov, mu1)
    b = math.log(prior1 / (1 - prior1)) - torch.dot(w, middle)
    return w, b
""",
    ),
    "prior_clamped": (
        "b clamps the prior to [0.01, 1 - 0.01]; any prior between 0 and 1 may",
        """
def gaussian_logit(mu1, mu0, cov, prior1):
    prior1 = min(max(prior1, 0.01), 0.99)
    w = torch.linalg.solve(cov, mu1 - mu0)
    b = -0.5 * torch.dot(w, mu1 + mu0) + math.log(prior1) - math.log1p(-prior1)
    return w, b
""",
    ),
    "log_prior_only": (
        "b has log prior1 alone; class 0 has a prior too, 1 - prior1",
        """
def gaussian_logit(mu1, mu0, cov, prior1):
    inv = torch.linalg.inv(cov)
    w = inv @ (mu1 - mu0)
    b = -0.5 * mu1 @ inv @ mu1 + 0.5 * mu0 @ inv @ mu0 + math.log(prior1)
    return w, b
""",
    ),
}

RIGHT = {
    "densities_and_autograd": '''
def gaussian_logit(mu1: Tensor, mu0: Tensor, cov: Tensor, prior1: float) -> tuple[Tensor, Tensor]:
    """The logit is linear: its gradient anywhere is w, and what is left over there is b."""
    Normal = torch.distributions.MultivariateNormal
    with torch.enable_grad():
        x = (0.5 * (mu1 + mu0)).detach().clone().requires_grad_(True)
        logit = Normal(mu1, cov).log_prob(x) - Normal(mu0, cov).log_prob(x)
        logit = logit + math.log(prior1) - math.log1p(-prior1)
        (w,) = torch.autograd.grad(logit, x)
    b = logit.detach() - (w * x.detach()).sum()
    return w, b
''',
    "whitening_eigh": """
def _whiten(cov):
    values, vectors = torch.linalg.eigh(cov)

    def white(v):
        return torch.einsum("ij,i->j", vectors, v) / values.sqrt()

    def back(u):
        return torch.einsum("ij,j->i", vectors, u / values.sqrt())

    return white, back


def gaussian_logit(mu1, mu0, cov, prior1):
    white, back = _whiten(cov)
    u1, u0 = white(mu1), white(mu0)
    w = back(u1 - u0)
    b = 0.5 * float(((u0 - u1) * (u0 + u1)).sum()) - math.log(1 / prior1 - 1)
    return w, b
""",
    "gauss_elimination_lists": """
def gaussian_logit(mu1, mu0, cov, prior1):
    d = len(mu1)
    one, zero = mu1.tolist(), mu0.tolist()
    rows = [row + [p - q] for row, p, q in zip(cov.tolist(), one, zero)]
    for i in range(d):  # Gauss-Jordan with row swaps on lists: the tensors stay as they are
        best = max(range(i, d), key=lambda r: abs(rows[r][i]))
        rows[i], rows[best] = rows[best], rows[i]
        head = rows[i][i]
        rows[i] = [entry / head for entry in rows[i]]
        for r in range(d):
            if r != i:
                c = rows[r][i]
                rows[r] = [s - c * t for s, t in zip(rows[r], rows[i])]
    w = [row[-1] for row in rows]
    b = math.log(prior1) - math.log(1 - prior1) - math.fsum(k * (p + q) / 2 for k, p, q in zip(w, one, zero))
    return torch.tensor(w, dtype=torch.float64), torch.tensor([b], dtype=torch.float64)
""",
}
