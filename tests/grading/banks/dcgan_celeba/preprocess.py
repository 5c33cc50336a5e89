"""Wrong and right answers to the task `preprocess`: texts of its solution cell."""

SOLUTION = """
def preprocess(photos, size):
    n, h, w, _ = photos.shape
    side = min(h, w)
    top, left = (h - side) // 2, (w - side) // 2
    square = photos[:, top : top + side, left : left + side]
    x = square.permute(0, 3, 1, 2).float()
    x = F.interpolate(x, size=(size, size), mode="bilinear", antialias=True, align_corners=False)
    return x / 127.5 - 1
"""


def _with(*changes: tuple[str, str]) -> str:
    """The solution with some of its text exchanged."""
    source = SOLUTION
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    return source


SCALE = "x / 127.5 - 1"
RESIZE = 'F.interpolate(x, size=(size, size), mode="bilinear", antialias=True, align_corners=False)'
CENTRE = "(h - side) // 2, (w - side) // 2"

WRONG = {
    "scaled_to_0_1": ("values lie in [0, 1]", _with((SCALE, "x / 255"))),
    "scaled_to_half": ("values lie in [-0.5, 0.5]", _with((SCALE, "x / 255 - 0.5"))),
    "not_scaled": ("still in 0..255", _with((SCALE, "x"))),
    "scaled_by_128": ("x/128 - 1", _with((SCALE, "x / 128 - 1"))),
    "scaled_twice": ("divide once", _with((SCALE, "x / 255 / 127.5 - 1"))),
    "shift_forgotten": ("without the - 1", _with((SCALE, "x / 127.5"))),
    "negative": ("dark and bright are exchanged", _with((SCALE, "1 - x / 127.5"))),
    "stretched_to_its_own_range": (
        "darkest and brightest",
        _with((SCALE, "2 * (x - x.min()) / (x.max() - x.min()) - 1")),
    ),
    "no_antialiasing": ("no antialiasing", _with(("antialias=True, ", ""))),
    "nearest": ("nearest-neighbour", _with((RESIZE, "F.interpolate(x, size=(size, size))"))),
    "bicubic": ("bicubic", _with(('"bilinear"', '"bicubic"'))),
    "area": ("area averaging", _with((RESIZE, "F.adaptive_avg_pool2d(x, size)"))),
    "aligned_corners": ("align_corners is True", _with(("align_corners=False", "align_corners=True"))),
    "no_crop": (
        "no crop",
        _with(("square = photos[:, top : top + side, left : left + side]", "square = photos")),
    ),
    "top_left": ("top left corner", _with((CENTRE, "0, 0"))),
    "bottom_right": ("bottom right corner", _with((CENTRE, "h - side, w - side"))),
    "rounded_up": ("round down", _with((CENTRE, "(h - side + 1) // 2, (w - side + 1) // 2"))),
    "resized_before_the_crop": (
        "crop first",
        """
def preprocess(photos, size):
    x = photos.permute(0, 3, 1, 2).float()
    h, w = x.shape[2:]
    scale = size / min(h, w)
    new = max(size, int(h * scale)), max(size, int(w * scale))
    x = F.interpolate(x, size=new, mode="bilinear", antialias=True)
    top, left = (new[0] - size) // 2, (new[1] - size) // 2
    return x[:, :, top : top + size, left : left + size] / 127.5 - 1
""",
    ),
    "crop_of_the_final_size": (
        "size",
        """
def preprocess(photos, size):
    n, h, w, _ = photos.shape
    top, left = (h - size) // 2, (w - size) // 2
    return photos[:, top : top + size, left : left + size].permute(0, 3, 1, 2).float() / 127.5 - 1
""",
    ),
    "always_upright": (
        "photos of",
        _with(("side = min(h, w)", "side = w"), (CENTRE, "(h - w) // 2, 0")),
    ),
    "colours_last": ("colours stay last", _with((SCALE, "(x / 127.5 - 1).permute(0, 2, 3, 1)"))),
    "regrouped": ("regrouped", _with(("square.permute(0, 3, 1, 2)", "square.reshape(n, 3, side, side)"))),
    "transposed": ("rows and columns", _with(("permute(0, 3, 1, 2)", "permute(0, 3, 2, 1)"))),
    "BGR": ("BGR", _with((SCALE, "x.flip(1) / 127.5 - 1"))),
    "rounded": ("rounded", _with((SCALE, "x.round() / 127.5 - 1"))),
    "cut_to_whole_numbers": ("rounded", _with((SCALE, "x.to(torch.uint8).float() / 127.5 - 1"))),
    "resized_as_bytes": ("rounded", _with((".float()", ""), (SCALE, "x.float() / 127.5 - 1"))),
    "bytes_returned": ("torch.uint8", _with((SCALE, "x.to(torch.uint8)"))),
    "double": ("torch.float64", _with((".float()", ".double()"))),
    "half": ("torch.float16", _with((SCALE, "(x / 127.5 - 1).half()"))),
    "first_photo_only": ("shape", _with((SCALE, "(x / 127.5 - 1)[:1].expand(len(x) + 1, -1, -1, -1)"))),
    "only_64_pixels": ("shape", _with(("size=(size, size)", "size=(64, 64)"))),
    "flipped_by_chance": ("mirrored", _with((SCALE, "x.flip(3) / 127.5 - 1"))),
    "numpy_returned": ("a tensor was expected", _with((SCALE, "(x / 127.5 - 1).numpy()"))),
    "photos_overwritten": ("changed the photos", _with((SCALE, "x / 127.5 - 1 + 0 * photos.zero_().sum()"))),
    "zeros": ("a pixel is off", _with((SCALE, "0 * x"))),
}

RIGHT = {
    "solution": SOLUTION,
    "scaled_first": """
def preprocess(photos: Tensor, size: int) -> Tensor:
    x = photos.movedim(-1, 1).to(torch.float32).sub(127.5).div(127.5)
    short = min(x.shape[-2:])
    for dim in (2, 3):
        x = x.narrow(dim, (x.shape[dim] - short) // 2, short)
    return F.interpolate(x, size, mode="bilinear", antialias=True)
""",
    "one_photo_at_a_time": """
def _one(photo, size):
    h, w, c = photo.shape
    s = min(h, w)
    y, x = math.floor((h - s) / 2), math.floor((w - s) / 2)
    photo = photo[y:y + s, x:x + s, :].permute(2, 0, 1)[None] / 255
    photo = F.interpolate(photo, size=[size, size], mode="bilinear", align_corners=False, antialias=True)
    return (photo[0] - 0.5) / 0.5


def preprocess(photos, size):
    return torch.stack([_one(p, size) for p in photos])
""",
    "in_double_and_with_a_bar": """
import warnings
from tqdm.auto import tqdm


def preprocess(photos, size):
    warnings.warn("slow")
    out = torch.empty(len(photos), 3, size, size)
    side = min(photos.shape[1:3])
    for i in tqdm(range(len(photos))):
        x = photos[i : i + 1].permute(0, 3, 1, 2).double()
        if x.shape[2] > x.shape[3]:
            start = (x.shape[2] - side) // 2
            x = x[:, :, start : start + side]
        else:
            start = (x.shape[3] - side) // 2
            x = x[..., start : start + side]
        out[i] = F.interpolate(x, (size, size), mode="bilinear", antialias=True)[0] / 127.5 - 1
    return out.clamp(-1, 1)
""",
    "channels_last_in_memory": """
def preprocess(photos, size):
    h, w = photos.shape[1:3]
    cut = abs(h - w) // 2
    square = photos[:, cut : cut + w] if h > w else photos[:, :, cut : cut + h]
    x = torch.einsum("nhwc->nchw", square.float())
    x = torch.nn.functional.interpolate(x, size=(size, size), mode="bilinear", antialias=True)
    return (x * 2 / 255).add_(-1).to(memory_format=torch.channels_last)
""",
}
