"""The allocators' account against the resident memory of a process that did nothing else."""

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from timeshare.cost.activations import bytes_activations
from timeshare.cost.formulas import Update
from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.schedules.unshared import Unshared
from timeshare.tasks.parity import Parity

STATUS = Path("/proc/self/status")

CHILD = """
import ctypes

from tests.cost.test_formulas import Trained
from tests.cost.test_resident import LARGE, resident
from timeshare.tasks.parity import Parity
from timeshare.cost.formulas import at_length
Trained(at_length(LARGE, 2), Parity()).gradients()
trained = Trained(LARGE, Parity())
import torch
for parameter in trained.network.parameters():
    parameter.grad = torch.zeros_like(parameter).add_(1)
# Freed memory that is still resident would be reused without any growth.
ctypes.CDLL(None).malloc_trim(0)
before = resident("VmRSS")
trained.gradients()
print(resident("VmHWM") - before)
"""

LARGE = Update(
    Architecture("lstm", Unshared(), 32, Parity().input_size, Parity().output_size, 1024),
    truncation=1024,
    members=2,
    batch=64,
)


def resident(kind: str) -> int:
    """Bytes of resident memory, now or at most."""
    lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
    return 1024 * int(lines[kind].split()[0])


@pytest.mark.skipif(
    not STATUS.exists() or not hasattr(ctypes.CDLL(None), "malloc_trim"),
    reason="resident memory is read from /proc, after glibc gave back what is free",
)
def test_a_fresh_process_grows_by_what_the_formula_says() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=root, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == pytest.approx(bytes_activations(LARGE), rel=0.1)
