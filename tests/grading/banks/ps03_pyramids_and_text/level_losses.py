"""Wrong and right answers to the task `level_losses`: texts of its solution cell."""

_RIGHT = """
def level_losses(D, G, image, other, z, down, up):
    size = image.shape[-2:]
    low, other_low = up(down(image), size), up(down(other), size)
    h = image - low
    detail = G(z, other_low)
    fake = detail + other_low
    d_loss = F.softplus(-D(h + low)).mean() + F.softplus(D(fake.detach())).mean()
    g_loss = F.softplus(-D(fake)).mean()
    return d_loss, g_loss
"""


def _changed(*changes: tuple[str, str]) -> str:
    source = _RIGHT
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    return source


WRONG = {
    "conditions_of_the_real_images": (
        "the fakes have the conditions of `image`",
        _changed(("up(down(other), size)", "up(down(image), size)")),
    ),
    "conditions_of_shuffled_real_images": (
        "those of `image` in another order",
        _changed(
            ("up(down(other), size)", "low.roll(1, 0)"),
            ("low, other_low =", "low ="),
            (", low.roll", "\n    other_low = low.roll"),
        ),
    ),
    "detail_added_to_the_wrong_condition": (
        "its detail is added to that of `image`",
        _changed(("fake = detail + other_low", "fake = detail + low")),
    ),
    "d_sees_details_alone": (
        "d_loss: D gets details alone, real and fake",
        _changed(("D(h + low)", "D(h)"), ("fake = detail + other_low", "fake = detail")),
    ),
    "d_sees_the_real_detail_alone": (
        "d_loss: D gets the detail h alone of the real images",
        _changed(("D(h + low)", "D(h)")),
    ),
    "d_sees_the_fake_detail_alone": (
        "d_loss: D gets G's detail alone as a fake",
        _changed(("fake = detail + other_low", "fake = detail")),
    ),
    "g_is_judged_on_its_detail": (
        "g_loss: D gets G's detail alone",
        _changed(("-D(fake)).mean()", "-D(detail)).mean()")),
    ),
    "condition_is_the_image_itself": (
        "the fakes' condition is `other` itself",
        _changed(("up(down(other), size)", "other")),
    ),
    "condition_not_expanded": (
        "code stopped with ValueError: G(z, l) takes",
        _changed(("up(down(other), size)", "down(other)")),
    ),
    "g_gets_the_whole_image": (
        "G gets the images `other` themselves",
        _changed(("G(z, other_low)", "G(z, other)")),
    ),
    "detail_of_other_as_condition": (
        "the condition of the fakes is the detail of `other`",
        _changed(("G(z, other_low)", "G(z, other - other_low)")),
    ),
    "arguments_of_g_exchanged": (
        "code stopped with ValueError: G(z, l) takes",
        _changed(("G(z, other_low)", "G(other_low, z)")),
    ),
    "pair_for_d": (
        "code stopped with ValueError: D takes images",
        _changed(("D(h + low)", "D(torch.cat([h, low], 1))")),
    ),
    "saturating": (
        "g_loss: this is the minimax loss",
        _changed(("g_loss = F.softplus(-D(fake)).mean()", "g_loss = -F.softplus(D(fake)).mean()")),
    ),
    "minus_d_loss": (
        "g_loss: this is minus d_loss",
        _changed(("return d_loss, g_loss", "return d_loss, -d_loss")),
    ),
    "one_mean_twice": (
        "d_loss of 3 real images and 5 fakes",
        _changed(
            (
                "F.softplus(-D(h + low)).mean() + F.softplus(D(fake.detach())).mean()",
                "2 * torch.cat([F.softplus(-D(h + low)), F.softplus(D(fake.detach()))]).mean()",
            )
        ),
    ),
    "labels_exchanged": (
        "d_loss: labels are exchanged",
        _changed(
            ("F.softplus(-D(h", "F.softplus(D(h"), ("F.softplus(D(fake.detach", "F.softplus(-D(fake.detach")
        ),
    ),
    "not_detached": ("gradients of d_loss arrive at G", _changed(("fake.detach()", "fake"))),
    "detached_everywhere": (
        "g_loss has no graph",
        _changed(
            (
                "g_loss = F.softplus(-D(fake)).mean()",
                "with torch.no_grad():\n        g_loss = F.softplus(-D(fake)).mean()",
            )
        ),
    ),
    "detached_in_g_loss": (
        "no gradient of g_loss arrives at G",
        _changed(("fake = detail + other_low", "fake = (detail + other_low).detach()")),
    ),
    "answer_of_d_detached": (
        "only the real half of d_loss trains D",
        _changed(("D(fake.detach())", "D(fake).detach()")),
    ),
    "floats": (
        "no graph",
        _changed(("return d_loss, g_loss", "return d_loss.item(), g_loss.item()")),
    ),
    "sigmoid_before_the_loss": (
        "d_loss: a sigmoid comes before the loss",
        _changed(
            ("-D(h + low)", "-D(h + low).sigmoid()"), ("D(fake.detach())", "D(fake.detach()).sigmoid()")
        ),
    ),
    "bce_on_probabilities": (
        "with logits up to 95 in size",
        """
def level_losses(D, G, image, other, z, down, up):
    size = image.shape[-2:]
    low = up(down(other), size)
    fake = G(z, low) + low
    bce = F.binary_cross_entropy
    real_p, fake_p, again = D(image).sigmoid(), D(fake.detach()).sigmoid(), D(fake).sigmoid()
    d_loss = bce(real_p, torch.ones_like(real_p)) + bce(fake_p, torch.zeros_like(fake_p))
    return d_loss, bce(again, torch.ones_like(again))
""",
    ),
    "clamped_fakes": (
        "the fakes are clamped to [-1, 1]",
        _changed(("fake = detail + other_low", "fake = (detail + other_low).clamp(-1, 1)")),
    ),
    "fakes_twice_with_fresh_noise": (
        "g_loss of 4 real images and 4 fakes",
        _changed(
            (
                "g_loss = F.softplus(-D(fake)).mean()",
                "g_loss = F.softplus(-D(G(torch.rand_like(z), other_low) + other_low)).mean()",
            )
        ),
    ),
    "backward_inside": (
        "your function changed .grad of a network",
        _changed(("    return d_loss", "    d_loss.backward(retain_graph=True)\n    return d_loss")),
    ),
    "gradients_cleared": (
        "your function changed .grad of a network",
        _changed(("    size =", "    D.zero_grad()\n    size =")),
    ),
    "d_in_eval_mode": ("the mode of a network", _changed(("    size =", "    D.eval()\n    size ="))),
    "d_left_frozen": (
        "requires_grad of a network is not what it was",
        _changed(("    g_loss =", "    D.requires_grad_(False)\n    g_loss =")),
    ),
    "in_place": ("changed a tensor", _changed(("h = image - low", "h = image.sub_(low)"))),
}

RIGHT = {
    "softplus": _RIGHT,
    "bce_with_logits": """
def level_losses(D, G, image, other, z, down, up):
    l = up(down(other), tuple(other.shape[-2:]))
    fake = l + G(z, l)
    real_logits, fake_logits = D(image), D(fake.detach())  # h + l is the image itself
    bce = F.binary_cross_entropy_with_logits
    d_loss = bce(real_logits, torch.ones_like(real_logits)) + bce(fake_logits, torch.zeros_like(fake_logits))
    logits = D(fake)
    return d_loss, bce(logits, torch.ones_like(logits))
""",
    "one_pass_and_logsigmoid": """
def level_losses(D, G, image, other, z, down, up):
    def split(x):
        low = up(down(x), x.shape[2:])
        return x - low, low
    h, l = split(image)
    _, condition = split(other)
    fake = G(z, condition) + condition
    real_a, fake_a = D(torch.cat([h + l, fake.detach()])).split([len(image), len(other)])
    d_loss = -F.logsigmoid(real_a).mean() - F.logsigmoid(-fake_a).mean()
    return [d_loss, -F.logsigmoid(D(fake)).mean()]
""",
    "fakes_made_twice": """
def level_losses(D, G, image, other, z, down, up):
    with torch.no_grad():
        low = up(down(other), other.shape[-2:])
        fake = G(z, low) + low
    criterion = nn.BCEWithLogitsLoss()
    one = torch.ones(len(image), 1, dtype=torch.float64)
    zero = torch.zeros(len(other), 1, dtype=torch.float64)
    d_loss = criterion(D(image), one) + criterion(D(fake), zero)
    g_loss = criterion(D(G(z, low) + low), 1 - zero)
    return d_loss, g_loss
""",
    "frozen_and_thawed": """
def level_losses(D, G, image, other, z, down, up):
    low, condition = (up(down(x), (x.size(2), x.size(3))) for x in (image, other))
    detail = G(z, condition)
    real, fake = (image - low) + low, detail + condition
    d_loss = torch.logaddexp(torch.zeros(1).double(), -D(real)).mean()
    d_loss = d_loss + torch.logaddexp(torch.zeros(1).double(), D(fake.detach())).mean()
    flags = [p.requires_grad for p in D.parameters()]
    for p in D.parameters():
        p.requires_grad_(False)
    g_loss = torch.logaddexp(torch.zeros(1).double(), -D(fake)).mean()
    for p, flag in zip(D.parameters(), flags):
        p.requires_grad_(flag)
    return d_loss.reshape(1), g_loss.reshape(1)
""",
    "picture_by_picture": """
def level_losses(D, G, image, other, z, down, up):
    real = [F.softplus(-D(x[None])) for x in image]
    fakes = []
    for x, noise in zip(other, z):
        low = up(down(x[None]), x.shape[-2:])
        fakes.append(G(noise[None], low) + low)
    d_fake = [F.softplus(D(x.detach())) for x in fakes]
    d_loss = sum(real).squeeze() / len(real) + sum(d_fake).squeeze() / len(d_fake)
    g_loss = sum(F.softplus(-D(x)) for x in fakes).squeeze() / len(fakes)
    return d_loss, g_loss
""",
}
