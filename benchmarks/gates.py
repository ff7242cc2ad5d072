"""GRU and RNN against the LSTM, per gate: `python -m benchmarks.gates --output ...gates.csv`.

The target is at most 1.3 times the LSTM's time per gate, shared and unshared.
"""

import argparse
import os
import statistics
from pathlib import Path

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import pandas as pd

from benchmarks.contenders import engine
from benchmarks.one_core import use_one_core
from benchmarks.shapes import SHAPES
from benchmarks.tables import save
from benchmarks.timing import ROUNDS, alternate, ratio

GATES = {"rnn": 1, "gru": 3, "lstm": 4}


def measure(rounds: int) -> pd.DataFrame:
    """One row per shape, network and cell: seconds of an update, and per gate beside the LSTM's."""
    table = []
    for shape in SHAPES:
        for network in ("shared", "unshared"):
            times = alternate({cell: engine(shape, network, cell) for cell in GATES}, rounds)
            for cell, seconds in times.items():
                per_gate = ratio(seconds, times["lstm"]) * GATES["lstm"] / GATES[cell]
                median = statistics.median(seconds)
                table.append((str(shape), network, cell, median, per_gate))
    columns = ["shape", "network", "cell", "seconds", "per_gate_against_lstm"]
    return pd.DataFrame(table, columns=columns)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("results/bench/gates.csv"))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    use_one_core()
    table = measure(arguments.rounds)
    save(table, arguments.output)
    print(table.round(4).to_string(index=False))
    means = table.groupby(["network", "cell"])["per_gate_against_lstm"].agg(
        lambda values: statistics.geometric_mean(values)
    )
    print(means.round(2).to_string())


if __name__ == "__main__":
    main()
