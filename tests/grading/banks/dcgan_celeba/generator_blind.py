"""Wrong and right answers to the task `generator`, written by someone who had not seen its check."""

WRONG = {
    "eps_for_momentum": (
        "after transposed convolution 1 of 2 the scale of what comes in still",
        """
def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    n_up = int(math.log2(size // 4))
    maps = width * 2 ** (n_up - 1)
    layers = [nn.Linear(latent, maps * 16), nn.Unflatten(1, (maps, 4, 4)), nn.BatchNorm2d(maps), nn.ReLU(True)]
    for _ in range(n_up - 1):
        layers += [nn.ConvTranspose2d(maps, maps // 2, 4, 2, 1), nn.BatchNorm2d(maps // 2, 0.8), nn.ReLU(True)]
        maps //= 2
    layers += [nn.ConvTranspose2d(maps, channels, 4, 2, 1), nn.Tanh()]
    return nn.Sequential(*layers)
""",
    ),
    "always_eight_widths": (
        "convolution",
        """
class Generator(nn.Module):
    def __init__(self, latent, size, width, channels):
        super().__init__()
        maps = width * 8
        layers = [
            nn.ConvTranspose2d(latent, maps, 4, 1, 0, bias=False),
            nn.BatchNorm2d(maps),
            nn.ReLU(True),
        ]
        side = 4
        while side < size // 2:
            layers += [
                nn.ConvTranspose2d(maps, maps // 2, 4, 2, 1, bias=False),
                nn.BatchNorm2d(maps // 2),
                nn.ReLU(True),
            ]
            maps //= 2
            side *= 2
        layers += [nn.ConvTranspose2d(maps, channels, 4, 2, 1, bias=False), nn.Tanh()]
        self.main = nn.Sequential(*layers)

    def forward(self, z):
        return self.main(z[:, :, None, None])


def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    return Generator(latent, size, width, channels)
""",
    ),
    "norms_in_a_list": (
        "after the projection batch norm has no gain and shift to learn",
        """
class Generator(nn.Module):
    def __init__(self, latent, size, width, channels):
        super().__init__()
        ups = int(math.log2(size)) - 2
        maps = [width * 2**k for k in reversed(range(ups))] + [channels]
        self.project = nn.Linear(latent, maps[0] * 16)
        self.ups = nn.ModuleList(nn.ConvTranspose2d(a, b, 4, 2, 1) for a, b in zip(maps[:-1], maps[1:]))
        self.norms = [nn.BatchNorm2d(m) for m in maps[:-1]]

    def forward(self, z):
        x = self.project(z).view(len(z), -1, 4, 4)
        for norm, up in zip(self.norms, self.ups):
            x = up(F.relu(norm(x)))
        return torch.tanh(x)


def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    return Generator(latent, size, width, channels)
""",
    ),
    "relu_before_norm": (
        "after the projection the activation comes before batch norm: batch",
        """
def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    n_up = int(math.log2(size // 4))
    maps = [width * 2 ** (n_up - 1 - i) for i in range(n_up)] + [channels]
    layers = [nn.Linear(latent, maps[0] * 4 * 4), nn.Unflatten(1, (maps[0], 4, 4))]
    for i in range(n_up):
        layers += [nn.ReLU(), nn.BatchNorm2d(maps[i])]
        layers += [nn.ConvTranspose2d(maps[i], maps[i + 1], kernel_size=4, stride=2, padding=1)]
    layers.append(nn.Tanh())
    return nn.Sequential(*layers)
""",
    ),
    "sigmoid_stretched": (
        "which is tanh(x/2)",
        """
class Generator(nn.Module):
    def __init__(self, latent, size, width, channels):
        super().__init__()
        n_up = int(math.log2(size // 4))
        self.first = width * 2 ** (n_up - 1)
        self.fc = nn.Linear(latent, self.first * 16)
        body, maps = [], self.first
        for i in range(n_up):
            out = channels if i == n_up - 1 else maps // 2
            body += [nn.BatchNorm2d(maps), nn.ReLU(), nn.ConvTranspose2d(maps, out, 4, 2, 1)]
            maps = out
        self.body = nn.Sequential(*body)

    def forward(self, z):
        x = self.fc(z).view(-1, self.first, 4, 4)
        return 2 * torch.sigmoid(self.body(x)) - 1


def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    return Generator(latent, size, width, channels)
""",
    ),
    "codes_on_the_sphere": (
        "what reaches the projection is not z itself: nothing comes before it",
        """
class Generator(nn.Module):
    def __init__(self, latent, size, width, channels):
        super().__init__()
        n_up = int(math.log2(size // 4))
        maps = width * 2 ** (n_up - 1)
        layers = [nn.ConvTranspose2d(latent, maps, 4, 1, 0), nn.BatchNorm2d(maps), nn.ReLU(True)]
        for _ in range(n_up - 1):
            layers += [nn.ConvTranspose2d(maps, maps // 2, 4, 2, 1), nn.BatchNorm2d(maps // 2), nn.ReLU(True)]
            maps //= 2
        self.net = nn.Sequential(*layers, nn.ConvTranspose2d(maps, channels, 4, 2, 1), nn.Tanh())

    def forward(self, z):
        z = F.normalize(z, dim=1) * math.sqrt(z.shape[1])
        return self.net(z.reshape(z.shape[0], -1, 1, 1))


def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    return Generator(latent, size, width, channels)
""",
    ),
    "projection_without_norm": (
        "after the projection there is no batch norm",
        """
def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    def block(a, b):
        return nn.Sequential(nn.ConvTranspose2d(a, b, 4, 2, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU())

    n_up = int(math.log2(size // 4))
    maps = [width * 2**i for i in range(n_up)][::-1]
    return nn.Sequential(
        nn.Linear(latent, maps[0] * 16),
        nn.ReLU(),
        nn.Unflatten(1, (maps[0], 4, 4)),
        *[block(a, b) for a, b in zip(maps, maps[1:])],
        nn.ConvTranspose2d(maps[-1], channels, 4, 2, 1),
        nn.Tanh(),
    )
""",
    ),
}

RIGHT = {
    "bare_parameters_and_functions": '''
class _Functional(nn.Module):
    """No layer modules at all: weights, gains, shifts and running statistics are held by hand."""

    def __init__(self, latent, size, width, channels):
        super().__init__()
        self.ups = size.bit_length() - 3
        maps = [width << k for k in range(self.ups - 1, -1, -1)] + [channels]
        self.first = maps[0]
        self.projection = nn.Parameter(torch.randn(maps[0] * 16, latent) * 0.02)
        for i in range(self.ups):
            self.register_parameter(f"gain{i}", nn.Parameter(torch.ones(maps[i])))
            self.register_parameter(f"shift{i}", nn.Parameter(torch.zeros(maps[i])))
            self.register_buffer(f"mean{i}", torch.zeros(maps[i]))
            self.register_buffer(f"var{i}", torch.ones(maps[i]))
            self.register_parameter(f"up{i}", nn.Parameter(torch.randn(maps[i], maps[i + 1], 5, 5) * 0.02))

    def forward(self, z):
        x = F.linear(z, self.projection).reshape(z.shape[0], self.first, 4, 4)
        for i in range(self.ups):
            part = lambda name: getattr(self, f"{name}{i}")
            x = F.batch_norm(
                x, part("mean"), part("var"), part("gain"), part("shift"), training=self.training, momentum=0.1
            )
            x = F.conv_transpose2d(x.clamp(min=0), part("up"), stride=2, padding=2, output_padding=1)
        return x.tanh()


def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    return _Functional(latent, size, width, channels)
''',
    "nested_from_the_inside": '''
def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    def grown(side, maps):
        """A network from z to `maps` normalised, rectified maps of this side."""
        if side == 4:
            return nn.Sequential(
                nn.Linear(latent, maps * 16, bias=False),
                nn.BatchNorm1d(maps * 16, momentum=0.05),
                nn.ReLU(),
                nn.Unflatten(1, (maps, 4, 4)),
            )
        return nn.Sequential(
            grown(side // 2, 2 * maps),
            nn.ConvTranspose2d(2 * maps, maps, 5, stride=2, padding=2, output_padding=1, bias=False),
            nn.BatchNorm2d(maps, eps=1e-4, momentum=0.05),
            nn.ReLU(inplace=True),
        )

    return nn.Sequential(grown(size // 2, width), nn.ConvTranspose2d(width, channels, 4, 2, 1), nn.Tanh())
''',
    "norm_before_each_convolution": """
import warnings


class NormReluUp(nn.Module):
    def __init__(self, norm_maps, out_maps):
        super().__init__()
        self.up = nn.ConvTranspose2d(norm_maps, out_maps, kernel_size=(4, 4), stride=(2, 2), padding=(1, 1))
        self.norm = nn.BatchNorm2d(norm_maps)

    def forward(self, x):
        return self.up(torch.relu(self.norm(x)))


class Painter(nn.Module):
    def __init__(self, latent, size, width, channels):
        super().__init__()
        if size > 64:
            warnings.warn("this will take long without a GPU")
        blocks, side, maps, out = [], size // 2, width, channels
        while side >= 4:  # from the picture back to the code
            blocks.insert(0, NormReluUp(maps, out))
            out, maps, side = maps, 2 * maps, side // 2
        self.blocks = nn.ModuleList(blocks)
        self.project = nn.ConvTranspose2d(latent, out, 4)

    def forward(self, z):
        x = self.project(z.unsqueeze(-1).unsqueeze(-1))
        for block in self.blocks:
            x = block(x)
        return torch.tanh(x)


def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    return Painter(latent, size, width, channels).train()
""",
}
