"""Wrong and right answers to the task `histogram_discriminator`, written by someone who had not seen its check."""

WRONG = {
    "counts_not_shares": (
        "D divides the counts: the two samples differ in size, so divide each",
        """
def histogram_discriminator(real, fake, cells):
    r = torch.bincount(real, minlength=cells).double()
    f = torch.bincount(fake, minlength=cells).double()
    return torch.where(r + f > 0, r / (r + f), torch.full_like(r, 0.5))
""",
    ),
    "index_plus_equals": (
        "fake points; your D there is 0.",
        """
def histogram_discriminator(real, fake, cells):
    p = torch.zeros(cells, dtype=torch.float64)
    g = torch.zeros(cells, dtype=torch.float64)
    p[real] += 1 / len(real)
    g[fake] += 1 / len(fake)
    d = p / (p + g)
    d[p + g == 0] = 0.5
    return d
""",
    ),
    "hole_in_the_middle": (
        "fake points holds nan or inf: a cell that nobody visited is 0 / 0; it",
        """
def histogram_discriminator(real: Tensor, fake: Tensor, cells: int) -> Tensor:
    used = int(max(real.max(), fake.max())) + 1
    p = torch.bincount(real, minlength=used).double() / real.numel()
    g = torch.bincount(fake, minlength=used).double() / fake.numel()
    out = torch.full((cells,), 0.5, dtype=torch.float64)
    out[:used] = p / (p + g)
    return out
""",
    ),
    "tiny_constant": (
        "a constant of 1e-09 was added to the shares, which changes rare",
        """
def histogram_discriminator(real, fake, cells):
    eps = 1e-9
    p = torch.bincount(real, minlength=cells).double() / len(real)
    g = torch.bincount(fake, minlength=cells).double() / len(fake)
    return (p + eps) / (p + g + 2 * eps)
""",
    ),
    "changes_fake": (
        "your function changed a tensor it was given: avoid +=, x[mask] = ...",
        """
def histogram_discriminator(real, fake, cells):
    fake += cells  # the fakes get the cells behind those of the real points
    count = torch.bincount(torch.cat([real, fake]), minlength=2 * cells).double()
    p, g = count[:cells] / len(real), count[cells:] / len(fake)
    return torch.where(p + g == 0, 0.5, p / (p + g))
""",
    ),
    "single_precision": (
        "; it is nearly right: did float32, a small constant or a clamp slip",
        """
def histogram_discriminator(real, fake, cells):
    p = torch.bincount(real, minlength=cells).float() / len(real)
    g = torch.bincount(fake, minlength=cells).float() / len(fake)
    d = torch.nan_to_num(p / (p + g), nan=0.5)
    return d.double()
""",
    ),
    "laplace": (
        "you added 1 to every count (smoothing); D* of the samples as they are",
        """
def histogram_discriminator(real, fake, cells):
    p = (torch.bincount(real, minlength=cells).double() + 1) / (len(real) + cells)
    g = (torch.bincount(fake, minlength=cells).double() + 1) / (len(fake) + cells)
    return p / (p + g)
""",
    ),
}

RIGHT = {
    "fractions": """
from collections import Counter
from fractions import Fraction


def histogram_discriminator(real: Tensor, fake: Tensor, cells: int) -> Tensor:
    r, f = Counter(real.tolist()), Counter(fake.tolist())
    n, m = len(real), len(fake)
    out = []
    for c in range(cells):
        both = r[c] * m + f[c] * n
        out.append(float(Fraction(r[c] * m, both)) if both else 0.5)
    return torch.tensor(out, dtype=torch.float64)
""",
    "one_hot_log_odds": '''
def histogram_discriminator(real, fake, cells):
    """sigma(log p - log g): -inf gives 0, +inf gives 1, and -inf + inf = nan marks the empty cells."""
    log_p, log_g = (F.one_hot(sample, num_classes=cells).double().mean(0).log() for sample in (real, fake))
    return torch.sigmoid(log_p - log_g).nan_to_num(nan=0.5)
''',
    "sorted_edges": """
def histogram_discriminator(real, fake, cells):
    edges = torch.arange(cells + 1)

    def shares(sample):
        below = torch.searchsorted(torch.sort(sample).values, edges)
        return torch.diff(below).to(torch.float64) / sample.shape[0]

    p, g = shares(real), shares(fake)
    d = torch.full((cells,), 0.5, dtype=torch.float64)
    met = (p > 0).logical_or(g > 0)
    d[met] = 1 / (1 + g[met] / p[met])  # no real point: g / 0 = inf, and 1 / inf = 0
    return d
""",
}
