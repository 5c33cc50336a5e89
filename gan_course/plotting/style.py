"""The style of all figures (set for the whole session on import), and how they are shown."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
from IPython.display import display
from matplotlib.figure import Figure

# Okabe and Ito's palette: told apart with every common kind of colour blindness; lines also differ in dash.
COLOURS = {
    "blue": "#0072B2",
    "orange": "#E69F00",
    "green": "#009E73",
    "red": "#D55E00",
    "purple": "#CC79A7",
    "sky": "#56B4E9",
    "yellow": "#F0E442",
    "black": "#000000",
}
STYLE = {
    "figure.dpi": 110,
    "font.size": 12,
    "axes.titlesize": 13,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.25,
    "lines.linewidth": 2,
    "legend.frameon": False,
    "axes.prop_cycle": plt.cycler(
        color=[COLOURS[name] for name in ("blue", "red", "green", "orange", "purple", "sky")],
        linestyle=["-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1))],
    ),
}


plt.rcParams.update(STYLE)


def figure(
    rows: int = 1, columns: int = 1, *, width: float = 5.0, height: float = 3.4, **options: Any
) -> tuple:
    """`plt.subplots` for panels of the given width and height, in inches."""
    return plt.subplots(
        rows, columns, figsize=(columns * width, rows * height), layout="constrained", **options
    )


def show(fig: Figure, alt: str) -> None:
    """Display a figure with its alternative text (what it shows, for those who cannot see it), then close it.

    Raises:
        ValueError: the alternative text is empty.
    """
    require_alt(alt)
    display(fig, metadata={"image/png": {"alt": alt}})
    plt.close(fig)


def require_alt(alt: str) -> None:
    """Refuse an empty alternative text.

    Raises:
        ValueError: it is empty.
    """
    if not alt.strip():
        raise ValueError("every figure needs alt=: one sentence that tells what it shows")
