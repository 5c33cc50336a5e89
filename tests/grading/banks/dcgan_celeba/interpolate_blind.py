"""Wrong and right answers to the task `interpolate`, written by someone who had not seen its check."""

WRONG = {
    "in_place": (
        "your function changes z0 or z1: work on new tensors",
        """
def interpolate(z0: Tensor, z1: Tensor, steps: int) -> Tensor:
    t = torch.linspace(0, 1, steps).unsqueeze(1)
    z1 -= z0
    return z0 + t * z1
""",
    ),
    "eased": (
        "the steps are not equal: no easing",
        """
def interpolate(z0: Tensor, z1: Tensor, steps: int) -> Tensor:
    t = torch.linspace(0, 1, steps)
    t = t * t * (3 - 2 * t)
    return torch.stack([(1 - a) * z0 + a * z1 for a in t])
""",
    ),
    "backwards": (
        "it starts at z1 and ends at z0: the other way round",
        """
def interpolate(z0: Tensor, z1: Tensor, steps: int) -> Tensor:
    alpha = torch.linspace(0, 1, steps)[:, None]
    return alpha * z0 + (1 - alpha) * z1
""",
    ),
    "slerp": (
        "this is the great circle (slerp); a straight walk was asked",
        """
def slerp(val, low, high):
    low_n, high_n = low.norm(), high.norm()
    if low_n < 1e-8 or high_n < 1e-8:
        return (1 - val) * low + val * high
    omega = torch.acos(torch.clamp(torch.dot(low / low_n, high / high_n), -1, 1))
    so = torch.sin(omega)
    if so < 1e-6:
        return (1 - val) * low + val * high
    return torch.sin((1 - val) * omega) / so * low + torch.sin(val * omega) / so * high


def interpolate(z0: Tensor, z1: Tensor, steps: int) -> Tensor:
    return torch.stack([slerp(val, z0, z1) for val in torch.linspace(0, 1, steps)])
""",
    ),
    "ends_left_out": (
        "neither end is included: the first code is z0, the last z1",
        """
def interpolate(z0: Tensor, z1: Tensor, steps: int) -> Tensor:
    t = torch.linspace(0, 1, steps + 2)[1:-1, None]
    return (1 - t) * z0 + t * z1
""",
    ),
    "arange_of_fractions": (
        "): 7 codes, the two ends among them",
        """
def interpolate(z0: Tensor, z1: Tensor, steps: int) -> Tensor:
    step = 1 / (steps - 1)
    t = torch.arange(0, 1 + step, step).unsqueeze(1)
    return z0 + t * (z1 - z0)
""",
    ),
    "whole_percents": (
        "the ends are right, but between them it is not straight, in equal",
        """
def interpolate(z0: Tensor, z1: Tensor, steps: int) -> Tensor:
    rows = []
    for i in range(steps):
        percent = 100 * i // (steps - 1)
        rows.append((z0 * (100 - percent) + z1 * percent) / 100)
    return torch.stack(rows)
""",
    ),
}

RIGHT = {
    "resized_signal": """
def interpolate(z0: Tensor, z1: Tensor, steps: int) -> Tensor:
    ends = torch.stack([z0, z1], dim=-1).unsqueeze(0)
    return F.interpolate(ends, size=steps, mode="linear", align_corners=True)[0].T
""",
    "weights_times_ends": """
def interpolate(z0: Tensor, z1: Tensor, steps: int) -> Tensor:
    i = torch.arange(steps, dtype=z0.dtype) / (steps - 1)
    return torch.einsum("sk,kd->sd", torch.stack([1 - i, i], 1), torch.stack([z0, z1]))
""",
    "row_by_row": """
def interpolate(z0: Tensor, z1: Tensor, steps: int) -> Tensor:
    walk = z0.new_empty(steps, z0.shape[0])
    for i in range(steps):
        walk[i] = torch.lerp(z0, z1, i / (steps - 1))
    return walk
""",
}
