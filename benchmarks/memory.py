"""Peak memory of an update against T at fixed K: `python -m benchmarks.memory --output ...csv`.

Each measurement is a process of its own. What one update adds is the peak resident memory above
that of the process with network, optimiser and inputs in place; inputs, weights, gradients and
moments are so left aside. The target: at K = 32, T = 1024 takes at most 1.2 times what T = 64 does.
"""

import argparse
import ctypes
import os
import subprocess
import sys
from pathlib import Path

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import pandas as pd
import torch

from benchmarks.tables import save
from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.network import Network, detached
from timeshare.recurrent.optimiser import MemberAdamW
from timeshare.recurrent.schedules.shared import Shared
from timeshare.recurrent.schedules.unshared import Unshared

MEMBERS, BATCH, INPUTS, HIDDEN, TRUNCATION = 8, 64, 8, 32, 32
LENGTHS = (64, 256, 1024)


def resident(field: str) -> int:
    """Bytes of resident memory: `VmRSS` now, `VmHWM` at its highest."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"/proc/self/status has no {field}: this benchmark needs Linux")


def update(network: Network, optimiser: MemberAdamW, inputs: torch.Tensor, K: int) -> None:
    """One update from windows of K detached steps, whose gradients add up."""
    T = len(inputs)
    state = network.initial_state(inputs.shape[3])
    for first in range(0, T, K):
        steps = range(first, min(first + K, T))
        hidden, state = network.run(inputs[first : first + K], detached(state), steps)
        torch.autograd.backward(network.read(hidden, steps).square().sum())
    optimiser.step()


def added(kind: str, length: int) -> int:
    """Bytes that updates add to a process which holds network, optimiser and inputs."""
    schedule = Shared() if kind == "shared" else Unshared()
    network = Network(Architecture("lstm", schedule, HIDDEN, INPUTS, 2, length), range(MEMBERS))
    optimiser = MemberAdamW(network, [1e-3] * MEMBERS, [0.0] * MEMBERS)
    for parameter in network.parameters():
        parameter.grad = torch.full_like(parameter, 1e-3)
    # A window of one step builds and loads what is built and loaded once.
    one = torch.zeros(1, MEMBERS, INPUTS, 1)
    update(network, optimiser, one, 1)
    inputs = torch.randn(length, 1, INPUTS, BATCH).expand(-1, MEMBERS, -1, -1)
    # Freed memory that is still resident would hide a part of what the update takes.
    ctypes.CDLL(None).malloc_trim(0)
    before = resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts again from here
    # The same number of windows at each length: a heap takes some to settle.
    for _ in range(3 * max(LENGTHS) // length):
        update(network, optimiser, inputs, TRUNCATION)
    return resident("VmHWM") - before


def measure() -> pd.DataFrame:
    """One row per network and length, each from a process of its own."""
    table = []
    for kind in ("shared", "unshared"):
        for length in LENGTHS:
            command = [sys.executable, "-m", "benchmarks.memory", "--one", kind, str(length)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            table.append((kind, length, TRUNCATION, int(done.stdout)))
    frame = pd.DataFrame(table, columns=["network", "length", "truncation", "bytes"])
    shortest = frame[frame["length"] == min(LENGTHS)].set_index("network")["bytes"]
    return frame.assign(against_shortest=frame["bytes"] / frame["network"].map(shortest))


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("results/bench/memory.csv"))
    parser.add_argument("--one", nargs=2, metavar=("NETWORK", "LENGTH"))
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    if arguments.one:
        print(added(arguments.one[0], int(arguments.one[1])))
        return
    table = measure()
    save(table, arguments.output)
    print(table.round(3).to_string(index=False))


if __name__ == "__main__":
    main()
