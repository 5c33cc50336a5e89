"""Wrong and right answers to the task `generator`: texts of its solution cell."""

SOLUTION = """
def build_generator(latent, size, width, channels=3):
    doublings = int(math.log2(size // 4))
    maps = width * 2 ** (doublings - 1)
    layers = [nn.Unflatten(1, (latent, 1, 1)), nn.ConvTranspose2d(latent, maps, 4, bias=False)]
    layers += [nn.BatchNorm2d(maps), nn.ReLU()]
    for _ in range(doublings - 1):
        layers += [nn.ConvTranspose2d(maps, maps // 2, 4, stride=2, padding=1, bias=False)]
        layers += [nn.BatchNorm2d(maps // 2), nn.ReLU()]
        maps = maps // 2
    layers += [nn.ConvTranspose2d(maps, channels, 4, stride=2, padding=1, bias=False)]
    layers += [nn.Tanh()]
    return nn.Sequential(*layers)
"""

FUNCTIONAL = """
class Generator(nn.Module):
    def __init__(self, latent, size, width, channels):
        super().__init__()
        L = int(math.log2(size)) - 2
        widths = [width * 2 ** k for k in range(L)][::-1] + [channels]
        self.project = nn.Linear(latent, widths[0] * 16)
        self.norms = nn.ModuleList(nn.BatchNorm2d(c) for c in widths[:-1])
        self.ups = nn.ModuleList(
            nn.ConvTranspose2d(a, b, 4, 2, 1) for a, b in zip(widths[:-1], widths[1:])
        )

    def forward(self, z):
        x = self.project(z).view(len(z), -1, 4, 4)
        for norm, up in zip(self.norms, self.ups):
            x = F.relu(norm(x))
            x = up(x)
        return torch.tanh(x)


def build_generator(latent, size, width, channels=3):
    return Generator(latent, size, width, channels)
"""


def _with(*changes: tuple[str, str], source: str = SOLUTION) -> str:
    """An answer with some of its text exchanged."""
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    return source


TANH = "    layers += [nn.Tanh()]\n"
INNER_NORM = "layers += [nn.BatchNorm2d(maps // 2), nn.ReLU()]"
FIRST_NORM = "layers += [nn.BatchNorm2d(maps), nn.ReLU()]"
UP = "nn.ConvTranspose2d(maps, maps // 2, 4, stride=2, padding=1, bias=False)"
LAST = "nn.ConvTranspose2d(maps, channels, 4, stride=2, padding=1, bias=False)"

WRONG = {
    "tanh_forgotten": ("nothing follows the last layer", _with((TANH, ""))),
    "sigmoid_at_the_end": ("a sigmoid follows the last layer", _with(("nn.Tanh()", "nn.Sigmoid()"))),
    "clamped_at_the_end": ("cut off at ±1", _with(("nn.Tanh()", "nn.Hardtanh()"))),
    "images_in_0_1": (
        "scaled to (0, 1) after tanh",
        _with(("return torch.tanh(x)", "return (torch.tanh(x) + 1) / 2"), source=FUNCTIONAL),
    ),
    "stride_1_in_one_layer": ("returned shape", _with((UP, UP.replace("stride=2", "stride=1")))),
    "kernel_3": (
        "kernel 4 or 5",
        _with((", 4, stride=2, padding=1", ", 3, stride=2, padding=1, output_padding=1")),
    ),
    "no_batch_norm": (
        "there is no batch norm",
        _with((INNER_NORM, "layers += [nn.ReLU()]"), (FIRST_NORM, "layers += [nn.ReLU()]")),
    ),
    "no_norm_after_the_projection": (
        "after the projection there is no batch norm",
        _with((FIRST_NORM, "layers += [nn.ReLU()]")),
    ),
    "norm_at_the_output": (
        "batch norm comes between the last layer and tanh",
        _with(("[nn.Tanh()]", "[nn.BatchNorm2d(channels), nn.Tanh()]")),
    ),
    "leaky_relu": ("leaky ReLU with slope 0.2", _with(("nn.ReLU()", "nn.LeakyReLU(0.2)"))),
    "relu_forgotten": ("no activation", _with((INNER_NORM, "layers += [nn.BatchNorm2d(maps // 2)]"))),
    "relu_before_norm": (
        "the activation comes before batch norm",
        _with((INNER_NORM, "layers += [nn.ReLU(), nn.BatchNorm2d(maps // 2)]")),
    ),
    "instance_norm": (
        "normalised by itself",
        _with(("nn.BatchNorm2d(maps // 2)", "nn.InstanceNorm2d(maps // 2, affine=True)")),
    ),
    "norm_without_gain": (
        "affine=False",
        _with(("nn.BatchNorm2d(maps // 2)", "nn.BatchNorm2d(maps // 2, affine=False)")),
    ),
    "norm_without_running_statistics": (
        "in eval mode",
        _with(("nn.BatchNorm2d(maps // 2)", "nn.BatchNorm2d(maps // 2, track_running_stats=False)")),
    ),
    "large_eps": ("is eps", _with(("nn.BatchNorm2d(maps // 2)", "nn.BatchNorm2d(maps // 2, 0.8)"))),
    "functional_norm_always_on_the_batch": (
        "in eval mode",
        _with(
            (
                "norm(x)",
                "F.batch_norm(x, norm.running_mean, norm.running_var, norm.weight, norm.bias, training=True)",
            ),
            source=FUNCTIONAL,
        ),
    ),
    "functional_norm_always_on_running_statistics": (
        "after the projection",
        _with(
            ("norm(x)", "F.batch_norm(x, norm.running_mean, norm.running_var, norm.weight, norm.bias)"),
            source=FUNCTIONAL,
        ),
    ),
    "statistics_never_kept": (
        "running statistics",
        _with(("nn.BatchNorm2d(", "nn.BatchNorm2d(momentum=0.0, num_features=")),
    ),
    "relu_6": ("something else than batch norm", _with(("nn.ReLU()", "nn.ReLU6()"))),
    "dropout": (
        "no dropout",
        _with((INNER_NORM, "layers += [nn.BatchNorm2d(maps // 2), nn.ReLU(), nn.Dropout(0.3)]")),
    ),
    "spectral_norm": (
        "spectral or weight norm",
        _with((UP, f"nn.utils.parametrizations.spectral_norm({UP})")),
    ),
    "upsampling_and_convolution": (
        "interpolate",
        _with(
            (f"[{UP}]", "[nn.Upsample(scale_factor=2), nn.Conv2d(maps, maps // 2, 3, padding=1)]"),
            (f"[{LAST}]", "[nn.Upsample(scale_factor=2), nn.Conv2d(maps, channels, 3, padding=1)]"),
        ),
    ),
    "hidden_fully_connected_layer": (
        "a second linear layer",
        _with(
            (
                "self.project = nn.Linear(latent,",
                "self.hidden = nn.Linear(latent, 32)\n        self.project = nn.Linear(32,",
            ),
            ("self.project(z)", "self.project(F.relu(self.hidden(z)))"),
            source=FUNCTIONAL,
        ),
    ),
    "all_fully_connected": (
        "a second linear layer",
        """
def build_generator(latent, size, width, channels=3):
    return nn.Sequential(
        nn.Linear(latent, 16 * width), nn.BatchNorm1d(16 * width), nn.ReLU(),
        nn.Linear(16 * width, channels * size * size), nn.Tanh(), nn.Unflatten(1, (channels, size, size)),
    )
""",
    ),
    "one_convolution_more": (
        "an ordinary convolution",
        _with(("[nn.Tanh()]", "[nn.Conv2d(channels, channels, 3, padding=1), nn.Tanh()]")),
    ),
    "widths_reversed": (
        "halve towards the output",
        _with(("for k in range(L)][::-1]", "for k in range(L)]"), source=FUNCTIONAL),
    ),
    "width_at_the_wrong_end": (
        "maps come before the last layer",
        _with(
            ("[width * 2 ** k for k in range(L)][::-1]", "[max(1, width // 2**k) for k in range(L)]"),
            source=FUNCTIONAL,
        ),
    ),
    "constant_width": (
        "maps, expected",
        _with(("[width * 2 ** k for k in range(L)][::-1]", "[width] * L"), source=FUNCTIONAL),
    ),
    "only_64_pixels": ("returned shape", _with(("int(math.log2(size // 4))", "4"))),
    "latent_100": (
        "stopped with",
        _with(("(latent, 1, 1)", "(100, 1, 1)"), ("ConvTranspose2d(latent", "ConvTranspose2d(100")),
    ),
    "three_channels": ("returned shape", _with(("maps, channels, 4", "maps, 3, 4"))),
    "layers_in_a_plain_list": (
        "not a plain list",
        _with(
            ("nn.ModuleList(\n            nn.ConvT", "[nn.ConvT"),
            (
                "zip(widths[:-1], widths[1:])\n        )",
                "zip(widths[:-1], widths[1:])]",
            ),
            source=FUNCTIONAL,
        ),
    ),
    "left_in_eval_mode": (
        "is in eval mode",
        _with(("return nn.Sequential(*layers)", "return nn.Sequential(*layers).eval()")),
    ),
    "one_image_for_the_batch": (
        "one and the same",
        _with(("return torch.tanh(x)", "return torch.tanh(x)[:1].expand_as(x)"), source=FUNCTIONAL),
    ),
    "detached": (
        "no gradient reaches",
        _with(("F.relu(norm(x))", "F.relu(norm(x)).detach()"), source=FUNCTIONAL),
    ),
    "no_grad": (
        "no gradient reaches",
        _with(("    def forward", "    @torch.no_grad()\n    def forward"), source=FUNCTIONAL),
    ),
    "hard_coded": (
        "no layer with weights",
        """
class G(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.scale, self.shape = nn.Parameter(torch.ones(1)), shape

    def forward(self, z):
        return torch.zeros(len(z), *self.shape) * self.scale


def build_generator(latent, size, width, channels=3):
    return G((channels, size, size))
""",
    ),
    "own_noise": (
        "not z itself",
        _with(("self.project(z)", "self.project(torch.ones_like(z))"), source=FUNCTIONAL),
    ),
    "frozen": (
        "is frozen",
        _with(("return nn.Sequential(*layers)", "return nn.Sequential(*layers).requires_grad_(False)")),
    ),
    "at_most_eight_widths": (
        "the transposed convolutions get",
        """
def build_generator(latent, size, width, channels=3):
    count = round(math.log2(size / 4))
    maps = [width * min(2**k, 8) for k in reversed(range(count))] + [channels]
    layers = [nn.Linear(latent, 16 * maps[0]), nn.Unflatten(1, (maps[0], 4, 4))]
    for a, b in zip(maps, maps[1:]):
        layers += [nn.BatchNorm2d(a), nn.ReLU(), nn.ConvTranspose2d(a, b, 4, 2, 1)]
    return nn.Sequential(*layers, nn.Tanh())
""",
    ),
}

RIGHT = {
    "solution": SOLUTION,
    "functional": FUNCTIONAL,
    "nested_modules": """
class Up(nn.Module):
    def __init__(self, inside, outside):
        super().__init__()
        self.body = nn.Sequential(
            nn.ConvTranspose2d(inside, outside, 4, 2, 1), nn.Sequential(nn.BatchNorm2d(outside), nn.ReLU(True))
        )

    def forward(self, x):
        return self.body(x)


class Project(nn.Module):
    def __init__(self, latent, maps):
        super().__init__()
        self.up = nn.ConvTranspose2d(latent, maps, 4, 1, 0)
        self.norm = nn.BatchNorm2d(maps)

    def forward(self, z):
        return self.norm(self.up(z[:, :, None, None])).relu_()


def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    def maps(side):
        return width * size // 2 // side
    sides = [4 * 2 ** k for k in range(10) if 4 * 2 ** k < size]
    body = [Up(maps(a), maps(b)) for a, b in zip(sides, sides[1:])]
    out = nn.Sequential(nn.ConvTranspose2d(width, channels, 4, 2, 1), nn.Tanh())
    return nn.ModuleDict({"net": nn.Sequential(Project(latent, maps(4)), *body, out)})["net"]
""",
    "kernel_5_as_in_the_paper": _with(
        ("nn.ConvTranspose2d(a, b, 4, 2, 1)", "nn.ConvTranspose2d(a, b, 5, 2, padding=2, output_padding=1)"),
        source=FUNCTIONAL,
    ),
    "batch_norm_before_the_reshape": """
def build_generator(latent, size, width, channels=3):
    n_up = round(math.log2(size)) - 2
    c = width << (n_up - 1)
    net = nn.Sequential(nn.Linear(latent, 16 * c), nn.BatchNorm1d(16 * c), nn.ReLU(), nn.Unflatten(1, (c, 4, 4)))
    while c > width:
        net.append(nn.ConvTranspose2d(c, c // 2, 4, 2, 1))
        net.append(nn.BatchNorm2d(c // 2, momentum=0.2))
        net.append(nn.ReLU(inplace=True))
        c //= 2
    net.append(nn.ConvTranspose2d(c, channels, 4, 2, 1))
    net.append(nn.Tanh())
    return net
""",
    "channels_last_reshape": _with(
        (".view(len(z), -1, 4, 4)", ".view(len(z), 4, 4, -1).permute(0, 3, 1, 2)"), source=FUNCTIONAL
    ),
    "all_functions": """
class G(nn.Module):
    def __init__(self, latent, size, width, channels):
        super().__init__()
        L = (size // 4).bit_length() - 1
        self.widths = [width * 2 ** (L - 1 - i) for i in range(L)]
        self.p = nn.Parameter(0.02 * torch.randn(latent, 16 * self.widths[0]))
        self.w = nn.ParameterList(
            0.02 * torch.randn(a, b, 4, 4) for a, b in zip(self.widths, self.widths[1:] + [channels])
        )
        self.gain = nn.ParameterList(1 + 0.02 * torch.randn(a) for a in self.widths)
        self.shift = nn.ParameterList(torch.zeros(a) for a in self.widths)
        for i, a in enumerate(self.widths):
            self.register_buffer(f"mean{i}", torch.zeros(a))
            self.register_buffer(f"var{i}", torch.ones(a))

    def forward(self, z):
        x = (z @ self.p).reshape(-1, self.widths[0], 4, 4)
        for i in range(len(self.widths)):
            mean, var = getattr(self, f"mean{i}"), getattr(self, f"var{i}")
            x = F.batch_norm(x, mean, var, self.gain[i], self.shift[i], self.training)
            x = F.conv_transpose2d(torch.clamp(x, min=0), self.w[i], stride=2, padding=1)
        return x.tanh()


def build_generator(latent, size, width, channels=3):
    return G(latent, size, width, channels)
""",
    "own_batch_norm": """
class Norm(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(1, maps, 1, 1))
        self.shift = nn.Parameter(torch.zeros(1, maps, 1, 1))
        self.register_buffer("mean", torch.zeros(1, maps, 1, 1))
        self.register_buffer("var", torch.ones(1, maps, 1, 1))

    def forward(self, x):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = x.mean((0, 2, 3), keepdim=True), x.var((0, 2, 3), keepdim=True, unbiased=False)
            with torch.no_grad():
                self.mean.lerp_(mean, 0.1)
                self.var.lerp_(var, 0.1)
        return (x - mean) / torch.sqrt(var + 1e-8) * self.gain + self.shift


"""
    + _with(("nn.BatchNorm2d(c)", "Norm(c)"), source=FUNCTIONAL).strip(),
    "warns_and_shows_a_bar": """
import warnings
from tqdm.auto import tqdm

"""
    + _with(
        ("for _ in range(doublings - 1):", "for _ in tqdm(range(doublings - 1)):"),
        ("    return nn", "    warnings.warn('slow')\n    print('built', size)\n    return nn"),
    ).strip(),
    "initialised_already": _with(
        (
            "return nn.Sequential(*layers)",
            "net = nn.Sequential(*layers)\n"
            "    for m in net.modules():\n"
            "        if isinstance(m, nn.ConvTranspose2d):\n"
            "            nn.init.normal_(m.weight, 0.0, 0.02)\n"
            "        elif isinstance(m, nn.BatchNorm2d):\n"
            "            nn.init.normal_(m.weight, 1.0, 0.02)\n"
            "    return net",
        )
    ),
    "lazy_layers": _with(
        ("nn.BatchNorm2d(maps // 2)", "nn.LazyBatchNorm2d()"),
        (UP, "nn.LazyConvTranspose2d(maps // 2, 4, 2, 1)"),
    ),
    "both_kernels_and_a_projection_as_a_sum_of_products": """
class Project(nn.Module):
    def __init__(self, latent, maps):
        super().__init__()
        self.weight = nn.Parameter(0.02 * torch.randn(latent, maps, 4, 4))

    def forward(self, z):
        return torch.einsum("nl,lchw->nchw", z, self.weight)


def build_generator(latent, size, width, channels=3):
    count = round(math.log2(size / 4))
    maps = [width * 2**k for k in reversed(range(count))] + [channels]
    layers = [Project(latent, maps[0])]
    for k, (a, b) in enumerate(zip(maps, maps[1:])):
        up = nn.ConvTranspose2d(a, b, 4, 2, 1) if k % 2 else nn.ConvTranspose2d(a, b, 5, 2, 2, 1)
        layers += [nn.BatchNorm2d(a), nn.ReLU(), up]
    return nn.Sequential(*layers, nn.Tanh())
""",
}
