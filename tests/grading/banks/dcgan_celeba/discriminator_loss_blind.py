"""Wrong and right answers to the task `discriminator_loss`, written by someone who had not seen its check."""

WRONG = {
    "one_mean_over_both": (
        ": twice one mean over both batches together: each half is the mean",
        """
def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    logits = torch.cat([real_logits, fake_logits])
    labels = torch.cat([torch.ones_like(real_logits), torch.zeros_like(fake_logits)])
    return 2 * F.binary_cross_entropy_with_logits(logits, labels)
""",
    ),
    "bce_of_probabilities": (
        "): the logarithm of a rounded probability is lost, and clamping or",
        """
def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    criterion = nn.BCELoss()
    real, fake = torch.sigmoid(real_logits), torch.sigmoid(fake_logits)
    return criterion(real, torch.ones_like(real)) + criterion(fake, torch.zeros_like(fake))
""",
    ),
    "fake_detached": (
        "the value is right, but no gradient reaches one of the batches of",
        """
def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    bce = nn.BCEWithLogitsLoss()
    loss_real = bce(real_logits, torch.ones_like(real_logits))
    loss_fake = bce(fake_logits.detach(), torch.zeros_like(fake_logits))
    return loss_real + loss_fake
""",
    ),
    "in_place": (
        "your function changes the logits it is given: work on new tensors",
        """
def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return F.softplus(real_logits.neg_()).mean() + F.softplus(fake_logits).mean()
""",
    ),
    "kink_at_zero": (
        "the value is right, but the gradient in a logit of exactly 0 is -0,",
        """
def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    def stable(a):
        return a.relu() + torch.log1p(torch.exp(-a.abs()))

    return stable(-real_logits).mean() + stable(fake_logits).mean()
""",
    ),
    "where_around_exp": (
        ": a clamp, an eps or a rounded probability keeps the value and kills",
        """
def softplus(a):
    return torch.where(a > 20, a, torch.log1p(torch.exp(a)))


def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return softplus(-real_logits).mean() + softplus(fake_logits).mean()
""",
    ),
    "shorter_batch": (
        ", expected",
        """
def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    n = min(len(real_logits), len(fake_logits))
    real, fake = real_logits[:n], fake_logits[:n]
    return (F.softplus(-real) + F.softplus(fake)).mean()
""",
    ),
}

RIGHT = {
    "all_pairs": """
def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    # the mean over all pairs of a sum is the sum of the two means
    table = F.softplus(-real_logits) + F.softplus(fake_logits).transpose(0, 1)
    return table.mean()
""",
    "two_classes": """
def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    def half(logits, label):
        scores = F.pad(logits, (1, 0))  # the class "fake" has score 0
        return F.cross_entropy(scores, torch.full((len(logits),), label, device=logits.device))

    return half(real_logits, 1) + half(fake_logits, 0)
""",
    "own_derivative": """
class _Play(torch.autograd.Function):
    @staticmethod
    def forward(ctx, real, fake):
        ctx.save_for_backward(real, fake)
        zero = torch.zeros(())
        return torch.logaddexp(zero, -real).sum() / real.numel() + torch.logaddexp(zero, fake).sum() / fake.numel()

    @staticmethod
    def backward(ctx, grad):
        real, fake = ctx.saved_tensors
        return -grad * torch.sigmoid(-real) / real.numel(), grad * torch.sigmoid(fake) / fake.numel()


def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return _Play.apply(real_logits, fake_logits)
""",
}
