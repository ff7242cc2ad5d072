"""A finite-state machine with one rule for all steps."""

from functools import cache
from itertools import count as counting

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field

from timeshare.storage.streams import stream
from timeshare.tasks._bounds import LARGEST_RULE
from timeshare.tasks._machines import is_one_machine, states_after
from timeshare.tasks._memoryless import share_of_first_window
from timeshare.tasks._names import numbers_and_letters
from timeshare.tasks.base import Sequences, Split, Targets, Task


class Automaton(Task):
    """Track the state of a random permutation automaton; the target is the state after each step.

    Each symbol permutes the states by a table of its own, drawn from the task's own seed until
    no two symbols do the same and every state can be reached from every other. The tables are
    the same at every step.

    Remember: log2(states) bits, carried without error through every step. Nothing may be
    forgotten: a permutation loses no information.

    Chance: the share of the commonest state, near 1/states.

    Unseen length: fewer or more steps of the same machine.

    Source: Liu et al. (2023), "Transformers learn shortcuts to automata".
    """

    targets = Targets.DENSE

    states: int = Field(default=4, ge=3, le=64, description="states of the machine")
    symbols: int = Field(default=2, ge=2, le=5, description="input symbols")
    rule_seed: int = Field(
        default=0, ge=0, le=LARGEST_RULE, description="seed of the transition tables"
    )

    @property
    def input_size(self) -> int:
        """One feature for each symbol."""
        return self.symbols

    @property
    def output_size(self) -> int:
        """One class for each state."""
        return self.states

    @property
    def input_names(self) -> tuple[str, ...]:
        """Symbols are called by letters, since states are numbers."""
        return numbers_and_letters(0, self.symbols)

    @property
    def table(self) -> NDArray[np.int64]:
        """The next state of each symbol and state, `[symbols, states]`."""
        return _table(self.rule_seed, self.states, self.symbols)

    def memoryless_score(self, length: int, window: int) -> float:
        """Every later state depends on the one at the border of the windows."""
        return share_of_first_window(length, window)

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Draw independent uniform symbols, and give the states they lead to from state 0."""
        symbols = rng.integers(0, self.symbols, (count, length))
        tables = np.broadcast_to(self.table, (length, self.symbols, self.states))
        return Sequences(inputs=symbols, targets=states_after(tables, symbols))


@cache
def _table(rule_seed: int, states: int, symbols: int) -> NDArray[np.int64]:
    """The next state of each symbol and state, `[symbols, states]`, read-only."""
    ordered = np.tile(np.arange(states), (symbols, 1))
    names = ("automaton", rule_seed, states, symbols)
    drawn = (stream(*names, attempt).permuted(ordered, axis=1) for attempt in counting())
    table = next(table for table in drawn if is_one_machine(table))
    table.flags.writeable = False
    return table
