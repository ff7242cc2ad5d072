"""Time contenders in alternation, so that drift of the machine hits all alike."""

import statistics
import time
from collections.abc import Mapping

from benchmarks.shapes import Update

ROUNDS = 9


def alternate(updates: Mapping[str, Update], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Seconds of each update, one list entry a round, after two rounds to warm up.

    A round runs every contender once; rounds are what the ratios are taken over.
    """
    for _ in range(2):
        for update in updates.values():
            update()
    seconds: dict[str, list[float]] = {name: [] for name in updates}
    for _ in range(rounds):
        for name, update in updates.items():
            start = time.perf_counter()
            update()
            seconds[name].append(time.perf_counter() - start)
    return seconds


def ratio(slow: list[float], fast: list[float]) -> float:
    """The median over rounds of how many times longer the first one takes."""
    return statistics.median(a / b for a, b in zip(slow, fast, strict=True))
