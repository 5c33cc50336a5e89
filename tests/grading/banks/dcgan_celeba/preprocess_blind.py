"""Wrong and right answers to the task `preprocess`, written by someone who had not seen its check."""

WRONG = {
    "no_antialias": (
        ": there is no antialiasing",
        """
def preprocess(photos: Tensor, size: int) -> Tensor:
    n, h, w, _ = photos.shape
    s = min(h, w)
    top, left = (h - s) // 2, (w - s) // 2
    x = photos[:, top : top + s, left : left + s].permute(0, 3, 1, 2).float()
    x = F.interpolate(x, size=(size, size), mode="bilinear", align_corners=False)
    return x / 127.5 - 1
""",
    ),
    "bytes_resized": (
        "of 255: values were rounded or cut to whole numbers on the way;",
        """
def preprocess(photos: Tensor, size: int) -> Tensor:
    n, h, w, _ = photos.shape
    s = min(h, w)
    top, left = (h - s) // 2, (w - s) // 2
    x = photos[:, top : top + s, left : left + s].permute(0, 3, 1, 2)
    x = F.interpolate(x, (size, size), mode="bilinear", antialias=True, align_corners=False)
    return x.float() / 127.5 - 1
""",
    ),
    "crop_rounded": (
        ": the crop starts one pixel too late: with an odd rest, round down",
        """
def preprocess(photos: Tensor, size: int) -> Tensor:
    h, w = photos.shape[1:3]
    s = min(h, w)
    top = int(round((h - s) / 2.0))
    left = int(round((w - s) / 2.0))
    x = photos[:, top:top + s, left:left + s, :].permute(0, 3, 1, 2).float()
    x = F.interpolate(x, size=size, mode="bilinear", antialias=True, align_corners=False)
    return x / 127.5 - 1
""",
    ),
    "transposed": (
        ": rows and columns are exchanged: (n, h, w, 3) to (n, 3, h, w) is",
        """
def preprocess(photos: Tensor, size: int) -> Tensor:
    x = photos.permute(0, 3, 2, 1).float()
    h, w = x.shape[-2:]
    s = min(h, w)
    i, j = (h - s) // 2, (w - s) // 2
    x = x[..., i : i + s, j : j + s]
    x = F.interpolate(x, size=(size, size), mode="bilinear", antialias=True, align_corners=False)
    return x / 127.5 - 1
""",
    ),
    "stretched_contrast": (
        "photos of",
        """
def preprocess(photos: Tensor, size: int) -> Tensor:
    n, h, w, _ = photos.shape
    s = min(h, w)
    top, left = (h - s) // 2, (w - s) // 2
    x = photos[:, top : top + s, left : left + s].permute(0, 3, 1, 2).float()
    x = F.interpolate(x, size=(size, size), mode="bilinear", antialias=True, align_corners=False)
    low = x.amin(dim=(1, 2, 3), keepdim=True)
    high = x.amax(dim=(1, 2, 3), keepdim=True)
    return 2 * (x - low) / (high - low).clamp(min=1e-8) - 1
""",
    ),
    "upright_only": (
        ": largest central square, antialiased bilinear interpolation, x/127.5",
        """
def preprocess(photos: Tensor, size: int) -> Tensor:
    n, h, w, c = photos.shape
    top = (h - w) // 2
    x = photos[:, top : top + w, :, :].float().permute(0, 3, 1, 2)
    x = F.interpolate(x, size=(size, size), mode="bilinear", align_corners=False, antialias=True)
    return x.div(127.5).sub(1)
""",
    ),
    "corners_aligned": (
        ": align_corners is True; False was asked",
        """
def preprocess(photos: Tensor, size: int) -> Tensor:
    n, h, w, _ = photos.shape
    s = min(h, w)
    top, left = (h - s) // 2, (w - s) // 2
    x = photos[:, top : top + s, left : left + s].permute(0, 3, 1, 2).to(torch.float32)
    x = F.interpolate(x, size=(size, size), mode="bilinear", antialias=True, align_corners=True)
    return x / 127.5 - 1
""",
    ),
}

RIGHT = {
    "negative_padding_per_colour": """
def preprocess(photos: Tensor, size: int) -> Tensor:
    planes = []
    for plane in photos.unbind(dim=-1):
        plane = plane.to(torch.float32).unsqueeze(1)
        h, w = plane.shape[-2], plane.shape[-1]
        s = h if h < w else w
        top, left = math.floor((h - s) / 2), math.floor((w - s) / 2)
        plane = F.pad(plane, (-left, -(w - s - left), -top, -(h - s - top)))
        planes.append(F.interpolate(plane, (size, size), mode="bilinear", antialias=True, align_corners=False))
    print(f"{len(photos)} photographs cropped and resized to {size}x{size}")
    return torch.cat(planes, dim=1).mul(1 / 127.5).add(-1.0)
""",
    "resize_as_a_matrix": '''
def _resize_matrix(s, size):
    """(size, s): each row holds the weights with which the s old pixels enter one new pixel."""
    eye = torch.eye(s)[None, None]
    return F.interpolate(eye, (size, s), mode="bilinear", antialias=True, align_corners=False)[0, 0]


def preprocess(photos: Tensor, size: int) -> Tensor:
    _, h, w, _ = photos.shape
    s = min(h, w)
    square = photos.narrow(1, (h - s) // 2, s).narrow(2, (w - s) // 2, s).float()
    m = _resize_matrix(s, size)
    out = torch.einsum("yh,nhwc,xw->ncyx", m, square, m)
    return (out - 127.5) / 127.5
''',
    "one_photograph_at_a_time": """
def _one(photo, size):
    excess = photo.shape[0] - photo.shape[1]
    if excess > 0:
        first = excess // 2
        photo = photo[first : first + photo.shape[1]]
    elif excess < 0:
        first = -excess // 2
        photo = photo[:, first : first + photo.shape[0]]
    picture = torch.movedim(photo, 2, 0)[None].type(torch.float32)
    if picture.shape[-1] != size:
        picture = torch.nn.functional.interpolate(
            picture, size=[size, size], mode="bilinear", align_corners=False, antialias=True
        )
    return torch.lerp(torch.tensor(-1.0), torch.tensor(1.0), picture[0] / 255)


def preprocess(photos: Tensor, size: int) -> Tensor:
    return torch.stack([_one(photo, size) for photo in photos])
""",
}
