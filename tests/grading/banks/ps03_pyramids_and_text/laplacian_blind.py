"""Wrong and right answers to the task `laplacian`, written by someone who had not seen its check."""

WRONG = {
    "list_as_default": (
        "bands, expected 3: one detail for each",
        """
def laplacian(x: Tensor, levels: int, down, up, bands=[]) -> list[Tensor]:
    if levels == 0:
        bands.append(x)
        return bands
    small = down(x)
    bands.append(x - up(small, (x.shape[2], x.shape[3])))
    return laplacian(small, levels - 1, down, up, bands)


def reconstruct(bands: list[Tensor], up) -> Tensor:
    image = bands[-1]
    for detail in reversed(bands[:-1]):
        image = detail + up(image, tuple(detail.shape[-2:]))
    return image
""",
    ),
    "bands_added_in_place": (
        "your function changed a tensor it was given: avoid +=, x[mask] = ...",
        """
def laplacian(x: Tensor, levels: int, down, up) -> list[Tensor]:
    bands = []
    for _ in range(levels):
        small = down(x)
        bands.append(x - up(small, tuple(x.shape[-2:])))
        x = small
    return bands + [x]


def reconstruct(bands: list[Tensor], up) -> Tensor:
    image = bands[-1]
    for k in range(len(bands) - 2, -1, -1):
        h, w = bands[k].shape[-2:]
        bands[k] += up(image, (h, w))
        image = bands[k]
    return image
""",
    ),
    "x_subtracted_in_place": (
        "your function changed a tensor it was given: avoid +=, x[mask] = ...",
        """
def laplacian(x: Tensor, levels: int, down, up) -> list[Tensor]:
    bands = []
    image = x
    for _ in range(levels):
        small = down(image)
        image -= up(small, (image.size(2), image.size(3)))
        bands.append(image)
        image = small
    bands.append(image)
    return bands


def reconstruct(bands: list[Tensor], up) -> Tensor:
    image = bands[-1]
    for detail in reversed(bands[:-1]):
        image = detail + up(image, tuple(detail.shape[-2:]))
    return image
""",
    ),
    "result_of_up_in_place": (
        "your function changed a tensor it was given: avoid +=, x[mask] = ...",
        """
def laplacian(x: Tensor, levels: int, down, up) -> list[Tensor]:
    bands = []
    for _ in range(levels):
        small = down(x)
        bands.append(x - up(small, tuple(x.shape[-2:])))
        x = small
    return bands + [x]


def reconstruct(bands: list[Tensor], up) -> Tensor:
    image = bands[-1]
    for band in bands[-2::-1] if len(bands) > 1 else []:
        image = up(image, (band.shape[-2], band.shape[-1]))
        image += band  # a new tensor, so this is safe
    return image
""",
    ),
    "bands_popped": (
        "reconstruct changed the list `bands`: avoid pop() on it, or work on a",
        """
def laplacian(x: Tensor, levels: int, down, up) -> list[Tensor]:
    bands = []
    for _ in range(levels):
        small = down(x)
        bands.append(x - up(small, tuple(x.shape[-2:])))
        x = small
    return bands + [x]


def reconstruct(bands: list[Tensor], up) -> Tensor:
    image = bands.pop()
    while bands:
        detail = bands.pop()
        image = up(image, (detail.shape[-2], detail.shape[-1])) + detail
    return image
""",
    ),
    "all_bands_to_full_size": (
        "reconstruct of 3 bands, the finest 5 x 7, is wrong. From coarse to",
        """
def laplacian(x: Tensor, levels: int, down, up) -> list[Tensor]:
    bands = []
    for _ in range(levels):
        small = down(x)
        bands.append(x - up(small, tuple(x.shape[-2:])))
        x = small
    return bands + [x]


def reconstruct(bands: list[Tensor], up) -> Tensor:
    size = tuple(bands[0].shape[-2:])
    image = bands[0]
    for band in bands[1:]:
        image = image + up(band, size)
    return image
""",
    ),
    "bands_expanded_one_by_one": (
        "reconstruct: every band is expanded on its own and the results are",
        """
def laplacian(x: Tensor, levels: int, down, up) -> list[Tensor]:
    bands = []
    for _ in range(levels):
        small = down(x)
        bands.append(x - up(small, tuple(x.shape[-2:])))
        x = small
    return bands + [x]


def reconstruct(bands: list[Tensor], up) -> Tensor:
    total = torch.zeros_like(bands[0])
    for k, band in enumerate(bands):
        for j in range(k - 1, -1, -1):
            band = up(band, tuple(bands[j].shape[-2:]))
        total = total + band
    return total
""",
    ),
    "goes_on_with_the_lowpass": (
        "pixels with levels=2: band 1 is wrong, h_k = I_k - up(I_(k+1), size",
        """
def laplacian(x: Tensor, levels: int, down, up) -> list[Tensor]:
    bands = []
    small = x
    for k in range(levels):
        small = down(x)
        low = up(small, tuple(x.shape[-2:]))
        bands.append(x - low)
        if k + 1 < levels:
            x = down(low)
    bands.append(small)
    return bands


def reconstruct(bands: list[Tensor], up) -> Tensor:
    image = bands[-1]
    for detail in reversed(bands[:-1]):
        image = detail + up(image, tuple(detail.shape[-2:]))
    return image
""",
    ),
    "levels_0_gives_two": (
        "laplacian of 4 x 5 pixels with levels=0 has 2 bands, expected 1: one",
        """
def laplacian(x: Tensor, levels: int, down, up) -> list[Tensor]:
    gauss = [x, down(x)]
    for _ in range(levels - 1):
        gauss.append(down(gauss[-1]))
    bands = [fine - up(coarse, tuple(fine.shape[-2:])) for fine, coarse in zip(gauss, gauss[1:])]
    return bands + [gauss[-1]]


def reconstruct(bands: list[Tensor], up) -> Tensor:
    image = bands[-1]
    for detail in reversed(bands[:-1]):
        image = detail + up(image, tuple(detail.shape[-2:]))
    return image
""",
    ),
    "one_band_raises": (
        "your code stopped with IndexError: list index out of range",
        """
def laplacian(x: Tensor, levels: int, down, up) -> list[Tensor]:
    bands = []
    for _ in range(levels):
        small = down(x)
        bands.append(x - up(small, tuple(x.shape[-2:])))
        x = small
    return bands + [x]


def reconstruct(bands: list[Tensor], up) -> Tensor:
    image = bands[-2] + up(bands[-1], tuple(bands[-2].shape[-2:]))
    for k in range(len(bands) - 3, -1, -1):
        image = bands[k] + up(image, tuple(bands[k].shape[-2:]))
    return image
""",
    ),
    "details_from_the_fine_end": (
        "reconstruct of 3 bands, the finest 5 x 7, is wrong. From coarse to",
        """
def laplacian(x: Tensor, levels: int, down, up) -> list[Tensor]:
    bands = []
    for _ in range(levels):
        small = down(x)
        bands.append(x - up(small, tuple(x.shape[-2:])))
        x = small
    return bands + [x]


def reconstruct(bands: list[Tensor], up) -> Tensor:
    *details, image = bands
    for detail in details:
        image = up(image, tuple(detail.shape[-2:])) + detail
    return image
""",
    ),
    "doubles_and_crops": (
        ") at non-singleton dimension 2",
        """
def laplacian(x: Tensor, levels: int, down, up) -> list[Tensor]:
    bands = []
    for _ in range(levels):
        small = down(x)
        h, w = small.shape[-2:]
        bands.append(x - up(small, (2 * h, 2 * w))[..., : x.shape[-2], : x.shape[-1]])
        x = small
    bands.append(x)
    return bands


def reconstruct(bands: list[Tensor], up) -> Tensor:
    image = bands[-1]
    for detail in bands[:-1][::-1]:
        h, w = image.shape[-2:]
        image = detail + up(image, (2 * h, 2 * w))[..., : detail.shape[-2], : detail.shape[-1]]
    return image
""",
    ),
    "size_by_keyword": (
        "your code stopped with TypeError: way_up.<locals>.up() got some",
        """
def laplacian(x: Tensor, levels: int, down, up) -> list[Tensor]:
    bands = []
    for _ in range(levels):
        small = down(x)
        bands.append(x - up(small, size=tuple(x.shape[-2:])))
        x = small
    return bands + [x]


def reconstruct(bands: list[Tensor], up) -> Tensor:
    image = bands[-1]
    for detail in reversed(bands[:-1]):
        image = detail + up(image, size=tuple(detail.shape[-2:]))
    return image
""",
    ),
    "stops_at_one_pixel": (
        "laplacian of 2 x 3 pixels with levels=4 has 3 bands, expected 5: one",
        """
def laplacian(x: Tensor, levels: int, down, up) -> list[Tensor]:
    bands = []
    for _ in range(levels):
        if x.shape[-1] == 1 and x.shape[-2] == 1:
            break  # nothing left to halve
        small = down(x)
        bands.append(x - up(small, tuple(x.shape[-2:])))
        x = small
    bands.append(x)
    return bands


def reconstruct(bands: list[Tensor], up) -> Tensor:
    image = bands[-1]
    for detail in reversed(bands[:-1]):
        image = detail + up(image, tuple(detail.shape[-2:]))
    return image
""",
    ),
    "sizes_remembered": (
        "reconstruct of 3 bands, the finest 5 x 7, is wrong. From coarse to",
        """
sizes = []


def laplacian(x: Tensor, levels: int, down, up) -> list[Tensor]:
    sizes.clear()
    bands = []
    for _ in range(levels):
        sizes.append((x.shape[2], x.shape[3]))
        small = down(x)
        bands.append(x - up(small, sizes[-1]))
        x = small
    bands.append(x)
    return bands


def reconstruct(bands: list[Tensor], up) -> Tensor:
    image = bands[-1]
    for detail, size in zip(bands[-2::-1], sizes[::-1]):
        image = up(image, size) + detail
    return image
""",
    ),
    "equal_sizes_skip_up": (
        "laplacian of 2 x 3 pixels with levels=4: band 2 is wrong, h_k = I_k -",
        """
def _low(small, size, up):
    if tuple(small.shape[-2:]) == size:
        return small
    return up(small, size)


def laplacian(x: Tensor, levels: int, down, up) -> list[Tensor]:
    bands = []
    for _ in range(levels):
        small = down(x)
        bands.append(x - _low(small, tuple(x.shape[-2:]), up))
        x = small
    return [*bands, x]


def reconstruct(bands: list[Tensor], up) -> Tensor:
    image = bands[-1]
    for detail in reversed(bands[:-1]):
        image = _low(image, tuple(detail.shape[-2:]), up) + detail
    return image
""",
    ),
}

RIGHT = {
    "recursion": '''
def laplacian(x: Tensor, levels: int, down, up) -> list[Tensor]:
    """The bands [h_0, ..., h_{K-1}, I_K] of x, K = levels."""
    if not levels:
        return [x]
    h, w = x.shape[-2:]
    small = down(x)
    return [x - up(small, (h, w)), *laplacian(small, levels - 1, down, up)]


def reconstruct(bands: list[Tensor], up) -> Tensor:
    """The image with these bands."""
    first, *rest = bands
    if not rest:
        return first
    h, w = first.shape[-2:]
    return first + up(reconstruct(rest, up), (h, w))
''',
    "accumulate_and_reduce": """
from functools import reduce
from itertools import accumulate


def laplacian(x: Tensor, levels: int, down, up) -> list[Tensor]:
    gauss = list(accumulate(range(levels), lambda image, _: down(image), initial=x))
    return [torch.sub(fine, up(coarse, tuple(fine.shape[2:]))) for fine, coarse in zip(gauss, gauss[1:])] + gauss[-1:]


def reconstruct(bands: list[Tensor], up) -> Tensor:
    return reduce(lambda image, band: torch.add(up(image, tuple(band.shape[2:])), band), tuple(bands)[::-1])
""",
    "class_with_buffers_and_clones": '''
import sys


class _Pyramid:
    def __init__(self, up):
        self._up = up

    def low(self, coarse, like):
        """What the way up makes of the coarse image, in the size of `like`; on a copy, and given back as one."""
        n, c, height, width = like.size()
        return self._up(coarse.clone(), (int(height), int(width))).clone()


def laplacian(x: Tensor, levels: int, down, up) -> list[Tensor]:
    pyramid = _Pyramid(up)
    bands = [None] * (levels + 1)
    current, k = x.clone(), 0
    while k < levels:
        print("level", k, file=sys.stderr)
        coarse = down(current.clone())
        detail = pyramid.low(coarse, current)
        bands[k] = detail.neg_().add_(current)  # own copy
        current, k = coarse, k + 1
    bands[k] = current.clone()
    return tuple(bands)


def reconstruct(bands: list[Tensor], up) -> Tensor:
    pyramid = _Pyramid(up)
    k = len(bands) - 1
    image = bands[k].clone()
    while k:
        k -= 1
        image = pyramid.low(image, bands[k]).add_(bands[k])
    return image
''',
}
