"""Wrong and right answers to the task `initialise`: texts of its solution cell."""

SOLUTION = """
def initialise(net):
    for layer in net.modules():
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            nn.init.normal_(layer.weight, 0.0, 0.02)
        elif isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)) and layer.weight is not None:
            nn.init.normal_(layer.weight, 1.0, 0.02)
        else:
            continue
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
    return net
"""


def _with(*changes: tuple[str, str]) -> str:
    """The solution with some of its text exchanged."""
    source = SOLUTION
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    return source


WEIGHTS = "nn.init.normal_(layer.weight, 0.0, 0.02)"
GAINS = "nn.init.normal_(layer.weight, 1.0, 0.02)"
CHOSEN = "isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear))"
BIAS = "        if layer.bias is not None:\n            nn.init.zeros_(layer.bias)\n"

WRONG = {
    "top_layers_only": ("only the layers at the top", _with(("net.modules()", "net.children()"))),
    "gains_around_0": ("drawn around 1", _with((GAINS, WEIGHTS))),
    "gains_constant": ("all are the same", _with((GAINS, "nn.init.ones_(layer.weight)"))),
    "norms_forgotten": (
        "no BatchNorm layer was",
        _with(("isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)) and layer.weight is not None", "False")),
    ),
    "only_BatchNorm2d": (
        "no BatchNorm1d layer was",
        _with(("(nn.BatchNorm1d, nn.BatchNorm2d)", "nn.BatchNorm2d")),
    ),
    "linear_forgotten": ("no Linear layer was", _with((", nn.Linear)", ")"))),
    "transposed_forgotten": ("no ConvTranspose2d layer was", _with((", nn.ConvTranspose2d", ""))),
    "variance_0_02": ("not the variance", _with(("0.0, 0.02", "0.0, 0.02 ** 0.5"))),
    "squared": ("do not square", _with(("0.0, 0.02", "0.0, 0.02 ** 2"))),
    "std_0_03": ("standard deviation must be 0.02", _with(("0.0, 0.02", "0.0, 0.03"))),
    "uniform_of_the_right_spread": (
        "not normal",
        _with((WEIGHTS, "nn.init.uniform_(layer.weight, -0.02 * 3 ** 0.5, 0.02 * 3 ** 0.5)")),
    ),
    "cut_off": (
        "standard deviation",
        _with((WEIGHTS, "nn.init.trunc_normal_(layer.weight, 0.0, 0.02, -0.04, 0.04)")),
    ),
    "xavier": ("standard deviation", _with((WEIGHTS, "nn.init.xavier_normal_(layer.weight)"))),
    "biases_left": ("is not 0", _with((BIAS, ""))),
    "shifts_left": (
        "is not 0",
        _with(
            (
                "if layer.bias is not None",
                "if layer.bias is not None and 'BatchNorm' not in type(layer).__name__",
            )
        ),
    ),
    "affine_assumed": (
        "your code stopped with",
        _with((" and layer.weight is not None", ""), ("if layer.bias is not None", "if True")),
    ),
    "by_class_name": (
        "your code stopped with",
        """
def weights_init(m):
    classname = m.__class__.__name__
    if classname.find("Conv") != -1 or classname.find("Linear") != -1:
        nn.init.normal_(m.weight.data, 0.0, 0.02)
    elif classname.find("BatchNorm") != -1:
        nn.init.normal_(m.weight.data, 1.0, 0.02)
        nn.init.constant_(m.bias.data, 0)


def initialise(net):
    return net.apply(weights_init)
""",
    ),
    "exact_classes": (
        "a subclass of ConvTranspose2d",
        _with((CHOSEN, "type(layer) in (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)")),
    ),
    "every_layer_with_a_weight": (
        "embedding.weight changed",
        """
def initialise(net):
    for layer in net.modules():
        if getattr(layer, "weight", None) is not None:
            nn.init.normal_(layer.weight, float("BatchNorm" in type(layer).__name__), 0.02)
            if getattr(layer, "bias", None) is not None:
                nn.init.zeros_(layer.bias)
    return net
""",
    ),
    "every_norm": (
        "group_norm.weight changed",
        _with(
            (
                "(nn.BatchNorm1d, nn.BatchNorm2d)",
                "(nn.BatchNorm1d, nn.BatchNorm2d, nn.GroupNorm, nn.LayerNorm)",
            )
        ),
    ),
    "by_dimension": (
        "embedding.weight changed",
        """
def initialise(net):
    for name, p in net.named_parameters():
        if p.dim() > 1:
            nn.init.normal_(p, 0.0, 0.02)
        elif name.endswith("weight"):
            nn.init.normal_(p, 1.0, 0.02)
        elif name.endswith("bias"):
            nn.init.zeros_(p)
    return net
""",
    ),
    "statistics_reset": (
        "a statistic of batch norm",
        _with((GAINS, "layer.reset_running_stats()\n            " + GAINS)),
    ),
    "nothing_returned": ("returned nothing", _with(("    return net\n", ""))),
    "a_copy": (
        "returned another Zoo",
        "import copy\n" + _with(("    for layer", "    net = copy.deepcopy(net)\n    for layer")),
    ),
    "new_parameters": (
        "is a new Parameter",
        _with((WEIGHTS, "layer.weight = nn.Parameter(0.02 * torch.randn(layer.weight.shape))")),
    ),
    "seeded_inside": ("no seed inside", _with(("    for layer", "    torch.manual_seed(0)\n    for layer"))),
    "seeded_per_layer": (
        "two layers of one shape",
        _with((WEIGHTS, "torch.manual_seed(1)\n            " + WEIGHTS)),
    ),
    "other_generator": (
        "torch's global generator",
        "import numpy as np\nRNG = np.random.default_rng()\n"
        + _with(
            (WEIGHTS, "layer.weight.data.copy_(torch.from_numpy(RNG.normal(0, 0.02, layer.weight.shape)))")
        ),
    ),
    "eval_mode": ("another mode", _with(("    return net", "    return net.eval()"))),
    "frozen": ("requires_grad of", _with(("    return net", "    return net.requires_grad_(True)"))),
    "frozen_left_out": (
        "requires_grad False was not",
        _with((CHOSEN, CHOSEN + " and layer.weight.requires_grad")),
    ),
    "never_applied": (
        "no weight has changed",
        """
def initialise(net):
    def one(layer):
        if isinstance(layer, nn.Conv2d):
            torch.normal(0.0, 0.02, layer.weight.shape)
    net.apply(one)
    return net
""",
    ),
    "itself_left_out": (
        "net itself",
        _with(("net.modules()", "list(net.modules())[1:]")),
    ),
    "exact_classes_of_norms": (
        "a subclass of BatchNorm2d",
        """
def initialise(net):
    for layer in net.modules():
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            nn.init.normal_(layer.weight, 0.0, 0.02)
        elif type(layer) in (nn.BatchNorm1d, nn.BatchNorm2d) and layer.affine:
            nn.init.normal_(layer.weight, 1.0, 0.02)
        else:
            continue
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
    return net
""",
    ),
}

RIGHT = {
    "solution": SOLUTION,
    "in_place_methods": """
@torch.no_grad()
def initialise(net: nn.Module) -> nn.Module:
    for m in net.modules():
        match m:
            case nn.Conv2d() | nn.ConvTranspose2d() | nn.Linear():
                m.weight.normal_(std=0.02)
            case nn.BatchNorm1d() | nn.BatchNorm2d() if m.affine:
                m.weight.normal_(mean=1.0, std=0.02)
            case _:
                continue
        if m.bias is not None:
            m.bias.zero_()
    return net
""",
    "applied": """
def _one(m):
    if isinstance(m, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(m.weight.data, 0.0, 0.02)
        if m.bias is not None:
            nn.init.constant_(m.bias.data, 0)
    if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)):
        if m.affine:
            nn.init.normal_(m.weight.data, 1.0, 0.02)
            nn.init.constant_(m.bias.data, 0)


def initialise(net):
    return net.apply(_one)
""",
    "recursive": """
def initialise(net):
    centre = None
    if isinstance(net, nn.Conv2d) or isinstance(net, nn.ConvTranspose2d) or isinstance(net, nn.Linear):
        centre = 0.0
    if isinstance(net, nn.BatchNorm2d) or isinstance(net, nn.BatchNorm1d):
        centre = 1.0
    if centre is not None and net.weight is not None:
        net.weight.data.copy_(centre + 0.02 * torch.randn_like(net.weight))
        if net.bias is not None:
            net.bias.data = torch.zeros_like(net.bias)
    for child in net.children():
        initialise(child)
    return net
""",
    "warns_and_shows_a_bar": """
import warnings
from tqdm.auto import tqdm


def initialise(net):
    warnings.warn("starting")
    laws = {nn.Conv2d: 0.0, nn.ConvTranspose2d: 0.0, nn.Linear: 0.0, nn.BatchNorm1d: 1.0, nn.BatchNorm2d: 1.0}
    for name, layer in tqdm(list(net.named_modules())):
        for kind, mean in laws.items():
            if isinstance(layer, kind) and getattr(layer, "weight", None) is not None:
                with torch.no_grad():
                    layer.weight.copy_(torch.normal(mean, 0.02, size=layer.weight.shape))
                    if layer.bias is not None:
                        layer.bias.mul_(0)
    return net
""",
}
