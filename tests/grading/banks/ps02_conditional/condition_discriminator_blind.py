"""Wrong and right answers to the task `condition_discriminator`, written by someone who had not seen its check."""

WRONG = {
    "one_hot_without_classes": (
        "with_label_planes of x (5, 2, 3, 4) torch.float64 and 4 classes has",
        '''
def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    """x (n, c, h, w) with one constant plane for each class: (n, c + classes, h, w)."""
    n, c, h, w = x.shape
    planes = F.one_hot(y).to(x.dtype)[:, :, None, None].expand(-1, -1, h, w)
    return torch.cat([x, planes], dim=1)


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """The logits v_y . phi + w . phi + b, (n, 1)."""
    return ((V[y] + w) * phi).sum(dim=1, keepdim=True) + b
''',
    ),
    "planes_are_double": (
        "with_label_planes of x (6, 1, 2, 2) torch.float32 and 3 classes has",
        '''
def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    """x (n, c, h, w) with one constant plane for each class: (n, c + classes, h, w)."""
    onehot = F.one_hot(y, num_classes=classes).double()
    planes = onehot.view(x.size(0), classes, 1, 1).repeat(1, 1, x.size(2), x.size(3))
    return torch.cat((x, planes), 1)


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """The logits v_y . phi + w . phi + b, (n, 1)."""
    out = (V[y] * phi).sum(1) + phi @ w + b
    return out.unsqueeze(1)
''',
    ),
    "height_and_width_swapped": (
        "your code stopped with RuntimeError: Sizes of tensors must match",
        '''
def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    """x (n, c, h, w) with one constant plane for each class: (n, c + classes, h, w)."""
    n, c, width, height = x.shape
    planes = torch.zeros(n, classes, height, width, dtype=x.dtype)
    planes[torch.arange(n), y] = 1
    return torch.cat([x, planes], 1)


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """The logits v_y . phi + w . phi + b, (n, 1)."""
    inner = torch.sum(V[y] * phi, dim=1, keepdim=True)
    return inner + phi @ w[:, None] + b
''',
    ),
    "channel_one_plus_label": (
        "with_label_planes of x (5, 2, 3, 4) torch.float64 and 4 classes:",
        '''
def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    """x (n, c, h, w) with one constant plane for each class: (n, c + classes, h, w)."""
    n, c, h, w = x.shape
    out = torch.zeros(n, c + classes, h, w, dtype=x.dtype)
    out[:, :c] = x
    for i in range(n):
        out[i, 1 + y[i]] = 1.0
    return out


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """The logits v_y . phi + w . phi + b, (n, 1)."""
    return (phi @ V.T).gather(1, y[:, None]) + (phi @ w)[:, None] + b
''',
    ),
    "x_data": (
        "with_label_planes of x (5, 2, 3, 4) torch.float64 and 4 classes is",
        '''
def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    """x (n, c, h, w) with one constant plane for each class: (n, c + classes, h, w)."""
    n, c, h, w = x.size()
    fill = torch.zeros(classes, classes, h, w).type_as(x)
    for k in range(classes):
        fill[k, k, :, :] = 1
    return torch.cat([x.data, fill[y]], 1)


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """The logits v_y . phi + w . phi + b, (n, 1)."""
    return F.linear(phi, w[None, :]) + (F.embedding(y, V) * phi).sum(1, keepdim=True) + b
''',
    ),
    "squeeze_of_one_row": (
        "your code stopped with IndexError: Dimension out of range (expected",
        '''
def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    """x (n, c, h, w) with one constant plane for each class: (n, c + classes, h, w)."""
    planes = F.one_hot(y, classes)[..., None, None].to(x)
    return torch.cat([x, planes.expand(-1, -1, *x.shape[2:])], dim=1)


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """The logits v_y . phi + w . phi + b, (n, 1)."""
    inner = torch.bmm(V[y].unsqueeze(1), phi.unsqueeze(2)).squeeze()
    return inner.unsqueeze(1) + torch.mv(phi, w).unsqueeze(1) + b
''',
    ),
    "frozen_embedding": (
        "projection_logit of phi (6, 3) and V (5, 3) is right, but no gradient",
        '''
from torch import nn


def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    """x (n, c, h, w) with one constant plane for each class: (n, c + classes, h, w)."""
    planes = x.new_zeros(x.shape[0], classes, x.shape[2], x.shape[3])
    planes[torch.arange(len(y)), y, :, :] = 1
    return torch.cat([x, planes], dim=1)


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """The logits v_y . phi + w . phi + b, (n, 1)."""
    embed = nn.Embedding.from_pretrained(V)
    return torch.sum(embed(y) * phi, dim=1, keepdim=True) + torch.matmul(phi, w.view(-1, 1)) + b
''',
    ),
    "b_item": (
        "projection_logit of phi (6, 3) and V (5, 3) is right, but no gradient",
        '''
def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    """x (n, c, h, w) with one constant plane for each class: (n, c + classes, h, w)."""
    is_class = (y[:, None] == torch.arange(classes)).to(x.dtype)
    return torch.cat([x, is_class[:, :, None, None] * torch.ones_like(x[:, :1])], 1)


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """The logits v_y . phi + w . phi + b, (n, 1)."""
    rows = []
    for i, label in enumerate(y.tolist()):
        rows.append(torch.dot(V[label], phi[i]) + torch.dot(w, phi[i]) + b.item())
    return torch.stack(rows).reshape(-1, 1)
''',
    ),
    "padding_idx_zero": (
        "projection_logit of phi (6, 3) and V (5, 3) is right, but its",
        '''
def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    """x (n, c, h, w) with one constant plane for each class: (n, c + classes, h, w)."""
    h, w = x.shape[-2:]
    planes = torch.eye(classes, dtype=x.dtype)[y].reshape(-1, classes, 1, 1).expand(-1, -1, h, w)
    return torch.cat([x, planes], 1)


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """The logits v_y . phi + w . phi + b, (n, 1)."""
    v_y = F.embedding(y, V, padding_idx=0)
    return torch.einsum("nd,nd->n", v_y, phi)[:, None] + (phi @ w)[:, None] + b
''',
    ),
}

RIGHT = {
    "pad_then_write_linear_then_gather": '''
def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    """x (n, c, h, w) with one constant plane for each class: (n, c + classes, h, w)."""
    joined = F.pad(x, (0, 0, 0, 0, 0, classes))  # a new tensor, with zeros behind the channels
    index = (x.size(1) + y).view(-1, 1, 1, 1).expand(-1, 1, x.size(2), x.size(3))
    return joined.scatter(1, index, 1.0)


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """The logits v_y . phi + w . phi + b, (n, 1)."""
    every_class = F.linear(phi, V + w, b.expand(V.size(0)))
    return torch.take_along_dim(every_class, y.unsqueeze(1), dim=1)
''',
    "modules_and_einsum": '''
import warnings

from torch import nn


class Planes(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.register_buffer("names", torch.arange(classes))

    def forward(self, x, y):
        pictures = []
        for picture, label in zip(x.unbind(0), y.unbind(0)):
            maps = [torch.full_like(picture[0], float(name == label), requires_grad=False) for name in self.names]
            pictures.append(torch.stack([*picture.unbind(0), *maps]))
        return torch.stack(pictures)


class Projection(nn.Module):
    """Features with a 1 appended; the head's last column is the bias."""

    def forward(self, phi, onehot, V, w, b):
        ones = phi.new_ones(phi.shape[0], 1)
        head = torch.cat([w, b.reshape(1)])
        rest = torch.einsum("nd,d->n", torch.cat([phi, ones], 1), head)
        return torch.stack([torch.einsum("nk,kd,nd->n", onehot, V, phi), rest], dim=-1).sum(-1, keepdim=True)


def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    """x (n, c, h, w) with one constant plane for each class: (n, c + classes, h, w)."""
    if len(y.unique()) < classes:
        warnings.warn("some classes do not occur in this batch", stacklevel=2)
    return Planes(classes)(x, y)


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """The logits v_y . phi + w . phi + b, (n, 1)."""
    return Projection()(phi, F.one_hot(y, V.shape[0]).to(V.dtype), V, w, b)
''',
}
