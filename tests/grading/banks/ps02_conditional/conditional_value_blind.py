"""Wrong and right answers to the task `conditional_value`, written by someone who had not seen its check."""

WRONG = {
    "uniform_prior_in_value": (
        "value is the mean over the labels; weigh each label by p(y)",
        '''
def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """D*(x, y) as (k, m), the value V(D*), and the largest value without labels."""

    def game(a, b):
        return (torch.xlogy(a, a) + torch.xlogy(b, b) - torch.xlogy(a + b, a + b)).sum(-1)

    D_star = torch.where(p + g > 0, p / (p + g), 0.5)
    return D_star, game(p, g).mean(), game(prior @ p, prior @ g)
''',
    ),
    "blind_is_mean_of_d_star": (
        "value_blind is the value of the mean of D*(x, y) over the labels; a D",
        '''
def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """D*(x, y) as (k, m), the value V(D*), and the largest value without labels."""
    total = p + g
    D_star = torch.where(total > 0, p / total, torch.full_like(total, 0.5))
    terms = torch.xlogy(p, p) + torch.xlogy(g, g) - torch.xlogy(total, total)
    value = (prior[:, None] * terms).sum()
    # without the label: the same discriminator, with the label averaged out
    D_blind = (prior[:, None] * D_star).sum(0)
    fake_blind = (prior[:, None] * (1 - D_star)).sum(0)
    P, G = prior @ p, prior @ g
    value_blind = (torch.xlogy(P, D_blind) + torch.xlogy(G, fake_blind)).sum()
    return D_star, value, value_blind
''',
    ),
    "prior_only_on_real": (
        "D_star compares p(x, y) with g(x|y): both carry p(y), which cancels",
        '''
def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """D*(x, y) as (k, m), the value V(D*), and the largest value without labels."""
    joint = prior.unsqueeze(1) * p
    total = joint + g
    seen = total > 0
    safe = torch.where(seen, total, torch.ones_like(total))
    D_star = torch.where(seen, joint / safe, torch.full_like(total, 0.5))
    log_d = torch.xlogy(p, joint / safe)
    log_1d = torch.xlogy(g, g / safe)
    value = (prior.unsqueeze(1) * (log_d + log_1d)).sum()
    P, G = joint.sum(0), prior @ g
    M = P + G
    value_blind = (torch.xlogy(P, P) + torch.xlogy(G, G) - torch.xlogy(M, M)).sum()
    return D_star, value, value_blind
''',
    ),
    "eps_everywhere": (
        "thin atoms are lost beside a constant, or a threshold, of about",
        '''
def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """D*(x, y) as (k, m), the value V(D*), and the largest value without labels."""
    eps = 1e-12

    def best(a, b):
        return (a + eps) / (a + b + 2 * eps)

    def value_of(a, b):
        D = best(a, b)
        return (a * torch.log(D + eps) + b * torch.log(1 - D + eps)).sum(-1)

    value = (prior * value_of(p, g)).sum()
    value_blind = value_of(prior @ p, prior @ g)
    return best(p, g), value, value_blind
''',
    ),
    "log_of_one_minus_d": (
        "value for 2 labels and 5 atoms with thin atoms holds nan or inf: 0",
        '''
def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """D*(x, y) as (k, m), the value V(D*), and the largest value without labels."""

    def play(a, b):
        D = torch.where(a + b == 0, 0.5, a / (a + b))
        return D, torch.special.xlogy(a, D) + torch.special.xlog1py(b, -D)

    D_star, terms = play(p, g)
    _, blind = play(prior @ p, prior @ g)
    return D_star, (prior @ terms).sum(), blind.sum()
''',
    ),
    "kl_div_nan": (
        "value for 4 labels and 7 atoms with atoms that one or both lack holds",
        '''
def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """D*(x, y) as (k, m), the value V(D*), and the largest value without labels."""

    def js(a, b):
        log_m = ((a + b) / 2).log()
        kl_a = F.kl_div(log_m, a, reduction="none").sum(-1)
        kl_b = F.kl_div(log_m, b, reduction="none").sum(-1)
        return 0.5 * kl_a + 0.5 * kl_b

    D_star = torch.nan_to_num(p / (p + g), nan=0.5)
    value = -2 * math.log(2) + 2 * (prior * js(p, g)).sum()
    value_blind = -2 * math.log(2) + 2 * js(prior @ p, prior @ g)
    return D_star, value, value_blind
''',
    ),
    "writes_into_the_laws": (
        "your function changed a tensor it was given: avoid +=, x[mask] = ...",
        '''
def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """D*(x, y) as (k, m), the value V(D*), and the largest value without labels."""

    def game(a, b):
        return (torch.xlogy(a, a) + torch.xlogy(b, b) - torch.xlogy(a + b, a + b)).sum(-1)

    value = (prior * game(p, g)).sum()
    value_blind = game(prior @ p, prior @ g)
    # where neither law has mass, D* shall be one half
    empty = (p == 0) & (g == 0)
    p[empty] = 1.0
    g[empty] = 1.0
    return p / (p + g), value, value_blind
''',
    ),
    "isclose_is_zero": (
        "thin atoms are lost beside a constant, or a threshold, of about",
        '''
def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """D*(x, y) as (k, m), the value V(D*), and the largest value without labels."""
    total = p + g
    nothing = torch.isclose(total, torch.zeros_like(total))
    D_star = torch.where(nothing, 0.5 * torch.ones_like(total), p / total)

    def game(a, b):
        log_total = torch.where(a + b > 0, a + b, 1.0).log()
        log_a = torch.where(a > 0, a, 1.0).log()
        log_b = torch.where(b > 0, b, 1.0).log()
        return (a * (log_a - log_total) + b * (log_b - log_total)).sum(-1)

    return D_star, torch.dot(prior, game(p, g)), game(prior @ p, prior @ g)
''',
    ),
    "prior_along_pictures": (
        "your code stopped with RuntimeError: The size of tensor a (3) must",
        '''
def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """D*(x, y) as (k, m), the value V(D*), and the largest value without labels."""
    s = p + g
    D_star = torch.where(s > 0, p / s, 0.5)
    terms = torch.xlogy(p, p) - torch.xlogy(p, s) + torch.xlogy(g, g) - torch.xlogy(g, s)
    value = torch.sum(prior * terms)
    P, G = torch.matmul(prior, p), torch.matmul(prior, g)
    S = P + G
    blind = torch.xlogy(P, P) - torch.xlogy(P, S) + torch.xlogy(G, G) - torch.xlogy(G, S)
    return D_star, value, blind.sum()
''',
    ),
}

RIGHT = {
    "python_floats": '''
def _pair(a, b):
    """One game for one pair (x, y): the best D and the value, of plain floats."""
    if a == 0.0 and b == 0.0:
        return 0.5, 0.0
    value = 0.0
    for mass in (a, b):
        if mass > 0.0:
            value += mass * (math.log(mass) - math.log(a + b))
    return a / (a + b), value


def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """D*(x, y) as (k, m), the value V(D*), and the largest value without labels."""
    k, m = p.shape
    weights, real, fake = prior.tolist(), p.tolist(), g.tolist()
    D_star = p.new_empty(k, m)
    parts = []
    for y in range(k):
        for x in range(m):
            D_star[y, x], part = _pair(real[y][x], fake[y][x])
            parts.append(weights[y] * part)
    blind = []
    for x in range(m):
        a = math.fsum(weights[y] * real[y][x] for y in range(k))
        b = math.fsum(weights[y] * fake[y][x] for y in range(k))
        blind.append(_pair(a, b)[1])
    return D_star, math.fsum(parts), math.fsum(blind)
''',
    "logit_and_bce": '''
from torch import nn


class Game(nn.Module):
    """The game of laws a and b with weights: D* is the sigmoid of the log ratio; torch's BCE cuts log 0 at -100."""

    def forward(self, a, b, weight):
        logit = a.log() - b.log()  # nan where both are 0, +-inf where one is
        D = logit.sigmoid().nan_to_num(nan=0.5)
        real = F.binary_cross_entropy(D, torch.ones_like(D), weight=a * weight, reduction="sum")
        # the fakes are judged by 1 - D = sigmoid(-logit), which does not round to 0
        not_d = (-logit).sigmoid().nan_to_num(nan=0.5)
        fake = F.binary_cross_entropy(not_d, torch.ones_like(D), weight=b * weight, reduction="sum")
        return D, -(real + fake)


def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """D*(x, y) as (k, m), the value V(D*), and the largest value without labels."""
    game = Game()
    D_star, value = game(p, g, prior.view(-1, 1))
    mixtures = torch.einsum("y,syx->sx", prior, torch.stack([p, g]))
    _, value_blind = game(mixtures[0], mixtures[1], torch.ones_like(mixtures[0]))
    return D_star, value, value_blind
''',
}
