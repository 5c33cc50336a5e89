"""Answers by someone who had only read the exercises of notebook 04."""

WRONG: dict = {}
RIGHT: dict = {}
