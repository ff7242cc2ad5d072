"""Recurrent layers for any PyTorch program, with weights that need not be shared through time.

`RNN`, `GRU` and `LSTM` take what those of `torch.nn` take, and a schedule of their weights besides.
`load` opens a network that an experiment trained.
"""

from timeshare.nn.layers import GRU, LSTM, RNN
from timeshare.nn.loading import load
from timeshare.nn.trained import TrainedNetwork
from timeshare.recurrent.schedules.base import Extension, Schedule
from timeshare.recurrent.schedules.basis import Basis
from timeshare.recurrent.schedules.blocks import Blocks
from timeshare.recurrent.schedules.cyclic import Cyclic
from timeshare.recurrent.schedules.mixture import Mixture
from timeshare.recurrent.schedules.shared import Shared
from timeshare.recurrent.schedules.soft import Soft
from timeshare.recurrent.schedules.unshared import Unshared

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "Basis",
    "Blocks",
    "Cyclic",
    "Extension",
    "Mixture",
    "Schedule",
    "Shared",
    "Soft",
    "TrainedNetwork",
    "Unshared",
    "load",
]
