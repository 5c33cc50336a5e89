"""Wrong and right answers to the task `preprocess`, written by someone who had not seen its check."""

WRONG = {
    "transposed_axes": (
        ": rows and columns are exchanged: (n, h, w, 3) to (n, 3, h, w) is",
        """
def preprocess(photos: Tensor, size: int) -> Tensor:
    x = photos.transpose(1, 3).float()  # colours first
    h, w = x.shape[2:]
    s = min(h, w)
    top, left = (h - s) // 2, (w - s) // 2
    x = x[:, :, top : top + s, left : left + s]
    x = F.interpolate(x, size=(size, size), mode="bilinear", antialias=True, align_corners=False)
    return x / 127.5 - 1
""",
    ),
    "torchvision_round_crop": (
        ": the crop starts one pixel too late: with an odd rest, round down",
        """
def preprocess(photos: Tensor, size: int) -> Tensor:
    n, h, w, _ = photos.shape
    s = min(h, w)
    top = int(round((h - s) / 2.0))
    left = int(round((w - s) / 2.0))
    x = photos[:, top : top + s, left : left + s].permute(0, 3, 1, 2).float()
    x = F.interpolate(x, (size, size), mode="bilinear", antialias=True, align_corners=False)
    return x / 127.5 - 1
""",
    ),
    "same_margin_both_sides": (
        ": largest central square, antialiased bilinear interpolation, x/127.5",
        """
def preprocess(photos: Tensor, size: int) -> Tensor:
    n, h, w, c = photos.shape
    s = min(h, w)
    dy, dx = (h - s) // 2, (w - s) // 2
    square = photos[:, dy : h - dy, dx : w - dx, :]
    x = square.permute(0, 3, 1, 2).to(torch.float32)
    x = F.interpolate(x, size=(size, size), mode="bilinear", align_corners=False, antialias=True)
    return x.div(127.5).sub(1)
""",
    ),
    "centre_plus_minus_half": (
        ": largest central square, antialiased bilinear interpolation, x/127.5",
        """
def preprocess(photos: Tensor, size: int) -> Tensor:
    h, w = photos.shape[1:3]
    half = max(min(h, w) // 2, 1)
    cy, cx = h // 2, w // 2
    x = photos[:, max(cy - half, 0) : cy + half, max(cx - half, 0) : cx + half]
    x = x.permute(0, 3, 1, 2).float()
    x = F.interpolate(x, (size, size), mode="bilinear", antialias=True, align_corners=False)
    return x / 127.5 - 1
""",
    ),
    "resize_in_bytes": (
        "of 255: values were rounded or cut to whole numbers on the way;",
        """
def preprocess(photos: Tensor, size: int) -> Tensor:
    n, h, w, _ = photos.shape
    s = min(h, w)
    top, left = (h - s) // 2, (w - s) // 2
    x = photos.permute(0, 3, 1, 2)[:, :, top : top + s, left : left + s]
    x = F.interpolate(x, size=(size, size), mode="bilinear", antialias=True, align_corners=False)
    return x.float() / 127.5 - 1
""",
    ),
    "guesses_the_range": (
        ": the range is guessed from the brightest pixel, and these photos are",
        """
def preprocess(photos: Tensor, size: int) -> Tensor:
    n, h, w, c = photos.shape
    s = min(h, w)
    top, left = (h - s) // 2, (w - s) // 2
    x = photos[:, top : top + s, left : left + s].permute(0, 3, 1, 2).float()
    if x.max() > 1.0:  # pictures in bytes, not yet in [0, 1]
        x = x / 255.0
    x = F.interpolate(x, size=(size, size), mode="bilinear", antialias=True, align_corners=False)
    return x * 2 - 1
""",
    ),
    "antialias_from_two_on": (
        ": there is no antialiasing",
        """
def preprocess(photos: Tensor, size: int) -> Tensor:
    n, h, w, c = photos.shape
    s = min(h, w)
    top, left = (h - s) // 2, (w - s) // 2
    x = photos[:, top : top + s, left : left + s].permute(0, 3, 1, 2).float()
    shrink = s >= 2 * size  # two neighbours see everything as long as we shrink by less than 2
    x = F.interpolate(x, size=(size, size), mode="bilinear", antialias=shrink, align_corners=False)
    return x / 127.5 - 1
""",
    ),
    "average_pooling": (
        ": this is area averaging, bilinear was asked",
        """
def preprocess(photos: Tensor, size: int) -> Tensor:
    n, h, w, c = photos.shape
    s = min(h, w)
    top, left = (h - s) // 2, (w - s) // 2
    x = photos[:, top : top + s, left : left + s].permute(0, 3, 1, 2).float()
    if s > size:
        x = F.interpolate(x, size=(size, size), mode="area")  # every pixel counts
    else:
        x = F.interpolate(x, size=(size, size), mode="bilinear", align_corners=False)
    return x / 127.5 - 1
""",
    ),
    "resize_then_crop": (
        ": you resize the whole photo and crop then; near the edge of the",
        """
def preprocess(photos: Tensor, size: int) -> Tensor:
    x = photos.permute(0, 3, 1, 2).float()
    h, w = x.shape[-2:]
    if h <= w:
        new_h, new_w = size, int(size * w / h)
    else:
        new_h, new_w = int(size * h / w), size
    x = F.interpolate(x, size=(new_h, new_w), mode="bilinear", antialias=True, align_corners=False)
    top, left = (new_h - size) // 2, (new_w - size) // 2
    return x[:, :, top : top + size, left : left + size] / 127.5 - 1
""",
    ),
    "align_corners": (
        ": align_corners is True; False was asked",
        """
def preprocess(photos: Tensor, size: int) -> Tensor:
    n, h, w, c = photos.shape
    s = min(h, w)
    top, left = (h - s) // 2, (w - s) // 2
    x = photos[:, top : top + s, left : left + s].permute(0, 3, 1, 2).float()
    x = F.interpolate(x, size=(size, size), mode="bilinear", antialias=True, align_corners=True)
    return x / 127.5 - 1
""",
    ),
    "halving_pyramid": (
        ": largest central square, antialiased bilinear interpolation, x/127.5",
        """
def preprocess(photos: Tensor, size: int) -> Tensor:
    n, h, w, c = photos.shape
    s = min(h, w)
    top, left = (h - s) // 2, (w - s) // 2
    x = photos[:, top : top + s, left : left + s].permute(0, 3, 1, 2).float()
    while x.shape[-1] >= 2 * size:
        x = F.avg_pool2d(x, 2)
    x = F.interpolate(x, size=(size, size), mode="bilinear", antialias=True, align_corners=False)
    return x / 127.5 - 1
""",
    ),
}

RIGHT = {
    "filter_matrix_einsum": '''
def _weights(s: int, size: int) -> Tensor:
    """The matrix (size, s) of antialiased bilinear interpolation: a triangle, as wide as the shrinking."""
    scale = s / size
    width = max(scale, 1.0)
    centres = (torch.arange(size, dtype=torch.float64) + 0.5) * scale
    places = torch.arange(s, dtype=torch.float64) + 0.5
    triangle = (1 - (places[None, :] - centres[:, None]).abs() / width).clamp(min=0)
    return triangle / triangle.sum(1, keepdim=True)


def preprocess(photos: Tensor, size: int) -> Tensor:
    n, h, w, _ = photos.shape
    s = min(h, w)
    square = photos.narrow(1, (h - s) // 2, s).narrow(2, (w - s) // 2, s).double()
    m = _weights(s, size)
    return (torch.einsum("ai,nijc,bj->ncab", m, square, m) / 127.5 - 1).float()
''',
    "scale_first_one_by_one": '''
import warnings


def preprocess(photos: Tensor, size: int) -> Tensor:
    """Scales first, then every photograph by itself, first the rows and then the columns."""
    out = torch.empty(photos.shape[0], 3, size, size)
    for k, photo in enumerate(photos.unbind(0)):
        x = torch.stack([(photo[..., c].float() - 127.5) / 127.5 for c in range(3)])
        height, width = x.shape[1:]
        if height > width:
            first = (height - width) // 2
            x = x[:, first : first + width]
        elif width > height:
            first = (width - height) // 2
            x = x[:, :, first : first + height]
        side = x.shape[-1]
        if side < size:
            warnings.warn(f"photograph {k} is enlarged from {side} to {size}")
        for target in ((size, side), (size, size)):
            x = F.interpolate(x[None], size=target, mode="bilinear", antialias=True, align_corners=False)[0]
        out[k] = x
    return out
''',
}
