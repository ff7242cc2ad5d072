"""The memory layout of the compiled kernels. Imports no torch."""

SAVED = {"rnn": 1, "gru": 4, "lstm": 4}
"""The cells of `cells.h`, in its order, and how many blocks of H rows each saves of a step."""
VECTOR = 16
"""Batch columns are padded to a multiple of this, the numbers in the widest register."""
