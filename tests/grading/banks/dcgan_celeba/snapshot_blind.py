"""Wrong and right answers to the task `snapshot`, written by someone who had not seen its check."""

WRONG = {
    "cut_off": (
        "the values are cut off, not rounded: .round() before .to(torch.uint8)",
        """
def snapshot(G: nn.Module, z: Tensor) -> Tensor:
    modes = [(m, m.training) for m in G.modules()]
    G.eval()
    with torch.no_grad():
        x = G(z)
    for m, mode in modes:
        m.training = mode
    return ((x + 1) * 127.5).clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)
""",
    ),
    "one_mode_for_all": (
        "some parts of G are not in the mode they came in: a layer may be in",
        """
def snapshot(G: nn.Module, z: Tensor) -> Tensor:
    training = G.training
    G.eval()
    with torch.no_grad():
        x = G(z)
    G.train(training)
    return ((x + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)
""",
    ),
    "not_clipped": (
        "the pictures wrap around: clip to 0..255 *before* .to(torch.uint8)",
        """
@torch.no_grad()
def snapshot(G: nn.Module, z: Tensor) -> Tensor:
    modes = {m: m.training for m in G.modules()}
    G.eval()
    x = G(z)
    for m, mode in modes.items():
        m.training = mode
    x = torch.round((x + 1) * 127.5).to(torch.int64)
    return x.to(torch.uint8).permute(0, 2, 3, 1).contiguous()
""",
    ),
    "detached_afterwards": (
        "a graph was built while G drew: nothing is learned here, so draw",
        """
def snapshot(G: nn.Module, z: Tensor) -> Tensor:
    modes = [m.training for m in G.modules()]
    G.eval()
    x = G(z).detach()
    for m, mode in zip(G.modules(), modes):
        m.training = mode
    return x.add(1).mul(127.5).round().clamp(0, 255).byte().permute(0, 2, 3, 1)
""",
    ),
    "reshaped": (
        "off round((x + 1) · 127.5), with x = G(z) in eval mode, clipped to",
        """
def snapshot(G: nn.Module, z: Tensor) -> Tensor:
    modes = [(m, m.training) for m in G.modules()]
    G.eval()
    with torch.no_grad():
        x = G(z)
    for m, mode in modes:
        m.training = mode
    n, c, h, w = x.shape
    return ((x + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).reshape(n, h, w, c)
""",
    ),
    "stretched_contrast": (
        "all pictures are stretched to their common range: use (x + 1) · 127.5",
        """
def snapshot(G: nn.Module, z: Tensor) -> Tensor:
    modes = [(m, m.training) for m in G.modules()]
    G.eval()
    with torch.no_grad():
        x = G(z)
    for m, mode in modes:
        m.training = mode
    x = (x - x.min()) / (x.max() - x.min())
    return (x * 255).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)
""",
    ),
    "in_place": (
        "your function changes the codes it was given: work on new tensors",
        """
def snapshot(G: nn.Module, z: Tensor) -> Tensor:
    modes = [(m, m.training) for m in G.modules()]
    G.eval()
    with torch.no_grad():
        x = G(z)
        x.add_(1).mul_(127.5).round_().clamp_(0, 255)
    for m, mode in modes:
        m.training = mode
    return x.to(torch.uint8).permute(0, 2, 3, 1)
""",
    ),
}

RIGHT = {
    "context_manager": """
from contextlib import contextmanager


@contextmanager
def _watching(net):
    flags = {name: module.training for name, module in net.named_modules()}
    try:
        with torch.no_grad():
            yield net.eval()
    finally:
        for name, flag in flags.items():
            net.get_submodule(name).training = flag


def snapshot(G: nn.Module, z: Tensor) -> Tensor:
    with _watching(G) as net:
        x = torch.movedim(net(z), 1, -1)
    x = torch.round(127.5 * x + 127.5)
    return torch.minimum(torch.maximum(x, torch.tensor(0.0)), torch.tensor(255.0)).type(torch.uint8)
""",
    "code_after_code": """
def snapshot(G: nn.Module, z: Tensor) -> Tensor:
    trained = [m for m in G.modules() if m.training]
    for m in trained:
        m.training = False
    album = []
    with torch.inference_mode():
        for i in range(len(z)):
            album.append(G(z[i : i + 1])[0].permute(1, 2, 0))
            print(f"{i + 1}/{len(z)}", end=" ")
        bytes_ = [picture.clamp(-1, 1).add(1).mul(127.5).round().to(torch.uint8) for picture in album]
    for m in trained:
        m.training = True
    return torch.stack([b.clone() for b in bytes_])
""",
    "gradients_switched_off": """
def snapshot(G: nn.Module, z: Tensor) -> Tensor:
    def remember(module, table):
        table.append((module, module.training))
        for child in module.children():
            remember(child, table)
        return table

    table = remember(G, [])
    grad_was = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        G.train(False)
        x = G(z.clone())
    finally:
        torch.set_grad_enabled(grad_was)
        for module, flag in table:
            module.__dict__["training"] = flag
    x = torch.einsum("nchw->nhwc", x)
    return torch.clip(torch.round((x + 1) * 127.5), 0, 255).to(dtype=torch.uint8)
""",
}
