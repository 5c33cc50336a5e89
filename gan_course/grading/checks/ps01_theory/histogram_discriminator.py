"""Hidden check of `histogram_discriminator`: the best D between two finite samples, cell by cell.

With shares p(c), g(c) of either sample, D*(c) = p(c) / (p(c) + g(c)) (Goodfellow et al. 2014, Proposition 1).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from gan_course.grading.checks import _tools
from gan_course.grading.checks._tools import Case, Seen, record

KERNEL_SIDE = _tools.KERNEL_SIDE
TOLERANCE = 1e-8


def draw(rng: torch.Generator) -> Case:
    """Calls (real, fake, cells): every cell visited; gaps, the last cell among them; one real point; equal sizes;
    large samples with rare cells, in which even a constant of 1e-10 shows; a single cell.
    """

    def some(n: int, cells: Tensor) -> Tensor:
        """Each of the cells once and n more, shuffled, so that shares differ from cell to cell."""
        more = torch.multinomial(_tools.law(rng, len(cells)), n, replacement=True, generator=rng)
        points = torch.cat([cells, cells[more]])
        return points[torch.randperm(len(points), generator=rng)]

    k = int(torch.randint(5, 9, (1,), generator=rng))
    # The second call has 9 cells: 2 with real points only, 2 with fake ones only, 3 with both (one is 7), 2 empty.
    order = torch.randperm(7, generator=rng)
    real_only, fake_only, both = order[:2], order[2:4], torch.cat([order[4:6], torch.tensor([7])])
    n = [int(torch.randint(low, low + 6, (1,), generator=rng)) for low in (8, 30, 6, 20, 15)]
    return {
        "calls": [
            [some(n[0], torch.arange(k)), some(n[1], torch.arange(k)), k],
            [some(n[2], torch.cat([real_only, both])), some(n[3], torch.cat([fake_only, both])), 9],
            [torch.tensor([2]), some(n[4], torch.arange(3)), 4],
            [some(n[4], torch.arange(4)), some(n[4], torch.arange(4)), 4],
            _with_rare_cells(rng),
            [some(n[0], torch.arange(1)), some(n[2], torch.arange(1)), 1],
        ]
    }


def _with_rare_cells(rng: torch.Generator) -> list[Any]:
    """Hundreds of points in 3 of 7 cells; 1 real point in a cell, 1 fake in another, 1 and a few in one; one empty."""
    order = torch.randperm(5, generator=rng)
    common, rare = torch.cat([order[:2], torch.tensor([5])]), order[2:]  # cell 6 stays empty
    few = int(torch.randint(3, 6, (1,), generator=rng))
    samples = []
    for low, rest in ((500, rare[[0, 2]]), (200, torch.cat([rare[1:2], rare[2:3].expand(few)]))):
        n = int(torch.randint(low, low + 100, (1,), generator=rng))
        sample = torch.cat([common[torch.randint(3, (n,), generator=rng)], rest])
        samples.append(sample[torch.randperm(len(sample), generator=rng)])
    return [*samples, 7]


def observe(case: dict[str, Any], histogram_discriminator: Callable[..., Any]) -> dict[str, Any]:
    """Call the answer on every pair of samples."""
    return record(case, histogram_discriminator)


def judge(case: Case, seen: Seen) -> None:
    """The first call, where every cell is visited and the samples are of unequal size, names mistakes."""
    found = _tools.results(case, seen)
    for (real, fake, cells), result in zip(case["calls"], found, strict=True):
        d = _tools.tensor_of(
            result,
            (cells,),
            f"D for {len(real)} real and {len(fake)} fake points",
            "a cell that nobody visited is 0 / 0; it gets 1/2",
            "There is one entry for each cell, also for those at the end that nobody visited",
        )
        p, g = _counts(real, cells), _counts(fake, cells)
        _tools.expect(
            d, _best(p / len(real), g / len(fake)), partial(_slips, p, g), _where(d, p, g), TOLERANCE
        )


def _counts(sample: Tensor, cells: int) -> Tensor:
    return torch.stack([(sample == cell).sum() for cell in range(cells)]).double()


def _best(p: Tensor, g: Tensor, empty: float = 0.5) -> Tensor:
    """p / (p + g), and `empty` where both are zero."""
    return torch.where(p + g > 0, p / (p + g), empty)


def _slips(p: Tensor, g: Tensor) -> dict[str, Tensor]:
    """What known mistakes give, from the counts of each cell."""
    n, m = p.sum(), g.sum()
    right = _best(p / n, g / m)
    both = (p > 0) & (g > 0)
    slips = {
        "D is the probability of *fake*: real and fake are exchanged": 1 - right,
        "D divides the counts: the two samples differ in size, so divide each count by the size of its sample": (
            _best(p, g)
        ),
        "D is the ratio p / g; divide by the sum of both": (p / n) / (g / m),
        "this is the logit, log(p / g); D is a probability": ((p / n) / (g / m)).log(),
        "this is the share of real points in each cell; compare it with the share of fake ones": p / n,
        "this is the share of fake points in each cell; the question is p / (p + g)": g / m,
        "D decides for one side; it is a degree of belief, p / (p + g)": (p / n > g / m).double(),
        "D only asks who visited a cell, not how often": _best((p > 0).double(), (g > 0).double()),
        "this is the mixture (p + g) / 2, not a discriminator": (p / n + g / m) / 2,
        "a cell that nobody visited got 0; it gets 1/2": _best(p / n, g / m, 0.0),
        "a cell that nobody visited got 1; it gets 1/2": _best(p / n, g / m, 1.0),
        "a cell that only one of the samples visited leaves no doubt: D is 1 or 0 there, not 1/2": (
            torch.where(both, right, 0.5)
        ),
    }
    for eps in (1e-6, 1e-8, 1e-9, 1e-10, 1e-12):
        text = f"a constant of {eps:g} was added to the shares, which changes rare cells: treat empty cells apart"
        slips[text] = (p / n + eps) / (p / n + g / m + 2 * eps)
    for extra in (1.0, 0.5):
        smooth_p, smooth_g = p + extra, g + extra
        text = f"you added {extra:g} to every count (smoothing); D* of the samples as they are was asked for"
        slips[text] = _best(smooth_p / smooth_p.sum(), smooth_g / smooth_g.sum())
        slips[text + ", with shares"] = _best(smooth_p / n, smooth_g / m)
    return slips


def _where(d: Tensor, p: Tensor, g: Tensor) -> str:
    """What to say of the first kind of cell that is wrong."""
    wrong = _best(p / p.sum(), g / g.sum()).sub(d).abs() > TOLERANCE
    if not wrong.any():
        return ""
    kinds = {
        "a cell that nobody visited gets exactly 1/2": (p == 0) & (g == 0),
        "a cell with real points only gets exactly 1": (p > 0) & (g == 0),
        "a cell with fake points only gets exactly 0": (p == 0) & (g > 0),
    }
    cell = int(wrong.nonzero()[0])
    for text, members in kinds.items():
        if (wrong & members).any() and not (wrong & ~members).any():
            return text
    return (
        f"cell {cell} holds {int(p[cell])} of {int(p.sum())} real and {int(g[cell])} of {int(g.sum())} fake points; "
        f"your D there is {d[cell]:.6f}"
    )
