"""Figures of the course: one style, colours that survive colour blindness and grey, alt text on every figure."""

from gan_course.plotting.frames import frames
from gan_course.plotting.images import image_grid, image_rows
from gan_course.plotting.style import COLOURS, figure, show

__all__ = ["COLOURS", "figure", "frames", "image_grid", "image_rows", "show"]
