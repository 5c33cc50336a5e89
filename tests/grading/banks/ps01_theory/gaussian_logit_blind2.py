"""Wrong and right answers to the task `gaussian_logit`, written by someone who had not seen its check."""

WRONG = {
    "cholesky_solve_upper": (
        "w is wrong in 3 dimensions, prior 0.",
        """
def gaussian_logit(mu1, mu0, cov, prior1):
    factor = torch.linalg.cholesky(cov)
    w = torch.cholesky_solve((mu1 - mu0)[:, None], factor, upper=True)[:, 0]
    b = -0.5 * (mu1 + mu0) @ w + math.log(prior1) - math.log1p(-prior1)
    return w, b
""",
    ),
    "same_triangle_twice": (
        "w is wrong in 3 dimensions, prior 0.",
        """
def gaussian_logit(mu1, mu0, cov, prior1):
    low = torch.linalg.cholesky(cov)

    def precision_times(v):
        half = torch.linalg.solve_triangular(low, v[:, None], upper=False)
        return torch.linalg.solve_triangular(low, half, upper=False)[:, 0]

    w = precision_times(mu1 - mu0)
    b = 0.5 * (mu0 @ precision_times(mu0) - mu1 @ precision_times(mu1)) + math.log(prior1 / (1 - prior1))
    return w, b
""",
    ),
    "logit_with_eps": (
        "b clamps the prior to [1e-06, 1 - 1e-06]; any prior between 0 and 1",
        """
def gaussian_logit(mu1, mu0, cov, prior1):
    w = torch.linalg.solve(cov, mu1 - mu0)
    prior = torch.logit(torch.tensor(prior1, dtype=torch.float64), eps=1e-6)
    return w, prior - (mu1 + mu0) @ w / 2
""",
    ),
    "jitter": (
        "; it is nearly right: did float32, a small constant or a clamp slip",
        """
def gaussian_logit(mu1, mu0, cov, prior1):
    cov = cov + 1e-6 * torch.eye(cov.shape[0], dtype=cov.dtype)  # numerical stability
    precision = torch.cholesky_inverse(torch.linalg.cholesky(cov))
    w = precision @ (mu1 - mu0)
    b = -0.5 * (mu1 @ precision @ mu1 - mu0 @ precision @ mu0) + math.log(prior1) - math.log(1 - prior1)
    return w, b
""",
    ),
    "pinv_rcond": (
        "w is wrong in 3 dimensions, prior 0.",
        """
def gaussian_logit(mu1, mu0, cov, prior1):
    precision = torch.linalg.pinv(cov, rcond=1e-2, hermitian=True)
    w = precision @ (mu1 - mu0)
    b = 0.5 * (mu0 @ precision @ mu0 - mu1 @ precision @ mu1) + math.log(prior1) - math.log1p(-prior1)
    return w, b
""",
    ),
    "midpoint_in_place": (
        "your function changed a tensor it was given: avoid +=, x[mask] = ...",
        """
def gaussian_logit(mu1, mu0, cov, prior1):
    w = torch.linalg.solve(cov, mu1 - mu0)
    midpoint = mu1
    midpoint += mu0
    midpoint /= 2
    b = math.log(prior1) - math.log1p(-prior1) - torch.dot(w, midpoint)
    return w, b
""",
    ),
}

RIGHT = {
    "log_prob_and_autograd": """
from torch.distributions import MultivariateNormal


def gaussian_logit(mu1, mu0, cov, prior1):
    one, zero = MultivariateNormal(mu1, cov), MultivariateNormal(mu0, cov)

    def logit(x):
        return one.log_prob(x) - zero.log_prob(x) + (math.log(prior1) - math.log1p(-prior1))

    with torch.enable_grad():
        origin = torch.zeros_like(mu1).requires_grad_()
        value = logit(origin)
        (w,) = torch.autograd.grad(value, origin)
    return w, value.detach()
""",
    "principal_axes_loop": """
def gaussian_logit(mu1, mu0, cov, prior1):
    variances, axes = torch.linalg.eigh(cov)
    w, b = torch.zeros_like(mu1), 0.0
    for k in range(len(variances)):
        axis = axes[:, k]
        far, near = (axis * mu1).sum(), (axis * mu0).sum()
        w = w + axis * (far - near) / variances[k]
        b = b - (far - near) * (far + near) / (2 * variances[k])
    return w, float(b) + math.log(prior1) - math.log1p(-prior1)
""",
}
