"""Wrong and right answers to the task `snapshot`, written by someone who had not seen its check."""

WRONG = {
    "shallow_copy": (
        "some parts of G are not in the mode they came in: a layer may be in",
        """
import copy


@torch.no_grad()
def snapshot(G, z):
    x = copy.copy(G).eval()(z)
    return ((x + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)
""",
    ),
    "train_each_that_trained": (
        "some parts of G are not in the mode they came in: a layer may be in",
        """
def snapshot(G, z):
    trained = [module for module in G.modules() if module.training]
    G.eval()
    with torch.no_grad():
        x = G(z)
    for module in trained:
        module.train()
    return ((x + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)
""",
    ),
    "children_in_eval": (
        "the picture of a G with dropout, and with noise of its own in",
        """
def snapshot(G, z):
    modes = [(module, module.training) for module in G.modules()]
    for child in G.children():
        child.eval()
    with torch.no_grad():
        x = G(z)
    for module, mode in modes:
        module.training = mode
    return ((x + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)
""",
    ),
    "only_norms_in_eval": (
        "the picture of a G with dropout, and with noise of its own in",
        """
def snapshot(G, z):
    norms = [m for m in G.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]
    modes = [m.training for m in norms]
    for m in norms:
        m.eval()
    with torch.no_grad():
        x = G(z)
    for m, mode in zip(norms, modes):
        m.train(mode)
    return ((x + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)
""",
    ),
    "clipped_as_bytes": (
        "the pictures wrap around: clip to 0..255 *before* .to(torch.uint8)",
        """
def snapshot(G, z):
    modes = {m: m.training for m in G.modules()}
    G.eval()
    with torch.no_grad():
        x = G(z)
    for m in modes:
        m.training = modes[m]
    return ((x + 1) * 127.5).round().to(torch.uint8).clamp(0, 255).movedim(1, 3)
""",
    ),
    "edits_the_output": (
        "your function changes the codes it was given: work on new tensors",
        """
import copy


@torch.no_grad()
def snapshot(G, z):
    x = copy.deepcopy(G).eval()(z)
    x.add_(1).mul_(127.5).round_().clamp_(0, 255)
    return x.permute(0, 2, 3, 1).to(torch.uint8)
""",
    ),
    "all_flags_on": (
        "requires_grad of G's parameters is not what it was: leave the flags,",
        """
def snapshot(G, z):
    modes = [(module, module.training) for module in G.modules()]
    G.eval().requires_grad_(False)
    with torch.no_grad():
        x = G(z)
    G.requires_grad_(True)
    for module, mode in modes:
        module.training = mode
    return ((x + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)
""",
    ),
    "squeezed": (
        "the result has shape (",
        """
import copy


def snapshot(G, z):
    with torch.no_grad():
        x = copy.deepcopy(G).eval()(z)
    return ((x + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).squeeze()
""",
    ),
}

RIGHT = {
    "copy_code_by_code": """
from copy import deepcopy


def snapshot(G, z):
    artist, pictures = deepcopy(G).eval(), []
    with torch.inference_mode():
        for code in z.clone().split(1):
            pictures.append(artist(code).mul(127.5).add(128).floor().clamp(0, 255).byte())
    return torch.cat(pictures).swapaxes(1, 2).swapaxes(2, 3).contiguous()
""",
    "context_and_buckets": """
from contextlib import contextmanager


@contextmanager
def drawing(net):
    before = {name: part.training for name, part in net.named_modules()}
    try:
        with torch.no_grad():
            yield net.train(False)
    finally:
        for name, mode in before.items():
            net.get_submodule(name).training = mode


def snapshot(G, z):
    with drawing(G) as artist:
        x = artist(z)
        edges = torch.arange(255, dtype=torch.float64) + 0.5
        return torch.bucketize((x.double() + 1) * 127.5, edges).type(torch.uint8).permute(0, 2, 3, 1)
""",
}
