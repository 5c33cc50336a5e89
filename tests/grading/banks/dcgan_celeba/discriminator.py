"""Wrong and right answers to the task `discriminator`: texts of its solution cell."""

SOLUTION = """
def build_discriminator(size, width, channels=3):
    layers = [nn.Conv2d(channels, width, 4, stride=2, padding=1, bias=False), nn.LeakyReLU(0.2)]
    maps, side = width, size // 2
    while side > 4:
        layers += [nn.Conv2d(maps, 2 * maps, 4, stride=2, padding=1, bias=False)]
        layers += [nn.BatchNorm2d(2 * maps), nn.LeakyReLU(0.2)]
        maps, side = 2 * maps, side // 2
    layers += [nn.Conv2d(maps, 1, 4, bias=False), nn.Flatten()]
    return nn.Sequential(*layers)
"""

FUNCTIONAL = """
class Discriminator(nn.Module):
    def __init__(self, size, width, channels):
        super().__init__()
        self.halvings = int(math.log2(size)) - 2
        widths = [channels] + [width * 2 ** k for k in range(self.halvings)]
        self.convs = nn.ModuleList(
            nn.Conv2d(a, b, 4, stride=2, padding=1) for a, b in zip(widths[:-1], widths[1:])
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(b) for b in widths[2:])
        self.logit = nn.Linear(widths[-1] * 16, 1)

    def forward(self, x):
        x = F.leaky_relu(self.convs[0](x), 0.2)
        for conv, norm in zip(self.convs[1:], self.norms):
            x = F.leaky_relu(norm(conv(x)), 0.2)
        return self.logit(x.flatten(1))


def build_discriminator(size, width, channels=3):
    return Discriminator(size, width, channels)
"""


def _with(*changes: tuple[str, str], source: str = SOLUTION) -> str:
    """An answer with some of its text exchanged."""
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    return source


FIRST = "nn.Conv2d(channels, width, 4, stride=2, padding=1, bias=False), nn.LeakyReLU(0.2)"
INNER = "nn.BatchNorm2d(2 * maps), nn.LeakyReLU(0.2)"
DOWN = "nn.Conv2d(maps, 2 * maps, 4, stride=2, padding=1, bias=False)"
END = "nn.Conv2d(maps, 1, 4, bias=False), nn.Flatten()"
RETURN = "return nn.Sequential(*layers)"

WRONG = {
    "sigmoid_on_the_logits": ("a sigmoid follows", _with((END, END + ", nn.Sigmoid()"))),
    "logits_of_shape_n": (
        "one column, (n, 1)",
        _with(
            ("return self.logit(x.flatten(1))", "return self.logit(x.flatten(1)).squeeze(1)"),
            source=FUNCTIONAL,
        ),
    ),
    "logits_as_maps": ("one column, (n, 1)", _with((END, "nn.Conv2d(maps, 1, 4, bias=False)"))),
    "norm_at_the_output": (
        "follows the last layer",
        _with((END, "nn.Conv2d(maps, 1, 4, bias=False), nn.BatchNorm2d(1), nn.Flatten()")),
    ),
    "norm_after_the_first": (
        "after the first convolution comes batch norm",
        _with((FIRST, FIRST.replace("nn.Leaky", "nn.BatchNorm2d(width), nn.Leaky"))),
    ),
    "norm_of_the_images": ("not x itself", _with((FIRST, "nn.BatchNorm2d(channels), " + FIRST))),
    "no_batch_norm": ("there is no batch norm", _with((INNER, "nn.LeakyReLU(0.2)"))),
    "relu": ("comes ReLU", _with(("nn.LeakyReLU(0.2)", "nn.ReLU()"))),
    "slope_0_02": ("slope 0.02", _with(("LeakyReLU(0.2)", "LeakyReLU(0.02)"))),
    "slope_of_torch": ("slope 0.01", _with(("LeakyReLU(0.2)", "LeakyReLU()"))),
    "no_activation_at_first": ("no activation", _with((FIRST, FIRST.replace(", nn.LeakyReLU(0.2)", "")))),
    "activation_before_norm": (
        "the activation comes before batch norm",
        _with((INNER, "nn.LeakyReLU(0.2), nn.BatchNorm2d(2 * maps)")),
    ),
    "max_pooling": (
        "pool",
        _with((DOWN, "nn.Conv2d(maps, 2 * maps, 3, padding=1), nn.MaxPool2d(2)")),
    ),
    "global_average_at_the_end": (
        "flatten them, no average",
        _with(("widths[-1] * 16", "widths[-1]"), ("x.flatten(1)", "x.mean((2, 3))"), source=FUNCTIONAL),
    ),
    "adaptive_pooling_at_the_end": (
        "pool",
        _with((END, "nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(maps, 1)")),
    ),
    "hidden_fully_connected_layer": (
        "a hidden fully connected layer",
        _with((END, "nn.Flatten(), nn.Linear(16 * maps, 8), nn.LeakyReLU(0.2), nn.Linear(8, 1)")),
    ),
    "all_fully_connected": (
        "a hidden fully connected layer",
        """
def build_discriminator(size, width, channels=3):
    return nn.Sequential(
        nn.Flatten(), nn.Linear(channels * size * size, 16 * width), nn.LeakyReLU(0.2), nn.Linear(16 * width, 1)
    )
""",
    ),
    "one_linear_layer": (
        "0 convolutions before the last layer",
        """
def build_discriminator(size, width, channels=3):
    return nn.Sequential(nn.Flatten(), nn.Linear(channels * size * size, 1))
""",
    ),
    "kernel_3": ("kernel 4 or 5", _with((", 4, stride=2, padding=1", ", 3, stride=2, padding=1"))),
    "down_to_2_pixels": (
        "convolutions before the last layer",
        _with(("side > 4", "side > 2"), (END, "nn.Flatten(), nn.Linear(4 * maps, 1)")),
    ),
    "widths_reversed": (
        "double towards the output",
        _with(
            ("for k in range(self.halvings)]", "for k in reversed(range(self.halvings))]"), source=FUNCTIONAL
        ),
    ),
    "width_at_the_wrong_end": (
        "maps after the first one",
        _with(
            ("[width * 2 ** k for", "[max(1, width * 2 ** k // 2 ** (self.halvings - 1)) for"),
            source=FUNCTIONAL,
        ),
    ),
    "constant_width": ("maps, expected", _with(("width * 2 ** k", "width"), source=FUNCTIONAL)),
    "three_channels": ("stopped with", _with(("nn.Conv2d(channels,", "nn.Conv2d(3,"))),
    "only_64_pixels": (
        "returned shape",
        _with(("size // 2", "32"), (END, "nn.AdaptiveMaxPool2d(4), nn.Conv2d(maps, 1, 4), nn.Flatten(0)")),
    ),
    "instance_norm": (
        "normalised by itself",
        _with(("nn.BatchNorm2d(2 * maps)", "nn.InstanceNorm2d(2 * maps)")),
    ),
    "norm_without_gain": (
        "affine=False",
        _with(("nn.BatchNorm2d(2 * maps)", "nn.BatchNorm2d(2 * maps, affine=False)")),
    ),
    "norm_without_running_statistics": (
        "in eval mode",
        _with(("nn.BatchNorm2d(2 * maps)", "nn.BatchNorm2d(2 * maps, track_running_stats=False)")),
    ),
    "large_eps": ("is eps", _with(("nn.BatchNorm2d(2 * maps)", "nn.BatchNorm2d(2 * maps, 0.8)"))),
    "dropout": ("no dropout", _with((INNER, INNER + ", nn.Dropout2d(0.25)"))),
    "spectral_norm": ("spectral or weight norm", _with((DOWN, f"nn.utils.spectral_norm({DOWN})"))),
    "layers_in_a_plain_list": (
        "not a plain list",
        _with(
            ("nn.ModuleList(\n            nn.Conv2d(a,", "[nn.Conv2d(a,"),
            (
                "zip(widths[:-1], widths[1:])\n        )",
                "zip(widths[:-1], widths[1:])]",
            ),
            source=FUNCTIONAL,
        ),
    ),
    "left_in_eval_mode": ("is in eval mode", _with((RETURN, RETURN + ".eval()"))),
    "one_logit_for_the_batch": (
        "one and the same logit",
        _with(
            ("return self.logit(x.flatten(1))", "return self.logit(x.flatten(1))[:1].repeat(len(x), 1)"),
            source=FUNCTIONAL,
        ),
    ),
    "detached": ("no gradient reaches", _with(("x.flatten(1)", "x.detach().flatten(1)"), source=FUNCTIONAL)),
    "no_grad": (
        "no gradient reaches",
        _with(("    def forward", "    @torch.no_grad()\n    def forward"), source=FUNCTIONAL),
    ),
    "hard_coded": (
        "no layer with weights",
        """
class D(nn.Module):
    def __init__(self):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return x.mean((1, 2, 3)).view(-1, 1) + self.bias


def build_discriminator(size, width, channels=3):
    return D()
""",
    ),
    "at_most_eight_widths": (
        "the convolutions make",
        """
def build_discriminator(size, width, channels=3):
    count = round(math.log2(size / 4))
    maps = [channels] + [width * min(2**k, 8) for k in range(count)]
    layers = []
    for k in range(count):
        layers.append(nn.Conv2d(maps[k], maps[k + 1], 4, 2, 1))
        if k:
            layers.append(nn.BatchNorm2d(maps[k + 1]))
        layers.append(nn.LeakyReLU(0.2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(maps[-1] * 16, 1))
""",
    ),
    "logits_centred_over_the_batch": (
        "the last layer",
        """
class Centred(nn.Module):
    def forward(self, a):
        return a - a.mean(0) if self.training else a

def build_discriminator(size, width, channels=3):
    layers, maps = [nn.Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(0.2)], width
    for _ in range(round(math.log2(size / 8))):
        layers += [nn.Conv2d(maps, 2 * maps, 4, 2, 1), nn.BatchNorm2d(2 * maps), nn.LeakyReLU(0.2)]
        maps *= 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(maps * 16, 1, bias=False), Centred())
""",
    ),
}

RIGHT = {
    "solution": SOLUTION,
    "functional": FUNCTIONAL,
    "nested_modules": """
class Down(nn.Module):
    def __init__(self, inside, outside, norm=True):
        super().__init__()
        body = [nn.Conv2d(inside, outside, kernel_size=4, stride=2, padding=1, bias=not norm)]
        if norm:
            body.append(nn.BatchNorm2d(outside))
        self.body = nn.Sequential(*body, nn.LeakyReLU(0.2, inplace=True))

    def forward(self, x):
        return self.body(x)


class Critic(nn.Module):
    def __init__(self, size, width, channels):
        super().__init__()
        self.features, maps = nn.Sequential(Down(channels, width, norm=False)), width
        while size > 8:
            self.features.append(Down(maps, maps * 2))
            maps, size = maps * 2, size // 2
        self.head = nn.Conv2d(maps, 1, kernel_size=4)

    def forward(self, images):
        return self.head(self.features(images)).view(-1, 1)


def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    return Critic(size, width, channels)
""",
    "kernel_5_as_in_the_paper": _with(
        ("4, stride=2, padding=1", "5, stride=2, padding=2"), source=FUNCTIONAL
    ),
    "channels_last_flatten": _with(
        ("x.flatten(1)", "x.permute(0, 2, 3, 1).reshape(len(x), -1)"), source=FUNCTIONAL
    ),
    "leaky_relu_by_hand": _with(
        ("F.leaky_relu(self.convs[0](x), 0.2)", "self.leak(self.convs[0](x))"),
        ("F.leaky_relu(norm(conv(x)), 0.2)", "self.leak(norm(conv(x)))"),
        (
            "    def forward",
            "    @staticmethod\n    def leak(x):\n        return torch.maximum(x, 0.2 * x)\n\n    def forward",
        ),
        source=FUNCTIONAL,
    ),
    "all_functions": """
class D(nn.Module):
    def __init__(self, size, width, channels):
        super().__init__()
        maps = [channels]
        while size > 4:
            maps.append(width * 2 ** (len(maps) - 1))
            size //= 2
        self.w = nn.ParameterList(0.02 * torch.randn(b, a, 4, 4) for a, b in zip(maps, maps[1:]))
        self.gain = nn.ParameterList(torch.ones(b) for b in maps[2:])
        self.shift = nn.ParameterList(torch.zeros(b) for b in maps[2:])
        for i, b in enumerate(maps[2:]):
            self.register_buffer(f"mean{i}", torch.zeros(b))
            self.register_buffer(f"var{i}", torch.ones(b))
        self.v = nn.Parameter(0.02 * torch.randn(16 * maps[-1], 1))
        self.b = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        for i, w in enumerate(self.w):
            x = torch.conv2d(x, w, stride=2, padding=1)
            if i:
                mean, var = getattr(self, f"mean{i - 1}"), getattr(self, f"var{i - 1}")
                x = F.batch_norm(x, mean, var, self.gain[i - 1], self.shift[i - 1], training=self.training)
            x = torch.where(x > 0, x, 0.2 * x)
        return torch.addmm(self.b, x.reshape(x.shape[0], -1), self.v)


def build_discriminator(size, width, channels=3):
    return D(size, width, channels)
""",
    "other_momentum_and_bias": _with(
        ("bias=False", "bias=True"),
        ("nn.BatchNorm2d(2 * maps)", "nn.BatchNorm2d(2 * maps, eps=1e-8, momentum=0.01)"),
    ),
    "warns_and_prints": "import warnings\n\n"
    + _with(("    return nn", "    warnings.warn('odd')\n    print(len(layers))\n    return nn")).strip(),
    "initialised_already": _with(
        (
            RETURN,
            "net = nn.Sequential(*layers)\n"
            "    for p in net.parameters():\n"
            "        nn.init.normal_(p, 1.0 if p.dim() == 1 else 0.0, 0.02)\n"
            "    return net",
        )
    ),
    "both_kernels_and_zeros_padded_by_hand": """
def build_discriminator(size, width, channels=3):
    layers, before, after, k = [], channels, width, 0
    while size > 4:
        if k % 2:
            layers += [nn.ZeroPad2d(2), nn.Conv2d(before, after, 5, stride=2, padding="valid")]
        else:
            layers += [nn.ZeroPad2d(1), nn.Conv2d(before, after, 4, stride=2)]
        if k:
            layers.append(nn.BatchNorm2d(after))
        layers.append(nn.LeakyReLU(0.2))
        before, after, size, k = after, 2 * after, size // 2, k + 1
    return nn.Sequential(*layers, nn.Conv2d(before, 1, 4), nn.Flatten())
""",
    "last_layer_as_a_sum_of_products": """
class Head(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(0.02 * torch.randn(1, maps, 4, 4))
        self.offset = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return torch.einsum("ochw, nchw -> no", self.weight, x) + self.offset


def build_discriminator(size, width, channels=3):
    net = nn.Sequential(nn.Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(0.2))
    while size > 8:
        net.append(nn.Conv2d(width, 2 * width, 5, 2, 2)).append(nn.BatchNorm2d(2 * width)).append(nn.LeakyReLU(0.2))
        width, size = 2 * width, size // 2
    return net.append(Head(width))
""",
}
