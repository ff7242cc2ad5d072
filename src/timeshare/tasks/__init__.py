"""The tasks: rules that generate labelled sequences, real data sets, and how they are scored."""

SUPPORT = ("metrics",)
"""Modules of this package that define no task."""
