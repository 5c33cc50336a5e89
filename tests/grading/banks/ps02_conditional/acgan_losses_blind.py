"""Wrong and right answers to the task `acgan_losses`, written by someone who had not seen its check."""

WRONG = {
    "bce_after_sigmoid": (
        ": log(1 - sigmoid), log(softmax), clamps and eps fail where a head is",
        '''
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    """(d_loss, g_loss), both to be minimised."""
    p_real, p_fake = torch.sigmoid(real_source), torch.sigmoid(fake_source)
    d_source = F.binary_cross_entropy(p_real, torch.ones_like(p_real))
    d_source = d_source + F.binary_cross_entropy(p_fake, torch.zeros_like(p_fake))
    g_source = F.binary_cross_entropy(p_fake, torch.ones_like(p_fake))
    c_real, c_fake = F.cross_entropy(real_class, real_y), F.cross_entropy(fake_class, fake_y)
    return d_source + weight * (c_real + c_fake), g_source + weight * c_fake
''',
    ),
    "log_with_eps": (
        ": log(1 - sigmoid), log(softmax), clamps and eps fail where a head is",
        '''
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    """(d_loss, g_loss), both to be minimised."""
    eps = 1e-12

    def class_term(logits, y):
        probs = F.softmax(logits, dim=1)
        return -torch.log(probs[torch.arange(len(y)), y] + eps).mean()

    D_real, D_fake = real_source.sigmoid(), fake_source.sigmoid()
    class_real, class_fake = class_term(real_class, real_y), class_term(fake_class, fake_y)
    d_loss = -torch.log(D_real + eps).mean() - torch.log(1 - D_fake + eps).mean() + weight * (class_real + class_fake)
    g_loss = -torch.log(D_fake + eps).mean() + weight * class_fake
    return d_loss, g_loss
''',
    ),
    "g_wants_fakes_called_fake": (
        "the fakes have the source target 0 in g_loss; that is D's",
        '''
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    """(d_loss, g_loss), both to be minimised."""
    bce = F.binary_cross_entropy_with_logits
    real_term = bce(real_source, torch.ones_like(real_source))
    fake_term = bce(fake_source, torch.zeros_like(fake_source))
    aux_real = F.cross_entropy(real_class, real_y)
    aux_fake = F.cross_entropy(fake_class, fake_y)
    d_loss = real_term + fake_term + weight * (aux_real + aux_fake)
    g_loss = fake_term + weight * aux_fake
    return d_loss, g_loss
''',
    ),
    "detaches_fakes_for_d": (
        "the value of d_loss is right, but no gradient reaches fake_source:",
        '''
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    """(d_loss, g_loss), both to be minimised."""
    def source(a, target):
        return F.binary_cross_entropy_with_logits(a, torch.full_like(a, target))

    def cls(logits, y):
        return weight * F.cross_entropy(logits, y)

    d_real = source(real_source, 1.0) + cls(real_class, real_y)
    d_fake = source(fake_source.detach(), 0.0) + cls(fake_class.detach(), fake_y)
    return d_real + d_fake, source(fake_source, 1.0) + cls(fake_class, fake_y)
''',
    ),
    "weight_zero_is_one": (
        "`weight` has no effect",
        '''
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    """(d_loss, g_loss), both to be minimised."""
    weight = weight or 1.0
    real_s = -F.logsigmoid(real_source).mean()
    fake_s = -F.logsigmoid(-fake_source).mean()
    real_c = F.nll_loss(F.log_softmax(real_class, dim=1), real_y)
    fake_c = F.nll_loss(F.log_softmax(fake_class, dim=1), fake_y)
    return real_s + fake_s + weight * (real_c + fake_c), -F.logsigmoid(fake_source).mean() + weight * fake_c
''',
    ),
    "clamps_logits": (
        ": log(1 - sigmoid), log(softmax), clamps and eps fail where a head is",
        '''
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    """(d_loss, g_loss), both to be minimised."""
    a_real, a_fake = real_source.clamp(-30, 30), fake_source.clamp(-30, 30)
    source = torch.log1p(torch.exp(-a_real)).mean() + torch.log1p(torch.exp(a_fake)).mean()
    fool = torch.log1p(torch.exp(-a_fake)).mean()
    aux_real = weight * F.cross_entropy(real_class, real_y)
    aux_fake = weight * F.cross_entropy(fake_class, fake_y)
    return source + aux_real + aux_fake, fool + aux_fake
''',
    ),
    "d_unsure_of_fakes": (
        "d_loss for ordinary logits is",
        '''
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    """(d_loss, g_loss), both to be minimised."""
    bce = F.binary_cross_entropy_with_logits
    source = bce(real_source, torch.ones_like(real_source)) + bce(fake_source, torch.zeros_like(fake_source))
    # a fake belongs to no class, so D should spread its answer over all of them
    spread = -F.log_softmax(fake_class, dim=1).mean()
    d_loss = source + weight * (F.cross_entropy(real_class, real_y) + spread)
    g_loss = bce(fake_source, torch.ones_like(fake_source)) + weight * F.cross_entropy(fake_class, fake_y)
    return d_loss, g_loss
''',
    ),
    "g_draws_new_labels": (
        "g_loss for ordinary logits is",
        '''
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    """(d_loss, g_loss), both to be minimised."""
    valid, fake = torch.ones_like(real_source), torch.zeros_like(fake_source)
    d_real_loss = F.binary_cross_entropy_with_logits(real_source, valid) + weight * F.cross_entropy(real_class, real_y)
    d_fake_loss = F.binary_cross_entropy_with_logits(fake_source, fake) + weight * F.cross_entropy(fake_class, fake_y)
    m, n_classes = fake_class.shape
    gen_labels = torch.randint(0, n_classes, (m,))
    g_loss = F.binary_cross_entropy_with_logits(fake_source, torch.ones_like(fake_source))
    g_loss = g_loss + weight * F.cross_entropy(fake_class, gen_labels)
    return d_real_loss + d_fake_loss, g_loss
''',
    ),
    "shape_of_one": (
        "d_loss for ordinary logits has shape (1,), expected (). The means",
        '''
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    """(d_loss, g_loss), both to be minimised."""
    log_c_real = F.log_softmax(real_class, -1).gather(1, real_y[:, None])
    log_c_fake = F.log_softmax(fake_class, -1).gather(1, fake_y[:, None])
    d_loss = -F.logsigmoid(real_source).mean(0) - F.logsigmoid(-fake_source).mean(0)
    d_loss = d_loss - weight * log_c_real.mean(0) - weight * log_c_fake.mean(0)
    g_loss = -F.logsigmoid(fake_source).mean(0) - weight * log_c_fake.mean(0)
    return d_loss, g_loss
''',
    ),
}

RIGHT = {
    "softplus_and_logsumexp": '''
def _surprise(logits, y):
    """-log softmax at the label: logsumexp minus the own logit."""
    own = torch.einsum("nk,nk->n", logits, F.one_hot(y, logits.shape[1]).to(logits.dtype))
    return torch.logsumexp(logits, dim=1) - own


def acgan_losses(*args) -> tuple[Tensor, Tensor]:
    """(d_loss, g_loss), both to be minimised."""
    real_source, real_class, real_y, fake_source, fake_class, fake_y, weight = args
    # mean of (n, 1) + (n,), each the mean of its own batch
    real = F.softplus(-real_source).flatten() + weight * _surprise(real_class, real_y)
    fake = F.softplus(fake_source).flatten() + weight * _surprise(fake_class, fake_y)
    fool = fake - fake_source[:, 0]  # softplus(a) - a = softplus(-a)
    return real.mean() + fake.mean(), fool.mean()
''',
    "plain_probabilities_one_by_one": '''
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    """(d_loss, g_loss), both to be minimised."""
    # In float64, sigmoid(-100) is about 4e-44 and a softmax is at least about e^-200 / K: their logarithms are exact
    # as long as one never computes 1 - D.
    def expectation(terms):
        terms = list(terms)
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        return total / len(terms)

    def log_real(source):
        return expectation(torch.log(torch.sigmoid(a)).sum() for a in source)

    def log_fake(source):
        return expectation(torch.log(torch.sigmoid(-a)).sum() for a in source)

    def log_class(logits, y):
        return expectation(torch.log(torch.softmax(row, 0)[c]) for row, c in zip(logits, y.tolist()))

    L_S = log_real(real_source) + log_fake(fake_source)
    L_C_fake = log_class(fake_class, fake_y)
    L_C = log_class(real_class, real_y) + L_C_fake
    print("L_S", float(L_S), "L_C", float(L_C))
    return -(L_S + weight * L_C), -(log_real(fake_source) + weight * L_C_fake)
''',
}
