"""Wrong and right answers to the task `acgan_losses`: texts of its solution cell."""

_HEAD = "def acgan_losses(real_source, real_class, real_y, fake_source, fake_class, fake_y, weight):\n"
_TERMS = """
    bce = F.binary_cross_entropy_with_logits
    ones, zeros = torch.ones_like, torch.zeros_like
    real, fake = bce(real_source, ones(real_source)), bce(fake_source, zeros(fake_source))
    fooled = bce(fake_source, ones(fake_source))
    on_real, on_fake = F.cross_entropy(real_class, real_y), F.cross_entropy(fake_class, fake_y)
"""
_D = "real + fake + weight * (on_real + on_fake)"
_G = "fooled + weight * on_fake"


def _answer(d: str = _D, g: str = _G, before: str = "", after: str = "") -> str:
    """`before` stands ahead of the five terms, `after` behind them."""
    lines = [f"    {line}\n" for part in (before, after) for line in part.splitlines()]
    first = lines[: len(before.splitlines())]
    return _HEAD + "".join(first) + _TERMS + "".join(lines[len(first) :]) + f"    return {d}, {g}\n"


WRONG = {
    "to_be_maximised": ("L_S + L_C, which D maximises", _answer(d=f"-({_D})")),
    "no_class_on_fakes": ("the class of the fakes is missing", _answer(d="real + fake + weight * on_real")),
    "no_class_on_real": (
        "the class of the real images is missing",
        _answer(d="real + fake + weight * on_fake"),
    ),
    "d_misses_the_class_of_fakes": (
        "D is made to miss the class",
        _answer(d="real + fake + weight * (on_real - on_fake)"),
    ),
    "class_terms_averaged": (
        "class terms are averaged",
        _answer(d="real + fake + weight * (on_real + on_fake) / 2"),
    ),
    "source_terms_averaged": (
        "source terms are averaged",
        _answer(d="(real + fake) / 2 + weight * (on_real + on_fake)"),
    ),
    "all_halved": ("all is halved", _answer(d=f"({_D}) / 2")),
    "weight_ignored": ("`weight` has no effect", _answer(d="real + fake + on_real + on_fake")),
    "weight_on_the_source": (
        "multiplies the source terms",
        _answer(d="weight * (real + fake) + on_real + on_fake"),
    ),
    "weight_on_everything": ("multiplies all", _answer(d="weight * (real + fake + on_real + on_fake)")),
    "weight_on_one_class_term": (
        "of the fakes only",
        _answer(d="real + fake + on_real + weight * on_fake"),
    ),
    "sources_exchanged": (
        "exchanged in the source terms",
        _answer(d="bce(real_source, zeros(real_source)) + fooled + weight * (on_real + on_fake)"),
    ),
    "fakes_called_real": (
        "source target 1 in D's loss",
        _answer(d="real + fooled + weight * (on_real + on_fake)"),
    ),
    "one_mean_over_both_batches": (
        "one mean over both batches",
        _answer(
            d="real + fake + weight * F.cross_entropy("
            "torch.cat([real_class, fake_class]), torch.cat([real_y, fake_y]))"
        ),
    ),
    "sums": (
        "sums over the batch",
        _answer(
            d="F.softplus(-real_source).sum() + F.softplus(fake_source).sum() + weight * (on_real + on_fake)"
        ),
    ),
    "softmax_before_cross_entropy": (
        "softmax twice",
        _answer(
            after="on_real = F.cross_entropy(real_class.softmax(1), real_y)\n"
            "on_fake = F.cross_entropy(fake_class.softmax(1), fake_y)"
        ),
    ),
    "nll_of_probabilities": (
        "nll_loss takes log-probabilities",
        _answer(
            after="on_real = F.nll_loss(real_class.softmax(1), real_y)\n"
            "on_fake = F.nll_loss(fake_class.softmax(1), fake_y)"
        ),
    ),
    "nll_of_logits": (
        "nll_loss was given logits",
        _answer(
            after="on_real = F.nll_loss(real_class, real_y)\non_fake = F.nll_loss(fake_class, fake_y)",
        ),
    ),
    "regression": (
        "the class is regressed",
        _answer(
            after="k = real_class.shape[1]\n"
            "on_real = F.mse_loss(real_class, F.one_hot(real_y, k).double())\n"
            "on_fake = F.mse_loss(fake_class, F.one_hot(fake_y, k).double())"
        ),
    ),
    "sigmoid_for_each_class": (
        "one by one with sigmoids",
        _answer(
            after="k = real_class.shape[1]\n"
            "on_real = bce(real_class, F.one_hot(real_y, k).double())\n"
            "on_fake = bce(fake_class, F.one_hot(fake_y, k).double())"
        ),
    ),
    "smoothed": ("labels are smoothed", _answer(after="real = bce(real_source, 0.9 * ones(real_source))")),
    "sigmoid_twice": (
        "go through a sigmoid twice",
        _answer(before="real_source, fake_source = real_source.sigmoid(), fake_source.sigmoid()"),
    ),
    "minimax_generator": (
        "which saturates",
        _answer(g="-fake + weight * on_fake"),
    ),
    "literal_generator": (
        "every term of the paper",
        _answer(g="-real - fake + weight * (on_real + on_fake)"),
    ),
    "generator_gets_the_class_of_real": (
        "only its own images are",
        _answer(g="fooled + weight * (on_real + on_fake)"),
    ),
    "generator_hides_the_class": (
        "G maximises L_C too",
        _answer(g="fooled - weight * on_fake"),
    ),
    "generator_is_the_opponent": ("g_loss is -d_loss", _answer(g=f"-({_D})")),
    "generator_without_class": ("class term is missing in g_loss", _answer(g="fooled")),
    "generator_without_source": ("source term is missing in g_loss", _answer(g="weight * on_fake")),
    "generator_without_weight": ("no effect in g_loss", _answer(g="fooled + on_fake")),
    "generator_with_d_target": ("target 0 in g_loss", _answer(g="fake + weight * on_fake")),
    "generator_gradient_from_real": (
        "on the fake logits",
        _answer(g=f"{_G} + real - real.detach()"),
    ),
    "losses_exchanged": ("the two losses are exchanged", _answer(d=_G, g=_D)),
    "logarithm_of_one_minus_sigmoid": (
        "where a head is sure",
        _answer(after="fake = -(1 - torch.sigmoid(fake_source)).log().mean()"),
    ),
    "bce_of_probabilities": (
        "where a head is sure",
        _answer(after="fake = F.binary_cross_entropy(fake_source.sigmoid(), zeros(fake_source))"),
    ),
    "small_constant": (
        "did float32, a small constant",
        _answer(
            after="on_real = -(real_class.softmax(1).gather(1, real_y[:, None]) + 1e-6).log().mean()",
        ),
    ),
    "value_kept_slope_lost": (
        "kill the slope",
        _answer(
            after="fake = torch.where(fake_source > 15, fake_source.detach(), F.softplus(fake_source)).mean()"
        ),
    ),
    "clamped_logits": (
        "where a head is sure",
        _answer(before="real_source, fake_source = real_source.clamp(-30, 30), fake_source.clamp(-30, 30)"),
    ),
    "fakes_detached": (
        "no gradient reaches fake_source",
        _answer(
            before="given = fake_source", d=_D.replace("fake +", "bce(given.detach(), zeros(given)) +", 1)
        ),
    ),
    "class_of_fakes_detached": (
        "no gradient reaches fake_class",
        _answer(d="real + fake + weight * (on_real + on_fake.detach())"),
    ),
    "generator_gets_no_class_gradient": (
        "no gradient reaches fake_class",
        _answer(g="fooled + weight * on_fake.detach()"),
    ),
    "numbers": ("no gradient flows", _answer(d=f"({_D}).item()", g=f"({_G}).item()")),
    "the_sum_alone": ("return 2 results", _HEAD + _TERMS + f"    return {_D} + {_G}\n"),
    "not_reduced": (
        "expected ()",
        _answer(d="F.softplus(-real_source) + fake + weight * (on_real + on_fake)"),
    ),
    "equal_batches_only": (
        "your code stopped with",
        _answer(
            d="(F.softplus(-real_source) + F.softplus(fake_source)).mean() + weight * (on_real + on_fake)"
        ),
    ),
    "real_labels_for_the_fakes": (
        "your code stopped with",
        _answer(after="on_fake = F.cross_entropy(fake_class, real_y)"),
    ),
    "in_place": (
        "changed a tensor",
        _answer(after="fooled = F.softplus(fake_source.neg_()).mean()"),
    ),
}

RIGHT = {
    "bce_with_logits": _answer(),
    "logsigmoid": _HEAD
    + """
    on_fake = F.cross_entropy(fake_class, fake_y)
    L_S = F.logsigmoid(real_source).mean() + F.logsigmoid(-fake_source).mean()
    L_C = -F.cross_entropy(real_class, real_y) - on_fake
    return -(L_S + weight * L_C), weight * on_fake - F.logsigmoid(fake_source).mean()
""",
    "log_softmax_by_hand": """
def class_loss(logits, y):
    return -(logits - logits.logsumexp(1, keepdim=True)).gather(1, y.view(-1, 1)).mean()
def acgan_losses(real_source, real_class, real_y, fake_source, fake_class, fake_y, weight):
    d = F.softplus(-real_source, threshold=50).mean() + F.softplus(fake_source, threshold=50).mean()
    d = d + weight * class_loss(real_class, real_y) + weight * class_loss(fake_class, fake_y)
    g = F.softplus(-fake_source, threshold=50).mean() + weight * class_loss(fake_class, fake_y)
    return d, g
""",
    "two_way_softmax": """
from torch import nn
def acgan_losses(real_source, real_class, real_y, fake_source, fake_class, fake_y, weight):
    ce = nn.CrossEntropyLoss()
    def source(a, real):
        pair = torch.cat([torch.zeros_like(a), a], 1)
        return ce(pair, torch.full((len(a),), int(real)))
    d_loss = source(real_source, True) + source(fake_source, False)
    d_loss += weight * (ce(real_class, real_y) + ce(fake_class, fake_y))
    g_loss = source(fake_source, True) + weight * ce(fake_class, fake_y)
    return d_loss, g_loss
""",
    "dictionary_and_sum": """
from torch.nn import BCEWithLogitsLoss
def acgan_losses(real_source, real_class, real_y, fake_source, fake_class, fake_y, weight):
    bce = BCEWithLogitsLoss(reduction="sum")
    n, m = real_source.shape[0], fake_source.shape[0]
    nll = lambda s, y: F.nll_loss(F.log_softmax(s, dim=1), y)
    parts = {
        "real": bce(real_source.squeeze(1), torch.ones(n).double()) / n,
        "fake": bce(fake_source.squeeze(1), torch.zeros(m).double()) / m,
        "classes": nll(real_class, real_y) + nll(fake_class, fake_y),
    }
    parts["classes"] = weight * parts["classes"]
    fooled = bce(fake_source.squeeze(1), torch.ones(m).double()) / m
    return [sum(parts.values()), fooled + weight * nll(fake_class, fake_y)]
""",
    "no_gradient_terms_added": _HEAD
    + """
    terms = lambda a: torch.logaddexp(torch.zeros_like(a), -a).mean()
    hit = lambda s, y: s[torch.arange(len(y)), y]
    classes = [(s.logsumexp(-1) - hit(s, y)).mean() for s, y in ((real_class, real_y), (fake_class, fake_y))]
    return terms(real_source) + terms(-fake_source) + weight * sum(classes), terms(fake_source) + weight * classes[1]
""",
}
