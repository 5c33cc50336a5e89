"""Wrong and right answers to the task `face_arithmetic`: texts of its solution cell."""

from __future__ import annotations


def _face(body: str, before: str = "") -> str:
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    return f"{before}def face_arithmetic(G, z_a, z_b, z_c):\n{lines}\n"


GOOD = """
z = z_a.mean(0) - z_b.mean(0) + z_c.mean(0)
modes = {module: module.training for module in G.modules()}
G.eval()
with torch.no_grad():
    x = G(z[None])
for module, mode in modes.items():
    module.training = mode
return x[0]
"""
CODE = "z_a.mean(0) - z_b.mean(0) + z_c.mean(0)"
RESTORE = "for module, mode in modes.items():\n    module.training = mode\n"


def _with(old: str, new: str) -> str:
    """The right answer with one piece replaced."""
    assert old in GOOD
    return _face(GOOD.replace(old, new))


WRONG = {
    "returns_nothing": ("None", _with("return x[0]", "x[0]")),
    "returns_the_code": ("shape", _with("return x[0]", "return z")),
    "returns_a_batch": ("take it out of the batch", _with("x[0]", "x")),
    "channels_last": ("axes are in another order", _with("x[0]", "x[0].permute(1, 2, 0)")),
    "bytes": ("dtype", _with("x[0]", "((x[0] + 1) * 127.5).round().to(torch.uint8)")),
    "scaled_to_0_1": ("scaled to [0, 1]", _with("x[0]", "(x[0] + 1) / 2")),
    "sums": ("codes are summed", _with(CODE, "z_a.sum(0) - z_b.sum(0) + z_c.sum(0)")),
    "first_codes_only": ("only the first code", _with(CODE, "z_a[0] - z_b[0] + z_c[0]")),
    "other_signs": ("signs are others", _with(CODE, "z_a.mean(0) + z_b.mean(0) - z_c.mean(0)")),
    "a_and_b_exchanged": ("a exchanged", _with(CODE, "z_b.mean(0) - z_a.mean(0) + z_c.mean(0)")),
    "all_added": ("all three concepts are added", _with(CODE, CODE.replace("-", "+"))),
    "c_missing": ("c is missing", _with(CODE, "z_a.mean(0) - z_b.mean(0)")),
    "a_pair_of_brackets": ("both are subtracted", _with(CODE, "z_a.mean(0) - (z_b.mean(0) + z_c.mean(0))")),
    "mean_over_the_entries": (
        "stopped with",
        _with(CODE, "z_a.mean(1) - z_b.mean(1) + z_c.mean(1)"),
    ),
    "with_pictures": (
        "arithmetic is done with pictures",
        _with("x = G(z[None])", "x = (G(z_a).mean(0) - G(z_b).mean(0) + G(z_c).mean(0))[None]"),
    ),
    "pictures_averaged": (
        "average the codes",
        _with("x = G(z[None])", "x = G(z_a - z_b + z_c).mean(0, keepdim=True)"),
    ),
    "normalised": ("length 1", _with("z[None]", "F.normalize(z[None])")),
    "back_to_the_sphere": ("length √latent", _with("z[None]", "z[None] / z.norm() * math.sqrt(len(z))")),
    "clamped_code": ("not G's picture", _with("z[None]", "z[None].clamp(-0.5, 0.5)")),
    "noise_added": ("not G's picture", _with("z[None]", "z[None] + 0.25 * (2 * torch.rand_like(z) - 1)")),
    "training_mode": ("training mode", _with("G.eval()\n", "")),
    "left_in_eval_mode": ("left in eval mode", _with(RESTORE, "")),
    "always_back_to_training": ("parts of G", _with(RESTORE, "G.train()\n")),
    "mode_of_the_whole_only": ("parts of G", _with(RESTORE, "G.train(modes[G])\n")),
    "no_no_grad": ("graph", _with("with torch.no_grad():\n    x = G(z[None])", "x = G(z[None])")),
    "detached_too_late": (
        "graph",
        _with("with torch.no_grad():\n    x = G(z[None])", "x = G(z[None]).detach()"),
    ),
    "no_grad_only_around_the_code": (
        "graph",
        _face(
            GOOD.replace("with torch.no_grad():\n    x", "x").replace(
                f"z = {CODE}", f"with torch.no_grad():\n    z = {CODE}"
            )
        ),
    ),
    "codes_changed": ("changes the codes", _with(CODE, "z_a.sub_(z_b).add_(z_c).mean(0)")),
    "gradients_cleared": (".grad", _with("G.eval()\n", "G.eval()\nG.zero_grad()\n")),
    "running_statistics_spoilt": (
        "running statistics",
        _with("G.eval()", "with torch.no_grad():\n    G.train()(torch.cat([z_a, z_b, z_c]))\nG.eval()"),
    ),
}

RIGHT = {
    "means_of_sums_decorated": "@torch.no_grad()\n"
    + _face(GOOD.replace("with torch.no_grad():\n    x", "x").replace(CODE, "(z_a - z_b + z_c).mean(dim=0)")),
    "a_copy_of_G": _face("""
import copy
z = torch.stack([z_a, z_b, z_c]).mean(1)  # (3, latent)
weights = torch.tensor([[1.0, -1.0, 1.0]])
with torch.inference_mode():
    return copy.deepcopy(G).eval()(weights @ z).squeeze(0)
"""),
    "in_a_batch_with_the_concepts": _face("""
means = [codes.mean(0) for codes in (z_a, z_b, z_c)]
a, b, c = means
was = [m.training for m in G.modules()]
G.eval()
with torch.no_grad():
    pictures = G(torch.stack([*means, a - b + c]))
for m, mode in zip(G.modules(), was):
    m.training = mode
return pictures[-1].clone()
"""),
    "try_and_finally_with_a_warning": _face("""
import warnings
warnings.warn("three codes only")
code = (sum(z_a) - sum(z_b) + sum(z_c)) / 3
before = [(m, m.training) for m in G.modules()]
try:
    for m in G.modules():
        m.training = False
    with torch.no_grad():
        (face,) = G(code.unsqueeze(0))
    return face
finally:
    for m, mode in before:
        m.training = mode
"""),
    "flags_off_and_back": _face("""
flags = [(p, p.requires_grad) for p in G.parameters()]
modes = [(m, m.training) for m in G.modules()]
G.eval().requires_grad_(False)
face = G((torch.mean(z_a, 0, True) - torch.mean(z_b, 0, True) + torch.mean(z_c, 0, True)))[0]
for p, flag in flags:
    p.requires_grad_(flag)
for m, mode in modes:
    m.training = mode
return face
"""),
    "with_a_helper_and_a_progress_line": """import sys

def mean_code(codes):
    print("mean of", len(codes), file=sys.stderr)
    return torch.einsum("kl->l", codes) / codes.size(0)

def face_arithmetic(G, z_a, z_b, z_c):
    modes = {name: module.training for name, module in G.named_modules()}
    G.eval()
    with torch.no_grad():
        face = G(torch.sub(mean_code(z_a), mean_code(z_b)).add(mean_code(z_c)).reshape(1, -1)).flatten(0, 1)
    for name, module in G.named_modules():
        module.training = modes[name]
    return face
""",
}
