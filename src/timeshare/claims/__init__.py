"""The claims: one argument of the question in each file, and the rules that judge them."""

SUPPORT = ("judging", "outcomes")
"""Modules of this package that define no claim."""
