"""The engine against its peers: `python -m benchmarks.engine --output results/bench/engine.csv`.

One process, one thread; contenders alternate round by round. One update is forward, backward and a
fused Adam step; a contender's seconds are the median, a ratio is the median of the rounds' ratios.
"""

import argparse
import importlib.util
import os
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import pandas as pd
import torch

from benchmarks.contenders import LARGE_PRODUCT_FLOPS, engine, large_product, lstm_cells, torch_lstm
from benchmarks.shapes import LARGE, SHAPES, Shape, Update
from benchmarks.tables import save
from benchmarks.timing import ROUNDS, alternate, ratio

COLUMNS = ["shape", "network", "contender", "seconds", "gflops"]
Times = dict[tuple[str, str], list[float]]
"""Seconds by network and contender, round by round."""


def contenders(shape: Shape) -> dict[tuple[str, str], Update]:
    """Every contender by network and name; JAX where it is installed."""
    updates: dict[tuple[str, str], Update] = {
        ("shared", "engine"): engine(shape, "shared"),
        ("unshared", "engine"): engine(shape, "unshared"),
        ("shared", "nn.LSTM"): torch_lstm(shape),
        ("unshared", "LSTMCell"): lstm_cells(shape),
        ("shared", "matmul"): large_product(),
    }
    if importlib.util.find_spec("jax"):
        from benchmarks.jax_contender import jax_scan

        updates["shared", "jax"] = jax_scan(shape, "shared")
        updates["unshared", "jax"] = jax_scan(shape, "unshared")
    return updates


def measure(shape: Shape, rounds: int) -> Times:
    """All contenders at one shape, alternating."""
    updates = contenders(shape)
    names = {"/".join(key): key for key in updates}
    seconds = alternate({name: updates[key] for name, key in names.items()}, rounds)
    return {names[name]: times for name, times in seconds.items()}


def rows(shape: Shape, times: Times) -> list[tuple[str, str, str, float, float]]:
    """The table's rows of one shape."""
    product = LARGE_PRODUCT_FLOPS
    return [
        (str(shape), network, contender, median, flops / median / 1e9)
        for (network, contender), seconds in times.items()
        for median in [statistics.median(seconds)]
        for flops in [product if contender == "matmul" else shape.flops]
    ]


def verdicts(measured: dict[Shape, Times]) -> pd.DataFrame:
    """Each target with what was measured, per shape and as a geometric mean."""

    def over(network: str, slow: str, against: str = "") -> Callable[[Times], float]:
        return lambda times: ratio(times[network, slow], times[against or network, "engine"])

    questions = [
        ("shared: nn.LSTM / engine", ">=", 1.5, over("shared", "nn.LSTM")),
        ("unshared: LSTMCell / engine", ">=", 6.0, over("unshared", "LSTMCell")),
        ("shared: jax / engine", ">=", 2.0, over("shared", "jax")),
        ("unshared: jax / engine", ">=", 2.0, over("unshared", "jax")),
        ("engine: unshared / shared", "<=", 1.25, over("unshared", "engine", "shared")),
    ]
    table = []
    for name, sign, target, question in questions:
        try:
            each = {str(shape): question(times) for shape, times in measured.items()}
        except KeyError:
            print(f"not measured (is the extra `bench` installed?): {name}", file=sys.stderr)
            continue
        mean = statistics.geometric_mean(each.values())
        met = mean >= target if sign == ">=" else mean <= target
        table.append(
            {"ratio": name, **each, "mean": mean, "target": f"{sign} {target}", "met": met}
        )
    if LARGE in measured:
        for network in ("shared", "unshared"):
            product = LARGE_PRODUCT_FLOPS
            times = measured[LARGE]
            share = ratio(times["shared", "matmul"], times[network, "engine"])
            share *= LARGE.flops / product
            table.append(
                {
                    "ratio": f"{network}: rate of engine / of one large product",
                    str(LARGE): share,
                    "target": ">= 0.5",
                    "met": share >= 0.5,
                }
            )
    return pd.DataFrame(table)


def main() -> None:
    """Measure, print the ratios beside their targets, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("results/bench/engine.csv"))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    measured: dict[Shape, Times] = {}
    table = pd.DataFrame(columns=COLUMNS)
    for shape in SHAPES:
        measured[shape] = measure(shape, arguments.rounds)
        part = pd.DataFrame(rows(shape, measured[shape]), columns=COLUMNS)
        table = pd.concat([table, part]) if len(table) else part
    save(table, arguments.output)
    with pd.option_context("display.width", 160, "display.max_columns", None):
        print(table.round(4).to_string(index=False))
        print()
        print(verdicts(measured).round(2).to_string(index=False, na_rep=""))


if __name__ == "__main__":
    main()
