"""The engine against its peers: `python -m benchmarks.engine --output results/bench/engine.csv`.

One process bound to one core; contenders alternate round by round. One update is forward, backward
and a fused Adam step; a contender's seconds are the median, a ratio is that of the rounds' ratios.
Peers in PyTorch are shown twice, as users get them and with subnormal numbers flushed to zero.
"""

import argparse
import importlib.util
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import pandas as pd

from benchmarks.contenders import (
    LARGE_PRODUCT_FLOPS,
    engine,
    flushed,
    large_product,
    lstm_cells,
    torch_lstm,
)
from benchmarks.one_core import use_one_core
from benchmarks.shapes import LONG, OTHERS, SHAPES, SHORT, Shape, Update
from benchmarks.tables import save
from benchmarks.targets import Times, against_peers, processor, shares
from benchmarks.timing import ROUNDS, alternate, ratio

Timer = Callable[[], float]
"""Seconds since any moment."""
COLUMNS = ["shape", "network", "contender", "seconds", "gflops"]


def contenders(shape: Shape) -> dict[tuple[str, str], Update]:
    """Every contender by network and name; JAX where it is installed."""
    lstm, cells = torch_lstm(shape), lstm_cells(shape)
    updates: dict[tuple[str, str], Update] = {
        ("shared", "engine"): flushed(engine(shape, "shared")),
        ("unshared", "engine"): flushed(engine(shape, "unshared")),
        ("shared", "nn.LSTM"): lstm,
        ("shared", "nn.LSTM flushed"): flushed(lstm),
        ("unshared", "LSTMCell"): cells,
        ("unshared", "LSTMCell flushed"): flushed(cells),
        ("shared", "matmul"): large_product(),
    }
    if importlib.util.find_spec("jax"):
        from benchmarks.jax_contender import jax_scan

        updates["shared", "jax"] = jax_scan(shape, "shared")
        updates["unshared", "jax"] = jax_scan(shape, "unshared")
    else:
        print("JAX is not compared: it comes with the extra `bench`", file=sys.stderr)
    return updates


def measure(shape: Shape, rounds: int, timer: Timer) -> Times:
    """All contenders at one shape, alternating."""
    updates = contenders(shape)
    names = {"/".join(key): key for key in updates}
    seconds = alternate({name: updates[key] for name, key in names.items()}, rounds, timer)
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


def long_over_short(rounds: int, timer: Timer) -> pd.DataFrame:
    """Time of a step at T = 512 over T = 64, of the engine and of `nn.LSTM`, unflushed and flushed.

    The gradient of the loss, which reads the last state alone, vanishes over the long sequence.
    """
    updates: dict[str, Update] = {}
    for shape in (SHORT, LONG):
        lstm = torch_lstm(shape)
        updates |= {
            f"shared: engine {shape}": flushed(engine(shape, "shared")),
            f"unshared: engine {shape}": flushed(engine(shape, "unshared")),
            f"shared: nn.LSTM {shape}": lstm,
            f"shared: nn.LSTM flushed {shape}": flushed(lstm),
        }
    times = alternate(updates, rounds, timer)
    table = []
    for name in updates:
        if name.endswith(f" {LONG}"):
            what = name.removesuffix(f" {LONG}")
            short = times[f"{what} {SHORT}"]
            over = ratio(times[name], short) * SHORT.length / LONG.length
            steps = [
                statistics.median(seconds) / length * 1e3
                for seconds, length in ((short, SHORT.length), (times[name], LONG.length))
            ]
            target = 1.1 if "engine" in what else None
            table.append((what, *steps, over, target, over <= 1.1 if target else None))
    columns = ["network", "ms a step at T = 64", "at T = 512", "ratio", "target", "met"]
    return pd.DataFrame(table, columns=columns)


def main() -> None:
    """Measure, print the ratios beside their targets, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("results/bench/engine.csv"))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument(
        "--cpu-time",
        action="store_true",
        help="measure the process's CPU time: on a machine that is busy with other work",
    )
    arguments = parser.parse_args()
    timer = time.process_time if arguments.cpu_time else time.perf_counter
    core = use_one_core()
    measured: dict[Shape, Times] = {}
    table = pd.DataFrame(columns=COLUMNS)
    for shape in (*SHAPES, *OTHERS):
        measured[shape] = measure(shape, arguments.rounds, timer)
        part = pd.DataFrame(rows(shape, measured[shape]), columns=COLUMNS)
        table = pd.concat([table, part]) if len(table) else part
        print(f"measured: {shape}", file=sys.stderr)
    save(table, arguments.output)
    name = processor()
    what = "CPU time" if arguments.cpu_time else "wall-clock time"
    print(f"Core {core} of {name} alone; {what}, medians of {arguments.rounds} rounds.")
    maker = "Intel" if "Intel" in name else "AMD"
    with pd.option_context("display.width", 200, "display.max_columns", None):
        print(table.round(4).to_string(index=False))
        for result in (
            shares(measured),
            against_peers(measured, maker),
            long_over_short(arguments.rounds, timer),
        ):
            print()
            print(result.round(3).to_string(index=False, na_rep=""))


if __name__ == "__main__":
    main()
