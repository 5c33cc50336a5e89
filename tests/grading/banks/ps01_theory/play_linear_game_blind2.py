"""Wrong and right answers to the task `play_linear_game`, written by someone who had not seen its check."""

WRONG = {
    "implicit_penalty": (
        "the path (simultaneous, M of shape (2, 3), gamma 0.",
        """
def play_linear_game(M, gamma, x, y, lr, rounds, order):
    n = len(x)

    def step(x, y):
        new = x - lr * (M @ y)
        return new, (y + lr * (M.T @ (new if order == "alternating" else x))) / (1 + lr * gamma)

    rows = [torch.cat((x, y))]
    for _ in range(rounds):
        x, y = step(x, y)
        rows.append(torch.cat((x, y)))
    basis = torch.eye(n + len(y), dtype=M.dtype)
    A = torch.stack([torch.cat(step(e[:n], e[n:])) for e in basis], dim=1)
    return torch.stack(rows), torch.linalg.eigvals(A).abs().max()
""",
    ),
    "decay_after_the_step": (
        "the path (simultaneous, M of shape (2, 3), gamma 0.",
        """
def play_linear_game(M, gamma, x, y, lr, rounds, order):
    n, m = M.shape
    step_x, step_y = torch.eye(n + m, dtype=M.dtype), torch.eye(n + m, dtype=M.dtype)
    step_x[:n, n:] = -lr * M
    step_y[n:, :n] = lr * M.T
    A = step_y @ step_x if order == "alternating" else step_x + step_y - torch.eye(n + m, dtype=M.dtype)
    A[n:] *= 1 - lr * gamma
    path = [torch.cat((x, y))]
    for _ in range(rounds):
        path.append(A @ path[-1])
    return torch.stack(path), torch.linalg.eigvals(A).abs().max()
""",
    ),
    "no_null_space": (
        "the factor is",
        """
def play(M, gamma, x, y, lr, rounds, order):
    rows = [torch.cat((x, y))]
    for _ in range(rounds):
        new_x = x - lr * (M @ y)
        seen = new_x if order == "alternating" else x
        y = y + lr * (M.T @ seen - gamma * y)
        x = new_x
        rows.append(torch.cat((x, y)))
    return torch.stack(rows)


def one_round(M, gamma, lr, order):
    n, m = M.shape
    up, down = torch.eye(n, dtype=M.dtype), torch.eye(m, dtype=M.dtype)
    corner = (1 - lr * gamma) * down
    if order == "alternating":
        corner = corner - lr**2 * M.T @ M
    return torch.cat((torch.cat((up, -lr * M), 1), torch.cat((lr * M.T, corner), 1)))


def play_linear_game(M, gamma, x, y, lr, rounds, order):
    moduli = []
    for s in torch.linalg.svdvals(M).tolist():
        A = one_round(torch.tensor([[s]], dtype=M.dtype), gamma, lr, order)
        moduli.append(torch.linalg.eigvals(A).abs().max())
    return play(M, gamma, x, y, lr, rounds, order), torch.stack(moduli).max()
""",
    ),
    "largest_singular_value_only": (
        "the factor is",
        """
def play(M, gamma, x, y, lr, rounds, order):
    rows = [torch.cat((x, y))]
    for _ in range(rounds):
        new_x = x - lr * (M @ y)
        seen = new_x if order == "alternating" else x
        y = y + lr * (M.T @ seen - gamma * y)
        x = new_x
        rows.append(torch.cat((x, y)))
    return torch.stack(rows)


def one_round(M, gamma, lr, order):
    n, m = M.shape
    up, down = torch.eye(n, dtype=M.dtype), torch.eye(m, dtype=M.dtype)
    corner = (1 - lr * gamma) * down
    if order == "alternating":
        corner = corner - lr**2 * M.T @ M
    return torch.cat((torch.cat((up, -lr * M), 1), torch.cat((lr * M.T, corner), 1)))


def play_linear_game(M, gamma, x, y, lr, rounds, order):
    top = torch.linalg.matrix_norm(M, 2).reshape(1, 1)
    factor = torch.linalg.eigvals(one_round(top, gamma, lr, order)).abs().max()
    return play(M, gamma, x, y, lr, rounds, order), factor
""",
    ),
    "largest_real_part": (
        "the factor is",
        """
def play(M, gamma, x, y, lr, rounds, order):
    rows = [torch.cat((x, y))]
    for _ in range(rounds):
        new_x = x - lr * (M @ y)
        seen = new_x if order == "alternating" else x
        y = y + lr * (M.T @ seen - gamma * y)
        x = new_x
        rows.append(torch.cat((x, y)))
    return torch.stack(rows)


def one_round(M, gamma, lr, order):
    n, m = M.shape
    up, down = torch.eye(n, dtype=M.dtype), torch.eye(m, dtype=M.dtype)
    corner = (1 - lr * gamma) * down
    if order == "alternating":
        corner = corner - lr**2 * M.T @ M
    return torch.cat((torch.cat((up, -lr * M), 1), torch.cat((lr * M.T, corner), 1)))


def play_linear_game(M, gamma, x, y, lr, rounds, order):
    eigenvalues = torch.linalg.eigvals(one_round(M, gamma, lr, order)).tolist()
    dominant = max(eigenvalues, key=lambda value: value.real)
    return play(M, gamma, x, y, lr, rounds, order), abs(dominant)
""",
    ),
    "first_eigenvalue": (
        "the factor is",
        """
def play(M, gamma, x, y, lr, rounds, order):
    rows = [torch.cat((x, y))]
    for _ in range(rounds):
        new_x = x - lr * (M @ y)
        seen = new_x if order == "alternating" else x
        y = y + lr * (M.T @ seen - gamma * y)
        x = new_x
        rows.append(torch.cat((x, y)))
    return torch.stack(rows)


def one_round(M, gamma, lr, order):
    n, m = M.shape
    up, down = torch.eye(n, dtype=M.dtype), torch.eye(m, dtype=M.dtype)
    corner = (1 - lr * gamma) * down
    if order == "alternating":
        corner = corner - lr**2 * M.T @ M
    return torch.cat((torch.cat((up, -lr * M), 1), torch.cat((lr * M.T, corner), 1)))


def play_linear_game(M, gamma, x, y, lr, rounds, order):
    eigenvalues, _ = torch.linalg.eig(one_round(M, gamma, lr, order))
    return play(M, gamma, x, y, lr, rounds, order), eigenvalues[0].abs()
""",
    ),
    "root_of_determinant": (
        "the path (simultaneous, M of shape (2, 3), gamma 0.",
        """
def play(M, gamma, x, y, lr, rounds, order):
    rows = [torch.cat((x, y))]
    for _ in range(rounds):
        new_x = x - lr * (M @ y)
        seen = new_x if order == "alternating" else x
        y = y + lr * (M.T @ seen - gamma * y)
        x = new_x
        rows.append(torch.cat((x, y)))
    return torch.stack(rows)


def one_round(M, gamma, lr, order):
    n, m = M.shape
    up, down = torch.eye(n, dtype=M.dtype), torch.eye(m, dtype=M.dtype)
    corner = (1 - lr * gamma) * down
    if order == "alternating":
        corner = corner - lr**2 * M.T @ M
    return torch.cat((torch.cat((up, -lr * M), 1), torch.cat((lr * M.T, corner), 1)))


def play_linear_game(M, gamma, x, y, lr, rounds, order):
    A = one_round(M, gamma, lr, order)
    factor = torch.linalg.det(A).abs() ** (1 / len(A))
    return play(M, gamma, x, y, lr, rounds, order), factor
""",
    ),
    "penalty_on_everything": (
        "the path (alternating, M of shape (2, 3), gamma 0.",
        """
def play(M, gamma, x, y, lr, rounds, order):
    rows = [torch.cat((x, y))]
    for _ in range(rounds):
        new_x = x - lr * (M @ y)
        seen = new_x if order == "alternating" else x
        y = y + lr * (M.T @ seen - gamma * y)
        x = new_x
        rows.append(torch.cat((x, y)))
    return torch.stack(rows)


def one_round(M, gamma, lr, order):
    n, m = M.shape
    up, down = torch.eye(n, dtype=M.dtype), torch.eye(m, dtype=M.dtype)
    corner = (1 - lr * gamma) * down
    if order == "alternating":
        corner = corner - lr**2 * M.T @ M
    return torch.cat((torch.cat((up, -lr * M), 1), torch.cat((lr * M.T, corner), 1)))


def play_linear_game(M, gamma, x, y, lr, rounds, order):
    n, m = M.shape
    A = one_round(M, gamma, lr, "simultaneous")
    if order == "alternating":
        A[n:, n:] = (1 - lr * gamma) * (torch.eye(m, dtype=M.dtype) - lr**2 * M.T @ M)
    return play(M, gamma, x, y, lr, rounds, order), torch.linalg.eigvals(A).abs().max()
""",
    ),
}

RIGHT = {
    "autograd_and_jacobian": """
from torch.func import grad, jacrev


def play_linear_game(M, gamma, x, y, lr, rounds, order):
    n = M.shape[0]

    def value(x, y):
        return x @ M @ y - gamma / 2 * (y @ y)

    def play(state):
        x, y = state[:n], state[n:]
        new_x = x - lr * grad(value, argnums=0)(x, y)
        return torch.cat((new_x, y + lr * grad(value, argnums=1)(new_x if order == "alternating" else x, y)))

    states = [torch.cat([x, y])]
    while len(states) <= rounds:
        states.append(play(states[-1]))
    A = jacrev(play)(torch.zeros_like(states[0]))
    return torch.vstack(states), float(torch.linalg.eigvals(A).abs().amax())
""",
    "singular_values_with_null_space": '''
import cmath


def play_linear_game(M, gamma, x, y, lr, rounds, order):
    """Along a pair of singular vectors the round is 2x2; along the rest M is 0 and the players are alone."""
    n, m = M.shape
    path = torch.empty(rounds + 1, n + m, dtype=M.dtype)
    path[0, :n], path[0, n:] = x, y
    for before, after in zip(path[:-1], path[1:]):
        after[:n] = before[:n] - lr * torch.mv(M, before[n:])
        seen = before if order == "simultaneous" else after
        after[n:] = (1 - lr * gamma) * before[n:] + lr * torch.mv(M.T, seen[:n])

    moduli = [1.0] if n > m else [abs(1 - lr * gamma)] if m > n else []
    for s in torch.linalg.svdvals(M).tolist():
        swing = (lr * s) ** 2
        trace, det = 2 - lr * gamma, 1 - lr * gamma + swing
        if order == "alternating":
            trace, det = trace - swing, det - swing
        root = cmath.sqrt(trace**2 - 4 * det)
        moduli += [abs(trace + root) / 2, abs(trace - root) / 2]
    return path, max(moduli)
''',
}
