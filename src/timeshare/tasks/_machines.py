"""Finite-state machines whose symbols permute the states."""

import numpy as np
from numpy.typing import NDArray


def states_after(tables: NDArray[np.int64], symbols: NDArray[np.int64]) -> NDArray[np.int64]:
    """The state after each step, from state 0.

    Arguments:
        tables: next states `[T, symbols, states]`.
        symbols: `[N, T]`.

    Returns:
        states `[N, T]`.
    """
    state = np.zeros(len(symbols), dtype=np.int64)
    states = np.empty(symbols.shape, dtype=np.int64)
    for step, table in enumerate(tables):
        state = table[symbols[:, step], state]
        states[:, step] = state
    return states


def is_one_machine(tables: NDArray[np.int64]) -> bool:
    """Whether symbols differ and any state can be reached from any other.

    Arguments:
        tables: next states `[symbols, states]`, permutations.
    """
    if len(np.unique(tables, axis=0)) < len(tables):
        return False
    reached = {0}
    while not (found := {int(q) for table in tables for q in table[list(reached)]}) <= reached:
        reached |= found
    return len(reached) == int(tables.shape[1])
