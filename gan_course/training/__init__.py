"""The one training loop of the course: `fit` plays any `Game` on resident data."""

from gan_course.training.game import Batch, Game, Player
from gan_course.training.loop import Run, fit, move
from gan_course.training.seeding import seeded
from gan_course.training.settings import Settings

__all__ = ["Batch", "Game", "Player", "Run", "Settings", "fit", "move", "seeded"]
