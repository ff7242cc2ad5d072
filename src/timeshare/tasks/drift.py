"""A finite-state machine whose rule is another one at each step."""

from typing import ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field

from timeshare.streams import stream
from timeshare.tasks.base import Sequences, Split, Targets, Task


class Drift(Task):
    """Track the state of a machine whose transition tables change with the step.

    At step t the symbol x sends state q to `tables[t, x, q]`; each `tables[t, x]` is a random
    permutation of the states, drawn anew for each step from the task's own seed, so the rule is
    one fixed function of the step and every sequence obeys it. The target is the state after
    each step. A perfect solver carries log2(states) bits and knows every step's tables; nothing
    learned at one step helps at another, which is what unshared weights are made for.
    Chance: the share of the commonest state, near 1/states.

    Source: permutation automata as a state-tracking task, Liu et al. (2023), "Transformers
    learn shortcuts to automata"; the drift is ours, after the changing rules of Oh et al.
    (2019), "Relaxed parameter sharing".
    """

    targets: ClassVar[Targets] = Targets.DENSE

    states: int = Field(default=4, ge=2, le=64, description="states of the machine")
    symbols: int = Field(default=2, ge=2, le=64, description="input symbols")
    rule_seed: int = Field(default=0, ge=0, description="seed of the transition tables")

    @property
    def inputs(self) -> int:
        """One feature a symbol."""
        return self.symbols

    @property
    def outputs(self) -> int:
        """One class a state."""
        return self.states

    def tables(self, length: int) -> NDArray[np.int64]:
        """Transition tables `[T, symbols, states]`; a longer rule begins with the shorter one."""
        ordered = np.tile(np.arange(self.states), (self.symbols, 1))
        steps = [
            stream("drift", self.rule_seed, self.states, self.symbols, step).permuted(
                ordered, axis=1
            )
            for step in range(length)
        ]
        return np.stack(steps)

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Independent uniform symbols and the states they lead to, from state 0."""
        symbols = rng.integers(0, self.symbols, (count, length))
        state = np.zeros(count, dtype=np.int64)
        states = np.empty((count, length), dtype=np.int64)
        for step, table in enumerate(self.tables(length)):
            state = table[symbols[:, step], state]
            states[:, step] = state
        return Sequences(inputs=symbols, targets=states)
