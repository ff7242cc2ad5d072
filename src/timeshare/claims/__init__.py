"""The claims: one argument of the question in each file, and the rules that judge them."""

SUPPORT = ("deciding", "judging", "measuring", "outcomes", "rate_map", "sentences")
"""Modules of this package that define no claim."""
