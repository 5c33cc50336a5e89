"""Wrong and right answers to the task `generator_loss`, written by someone who had not seen its check."""

WRONG = {
    "bce_of_probabilities": (
        ": a clamp, an eps or a rounded probability keeps the value and kills",
        """
def generator_loss(fake_logits: Tensor) -> Tensor:
    probability = torch.sigmoid(fake_logits)
    return F.binary_cross_entropy(probability, torch.ones_like(probability))
""",
    ),
    "where_around_exp": (
        ": a clamp, an eps or a rounded probability keeps the value and kills",
        """
def generator_loss(fake_logits: Tensor) -> Tensor:
    each = torch.where(fake_logits < -20, -fake_logits, torch.log(1 + torch.exp(-fake_logits)))
    return each.mean()
""",
    ),
    "no_gradient": (
        "the value is right, but no gradient reaches one of the batches of",
        """
def generator_loss(fake_logits: Tensor) -> Tensor:
    logits = torch.tensor(fake_logits.tolist(), requires_grad=True)
    return nn.BCEWithLogitsLoss()(logits, torch.ones_like(logits))
""",
    ),
    "in_place": (
        "your function changes the logits it is given: work on new tensors",
        """
def generator_loss(fake_logits: Tensor) -> Tensor:
    fake_logits *= -1
    return F.softplus(fake_logits).mean()
""",
    ),
    "kink_at_zero": (
        "the value is right, but the gradient in a logit of exactly 0 is -0,",
        """
def generator_loss(fake_logits: Tensor) -> Tensor:
    return (F.relu(-fake_logits) + torch.log1p(torch.exp(-fake_logits.abs()))).mean()
""",
    ),
    "log_of_the_mean": (
        ": the mean is taken before the logarithm: -log D first, for each fake",
        """
def generator_loss(fake_logits: Tensor) -> Tensor:
    log_d = F.logsigmoid(fake_logits)
    return math.log(fake_logits.numel()) - torch.logsumexp(log_d.flatten(), dim=0)
""",
    ),
    "mean_logit": (
        ": the mean of the logits is taken first: -log D for each fake, then",
        """
def generator_loss(fake_logits: Tensor) -> Tensor:
    return -F.logsigmoid(fake_logits.mean())
""",
    ),
}

RIGHT = {
    "two_classes": """
def generator_loss(fake_logits: Tensor) -> Tensor:
    scores = torch.hstack([torch.zeros_like(fake_logits), fake_logits])
    return -F.log_softmax(scores, dim=1).select(1, 1).mean()
""",
    "one_at_a_time": """
def generator_loss(fake_logits: Tensor) -> Tensor:
    total = 0
    for logit in fake_logits.reshape(-1):
        total = total + F.binary_cross_entropy_with_logits(logit, torch.ones_like(logit))
    return total / fake_logits.shape[0]
""",
    "loss_module_with_log_add_exp": """
class _NonSaturating(nn.Module):
    def forward(self, logits):
        nothing = logits.new_zeros(())
        each = torch.logaddexp(nothing, torch.neg(logits))
        return torch.einsum("nk->", each) / each.numel()


def generator_loss(fake_logits: Tensor) -> Tensor:
    return _NonSaturating()(fake_logits)
""",
}
