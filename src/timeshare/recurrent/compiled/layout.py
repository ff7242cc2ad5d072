"""How the compiled kernels lay out memory; of use to those who count it. Imports no torch."""

KEPT = {"rnn": 1, "gru": 4, "lstm": 4}
"""The cells of `cells.h`, in its order, and how many blocks of H rows a step keeps there."""
VECTOR = 16
"""Batch columns are padded to this many numbers, the longest register there is."""
