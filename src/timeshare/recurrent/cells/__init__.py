"""Cells, one file each; no cell depends on whether its weights are shared."""
