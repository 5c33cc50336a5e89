"""The package behind the GAN course: theory, losses, known-factor data, one training loop, measurements.

Importing it loads nothing heavy; import the part you need, for example ``from gan_course import theory``.
"""

__version__ = "0.1.0"
