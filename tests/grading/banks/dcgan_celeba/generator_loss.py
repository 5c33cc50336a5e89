"""Wrong and right answers to the task `generator_loss`: texts of its solution cell."""

from __future__ import annotations


def _loss(body: str, before: str = "") -> str:
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    return f"{before}def generator_loss(fake_logits: Tensor) -> Tensor:\n{lines}\n"


WRONG = {
    "returns_nothing": ("None", _loss("loss = F.softplus(-fake_logits).mean()")),
    "saturating": ("saturating", _loss("return -F.softplus(fake_logits).mean()")),
    "saturating_by_logsigmoid": ("saturating", _loss("return F.logsigmoid(-fake_logits).mean()")),
    "wrong_sign": ("sign is wrong", _loss("return F.logsigmoid(fake_logits).mean()")),
    "target_zero": (
        "being caught",
        _loss("return F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits))"),
    ),
    "sum": ("a sum over the batch", _loss("return F.softplus(-fake_logits).sum()")),
    "half": ("half of what was asked", _loss("return F.softplus(-fake_logits).mean() / 2")),
    "not_reduced": ("shape", _loss("return F.softplus(-fake_logits)")),
    "mean_over_dim_1": ("shape", _loss("return F.softplus(-fake_logits).mean(1)")),
    "logarithm_of_a_sigmoid": (
        "softplus, logsigmoid",
        _loss("return -torch.log(torch.sigmoid(fake_logits)).mean()"),
    ),
    "eps_in_the_logarithm": (
        "softplus, logsigmoid",
        _loss("return -torch.log(torch.sigmoid(fake_logits) + 1e-12).mean()"),
    ),
    "bce_loss_of_probabilities": (
        "softplus, logsigmoid",
        _loss("return nn.BCELoss()(torch.sigmoid(fake_logits), torch.ones_like(fake_logits))"),
    ),
    "clamped_logits": (
        "softplus, logsigmoid",
        _loss("return F.softplus(-fake_logits.clamp(min=-50)).mean()"),
    ),
    "log_of_one_plus_exp": ("softplus, logsigmoid", _loss("return (1 + (-fake_logits).exp()).log().mean()")),
    "linear_tail_without_gradient": (
        "kills",
        _loss("""
p = fake_logits.sigmoid().clamp(min=1e-6)
return torch.where(fake_logits < -13, -fake_logits.detach(), -p.log()).mean()
"""),
    ),
    "double_sigmoid": (
        "sigmoid is applied twice",
        _loss("""
p = fake_logits.sigmoid()
return F.binary_cross_entropy_with_logits(p, torch.ones_like(p))
"""),
    ),
    "smoothed": (
        "label is smoothed",
        _loss("return F.binary_cross_entropy_with_logits(fake_logits, torch.full_like(fake_logits, 0.9))"),
    ),
    "logarithm_of_the_mean": ("before the logarithm", _loss("return -fake_logits.sigmoid().mean().log()")),
    "loss_of_the_mean_logit": ("mean of the logits", _loss("return F.softplus(-fake_logits.mean())")),
    "detached": ("no gradient flows", _loss("return F.softplus(-fake_logits.detach()).mean()")),
    "a_number": ("no gradient flows", _loss("return F.softplus(-fake_logits).mean().item()")),
    "hinge": ("hinge", _loss("return -fake_logits.mean()")),
    "without_the_logarithm": ("without the logarithm", _loss("return (1 - fake_logits.sigmoid()).mean()")),
    "changed_in_place": ("changes the logits", _loss("return F.softplus(fake_logits.mul_(-1)).mean()")),
    "first_fake_only": ("only the first fake", _loss("return F.softplus(-fake_logits[0]).mean()")),
    "kink_at_zero": (
        "kink",
        _loss("a = fake_logits\nreturn ((-a).relu() + torch.log1p(torch.exp(-a.abs()))).mean()"),
    ),
}

RIGHT = {
    "bce_with_logits": _loss(
        "return F.binary_cross_entropy_with_logits(fake_logits, torch.ones_like(fake_logits))"
    ),
    "logsigmoid": _loss("return -F.logsigmoid(fake_logits).mean()"),
    "logaddexp": _loss("return torch.logaddexp(-fake_logits, torch.zeros_like(fake_logits)).mean()"),
    "sum_over_count": _loss("return F.softplus(-fake_logits).sum() / fake_logits.shape[0]"),
    "loop_over_rows": _loss("return torch.stack([F.softplus(-a) for a in fake_logits.flatten()]).mean()"),
    "logsumexp_of_two_classes": _loss("""
two = torch.cat([torch.zeros_like(fake_logits), fake_logits], dim=1)
return (torch.logsumexp(two, dim=1) - two[:, 1]).mean()
"""),
    "a_class_with_a_print": """import sys
class NonSaturating(nn.Module):
    def __init__(self):
        super().__init__()
        self.bce = nn.BCEWithLogitsLoss(reduction="mean")
    def forward(self, fake_logits):
        print("loss", end="\\r", file=sys.stderr)
        return self.bce(fake_logits, fake_logits.new_ones(fake_logits.shape))
generator_loss = NonSaturating()
""",
    "in_double": _loss("return F.softplus(-fake_logits.double()).mean()"),
}
