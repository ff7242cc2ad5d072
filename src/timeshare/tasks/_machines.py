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
    """Whether symbols differ and the machine mixes.

    Arguments:
        tables: next states `[symbols, states]`, permutations.
    """
    return len(np.unique(tables, axis=0)) == len(tables) and mixes(tables)


def mixes(tables: NDArray[np.int64]) -> bool:
    """Whether after enough random symbols every state is possible, wherever the machine began.

    It is more than that each state can be reached from each other one: a machine whose halves
    alternate tells the half from the number of the step alone. By Wielandt's bound, a chain of
    s states mixes when any two are joined by a path of (s - 1)^2 + 1 steps.
    """
    states = tables.shape[1]
    joined = np.zeros((states, states))
    for table in tables:
        joined[np.arange(states), table] = 1.0
    for _ in range(((states - 1) ** 2).bit_length()):
        joined = (joined @ joined > 0).astype(float)
    return bool((joined > 0).all())
