"""Wrong and right answers to the task `snapshot`: texts of its solution cell."""

from __future__ import annotations


def _snapshot(body: str, before: str = "") -> str:
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    return f"{before}def snapshot(G, z):\n{lines}\n"


GOOD = """
modes = {module: module.training for module in G.modules()}
G.eval()
with torch.no_grad():
    x = G(z)
for module, mode in modes.items():
    module.training = mode
pixels = ((x + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
return pixels.permute(0, 2, 3, 1)
"""
PIXELS = "((x + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)"
RESTORE = "for module, mode in modes.items():\n    module.training = mode\n"


def _with(old: str, new: str) -> str:
    """The right answer with one piece replaced."""
    assert old in GOOD
    return _snapshot(GOOD.replace(old, new))


WRONG = {
    "returns_nothing": ("None", _with("return pixels", "pixels")),
    "training_mode": ("training mode", _with("G.eval()\n", "")),
    "left_in_eval_mode": ("left in eval mode", _with(RESTORE, "")),
    "always_back_to_training": ("parts of G", _with(RESTORE, "G.train()\n")),
    "mode_of_the_whole_only": (
        "parts of G",
        _snapshot(
            GOOD.replace("modes = {", "was = G.training\nmodes = {").replace(RESTORE, "G.train(was)\n")
        ),
    ),
    "modes_restored_from_outside_in_reverse": (
        "parts of G",
        _with(RESTORE, "for module, mode in reversed(modes.items()):\n    module.train(mode)\n"),
    ),
    "only_batch_norm_in_eval_and_then_training": (
        "parts of G",
        _snapshot("""
norms = [m for m in G.modules() if isinstance(m, nn.BatchNorm2d)]
for m in norms:
    m.eval()
with torch.no_grad():
    x = G(z)
for m in norms:
    m.train()
return ((x + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)
"""),
    ),
    "no_no_grad": ("graph", _with("with torch.no_grad():\n    x = G(z)", "x = G(z)")),
    "detached_too_late": ("graph", _with("with torch.no_grad():\n    x = G(z)", "x = G(z).detach()")),
    "flags_left_off": (
        "requires_grad",
        _with("with torch.no_grad():", "G.requires_grad_(False)\nwith torch.no_grad():"),
    ),
    "gradients_cleared": (".grad", _with("G.eval()\n", "G.eval()\nG.zero_grad()\n")),
    "truncated": ("not rounded", _with(".round()", "")),
    "not_clipped": ("wrap around", _with(".clamp(0, 255)", "")),
    "clipped_after_the_conversion": (
        "wrap around",
        _with(PIXELS, "((x + 1) * 127.5).round().to(torch.uint8).clamp(0, 255)"),
    ),
    "times_255": ("x · 255", _with("(x + 1) * 127.5", "x * 255")),
    "times_128": ("(x + 1) · 128", _with("127.5", "128")),
    "channels_first": ("axes are in another order", _with(".permute(0, 2, 3, 1)", "")),
    "width_before_height": ("axes are in another order", _with("(0, 2, 3, 1)", "(0, 3, 2, 1)")),
    "reshaped_instead_of_permuted": (
        "off round",
        _with("pixels.permute(0, 2, 3, 1)", "pixels.reshape(x.shape[0], x.shape[2], x.shape[3], x.shape[1])"),
    ),
    "floats": ("dtype", _with(".to(torch.uint8)", "")),
    "unit_interval": ("dtype", _with(PIXELS, "(x + 1) / 2")),
    "numpy_array": ("returned a ndarray", _with("permute(0, 2, 3, 1)", "permute(0, 2, 3, 1).numpy()")),
    "stretched_to_the_common_range": (
        "common range",
        _with(PIXELS, "(255 * (x - x.min()) / (x.max() - x.min())).round().byte()"),
    ),
    "one_picture_only": ("shape", _with("x = G(z)", "x = G(z[:1])")),
    "fresh_noise": ("off round", _with("x = G(z)", "x = G(torch.randn_like(z))")),
    "noise_changed": ("changes the codes", _with("x = G(z)", "x = G(z.clone())\n    z.mul_(0.5)")),
    "momentum_set_to_zero": (
        "training mode",
        _with(
            "G.eval()", "G.train()\nfor m in G.modules():\n    if hasattr(m, 'momentum'): m.momentum = 0.0"
        ),
    ),
    "a_warm_up_batch": (
        "running statistics",
        _with("G.eval()", "with torch.no_grad():\n    G.train()(z)\nG.eval()"),
    ),
    "darker": ("off round", _with("127.5", "100")),
    "in_place_on_what_G_returns": (
        "changes the codes",
        _with(PIXELS, "x.add_(1).mul_(127.5).round_().clamp_(0, 255).byte()"),
    ),
}

RIGHT = {
    "decorated": "@torch.no_grad()\n"
    + _snapshot(GOOD.replace("with torch.no_grad():\n    x = G(z)", "x = G(z)")),
    "a_copy_of_G": _snapshot("""
import copy
with torch.inference_mode():
    x = copy.deepcopy(G).eval()(z)
return x.add(1).mul(127.5).clip(0, 255).round().byte().movedim(1, -1)
"""),
    "one_by_one_with_a_progress_bar": _snapshot("""
import sys
modes = [m.training for m in G.modules()]
G.eval()
pictures = []
for row in z:
    print(".", end="", file=sys.stderr)
    with torch.no_grad():
        pictures.append(G(row[None])[0])
for m, mode in zip(G.modules(), modes):
    m.training = mode
x = torch.stack(pictures, 0).moveaxis(1, 3)
return torch.clamp(torch.round((x + 1) * 127.5), min=0, max=255).to(torch.uint8)
"""),
    "rounded_by_adding_a_half": _with(PIXELS, "(x * 127.5 + 128).clamp(0, 255.5).to(torch.uint8)"),
    "through_numpy": _snapshot("""
import numpy as np
modes = [(m, m.training) for m in G.modules()]
try:
    G.eval()
    with torch.no_grad():
        x = G(z).numpy()
finally:
    for m, mode in modes:
        m.training = mode
pixels = np.clip(np.rint((x + 1.0) * 127.5), 0, 255).astype(np.uint8)
return torch.from_numpy(np.ascontiguousarray(pixels.transpose(0, 2, 3, 1)))
"""),
    "a_context_manager": """from contextlib import contextmanager

@contextmanager
def drawing(net):
    before = {name: m.training for name, m in net.named_modules()}
    net.eval()
    try:
        with torch.no_grad():
            yield net
    finally:
        for name, m in net.named_modules():
            m.training = before[name]

def snapshot(G, z):
    import warnings
    warnings.warn("eval mode")
    with drawing(G) as net:
        return ((net(z) + 1) * 127.5).round_().clamp_(0, 255).permute(0, 2, 3, 1).to(torch.uint8)
""",
    "clipped_first": _with(PIXELS, "((x.clamp(-1, 1) + 1) / 2 * 255).round().to(torch.uint8)"),
    "in_place_on_a_copy": _with(
        PIXELS, "x.clone().add_(1).mul_(127.5).add_(0.5).floor_().clamp_(0, 255).byte()"
    ),
}
