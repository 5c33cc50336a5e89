"""Wrong and right answers to the task `histogram_discriminator`, written by someone who had not seen its check."""

WRONG = {
    "scatter_src_of_cells": (
        "] (line 4 of your cell: `p = zeros.scatter_add(0, real, ones) /",
        """
def histogram_discriminator(real, fake, cells):
    ones, zeros = torch.ones(cells, dtype=torch.float64), torch.zeros(cells, dtype=torch.float64)
    p = zeros.scatter_add(0, real, ones) / real.numel()
    g = zeros.scatter_add(0, fake, ones) / fake.numel()
    total = p + g
    return torch.where(total > 0, p / total, 0.5)
""",
    ),
    "half_only_at_the_end": (
        "fake points holds nan or inf: a cell that nobody visited is 0 / 0; it",
        """
def histogram_discriminator(real, fake, cells):
    d = torch.full((cells,), 0.5, dtype=torch.float64)
    last = int(max(real.max(), fake.max())) + 1
    p = torch.bincount(real, minlength=last).double() / len(real)
    g = torch.bincount(fake, minlength=last).double() / len(fake)
    d[:last] = p / (p + g)
    return d
""",
    ),
    "shares_in_float32": (
        "; it is nearly right: did float32, a small constant or a clamp slip",
        """
def histogram_discriminator(real, fake, cells):
    p = torch.zeros(cells).index_add(0, real, torch.full((len(real),), 1 / len(real))).double()
    g = torch.zeros(cells).index_add(0, fake, torch.full((len(fake),), 1 / len(fake))).double()
    return torch.nan_to_num(p / (p + g), nan=0.5)
""",
    ),
    "fake_shifted_in_place": (
        "your function changed a tensor it was given: avoid +=, x[mask] = ...",
        """
def histogram_discriminator(real, fake, cells):
    fake += cells
    counts = torch.bincount(torch.cat((real, fake)), minlength=2 * cells).double().view(2, cells)
    shares = counts / torch.tensor([[len(real)], [len(fake)]])
    d = shares[0] / shares.sum(0)
    d[counts.sum(0) == 0] = 0.5
    return d
""",
    ),
    "squeezed_sample": (
        "fake points; your D there is 0.",
        """
def histogram_discriminator(real, fake, cells):
    p = F.one_hot(real.squeeze(), cells).double().mean(0)
    g = F.one_hot(fake.squeeze(), cells).double().mean(0)
    total = p + g
    return torch.where(total > 0, p / total, torch.full((cells,), 0.5, dtype=torch.float64))
""",
    ),
    "squeezed_result": (
        "fake points has shape (), expected (1,). There is one entry for each",
        """
def histogram_discriminator(real, fake, cells):
    def share(sample):
        row = torch.full((1, len(sample)), 1 / len(sample), dtype=torch.float64)
        return row @ F.one_hot(sample, cells).double()

    p, g = share(real), share(fake)
    return torch.nan_to_num(p / (p + g), nan=0.5).squeeze()
""",
    ),
    "unique_consecutive": (
        "fake points; your D there is 0.",
        """
def histogram_discriminator(real, fake, cells):
    def share(sample):
        counts = torch.zeros(cells, dtype=torch.float64)
        where, often = torch.unique_consecutive(sample, return_counts=True)
        counts[where] = often.double()
        return counts / len(sample)

    p, g = share(real), share(fake)
    return torch.where(p + g > 0, p / (p + g), 0.5)
""",
    ),
}

RIGHT = {
    "sigmoid_of_log_ratio": """
def histogram_discriminator(real, fake, cells):
    def log_share(sample):
        ones = torch.ones(len(sample), dtype=torch.float64)
        counts = torch.sparse_coo_tensor(sample[None], ones, (cells,)).to_dense()  # adds up what falls together
        return counts.log() - math.log(len(sample))

    return torch.nan_to_num(torch.sigmoid(log_share(real) - log_share(fake)), nan=0.5)
""",
    "fractions_in_a_loop": """
from collections import Counter
from fractions import Fraction


def histogram_discriminator(real, fake, cells):
    ours, theirs, answer = Counter(real.tolist()), Counter(fake.tolist()), []
    for c in range(cells):
        p, g = Fraction(ours[c], len(real)), Fraction(theirs[c], len(fake))
        answer.append(float(p / (p + g)) if p + g else 0.5)
    print(f"{sum(d == 0.5 for d in answer)} cells are a toss-up")
    return torch.tensor(answer, dtype=torch.float64)
""",
}
