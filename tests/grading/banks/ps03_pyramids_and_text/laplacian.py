"""Wrong and right answers to the task `laplacian`: texts of its solution cell."""

_LAPLACIAN = """
def laplacian(x, levels, down, up):
    bands = []
    for _ in range(levels):
        small = down(x)
        bands.append(x - up(small, x.shape[-2:]))
        x = small
    return bands + [x]
"""
_RECONSTRUCT = """
def reconstruct(bands, up):
    image = bands[-1]
    for h in bands[-2::-1]:
        image = up(image, h.shape[-2:]) + h
    return image
"""


def _analysis(old: str, new: str) -> str:
    assert old in _LAPLACIAN
    return _LAPLACIAN.replace(old, new) + _RECONSTRUCT


def _synthesis(old: str, new: str) -> str:
    assert old in _RECONSTRUCT
    return _LAPLACIAN + _RECONSTRUCT.replace(old, new)


WRONG = {
    "coarsest_forgotten": ("has 2 bands, expected 3", _analysis("bands + [x]", "bands")),
    "order_reversed": ("the order of the bands is reversed", _analysis("bands + [x]", "[x] + bands[::-1]")),
    "gaussian_pyramid": ("these are the images I_0 to I_K", _analysis("x - up(small, x.shape[-2:])", "x")),
    "wrong_sign": (
        "the details have the wrong sign",
        _analysis("x - up(small, x.shape[-2:])", "up(small, x.shape[-2:]) - x"),
    ),
    "goes_on_with_the_detail": (
        "the next level works on the detail",
        _analysis("        x = small", "        x = down(bands[-1])"),
    ),
    "goes_on_with_the_low_pass": (
        "the next level works on down(up(I_(k+1)))",
        _analysis("        x = small", "        x = down(up(small, x.shape[-2:]))"),
    ),
    "last_band_is_a_detail": (
        "the last band is a detail again",
        _analysis("bands + [x]", "bands + [x - up(down(x), x.shape[-2:])]"),
    ),
    "low_pass_images": ("these are the low-pass images", _analysis("x - up(", "up(")),
    "details_clamped": (
        "the details are clamped",
        _analysis(
            "bands.append(x - up(small, x.shape[-2:]))",
            "bands.append((x - up(small, x.shape[-2:])).clamp(-1, 1))",
        ),
    ),
    "image_clamped_first": (
        "the image is clamped to [-1, 1] first",
        _analysis("    bands = []", "    bands = []\n    x = x.clamp(-1, 1)"),
    ),
    "size_doubled": (
        "code stopped with",
        _analysis("x.shape[-2:])", "(2 * small.shape[-2], 2 * small.shape[-1]))"),
    ),
    "own_ways": (
        "up goes to the size of I_k",
        _analysis("down(x)", "F.avg_pool2d(x, 2)").replace(
            "up(small, x.shape[-2:])", "F.interpolate(small, size=x.shape[-2:], mode='bilinear')", 1
        ),
    ),
    "own_way_up": (
        "use the functions down and up that are given",
        _analysis("up(small, x.shape[-2:])", "F.interpolate(small, size=x.shape[-2:], mode='bilinear')"),
    ),
    "at_least_one_level": (
        "with levels=0 has 2 bands, expected 1",
        _analysis("range(levels)", "range(max(levels, 1))"),
    ),
    "analysis_in_place": (
        "changed a tensor",
        _analysis(
            "bands.append(x - up(small, x.shape[-2:]))", "bands.append(x.sub_(up(small, x.shape[-2:])))"
        ),
    ),
    "dictionary": ("a list of bands was expected", _analysis("bands + [x]", "dict(enumerate(bands + [x]))")),
    "linear_ways_assumed": (
        "up(a + b) need not be up(a) + up(b)",
        _LAPLACIAN
        + """
def reconstruct(bands, up):
    total = 0
    for k, band in enumerate(bands):
        for finer in bands[:k][::-1]:
            band = up(band, finer.shape[-2:])
        total = total + band
    return total
""",
    ),
    "details_subtracted": ("the details are subtracted", _synthesis(") + h", ") - h")),
    "details_left_out": ("the details are left out", _synthesis(" + h", "")),
    "finest_detail_missing": (
        "h_0 is missing",
        _LAPLACIAN
        + """
def reconstruct(bands, up):
    image = bands[-1]
    for k in range(len(bands) - 2, 0, -1):
        image = up(image, bands[k].shape[-2:]) + bands[k]
    return up(image, bands[0].shape[-2:]) if len(bands) > 1 else image
""",
    ),
    "added_before_up": (
        "the detail is added before up",
        _synthesis("up(image, h.shape[-2:]) + h", "up(image + h, h.shape[-2:])"),
    ),
    "up_of_the_detail": (
        "up is applied to each detail",
        _synthesis("up(image, h.shape[-2:]) + h", "image + up(h, h.shape[-2:])"),
    ),
    "wrong_end_first": (
        "the bands are taken in the wrong order",
        _synthesis("bands[-1]", "bands[0]").replace("bands[-2::-1]", "bands[1:]"),
    ),
    "synthesis_clamps_always": (
        "the image is clamped to [-1, 1] at every level",
        _synthesis(
            "image = up(image, h.shape[-2:]) + h", "image = (up(image, h.shape[-2:]) + h).clamp(-1, 1)"
        ),
    ),
    "pops_the_list": (
        "changed the list `bands`",
        _LAPLACIAN
        + """
def reconstruct(bands, up):
    image = bands.pop()
    while bands:
        h = bands.pop()
        image = up(image, h.shape[-2:]) + h
    return image
""",
    ),
    "synthesis_in_place": (
        "changed a tensor",
        _synthesis("image = up(image, h.shape[-2:]) + h", "image = h.add_(up(image, h.shape[-2:]))"),
    ),
    "all_images_returned": (
        "a tensor was expected",
        _LAPLACIAN
        + """
def reconstruct(bands, up):
    images = [bands[-1]]
    for h in bands[-2::-1]:
        images.append(up(images[-1], h.shape[-2:]) + h)
    return images
""",
    ),
    "stops_at_one_pixel": (
        "expected 5: one detail for each level",
        _analysis(
            "        small = down(x)",
            "        if min(x.shape[-2:]) < 2:\n            break\n        small = down(x)",
        ),
    ),
    "two_levels_only": (
        "code stopped with",
        _LAPLACIAN
        + """
def reconstruct(bands, up):
    h0, h1, low = bands
    return h0 + up(h1 + up(low, h1.shape[-2:]), h0.shape[-2:])
""",
    ),
    "not_done": ("not answered yet", _synthesis("    return image", "    image")),
}

RIGHT = {
    "loops": _LAPLACIAN + _RECONSTRUCT,
    "recursion": """
def laplacian(x, levels, down, up):
    if levels == 0:
        return [x]
    small = down(x)
    return [x - up(small, tuple(x.shape[-2:]))] + laplacian(small, levels - 1, down, up)

def reconstruct(bands, up):
    first, *rest = bands
    return first if not rest else first + up(reconstruct(rest, up), tuple(first.shape[-2:]))
""",
    "images_first": """
def laplacian(x, levels, down, up):
    images = [x]
    while len(images) <= levels:
        images.append(down(images[-1]))
    details = [a - up(b, [a.shape[2], a.shape[3]]) for a, b in zip(images, images[1:])]
    return tuple(details) + (images[-1],)

def reconstruct(bands, up):
    from functools import reduce
    return reduce(lambda low, h: h + up(low, [h.shape[2], h.shape[3]]), reversed(bands))
""",
    "copies_in_place": """
def laplacian(x, levels, down, up):
    bands = [x.clone() for _ in range(1)]
    for k in range(levels):
        bands.append(down(bands[k]).clone())
        bands[k] -= up(bands[k + 1], bands[k].size()[2:])
    return bands

def reconstruct(bands, up):
    todo = list(bands)
    image = todo.pop().clone()
    while todo:
        h = todo.pop()
        low = up(image, h.size()[2:]).clone()
        low += h
        image = low
    return image
""",
    "no_grad_and_generator": """
def _bands(x, levels, down, up):
    for _ in range(levels):
        small = down(x)
        yield torch.sub(x, up(small, x.shape[2:]))
        x = small
    yield x

@torch.no_grad()
def laplacian(x, levels, down, up):
    return list(_bands(x, levels, down, up))

@torch.no_grad()
def reconstruct(bands, up):
    image, k = bands[len(bands) - 1], len(bands) - 1
    while k:
        k -= 1
        image = torch.add(up(image, bands[k].shape[2:]), bands[k])
    return image
""",
}
