"""Wrong and right answers to the task `fixed_noise`: texts of its solution cell."""

from __future__ import annotations


def _noise(body: str, before: str = "") -> str:
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    return f"{before}def fixed_noise(n: int, latent: int, seed: int) -> Tensor:\n{lines}\n"


WRONG = {
    "returns_nothing": (
        "None",
        _noise("z = torch.randn(n, latent, generator=torch.Generator().manual_seed(seed))"),
    ),
    "global_seed": ("global generator", _noise("torch.manual_seed(seed)\nreturn torch.randn(n, latent)")),
    "global_seed_put_back_to_a_number": (
        "global generator",
        _noise("torch.manual_seed(seed)\nz = torch.randn(n, latent)\ntorch.manual_seed(0)\nreturn z"),
    ),
    "global_generator_reseeded_by_time": (
        "global generator",
        _noise("torch.manual_seed(seed)\nz = torch.randn(n, latent)\ntorch.seed()\nreturn z"),
    ),
    "seed_ignored": ("the same seed gave different noise", _noise("return torch.randn(n, latent)")),
    "generator_not_passed_on": (
        "the same seed gave different noise",
        _noise("rng = torch.Generator().manual_seed(seed)\nreturn torch.randn(n, latent)"),
    ),
    "one_generator_for_all_calls": (
        "the same seed gave different noise",
        _noise("return torch.randn(n, latent, generator=RNG)", "RNG = torch.Generator().manual_seed(0)\n"),
    ),
    "unseeded_generator": (
        "the same seed gave different noise",
        _noise("rng = torch.Generator()\nrng.seed()\nreturn torch.randn(n, latent, generator=rng)"),
    ),
    "constant_seed": (
        "gave the same noise",
        _noise("return torch.randn(n, latent, generator=torch.Generator().manual_seed(0))"),
    ),
    "zero_taken_for_no_seed": (
        "the same seed gave different noise",
        _noise("""
if not seed:
    return torch.randn(n, latent)
return torch.randn(n, latent, generator=torch.Generator().manual_seed(seed))
"""),
    ),
    "remembered_by_shape_only": (
        "gave the same noise",
        _noise(
            """
if (n, latent) not in KEPT:
    KEPT[n, latent] = torch.randn(n, latent, generator=torch.Generator().manual_seed(seed))
return KEPT[n, latent]
""",
            "KEPT = {}\n",
        ),
    ),
    "uniform": (
        "uniform noise?",
        _noise("return torch.rand(n, latent, generator=torch.Generator().manual_seed(seed)) * 2 - 1"),
    ),
    "uniform_of_unit_variance": (
        "not normal",
        _noise(
            "return (torch.rand(n, latent, generator=torch.Generator().manual_seed(seed)) * 2 - 1) * 3**0.5"
        ),
    ),
    "mean_five": (
        "mean",
        _noise("return 5 + torch.randn(n, latent, generator=torch.Generator().manual_seed(seed))"),
    ),
    "too_narrow": (
        "deviation",
        _noise("return 0.9 * torch.randn(n, latent, generator=torch.Generator().manual_seed(seed))"),
    ),
    "cut_off_at_two": (
        "noise has",
        _noise("return torch.randn(n, latent, generator=torch.Generator().manual_seed(seed)).clamp(-2, 2)"),
    ),
    "one_row_expanded": (
        "rows are the same",
        _noise(
            "return torch.randn(1, latent, generator=torch.Generator().manual_seed(seed)).expand(n, latent)"
        ),
    ),
    "one_number_per_row": (
        "columns are the same",
        _noise("return torch.randn(n, 1, generator=torch.Generator().manual_seed(seed)).repeat(1, latent)"),
    ),
    "on_the_unit_sphere": (
        "deviation",
        _noise(
            "return F.normalize(torch.randn(n, latent, generator=torch.Generator().manual_seed(seed)), dim=1)"
        ),
    ),
    "transposed": (
        "shape",
        _noise("return torch.randn(latent, n, generator=torch.Generator().manual_seed(seed))"),
    ),
    "as_maps": (
        "shape",
        _noise("return torch.randn(n, latent, 1, 1, generator=torch.Generator().manual_seed(seed))"),
    ),
    "numpy_array": (
        "tensor (n, latent) was asked",
        _noise("import numpy as np\nreturn np.random.default_rng(seed).standard_normal((n, latent))"),
    ),
    "float64": (
        "dtype",
        _noise(
            "import numpy as np\nreturn torch.from_numpy(np.random.default_rng(seed).standard_normal((n, latent)))"
        ),
    ),
    "initial_seed_set_again": (
        "global generator",
        _noise("""
before = torch.initial_seed()
torch.manual_seed(seed)
z = torch.randn(n, latent)
torch.manual_seed(before)
return z
"""),
    ),
    "on_the_sphere_of_the_right_radius": (
        "lengths of its rows",
        _noise("""
z = torch.randn(n, latent, generator=torch.Generator().manual_seed(seed))
return z / z.norm(dim=1, keepdim=True) * latent**0.5
"""),
    ),
}

RIGHT = {
    "two_lines": _noise(
        "rng = torch.Generator()\nrng.manual_seed(seed)\nreturn torch.randn((n, latent), generator=rng)"
    ),
    "fork_rng": _noise(
        "with torch.random.fork_rng():\n    torch.manual_seed(seed)\n    return torch.randn(n, latent)"
    ),
    "state_put_back": _noise("""
state = torch.get_rng_state()
torch.manual_seed(seed)
z = torch.randn(n, latent)
torch.set_rng_state(state)
return z
"""),
    "numpy_generator": _noise("""
import numpy as np
return torch.tensor(np.random.default_rng(seed).normal(size=(n, latent)), dtype=torch.float32)
"""),
    "filled_in_place": _noise(
        "return torch.empty(n, latent).normal_(generator=torch.Generator().manual_seed(seed))"
    ),
    "row_by_row": _noise("""
rng = torch.Generator().manual_seed(seed)
return torch.stack([torch.randn(latent, generator=rng) for _ in range(n)])
"""),
    "python_random_with_a_warning": _noise("""
import random, warnings
warnings.warn("slow")
rng = random.Random(seed)
return torch.tensor([[rng.gauss(0, 1) for _ in range(latent)] for _ in range(n)])
"""),
}
