"""Wrong and right answers to the task `discriminator`, written by someone who had not seen its check."""

WRONG = {
    "slope_lost_to_inplace": (
        "after convolution 2 of 2 batch norm is followed by leaky ReLU with",
        """
def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    L = int(math.log2(size // 4))
    layers = [nn.Conv2d(channels, width, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True)]
    maps = width
    for _ in range(L - 1):
        layers += [nn.Conv2d(maps, 2 * maps, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * maps), nn.LeakyReLU(inplace=True)]
        maps *= 2
    return nn.Sequential(*layers, nn.Conv2d(maps, 1, 4, 1, 0, bias=False), nn.Flatten())
""",
    ),
    "no_norm_before_the_end": (
        "after convolution 2 of 2 there is no batch norm",
        """
def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    L = int(math.log2(size // 4))
    layers, before = [], channels
    for k in range(L):
        maps = width * 2**k
        layers.append(nn.Conv2d(before, maps, 4, 2, 1))
        if 0 < k < L - 1:
            layers.append(nn.BatchNorm2d(maps))
        layers.append(nn.LeakyReLU(0.2))
        before = maps
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(before * 16, 1))
""",
    ),
    "reflected_edges": (
        ", channels=3: the convolutions get maps of sides [18, 10]: each",
        """
def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    L = int(math.log2(size // 4))
    maps = [channels] + [width * 2**k for k in range(L)]
    layers = []
    for k in range(L):
        layers.append(nn.Conv2d(maps[k], maps[k + 1], 4, stride=2, padding=1, padding_mode="reflect"))
        if k:
            layers.append(nn.BatchNorm2d(maps[k + 1]))
        layers.append(nn.LeakyReLU(0.2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(maps[-1] * 16, 1))
""",
    ),
    "patch_average": (
        "the logits are not the output of the last layer: something else comes",
        """
class PatchD(nn.Module):
    def __init__(self, size, width, channels):
        super().__init__()
        layers = [nn.Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(0.2, True)]
        maps = width
        for _ in range(int(math.log2(size // 4)) - 1):
            layers += [nn.Conv2d(maps, maps * 2, 4, 2, 1, bias=False), nn.BatchNorm2d(maps * 2)]
            layers += [nn.LeakyReLU(0.2, True)]
            maps *= 2
        layers += [nn.Conv2d(maps, 1, kernel_size=4, stride=1, padding=1)]
        self.model = nn.Sequential(*layers)

    def forward(self, x):
        return self.model(x).mean(dim=(2, 3))


def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    return PatchD(size, width, channels)
""",
    ),
    "cap_eight_widths": (
        "]: `width` maps after the first one, twice as many with each further",
        """
def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    L = int(math.log2(size // 4))
    layers, mult = [nn.Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(0.2, True)], 1
    for k in range(1, L):
        before, mult = mult, min(2**k, 8)
        layers += [nn.Conv2d(width * before, width * mult, 4, 2, 1), nn.BatchNorm2d(width * mult),
                   nn.LeakyReLU(0.2, True)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(width * mult * 16, 1))
""",
    ),
    "instance_noise": (
        "the same input gave two different outputs: no dropout and no noise",
        """
class Noise(nn.Module):
    def forward(self, x):
        return x + 0.05 * torch.randn_like(x) if self.training else x


def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    layers, maps = [Noise(), nn.Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(0.2)], width
    for _ in range(int(math.log2(size // 4)) - 1):
        layers += [nn.Conv2d(maps, 2 * maps, 4, 2, 1), nn.BatchNorm2d(2 * maps), nn.LeakyReLU(0.2)]
        maps *= 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(maps * 16, 1))
""",
    ),
    "detaches_the_pictures": (
        "no gradient reaches the images: it is detached inside D",
        """
class Discriminator(nn.Module):
    def __init__(self, size, width, channels):
        super().__init__()
        layers, maps = [nn.Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(0.2)], width
        for _ in range(int(math.log2(size // 4)) - 1):
            layers += [nn.Conv2d(maps, 2 * maps, 4, 2, 1), nn.BatchNorm2d(2 * maps), nn.LeakyReLU(0.2)]
            maps *= 2
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(maps * 16, 1)

    def forward(self, x):
        return self.head(self.features(x.detach()).flatten(1))


def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    return Discriminator(size, width, channels)
""",
    ),
    "tensorflow_same": (
        ", channels=3: the convolutions get maps of sides [19, 11]: each",
        """
class SameConv(nn.Conv2d):
    def forward(self, x):
        return super().forward(F.pad(x, (1, 2, 1, 2)))


def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    layers, maps = [SameConv(channels, width, 5, stride=2), nn.LeakyReLU(0.2)], width
    for _ in range(int(math.log2(size // 4)) - 1):
        layers += [SameConv(maps, 2 * maps, 5, stride=2), nn.BatchNorm2d(2 * maps), nn.LeakyReLU(0.2)]
        maps *= 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(maps * 16, 1))
""",
    ),
    "slope_is_learned": (
        "after the first convolution comes leaky ReLU with slope",
        """
def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    layers, maps = [nn.Conv2d(channels, width, 4, 2, 1), nn.PReLU(init=0.2)], width
    for _ in range(int(math.log2(size // 4)) - 1):
        layers += [nn.Conv2d(maps, 2 * maps, 4, 2, 1), nn.BatchNorm2d(2 * maps), nn.PReLU(init=0.2)]
        maps *= 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(maps * 16, 1))
""",
    ),
    "leaky_before_norm": (
        "after convolution 2 of 2 the activation comes before batch norm:",
        """
def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    def block(a, b, bn=True):
        layers = [nn.Conv2d(a, b, 4, 2, 1), nn.LeakyReLU(0.2, inplace=True)]
        if bn:
            layers.append(nn.BatchNorm2d(b))
        return layers

    L = int(math.log2(size // 4))
    maps = [width * 2**k for k in range(L)]
    layers = block(channels, width, bn=False)
    for a, b in zip(maps, maps[1:]):
        layers += block(a, b)
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(maps[-1] * 16, 1))
""",
    ),
}

RIGHT = {
    "all_functional": '''
class FunctionalD(nn.Module):
    """Parameters and functions; leaky ReLU is max(x, x / 5); the last layer is an einsum."""

    def __init__(self, size, width, channels):
        super().__init__()
        self.count = size.bit_length() - 3
        maps = [channels] + [width << k for k in range(self.count)]
        for k in range(self.count):
            self.register_parameter(f"kernel{k}", nn.Parameter(torch.randn(maps[k + 1], maps[k], 5, 5) * 0.02))
            if k:
                self.register_parameter(f"gain{k}", nn.Parameter(torch.ones(maps[k + 1])))
                self.register_parameter(f"shift{k}", nn.Parameter(torch.zeros(maps[k + 1])))
                self.register_buffer(f"mean{k}", torch.zeros(maps[k + 1]))
                self.register_buffer(f"var{k}", torch.ones(maps[k + 1]))
        self.last = nn.Parameter(torch.randn(maps[-1], 4, 4, 1) * 0.02)
        self.offset = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        for k in range(self.count):
            x = F.conv2d(x, getattr(self, f"kernel{k}"), stride=2, padding=2)
            if k:
                mean, var, gain, shift = (getattr(self, f"{name}{k}") for name in ("mean", "var", "gain", "shift"))
                x = F.batch_norm(x, mean, var, gain, shift, self.training)
            x = torch.maximum(x, 0.2 * x)
        return torch.einsum("nchw,chwo->no", x, self.last) + self.offset


def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    return FunctionalD(size, width, channels)
''',
    "recursive_mixed_kernels": '''
class Shrink(nn.Module):
    """Built from the inside: the network for half the side is a part of the network for the side."""

    def __init__(self, before, maps, side, first):
        super().__init__()
        kernel = 5 if first else 4
        self.conv = nn.Conv2d(before, maps, kernel, stride=2, padding=kernel // 2 if first else 1, bias=first)
        self.norm = nn.Identity() if first else nn.BatchNorm2d(maps, eps=1e-6, momentum=0.01)
        if side == 8:
            self.inner = nn.Conv2d(maps, 1, 4)
        else:
            self.inner = Shrink(maps, maps + maps, side // 2, False)

    def forward(self, x):
        x = self.norm(self.conv(x))
        return self.inner(torch.where(x > 0, x, x / 5)).view(x.shape[0], 1)


def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    D = Shrink(channels, width, size, True)
    print(f"D for {size} pixels has {sum(p.numel() for p in D.parameters())} parameters")
    return D
''',
}
