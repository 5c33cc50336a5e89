"""Wrong and right answers to the task `fixed_noise`, written by someone who had not seen its check."""

WRONG = {
    "global_seed": (
        "after your function torch's global generator draws other numbers than",
        """
def fixed_noise(n: int, latent: int, seed: int) -> Tensor:
    torch.manual_seed(seed)
    return torch.randn(n, latent)
""",
    ),
    "random_seed_afterwards": (
        "after your function torch's global generator draws other numbers than",
        """
def fixed_noise(n: int, latent: int, seed: int) -> Tensor:
    torch.manual_seed(seed)
    z = torch.randn(n, latent)
    torch.seed()
    return z
""",
    ),
    "initial_seed_afterwards": (
        "after your function torch's global generator draws other numbers than",
        """
def fixed_noise(n: int, latent: int, seed: int) -> Tensor:
    before = torch.initial_seed()
    torch.manual_seed(seed)
    z = torch.randn(n, latent)
    torch.manual_seed(before)
    return z
""",
    ),
    "uniform": (
        "(uniform noise?); z ~ N(0, I) has 0 and 1",
        """
def fixed_noise(n: int, latent: int, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(n, latent, generator=generator) * 2 - 1
""",
    ),
    "one_code_for_all": (
        "your noise: some rows are the same; draw each sample's noise on its",
        """
def fixed_noise(n: int, latent: int, seed: int) -> Tensor:
    g = torch.Generator()
    g.manual_seed(seed)
    return torch.randn(latent, generator=g).repeat(n, 1)
""",
    ),
    "on_the_sphere": (
        "your noise: the lengths of its rows vary by other amounts than in",
        """
def fixed_noise(n: int, latent: int, seed: int) -> Tensor:
    g = torch.Generator().manual_seed(seed)
    z = torch.randn(n, latent, generator=g)
    return F.normalize(z, dim=1) * math.sqrt(latent)
""",
    ),
    "seed_zero": (
        "the same seed gave different noise: draw from a generator that is",
        """
def fixed_noise(n: int, latent: int, seed: int) -> Tensor:
    with torch.random.fork_rng():
        if seed:
            torch.manual_seed(seed)
        return torch.randn(n, latent)
""",
    ),
}

RIGHT = {
    "python_dice": """
import random


def fixed_noise(n: int, latent: int, seed: int) -> Tensor:
    dice = random.Random(f"noise to look at {seed}")
    rows = [[dice.gauss(0.0, 1.0) for _ in range(latent)] for _ in range(n)]
    return torch.tensor(rows, dtype=torch.float32).reshape(n, latent)
""",
    "box_and_muller": """
def fixed_noise(n: int, latent: int, seed: int) -> Tensor:
    own = torch.Generator(device="cpu")
    own.manual_seed(seed)
    u = 1 - torch.rand(2, n * latent, generator=own, dtype=torch.float64)  # in (0, 1]
    radius, angle = torch.sqrt(-2 * torch.log(u[0])), 2 * math.pi * u[1]
    return (radius * torch.cos(angle)).reshape(n, latent).float()
""",
    "row_by_row_on_a_private_generator": """
class _Dice:
    def __init__(self, seed):
        self.own = torch.Generator()
        self.own.manual_seed(seed)

    def rows(self, n, latent):
        for _ in range(n):
            yield torch.zeros(latent, dtype=torch.float32).normal_(0.0, 1.0, generator=self.own)


def fixed_noise(n: int, latent: int, seed: int) -> Tensor:
    return torch.stack(list(_Dice(seed).rows(n, latent)))
""",
}
