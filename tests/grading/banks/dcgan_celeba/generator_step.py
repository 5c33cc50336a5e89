"""Wrong and right answers to the task `generator_step`: texts of its solution cell."""

from __future__ import annotations


def _step(body: str, before: str = "") -> str:
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    return f"{before}def generator_step(G, D, opt_G, n, latent, loss):\n{lines}\n"


GOOD = """
z = torch.randn(n, latent)
g_loss = loss(D(G(z)))
opt_G.zero_grad()
g_loss.backward()
opt_G.step()
return g_loss.item()
"""


def _with(old: str, new: str, before: str = "") -> str:
    """The right step with one piece replaced."""
    assert old in GOOD
    return _step(GOOD.replace(old, new), before)


WRONG = {
    "returns_nothing": ("return the loss", _with("return g_loss.item()", "pass")),
    "returns_the_graph": ("holds the graph", _with("g_loss.item()", "g_loss")),
    "returns_a_tensor": ("plain float", _with("g_loss.item()", "g_loss.data")),
    "returns_another_loss": (
        "another loss",
        _step("""
logits = D(G(torch.randn(n, latent)))
opt_G.zero_grad()
loss(logits).backward()
opt_G.step()
return F.softplus(-logits).mean().item()
"""),
    ),
    "returns_the_loss_after_the_update": (
        "G was called 2 times",
        _with("return g_loss.item()", "return loss(D(G(z))).item()"),
    ),
    "detached_fakes": ("did not change", _with("D(G(z))", "D(G(z).detach())")),
    "no_grad_around_D": (
        "stopped with",
        _with(
            "g_loss = loss(D(G(z)))",
            "x = G(z)\nwith torch.no_grad():\n    logits = D(x)\ng_loss = loss(logits)",
        ),
    ),
    "zero_grad_missing": ("zero_grad comes before", _with("opt_G.zero_grad()\n", "")),
    "zero_grad_after_backward": (
        "did not change",
        _with("opt_G.zero_grad()\ng_loss.backward()", "g_loss.backward()\nopt_G.zero_grad()"),
    ),
    "step_missing": ("did not change", _with("opt_G.step()\n", "")),
    "D_updated_too": (
        "D's parameters changed",
        _with(
            "opt_G.step()",
            "opt_G.step()\nwith torch.no_grad():\n    for p in D.parameters():\n        if p.grad is not None:\n"
            "            p -= 1e-3 * p.grad",
        ),
    ),
    "one_optimiser_for_both": (
        "D's parameters changed",
        _with(
            "opt_G.step()",
            "torch.optim.SGD([*G.parameters(), *D.parameters()], opt_G.param_groups[0]['lr']).step()",
        ),
    ),
    "D_left_frozen": (
        "is left frozen",
        _with("g_loss = loss", "D.requires_grad_(False)\ng_loss = loss"),
    ),
    "D_thawed": (
        "requires_grad of D",
        _step("D.requires_grad_(False)\n" + GOOD.strip().replace("return", "D.requires_grad_(True)\nreturn")),
    ),
    "D_in_eval_mode": (
        "during the step D was in eval mode",
        _step("D.eval()\n" + GOOD.strip().replace("return", "D.train()\nreturn")),
    ),
    "G_in_eval_mode": (
        "during the step G was in eval mode",
        _with("g_loss = loss", "G.eval()\ng_loss = loss"),
    ),
    "left_in_training_mode": (
        "another mode",
        _with("return g_loss.item()", "G.train()\nD.train()\nreturn g_loss.item()"),
    ),
    "uphill": ("uphill", _with("g_loss.backward()", "(-g_loss).backward()")),
    "logits_negated": ("wrong sign", _with("loss(D(G(z)))", "loss(-D(G(z)))")),
    "backward_twice": (
        "twice as long",
        _with("g_loss.backward()", "g_loss.backward(retain_graph=True)\ng_loss.backward()"),
    ),
    "loss_ignored": ("not the one used", _with("loss(D(G(z)))", "F.softplus(-D(G(z))).mean()")),
    "saturating_loss": ("this is the saturating loss", _with("loss(D(G(z)))", "-F.softplus(D(G(z))).mean()")),
    "sigmoid_before_the_loss": ("a sigmoid comes before", _with("loss(D(G(z)))", "loss(D(G(z)).sigmoid())")),
    "first_fake_only": ("only the first fake", _with("loss(D(G(z)))", "loss(D(G(z))[:1])")),
    "two_updates": (
        "G was called 2 times",
        _with("opt_G.step()", "opt_G.step()\nopt_G.zero_grad()\nloss(D(G(z))).backward()\nopt_G.step()"),
    ),
    "noise_reseeded": ("same z", _with("z = torch", "torch.manual_seed(42)\nz = torch")),
    "noise_from_an_unseeded_generator": (
        "global generator",
        _step(
            GOOD.replace("torch.randn(n, latent)", "torch.randn(n, latent, generator=RNG)"),
            "RNG = torch.Generator()\nRNG.seed()\n",
        ),
    ),
    "uniform_noise": ("z has mean", _with("torch.randn(n, latent)", "torch.rand(n, latent)")),
    "uniform_noise_of_unit_variance": (
        "not normal",
        _with("torch.randn(n, latent)", "(2 * torch.rand(n, latent) - 1) * math.sqrt(3)"),
    ),
    "noise_with_mean_five": (
        "z has mean",
        _with("torch.randn(n, latent)", "torch.normal(5.0, 1.0, (n, latent))"),
    ),
    "one_row_of_noise": ("rows of z", _with("torch.randn(n, latent)", "torch.randn(latent).repeat(n, 1)")),
    "batch_of_64": ("expected (n, latent)", _with("torch.randn(n, latent)", "torch.randn(64, latent)")),
    "own_optimiser": (
        "G moved, but not by one step",
        _with("opt_G.step()", "torch.optim.Adam(G.parameters(), lr=2e-4, betas=(0.5, 0.999)).step()"),
    ),
}

RIGHT = {
    "D_cleared_too": _with("opt_G.zero_grad()", "G.zero_grad()\nD.zero_grad()"),
    "gradients_by_hand": _step("""
x_fake = G(torch.randn((n, latent)))
value = loss(D(x_fake))
parameters = [p for p in G.parameters() if p.requires_grad]
for p, g in zip(parameters, torch.autograd.grad(value, parameters)):
    p.grad = g.clone()
opt_G.step()
return float(value)
"""),
    "D_frozen_and_every_flag_put_back": _step("""
flags = {p: p.requires_grad for p in D.parameters()}
for p in flags:
    p.requires_grad = False
try:
    opt_G.zero_grad()
    value = loss(D(G(torch.randn(n, latent))))
    value.backward()
    opt_G.step()
finally:
    for p, flag in flags.items():
        p.requires_grad = flag
return value.item()
"""),
    "a_frozen_copy_of_D": _step("""
import copy
judge = copy.deepcopy(D).requires_grad_(False)
opt_G.zero_grad(set_to_none=False)
value = loss(judge(G(torch.randn(n, latent))))
value.backward()
opt_G.step()
return value.item()
"""),
    "chain_rule_in_two_parts": _step("""
opt_G.zero_grad()
x_fake = G(torch.randn(n, latent))
leaf = x_fake.detach().requires_grad_()
value = loss(D(leaf))
value.backward()            # the gradient in the pictures ...
x_fake.backward(leaf.grad)  # ... and from there into G
opt_G.step()
return value.item()
"""),
    "functional_D": _step("""
from torch.func import functional_call
fixed = {name: p.detach() for name, p in D.named_parameters()}
opt_G.zero_grad()
value = loss(functional_call(D, fixed, (G(torch.empty(n, latent).normal_()),)))
value.backward()
opt_G.step()
return value.item()
"""),
    "closure_and_keyword": _step("""
z = torch.normal(torch.zeros(n, latent), 1.0)
def closure():
    opt_G.zero_grad()
    value = loss(fake_logits=D(G(z)))
    value.backward()
    return value
return opt_G.step(closure).item()
"""),
    "a_warning_and_a_progress_bar": _with(
        "z = torch",
        "import sys, warnings\nwarnings.warn('step')\nprint('100%|#####|', file=sys.stderr)\nz = torch",
    ),
}
