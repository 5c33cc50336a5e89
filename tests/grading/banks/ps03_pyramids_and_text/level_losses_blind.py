"""Wrong and right answers to the task `level_losses`, written by someone who had not seen its check."""

WRONG = {
    "log_of_1_minus_sigmoid": (
        "d_loss of 6 real images and 6 fakes, with logits up to 95 in size",
        """
def level_losses(D, G, image: Tensor, other: Tensor, z: Tensor, down, up) -> tuple[Tensor, Tensor]:
    size = tuple(image.shape[-2:])
    low = up(down(other), size)
    fake = G(z, low) + low
    real = torch.sigmoid(D(image))
    d_loss = -torch.log(real).mean() - torch.log(1 - torch.sigmoid(D(fake.detach()))).mean()
    g_loss = -torch.log(torch.sigmoid(D(fake))).mean()
    return d_loss, g_loss
""",
    ),
    "bce_of_probabilities": (
        ": stay with logits: -log D = softplus(-a) and -log(1 - D) =",
        """
def level_losses(D, G, image: Tensor, other: Tensor, z: Tensor, down, up) -> tuple[Tensor, Tensor]:
    bce = nn.BCELoss()
    size = (image.shape[2], image.shape[3])
    low = up(down(image), size)
    detail = image - low
    real = torch.sigmoid(D(detail + low))
    other_low = up(down(other), size)
    fake = G(z, other_low) + other_low
    judged = torch.sigmoid(D(fake.detach()))
    d_loss = bce(real, torch.ones_like(real)) + bce(judged, torch.zeros_like(judged))
    fooled = torch.sigmoid(D(fake))
    g_loss = bce(fooled, torch.ones_like(fooled))
    return d_loss, g_loss
""",
    ),
    "one_mean_over_both_halves": (
        "d_loss of 3 real images and 5 fakes is",
        """
def level_losses(D, G, image: Tensor, other: Tensor, z: Tensor, down, up) -> tuple[Tensor, Tensor]:
    size = tuple(image.shape[-2:])
    low = up(down(other), size)
    fake = G(z, low) + low
    logits = torch.cat([D(image), D(fake.detach())])
    target = torch.zeros_like(logits)
    target[: len(image)] = 1
    d_loss = 2 * F.binary_cross_entropy_with_logits(logits, target)
    g_loss = F.softplus(-D(fake)).mean()
    return d_loss, g_loss
""",
    ),
    "chunked_in_two_halves": (
        "d_loss of 3 real images and 5 fakes is",
        """
def level_losses(D, G, image: Tensor, other: Tensor, z: Tensor, down, up) -> tuple[Tensor, Tensor]:
    size = tuple(image.shape[-2:])
    low = up(down(other), size)
    fake = G(z, low) + low
    real_logits, fake_logits = D(torch.cat([image, fake.detach()])).chunk(2)
    d_loss = F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
    g_loss = -F.logsigmoid(D(fake)).mean()
    return d_loss, g_loss
""",
    ),
    "sums_not_means": (
        "d_loss: the losses are summed over the batch; take means",
        """
def level_losses(D, G, image: Tensor, other: Tensor, z: Tensor, down, up) -> tuple[Tensor, Tensor]:
    size = tuple(image.shape[-2:])
    low = up(down(other), size)
    fake = G(z, low) + low
    bce = nn.BCEWithLogitsLoss(reduction="sum")
    real, judged, fooled = D(image), D(fake.detach()), D(fake)
    d_loss = bce(real, torch.ones_like(real)) + bce(judged, torch.zeros_like(judged))
    g_loss = bce(fooled, torch.ones_like(fooled))
    return d_loss, g_loss
""",
    ),
    "everything_over_n": (
        "d_loss of 3 real images and 5 fakes is",
        """
def level_losses(D, G, image: Tensor, other: Tensor, z: Tensor, down, up) -> tuple[Tensor, Tensor]:
    n, c, h, w = image.shape
    low = up(down(other), (h, w))
    fake = G(z, low) + low
    d_loss = (-F.logsigmoid(D(image)).sum() - F.logsigmoid(-D(fake.detach())).sum()) / n
    g_loss = -F.logsigmoid(D(fake)).sum() / n
    return d_loss, g_loss
""",
    ),
    "as_many_fakes_as_reals": (
        "d_loss of 3 real images and 5 fakes is",
        """
def level_losses(D, G, image: Tensor, other: Tensor, z: Tensor, down, up) -> tuple[Tensor, Tensor]:
    n = image.shape[0]
    other, z = other[:n], z[:n]
    size = tuple(image.shape[-2:])
    low = up(down(other), size)
    fake = G(z, low) + low
    d_loss = F.softplus(-D(image)).mean() + F.softplus(D(fake.detach())).mean()
    g_loss = F.softplus(-D(fake)).mean()
    return d_loss, g_loss
""",
    ),
    "generator_sees_other_itself": (
        "d_loss: G gets the images `other` themselves as condition; it is l =",
        """
def level_losses(D, G, image: Tensor, other: Tensor, z: Tensor, down, up) -> tuple[Tensor, Tensor]:
    low = up(down(other), tuple(other.shape[-2:]))
    fake = G(z, other) + low
    d_loss = F.softplus(-D(image)).mean() + F.softplus(D(fake.detach())).mean()
    g_loss = F.softplus(-D(fake)).mean()
    return d_loss, g_loss
""",
    ),
    "generator_sees_the_reals_condition": (
        "d_loss: G gets the condition of `image`, but its detail is added to",
        """
def level_losses(D, G, image: Tensor, other: Tensor, z: Tensor, down, up) -> tuple[Tensor, Tensor]:
    size = tuple(image.shape[-2:])
    l = up(down(image), size)
    l_other = up(down(other), size)
    h = image - l
    fake = G(z, l) + l_other
    a_real = D(h + l)
    d_loss = F.softplus(-a_real).mean() + F.softplus(D(fake.detach())).mean()
    g_loss = F.softplus(-D(fake)).mean()
    return d_loss, g_loss
""",
    ),
    "works_on_a_copy_of_D": (
        "d_loss is right, but not its gradient at D's parameters",
        """
import copy


def level_losses(D, G, image: Tensor, other: Tensor, z: Tensor, down, up) -> tuple[Tensor, Tensor]:
    D = copy.deepcopy(D)  # the networks must not be changed
    size = tuple(image.shape[-2:])
    low = up(down(other), size)
    fake = G(z, low) + low
    d_loss = F.softplus(-D(image)).mean() + F.softplus(D(fake.detach())).mean()
    g_loss = F.softplus(-D(fake)).mean()
    return d_loss, g_loss
""",
    ),
    "leaves_D_frozen": (
        "requires_grad of a network is not what it was before; put it back, or",
        """
def level_losses(D, G, image: Tensor, other: Tensor, z: Tensor, down, up) -> tuple[Tensor, Tensor]:
    size = tuple(image.shape[-2:])
    low = up(down(other), size)
    fake = G(z, low) + low
    d_loss = F.softplus(-D(image)).mean() + F.softplus(D(fake.detach())).mean()
    D.requires_grad_(False)  # g_loss is about G only
    g_loss = F.softplus(-D(fake)).mean()
    return d_loss, g_loss
""",
    ),
    "image_becomes_detail": (
        "your function changed a tensor it was given: avoid +=, x[mask] = ...",
        """
def level_losses(D, G, image: Tensor, other: Tensor, z: Tensor, down, up) -> tuple[Tensor, Tensor]:
    size = (image.shape[-2], image.shape[-1])
    l = up(down(image), size)
    h = image
    h -= l
    low = up(down(other), size)
    fake = G(z, low) + low
    d_loss = F.softplus(-D(h + l)).mean() + F.softplus(D(fake.detach())).mean()
    g_loss = F.softplus(-D(fake)).mean()
    return d_loss, g_loss
""",
    ),
    "zeroes_the_gradients": (
        "your function changed .grad of a network; it only computes, no",
        """
def level_losses(D, G, image: Tensor, other: Tensor, z: Tensor, down, up) -> tuple[Tensor, Tensor]:
    D.zero_grad()
    size = tuple(image.shape[-2:])
    low = up(down(other), size)
    fake = G(z, low) + low
    d_loss = F.softplus(-D(image)).mean() + F.softplus(D(fake.detach())).mean()
    G.zero_grad()
    g_loss = F.softplus(-D(fake)).mean()
    return d_loss, g_loss
""",
    ),
    "logits_clamped": (
        ": stay with logits: -log D = softplus(-a) and -log(1 - D) =",
        """
def level_losses(D, G, image: Tensor, other: Tensor, z: Tensor, down, up) -> tuple[Tensor, Tensor]:
    size = tuple(image.shape[-2:])
    low = up(down(other), size)
    fake = G(z, low) + low
    def a(x):
        return D(x).clamp(-30, 30)

    d_loss = -torch.log(torch.sigmoid(a(image))).mean() - torch.log(1 - torch.sigmoid(a(fake.detach()))).mean()
    g_loss = -torch.log(torch.sigmoid(a(fake))).mean()
    return d_loss, g_loss
""",
    ),
}

RIGHT = {
    "one_call_and_outer_sum": '''
def level_losses(D, G, image: Tensor, other: Tensor, z: Tensor, down, up) -> tuple[Tensor, Tensor]:
    """(d_loss, g_loss) of one level; one call of D for reals and cut fakes, all pairs (i, j) averaged."""
    n = image.shape[0]
    condition = up(down(other), tuple(other.shape[2:]))
    fake = torch.stack([G(z, condition), condition]).sum(0)
    logits = D(torch.cat((image, fake.detach())))
    real, judged = logits.squeeze(1).split([n, other.shape[0]])
    zero = torch.zeros((), dtype=logits.dtype)
    pairs = torch.logaddexp(zero, -real)[:, None] + torch.logaddexp(zero, judged)[None, :]
    return pairs.mean(), torch.logaddexp(zero, -D(fake).squeeze(1)).mean()
''',
    "frozen_twin_and_two_runs_of_G": """
import copy
from functools import partial


def _cost(logits, sign):
    return F.logsigmoid(sign * logits).mul(-1).sum() / logits.numel()


def level_losses(D, G, image: Tensor, other: Tensor, z: Tensor, down, up) -> tuple[Tensor, Tensor]:
    print("level with", len(image), "reals and", len(z), "fakes")

    def split(x):
        low = up(down(x), (x.shape[-2], x.shape[-1]))
        return x - low, low

    detail, low = split(image)
    condition = split(other)[1]
    with torch.no_grad():  # the same fakes, G draws nothing
        shown = G(z, condition) + condition
    want_one, want_zero = partial(_cost, sign=1), partial(_cost, sign=-1)
    d_loss = want_one(D(detail + low)) + want_zero(D(shown))
    twin = copy.deepcopy(D).requires_grad_(False)
    g_loss = want_one(twin(G(z, condition) + condition))
    return d_loss, g_loss
""",
    "image_by_image_functional_call": """
def level_losses(D, G, image: Tensor, other: Tensor, z: Tensor, down, up) -> tuple[Tensor, Tensor]:
    bce = nn.BCEWithLogitsLoss()
    one, zero = torch.ones(1, 1, dtype=image.dtype), torch.zeros(1, 1, dtype=image.dtype)
    still = {name: value.detach() for name, value in D.named_parameters()}
    lows = up(down(other), tuple(image.shape[-2:]))

    d_loss = 0.0
    for picture in image.split(1):
        d_loss = d_loss + bce(D(picture), one) / image.shape[0]
    g_loss = 0.0
    for plane, low in zip(z.split(1), lows.split(1)):
        fake = G(plane, low) + low
        d_loss = d_loss + bce(D(fake.detach()), zero) / z.shape[0]
        g_loss = g_loss + bce(torch.func.functional_call(D, still, (fake,)), one) / z.shape[0]
    return d_loss, g_loss
""",
}
