"""Small tables of sequences, as a user might have them."""

from pathlib import Path

import numpy as np
import pandas as pd

WALKS = {"sequence": "walk_id", "target": "direction"}
"""Parameters of the task `csv` that read the table of `walks`."""
DENSE = {"asked": "dense"}
"""Those that read the tables of `signs` and of `dense_waves`, the name of the target aside."""
LEVELS = {
    **DENSE,
    "sequence": "series",
    "step": "time",
    "target": "level",
    "answer": "value",
    "pad": True,
}
"""Those that read the table of `levels`."""


def walks(path: Path, count: int = 60, steps: int = 8) -> Path:
    """One row a step: walks to the left, to the right, or neither, a class for each."""
    rng = np.random.default_rng(1)
    kinds = {"left": -1.0, "right": 1.0, "still": 0.0}
    rows = []
    for number in range(count):
        kind = list(kinds)[number % 3]
        x, y = np.cumsum(rng.normal(0, 0.5, (2, steps)), axis=1)
        x += kinds[kind] * np.arange(steps)
        rows += [(f"walk {number:03d}", step, x[step], y[step], kind) for step in range(steps)]
    columns = ["walk_id", "step", "x", "y", "direction"]
    pd.DataFrame(rows, columns=columns).to_csv(path, index=False)
    return path


def waves(path: Path, count: int = 80, steps: int = 10) -> Path:
    """One row a sequence: waves, each with its frequency."""
    rng = np.random.default_rng(2)
    frequency = rng.uniform(0.1, 1, count)
    phase = rng.uniform(0, 6, count)
    values = np.sin(frequency[:, None] * np.arange(steps) + phase[:, None])
    table = pd.DataFrame(values, columns=[f"v_{step}" for step in range(steps)])
    table.assign(frequency=100 + 10 * frequency).to_csv(path, index=False)
    return path


def levels(path: Path, count: int = 60) -> Path:
    """One row a step: sums of what came in, at two steps of three; 5 to 8 steps."""
    rng = np.random.default_rng(3)
    rows = []
    for number in range(count):
        inflow = rng.normal(0, 1, rng.integers(5, 9))
        level = np.cumsum(inflow)
        rows += [
            (number, step, inflow[step], level[step] if step % 3 else np.nan)
            for step in range(len(inflow))
        ]
    columns = ["series", "time", "inflow", "level"]
    pd.DataFrame(rows, columns=columns).to_csv(path, index=False)
    return path


def signs(path: Path, count: int = 60, steps: int = 7) -> Path:
    """Arrays: whether the sum so far is above zero, at each step."""
    inputs = np.random.default_rng(4).normal(0, 1, (count, steps, 2))
    np.savez(path, X=inputs, y=(inputs[:, :, 0].cumsum(axis=1) > 0).astype(np.int64))
    return path


def dense_waves(path: Path, count: int = 60, steps: int = 6) -> Path:
    """One row a sequence with two features, and a class at each step in columns of its own."""
    rng = np.random.default_rng(5)
    first, second = rng.normal(0, 1, (2, count, steps))
    table = {f"a_{step}": first[:, step] for step in range(steps)}
    table |= {f"b_{step}": second[:, step] for step in range(steps)}
    table |= {
        f"label_{step}": np.where(first[:, step] > second[:, step], "over", "under")
        for step in range(steps)
    }
    pd.DataFrame(table).to_csv(path, index=False)
    return path
