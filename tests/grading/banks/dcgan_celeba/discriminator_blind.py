"""Wrong and right answers to the task `discriminator`, written by someone who had not seen its check."""

WRONG = {
    "norm_after_the_first": (
        "after the first convolution comes batch norm: the layer at the input",
        """
def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    layers, a, b = [], channels, width
    for _ in range(int(math.log2(size // 4))):
        layers += [nn.Conv2d(a, b, 4, 2, 1, bias=False), nn.BatchNorm2d(b), nn.LeakyReLU(0.2)]
        a, b = b, 2 * b
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(a * 16, 1))
""",
    ),
    "slope_forgotten": (
        "after the first convolution comes leaky ReLU with slope 0.01:",
        """
def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    n_down = int(math.log2(size // 4))
    layers = [nn.Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(inplace=True)]
    maps = width
    for _ in range(n_down - 1):
        layers += [nn.Conv2d(maps, maps * 2, 4, 2, 1), nn.BatchNorm2d(maps * 2), nn.LeakyReLU(inplace=True)]
        maps *= 2
    layers += [nn.Flatten(), nn.Linear(maps * 16, 1)]
    return nn.Sequential(*layers)
""",
    ),
    "sigmoid_at_the_end": (
        "a sigmoid follows the last layer: return logits, the loss takes care",
        """
class Discriminator(nn.Module):
    def __init__(self, size, width, channels):
        super().__init__()
        layers = [nn.Conv2d(channels, width, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True)]
        maps, side = width, size // 2
        while side > 4:
            layers += [
                nn.Conv2d(maps, maps * 2, 4, 2, 1, bias=False),
                nn.BatchNorm2d(maps * 2),
                nn.LeakyReLU(0.2, inplace=True),
            ]
            maps, side = maps * 2, side // 2
        layers += [nn.Conv2d(maps, 1, 4, 1, 0, bias=False), nn.Sigmoid()]
        self.main = nn.Sequential(*layers)

    def forward(self, x):
        return self.main(x).view(-1, 1)


def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    return Discriminator(size, width, channels)
""",
    ),
    "never_more_than_eight_widths": (
        "]: `width` maps after the first one, twice as many with each further",
        """
def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    n_down = int(math.log2(size // 4))
    maps = [channels] + [width * min(2**i, 8) for i in range(n_down)]
    layers = []
    for i in range(n_down):
        layers.append(nn.Conv2d(maps[i], maps[i + 1], kernel_size=4, stride=2, padding=1))
        if i > 0:
            layers.append(nn.BatchNorm2d(maps[i + 1]))
        layers.append(nn.LeakyReLU(0.2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(maps[-1] * 16, 1))
""",
    ),
    "dropout": (
        "the same input gave two different outputs: no dropout and no noise",
        """
def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    def block(a, b, bn=True):
        layers = [nn.Conv2d(a, b, 4, 2, 1)]
        if bn:
            layers.append(nn.BatchNorm2d(b))
        layers += [nn.LeakyReLU(0.2, inplace=True), nn.Dropout2d(0.25)]
        return layers

    n_down = int(math.log2(size // 4))
    layers = block(channels, width, bn=False)
    for i in range(n_down - 1):
        layers += block(width * 2**i, width * 2 ** (i + 1))
    layers += [nn.Flatten(), nn.Linear(width * 2 ** (n_down - 1) * 16, 1)]
    return nn.Sequential(*layers)
""",
    ),
    "global_average_pooling": (
        "adaptive_avg_pool2d runs in D: no pooling, strides do its work",
        """
def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    layers = [nn.Conv2d(channels, width, 5, 2, 2), nn.LeakyReLU(0.2)]
    maps = width
    for _ in range(int(math.log2(size // 8))):
        layers += [nn.Conv2d(maps, 2 * maps, 5, 2, 2), nn.BatchNorm2d(2 * maps), nn.LeakyReLU(0.2)]
        maps = 2 * maps
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(maps, 1)]
    return nn.Sequential(*layers)
""",
    ),
    "mirrored_border": (
        ", channels=3: the convolutions get maps of sides [18, 10]: each",
        """
def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    n_down = int(math.log2(size // 4))
    layers, maps = [], channels
    for i in range(n_down):
        out = width * 2**i
        layers.append(nn.Conv2d(maps, out, 4, 2, 1, padding_mode="reflect"))
        if i:
            layers.append(nn.BatchNorm2d(out))
        layers.append(nn.LeakyReLU(0.2))
        maps = out
    layers += [nn.Conv2d(maps, 1, 4), nn.Flatten()]
    return nn.Sequential(*layers)
""",
    ),
}

RIGHT = {
    "bare_parameters_and_functions": """
class _Critic(nn.Module):
    def __init__(self, size, width, channels):
        super().__init__()
        self.filters = nn.ParameterList()
        self.gains, self.shifts = nn.ParameterList(), nn.ParameterList()
        a, b, side = channels, width, size
        while side > 4:
            if self.filters:
                self.gains.append(torch.ones(b))
                self.shifts.append(torch.zeros(b))
                self.register_buffer(f"mean_{len(self.gains)}", torch.zeros(b))
                self.register_buffer(f"var_{len(self.gains)}", torch.ones(b))
            self.filters.append(torch.empty(b, a, 5, 5).normal_(0, 0.02))
            a, b, side = b, 2 * b, side // 2
        self.head = nn.Parameter(torch.randn(a, 4, 4) * 0.02)
        self.offset = nn.Parameter(torch.zeros(()))

    def forward(self, x):
        for i, w in enumerate(self.filters):
            x = F.conv2d(F.pad(x, (2, 2, 2, 2)), w, stride=2)
            if i > 0:
                mean, var = getattr(self, f"mean_{i}"), getattr(self, f"var_{i}")
                x = F.batch_norm(x, mean, var, self.gains[i - 1], self.shifts[i - 1], self.training)
            x = torch.maximum(x, 0.2 * x)
        return torch.einsum("nchw,chw->n", x, self.head).unsqueeze(1) + self.offset


def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    return _Critic(size, width, channels)
""",
    "last_layer_a_convolution": """
class Down(nn.Module):
    def __init__(self, a, b, first):
        super().__init__()
        self.conv = nn.Conv2d(a, b, kernel_size=5, stride=2, padding=2, bias=first)
        self.norm = nn.Identity() if first else nn.BatchNorm2d(b)

    def forward(self, x):
        return F.leaky_relu(self.norm(self.conv(x)), negative_slope=0.2)


class Judge(nn.Module):
    def __init__(self, size, width, channels):
        super().__init__()
        maps, self.names = channels, []
        for i in range(round(math.log2(size / 4))):
            self.names.append(f"down{i}")
            self.add_module(self.names[-1], Down(maps, width * 2**i, first=i == 0))
            maps = width * 2**i
        self.verdict = nn.Conv2d(maps, 1, 4)

    def forward(self, pictures):
        for name in self.names:
            pictures = getattr(self, name)(pictures)
        return self.verdict(pictures).flatten(1)


def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    net = Judge(size, width, channels)
    print(sum(p.numel() for p in net.parameters()), "weights in D")
    return net
""",
    "built_from_the_end": '''
from collections import OrderedDict


def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    def rest(side, maps):
        """What follows `maps` maps of this side: a network to the logit."""
        if side == 4:
            return nn.Sequential(nn.Flatten(start_dim=1), nn.Linear(16 * maps, 1, bias=False))
        return nn.Sequential(
            OrderedDict(
                halve=nn.Conv2d(maps, maps * 2, 4, stride=2, padding=1),
                norm=nn.BatchNorm2d(maps * 2, eps=1e-4, momentum=0.2),
                bend=nn.LeakyReLU(0.2, inplace=True),
                rest=rest(side // 2, maps * 2),
            )
        )

    return nn.Sequential(
        nn.Conv2d(channels, width, 4, stride=2, padding=1), nn.LeakyReLU(negative_slope=0.2), rest(size // 2, width)
    )
''',
}
