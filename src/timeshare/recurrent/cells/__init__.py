"""Cells, one file each; a cell never knows whether its weights are shared."""
