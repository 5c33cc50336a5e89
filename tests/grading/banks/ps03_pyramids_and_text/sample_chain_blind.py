"""Wrong and right answers to the task `sample_chain`, written by someone who had not seen its check."""

WRONG = {
    "low_added_in_place": (
        "a chain of a base and 2 generators: image 0 is wrong; it is",
        """
def sample_chain(base: nn.Module, generators: list[nn.Module], z: list[Tensor], up) -> list[Tensor]:
    images = [base(z[0])]
    for G, plane in zip(generators, z[1:]):
        low = up(images[-1], tuple(plane.shape[-2:]))
        low += G(plane, low)
        images.append(low)
    return images
""",
    ),
    "pops_the_noise": (
        "your function changed a list that it was given: avoid pop() on it, or",
        """
def sample_chain(base: nn.Module, generators: list[nn.Module], z: list[Tensor], up) -> list[Tensor]:
    images = [base(z.pop(0))]
    for generator in generators:
        noise = z.pop(0)
        low = up(images[-1], tuple(noise.shape[-2:]))
        images.append(low + generator(noise, low))
    return images
""",
    ),
    "base_put_into_the_list": (
        "your function changed a list that it was given: avoid pop() on it, or",
        """
def sample_chain(base: nn.Module, generators: list[nn.Module], z: list[Tensor], up) -> list[Tensor]:
    generators.insert(0, base)
    images = []
    for i, net in enumerate(generators):
        if i == 0:
            images.append(net(z[0]))
        else:
            low = up(images[-1], tuple(z[i].shape[-2:]))
            images.append(net(z[i], low) + low)
    return images
""",
    ),
    "no_list_without_generators": (
        "a chain of a base and 0 generators gives Tensor; a list of all images",
        """
def sample_chain(base: nn.Module, generators: list[nn.Module], z: list[Tensor], up) -> list[Tensor]:
    image = base(z[0])
    if len(generators) == 0:
        return image
    images = [image]
    for generator, plane in zip(generators, z[1:]):
        low = up(images[-1], tuple(plane.shape[-2:]))
        images.append(low + generator(plane, low))
    return images
""",
    ),
    "expands_before_the_loop": (
        "your code stopped with IndexError: list index out of range",
        """
def sample_chain(base: nn.Module, generators: list[nn.Module], z: list[Tensor], up) -> list[Tensor]:
    images = [base(z[0])]
    low = up(images[0], tuple(z[1].shape[-2:]))
    for i, generator in enumerate(generators):
        images.append(low + generator(z[i + 1], low))
        if i + 2 < len(z):
            low = up(images[-1], tuple(z[i + 2].shape[-2:]))
    return images
""",
    ),
    "size_by_keyword": (
        "your code stopped with TypeError: way_up.<locals>.up() got some",
        """
def sample_chain(base: nn.Module, generators: list[nn.Module], z: list[Tensor], up) -> list[Tensor]:
    out = [base(z[0])]
    for generator, noise in zip(generators, z[1:]):
        low = up(out[-1], size=tuple(noise.shape[-2:]))
        out.append(low + generator(noise, low))
    return out
""",
    ),
    "list_as_default": (
        "images, expected 4: that",
        """
def sample_chain(base: nn.Module, generators: list[nn.Module], z: list[Tensor], up, images=[]):
    images.append(base(z[0]))
    for generator, plane in zip(generators, z[1:]):
        low = up(images[-1], tuple(plane.shape[-2:]))
        images.append(low + generator(plane, low))
    return images
""",
    ),
    "noise_with_pixels": (
        "your code stopped with ValueError: base takes noise (n, 4), z[0], not",
        """
def sample_chain(base: nn.Module, generators: list[nn.Module], z: list[Tensor], up) -> list[Tensor]:
    image = base(z[0][:, :, None, None])
    images = [image]
    for generator, plane in zip(generators, z[1:]):
        low = up(image, tuple(plane.shape[-2:]))
        image = low + generator(plane, low)
        images.append(image)
    return images
""",
    ),
    "plane_for_every_channel": (
        "your code stopped with ValueError: G(z, l) takes z (n, 1, h, w) and l",
        """
def sample_chain(base: nn.Module, generators: list[nn.Module], z: list[Tensor], up) -> list[Tensor]:
    image = base(z[0])
    images = [image]
    for generator, plane in zip(generators, z[1:]):
        low = up(image, tuple(plane.shape[-2:]))
        image = low + generator(plane.expand_as(low), low)
        images.append(image)
    return images
""",
    ),
    "returns_float32": (
        "image 0 of a chain of a base and 3 generators has dtype",
        """
def sample_chain(base: nn.Module, generators: list[nn.Module], z: list[Tensor], up) -> list[Tensor]:
    image = base(z[0])
    images = [image.detach().float()]
    for generator, plane in zip(generators, z[1:]):
        low = up(image, tuple(plane.shape[-2:]))
        image = low + generator(plane, low)
        images.append(image.detach().float())
    return images
""",
    ),
    "size_of_squeezed_plane": (
        "your code stopped with ValueError: up(x, size) takes size = (height,",
        """
def sample_chain(base: nn.Module, generators: list[nn.Module], z: list[Tensor], up) -> list[Tensor]:
    images = [base(z[0])]
    for generator, plane in zip(generators, z[1:]):
        size = tuple(plane.squeeze().shape)
        low = up(images[-1], size)
        images.append(low + generator(plane, low))
    return images
""",
    ),
    "interpolates": (
        "`up` is missing: l = up(image) is G's condition, and what its detail",
        """
def sample_chain(base: nn.Module, generators: list[nn.Module], z: list[Tensor], up) -> list[Tensor]:
    images = [base(z[0])]
    for generator, plane in zip(generators, z[1:]):
        low = F.interpolate(images[-1], size=plane.shape[-2:], mode="nearest")
        images.append(low + generator(plane, low))
    return images
""",
    ),
    "images_by_size": (
        "a chain of a base and 3 generators gives 1 images, expected 4: that",
        """
def sample_chain(base: nn.Module, generators: list[nn.Module], z: list[Tensor], up) -> list[Tensor]:
    image = base(z[0])
    images = {tuple(image.shape[-2:]): image}
    for generator, plane in zip(generators, z[1:]):
        size = tuple(plane.shape[-2:])
        low = up(image, size)
        image = low + generator(plane, low)
        images[size] = image
    return list(images.values())
""",
    ),
    "no_up_without_growth": (
        "`up` is missing: l = up(image) is G's condition, and what its detail",
        """
def sample_chain(base: nn.Module, generators: list[nn.Module], z: list[Tensor], up) -> list[Tensor]:
    image = base(z[0])
    images = [image]
    for generator, plane in zip(generators, z[1:]):
        size = tuple(plane.shape[-2:])
        low = image if tuple(image.shape[-2:]) == size else up(image, size)
        image = low + generator(plane, low)
        images.append(image)
    return images
""",
    ),
    "always_two_levels": (
        "a chain of a base and 3 generators gives 3 images, expected 4: that",
        """
def sample_chain(base: nn.Module, generators: list[nn.Module], z: list[Tensor], up) -> list[Tensor]:
    coarse = base(z[0])
    low1 = up(coarse, tuple(z[1].shape[-2:]))
    middle = low1 + generators[0](z[1], low1)
    low2 = up(middle, tuple(z[2].shape[-2:]))
    fine = low2 + generators[1](z[2], low2)
    return [coarse, middle, fine]
""",
    ),
}

RIGHT = {
    "accumulate": '''
from itertools import accumulate


def sample_chain(base: nn.Module, generators: list[nn.Module], z: list[Tensor], up) -> list[Tensor]:
    """The images of the chain, coarse to fine."""

    def refine(image, level):
        network, plane = level
        height, width = plane.shape[-2:]
        low = up(image, (height, width))
        return torch.add(network(plane, low), low)

    return list(accumulate(zip(generators, z[1:]), refine, initial=base(z[0])))
''',
    "recursion_from_the_fine_end": """
import warnings


def sample_chain(base: nn.Module, generators: list[nn.Module], z: list[Tensor], up) -> list[Tensor]:
    if len(generators) == 0:
        warnings.warn("the chain is the base alone")
        return [base(z[0])]
    earlier = sample_chain(base, generators[:-1], z[:-1], up)
    plane = z[len(generators)]
    low = up(earlier[-1], (int(plane.size(-2)), int(plane.size(-1))))
    return [*earlier, low + generators[-1](plane, low)]
""",
    "lazy_modules": """
class _Level(nn.Module):
    def __init__(self, generator, up):
        super().__init__()
        self.parts = (generator, up)  # in a tuple, so that plain functions are welcome

    def forward(self, image, plane):
        generator, up = self.parts
        low = up(image.clone(), tuple(plane.shape[-2:])).clone()
        return sum((generator(plane, low), low))


def _chain(base, generators, z, up):
    noise = iter(z)
    image = base(next(noise))
    yield image
    for k, plane in enumerate(noise):
        image = _Level(generators[k], up)(image, plane)
        print(f"level {k + 1}: {tuple(image.shape)}", end="; ")
        yield image


def sample_chain(base: nn.Module, generators: list[nn.Module], z: list[Tensor], up) -> list[Tensor]:
    return tuple(_chain(base, generators, z, up))
""",
}
