"""Exercises: `check` tells at once whether an answer is right, and if not, which mistake it looks like.

Each notebook has a file of checks here (`nb02.py`) and a file of solutions in `solutions/` (`nb02.py`), one
function per exercise, both under the exercise's name. A stub in a notebook runs and returns None, which counts
as "to do", so a notebook runs from top to bottom whether or not you do its exercises.
"""

from gan_course.exercises.checking import Attempt, Wrong, check, exercises_of, reference, solution

__all__ = ["Attempt", "Wrong", "check", "exercises_of", "reference", "solution"]
