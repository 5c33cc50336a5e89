"""Trainings from the command line, kept in folders: `open_run(folder)` brings one back."""

from gan_course.runs.folder import SavedRun, open_run

__all__ = ["SavedRun", "open_run"]
