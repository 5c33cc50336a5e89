"""Wrong and right answers to the task `generator`, written by someone who had not seen its check."""

WRONG = {
    "keras_eps": (
        "after the projection the eps of batch norm is about 0.001: at most",
        """
def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    L = int(math.log2(size // 4))
    maps = width * 2 ** (L - 1)
    layers = [nn.Linear(latent, maps * 16, bias=False), nn.Unflatten(1, (maps, 4, 4)),
              nn.BatchNorm2d(maps, eps=0.001, momentum=0.01), nn.ReLU()]
    for _ in range(L - 1):
        layers += [nn.ConvTranspose2d(maps, maps // 2, 5, 2, 2, 1, bias=False),
                   nn.BatchNorm2d(maps // 2, eps=0.001, momentum=0.01), nn.ReLU()]
        maps //= 2
    return nn.Sequential(*layers, nn.ConvTranspose2d(maps, channels, 5, 2, 2, 1, bias=False), nn.Tanh())
""",
    ),
    "cap_eight_widths": (
        "]: `width` maps come before the last layer, twice as many one layer",
        """
def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    L = int(math.log2(size)) - 2
    maps = [width * min(2**k, 8) for k in reversed(range(L))]
    layers = [nn.ConvTranspose2d(latent, maps[0], 4, 1, 0, bias=False), nn.BatchNorm2d(maps[0]), nn.ReLU(True)]
    for a, b in zip(maps[:-1], maps[1:]):
        layers += [nn.ConvTranspose2d(a, b, 4, 2, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU(True)]
    layers += [nn.ConvTranspose2d(maps[-1], channels, 4, 2, 1, bias=False), nn.Tanh()]
    return nn.Sequential(nn.Unflatten(1, (latent, 1, 1)), *layers)
""",
    ),
    "maps_one_octave_up": (
        "]: `width` maps come before the last layer, twice as many one layer",
        """
def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    L = round(math.log2(size / 4))
    maps = width * 2**L
    layers = [nn.Linear(latent, maps * 4 * 4), nn.Unflatten(1, (maps, 4, 4)), nn.BatchNorm2d(maps), nn.ReLU()]
    for k in range(L):
        last = k == L - 1
        out = channels if last else maps // 2
        layers.append(nn.ConvTranspose2d(maps, out, 4, stride=2, padding=1))
        layers += [nn.Tanh()] if last else [nn.BatchNorm2d(out), nn.ReLU()]
        maps = out
    return nn.Sequential(*layers)
""",
    ),
    "always_starts_at_eight": (
        "]: `width` maps come before the last layer, twice as many one layer",
        """
def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    L = int(math.log2(size // 4))
    maps = 8 * width
    net = nn.Sequential(nn.Unflatten(1, (latent, 1, 1)))
    net.append(nn.ConvTranspose2d(latent, maps, 4, 1, 0, bias=False))
    for _ in range(L - 1):
        after = max(maps // 2, 1)
        net.extend([nn.BatchNorm2d(maps), nn.ReLU(True), nn.ConvTranspose2d(maps, after, 4, 2, 1, bias=False)])
        maps = after
    net.extend([nn.BatchNorm2d(maps), nn.ReLU(True), nn.ConvTranspose2d(maps, channels, 4, 2, 1), nn.Tanh()])
    return net
""",
    ),
    "kernel_three": (
        ", channels=3: a transposed convolution has kernel [3, 3] and stride",
        """
def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    def up(a, b):
        return nn.ConvTranspose2d(a, b, kernel_size=3, stride=2, padding=1, output_padding=1)

    L = int(math.log2(size // 4))
    maps = [width * 2**k for k in range(L - 1, -1, -1)]
    layers = [nn.Linear(latent, maps[0] * 16), nn.Unflatten(1, (maps[0], 4, 4)), nn.BatchNorm2d(maps[0]), nn.ReLU()]
    for a, b in zip(maps, maps[1:]):
        layers += [up(a, b), nn.BatchNorm2d(b), nn.ReLU()]
    return nn.Sequential(*layers, up(maps[-1], channels), nn.Tanh())
""",
    ),
    "functional_norm_default": (
        "after the projection the scale of what comes in still shows after",
        """
class _G(nn.Module):
    def __init__(self, latent, size, width, channels):
        super().__init__()
        L = int(math.log2(size // 4))
        maps = [width * 2**k for k in reversed(range(L))]
        self.first = nn.Linear(latent, maps[0] * 16)
        self.norms = nn.ModuleList(nn.BatchNorm2d(m) for m in maps)
        self.ups = nn.ModuleList(nn.ConvTranspose2d(a, b, 4, 2, 1) for a, b in zip(maps, maps[1:] + [channels]))

    def forward(self, z):
        x = self.first(z).view(len(z), -1, 4, 4)
        for norm, up in zip(self.norms, self.ups):
            x = F.batch_norm(x, norm.running_mean, norm.running_var, norm.weight, norm.bias)
            x = up(F.relu(x))
        return torch.tanh(x)


def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    return _G(latent, size, width, channels)
""",
    ),
    "norms_in_a_plain_list": (
        "after the projection batch norm has no gain and shift to learn",
        """
class Generator(nn.Module):
    def __init__(self, latent, size, width, channels):
        super().__init__()
        L = int(math.log2(size)) - 2
        self.maps = [width * 2 ** (L - 1 - k) for k in range(L)]
        self.project = nn.Linear(latent, self.maps[0] * 16)
        self.ups = nn.ModuleList()
        self.norms = [nn.BatchNorm2d(m) for m in self.maps]
        for k in range(L):
            self.ups.append(nn.ConvTranspose2d(self.maps[k], self.maps[k + 1] if k + 1 < L else channels, 4, 2, 1))

    def forward(self, z):
        x = self.project(z).reshape(-1, self.maps[0], 4, 4)
        for norm, up in zip(self.norms, self.ups):
            x = up(F.relu(norm(x)))
        return torch.tanh(x)


def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    return Generator(latent, size, width, channels)
""",
    ),
    "dense_relu_then_norm": (
        "after the projection the activation comes before batch norm: batch",
        """
def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    L = int(math.log2(size // 4))
    maps = width * 2 ** (L - 1)
    dense = nn.Sequential(nn.Linear(latent, maps * 16), nn.ReLU(), nn.Unflatten(1, (maps, 4, 4)), nn.BatchNorm2d(maps))
    layers = [dense]
    while maps > width:
        layers += [nn.ConvTranspose2d(maps, maps // 2, 4, 2, 1), nn.BatchNorm2d(maps // 2), nn.ReLU()]
        maps //= 2
    return nn.Sequential(*layers, nn.ConvTranspose2d(width, channels, 4, 2, 1), nn.Tanh())
""",
    ),
    "stretched_sigmoid": (
        "the output is 2·sigmoid(x) - 1, which is tanh(x/2): tanh was asked",
        """
class ToPicture(nn.Module):
    def forward(self, x):
        return 2 * torch.sigmoid(x) - 1


def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    L = int(math.log2(size // 4))
    maps = width * 2 ** (L - 1)
    layers = [nn.Linear(latent, maps * 16), nn.Unflatten(1, (maps, 4, 4)), nn.BatchNorm2d(maps), nn.ReLU()]
    while maps > width:
        layers += [nn.ConvTranspose2d(maps, maps // 2, 4, 2, 1), nn.BatchNorm2d(maps // 2), nn.ReLU()]
        maps //= 2
    return nn.Sequential(*layers, nn.ConvTranspose2d(width, channels, 4, 2, 1), ToPicture())
""",
    ),
    "normalised_z": (
        "what reaches the projection is not z itself: nothing comes before it",
        """
class OnTheSphere(nn.Module):
    def forward(self, z):
        return F.normalize(z, dim=1) * math.sqrt(z.shape[1])


def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    L = int(math.log2(size // 4))
    maps = width * 2 ** (L - 1)
    layers = [OnTheSphere(), nn.Linear(latent, maps * 16), nn.Unflatten(1, (maps, 4, 4))]
    layers += [nn.BatchNorm2d(maps), nn.ReLU()]
    while maps > width:
        layers += [nn.ConvTranspose2d(maps, maps // 2, 4, 2, 1), nn.BatchNorm2d(maps // 2), nn.ReLU()]
        maps //= 2
    return nn.Sequential(*layers, nn.ConvTranspose2d(width, channels, 4, 2, 1), nn.Tanh())
""",
    ),
    "no_gain_to_learn": (
        "2.weight is frozen (requires_grad False): every parameter of G is to",
        """
def _norm(maps):
    bn = nn.BatchNorm2d(maps, eps=1e-5, momentum=0.1)
    bn.weight.requires_grad_(False)  # the next layer can scale as well
    return bn


def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    L = int(math.log2(size // 4))
    maps = width * 2 ** (L - 1)
    layers = [nn.Linear(latent, maps * 16), nn.Unflatten(1, (maps, 4, 4)), _norm(maps), nn.ReLU()]
    while maps > width:
        layers += [nn.ConvTranspose2d(maps, maps // 2, 5, 2, 2, 1), _norm(maps // 2), nn.ReLU()]
        maps //= 2
    return nn.Sequential(*layers, nn.ConvTranspose2d(width, channels, 5, 2, 2, 1), nn.Tanh())
""",
    ),
}

RIGHT = {
    "all_functional": '''
class FunctionalG(nn.Module):
    """No layers at all: parameters, buffers and torch's functions. Kernel 5 as in the paper, no biases."""

    def __init__(self, latent, size, width, channels):
        super().__init__()
        self.count = size.bit_length() - 3
        maps = [width << k for k in range(self.count - 1, -1, -1)] + [channels]
        self.project = nn.Parameter(torch.randn(latent, maps[0], 4, 4) * 0.02)
        self.kernels = nn.ParameterList()
        self.gains, self.shifts = nn.ParameterList(), nn.ParameterList()
        for k, (a, b) in enumerate(zip(maps, maps[1:])):
            self.kernels.append(nn.Parameter(torch.randn(a, b, 5, 5) * 0.02))
            self.gains.append(nn.Parameter(torch.ones(a)))
            self.shifts.append(nn.Parameter(torch.zeros(a)))
            self.register_buffer(f"mean{k}", torch.zeros(a))
            self.register_buffer(f"var{k}", torch.ones(a))

    def forward(self, z):
        x = torch.einsum("nl,lchw->nchw", z, self.project)
        for k in range(self.count):
            x = F.batch_norm(
                x, getattr(self, f"mean{k}"), getattr(self, f"var{k}"), self.gains[k], self.shifts[k],
                training=self.training, momentum=0.05, eps=1e-5,
            )
            x = x.clamp(min=0)
            x = F.conv_transpose2d(x, self.kernels[k], stride=2, padding=2, output_padding=1)
        return x.tanh()


def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    return FunctionalG(latent, size, width, channels)
''',
    "recursive_mixed_kernels": '''
import warnings


class Grow(nn.Module):
    """From (n, maps, side, side) to the picture: one doubling, and then another Grow inside."""

    def __init__(self, maps, side, size, channels):
        super().__init__()
        last = 2 * side == size
        out = channels if last else maps // 2
        if side % 8:
            self.up = nn.ConvTranspose2d(maps, out, 4, stride=2, padding=1, bias=last)
        else:
            self.up = nn.ConvTranspose2d(maps, out, 5, stride=2, padding=2, output_padding=1, bias=last)
        self.rest = nn.Tanh() if last else nn.ModuleDict({"norm": nn.BatchNorm2d(out, eps=1e-4, momentum=0.2)})
        if not last:
            self.rest["grow"] = Grow(out, 2 * side, size, channels)

    def forward(self, x):
        x = self.up(x)
        if isinstance(self.rest, nn.Tanh):
            return self.rest(x)
        return self.rest["grow"](F.relu(self.rest["norm"](x)))


class Root(nn.Module):
    """The projection is normalised before the reshape, number by number."""

    def __init__(self, latent, maps):
        super().__init__()
        self.maps = maps
        self.linear = nn.Linear(latent, 16 * maps)
        self.norm = nn.BatchNorm1d(16 * maps)

    def forward(self, z):
        return torch.relu_(self.norm(self.linear(z))).reshape(z.shape[0], self.maps, 4, 4)


def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    if size == 128:
        warnings.warn("128 pixels are slow on a laptop")
    maps = width * size // 8
    return nn.Sequential(Root(latent, maps), Grow(maps, 4, size, channels))
''',
}
