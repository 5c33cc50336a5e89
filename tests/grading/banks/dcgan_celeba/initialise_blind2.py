"""Wrong and right answers to the task `initialise`, written by someone who had not seen its check."""

WRONG = {
    "all_convolutions": (
        "conv1d.weight changed: only Conv2d, ConvTranspose2d, Linear and",
        """
def initialise(net: nn.Module) -> nn.Module:
    for m in net.modules():
        if isinstance(m, (nn.modules.conv._ConvNd, nn.Linear)):
            nn.init.normal_(m.weight, 0.0, 0.02)
            if m.bias is not None:
                nn.init.zeros_(m.bias)
        elif isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)) and m.affine:
            nn.init.normal_(m.weight, 1.0, 0.02)
            nn.init.zeros_(m.bias)
    return net
""",
    ),
    "all_norms_with_running_means": (
        "norm3d.weight changed: only Conv2d, ConvTranspose2d, Linear and",
        """
def initialise(net: nn.Module) -> nn.Module:
    for m in net.modules():
        if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            nn.init.normal_(m.weight, 0.0, 0.02)
            if m.bias is not None:
                nn.init.zeros_(m.bias)
        elif isinstance(m, nn.modules.batchnorm._NormBase) and m.affine:
            nn.init.normal_(m.weight, 1.0, 0.02)
            nn.init.zeros_(m.bias)
    return net
""",
    ),
    "gain_variance_as_std": (
        "norm (BatchNorm2d): weights with mean 1.0000 and standard deviation",
        """
def initialise(net: nn.Module) -> nn.Module:
    def fill(m):
        if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            nn.init.normal_(m.weight, mean=0, std=0.02)
            if m.bias is not None:
                nn.init.constant_(m.bias, 0)
        elif isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)) and m.weight is not None:
            nn.init.normal_(m.weight, 1, 0.02**2)
            nn.init.constant_(m.bias, 0)

    return net.apply(fill)
""",
    ),
    "truncated": (
        "the standard deviations are right, but the law is not normal (fourth",
        """
def initialise(net: nn.Module) -> nn.Module:
    for m in net.modules():
        if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            nn.init.trunc_normal_(m.weight, mean=0.0, std=0.02, a=-0.05, b=0.05)
            if m.bias is not None:
                nn.init.zeros_(m.bias)
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)) and m.affine:
            nn.init.trunc_normal_(m.weight, mean=1.0, std=0.02, a=0.95, b=1.05)
            nn.init.zeros_(m.bias)
    return net
""",
    ),
    "resets_the_statistics": (
        "norm.running_mean changed: that is a statistic of batch norm, not a",
        """
def initialise(net: nn.Module) -> nn.Module:
    for m in net.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)):
            m.reset_parameters()  # gain 1, shift 0
            if m.affine:
                nn.init.normal_(m.weight, 1.0, 0.02)
        elif isinstance(m, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            nn.init.normal_(m.weight, 0.0, 0.02)
            if m.bias is not None:
                nn.init.zeros_(m.bias)
    return net
""",
    ),
    "generator_of_its_own": (
        "a second call gave the same numbers: no seed inside your function,",
        """
def initialise(net: nn.Module) -> nn.Module:
    rng = torch.Generator()
    with torch.no_grad():
        for m in net.modules():
            if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
                m.weight.normal_(0.0, 0.02, generator=rng)
            elif isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)) and m.affine:
                m.weight.normal_(1.0, 0.02, generator=rng)
            else:
                continue
            if m.bias is not None:
                m.bias.zero_()
    return net
""",
    ),
    "children_only": (
        "net itself, when it is a single layer (Linear): weights with mean",
        """
def initialise(net: nn.Module) -> nn.Module:
    for layer in net.children():
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            nn.init.normal_(layer.weight, 0.0, 0.02)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
        elif isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)) and layer.affine:
            nn.init.normal_(layer.weight, 1.0, 0.02)
            nn.init.zeros_(layer.bias)
        initialise(layer)
    return net
""",
    ),
    "recursion_stops_at_layers": (
        "a layer inside another layer (a Linear in a subclass of",
        """
def initialise(net: nn.Module) -> nn.Module:
    if isinstance(net, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(net.weight, 0.0, 0.02)
        if net.bias is not None:
            nn.init.zeros_(net.bias)
    elif isinstance(net, (nn.BatchNorm1d, nn.BatchNorm2d)):
        if net.affine:
            nn.init.normal_(net.weight, 1.0, 0.02)
            nn.init.zeros_(net.bias)
    else:
        for layer in net.children():
            initialise(layer)
    return net
""",
    ),
    "shift_left_alone": (
        "the bias of norm (BatchNorm2d) is not 0",
        """
def initialise(net: nn.Module) -> nn.Module:
    for m in net.modules():
        if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            m.weight.data.normal_(0.0, 0.02)
            if m.bias is not None:
                m.bias.data.zero_()
        elif isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)) and m.weight is not None:
            m.weight.data.normal_(1.0, 0.02)  # torch starts the shift at 0
    return net
""",
    ),
    "skips_frozen": (
        "a layer with requires_grad False was not initialised: which layers",
        """
def initialise(net: nn.Module) -> nn.Module:
    for m in net.modules():
        linear = isinstance(m, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear))
        if not linear and not isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)):
            continue
        for name, p in m.named_parameters(recurse=False):
            if not p.requires_grad:
                continue
            if name == "weight":
                nn.init.normal_(p, 0.0 if linear else 1.0, 0.02)
            elif name == "bias":
                nn.init.zeros_(p)
    return net
""",
    ),
    "training_mode_at_the_end": (
        "a layer is in another mode (training or eval) than before your",
        """
def initialise(net: nn.Module) -> nn.Module:
    @torch.no_grad()
    def fill(m):
        if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            m.weight.normal_(0.0, 0.02)
        elif isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)) and m.affine:
            m.weight.normal_(1.0, 0.02)
        else:
            return
        if m.bias is not None:
            m.bias.zero_()

    return net.apply(fill).train()
""",
    ),
}

RIGHT = {
    "single_dispatch": '''
import functools


@functools.singledispatch
def _fill(layer):
    """Other layers stay."""


@_fill.register(nn.Conv2d)
@_fill.register(nn.ConvTranspose2d)
@_fill.register(nn.Linear)
def _fill_weights(layer):
    _draw(layer, 0.0)


@_fill.register(nn.BatchNorm1d)
@_fill.register(nn.BatchNorm2d)
def _fill_norm(layer):
    _draw(layer, 1.0)


def _draw(layer, mean):
    if layer.weight is not None:
        layer.weight.detach().copy_(mean + 0.02 * torch.randn(layer.weight.shape))
    if layer.bias is not None:
        layer.bias.detach().fill_(0.0)


def initialise(net: nn.Module) -> nn.Module:
    todo, seen = [net], set()
    while todo:
        layer = todo.pop()
        if id(layer) not in seen:
            seen.add(id(layer))
            _fill(layer)
            todo.extend(layer.children())
    return net
''',
    "table_and_progress": """
import sys


def initialise(net: nn.Module) -> nn.Module:
    table = {(nn.Linear, nn.ConvTranspose2d, nn.Conv2d): 0.0, (nn.BatchNorm2d, nn.BatchNorm1d): 1.0}
    with torch.no_grad():
        for name, layer in net.named_modules():
            for kinds, mean in table.items():
                if isinstance(layer, kinds):
                    print(f"initialise {name or 'net'}", file=sys.stderr)
                    gain, shift = layer.weight, layer.bias
                    if shift is not None:
                        shift.mul_(0).nan_to_num_(0.0)
                    if gain is not None:
                        gain.copy_(torch.normal(torch.full(tuple(gain.shape), mean), 0.02))
    return net
""",
}
