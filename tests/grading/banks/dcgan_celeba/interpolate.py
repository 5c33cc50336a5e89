"""Wrong and right answers to the task `interpolate`: texts of its solution cell."""

from __future__ import annotations


def _walk(body: str) -> str:
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    return f"def interpolate(z0: Tensor, z1: Tensor, steps: int) -> Tensor:\n{lines}\n"


WRONG = {
    "returns_nothing": ("None", _walk("t = torch.linspace(0, 1, steps)[:, None]\nz0 + t * (z1 - z0)")),
    "last_code_missing": (
        "last code must be z1",
        _walk("t = torch.arange(steps)[:, None] / steps\nreturn (1 - t) * z0 + t * z1"),
    ),
    "first_code_missing": (
        "first code must be z0",
        _walk("t = torch.arange(1, steps + 1)[:, None] / steps\nreturn (1 - t) * z0 + t * z1"),
    ),
    "neither_end": (
        "neither end",
        _walk("t = torch.linspace(0, 1, steps + 2)[1:-1, None]\nreturn (1 - t) * z0 + t * z1"),
    ),
    "one_code_too_many": (
        "expected (steps, latent)",
        _walk("t = torch.linspace(0, 1, steps + 1)[:, None]\nreturn (1 - t) * z0 + t * z1"),
    ),
    "backwards": (
        "other way round",
        _walk("t = torch.linspace(0, 1, steps)[:, None]\nreturn t * z0 + (1 - t) * z1"),
    ),
    "great_circle": (
        "great circle",
        _walk("""
t = torch.linspace(0, 1, steps)[:, None]
omega = torch.acos((z0 / z0.norm() * (z1 / z1.norm())).sum())
return (torch.sin((1 - t) * omega) * z0 + torch.sin(t * omega) * z1) / torch.sin(omega)
"""),
    ),
    "eased": (
        "no easing",
        _walk(
            "t = torch.linspace(0, 1, steps)[:, None]\nt = t * t * (3 - 2 * t)\nreturn (1 - t) * z0 + t * z1"
        ),
    ),
    "square_root_weights": (
        "not straight",
        _walk("t = torch.linspace(0, 1, steps)[:, None]\nreturn (1 - t).sqrt() * z0 + t.sqrt() * z1"),
    ),
    "kept_on_a_sphere": (
        "ends are not",
        _walk("""
t = torch.linspace(0, 1, steps)[:, None]
return F.normalize((1 - t) * z0 + t * z1, dim=1) * len(z0) ** 0.5
"""),
    ),
    "transposed": (
        "one code per row",
        _walk("t = torch.linspace(0, 1, steps)\nreturn torch.outer(z0, 1 - t) + torch.outer(z1, t)"),
    ),
    "broadcast_the_wrong_way": (
        "stopped with",
        _walk("t = torch.linspace(0, 1, steps)\nreturn (1 - t) * z0 + t * z1"),
    ),
    "a_list": (
        "returned a list",
        _walk("return [torch.lerp(z0, z1, t) for t in torch.linspace(0, 1, steps).tolist()]"),
    ),
    "difference_forgotten": (
        "ends are not",
        _walk("t = torch.linspace(0, 1, steps)[:, None]\nreturn z0 + t * z1"),
    ),
    "in_place": (
        "changes z0 or z1",
        _walk("""
codes, step = [], (z1 - z0) / (steps - 1)
for _ in range(steps):
    codes.append(z0.clone())
    z0 += step
return torch.stack(codes)
"""),
    ),
    "same_object_stacked": (
        "changes z0 or z1",
        _walk("""
codes, step, z = [], (z1 - z0) / (steps - 1), z0
for _ in range(steps):
    codes.append(z)
    z += step
return torch.stack(codes)
"""),
    ),
    "only_the_ends_and_the_middle": (
        "expected (steps, latent)",
        _walk("return torch.stack([z0, (z0 + z1) / 2, z1])"),
    ),
    "random_walk_along_the_line": (
        "not straight",
        _walk("""
t = torch.rand(steps).sort().values[:, None]
t[0], t[-1] = 0, 1
return z0 + t * (z1 - z0)
"""),
    ),
    "noise_added": (
        "ends are not",
        _walk(
            "t = torch.linspace(0, 1, steps)[:, None]\nreturn z0 + t * (z1 - z0) + 0.25 * torch.randn(steps, len(z0))"
        ),
    ),
    "ten_steps_always": (
        "expected (steps, latent)",
        _walk("t = torch.linspace(0, 1, 8)[:, None]\nreturn z0 + t * (z1 - z0)"),
    ),
    "arange_with_a_fractional_step": (
        "the walk has shape",
        _walk(
            "t = torch.arange(0, 1 + 1 / (steps - 1), 1 / (steps - 1))[:, None]\nreturn (1 - t) * z0 + t * z1"
        ),
    ),
    "whole_percents": (
        "between them it is not straight",
        _walk("t = torch.linspace(0, 100, steps).round()[:, None] / 100\nreturn (1 - t) * z0 + t * z1"),
    ),
}

RIGHT = {
    "lerp": _walk("return torch.lerp(z0, z1, torch.linspace(0, 1, steps).unsqueeze(1))"),
    "outer_product": _walk("return z0 + torch.outer(torch.linspace(0, 1, steps), z1 - z0)"),
    "python_list": _walk("return torch.stack([z0 + (z1 - z0) * k / (steps - 1) for k in range(steps)])"),
    "one_linspace_per_entry": _walk("""
return torch.stack([torch.linspace(float(a), float(b), steps) for a, b in zip(z0, z1)], dim=1)
"""),
    "matrix_product": _walk("""
t = torch.linspace(0, 1, steps)
return torch.stack([1 - t, t], dim=1) @ torch.stack([z0, z1])
"""),
    "resized_by_interpolation": _walk("""
ends = torch.stack([z0, z1], dim=1)[None]  # (1, latent, 2)
return F.interpolate(ends, size=steps, mode="linear", align_corners=True)[0].T
"""),
    "filled_row_by_row_with_a_progress_line": _walk("""
import sys
walk = torch.empty(steps, z0.numel())
for k in range(steps):
    print(f"step {k}", end="\\r", file=sys.stderr)
    t = k / (steps - 1)
    walk[k] = (1 - t) * z0 + t * z1
return walk
"""),
    "in_double": _walk("""
t = torch.linspace(0, 1, steps, dtype=torch.float64)[:, None]
return z0.double() + t * (z1.double() - z0.double())
"""),
}
