"""Claims: every statement of the course that can be wrong, next to the number that would show it.

`claim("D* is the optimum", gap, at_most=1e-10)` records a statement, judges it, and shows the verdict.

- *analytic*: an identity, a shape, a gradient. The bound is tight and needs no control.
- *live*: treatment and control were both trained in this run. The control is mandatory, and it must fail the
  bound: a bound that the control meets proves nothing.
- *checkpoint*: measured in this run on a network that ships with the course, trained once by us (see its card in
  `gan_course/checkpoints`); needs its control too. It says nothing about other seeds of the training.
- *recorded*: comes from a study too long for a notebook (see `gan_course.records`); needs its control too.

What a false claim does depends on who runs the notebook (environment variable GAN_COURSE_PROFILE):
`smoke` does not judge, `cpu` and `gpu` stop the run, and in JupyterLab, where a reader may have changed a
parameter, the verdict is shown and the notebook goes on.
"""

from __future__ import annotations

import html
import math
import os
from dataclasses import asdict, dataclass
from typing import Any

MIME = "application/vnd.gan-course.claim+json"
KINDS = ("analytic", "live", "checkpoint", "recorded")


class ClaimError(AssertionError):
    """A claim of the text turned out false in a run that judges claims."""


@dataclass(frozen=True)
class Claim:
    """One statement with its evidence. `low` and `high` bound the value; None means no bound on that side."""

    text: str
    value: float | None
    low: float | None
    high: float | None
    kind: str
    control: float | None
    source: str
    holds: bool | None
    why: str

    @property
    def bound(self) -> str:
        """The bound as a reader writes it."""
        if self.low is not None and self.high is not None:
            return f"between {number(self.low)} and {number(self.high)}"
        if self.low is not None:
            return f"at least {number(self.low)}"
        return f"at most {number(self.high)}"


def number(value: float | None) -> str:
    """A number for reading: four significant digits, or a dash when there is none."""
    return "–" if value is None else f"{value:.4g}"


def within(value: float, low: float | None, high: float | None) -> bool:
    """Whether a finite value meets the bounds."""
    return math.isfinite(value) and (low is None or value >= low) and (high is None or value <= high)


def claim(
    text: str,
    value: float | None,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    kind: str = "analytic",
    control: float | None = None,
    source: str = "",
    needs: bool = True,
) -> Claim:
    """State, judge and show one claim.

    text: the statement, readable on its own. value: what this run computed. at_least, at_most: the bound, one of
    them or both. control: the same number for the control, which must *not* meet the bound. source: the published
    figure with paper and place, or what the bound follows from. needs: False when this data set lacks what the
    measurement needs (known factors); the claim is then reported as not measurable.

    Raises:
        ValueError: unknown kind, no bound, or a claim that is not analytic without a control.
        ClaimError: the claim is false and this run judges claims.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of claim {kind!r}; known: {', '.join(KINDS)}")
    if at_least is None and at_most is None:
        raise ValueError(f"the claim {text!r} needs a bound: at_least=, at_most= or both")
    if kind != "analytic" and control is None and needs:
        raise ValueError(f"the {kind} claim {text!r} needs control=, the same number without the treatment")
    value = None if value is None or not needs else float(value)
    control = None if control is None else float(control)
    holds, why = judge(value, at_least, at_most, control)
    stated = Claim(text, value, at_least, at_most, kind, control, source, holds, why)
    show(stated)
    if holds is False and os.environ.get("GAN_COURSE_PROFILE") in ("cpu", "gpu"):
        raise ClaimError(f"{text}: {why}")
    return stated


def judge(
    value: float | None, low: float | None, high: float | None, control: float | None
) -> tuple[bool | None, str]:
    """The verdict (True, False, or None for not judged) and the reason in words."""
    if value is None:
        return None, "not measurable on this data set"
    if os.environ.get("GAN_COURSE_PROFILE") == "smoke":
        return None, "not judged in a smoke run"
    if not within(value, low, high):
        return False, f"measured {number(value)}, outside the bound"
    if control is not None and within(control, low, high):
        return (
            False,
            f"the control reaches {number(control)} and meets the bound too, so the bound proves nothing",
        )
    return True, "holds"


def show(stated: Claim) -> None:
    """Show the verdict: a line of text in a script; in a notebook a box that also carries the data."""
    mark = {True: "✓", False: "✗", None: "○"}[stated.holds]
    parts = [f"measured {number(stated.value)}", stated.bound]
    parts += [f"control {number(stated.control)}"] if stated.control is not None else []
    parts += [stated.source] if stated.source else []
    line = f"{mark} {stated.text} — {'; '.join(parts)} [{stated.kind}; {stated.why}]"
    try:
        from IPython import get_ipython
    except ImportError:
        get_ipython = None
    if get_ipython is None or get_ipython() is None:
        print(line)
        return
    from IPython.display import display

    colour = {True: "#0b6e4f", False: "#b00020", None: "#555555"}[stated.holds]
    box = (
        f'<div style="border-left:4px solid {colour};padding:2px 10px;margin:4px 0">'
        f"<b>{mark} {html.escape(stated.text)}</b><br>{html.escape('; '.join(parts))} "
        f"<i>({stated.kind}; {html.escape(stated.why)})</i></div>"
    )
    display({"text/plain": line, "text/html": box, MIME: asdict(stated)}, raw=True)


def claims_in(notebook: Any) -> list[Claim]:
    """All claims in the outputs of an executed notebook, in order."""
    return [
        Claim(**output["data"][MIME])
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    ]
