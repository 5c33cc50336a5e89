"""Wrong and right answers to the task `play_linear_game`: texts of its solution cell."""

_HEAD = "def play_linear_game(M, gamma, x, y, lr, rounds, order):\n"
_X = "x - lr * (M @ y)"
_Y = "y + lr * (M.T @ seen - gamma * y)"
_MATRIX = """
    n, m = M.shape
    one, two = torch.eye(n + m).double(), torch.eye(n + m).double()
    one[:n, n:] = -lr * M
    two[n:, :n] = lr * M.T
    two[n:, n:] -= lr * gamma * torch.eye(m)
    A = two @ one if order == "alternating" else one + two - torch.eye(n + m)
"""
_FACTOR = "torch.linalg.eigvals(A).abs().max()"


def _play(new_x: str = _X, new_y: str = _Y, order: str = 'order == "alternating"') -> str:
    return f"""
    path = [torch.cat([x, y])]
    for _ in range(rounds):
        new_x = {new_x}
        seen = new_x if {order} else x
        x, y = new_x, {new_y}
        path.append(torch.cat([x, y]))
    path = torch.stack(path)
"""


def _answer(play: str, factor: str = _FACTOR, matrix: str = _MATRIX, result: str = "path, factor") -> str:
    return _HEAD + play + matrix + f"    factor = {factor}\n    return {result}\n"


WRONG = {
    "orders_exchanged": ("you play 'alternating'", _answer(_play(order='order == "simultaneous"'))),
    "always_alternating": ("you play 'alternating'", _answer(_play(order="True"))),
    "always_simultaneous": ("you play 'simultaneous'", _answer(_play(order="False"))),
    "y_first": (
        "y moves first",
        _HEAD
        + """
    path = [torch.cat([x, y])]
    for _ in range(rounds):
        old = y
        y = y + lr * (M.T @ x - gamma * y)
        x = x - lr * (M @ (y if order == "alternating" else old))
        path.append(torch.cat([x, y]))
    path = torch.stack(path)
"""
        + _MATRIX
        + f"    return path, {_FACTOR}\n",
    ),
    "both_signs": (
        "both signs are exchanged",
        _answer(_play("x + lr * (M @ y)", "y - lr * (M.T @ seen - gamma * y)")),
    ),
    "x_ascends": ("x ascends V", _answer(_play("x + lr * (M @ y)"))),
    "y_descends": ("y descends V", _answer(_play(new_y="y - lr * (M.T @ seen - gamma * y)"))),
    "gamma_forgotten": ("gamma has no effect", _answer(_play(new_y="y + lr * (M.T @ seen)"))),
    "gamma_with_the_wrong_sign": (
        "gamma has the wrong sign",
        _answer(_play(new_y="y + lr * (M.T @ seen + gamma * y)")),
    ),
    "gamma_doubled": ("gamma is doubled", _answer(_play(new_y="y + lr * (M.T @ seen - 2 * gamma * y)"))),
    "gamma_halved": ("gamma is halved", _answer(_play(new_y="y + lr * (M.T @ seen - gamma / 2 * y)"))),
    "gamma_without_the_rate": (
        "without the learning rate",
        _answer(_play(new_y="y + lr * (M.T @ seen) - gamma * y")),
    ),
    "x_damped_too": ("x is damped as well", _answer(_play("x - lr * (M @ y + gamma * x)"))),
    "transposed": (
        "size mismatch",
        _answer(_play("x - lr * (M.T @ y)", "y + lr * (M @ seen - gamma * y)")),
    ),
    "y_without_the_transpose": (
        "size mismatch",
        _answer(_play(new_y="y + lr * (M @ seen - gamma * y)")),
    ),
    "last_state_in_every_row": (
        "all the last state",
        _HEAD
        + """
    state = torch.cat([x, y])
    path = [state]
    for _ in range(rounds):
        x, y = state[: len(x)].clone(), state[len(x) :].clone()
        new_x = x - lr * (M @ y)
        seen = new_x if order == "alternating" else x
        state[: len(x)], state[len(x) :] = new_x, y + lr * (M.T @ seen - gamma * y)
        path.append(state)
    path = torch.stack(path)
"""
        + _MATRIX
        + f"    return path, {_FACTOR}\n",
    ),
    "start_forgotten": ("One row for the start", _answer(_play(), result="path[1:], factor")),
    "start_twice": (
        "start stands in the path twice",
        _answer(_play(), result="torch.cat([path[:1], path[:-1]]), factor"),
    ),
    "y_before_x": (
        "y stands before x",
        _answer(_play(), result="torch.cat([path[:, n:], path[:, :n]], 1), factor"),
    ),
    "path_alone": ("return a pair", _answer(_play(), result="path")),
    "factor_of_the_other_order": (
        "that of the other order",
        _answer(_play(), matrix=_MATRIX.replace('"alternating"', '"simultaneous"')),
    ),
    "factor_without_gamma": (
        "ignores gamma",
        _answer(_play(), matrix=_MATRIX.replace("    two[n:, n:] -= lr * gamma * torch.eye(m)\n", "")),
    ),
    "fitted_to_this_path": (
        "A was fitted to this path",
        _answer(_play(), "torch.linalg.eigvals(torch.linalg.pinv(path[:-1]) @ path[1:]).abs().max()"),
    ),
    "growth_of_this_path": ("growth over all", _answer(_play(), "path[-1].norm() / path[0].norm()")),
    "mean_growth_of_this_path": (
        "mean growth per round of this path",
        _answer(_play(), "(path[-1].norm() / path[0].norm()) ** (1 / rounds)"),
    ),
    "growth_in_the_last_round": (
        "growth in the last round",
        _answer(_play(), "path[-1].norm() / path[-2].norm()"),
    ),
    "singular_value": ("largest *singular* value", _answer(_play(), "torch.linalg.matrix_norm(A, 2)")),
    "real_part": ("largest real part", _answer(_play(), "torch.linalg.eigvals(A).real.max()")),
    "smallest_modulus": ("smallest modulus", _answer(_play(), "torch.linalg.eigvals(A).abs().min()")),
    "squared_distance": ("*squared* distance", _answer(_play(), f"{_FACTOR} ** 2")),
    "determinant": ("determinant", _answer(_play(), "torch.linalg.det(A).abs()")),
    "factor_of_the_game_x_y": ("the factor of the game x y", _answer(_play(), "math.sqrt(1 + lr**2)")),
    "eigenvalues_of_the_field": (
        "1 + lr times them",
        _answer(_play(), "torch.linalg.eigvals((A - torch.eye(n + m)) / lr).abs().max()"),
    ),
    "complex_factor": ("a tensor was expected", _answer(_play(), "complex(torch.linalg.eigvals(A)[0])")),
    "in_place": (
        "changed a tensor",
        _HEAD
        + _MATRIX
        + """
    path = [torch.cat([x, y])]
    for _ in range(rounds):
        move = lr * (M.T @ x - gamma * y)
        x -= lr * (M @ y)
        y += lr * (M.T @ x - gamma * y) if order == "alternating" else move
        path.append(torch.cat([x, y]))
"""
        + f"    return torch.stack(path), {_FACTOR}\n",
    ),
    "squares_only": (
        "code stopped with",
        _HEAD + "    assert M.shape == (2, 2)\n" + _play() + _MATRIX + f"    return path, {_FACTOR}\n",
    ),
    "float32": ("float64 was asked for", _answer(_play(), result="path.float(), factor")),
}

RIGHT = {
    "matrix_of_a_round": _answer(_play()),
    "powers_of_the_matrix": _HEAD
    + _MATRIX
    + """
    start = torch.cat([x, y])
    path = [torch.linalg.matrix_power(A, t) @ start for t in range(rounds + 1)]
    return torch.stack(path), max(abs(value) for value in torch.linalg.eigvals(A).tolist())
""",
    "autograd": """
def slopes(M, gamma, x, y):
    x, y = x.detach().clone().requires_grad_(), y.detach().clone().requires_grad_()
    V = x @ M @ y - gamma / 2 * y.square().sum()
    return torch.autograd.grad(V, (x, y), materialize_grads=True)
def play_linear_game(M, gamma, x, y, lr, rounds, order):
    n = x.numel()
    def step(s):
        x, y = s[:n], s[n:]
        to_x, to_y = slopes(M, gamma, x, y)
        x = x - lr * to_x
        if order == "alternating":
            to_y = slopes(M, gamma, x, y)[1]
        return torch.cat([x, y + lr * to_y])
    A = torch.stack([step(unit) for unit in torch.eye(n + y.numel(), dtype=torch.float64)], dim=-1)
    path = torch.empty(rounds + 1, n + y.numel(), dtype=torch.float64)
    path[0] = torch.cat((x, y))
    for t in range(rounds):
        path[t + 1] = step(path[t])
    return path, float(torch.linalg.eigvals(A).abs().max())
""",
    "players_as_objects": """
class Player:
    def __init__(self, start, move):
        self.at, self.move = start.clone(), move
def play_linear_game(M, gamma, x, y, lr, rounds, order):
    def path_from(x, y, rounds):
        X, Y = Player(x, lambda x, y: -lr * (M @ y)), Player(y, lambda x, y: lr * (x @ M) - lr * gamma * y)
        rows = [torch.cat([X.at, Y.at])]
        while len(rows) <= rounds:
            before = X.at
            X.at = X.at + X.move(X.at, Y.at)
            Y.at = Y.at + Y.move(before if order == "simultaneous" else X.at, Y.at)
            rows.append(torch.cat([X.at, Y.at]))
        return torch.stack(rows)
    columns = [path_from(e[: len(x)], e[len(x) :], 1)[1] for e in torch.eye(len(x) + len(y), dtype=x.dtype)]
    values = torch.linalg.eigvals(torch.stack(columns).T)
    return path_from(x, y, rounds), (values.real**2 + values.imag**2).max().sqrt()
""",
    "quadratic_per_singular_value": """
def play_linear_game(M, gamma, x, y, lr, rounds, order):
    states = [(x, y)]
    for t in range(rounds):
        x0, y0 = states[-1]
        x1 = x0 - lr * M.mv(y0)
        states.append((x1, (1 - lr * gamma) * y0 + lr * M.T.mv(x1 if order == "alternating" else x0)))
    moduli = [1.0] if M.shape[0] > M.shape[1] else []
    moduli += [abs(1 - lr * gamma)] if M.shape[0] < M.shape[1] else []
    for s in torch.linalg.svdvals(M).tolist():
        # in the plane of a pair of singular vectors: trace and determinant of a 2 x 2 matrix
        trace = 2 - lr * gamma - (lr * s) ** 2 * (order == "alternating")
        det = 1 - lr * gamma + (lr * s) ** 2 * (order == "simultaneous")
        root = (complex(trace) ** 2 / 4 - det) ** 0.5
        moduli += [abs(trace / 2 + root), abs(trace / 2 - root)]
    return torch.stack([torch.cat(s) for s in states]), max(moduli)
""",
}
