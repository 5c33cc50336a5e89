"""Wrong and right answers to the task `condition_discriminator`: texts of its solution cell, with both functions."""

_PLANES = """
def with_label_planes(x, y, classes):
    planes = F.one_hot(y, classes).to(x.dtype)[:, :, None, None].expand(-1, -1, x.shape[2], x.shape[3])
    return torch.cat([x, planes], 1)
"""
_LOGIT = """
def projection_logit(phi, y, V, w, b):
    return (V[y] * phi).sum(1, keepdim=True) + (phi @ w)[:, None] + b
"""


def _planes(body: str) -> str:
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    return f"def with_label_planes(x, y, classes):\n    n, c, h, w = x.shape\n{lines}\n{_LOGIT}"


def _logit(expression: str, before: str = "") -> str:
    body = f"    {before}\n" if before else ""
    return f"{_PLANES}\ndef projection_logit(phi, y, V, w, b):\n{body}    return {expression}\n"


_ONE_HOT = "one = F.one_hot(y, classes).to(x.dtype)[:, :, None, None].expand(n, classes, h, w)\n"
_OWN = "(V[y] * phi).sum(1, keepdim=True)"

WRONG = {
    "planes_first": ("the planes come first", _planes(_ONE_HOT + "return torch.cat([one, x], 1)")),
    "plus_and_minus_one": ("-1 and 1", _planes(_ONE_HOT + "return torch.cat([x, 2 * one - 1], 1)")),
    "one_plane_with_the_label": (
        "a plane for each class",
        _planes("return torch.cat([x, y.to(x.dtype)[:, None, None, None].expand(n, 1, h, w)], 1)"),
    ),
    "classes_from_the_batch": (
        "a plane for each class",
        _planes(
            "one = F.one_hot(y).to(x.dtype)[:, :, None, None].expand(-1, -1, h, w)\nreturn torch.cat([x, one], 1)"
        ),
    ),
    "repeat_lays_rows_end_to_end": (
        "the pixels of a plane differ",
        _planes(
            "one = F.one_hot(y, classes).to(x.dtype).repeat(1, h * w).view(n, classes, h, w)\n"
            "return torch.cat([x, one], 1)"
        ),
    ),
    "number_of_the_class_in_every_plane": (
        "every plane holds the number",
        _planes(
            "one = y.to(x.dtype)[:, None, None, None].expand(n, classes, h, w)\nreturn torch.cat([x, one], 1)"
        ),
    ),
    "scaled_planes": (
        "the planes hold the number of the class",
        _planes(_ONE_HOT + "return torch.cat([x, one * y[:, None, None, None]], 1)"),
    ),
    "planes_add_up_to_one": ("adds up to 1", _planes(_ONE_HOT + "return torch.cat([x, one / (h * w)], 1)")),
    "counts_from_one": (
        "from 1",
        _planes(
            "one = torch.zeros_like(x[:, :1]).repeat(1, classes, 1, 1)\n"
            "for i, k in enumerate(y.tolist()):\n    one[i, k - 1] = 1\nreturn torch.cat([x, one], 1)"
        ),
    ),
    "joined_in_the_batch": (
        "your code stopped with",
        _planes(_ONE_HOT + "return torch.cat([x, one])"),
    ),
    "always_double": (
        "float32 was asked for",
        _planes(_ONE_HOT + "return torch.cat([x, one.double()], 1)"),
    ),
    "always_float": (
        "float64 was asked for",
        _planes(_ONE_HOT + "return torch.cat([x.float(), one.float()], 1)"),
    ),
    "masks_the_picture": (
        "the channels of x are right, the planes are not",
        _planes(_ONE_HOT + "return torch.cat([x, one * x.mean(1, keepdim=True)], 1)"),
    ),
    "x_detached": ("no gradient", _planes(_ONE_HOT + "return torch.cat([x.detach(), one], 1)")),
    "made_from_lists": (
        "no gradient",
        _planes(_ONE_HOT + "return torch.tensor(torch.cat([x, one], 1).tolist(), dtype=x.dtype)"),
    ),
    "added_to_the_channels": (
        "expected (5, 6, 3, 4)",
        _planes("return x + y.to(x.dtype)[:, None, None, None]"),
    ),
    "square_pictures_only": (
        "your code stopped with",
        _planes(
            "one = F.one_hot(y, classes).to(x.dtype)[:, :, None, None].expand(n, classes, h, h)\n"
            "return torch.cat([x, one], 1)"
        ),
    ),
    "all_pairs": ("broadcast to (n, n)", _logit("V[y] @ phi.T + phi @ w + b")),
    "flat_and_column": ("broadcast to (n, n)", _logit(f"{_OWN} + phi @ w + b")),
    "flat": ("expected (6, 1)", _logit("(V[y] * phi).sum(1) + phi @ w + b")),
    "psi_forgotten": ("w . phi + b, is missing", _logit(_OWN)),
    "bias_forgotten": ("b is missing", _logit(f"{_OWN} + (phi @ w)[:, None]")),
    "w_forgotten": ("w . phi is missing", _logit(f"{_OWN} + b")),
    "label_ignored": ("does not depend on y", _logit("(phi @ w)[:, None] + b")),
    "all_classes_added": (
        "for all classes",
        _logit("(phi @ V.T).sum(1, keepdim=True) + (phi @ w)[:, None] + b"),
    ),
    "embedding_before_w": ("an embedding, not the projection", _logit("((V[y] * phi) @ w)[:, None] + b")),
    "multiplied": ("multiplied", _logit(f"{_OWN} * ((phi @ w)[:, None] + b)")),
    "sigmoid": ("after a sigmoid", _logit(f"torch.sigmoid({_OWN} + (phi @ w)[:, None] + b)")),
    "mean_over_features": (
        "mean over the features",
        _logit("(V[y] * phi).mean(1, keepdim=True) + (phi @ w)[:, None] + b"),
    ),
    "attention_scale": ("root of d", _logit(f"{_OWN} / math.sqrt(phi.shape[1]) + (phi @ w)[:, None] + b")),
    "log_softmax": (
        "log-softmax",
        _logit("(phi @ V.T).log_softmax(1).gather(1, y[:, None]) + (phi @ w)[:, None] + b"),
    ),
    "normalised": (
        "normalised",
        _logit("F.cosine_similarity(V[y], phi)[:, None] + (phi @ w)[:, None] + b"),
    ),
    "summed_over_the_batch": ("summed over the batch", _logit("(V[y] * phi).sum() + (phi @ w)[:, None] + b")),
    "rows_instead_of_labels": (
        "whatever its label",
        _logit(f"{_OWN} + (phi @ w)[:, None] + b", "y = torch.arange(len(phi)) % len(V)"),
    ),
    "table_detached": (
        "no gradient reaches V",
        _logit("(V.detach()[y] * phi).sum(1, keepdim=True) + (phi @ w)[:, None] + b"),
    ),
    "phi_detached_in_one_term": (
        "its gradient in phi is not",
        _logit("(V[y] * phi.detach()).sum(1, keepdim=True) + (phi @ w)[:, None] + b"),
    ),
    "bias_as_a_number": ("no gradient reaches b", _logit(f"{_OWN} + (phi @ w)[:, None] + b.item()")),
    "squeezed": ("expected (1, 1)", _logit("((V[y] * phi).sum(1) + phi @ w + b).squeeze()[..., None]")),
    "in_place": ("changed a tensor", _logit("phi.sum(1, keepdim=True) + b", "phi *= V[y] + w")),
    "first_not_answered": ("not answered yet", "def with_label_planes(x, y, classes):\n    pass\n" + _LOGIT),
}

RIGHT = {
    "plain": _PLANES + _LOGIT,
    "comparison_and_einsum": """
def with_label_planes(x, y, classes):
    mine = y.view(-1, 1, 1, 1) == torch.arange(classes).view(1, -1, 1, 1)
    return torch.cat((x, mine.to(x).repeat(1, 1, *x.shape[-2:])), dim=1)
def projection_logit(phi, y, V, w, b):
    return torch.einsum("nd,nd->n", phi, F.embedding(y, V)).add(phi.mv(w)).add(b).unsqueeze(1)
""",
    "scatter_and_one_hot_product": """
def with_label_planes(x, y, classes):
    n, c, h, w = x.shape
    out = torch.zeros(n, c + classes, h, w, dtype=x.dtype)
    out[:, :c] = x
    out[torch.arange(n), c + y] = 1
    return out
def projection_logit(phi, y, V, w, b):
    scores = F.linear(phi, V + w, b.expand(len(V)))
    return scores.gather(1, y[:, None])
""",
    "loops": """
def with_label_planes(x, y, classes):
    rows = []
    for image, k in zip(x, y):
        planes = [torch.full_like(image[:1], float(k == j)) for j in range(classes)]
        rows.append(torch.cat([image, *planes]))
    return torch.stack(rows)
def projection_logit(phi, y, V, w, b):
    return torch.stack([torch.dot(V[k], f) + torch.dot(w, f) + b for f, k in zip(phi, y)]).reshape(-1, 1)
""",
    "eye_and_batched_product": """
import warnings
def with_label_planes(x, y, classes):
    warnings.warn("one-hot rows of an identity")
    one = torch.eye(classes, dtype=x.dtype)[y].reshape(len(y), classes, 1, 1)
    return torch.cat([x, one + torch.zeros(1, 1, x.size(2), x.size(3), dtype=x.dtype)], dim=1)
def projection_logit(phi, y, V, w, b):
    one = F.one_hot(y, V.shape[0]).to(phi.dtype)
    return torch.bmm((one @ V)[:, None, :], phi[:, :, None])[:, :, 0] + F.linear(phi, w[None], b[None])
""",
    "padding": """
def with_label_planes(x, y, classes):
    joined = F.pad(x, (0, 0, 0, 0, 0, classes))
    ones = F.one_hot(y + x.shape[1], x.shape[1] + classes).to(x.dtype)
    return joined + ones[..., None, None]
def projection_logit(phi, y, V, w, b):
    return torch.linalg.vecdot(V.index_select(0, y) + w, phi)[:, None] + b
""",
}
