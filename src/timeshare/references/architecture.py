"""The architecture of a reference and its number of parameters. Imports no torch."""

from dataclasses import dataclass

from timeshare.recurrent.architecture import ParameterCount
from timeshare.references.base import Reference, Sizes


@dataclass(frozen=True)
class ReferenceArchitecture:
    """Everything that determines a reference before training, except the seed.

    Arguments:
        reference: its kind, with its parameters.
        hidden_size: hidden units or channels H; 0 where it has none.
        input_size: input features D.
        output_size: outputs O.
        length: training length T.
        dense: whether it answers at every step, or once.

    Raises `ValueError` if a number is out of range, or the reference cannot answer at every step.
    """

    reference: Reference
    hidden_size: int
    input_size: int
    output_size: int
    length: int
    dense: bool

    needs_extension = False
    """Steps past T have weights, or cannot be read at all."""

    def __post_init__(self) -> None:
        for name, least in (
            ("hidden_size", int(self.reference.sized)),
            ("input_size", 1),
            ("output_size", 1),
            ("length", 1),
        ):
            if getattr(self, name) < least:
                raise ValueError(f"{name} is at least {least}, not {getattr(self, name)}")
        if self.dense and not self.reference.every_step:
            raise ValueError(
                f"{type(self.reference).__name__} answers once a sequence, at no single step"
            )

    @property
    def sizes(self) -> Sizes:
        """What the shapes of the learned tensors follow from."""
        return Sizes(self.hidden_size, self.input_size, self.length)

    @property
    def width(self) -> int:
        """Features F that the read-out receives."""
        return self.reference.width(self.sizes)

    @property
    def answers(self) -> int:
        """How often the read-out is applied to one sequence: T, or once."""
        return self.length if self.dense else 1

    @property
    def parameters(self) -> ParameterCount:
        """Learned numbers of one member; those before the read-out count as the cell's."""
        maps = self.reference.maps(self.sizes).values()
        return ParameterCount(
            cell=sum(each.outputs * (1 + each.inputs) for each in maps),
            readout=self.output_size * (1 + self.width),
        )

    def reads_length(self, length: int) -> bool:
        """Whether sequences of this many steps can be read."""
        return self.reference.every_step or length == self.length
