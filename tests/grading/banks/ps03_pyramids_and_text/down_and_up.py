"""Wrong and right answers to the task `down_and_up`: texts of its solution cell."""

_DOWN = """
def blur_and_decimate(x):
    taps = torch.tensor([1, 4, 6, 4, 1], dtype=x.dtype) / 16
    kernel = torch.outer(taps, taps).repeat(x.shape[1], 1, 1, 1)
    return F.conv2d(F.pad(x, (2, 2, 2, 2), mode="replicate"), kernel, stride=2, groups=x.shape[1])
"""
_UP = """
def expand(x, size):
    taps = torch.tensor([1, 4, 6, 4, 1], dtype=x.dtype) / 8
    kernel = torch.outer(taps, taps).repeat(x.shape[1], 1, 1, 1)
    wide = F.pad(x, (1, 1, 1, 1), mode="replicate")
    return F.conv_transpose2d(wide, kernel, stride=2, groups=x.shape[1])[..., 4:4 + size[0], 4:4 + size[1]]
"""
_SPREAD = """
def expand(x, size):
    taps = torch.tensor([1, 4, 6, 4, 1], dtype=x.dtype) / 8
    kernel = torch.outer(taps, taps).repeat(x.shape[1], 1, 1, 1)
    spread = x.new_zeros(*x.shape[:2], *size)
    spread[..., ::2, ::2] = x
    return F.conv2d(F.pad(spread, (2, 2, 2, 2)), kernel, groups=x.shape[1])
"""


def _down(old: str, new: str) -> str:
    assert old in _DOWN
    return _DOWN.replace(old, new) + _UP


def _up(old: str, new: str, source: str = _UP) -> str:
    assert old in source
    return _DOWN + source.replace(old, new)


WRONG = {
    "down_zero_border": (
        "blur_and_decimate: zeros stand beyond the border",
        _down('F.pad(x, (2, 2, 2, 2), mode="replicate")', "F.pad(x, (2, 2, 2, 2))"),
    ),
    "down_mirror": (
        "blur_and_decimate: the image is mirrored at its border, as in notebook 06",
        _down('mode="replicate"', 'mode="reflect"'),
    ),
    "down_mirror_as_in_the_notebook": (
        "blur_and_decimate: the image is mirrored at its border, as in notebook 06",
        """
def blur_and_decimate(x):
    def shrink(side):
        matrix = torch.zeros((side + 1) // 2, side, dtype=torch.float64)
        for i in range(len(matrix)):
            for k, tap in enumerate((1, 4, 6, 4, 1)):
                j = abs(2 * i + k - 2)
                j = j if j < side else max(2 * side - 2 - j, 0)
                matrix[i, min(j, side - 1)] += tap / 16
        return matrix
    return shrink(x.shape[2]) @ x @ shrink(x.shape[3]).T
"""
        + _UP,
    ),
    "down_weights_scaled_at_the_border": (
        "blur_and_decimate: the weights that lie inside are scaled",
        _DOWN.replace("blur_and_decimate", "_blur").replace(', mode="replicate"', "")
        + "\ndef blur_and_decimate(x):\n    return _blur(x) / _blur(torch.ones_like(x))\n"
        + _UP,
    ),
    "down_not_normalised": ("the weights sum to 256", _down(" / 16", "")),
    "down_without_blur": (
        "pixels are dropped without a blur",
        "def blur_and_decimate(x):\n    return x[..., ::2, ::2]\n" + _UP,
    ),
    "down_drops_before_the_blur": (
        "pixels are dropped before the blur",
        _down("F.pad(x,", "F.pad(x[..., ::2, ::2],").replace("kernel, stride=2,", "kernel,", 1),
    ),
    "down_keeps_odd_pixels": (
        "has shape",
        _down("stride=2, groups=x.shape[1])", "groups=x.shape[1])[..., 1::2, 1::2]"),
    ),
    "down_rounds_odd_sides_down": (
        "half, rounded up",
        _down(
            "groups=x.shape[1])", "groups=x.shape[1])[..., : x.shape[2] // 2 or 1, : x.shape[3] // 2 or 1]"
        ),
    ),
    "down_small_filter": (
        "the filter is (1, 2, 1)",
        _down("[1, 4, 6, 4, 1], dtype=x.dtype) / 16", "[0, 1, 2, 1, 0], dtype=x.dtype) / 4"),
    ),
    "down_box": (
        "this is average pooling",
        "def blur_and_decimate(x):\n    return F.avg_pool2d(x, 2, ceil_mode=True)\n" + _UP,
    ),
    "down_interpolates": (
        "interpolation with antialias=True",
        """
def blur_and_decimate(x):
    size = [(side + 1) // 2 for side in x.shape[-2:]]
    return F.interpolate(x, size=size, mode="bilinear", antialias=True)
"""
        + _UP,
    ),
    "down_one_direction": (
        "the blur goes along the width, not along the height",
        _down("torch.outer(taps, taps)", "torch.outer(torch.tensor([0, 0, 1, 0, 0]).double(), taps)"),
    ),
    "down_mixes_channels": (
        "blur_and_decimate: the channels are summed",
        _down(
            "kernel = torch.outer(taps, taps).repeat(x.shape[1], 1, 1, 1)",
            "kernel = torch.outer(taps, taps).repeat(x.shape[1], x.shape[1], 1, 1)",
        ).replace(", groups=x.shape[1])", ")", 1),
    ),
    "down_not_decimated": ("half, rounded up", _down(", stride=2", "")),
    "up_zero_border": ("expand: zeros stand beyond the border", _DOWN + _SPREAD),
    "up_border_repeated_among_zeros": (
        "the border was repeated after the zeros were put in",
        _up("F.pad(spread, (2, 2, 2, 2))", 'F.pad(spread, (2, 2, 2, 2), mode="replicate")', _SPREAD),
    ),
    "up_mirrored_among_zeros": (
        "expand: after the zeros were put in, the image is mirrored",
        _up(
            "F.pad(spread, (2, 2, 2, 2))",
            'F.pad(spread, (2, 2, 2, 2), mode="reflect" if min(size) > 2 else "replicate")',
            _SPREAD,
        ),
    ),
    "up_weights_scaled_as_in_the_notebook": (
        "expand: the weights that lie inside are scaled",
        _DOWN
        + """
def expand(x, size):
    def grow(side, small):
        matrix = torch.zeros(side, small, dtype=torch.float64)
        for i in range(small):
            for k, tap in enumerate((1, 4, 6, 4, 1)):
                if 0 <= 2 * i + k - 2 < side:
                    matrix[2 * i + k - 2, i] = tap
        return matrix / matrix.sum(1, keepdim=True)
    return grow(size[0], x.shape[2]) @ x @ grow(size[1], x.shape[3]).T
""",
    ),
    "up_too_dark": ("expand: the image is four times too dark", _up("/ 8", "/ 16")),
    "up_too_bright": ("expand: the image is 16 times too bright", _up("/ 8", "/ 2")),
    "up_nearest": (
        "expand: this repeats pixels",
        _DOWN
        + """
def expand(x, size):
    return x.repeat_interleave(2, 2).repeat_interleave(2, 3)[..., : size[0], : size[1]]
""",
    ),
    "up_nearest_then_blur": (
        "expand: pixels are repeated before the blur",
        _DOWN
        + """
def expand(x, size):
    taps = torch.tensor([1, 4, 6, 4, 1], dtype=x.dtype) / 16
    kernel = torch.outer(taps, taps).repeat(x.shape[1], 1, 1, 1)
    near = x.repeat_interleave(2, 2).repeat_interleave(2, 3)[..., : size[0], : size[1]]
    return F.conv2d(F.pad(near, (2, 2, 2, 2), mode="replicate"), kernel, groups=x.shape[1])
""",
    ),
    "up_bilinear": (
        "expand: this is bilinear interpolation",
        _DOWN + "\ndef expand(x, size):\n    return F.interpolate(x, size=size, mode='bilinear')\n",
    ),
    "up_keeps_the_pixels": (
        "even places take over the pixel itself",
        _up("[1, 4, 6, 4, 1], dtype=x.dtype) / 8", "[0, 1, 2, 1, 0], dtype=x.dtype) / 2"),
    ),
    "up_ignores_size": (
        "`size` is (height, width) of the result",
        _up("4:4 + size[0], 4:4 + size[1]", "4:-3, 4:-3"),
    ),
    "up_size_as_width_and_height": (
        "`size` is (height, width) of the result",
        _up("4:4 + size[0], 4:4 + size[1]", "4:4 + size[1], 4:4 + size[0]"),
    ),
    "up_one_place_early": (
        "expand: the pixels stand at the odd places",
        _up("4:4 + size[0], 4:4 + size[1]", "5:5 + size[0], 5:5 + size[1]").replace(
            "(1, 1, 1, 1)", "(1, 2, 1, 2)"
        ),
    ),
    "up_in_place": (
        "changed a tensor",
        _up("wide = F.pad", "x *= 1.0 + 1e-3\n    wide = F.pad"),
    ),
    "up_not_done": ("not answered yet", _up("    return F", "    y = F")),
}

RIGHT = {
    "convolutions": _DOWN + _UP,
    "filter_before_dropping": """
def blur_and_decimate(x):
    n, c, h, w = x.shape
    flat = F.pad(x, [2] * 4, mode="replicate").reshape(n * c, 1, h + 4, w + 4)
    b = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], dtype=torch.float64) / 16
    flat = F.conv2d(F.conv2d(flat, b.view(1, 1, 5, 1)), b.view(1, 1, 1, 5))
    return flat.reshape(n, c, h, w)[:, :, ::2, ::2]

def expand(x, size):
    n, c, h, w = x.shape
    wide = F.pad(x, [2] * 4, mode="replicate")
    spread = torch.zeros(n, c, 2 * h + 8, 2 * w + 8, dtype=x.dtype)
    spread[:, :, ::2, ::2] = wide
    b = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], dtype=torch.float64) / 8
    flat = spread.flatten(0, 1).unsqueeze(1)
    flat = F.conv2d(F.conv2d(flat, b.view(1, 1, 5, 1), padding=(2, 0)), b.view(1, 1, 1, 5), padding=(0, 2))
    return flat.view(n, c, 2 * h + 8, 2 * w + 8)[:, :, 4:4 + size[0], 4:4 + size[1]]
""",
    "formulas_along_one_axis": """
def _take(x, dim, index):
    return x.index_select(dim, index.clamp(0, x.shape[dim] - 1))

def blur_and_decimate(x):
    for dim in (-1, -2):
        i = 2 * torch.arange((x.shape[dim] + 1) // 2)
        x = sum(w * _take(x, dim, i + k) for k, w in zip(range(-2, 3), (1, 4, 6, 4, 1))) / 16
    return x

def expand(x, size):
    for dim, side in zip((-2, -1), size):
        i = torch.arange(x.shape[dim])
        even = (_take(x, dim, i - 1) + 6 * x + _take(x, dim, i + 1)) / 8
        odd = (x + _take(x, dim, i + 1)) / 2
        x = torch.stack([even, odd], dim).flatten(*sorted((dim - 1, dim))).narrow(dim, 0, side)
    return x
""",
    "matrices": """
def _matrix(rows, columns, weights):
    M = torch.zeros(rows, columns, dtype=torch.float64)
    for r in range(rows):
        for c, w in weights(r):
            M[r, min(max(c, 0), columns - 1)] += w
    return M

def blur_and_decimate(x):
    def W(side):
        return _matrix(-(-side // 2), side, lambda r: [(2 * r + k - 2, math.comb(4, k) / 16) for k in range(5)])
    return torch.einsum("ij,ncjk,lk->ncil", W(x.shape[-2]), x, W(x.shape[-1]))

def expand(x, size):
    def row(r):
        i, odd = divmod(r, 2)
        return [(i, 0.5), (i + 1, 0.5)] if odd else [(i - 1, 0.125), (i, 0.75), (i + 1, 0.125)]
    A, B = (_matrix(big, small, row) for big, small in zip(size, x.shape[-2:]))
    return torch.einsum("ij,ncjk,lk->ncil", A, x, B)
""",
    "pixel_by_pixel": """
def blur_and_decimate(x):
    n, c, h, w = x.shape
    y = torch.zeros(n, c, (h + 1) // 2, (w + 1) // 2, dtype=torch.float64)
    for i in range(y.shape[2]):
        for j in range(y.shape[3]):
            for a, p in enumerate((1, 4, 6, 4, 1)):
                for b, q in enumerate((1, 4, 6, 4, 1)):
                    r, s = min(max(2 * i + a - 2, 0), h - 1), min(max(2 * j + b - 2, 0), w - 1)
                    y[:, :, i, j] += p * q / 256 * x[:, :, r, s]
    return y

def expand(x, size):
    h, w = x.shape[-2:]
    rows = []
    for k in range(0, max(size) + 1, 2):
        i = k // 2
        rows += [[(i - 1, 1), (i, 6), (i + 1, 1)], [(i, 4), (i + 1, 4)]]
    y = torch.zeros(*x.shape[:2], *size, dtype=torch.float64)
    for i in range(size[0]):
        for j in range(size[1]):
            for a, p in rows[i]:
                for b, q in rows[j]:
                    y[..., i, j] += p * q / 64 * x[..., min(max(a, 0), h - 1), min(max(b, 0), w - 1)]
    return y
""",
}
