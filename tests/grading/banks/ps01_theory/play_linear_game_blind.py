"""Wrong and right answers to the task `play_linear_game`, written by someone who had not seen its check."""

WRONG = {
    "half_gamma": (
        "gamma is halved: the 1/2 cancels the 2 of the square",
        """
def play_linear_game(M, gamma, x, y, lr, rounds, order):
    n, m = M.shape

    def step(x, y):
        new_x = x - lr * M @ y
        seen = x if order == "simultaneous" else new_x
        return new_x, y + lr * (M.T @ seen - gamma / 2 * y)

    path = [torch.cat([x, y])]
    for _ in range(rounds):
        x, y = step(x, y)
        path.append(torch.cat([x, y]))
    eye = torch.eye(n + m, dtype=torch.float64)
    A = torch.stack([torch.cat(step(e[:n], e[n:])) for e in eye], dim=1)
    return torch.stack(path), torch.linalg.eigvals(A).abs().max()
""",
    ),
    "penalty_at_new_y": (
        "the path (simultaneous, M of shape (2, 3), gamma 0.",
        """
def play_linear_game(M, gamma, x, y, lr, rounds, order):
    n, m = M.shape
    shrink = 1 / (1 + lr * gamma)
    I_n, I_m = torch.eye(n).double(), torch.eye(m).double()
    corner = I_m if order == "simultaneous" else I_m - lr ** 2 * M.T @ M
    A = torch.cat([torch.cat([I_n, -lr * M], 1), shrink * torch.cat([lr * M.T, corner], 1)], 0)
    z = torch.cat([x, y])
    path = [z]
    for _ in range(rounds):
        z = A @ z
        path.append(z)
    return torch.stack(path), torch.linalg.eigvals(A).abs().max()
""",
    ),
    "transposed": (
        "your code stopped with RuntimeError: size mismatch, got input (3),",
        """
def play_linear_game(M, gamma, x, y, lr, rounds, order):
    n, m = x.numel(), y.numel()

    def one_round(z):
        x, y = z[:n], z[n:]
        x_new = x - lr * (M.T @ y)
        y_new = y + lr * (M @ (x_new if order == "alternating" else x) - gamma * y)
        return torch.cat((x_new, y_new))

    path = torch.empty(rounds + 1, n + m, dtype=torch.float64)
    path[0] = torch.cat((x, y))
    for t in range(rounds):
        path[t + 1] = one_round(path[t])
    A = torch.stack([one_round(e) for e in torch.eye(n + m, dtype=torch.float64)]).T
    return path, torch.linalg.eigvals(A).abs().max()
""",
    ),
    "first_eigenvalue": (
        "the factor is",
        """
def play_linear_game(M, gamma, x, y, lr, rounds, order):
    n, m = M.shape
    A = torch.eye(n + m, dtype=torch.float64)
    A[:n, n:] = -lr * M
    A[n:, :n] = lr * M.T
    A[n:, n:] -= lr * gamma * torch.eye(m, dtype=torch.float64)
    if order == "alternating":
        A[n:, n:] -= lr * lr * (M.T @ M)
    path = torch.zeros(rounds + 1, n + m, dtype=torch.float64)
    path[0, :n], path[0, n:] = x, y
    for t in range(rounds):
        path[t + 1] = A @ path[t]
    eigenvalues = torch.linalg.eigvals(A)
    return path, eigenvalues[0].abs()
""",
    ),
    "no_null_directions": (
        "the factor is",
        """
def play_linear_game(M, gamma, x, y, lr, rounds, order):
    path = [torch.cat([x, y])]
    for _ in range(rounds):
        x_new = x - lr * M @ y
        y = y + lr * (M.T @ (x_new if order == "alternating" else x) - gamma * y)
        x = x_new
        path.append(torch.cat([x, y]))
    s = torch.linalg.svdvals(M)
    A = torch.zeros(len(s), 2, 2, dtype=torch.float64)
    A[:, 0, 0], A[:, 0, 1], A[:, 1, 0], A[:, 1, 1] = 1, -lr * s, lr * s, 1 - lr * gamma
    if order == "alternating":
        A[:, 1, 1] -= (lr * s) ** 2
    return torch.stack(path), torch.linalg.eigvals(A).abs().max()
""",
    ),
    "factor_of_the_plain_game": (
        "the factor ignores gamma: it damps the game",
        """
def play_linear_game(M, gamma, x, y, lr, rounds, order):
    path = [torch.cat([x, y])]
    for _ in range(rounds):
        if order == "simultaneous":
            x, y = x - lr * M @ y, y + lr * (M.T @ x - gamma * y)
        else:
            x = x - lr * M @ y
            y = y + lr * (M.T @ x - gamma * y)
        path.append(torch.cat([x, y]))
    top = torch.linalg.matrix_norm(M, 2).item()
    factor = math.sqrt(1 + (lr * top) ** 2) if order == "simultaneous" else 1.0
    return torch.stack(path), factor
""",
    ),
    "fitted_to_the_path": (
        "A was fitted to this path, which does not show all of it; A follows",
        """
def play_linear_game(M, gamma, x, y, lr, rounds, order):
    path = [torch.cat([x, y])]
    for _ in range(rounds):
        x_new = x - lr * M @ y
        x_seen = x_new if order == "alternating" else x
        y = y + lr * (M.T @ x_seen - gamma * y)
        x = x_new
        path.append(torch.cat([x, y]))
    path = torch.stack(path)
    A = torch.linalg.pinv(path[:-1]) @ path[1:]
    return path, torch.linalg.eigvals(A).abs().max()
""",
    ),
}

RIGHT = {
    "autograd_and_jacobian": '''
def play_linear_game(M: Tensor, gamma: float, x: Tensor, y: Tensor, lr: float, rounds: int, order: str):
    """The gradients of V by autograd, the matrix A as the Jacobian of one round."""
    n = len(x)

    def value(x, y):
        return x @ M @ y - gamma / 2 * (y * y).sum()

    slope_x, slope_y = torch.func.grad(value, argnums=0), torch.func.grad(value, argnums=1)

    def one_round(z):
        x, y = z[:n], z[n:]
        moved = x - lr * slope_x(x, y)
        judge_sees = {"simultaneous": x, "alternating": moved}[order]
        return torch.cat((moved, y + lr * slope_y(judge_sees, y)))

    states = [torch.cat((x, y))]
    while len(states) <= rounds:
        states.append(one_round(states[-1]))
    A = torch.func.jacrev(one_round)(states[0])
    return torch.stack(states).detach(), torch.linalg.eigvals(A.detach()).abs().amax()
''',
    "singular_values_by_hand": """
import cmath


def _largest_root(trace, det):
    root = cmath.sqrt(trace * trace / 4 - det)
    return max(abs(trace / 2 + root), abs(trace / 2 - root))


def play_linear_game(M, gamma, x, y, lr, rounds, order):
    n, m = M.shape
    turns = order == "alternating"
    path = torch.empty((rounds + 1, n + m), dtype=torch.float64)
    xs, ys = path[:, :n], path[:, n:]  # views: writing to them fills the path
    xs[0], ys[0] = x, y
    for t in range(rounds):
        xs[t + 1] = xs[t] - lr * torch.mv(M, ys[t])
        ys[t + 1] = (1 - lr * gamma) * ys[t] + lr * torch.mv(M.t(), xs[t + 1] if turns else xs[t])
    moduli = []
    for s in torch.linalg.svdvals(M).tolist():
        k = (lr * s) ** 2
        keep = 1 - lr * gamma
        moduli.append(_largest_root(1 + keep - k, keep) if turns else _largest_root(1 + keep, keep + k))
    if n > m:
        moduli.append(1.0)  # an x that no y feels stands still
    if m > n:
        moduli.append(abs(1 - lr * gamma))  # a y that no x feels only pays
    return path, max(moduli)
""",
    "repeated_squaring": '''
def _growth(A, squarings=60):
    """The limit of |A^k|^(1/k) for k = 2^60 (Gelfand), each power scaled to norm 1."""
    log_growth, B = 0.0, A
    for i in range(squarings):
        size = float(torch.linalg.matrix_norm(B))
        if size == 0:
            return 0.0
        log_growth += math.log(size) / 2 ** i
        B = B / size
        B = B @ B
    return math.exp(log_growth)


def play_linear_game(M, gamma, x, y, lr, rounds, order):
    n, m = M.shape
    still = dict(dtype=torch.float64)
    move_x = torch.eye(n + m, **still)
    move_x[:n, n:] -= lr * M
    move_y = torch.eye(n + m, **still)
    move_y[n:, :n] += lr * M.T
    move_y[n:, n:] -= lr * gamma * torch.eye(m, **still)
    both = move_y @ move_x if order == "alternating" else move_x + move_y - torch.eye(n + m, **still)
    rows = [torch.hstack((x, y))]
    for _ in range(rounds):
        rows += [torch.einsum("ij,j->i", both, rows[-1])]
    return torch.vstack(rows), torch.tensor(_growth(both), **still)
''',
}
