"""Data sets with known factors, and the real ones they stand for: `load(name)` gives any of them.

What each set holds, in which units, under which licence: see README.md in this folder.
"""

from gan_course.data.registry import EMBEDDED, NAMES, load
from gan_course.data.resident import Resident

__all__ = ["EMBEDDED", "NAMES", "Resident", "load"]
