"""Wrong and right answers to the task `interpolate`, written by someone who had not seen its check."""

WRONG = {
    "slerp_with_fallback": (
        "this is the great circle (slerp); a straight walk was asked",
        """
def interpolate(z0, z1, steps):
    t = torch.linspace(0, 1, steps)[:, None]
    if z0.norm() < 1e-6 or z1.norm() < 1e-6:
        return (1 - t) * z0 + t * z1
    omega = torch.acos((z0 / z0.norm() @ (z1 / z1.norm())).clamp(-1, 1))
    if omega.sin() < 1e-6:
        return (1 - t) * z0 + t * z1
    return (torch.sin((1 - t) * omega) * z0 + torch.sin(t * omega) * z1) / omega.sin()
""",
    ),
    "arange_of_floats": (
        "): 7 codes, the two ends among them",
        """
def interpolate(z0, z1, steps):
    step = 1 / (steps - 1)
    t = torch.arange(0, 1 + step, step)
    return z0 + t.unsqueeze(1) * (z1 - z0)
""",
    ),
    "walks_in_place": (
        "your function changes z0 or z1: work on new tensors",
        """
def interpolate(z0, z1, steps):
    z, step = z0, (z1 - z0) / (steps - 1)
    walk = [z.clone()]
    for _ in range(steps - 1):
        z += step
        walk.append(z.clone())
    return torch.stack(walk)
""",
    ),
    "smoothstep": (
        "the steps are not equal: no easing",
        """
def interpolate(z0, z1, steps):
    t = torch.linspace(0, 1, steps).view(-1, 1)
    t = t * t * (3 - 2 * t)
    return torch.lerp(z0.expand(steps, -1), z1.expand(steps, -1), t)
""",
    ),
    "kept_on_the_shell": (
        "the ends are right, but between them it is not straight, in equal",
        """
def interpolate(z0, z1, steps):
    t = torch.linspace(0, 1, steps)[:, None]
    walk = (1 - t) * z0 + t * z1
    length = (1 - t) * z0.norm() + t * z1.norm()
    return walk * length / walk.norm(dim=1, keepdim=True).clamp(min=1e-12)
""",
    ),
    "halved_again_and_again": (
        "the ends are right, but between them it is not straight, in equal",
        """
def interpolate(z0, z1, steps):
    walk = [z0, z1]
    while len(walk) < steps:
        finer = [walk[0]]
        for left, right in zip(walk, walk[1:]):
            finer += [(left + right) / 2, right]
        walk = finer
    return torch.stack(walk[: steps - 1] + [z1])
""",
    ),
    "whole_percent": (
        "the ends are right, but between them it is not straight, in equal",
        """
def interpolate(z0, z1, steps):
    rows = []
    for i in range(steps):
        t = round(100 * i / (steps - 1)) / 100
        rows.append((1 - t) * z0 + t * z1)
    return torch.stack(rows)
""",
    ),
    "align_corners_false": (
        "the ends are right, but between them it is not straight, in equal",
        """
def interpolate(z0, z1, steps):
    ends = torch.stack((z0, z1), dim=1)[None]
    return F.interpolate(ends, size=steps, mode="linear")[0].T
""",
    ),
}

RIGHT = {
    "resized_line": """
def interpolate(z0, z1, steps):
    ends = torch.stack((z0, z1), dim=-1).unsqueeze(0)
    return F.interpolate(ends, size=steps, mode="linear", align_corners=True).squeeze(0).t()
""",
    "weights_times_ends": """
def interpolate(z0, z1, steps):
    last = steps - 1
    weights = torch.tensor([[(last - i) / last, i / last] for i in range(steps)], dtype=z0.dtype)
    return torch.einsum("sk,kl->sl", weights, torch.stack([z0, z1]))
""",
}
