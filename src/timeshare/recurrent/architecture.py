"""The architecture of a network and its number of parameters. Imports no torch."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, Protocol

from timeshare.recurrent.cells.base import Cell
from timeshare.recurrent.schedules.base import Schedule
from timeshare.registry import find


@dataclass(frozen=True)
class Architecture:
    """Everything that determines a network before training, except the seed.

    Arguments:
        cell: name of a built-in cell, or an import path.
        schedule: how the weights of each step are produced.
        hidden_size: hidden units H.
        input_size: input features D, time features not among them.
        output_size: outputs O.
        length: training length T.
        time_features: number of sinusoidal features of the absolute step, appended to the inputs.
        readout: one read-out for all steps, or one per step.
        forget_bias: initial bias of an LSTM's forget gate; None initialises it like other biases.
        recurrent_init: initialisation of the recurrent columns: uniform, as `torch.nn` does it,
            or orthogonal.
        embedding: features D' of a learned embedding of the inputs, which all steps share and the
            cell receives in their place; 0 is none.

    Raises `ValueError` if a number is out of range or the cell has no forget gate.
    """

    cell: str
    schedule: Schedule
    hidden_size: int
    input_size: int
    output_size: int
    length: int
    time_features: int = 0
    readout: Literal["shared", "per-step"] = "shared"
    forget_bias: float | None = None
    recurrent_init: Literal["uniform", "orthogonal"] = "uniform"
    embedding: int = 0

    def __post_init__(self) -> None:
        for name, least in (
            ("hidden_size", 1),
            ("input_size", 0),
            ("output_size", 1),
            ("length", 1),
            ("time_features", 0),
            ("embedding", 0),
        ):
            if getattr(self, name) < least:
                raise ValueError(f"{name} is at least {least}, not {getattr(self, name)}")
        if self.forget_bias is not None and self.cell_type.forget_rows is None:
            raise ValueError(f"forget_bias: a {self.cell} has no forget gate")

    @property
    def cell_type(self) -> type[Cell]:
        """The class of the cell; raises `UnknownNameError` if there is none."""
        found = find("recurrent.cells", self.cell)
        if not issubclass(found, Cell):
            raise ValueError(f"{self.cell!r} is not a cell: derive it from {Cell.__name__}")
        return found

    @property
    def rows(self) -> int:
        """Rows of one step's matrix: gates times H."""
        return self.cell_type.gates * self.hidden_size

    @property
    def columns(self) -> int:
        """Columns C of one step's matrix."""
        return self.cell_type.columns(self.cell_inputs + self.time_features, self.hidden_size)

    @property
    def cell_inputs(self) -> int:
        """Features of a step that the cell receives, time features not among them: D, or D'."""
        return self.embedding or self.input_size

    @property
    def readouts(self) -> int:
        """Number of read-out matrices R: one, or T."""
        return 1 if self.readout == "shared" else self.length

    @property
    def needs_extension(self) -> bool:
        """Whether steps past T have weights only by an extension."""
        return self.schedule.needs_extension or self.readout == "per-step"

    @property
    def parameters(self) -> "ParameterCount":
        """Learned numbers of one member: `S*gates*H*C`, `R*O*(1+H)` and `D'*D`."""
        return ParameterCount(
            cell=self.schedule.parameter_count(self.length, self.rows * self.columns),
            readout=self.readouts * self.output_size * (1 + self.hidden_size),
            embedding=self.embedding * self.input_size,
        )


@dataclass(frozen=True)
class ParameterCount:
    """Learned numbers of one member."""

    cell: int
    readout: int
    embedding: int = 0

    @property
    def total(self) -> int:
        """Cell, read-out and embedding together."""
        return self.cell + self.readout + self.embedding


class Sized(Protocol):
    """An architecture with a hidden size: a dataclass that counts its parameters."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def parameters(self) -> ParameterCount:
        """Learned numbers of one member."""


def parameter_count(architecture: Sized) -> ParameterCount:
    """Learned numbers of one member, in closed form."""
    return architecture.parameters


def matching_hidden(architecture: Sized, target_parameters: int) -> int:
    """The hidden size whose total parameter count is nearest to a target; the smaller of two.

    The count grows strictly with H, so bisection finds the answer for any cell.
    """

    def distance(hidden_size: int) -> int:
        return abs(total(hidden_size) - target_parameters)

    def total(hidden_size: int) -> int:
        return parameter_count(replace(architecture, hidden_size=hidden_size)).total

    high = 1
    while total(high) < target_parameters:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if total(middle) < target_parameters else (low, middle)
    return min((size for size in (low, high) if size >= 1), key=distance)
