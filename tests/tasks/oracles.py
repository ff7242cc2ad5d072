"""Exact solvers, written apart from the tasks: they read inputs only and know the rule.

A solver gives a class or a value for each step of a dense task, one for a final task. Where it
cannot know, it may say anything, because nothing should be asked there.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from timeshare.tasks.adding import Adding
from timeshare.tasks.automaton import Automaton
from timeshare.tasks.base import Task
from timeshare.tasks.copy import Copy
from timeshare.tasks.drift import Drift
from timeshare.tasks.keyword import Keyword
from timeshare.tasks.latch import Latch
from timeshare.tasks.modular import Modular
from timeshare.tasks.parity import Parity
from timeshare.tasks.recall import Recall
from timeshare.tasks.shift import Shift
from timeshare.tasks.snow import Snow
from timeshare.tasks.store import Store

DAYS = {
    "monday lunes": 0,
    "tuesday martes": 1,
    "wednesday miércoles": 2,
    "thursday jueves": 3,
    "friday viernes": 4,
    "saturday sábado": 5,
    "sunday domingo": 6,
}
WEATHERS = {
    "snowing nevando": 0,
    "raining lloviendo": 1,
    "hailing granizando": 2,
    "thundering tronando": 3,
}


def solve(task: Task, inputs: np.ndarray) -> np.ndarray:
    """What the task's oracle says of `[N, T]` symbols or `[N, T, D]` features."""
    oracle = ORACLES[type(task)]
    return np.array([oracle(task, sequence.tolist()) for sequence in inputs])


def parity(task: Task, bits: list[int]) -> list[int]:
    return ["".join(map(str, bits[: step + 1])).count("1") & 1 for step in range(len(bits))]


def modular(task: Modular, symbols: list[int]) -> list[int]:
    digits = [int(task.input_names[symbol]) for symbol in symbols]
    return [sum(digits[: step + 1]) % task.modulus for step in range(len(digits))]


def automaton(task: Automaton, symbols: list[int]) -> list[int]:
    moves = {(x, q): int(task.table[x, q]) for x in range(task.symbols) for q in range(task.states)}
    state, said = 0, []
    for symbol in symbols:
        state = moves[symbol, state]
        said.append(state)
    return said


def drift(task: Drift, symbols: list[int]) -> list[int]:
    tables = task.tables(len(symbols)).tolist()
    state, said = 0, []
    for step, symbol in enumerate(symbols):
        state = tables[step][symbol][state]
        said.append(state)
    return said


def latch(task: Latch, symbols: list[int]) -> list[int]:
    register, said = -1, []
    for symbol in symbols:
        if symbol >= task.values:
            register = symbol - task.values
        said.append(register)
    return said


def store(task: Store, symbols: list[int]) -> list[int]:
    kept, said = [0], []
    for symbol in symbols:
        name = task.input_names[symbol]
        if name.isdigit():
            kept.append(int(name))
        said.append(kept[-1])
    return said


def recall(task: Recall, symbols: list[int]) -> int:
    return symbols[0]


def keyword(task: Keyword, symbols: list[int]) -> int:
    words = [task.input_names[symbol] for symbol in symbols]
    (found,) = (word for word in words if word.isdigit())
    return int(found)


def adding(task: Adding, steps: list[list[float]]) -> float:
    return sum(number for number, marker in steps if marker == 1)


def copy(task: Copy, symbols: list[int]) -> list[int]:
    """Read until a blank, then repeat what was read since the last marker."""
    phrase: list[int] = []
    waiting: list[int] = []
    said = []
    for symbol in symbols:
        if symbol == 0:
            waiting = waiting or list(phrase)
            said.append(waiting.pop(0) if waiting else 0)
        else:
            phrase = [symbol] if symbol == 1 else [*phrase, symbol]
            waiting = []
            said.append(0)
    return said


def snow(task: Snow, symbols: list[int]) -> int:
    words = {task.input_names[symbol] for symbol in symbols}
    day = next(code for names, code in DAYS.items() if words & set(names.split()))
    weather = next(code for names, code in WEATHERS.items() if words & set(names.split()))
    return {"both": 4 * day + weather, "day": day, "weather": weather}[task.asks]


def shift(task: Shift, steps: list[list[float]]) -> list[float]:
    lags, channels = (weights.tolist() for weights in task.weights(len(steps)))
    said = [0.0] * len(steps)
    for t in range(task.window, len(steps)):
        for lag in range(task.window):
            past = steps[t - task.window + lag]
            weighted = (x * w for x, w in zip(past, channels[t], strict=True))
            said[t] += lags[t][lag] * sum(weighted)
    return said


ORACLES: dict[type[Task], Callable[[Any, list[Any]], Any]] = {
    Parity: parity,
    Modular: modular,
    Automaton: automaton,
    Drift: drift,
    Latch: latch,
    Store: store,
    Recall: recall,
    Keyword: keyword,
    Adding: adding,
    Copy: copy,
    Snow: snow,
    Shift: shift,
}
