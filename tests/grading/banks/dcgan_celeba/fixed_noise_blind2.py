"""Wrong and right answers to the task `fixed_noise`, written by someone who had not seen its check."""

WRONG = {
    "global_generator": (
        "after your function torch's global generator draws other numbers than",
        """
def fixed_noise(n, latent, seed):
    generator = torch.manual_seed(seed)
    return torch.randn(n, latent, generator=generator)
""",
    ),
    "seed_before_fork": (
        "after your function torch's global generator draws other numbers than",
        """
def fixed_noise(n, latent, seed):
    torch.manual_seed(seed)
    with torch.random.fork_rng():
        return torch.randn(n, latent)
""",
    ),
    "fork_only_with_cuda": (
        "after your function torch's global generator draws other numbers than",
        """
def fixed_noise(n, latent, seed):
    with torch.random.fork_rng(enabled=torch.cuda.is_available()):
        torch.manual_seed(seed)
        noise = torch.randn(n, latent)
    return noise
""",
    ),
    "standardised": (
        "the mean of all numbers is exactly that of N(0, I), whatever the",
        """
def fixed_noise(n, latent, seed):
    generator = torch.Generator()
    generator.manual_seed(seed)
    z = torch.randn(n, latent, generator=generator)
    return (z - z.mean()) / (z.std() + 1e-8)
""",
    ),
    "antithetic": (
        "your noise: some rows are others with the sign changed; all rows must",
        """
def fixed_noise(n, latent, seed):
    generator = torch.Generator().manual_seed(seed)
    half = torch.randn((n + 1) // 2, latent, generator=generator)
    return torch.cat([half, -half])[:n]
""",
    ),
    "seeded_per_row": (
        "your noise: some rows are the same; draw each sample's noise on its",
        """
def fixed_noise(n, latent, seed):
    generator = torch.Generator()
    rows = [torch.randn(latent, generator=generator.manual_seed(seed)) for _ in range(n)]
    return torch.stack(rows)
""",
    ),
    "truncated": (
        "; z ~ N(0, I) has 0 and 1",
        """
def fixed_noise(n, latent, seed):
    z = torch.empty(n, latent)
    return nn.init.trunc_normal_(z, generator=torch.Generator().manual_seed(seed))
""",
    ),
    "bank_of_noise": (
        "expected (n, latent) = (",
        """
BANK = {}


def fixed_noise(n, latent, seed):
    if seed not in BANK:
        BANK[seed] = torch.randn(n, latent, generator=torch.Generator().manual_seed(seed))
    return BANK[seed][:n, :latent].clone()
""",
    ),
}

RIGHT = {
    "python_gauss": """
import random


def fixed_noise(n, latent, seed):
    draw = random.Random(seed)
    numbers = [[draw.gauss(0.0, 1.0) for _ in range(latent)] for _ in range(n)]
    return torch.tensor(numbers, dtype=torch.float32).reshape(n, latent)
""",
    "state_put_back": """
import warnings


def fixed_noise(n, latent, seed):
    warnings.warn("looking at pictures")
    before = torch.random.get_rng_state()
    try:
        torch.manual_seed(seed)
        return torch.distributions.Normal(0.0, 1.0).sample((n, latent))
    finally:
        torch.random.set_rng_state(before)
""",
}
