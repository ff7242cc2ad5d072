"""Time contenders in alternation, so that drift of the machine hits all alike."""

import random
import statistics
import time
from collections.abc import Callable, Mapping

from benchmarks.shapes import Update

ROUNDS = 9


def alternate(
    updates: Mapping[str, Update],
    rounds: int = ROUNDS,
    timer: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """Seconds of each update, one list entry a round, in wall-clock time or by another timer.

    A round gives every contender one turn, in a new order, so that nobody always runs behind the
    same neighbour. A turn is two updates of which the second counts: training runs update after
    update, and the first one pays for what the neighbour left in the caches.
    """
    order, shuffle = list(updates), random.Random(0).shuffle  # noqa: S311
    for update in updates.values():
        update()
    seconds: dict[str, list[float]] = {name: [] for name in updates}
    for _ in range(rounds):
        shuffle(order)
        for name in order:
            updates[name]()
            start = timer()
            updates[name]()
            seconds[name].append(timer() - start)
    return seconds


def ratio(slow: list[float], fast: list[float]) -> float:
    """The median over rounds of how many times longer the first one takes."""
    return statistics.median(a / b for a, b in zip(slow, fast, strict=True))
