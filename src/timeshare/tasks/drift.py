"""A finite-state machine whose rule changes from step to step."""

from functools import cache
from itertools import count as counting

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field

from timeshare.storage.streams import stream
from timeshare.tasks._bounds import LARGEST_RULE
from timeshare.tasks._machines import mixes, states_after
from timeshare.tasks._names import numbers_and_letters
from timeshare.tasks.base import Sequences, Split, Targets, Task


class Drift(Task):
    """Track the state of a machine whose transition tables change with the step.

    At step t the symbol x sends state q to `tables[t, x, q]`. Each `tables[t, x]` is a random
    permutation of the states. The tables of a step are drawn until a machine that kept them could
    be in any state after enough random symbols. The target is the state after each step.

    From one step to the next, each table is drawn anew with probability `change`. 1 gives each step
    tables of its own, which is what unshared weights are made for. 0 gives a machine whose tables
    stay, which is what shared weights are made for. Between them lies the point where sharing stops
    paying.

    The tables, and the steps at which they change, come from the task's own seed. So the rule is
    one fixed function of the step, and every sequence obeys it. A larger `change` redraws all that
    a smaller one does.

    Remember: log2(states) bits of state, and every step's tables: where all of them are redrawn,
    nothing learned at one step helps at another.

    Chance: the share of the commonest state, near 1/states.

    Unseen length: fewer or more steps of the same machine. Above `change` 0, the tables of steps
    past T are in no training sequence, and no network can know them.

    Source: permutation automata as a state-tracking task, Liu et al. (2023), "Transformers
    learn shortcuts to automata"; the drift is ours, after the changing rules of Oh et al.
    (2019), "Relaxed parameter sharing".
    """

    targets = Targets.DENSE

    states: int = Field(default=4, ge=2, le=64, description="states of the machine")
    symbols: int = Field(default=2, ge=2, le=64, description="input symbols")
    rule_seed: int = Field(
        default=0, ge=0, le=LARGEST_RULE, description="seed of the transition tables"
    )
    change: float = Field(
        default=1.0,
        ge=0,
        le=1,
        description="probability that a table is redrawn at a step; 0 is a stationary machine",
        # Left out of the task's name where every table changes: such data keep their streams.
        exclude_if=lambda change: change == 1,
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
    def continues(self) -> bool:
        """True for a stationary machine, whose rule is the same at every step."""
        return self.change == 0

    @property
    def rule_change_rate(self) -> float:
        """It is the parameter `change`."""
        return self.change

    def share_changed(self, length: int) -> float:
        """The share of the tables at steps 1 to T-1 that are drawn anew."""
        redrawn = _redrawn(length, self.rule_seed, self.states, self.symbols, self.change)
        return float(redrawn[1:].mean()) if length > 1 else 0.0

    def tables(self, length: int) -> NDArray[np.int64]:
        """Transition tables `[T, symbols, states]`; a longer rule begins with the shorter one."""
        return _tables(length, self.rule_seed, self.states, self.symbols, self.change)

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Draw independent uniform symbols, and give the states they lead to from state 0."""
        symbols = rng.integers(0, self.symbols, (count, length))
        return Sequences(inputs=symbols, targets=states_after(self.tables(length), symbols))


@cache
def _tables(
    length: int, rule_seed: int, states: int, symbols: int, change: float
) -> NDArray[np.int64]:
    """Transition tables `[T, symbols, states]`, read-only."""
    ordered = np.tile(np.arange(states), (symbols, 1))
    redrawn = _redrawn(length, rule_seed, states, symbols, change)
    tables = np.empty((length, symbols, states), dtype=np.int64)
    for step in range(length):
        names = ("drift", rule_seed, states, symbols, step)
        drawn = (stream(*names, attempt).permuted(ordered, axis=1) for attempt in counting())
        fresh = next(table for table in drawn if mixes(table))
        tables[step] = np.where(redrawn[step, :, None], fresh, tables[step - 1])
    tables.flags.writeable = False
    return tables


def _redrawn(
    length: int, rule_seed: int, states: int, symbols: int, change: float
) -> NDArray[np.bool_]:
    """Which tables `[T, symbols]` are drawn anew: those whose number lies below `change`."""
    numbers = stream("drift-places", rule_seed, states, symbols).random((length, symbols))
    redrawn = numbers < change
    redrawn[0] = True
    return redrawn
