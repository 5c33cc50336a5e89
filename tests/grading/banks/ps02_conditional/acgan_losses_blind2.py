"""Wrong and right answers to the task `acgan_losses`, written by someone who had not seen its check."""

WRONG = {
    "bce_of_sigmoid": (
        ": log(1 - sigmoid), log(softmax), clamps and eps fail where a head is",
        """
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    bce = F.binary_cross_entropy
    real, fake = torch.sigmoid(real_source), torch.sigmoid(fake_source)
    class_real, class_fake = F.cross_entropy(real_class, real_y), F.cross_entropy(fake_class, fake_y)
    d_loss = bce(real, torch.ones_like(real)) + bce(fake, torch.zeros_like(fake)) + weight * (class_real + class_fake)
    g_loss = bce(fake, torch.ones_like(fake)) + weight * class_fake
    return d_loss, g_loss
""",
    ),
    "eps_in_the_logs": (
        ": log(1 - sigmoid), log(softmax), clamps and eps fail where a head is",
        """
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    def name(logits, y):
        own = F.softmax(logits, dim=1).gather(1, y[:, None])
        return -torch.log(own + 1e-12).mean()

    class_fake = name(fake_class, fake_y)
    d_loss = F.softplus(-real_source).mean() + F.softplus(fake_source).mean()
    d_loss = d_loss + weight * (name(real_class, real_y) + class_fake)
    g_loss = F.softplus(-fake_source).mean() + weight * class_fake
    return d_loss, g_loss
""",
    ),
    "clamps_source_logits": (
        ": log(1 - sigmoid), log(softmax), clamps and eps fail where a head is",
        """
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    a, f = real_source.clamp(-30, 30), fake_source.clamp(-30, 30)
    ce_real, ce_fake = F.cross_entropy(real_class, real_y), F.cross_entropy(fake_class, fake_y)
    d_loss = -F.logsigmoid(a).mean() - F.logsigmoid(-f).mean() + weight * (ce_real + ce_fake)
    g_loss = -F.logsigmoid(f).mean() + weight * ce_fake
    return d_loss, g_loss
""",
    ),
    "detaches_fakes_for_d": (
        "the value of d_loss is right, but no gradient reaches fake_source:",
        """
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    bce = F.binary_cross_entropy_with_logits
    real_one, fake_one, fake_zero = map(torch.full_like, (real_source, fake_source, fake_source), (1.0, 1.0, 0.0))
    d_loss = (
        bce(real_source, real_one)
        + bce(fake_source.detach(), fake_zero)
        + weight * F.cross_entropy(real_class, real_y)
        + weight * F.cross_entropy(fake_class.detach(), fake_y)
    )
    g_loss = bce(fake_source, fake_one) + weight * F.cross_entropy(fake_class, fake_y)
    return d_loss, g_loss
""",
    ),
    "g_reuses_the_fake_term": (
        "the fakes have the source target 0 in g_loss; that is D's",
        """
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    source_real = -F.logsigmoid(real_source).mean()
    source_fake = -F.logsigmoid(-fake_source).mean()
    class_real = weight * F.cross_entropy(real_class, real_y)
    class_fake = weight * F.cross_entropy(fake_class, fake_y)
    d_loss = source_real + source_fake + class_real + class_fake
    g_loss = source_fake + class_fake
    return d_loss, g_loss
""",
    ),
    "every_column_of_every_row": (
        "d_loss for ordinary logits is",
        """
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    def class_term(logits, y):
        return -F.log_softmax(logits, dim=1)[:, y].mean()

    on_real, on_fake = class_term(real_class, real_y), class_term(fake_class, fake_y)
    d_loss = F.softplus(-real_source).mean() + F.softplus(fake_source).mean() + weight * (on_real + on_fake)
    g_loss = F.softplus(-fake_source).mean() + weight * on_fake
    return d_loss, g_loss
""",
    ),
    "relu_gradient_at_zero": (
        "the value of d_loss is right, but its gradient in real_source is not:",
        """
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    def softplus(a):  # log(1 + e^a) without overflow
        return a.clamp(min=0) + torch.log1p(torch.exp(-a.abs()))

    ce_real, ce_fake = F.cross_entropy(real_class, real_y), F.cross_entropy(fake_class, fake_y)
    d_loss = softplus(-real_source).mean() + softplus(fake_source).mean() + weight * (ce_real + ce_fake)
    g_loss = softplus(-fake_source).mean() + weight * ce_fake
    return d_loss, g_loss
""",
    ),
    "zero_weight_is_default": (
        "`weight` has no effect",
        """
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    lam = float(weight or 1.0)
    bce = F.binary_cross_entropy_with_logits
    L_S = bce(real_source, torch.ones_like(real_source)) + bce(fake_source, torch.zeros_like(fake_source))
    L_C_fake = F.cross_entropy(fake_class, fake_y)
    L_C = F.cross_entropy(real_class, real_y) + L_C_fake
    return L_S + lam * L_C, bce(fake_source, torch.ones_like(fake_source)) + lam * L_C_fake
""",
    ),
    "shifts_logits_in_place": (
        "your function changed a tensor it was given: avoid +=, x[mask] = ...",
        """
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    def nll(logits, y):
        with torch.no_grad():
            logits -= logits.max(dim=1, keepdim=True).values  # overflow
        return (logits.exp().sum(1).log() - logits[torch.arange(len(y)), y]).mean()

    c_real, c_fake = nll(real_class, real_y), nll(fake_class, fake_y)
    d_loss = -F.logsigmoid(real_source).mean() - F.logsigmoid(-fake_source).mean() + weight * (c_real + c_fake)
    g_loss = -F.logsigmoid(fake_source).mean() + weight * c_fake
    return d_loss, g_loss
""",
    ),
}

RIGHT = {
    "source_as_a_two_class_softmax": '''
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    """The sigmoid is the softmax over (0, a): source and class are read by the same function."""

    def surprise(logits, names):
        log_p = logits - torch.logsumexp(logits, dim=-1, keepdim=True)
        own = torch.eye(logits.shape[1], dtype=logits.dtype)[names]
        return -torch.einsum("nk,nk->", log_p, own) / len(logits)

    def source(a, name):
        return surprise(F.pad(a, (1, 0)), torch.full((len(a),), name))

    class_fake = surprise(fake_class, fake_y)
    terms_d = (source(real_source, 1), source(fake_source, 0))
    terms_c = (surprise(real_class, real_y), class_fake)
    return sum(terms_d) + weight * sum(terms_c), source(fake_source, 1) + weight * class_fake
''',
    "distributions": """
from torch.distributions import Bernoulli, Categorical, Independent


class _Heads:
    def __init__(self, a, logits, y):
        self.source = Independent(Bernoulli(logits=a), 1)
        self.names, self.a, self.y = Categorical(logits=logits), a, y

    def says(self, real):
        return self.source.log_prob(torch.full_like(self.a, float(real))).mean()

    def right_class(self):
        return self.names.log_prob(self.y).mean()


def acgan_losses(real_source, real_class, real_y, fake_source, fake_class, fake_y, weight):
    real = _Heads(real_source, real_class, real_y)
    fake = _Heads(fake_source, fake_class, fake_y)
    d_gain = real.says(True) + fake.says(False)
    d_gain = d_gain + weight * real.right_class() + weight * fake.right_class()
    g_gain = fake.says(True) + weight * fake.right_class()
    print(f"D {float(d_gain):.3f}, G {float(g_gain):.3f}")
    return d_gain.neg(), g_gain.neg()
""",
}
