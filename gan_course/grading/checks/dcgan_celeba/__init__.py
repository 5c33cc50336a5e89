"""Checks of the assignment dcgan_celeba, one file per task."""
