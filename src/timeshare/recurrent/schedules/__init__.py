"""Schedules of weights, one file each; no schedule depends on the cell."""
