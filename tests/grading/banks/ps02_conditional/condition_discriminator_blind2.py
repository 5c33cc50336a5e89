"""Wrong and right answers to the task `condition_discriminator`, written by someone who had not seen its check."""

WRONG = {
    "one_hot_guesses_classes": (
        "with_label_planes of x (5, 2, 3, 4) torch.float64 and 4 classes has",
        """
def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    planes = F.one_hot(y).to(x.dtype)[..., None, None]
    return torch.cat([x, planes.expand(-1, -1, *x.shape[2:])], dim=1)


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return ((V[y] * phi).sum(1) + phi @ w + b).unsqueeze(1)
""",
    ),
    "planes_always_double": (
        "with_label_planes of x (6, 1, 2, 2) torch.float32 and 3 classes has",
        """
def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    n, c, h, w = x.shape
    planes = torch.zeros(n, classes, h, w, dtype=torch.float64)
    planes[torch.arange(n), y] = 1
    return torch.cat((x, planes), dim=1)


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return ((V[y] * phi).sum(1) + phi @ w + b).unsqueeze(1)
""",
    ),
    "square_pictures_only": (
        "your code stopped with RuntimeError: Sizes of tensors must match",
        """
def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    size = x.size(-1)
    planes = (y[:, None] == torch.arange(classes)).to(x.dtype)
    planes = planes.view(-1, classes, 1, 1).repeat(1, 1, size, size)
    return torch.cat([x, planes], 1)


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return ((V[y] * phi).sum(1) + phi @ w + b).unsqueeze(1)
""",
    ),
    "planes_under_no_grad": (
        "with_label_planes of x (5, 2, 3, 4) torch.float64 and 4 classes is",
        """
def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    n, c, h, w = x.shape
    with torch.no_grad():
        joined = x.new_zeros(n, c + classes, h, w)
        joined[:, :c] = x
        joined[torch.arange(n), c + y] = 1
    return joined


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return ((V[y] * phi).sum(1) + phi @ w + b).unsqueeze(1)
""",
    ),
    "reshapes_y_in_place": (
        "your function changed a tensor it was given: avoid +=, x[mask] = ...",
        """
def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    n, c, h, w = x.shape
    code = torch.zeros(n, classes, dtype=x.dtype).scatter_(1, y.unsqueeze_(1), 1)
    return torch.cat([x, code.view(n, classes, 1, 1).expand(n, classes, h, w)], dim=1)


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return ((V[y] * phi).sum(1) + phi @ w + b).unsqueeze(1)
""",
    ),
    "padding_idx_zero": (
        "projection_logit of phi (6, 3) and V (5, 3) is right, but its",
        """
def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    n, c, h, w = x.shape
    planes = F.one_hot(y, classes).to(x.dtype)[:, :, None, None].expand(n, classes, h, w)
    return torch.cat([x, planes], dim=1)


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    v = F.embedding(y, V, padding_idx=0)
    return (v * phi).sum(dim=1, keepdim=True) + F.linear(phi, w.unsqueeze(0)) + b
""",
    ),
    "bias_as_number": (
        "projection_logit of phi (6, 3) and V (5, 3) is right, but no gradient",
        """
def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    n, c, h, w = x.shape
    planes = F.one_hot(y, classes).to(x.dtype)[:, :, None, None].expand(n, classes, h, w)
    return torch.cat([x, planes], dim=1)


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    projection = torch.einsum("nd,nd->n", phi, V[y])
    return (projection + phi @ w + b.item()).view(-1, 1)
""",
    ),
    "embedding_from_pretrained": (
        "projection_logit of phi (6, 3) and V (5, 3) is right, but no gradient",
        """
from torch import nn


def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    n, c, h, w = x.shape
    planes = F.one_hot(y, classes).to(x.dtype)[:, :, None, None].expand(n, classes, h, w)
    return torch.cat([x, planes], dim=1)


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    embed = nn.Embedding.from_pretrained(V, freeze=False)
    return (embed(y) * phi).sum(1, keepdim=True) + phi @ w.unsqueeze(1) + b
""",
    ),
    "logits_in_default_dtype": (
        "projection_logit of phi (6, 3) and V (5, 3) has dtype torch.float32;",
        """
def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    n, c, h, w = x.shape
    planes = F.one_hot(y, classes).to(x.dtype)[:, :, None, None].expand(n, classes, h, w)
    return torch.cat([x, planes], dim=1)


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    n = phi.shape[0]
    logits = torch.zeros(n, 1)
    for i in range(n):
        logits[i, 0] = torch.dot(V[y[i]], phi[i]) + torch.dot(w, phi[i]) + b
    return logits
""",
    ),
}

RIGHT = {
    "pad_and_bilinear": """
def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    rows, channels = torch.arange(len(x)), x.shape[1]
    joined = F.pad(x, (0, 0, 0, 0, 0, classes))  # a new tensor; the gradient of the pad is a crop
    joined[rows, channels + y] = 1.0
    return joined


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    code = F.one_hot(y, num_classes=len(V)).to(phi.dtype)
    return F.bilinear(code, phi, (V + w).unsqueeze(0), b.reshape(1))
""",
    "stack_of_pictures_and_kronecker": '''
def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    blank = torch.zeros_like(x[0, :1], requires_grad=False)
    sheets = [torch.cat([blank + float(k == label) for k in range(classes)]) for label in y.tolist()]
    return torch.stack([torch.cat([picture, sheet]) for picture, sheet in zip(x.unbind(), sheets)])


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """One linear map of the long feature (e_y x phi, phi, 1)."""
    n, d = phi.shape
    code = torch.eye(V.shape[0], dtype=phi.dtype).index_select(0, y)
    outer = torch.einsum("nk,nd->nkd", code, phi).reshape(n, -1)
    long = torch.cat((outer, phi, phi.new_ones(n, 1)), dim=1)
    theta = torch.cat((V.reshape(-1), w, b[None]))
    return torch.mv(long, theta)[:, None]
''',
}
