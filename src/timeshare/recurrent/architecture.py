"""What a network is made of, and how many parameters that takes. Imports no torch."""

from dataclasses import dataclass, replace
from typing import Literal

from timeshare.recurrent.cells.base import Cell
from timeshare.recurrent.schedules.base import Schedule
from timeshare.registry import find


@dataclass(frozen=True)
class Architecture:
    """Everything but the seed that says what a network is before training.

    Arguments:
        cell: kind of cell, built in or an import path.
        schedule: how the weights of each step are produced.
        hidden: states H.
        inputs: input features D, the clock not among them.
        outputs: outputs O.
        length: training length T.
        clock: sinusoidal features of the absolute step appended to the inputs.
        readout: one read-out for all steps, or one per step.
        forget_bias: start of an LSTM's forget bias; None starts it like every other bias.
        recurrent_start: start of the recurrent columns, `torch.nn`'s uniform one or orthogonal.

    Raises `ValueError` where a number is out of range or the cell has no forget gate to set.
    """

    cell: str
    schedule: Schedule
    hidden: int
    inputs: int
    outputs: int
    length: int
    clock: int = 0
    readout: Literal["shared", "per-step"] = "shared"
    forget_bias: float | None = None
    recurrent_start: Literal["uniform", "orthogonal"] = "uniform"

    def __post_init__(self) -> None:
        for name, least in (
            ("hidden", 1), ("inputs", 0), ("outputs", 1), ("length", 1), ("clock", 0),
        ):  # fmt: skip
            if getattr(self, name) < least:
                raise ValueError(f"{name} is at least {least}, not {getattr(self, name)}")
        if self.forget_bias is not None and self.cell_type.forget_rows is None:
            raise ValueError(f"forget_bias: a {self.cell} has no forget gate")

    @property
    def cell_type(self) -> type[Cell]:
        """The class of the cell; raises `UnknownKindError` where there is none."""
        found = find("recurrent.cells", self.cell)
        if not issubclass(found, Cell):
            raise ValueError(f"{self.cell!r} is not a cell: derive it from {Cell.__name__}")
        return found

    @property
    def rows(self) -> int:
        """Rows of one step's matrix: gates times H."""
        return self.cell_type.gates * self.hidden

    @property
    def columns(self) -> int:
        """Columns C of one step's matrix."""
        return self.cell_type.columns(self.inputs + self.clock, self.hidden)

    @property
    def readouts(self) -> int:
        """Read-out matrices R: one, or T."""
        return 1 if self.readout == "shared" else self.length

    @property
    def needs_extension(self) -> bool:
        """Whether an extension must say what happens past T."""
        return self.schedule.needs_extension or self.readout == "per-step"


@dataclass(frozen=True)
class ParameterCount:
    """Learned numbers of one member."""

    cell: int
    readout: int

    @property
    def total(self) -> int:
        """Cell and read-out together."""
        return self.cell + self.readout


def parameter_count(architecture: Architecture) -> ParameterCount:
    """Learned numbers of one member, in closed form: `S*gates*H*C` and `R*O*(1+H)`."""
    matrix = architecture.rows * architecture.columns
    return ParameterCount(
        cell=architecture.schedule.parameter_count(architecture.length, matrix),
        readout=architecture.readouts * architecture.outputs * (1 + architecture.hidden),
    )


def matching_hidden(architecture: Architecture, target_parameters: int) -> int:
    """The hidden size whose total parameter count is nearest to a target; the smaller of two.

    The count grows strictly with H, so the answer is found by bisection, whatever the cell.
    """

    def distance(hidden: int) -> int:
        return abs(total(hidden) - target_parameters)

    def total(hidden: int) -> int:
        return parameter_count(replace(architecture, hidden=hidden)).total

    high = 1
    while total(high) < target_parameters:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if total(middle) < target_parameters else (low, middle)
    return min((hidden for hidden in (low, high) if hidden >= 1), key=distance)
