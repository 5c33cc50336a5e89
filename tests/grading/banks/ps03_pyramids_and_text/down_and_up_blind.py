"""Wrong and right answers to the task `down_and_up`, written by someone who had not seen its check."""

WRONG = {
    "rows_not_blurred": (
        "blur_and_decimate: only the rows are kept apart: the blur goes along",
        """
def blur_and_decimate(x: Tensor) -> Tensor:
    n, c, h, w = x.shape
    taps = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], dtype=x.dtype) / 16
    kernel = taps.view(1, 1, 1, 5).expand(c, 1, 1, 5)
    return F.conv2d(F.pad(x, (2, 2, 0, 0), mode="replicate"), kernel, stride=2, groups=c)


def expand(x: Tensor, size: tuple[int, int]) -> Tensor:
    def widen(t, length):
        left = torch.cat([t[..., :1], t[..., :-1]], -1)
        right = torch.cat([t[..., 1:], t[..., -1:]], -1)
        even = (left + 6 * t + right) / 8
        odd = (t + right) / 2
        return torch.stack([even, odd], -1).flatten(-2)[..., :length]

    x = widen(x, size[1])
    return widen(x.transpose(-1, -2), size[0]).transpose(-1, -2)
""",
    ),
    "rows_dropped_before_blur": (
        "blur_and_decimate of",
        """
def blur_and_decimate(x: Tensor) -> Tensor:
    n, c, h, w = x.shape
    taps = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], dtype=x.dtype) / 16
    across = taps.view(1, 1, 1, 5).expand(c, 1, 1, 5)
    along = taps.view(1, 1, 5, 1).expand(c, 1, 5, 1)
    x = F.conv2d(F.pad(x, (2, 2, 0, 0), mode="replicate"), across, groups=c)
    x = x[:, :, ::2, ::2]
    return F.conv2d(F.pad(x, (0, 0, 2, 2), mode="replicate"), along, groups=c)


def expand(x: Tensor, size: tuple[int, int]) -> Tensor:
    def widen(t, length):
        left = torch.cat([t[..., :1], t[..., :-1]], -1)
        right = torch.cat([t[..., 1:], t[..., -1:]], -1)
        even = (left + 6 * t + right) / 8
        odd = (t + right) / 2
        return torch.stack([even, odd], -1).flatten(-2)[..., :length]

    x = widen(x, size[1])
    return widen(x.transpose(-1, -2), size[0]).transpose(-1, -2)
""",
    ),
    "channels_summed": (
        "blur_and_decimate: the channels are summed; filter each on its own",
        """
def blur_and_decimate(x: Tensor) -> Tensor:
    c = x.shape[1]
    taps = torch.tensor([1, 4, 6, 4, 1]).double() / 16
    weight = (taps[:, None] * taps[None, :]).repeat(c, c, 1, 1)
    return F.conv2d(F.pad(x, [2] * 4, mode="replicate"), weight, stride=2)


def expand(x: Tensor, size: tuple[int, int]) -> Tensor:
    n, c, h, w = x.shape
    taps = torch.tensor([1, 4, 6, 4, 1]).double() / 8
    weight = (taps[:, None] * taps[None, :]).repeat(c, c, 1, 1)
    x = F.pad(x, (1, 1, 1, 1), mode="replicate")
    big = x.new_zeros(n, c, 2 * h + 4, 2 * w + 4)
    big[..., ::2, ::2] = x
    return F.conv2d(big, weight)[..., : size[0], : size[1]]
""",
    ),
    "float32": (
        "; it is nearly right: did float32, a small constant or a clamp slip",
        """
KERNEL = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0]) / 16


def blur_and_decimate(x: Tensor) -> Tensor:
    c = x.shape[1]
    weight = torch.outer(KERNEL, KERNEL)[None, None].repeat(c, 1, 1, 1)
    x32 = F.pad(x.float(), (2, 2, 2, 2), mode="replicate")
    return F.conv2d(x32, weight, groups=c)[:, :, ::2, ::2].double()


def expand(x: Tensor, size: tuple[int, int]) -> Tensor:
    n, c, h, w = x.shape
    weight = 4 * torch.outer(KERNEL, KERNEL)[None, None].repeat(c, 1, 1, 1)
    big = torch.zeros(n, c, 2 * h + 4, 2 * w + 4)
    big[:, :, ::2, ::2] = F.pad(x.float(), (1, 1, 1, 1), mode="replicate")
    return F.conv2d(big, weight, groups=c)[:, :, : size[0], : size[1]].double()
""",
    ),
    "clamped_0_255": (
        "pixels is wrong:",
        """
def blur_and_decimate(x: Tensor) -> Tensor:
    n, c, h, w = x.shape
    taps = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], dtype=x.dtype) / 16
    kernel = torch.outer(taps, taps).expand(c, 1, 5, 5)
    out = F.conv2d(F.pad(x, (2, 2, 2, 2), mode="replicate"), kernel, stride=2, groups=c)
    return out.clamp(0, 255)


def expand(x: Tensor, size: tuple[int, int]) -> Tensor:
    def widen(t, length):
        left = torch.cat([t[..., :1], t[..., :-1]], -1)
        right = torch.cat([t[..., 1:], t[..., -1:]], -1)
        even = (left + 6 * t + right) / 8
        odd = (t + right) / 2
        return torch.stack([even, odd], -1).flatten(-2)[..., :length]

    x = widen(x, size[1])
    return widen(x.transpose(-1, -2), size[0]).transpose(-1, -2).clamp(0, 255)
""",
    ),
    "cropped_at_the_start": (
        ", column",
        """
def blur_and_decimate(x: Tensor) -> Tensor:
    n, c, h, w = x.shape
    taps = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], dtype=x.dtype) / 16
    kernel = torch.outer(taps, taps).expand(c, 1, 5, 5)
    return F.conv2d(F.pad(x, (2, 2, 2, 2), mode="replicate"), kernel, stride=2, groups=c)


def expand(x: Tensor, size: tuple[int, int]) -> Tensor:
    n, c, h, w = x.shape
    taps = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], dtype=x.dtype) / 8
    kernel = torch.outer(taps, taps).expand(c, 1, 5, 5)
    big = x.new_zeros(n, c, 2 * h + 4, 2 * w + 4)
    big[:, :, ::2, ::2] = F.pad(x, (1, 1, 1, 1), mode="replicate")
    out = F.conv2d(big, kernel, groups=c)
    return out[:, :, -size[0] :, -size[1] :]
""",
    ),
    "last_of_odd_side_copied": (
        "is wrong:",
        '''
def blur_and_decimate(x: Tensor) -> Tensor:
    n, c, h, w = x.shape
    taps = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], dtype=x.dtype) / 16
    kernel = torch.outer(taps, taps).expand(c, 1, 5, 5)
    return F.conv2d(F.pad(x, (2, 2, 2, 2), mode="replicate"), kernel, stride=2, groups=c)


def _up1(x, length):
    """Along the last dimension."""
    m = x.shape[-1]
    out = x.new_zeros(*x.shape[:-1], length)
    for i in range(m):
        left = x[..., max(i - 1, 0)]
        if 2 * i + 1 < length:
            right = x[..., min(i + 1, m - 1)]
            out[..., 2 * i] = (left + 6 * x[..., i] + right) / 8
            out[..., 2 * i + 1] = (x[..., i] + right) / 2
        else:  # odd side: nothing to the right of the last pixel
            out[..., 2 * i] = x[..., i]
    return out


def expand(x: Tensor, size: tuple[int, int]) -> Tensor:
    x = _up1(x, size[1])
    return _up1(x.transpose(2, 3), size[0]).transpose(2, 3)
''',
    ),
    "matrix_cached_by_input": (
        "). `size` is (height, width) of the result",
        """
def blur_and_decimate(x: Tensor) -> Tensor:
    n, c, h, w = x.shape
    taps = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], dtype=x.dtype) / 16
    kernel = torch.outer(taps, taps).expand(c, 1, 5, 5)
    return F.conv2d(F.pad(x, (2, 2, 2, 2), mode="replicate"), kernel, stride=2, groups=c)


_matrices = {}


def _matrix(m, length):
    if m not in _matrices:
        rows = torch.zeros(length, m, dtype=torch.float64)
        for j in range(length):
            i = j // 2
            if j % 2 == 0:
                rows[j, max(i - 1, 0)] += 1 / 8
                rows[j, i] += 6 / 8
                rows[j, min(i + 1, m - 1)] += 1 / 8
            else:
                rows[j, i] += 0.5
                rows[j, min(i + 1, m - 1)] += 0.5
        _matrices[m] = rows
    return _matrices[m]


def expand(x: Tensor, size: tuple[int, int]) -> Tensor:
    up_h = _matrix(x.shape[2], size[0])
    up_w = _matrix(x.shape[3], size[1])
    return up_h @ x @ up_w.T
""",
    ),
    "images_and_channels_mixed": (
        "blur_and_decimate of",
        """
def blur_and_decimate(x: Tensor) -> Tensor:
    n, c, h, w = x.shape
    taps = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], dtype=x.dtype) / 16
    planes = x.transpose(0, 1).reshape(c * n, 1, h, w)
    planes = F.pad(planes, (2, 2, 2, 2), mode="replicate")
    out = F.conv2d(planes, torch.outer(taps, taps)[None, None], stride=2)
    return out.reshape(n, c, out.shape[-2], out.shape[-1])


def expand(x: Tensor, size: tuple[int, int]) -> Tensor:
    def widen(t, length):
        left = torch.cat([t[..., :1], t[..., :-1]], -1)
        right = torch.cat([t[..., 1:], t[..., -1:]], -1)
        even = (left + 6 * t + right) / 8
        odd = (t + right) / 2
        return torch.stack([even, odd], -1).flatten(-2)[..., :length]

    x = widen(x, size[1])
    return widen(x.transpose(-1, -2), size[0]).transpose(-1, -2)
""",
    ),
    "side_of_one_pixel": (
        "your code stopped with IndexError: index 1 is out of bounds for",
        '''
def _shift(x, k):
    """x_{i - k} at place i of the last dimension, continued by the border pixel."""
    y = torch.roll(x, k, -1)
    for j in range(abs(k)):
        if k > 0:
            y[..., j] = x[..., 0]
        else:
            y[..., -1 - j] = x[..., -1]
    return y


def _blur(x):
    return (_shift(x, 2) + 4 * _shift(x, 1) + 6 * x + 4 * _shift(x, -1) + _shift(x, -2)) / 16


def blur_and_decimate(x: Tensor) -> Tensor:
    x = _blur(x)[..., ::2]
    x = _blur(x.mT)[..., ::2]
    return x.mT


def expand(x: Tensor, size: tuple[int, int]) -> Tensor:
    def widen(t, length):
        left = torch.cat([t[..., :1], t[..., :-1]], -1)
        right = torch.cat([t[..., 1:], t[..., -1:]], -1)
        even = (left + 6 * t + right) / 8
        odd = (t + right) / 2
        return torch.stack([even, odd], -1).flatten(-2)[..., :length]

    x = widen(x, size[1])
    return widen(x.transpose(-1, -2), size[0]).transpose(-1, -2)
''',
    ),
    "rows_repeated_on_the_way_up": (
        "pixels to",
        """
def blur_and_decimate(x: Tensor) -> Tensor:
    n, c, h, w = x.shape
    taps = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], dtype=x.dtype) / 16
    kernel = torch.outer(taps, taps).expand(c, 1, 5, 5)
    return F.conv2d(F.pad(x, (2, 2, 2, 2), mode="replicate"), kernel, stride=2, groups=c)


def expand(x: Tensor, size: tuple[int, int]) -> Tensor:
    height, width = size
    p = F.pad(x, (1, 1, 0, 0), mode="replicate")
    even = (p[..., :-2] + 6 * p[..., 1:-1] + p[..., 2:]) / 8
    odd = (p[..., 1:-1] + p[..., 2:]) / 2
    out = torch.stack([even, odd], dim=-1).reshape(*x.shape[:3], -1)
    out = torch.repeat_interleave(out, 2, dim=2)
    return out[:, :, :height, :width]
""",
    ),
    "even_rows_copied": (
        "is wrong:",
        """
def blur_and_decimate(x: Tensor) -> Tensor:
    n, c, h, w = x.shape
    taps = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], dtype=x.dtype) / 16
    kernel = torch.outer(taps, taps).expand(c, 1, 5, 5)
    return F.conv2d(F.pad(x, (2, 2, 2, 2), mode="replicate"), kernel, stride=2, groups=c)


def expand(x: Tensor, size: tuple[int, int]) -> Tensor:
    n, c, h, w = x.shape
    p = F.pad(x, (1, 1, 1, 1), mode="replicate")
    wide = x.new_zeros(n, c, h + 2, 2 * w)
    wide[..., 0::2] = (p[..., :-2] + 6 * p[..., 1:-1] + p[..., 2:]) / 8
    wide[..., 1::2] = (p[..., 1:-1] + p[..., 2:]) / 2
    out = x.new_zeros(n, c, 2 * h, 2 * w)
    out[:, :, 0::2] = wide[:, :, 1:-1]
    out[:, :, 1::2] = (wide[:, :, 1:-1] + wide[:, :, 2:]) / 2
    return out[:, :, : size[0], : size[1]]
""",
    ),
    "reflect_border": (
        "blur_and_decimate: the image is mirrored at its border, as in",
        """
def blur_and_decimate(x: Tensor) -> Tensor:
    n, c, h, w = x.shape
    taps = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], dtype=x.dtype) / 16
    kernel = torch.outer(taps, taps).expand(c, 1, 5, 5)
    return F.conv2d(F.pad(x, (2, 2, 2, 2), mode="reflect"), kernel, stride=2, groups=c)


def expand(x: Tensor, size: tuple[int, int]) -> Tensor:
    n, c, h, w = x.shape
    taps = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], dtype=x.dtype) / 8
    kernel = torch.outer(taps, taps).expand(c, 1, 5, 5)
    big = x.new_zeros(n, c, *size)
    big[:, :, ::2, ::2] = x
    return F.conv2d(F.pad(big, (2, 2, 2, 2), mode="reflect"), kernel, groups=c)
""",
    ),
    "padded_between_two_passes": (
        "blur_and_decimate: the image is mirrored at its border (the border",
        """
def _smooth(x, dim):
    m = x.shape[dim]
    before = torch.cat([x.narrow(dim, 0, 1), x.narrow(dim, 0, m - 1)], dim)
    after = torch.cat([x.narrow(dim, 1, m - 1), x.narrow(dim, m - 1, 1)], dim)
    return (before + 2 * x + after) / 4


def blur_and_decimate(x: Tensor) -> Tensor:
    for dim in (2, 3):  # (1, 2, 1) * (1, 2, 1) = (1, 4, 6, 4, 1)
        x = _smooth(_smooth(x, dim), dim)
    return x[:, :, ::2, ::2]


def expand(x: Tensor, size: tuple[int, int]) -> Tensor:
    def widen(t, length):
        left = torch.cat([t[..., :1], t[..., :-1]], -1)
        right = torch.cat([t[..., 1:], t[..., -1:]], -1)
        even = (left + 6 * t + right) / 8
        odd = (t + right) / 2
        return torch.stack([even, odd], -1).flatten(-2)[..., :length]

    x = widen(x, size[1])
    return widen(x.transpose(-1, -2), size[0]).transpose(-1, -2)
""",
    ),
    "zeros_first_then_border": (
        "expand: the border was repeated after the zeros were put in; repeat",
        """
def blur_and_decimate(x: Tensor) -> Tensor:
    n, c, h, w = x.shape
    taps = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], dtype=x.dtype) / 16
    kernel = torch.outer(taps, taps).expand(c, 1, 5, 5)
    return F.conv2d(F.pad(x, (2, 2, 2, 2), mode="replicate"), kernel, stride=2, groups=c)


def expand(x: Tensor, size: tuple[int, int]) -> Tensor:
    n, c, h, w = x.shape
    big = torch.zeros(n, c, *size, dtype=x.dtype)
    big[:, :, ::2, ::2] = x
    taps = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], dtype=x.dtype) / 8
    kernel = torch.outer(taps, taps).expand(c, 1, 5, 5)
    return F.conv2d(F.pad(big, (2, 2, 2, 2), mode="replicate"), kernel, groups=c)
""",
    ),
    "divides_x_in_place": (
        "your function changed a tensor it was given: avoid +=, x[mask] = ...",
        """
def blur_and_decimate(x: Tensor) -> Tensor:
    n, c, h, w = x.shape
    planes = x.contiguous().view(n * c, 1, h, w)
    planes /= 16 * 16
    taps = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], dtype=x.dtype)
    planes = F.conv2d(F.pad(planes, (2, 2, 2, 2), mode="replicate"), torch.outer(taps, taps).view(1, 1, 5, 5), stride=2)
    return planes.view(n, c, *planes.shape[2:])


def expand(x: Tensor, size: tuple[int, int]) -> Tensor:
    def widen(t, length):
        left = torch.cat([t[..., :1], t[..., :-1]], -1)
        right = torch.cat([t[..., 1:], t[..., -1:]], -1)
        even = (left + 6 * t + right) / 8
        odd = (t + right) / 2
        return torch.stack([even, odd], -1).flatten(-2)[..., :length]

    x = widen(x, size[1])
    return widen(x.transpose(-1, -2), size[0]).transpose(-1, -2)
""",
    ),
}

RIGHT = {
    "banded_matrices_einsum": '''
def _down_matrix(h):
    rows = torch.zeros((h + 1) // 2, h, dtype=torch.float64)
    for i in range(rows.shape[0]):
        for k, tap in zip(range(-2, 3), (1, 4, 6, 4, 1)):
            rows[i, min(max(2 * i + k, 0), h - 1)] += tap / 16
    return rows


def _up_matrix(m, length):
    # the filter meets the places j - 2 ... j + 2 of the stretched signal; the even ones hold pixels
    rows = torch.zeros(length, m, dtype=torch.float64)
    for j in range(length):
        for k, tap in zip(range(-2, 3), (1, 4, 6, 4, 1)):
            if (j + k) % 2 == 0:
                rows[j, min(max((j + k) // 2, 0), m - 1)] += tap / 8
    return rows


def blur_and_decimate(x: Tensor) -> Tensor:
    """(n, c, h, w) -> (n, c, ceil(h/2), ceil(w/2))."""
    return torch.einsum("ph,nchw,qw->ncpq", _down_matrix(x.shape[-2]), x, _down_matrix(x.shape[-1]))


def expand(x: Tensor, size: tuple[int, int]) -> Tensor:
    """(n, c, ceil(H/2), ceil(W/2)) -> (n, c, H, W)."""
    height, width = size
    return torch.einsum("ph,nchw,qw->ncpq", _up_matrix(x.shape[-2], height), x, _up_matrix(x.shape[-1], width))
''',
    "depthwise_module_and_transpose": '''
class _Binomial(nn.Module):
    """The filter as a buffer; planes of all images and channels are one batch."""

    def __init__(self):
        super().__init__()
        taps = torch.tensor([math.comb(4, k) for k in range(5)], dtype=torch.float64) / 16
        self.register_buffer("kernel", torch.outer(taps, taps).view(1, 1, 5, 5))
        self.border = nn.ReplicationPad2d(2)

    def down(self, x):
        planes = self.border(x.flatten(0, 1).unsqueeze(1))
        return F.conv2d(planes, self.kernel, stride=2).squeeze(1).unflatten(0, x.shape[:2])

    def up(self, x, size):
        planes = F.pad(x.flatten(0, 1).unsqueeze(1), (1, 1, 1, 1), mode="replicate")
        # full output starts at place -2 - 2 of the picture, as one pixel was added in front
        full = F.conv_transpose2d(planes, 4 * self.kernel, stride=2)
        full = full[..., 4 : 4 + size[0], 4 : 4 + size[1]]
        return full.squeeze(1).unflatten(0, x.shape[:2])


_binomial = _Binomial()


def blur_and_decimate(x: Tensor) -> Tensor:
    return _binomial.down(x)


def expand(x: Tensor, size: tuple[int, int]) -> Tensor:
    return _binomial.up(x, size)
''',
    "index_select_over_taps": '''
import warnings

warnings.warn("no convolution here, only gathered pixels")


def _along(x, dim, length, terms):
    """The sum of weight(j) * x[index(j)] along dim, for the places j of the result; indices are held at the border."""
    j = torch.arange(length)
    shape = [1] * x.dim()
    shape[dim] = length
    total = 0
    for weight, index in terms(j):
        picked = x.index_select(dim, index.clamp(0, x.shape[dim] - 1))
        total = total + picked * weight.to(x.dtype).view(shape)
    return total


def _down_terms(j):
    ones = torch.ones(len(j), dtype=torch.float64)
    return [(math.comb(4, k) / 16 * ones, 2 * j + k - 2) for k in range(5)]


def _up_terms(j):
    i = torch.div(j, 2, rounding_mode="floor")
    odd = (j % 2 == 1).double()
    return [((1 - odd) / 8, i - 1), (0.75 - odd / 4, i), (1 / 8 + odd * 3 / 8, i + 1)]


def blur_and_decimate(x: Tensor) -> Tensor:
    for dim in (3, 2):
        x = _along(x, dim, math.ceil(x.shape[dim] / 2), _down_terms)
    return x


def expand(x: Tensor, size: tuple[int, int]) -> Tensor:
    for dim, length in zip((2, 3), size):
        x = _along(x, dim, length, _up_terms)
    return x
''',
}
