"""Wrong and right answers to the task `initialise`, written by someone who had not seen its check."""

WRONG = {
    "names_of_classes": (
        "your code stopped with AttributeError: 'ConvBlock' object has no",
        """
def initialise(net: nn.Module) -> nn.Module:
    def weights_init(m):
        classname = m.__class__.__name__
        if classname.find("Conv") != -1 or classname.find("Linear") != -1:
            nn.init.normal_(m.weight.data, 0.0, 0.02)
            if m.bias is not None:
                nn.init.constant_(m.bias.data, 0)
        elif classname.find("BatchNorm") != -1:
            if m.weight is not None:
                nn.init.normal_(m.weight.data, 1.0, 0.02)
                nn.init.constant_(m.bias.data, 0)

    net.apply(weights_init)
    return net
""",
    ),
    "net_itself_missed": (
        "net itself, when it is a single layer (Linear): weights with mean",
        """
def initialise(net: nn.Module) -> nn.Module:
    for layer in net.children():
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            nn.init.normal_(layer.weight, 0.0, 0.02)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
        elif isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)):
            if layer.affine:
                nn.init.normal_(layer.weight, 1.0, 0.02)
                nn.init.zeros_(layer.bias)
        initialise(layer)
    return net
""",
    ),
    "exact_types": (
        "instances of subclasses (of ConvTranspose2d and of BatchNorm2d) were",
        """
def initialise(net: nn.Module) -> nn.Module:
    for m in net.modules():
        if type(m) in (nn.Conv2d, nn.ConvTranspose2d, nn.Linear):
            m.weight.data.normal_(0.0, 0.02)
            if m.bias is not None:
                m.bias.data.zero_()
        elif type(m) in (nn.BatchNorm1d, nn.BatchNorm2d) and m.affine:
            m.weight.data.normal_(1.0, 0.02)
            m.bias.data.zero_()
    return net
""",
    ),
    "norm_without_gain": (
        "your code stopped with AttributeError: 'NoneType' object has no",
        """
def initialise(net: nn.Module) -> nn.Module:
    for m in net.modules():
        if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            nn.init.normal_(m.weight, mean=0.0, std=0.02)
            if m.bias is not None:
                nn.init.zeros_(m.bias)
        elif isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.normal_(m.weight, mean=1.0, std=0.02)
            nn.init.zeros_(m.bias)
    return net
""",
    ),
    "new_parameters": (
        "block.inner.deep.0.bias is a new Parameter: fill the old one in place",
        """
def initialise(net: nn.Module) -> nn.Module:
    for m in net.modules():
        if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            m.weight = nn.Parameter(0.02 * torch.randn_like(m.weight))
            if m.bias is not None:
                m.bias = nn.Parameter(torch.zeros_like(m.bias))
        elif isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)) and m.weight is not None:
            m.weight = nn.Parameter(1 + 0.02 * torch.randn_like(m.weight))
            m.bias = nn.Parameter(torch.zeros_like(m.bias))
    return net
""",
    ),
    "gains_of_one": (
        "norm (BatchNorm2d): weights with mean 1.0000 and standard deviation",
        """
def initialise(net: nn.Module) -> nn.Module:
    @torch.no_grad()
    def fill(m):
        if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            m.weight.normal_(0.0, 0.02)
            if m.bias is not None:
                m.bias.zero_()
        elif isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)) and m.affine:
            m.weight.fill_(1.0)
            m.bias.zero_()

    return net.apply(fill)
""",
    ),
    "by_shape": (
        "block.scale changed: only Conv2d, ConvTranspose2d, Linear and",
        """
def initialise(net: nn.Module) -> nn.Module:
    with torch.no_grad():
        for name, p in net.named_parameters():
            if p.ndim > 1:
                p.normal_(0.0, 0.02)
            elif name.endswith("weight"):
                p.normal_(1.0, 0.02)
            else:
                p.zero_()
    return net
""",
    ),
}

RIGHT = {
    "single_dispatch": """
from functools import singledispatch


@singledispatch
def _fill(layer):
    pass


@_fill.register(nn.Conv2d)
@_fill.register(nn.ConvTranspose2d)
@_fill.register(nn.Linear)
def _(layer):
    layer.weight.copy_(torch.randn_like(layer.weight) * 0.02)
    if layer.bias is not None:
        layer.bias.fill_(0)


@_fill.register(nn.BatchNorm1d)
@_fill.register(nn.BatchNorm2d)
def _(layer):
    if layer.weight is not None:
        layer.weight.copy_(1 + torch.randn_like(layer.weight) * 0.02)
    if layer.bias is not None:
        layer.bias.fill_(0)


def initialise(net: nn.Module) -> nn.Module:
    with torch.no_grad():
        for layer in net.modules():
            _fill(layer)
    return net
""",
    "own_stack": """
def initialise(net: nn.Module) -> nn.Module:
    means = {nn.Conv2d: 0.0, nn.ConvTranspose2d: 0.0, nn.Linear: 0.0, nn.BatchNorm1d: 1.0, nn.BatchNorm2d: 1.0}
    waiting, seen = [net], set()
    while waiting:
        module = waiting.pop()
        if id(module) in seen:
            continue
        seen.add(id(module))
        waiting.extend(module.children())
        for kind, mean in means.items():
            if isinstance(module, kind):
                for name, law in (("weight", (mean, 0.02)), ("bias", (0.0, 0.0))):
                    p = getattr(module, name, None)
                    if p is not None and law[1]:
                        torch.nn.init.normal_(p, *law)
                    elif p is not None:
                        torch.nn.init.constant_(p, 0.0)
    return net
""",
    "recursion_from_below": """
import warnings


def initialise(net: nn.Module) -> nn.Module:
    for child in net.children():
        initialise(child)
    match net:
        case nn.Conv2d() | nn.ConvTranspose2d() | nn.Linear():
            centre = 0.0
        case nn.BatchNorm1d() | nn.BatchNorm2d():
            centre = 1.0
        case _:
            return net
    if net.weight is None:
        warnings.warn("a batch norm without gain: nothing to fill")
        return net
    net.weight.data.normal_(centre, 0.02)
    if net.bias is not None:
        net.bias.data.zero_()
    return net
""",
}
