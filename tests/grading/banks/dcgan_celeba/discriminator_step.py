"""Wrong and right answers to the task `discriminator_step`: texts of its solution cell."""

from __future__ import annotations


def _step(body: str, before: str = "") -> str:
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    return f"{before}def discriminator_step(G, D, opt_D, x_real, latent, loss):\n{lines}\n"


GOOD = """
z = torch.randn(len(x_real), latent)
x_fake = G(z).detach()
d_loss = loss(D(x_real), D(x_fake))
opt_D.zero_grad()
d_loss.backward()
opt_D.step()
return d_loss.item()
"""


def _with(old: str, new: str, before: str = "") -> str:
    """The right step with one piece replaced."""
    assert old in GOOD
    return _step(GOOD.replace(old, new), before)


NOISE = "torch.randn(len(x_real), latent)"
LOSS = "loss(D(x_real), D(x_fake))"
BACKWARD = "opt_D.zero_grad()\nd_loss.backward()"

WRONG = {
    "returns_nothing": ("return the loss", _with("return d_loss.item()", "print(d_loss.item())")),
    "returns_the_graph": ("holds the graph", _with("d_loss.item()", "d_loss")),
    "returns_a_tensor": ("plain float", _with("d_loss.item()", "d_loss.detach()")),
    "returns_another_loss": (
        "the update is right, but you returned",
        _with("d_loss.item()", "F.softplus(-D(x_real)).mean().item()"),
    ),
    "returns_the_loss_after_the_update": (
        "after the update",
        _with("return d_loss.item()", "return loss(D(x_real), D(x_fake)).item()"),
    ),
    "no_detach": ("gradients arrived in G", _with("G(z).detach()", "G(z)")),
    "late_detach": ("only the real half", _with("D(x_fake))", "D(x_fake).detach())")),
    "no_grad_around_D_on_fakes": (
        "only the real half",
        _with(f"d_loss = {LOSS}", "with torch.no_grad():\n    fake = D(G(z))\nd_loss = loss(D(x_real), fake)").replace(
            "    x_fake = G(z).detach()\n", ""
        ),
    ),
    "zero_grad_missing": ("zero_grad comes before", _with("opt_D.zero_grad()\n", "")),
    "zero_grad_after_backward": (
        "did not change",
        _with(BACKWARD, "d_loss.backward()\nopt_D.zero_grad()"),
    ),
    "step_missing": ("did not change", _with("opt_D.step()\n", "")),
    "two_updates_on_one_batch": (
        "two updates",
        _with("opt_D.step()", f"opt_D.step()\nopt_D.zero_grad()\nagain = {LOSS}\nagain.backward()\nopt_D.step()"),
    ),
    "own_optimiser": (
        "D moved, but not by one step",
        _with("opt_D.step()", "torch.optim.Adam(D.parameters(), lr=2e-4).step()"),
    ),
    "arguments_exchanged": ("arguments of the loss are exchanged", _with(LOSS, "loss(D(x_fake), D(x_real))")),
    "loss_ignored": (
        "not the one used",
        _with(LOSS, "F.softplus(-D(x_real)).mean() + F.softplus(D(x_fake)).mean()"),
    ),
    "sigmoid_before_the_loss": (
        "a sigmoid comes before",
        _with(LOSS, "loss(D(x_real).sigmoid(), D(x_fake).sigmoid())"),
    ),
    "real_pictures_twice": ("take the place of the fakes", _with(LOSS, "loss(D(x_real), D(x_real))")),
    "first_fake_only": ("only the first fake", _with("D(x_fake)", "D(x_fake[:1])")),
    "noise_reseeded": ("same z", _with(f"z = {NOISE}", f"torch.manual_seed(0)\nz = {NOISE}")),
    "noise_kept_between_calls": (
        "same z",
        _step(
            GOOD.replace(f"z = {NOISE}", f"z = KEPT.setdefault((len(x_real), latent), {NOISE})"),
            "KEPT = {}\n",
        ),
    ),
    "noise_from_numpy": (
        "global generator",
        _with(NOISE, "torch.from_numpy(__import__('numpy').random.randn(len(x_real), latent)).float()"),
    ),
    "uniform_noise": ("z has mean", _with(NOISE, "torch.rand(len(x_real), latent) * 2 - 1")),
    "noise_with_mean_five": ("z has mean", _with(NOISE, "torch.randn(len(x_real), latent) + 5")),
    "one_row_of_noise": ("rows of z", _with(NOISE, "torch.randn(1, latent).expand(len(x_real), latent)")),
    "half_as_many_fakes": ("expected (n, latent)", _with("len(x_real), latent", "len(x_real) // 2, latent")),
    "real_batch_changed_in_place": (
        "changes x_real",
        _with("z = torch", "x_real += 0.05 * torch.randn_like(x_real)\nz = torch"),
    ),
    "eval_mode_inside": (
        "during the step D was in eval mode",
        _step("D.eval()\n" + GOOD.strip().replace("return", "D.train()\nreturn")),
    ),
    "G_in_eval_mode_while_it_draws": (
        "during the step G was in eval mode",
        _with("x_fake = G(z).detach()", "was = G.training\nG.eval()\nx_fake = G(z).detach()\nG.train(was)"),
    ),
    "train_called": ("another mode", _with("z = torch", "G.train()\nD.train()\nz = torch")),
    "G_left_frozen": (
        "is left frozen",
        _with("x_fake = G(z).detach()", "G.requires_grad_(False)\nx_fake = G(z)"),
    ),
    "gradients_of_G_cleared": ("clears G's gradients", _with("opt_D.zero_grad()", "opt_D.zero_grad()\nG.zero_grad()")),
    "G_updated_too": (
        "G's parameters changed",
        _step(
            GOOD.replace("G(z).detach()", "G(z)").replace(
                "opt_D.step()",
                "opt_D.step()\nwith torch.no_grad():\n    for p in G.parameters():\n        if p.grad is not None:\n"
                "            p -= 0.1 * p.grad",
            )
        ),
    ),
    "two_batches_of_noise": (
        "G was called 2 times",
        _with(LOSS, "(loss(D(x_real), D(x_fake)) + loss(D(x_real), D(G(torch.randn_like(z)).detach()))) / 2"),
    ),
    "flat_logits": ("logits of shape", _with(LOSS, "loss(D(x_real).view(-1), D(x_fake).view(-1))")),
}  # fmt: skip

RIGHT = {
    "no_grad_around_G": _with("x_fake = G(z).detach()", "with torch.no_grad():\n    x_fake = G(z)"),
    "one_concatenated_pass": _with(
        f"d_loss = {LOSS}",
        "logits = D(torch.cat([x_real, x_fake]))\nd_loss = loss(logits[: len(x_real)], logits[len(x_real) :])",
    ),
    "concatenated_fakes_first": _with(
        f"d_loss = {LOSS}",
        "fake, real = D(torch.cat([x_fake, x_real])).chunk(2)\nd_loss = loss(real, fake)",
    ),
    "fakes_first_keywords": _with(LOSS, "loss(fake_logits=D(x_fake), real_logits=D(x_real))"),
    "gradients_by_hand": _step("""
n = x_real.size(0)
with torch.inference_mode():
    x_fake = G(torch.empty(n, latent).normal_())
x_fake = x_fake.clone()
d_loss = loss(D(x_real), D(x_fake))
parameters = [p for p in D.parameters() if p.requires_grad]
for p, g in zip(parameters, torch.autograd.grad(d_loss, parameters)):
    p.grad = g
opt_D.step()
return float(d_loss)
"""),
    "G_frozen_and_every_flag_put_back": _step("""
flags = [p.requires_grad for p in G.parameters()]
for p in G.parameters():
    p.requires_grad_(False)
x_fake = G(torch.randn(x_real.shape[0], latent))
for p, flag in zip(G.parameters(), flags):
    p.requires_grad_(flag)
opt_D.zero_grad(set_to_none=False)
value = loss(D(x_real), D(x_fake))
value.backward()
opt_D.step()
return value.tolist()
"""),
    "closure": _step("""
x_fake = G(torch.randn(len(x_real), latent)).data
def closure():
    opt_D.zero_grad()
    value = loss(D(x_real), D(x_fake))
    value.backward()
    return value
return opt_D.step(closure).item()
"""),
    "functional_call": _step("""
from torch.func import functional_call
x_fake = functional_call(G, {k: p.detach() for k, p in G.named_parameters()}, (torch.randn(len(x_real), latent),))
D.zero_grad()
value = loss(D(x_real), D(x_fake))
value.backward()
opt_D.step()
return value.detach().numpy().item()
"""),
    "a_warning_and_a_progress_bar": _with(
        "z = torch",
        "import sys, warnings\nwarnings.warn('step')\nprint('100%|#####|', file=sys.stderr)\nz = torch",
    ),
}
