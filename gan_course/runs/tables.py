"""Tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int | None = None) -> list[str]:
    """Lines of a table, columns as wide as they must be.

    The first column and column number `left` are words, on the left; the others are numbers, on the right.
    """
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        aligned = (
            cell.ljust(width) if column in (0, left) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "  ".join(aligned).rstrip()

    return [line(head), "  ".join("-" * width for width in widths), *map(line, rows)]


def number(value: float | None) -> str:
    """A number in four significant digits; nothing for None."""
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"
