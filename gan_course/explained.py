"""From an exception to a message for the person at the command line."""

from __future__ import annotations

import errno
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import typer

SMALLER = "try a smaller --batch, --width or --size, in this order"
# How torch says it on the CPU, on MPS and, in older versions, on CUDA
NO_MEMORY = ("out of memory", "can't allocate memory", "not enough memory")


def message(error: BaseException) -> str | None:
    """What to tell; None for an error that nobody foresaw, whose traceback is wanted."""
    text = str(error)
    if isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError) and any(sign in text.lower() for sign in NO_MEMORY)
    ):
        first = f" ({text.splitlines()[0]})" if text else ""
        return f"out of memory{first}: {SMALLER}"
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        where = f" at {error.filename}" if error.filename else ""
        return f"the disk is full{where}. What was complete before is intact: free some space and go on from there"
    if isinstance(error, ValueError | OSError | FloatingPointError):
        return text
    return None


@contextmanager
def explained() -> Iterator[None]:
    """Warnings and foreseen errors appear as one line on stderr; after an error the exit code is 1.

    Raises:
        typer.Exit: in place of a foreseen error.
    """
    with warnings.catch_warnings():
        warnings.showwarning = lambda text, *_, **__: print(f"warning: {text}", file=sys.stderr)
        warnings.simplefilter("always", UserWarning)
        try:
            yield
        except Exception as error:
            text = message(error)
            if text is None:
                raise
            print(text, file=sys.stderr)
            raise typer.Exit(1) from None
