"""Wrong and right answers to the task `discriminator_loss`: texts of its solution cell."""

from __future__ import annotations


def _loss(body: str, before: str = "") -> str:
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    return f"{before}def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:\n{lines}\n"


WRONG = {
    "returns_nothing": (
        "None",
        _loss("loss = F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()"),
    ),
    "wrong_sign": (
        "sign is wrong",
        _loss("return F.logsigmoid(real_logits).mean() + F.logsigmoid(-fake_logits).mean()"),
    ),
    "arguments_exchanged": (
        "real and fake are exchanged",
        _loss("return F.softplus(-fake_logits).mean() + F.softplus(real_logits).mean()"),
    ),
    "targets_exchanged": (
        "real and fake are exchanged",
        _loss("""
bce = F.binary_cross_entropy_with_logits
return bce(real_logits, torch.zeros_like(real_logits)) + bce(fake_logits, torch.ones_like(fake_logits))
"""),
    ),
    "averaged_halves": (
        "added, not averaged",
        _loss("return (F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()) / 2"),
    ),
    "sum_over_the_batch": (
        "a sum over the batch",
        _loss("return F.softplus(-real_logits).sum() + F.softplus(fake_logits).sum()"),
    ),
    "one_mean_over_both": (
        "its own batch",
        _loss("""
logits = torch.cat([real_logits, fake_logits])
targets = torch.cat([torch.ones_like(real_logits), torch.zeros_like(fake_logits)])
return F.binary_cross_entropy_with_logits(logits, targets)
"""),
    ),
    "both_divided_by_the_real_count": (
        "its own number of logits",
        _loss("return (F.softplus(-real_logits).sum() + F.softplus(fake_logits).sum()) / len(real_logits)"),
    ),
    "equal_batches_only": (
        "stopped with",
        _loss("return (F.softplus(-real_logits) + F.softplus(fake_logits)).mean()"),
    ),
    "logarithm_of_a_sigmoid": (
        "expected",
        _loss("return -real_logits.sigmoid().log().mean() - (1 - fake_logits.sigmoid()).log().mean()"),
    ),
    "eps_in_the_logarithm": (
        "softplus, logsigmoid",
        _loss("""
D_real, D_fake = torch.sigmoid(real_logits), torch.sigmoid(fake_logits)
return -(torch.log(D_real + 1e-8).mean() + torch.log(1 - D_fake + 1e-8).mean())
"""),
    ),
    "bce_loss_of_probabilities": (
        "softplus, logsigmoid",
        _loss("""
bce = nn.BCELoss()
on_real = bce(real_logits.sigmoid(), torch.ones_like(real_logits))
return on_real + bce(fake_logits.sigmoid(), torch.zeros_like(fake_logits))
"""),
    ),
    "log_of_one_plus_exp": (
        "softplus, logsigmoid",
        _loss(
            "return torch.log1p(torch.exp(-real_logits)).mean() + torch.log1p(torch.exp(fake_logits)).mean()"
        ),
    ),
    "clamped_logits": (
        "softplus, logsigmoid",
        _loss("""
real, fake = real_logits.clamp(-30, 30), fake_logits.clamp(-30, 30)
return F.softplus(-real).mean() + F.softplus(fake).mean()
"""),
    ),
    "clamped_value_with_a_cut_gradient": (
        "kills",
        _loss("""
p, q = real_logits.sigmoid(), (-fake_logits).sigmoid()
return torch.where(real_logits < -15, -real_logits.detach(), -p.clamp(1e-9).log()).mean() + torch.where(
    fake_logits > 15, fake_logits.detach(), -q.clamp(1e-9).log()
).mean()
"""),
    ),
    "double_sigmoid": (
        "sigmoid is applied twice",
        _loss("""
bce = F.binary_cross_entropy_with_logits
real, fake = real_logits.sigmoid(), fake_logits.sigmoid()
return bce(real, torch.ones_like(real)) + bce(fake, torch.zeros_like(fake))
"""),
    ),
    "one_sided_smoothing": (
        "real labels are smoothed",
        _loss("""
bce = F.binary_cross_entropy_with_logits
return bce(real_logits, torch.full_like(real_logits, 0.9)) + bce(fake_logits, torch.zeros_like(fake_logits))
"""),
    ),
    "fakes_have_target_one": (
        "target 1",
        _loss("return F.softplus(-real_logits).mean() + F.softplus(-fake_logits).mean()"),
    ),
    "fake_half_missing": ("the half on fakes is missing", _loss("return F.softplus(-real_logits).mean()")),
    "fake_logits_detached": (
        "no gradient reaches",
        _loss("return F.softplus(-real_logits).mean() + F.softplus(fake_logits.detach()).mean()"),
    ),
    "a_number": (
        "no gradient flows",
        _loss("return (F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()).item()"),
    ),
    "under_no_grad": (
        "no gradient flows",
        _loss(
            "return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()", "@torch.no_grad()\n"
        ),
    ),
    "mean_over_rows_only": (
        "shape",
        _loss("return F.softplus(-real_logits).mean(0) + F.softplus(fake_logits).mean(0)"),
    ),
    "logits_changed_in_place": (
        "changes the logits",
        _loss("return F.softplus(real_logits.neg_()).mean() + F.softplus(fake_logits).mean()"),
    ),
    "bits": (
        "natural logarithm",
        _loss("return (F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()) / math.log(2)"),
    ),
    "hinge": ("hinge", _loss("return F.relu(1 - real_logits).mean() + F.relu(1 + fake_logits).mean()")),
    "soft_margin_overflows": (
        "softplus, logsigmoid",
        _loss("""
ones = torch.ones_like
return F.soft_margin_loss(real_logits, ones(real_logits)) + F.soft_margin_loss(fake_logits, -ones(fake_logits))
"""),
    ),
    "constant": ("no gradient flows", _loss("return torch.tensor(2 * math.log(2))")),
    "kink_at_zero": (
        "kink",
        _loss("""
def softplus(a):
    return a.relu() + torch.log1p(torch.exp(-a.abs()))
return softplus(-real_logits).mean() + softplus(fake_logits).mean()
"""),
    ),
}

RIGHT = {
    "bce_with_logits": _loss("""
bce = F.binary_cross_entropy_with_logits
on_real = bce(real_logits, torch.ones_like(real_logits))
on_fake = bce(fake_logits, torch.zeros_like(fake_logits))
return on_real + on_fake
"""),
    "module_and_targets_of_shape_n_1": _loss("""
criterion = nn.BCEWithLogitsLoss()
real_targets = torch.ones(real_logits.size(0), 1)
fake_targets = torch.zeros(fake_logits.size(0), 1)
return criterion(real_logits, real_targets) + criterion(fake_logits, fake_targets)
"""),
    "logsigmoid": _loss("return -(F.logsigmoid(real_logits).mean() + F.logsigmoid(-fake_logits).mean())"),
    "logaddexp": _loss("""
zero = torch.zeros(())
return torch.logaddexp(zero, -real_logits).mean() + torch.logaddexp(zero, fake_logits).mean()
"""),
    "one_weighted_call": _loss("""
logits = torch.cat([real_logits, fake_logits]).squeeze(1)
targets = torch.cat([torch.ones(len(real_logits)), torch.zeros(len(fake_logits))])
weights = torch.cat([torch.full((len(x),), 1 / len(x)) for x in (real_logits, fake_logits)])
return F.binary_cross_entropy_with_logits(logits, targets, weight=weights, reduction="sum")
"""),
    "by_hand_with_the_larger_term_taken_out": _loss("""
def softplus(a):
    larger = a.clamp(min=0).detach()
    return larger + torch.log(torch.exp(-larger) + torch.exp(a - larger))
return sum([softplus(-real_logits).mean(), softplus(fake_logits).mean()])
"""),
    "cross_entropy_of_two_classes": _loss("""
def half(logits, target):
    two = torch.cat([torch.zeros_like(logits), logits], dim=1)  # softmax of (0, a) is (1 - sigma(a), sigma(a))
    return F.cross_entropy(two, torch.full((len(logits),), target))
return half(real_logits, 1) + half(fake_logits, 0)
"""),
    "one_softplus_of_signed_logits_with_a_warning": _loss("""
import warnings
warnings.warn("targets are signs here")
signed = torch.cat([-real_logits, fake_logits])
each = F.softplus(signed).squeeze(1)
return each[: len(real_logits)].mean() + each[len(real_logits) :].mean()
"""),
    "in_double": _loss(
        "return F.softplus(-real_logits.double()).mean() + F.softplus(fake_logits.double()).mean()"
    ),
}
