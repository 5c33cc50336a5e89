"""Wrong and right answers to the task `sample_chain`: texts of its solution cell."""

_RIGHT = """
def sample_chain(base, generators, z, up):
    image = base(z[0])
    images = [image]
    for G, noise in zip(generators, z[1:]):
        low = up(image, noise.shape[-2:])
        image = low + G(noise, low)
        images.append(image)
    return images
"""


def _changed(*changes: tuple[str, str]) -> str:
    source = _RIGHT
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    return source


WRONG = {
    "first_plane_everywhere": (
        "every level gets the first plane of noise",
        _changed(("G(noise, low)", "G(z[1], low)")),
    ),
    "noise_of_the_level_before": (
        "code stopped with ValueError: G(z, l) takes",
        _changed(("zip(generators, z[1:])", "zip(generators, z)")),
    ),
    "noise_in_reversed_order": (
        "the planes of noise are used in the wrong order",
        _changed(("z[1:])", "z[:0:-1])")),
    ),
    "fresh_noise": (
        "z the plane given for this level",
        _changed(("G(noise, low)", "G(torch.rand_like(noise) * 2 - 1, low)")),
    ),
    "no_noise": ("zeros in place of their noise", _changed(("G(noise, low)", "G(0 * noise, low)"))),
    "generators_in_reversed_order": (
        "the generators are used in the wrong order",
        _changed(("zip(generators,", "zip(generators[::-1],")),
    ),
    "both_in_reversed_order": (
        "the generators and the noise are used in the wrong order",
        _changed(("zip(generators, z[1:])", "list(zip(generators, z[1:]))[::-1]")),
    ),
    "condition_not_expanded": (
        "the condition is the image before `up`",
        _changed(("G(noise, low)", "G(noise, image)")),
    ),
    "added_to_the_image_before": (
        "G's detail is added to the image before `up`",
        _changed(("image = low + G", "image = image + G")),
    ),
    "never_expanded": ("`up` is missing", _changed(("up(image, noise.shape[-2:])", "image"))),
    "detail_not_added": ("the detail is not added", _changed(("low + G(noise, low)", "G(noise, low)"))),
    "detail_subtracted": (
        "G's detail is subtracted",
        _changed(("low + G(noise, low)", "low - G(noise, low)")),
    ),
    "added_twice": (
        "l and the image before it are both added",
        _changed(("image = low + G", "image = image + low + G")),
    ),
    "detail_expanded": (
        "`up` is applied to the detail as well",
        _changed(("low + G(noise, low)", "low + up(G(noise, low), noise.shape[-2:])")),
    ),
    "expanded_after_the_sum": (
        "the sum goes through `up`",
        _changed(
            ("low = up(image, noise.shape[-2:])", "low = image"),
            ("low + G(noise, low)", "up(low + G(noise, low), noise.shape[-2:])"),
        ),
    ),
    "goes_on_with_the_detail": (
        "the next level is given the detail",
        _changed(
            (
                "image = low + G(noise, low)\n        images.append(image)",
                "image = G(noise, low)\n        images.append(low + image)",
            )
        ),
    ),
    "goes_on_with_the_condition": (
        "the next level is given l alone",
        _changed(
            (
                "image = low + G(noise, low)\n        images.append(image)",
                "image = low\n        images.append(low + G(noise, low))",
            )
        ),
    ),
    "condition_of_the_base": (
        "G gets the base's image as condition at every level",
        _changed(("G(noise, low)", "G(noise, up(images[0], noise.shape[-2:]))")),
    ),
    "clamped": (
        "the sum is clamped to [-1, 1]",
        _changed(("image = low + G(noise, low)", "image = (low + G(noise, low)).clamp(-1, 1)")),
    ),
    "clamped_at_the_end": (
        "the images returned are clamped",
        _changed(("return images", "return [x.clamp(-1, 1) for x in images]")),
    ),
    "base_through_tanh": (
        "the base's image goes through tanh",
        _changed(("base(z[0])", "base(z[0]).tanh()")),
    ),
    "details_returned": (
        "these are the details",
        _changed(("images.append(image)", "images.append(image - low)")),
    ),
    "fine_to_coarse": ("the list is in the wrong order", _changed(("return images", "return images[::-1]"))),
    "last_image_only": ("a list of all images was expected", _changed(("return images", "return image"))),
    "sizes_doubled": (
        "code stopped with ValueError: G(z, l) takes",
        _changed(("up(image, noise.shape[-2:])", "up(image, (2 * image.shape[-2], 2 * image.shape[-1]))")),
    ),
    "networks_in_eval_mode": (
        "the mode of a network",
        _changed(
            (
                "    image = base(z[0])",
                "    for net in (base, *generators):\n        net.eval()\n    image = base(z[0])",
            )
        ),
    ),
    "pops_the_noise": (
        "changed a list",
        _changed(("base(z[0])", "base(z.pop(0))"), ("z[1:])", "z)")),
    ),
    "images_edited_in_place": (
        "image 0 is wrong; it is base(z[0])",
        """
@torch.no_grad()
def sample_chain(base, generators, z, up):
    images = [base(z[0])]
    for G, noise in zip(generators, z[1:]):
        images[-1].mul_(0.5).add_(0.5)  # to [0, 1], for showing
        low = up(images[-1] * 2 - 1, noise.shape[-2:])
        images.append(low + G(noise, low))
    return images
""",
    ),
    "one_list_entry_overwritten": (
        "image",
        _changed(
            ("        images.append(image)", "        images[-1] = image\n        images.append(image)")
        ),
    ),
    "not_done": ("not answered yet", _changed(("    return images", "    images"))),
}

RIGHT = {
    "loop": _RIGHT,
    "recursion": """
def sample_chain(base, generators, z, up):
    if not generators:
        return [base(z[0])]
    coarser = sample_chain(base, generators[:-1], z[:-1], up)
    low = up(coarser[-1], tuple(z[-1].shape[2:]))
    return coarser + [torch.add(low, generators[-1](z[-1], low))]
""",
    "index_and_no_grad": """
@torch.no_grad()
def sample_chain(base, generators, z, up):
    images = []
    for i in range(len(z)):
        if i == 0:
            images.append(base(z[i]))
            continue
        n, _, height, width = z[i].shape
        condition = up(images[i - 1], [height, width])
        images.append(condition + generators[i - 1](z[i], condition))
    return tuple(images)
""",
    "generator_function": """
def _rise(image, generators, planes, up):
    yield image
    for G, plane in zip(generators, planes, strict=True):
        low = up(image, plane.shape[-2:])
        image = sum([low, G(plane, low)])
        yield image

def sample_chain(base, generators, z, up):
    return list(_rise(base(z[0]), generators, z[1:], up))
""",
    "accumulate": """
from itertools import accumulate

def sample_chain(base, generators, z, up):
    first, *planes = z
    def step(image, level):
        G, plane = level
        low = up(image, plane.size()[-2:]).clone()
        return low + G(plane, low)
    return [x.detach() for x in accumulate(zip(generators, planes), step, initial=base(first))]
""",
    "eval_mode_and_back": """
def sample_chain(base, generators, z, up):
    modes = [net.training for net in (base, *generators)]
    for net in (base, *generators):
        net.eval()
    with torch.no_grad():
        images = [base(z[0])]
        for G, plane in zip(generators, z[1:]):
            low = up(images[-1], plane.shape[-2:])
            images.append(G(plane, low).add_(low))
    for net, mode in zip((base, *generators), modes):
        net.train(mode)
    return images
""",
    "details_kept_apart": """
def sample_chain(base, generators, z, up):
    noise = iter(z)
    images, details = [base(next(noise))], []
    for G in generators:
        plane = next(noise)
        low = up(images[-1], plane.shape[2:])
        details.append(G(plane, low))
        images += [details[-1] + low]
    return images
""",
}
