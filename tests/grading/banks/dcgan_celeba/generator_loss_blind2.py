"""Wrong and right answers to the task `generator_loss`, written by someone who had not seen its check."""

WRONG = {
    "bce_of_sigmoid": (
        ": a clamp, an eps or a rounded probability keeps the value and kills",
        """
def generator_loss(fake_logits):
    probabilities = torch.sigmoid(fake_logits)
    return F.binary_cross_entropy(probabilities, torch.ones_like(probabilities))
""",
    ),
    "where_with_overflow": (
        ": a clamp, an eps or a rounded probability keeps the value and kills",
        """
def generator_loss(fake_logits):
    loss = torch.where(fake_logits < -20, -fake_logits, torch.log(1 + torch.exp(-fake_logits)))
    return loss.mean()
""",
    ),
    "loss_of_the_mean": (
        ": the mean of the logits is taken first: -log D for each fake, then",
        """
def generator_loss(fake_logits):
    return F.softplus(-fake_logits.mean())
""",
    ),
    "log_of_the_mean": (
        ": the mean is taken before the logarithm: -log D first, for each fake",
        """
def generator_loss(fake_logits):
    log_d = F.logsigmoid(fake_logits.flatten())
    return math.log(log_d.numel()) - torch.logsumexp(log_d, dim=0)
""",
    ),
    "hardtanh_bounds": (
        ": a clamp, an eps or a rounded probability keeps the value and kills",
        """
def generator_loss(fake_logits):
    logits = F.hardtanh(fake_logits, -100.0, 100.0)
    return -F.logsigmoid(logits).mean()
""",
    ),
    "plain_number": (
        "the value is right, but no gradient reaches one of the batches of",
        """
def generator_loss(fake_logits):
    losses = []
    for a in fake_logits.flatten().tolist():
        losses.append(max(-a, 0.0) + math.log1p(math.exp(-abs(a))))
    return torch.tensor(sum(losses) / len(losses), requires_grad=True)
""",
    ),
    "kink_of_clamp": (
        "the value is right, but the gradient in a logit of exactly 0 is -0,",
        """
def generator_loss(fake_logits):
    low = (-fake_logits).clamp(min=0)
    return (low + torch.log1p(torch.exp(-fake_logits.abs()))).mean()
""",
    ),
    "negated_in_place": (
        "your function changes the logits it is given: work on new tensors",
        """
def generator_loss(fake_logits):
    fake_logits.data.mul_(-1)
    return F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits))
""",
    ),
}

RIGHT = {
    "two_way_logsumexp": """
def generator_loss(fake_logits):
    stacked = torch.cat((torch.zeros_like(fake_logits), -fake_logits), dim=-1)
    return torch.logsumexp(stacked, dim=-1).sum() / len(fake_logits)
""",
    "own_backward": """
class MinusLogD(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return a.clamp(max=0).neg() + a.abs().neg().exp().log1p()

    @staticmethod
    def backward(ctx, grad):
        (a,) = ctx.saved_tensors
        return -grad * torch.sigmoid(-a)


def generator_loss(fake_logits):
    return MinusLogD.apply(fake_logits).mean()
""",
}
