"""Wrong and right answers to the task `discriminator_loss`, written by someone who had not seen its check."""

WRONG = {
    "bce_of_sigmoid": (
        "): the logarithm of a rounded probability is lost, and clamping or",
        """
def discriminator_loss(real_logits, fake_logits):
    real, fake = torch.sigmoid(real_logits), torch.sigmoid(fake_logits)
    criterion = nn.BCELoss()
    return criterion(real, torch.ones_like(real)) + criterion(fake, torch.zeros_like(fake))
""",
    ),
    "twice_the_joint_mean": (
        ": twice one mean over both batches together: each half is the mean",
        """
def discriminator_loss(real_logits, fake_logits):
    logits = torch.cat([real_logits, fake_logits])
    labels = torch.cat([torch.ones_like(real_logits), torch.zeros_like(fake_logits)])
    return 2 * F.binary_cross_entropy_with_logits(logits, labels)
""",
    ),
    "where_with_overflow": (
        ": a clamp, an eps or a rounded probability keeps the value and kills",
        """
def softplus(t):
    return torch.where(t > 20, t, torch.log1p(torch.exp(t)))


def discriminator_loss(real_logits, fake_logits):
    return softplus(-real_logits).mean() + softplus(fake_logits).mean()
""",
    ),
    "shorter_batch": (
        ", expected",
        """
def discriminator_loss(real_logits, fake_logits):
    total = 0.0
    for count, (real, fake) in enumerate(zip(real_logits, fake_logits), start=1):
        total = total - F.logsigmoid(real) - F.logsigmoid(-fake)
    return (total / count).squeeze()
""",
    ),
    "detached_fakes": (
        "the value is right, but no gradient reaches one of the batches of",
        """
def discriminator_loss(real_logits, fake_logits):
    criterion = nn.BCEWithLogitsLoss()
    fake_logits = fake_logits.detach()  # G must not learn here
    return criterion(real_logits, torch.ones_like(real_logits)) + criterion(
        fake_logits, torch.zeros_like(fake_logits)
    )
""",
    ),
    "negated_in_place": (
        "your function changes the logits it is given: work on new tensors",
        """
def discriminator_loss(real_logits, fake_logits):
    with torch.no_grad():
        real_logits.neg_()
    return F.softplus(real_logits).mean() + F.softplus(fake_logits).mean()
""",
    ),
    "softplus_threshold": (
        "): log(1 + e^a) is not a yet, nor is it 0 at -a; is a threshold too",
        """
def discriminator_loss(real_logits, fake_logits):
    softplus = nn.Softplus(threshold=3)
    return softplus(-real_logits).mean() + softplus(fake_logits).mean()
""",
    ),
    "kink_of_clamp": (
        "the value is right, but the gradient in a logit of exactly 0 is -0.",
        """
def bce(logits, label):
    return (logits.clamp(min=0) - logits * label + torch.log1p(torch.exp(-logits.abs()))).mean()


def discriminator_loss(real_logits, fake_logits):
    return bce(real_logits, 1.0) + bce(fake_logits, 0.0)
""",
    ),
}

RIGHT = {
    "two_classes": """
def discriminator_loss(real_logits, fake_logits):
    def half(logits, label):
        both = torch.cat((torch.zeros_like(logits), logits), dim=1)  # softmax of (0, a) is (1 - D, D)
        return F.cross_entropy(both, torch.full((len(logits),), label, dtype=torch.long))

    return half(real_logits, 1) + half(fake_logits, 0)
""",
    "double_and_weights": """
def discriminator_loss(real_logits, fake_logits):
    t = torch.cat((-real_logits, fake_logits)).double().flatten()
    n, m = real_logits.shape[0], fake_logits.shape[0]
    weights = torch.tensor([1 / n] * n + [1 / m] * m, dtype=torch.float64)
    return torch.einsum("i,i->", weights, -torch.log(torch.special.expit(-t)))
""",
}
