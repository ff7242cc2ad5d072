"""Bounds on parameters that several tasks have."""

LARGEST_RULE = 2**53
"""The largest seed of a rule: what a column of numbers holds exactly."""
