"""What every contender is asked to do: one update (forward, backward, Adam) of E LSTMs."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

LEARNING_RATE = 1e-3

Update = Callable[[], object]
"""One whole update of all members."""


@dataclass(frozen=True)
class Shape:
    """Members E, batch B, length T, inputs D, states H."""

    members: int
    batch: int
    length: int
    input_size: int
    hidden_size: int

    def __str__(self) -> str:
        return f"{self.members}x{self.batch}x{self.length}x{self.input_size}x{self.hidden_size}"

    @property
    def flops(self) -> int:
        """Floating-point operations in the matrix products of one update.

        Two per weight and column forward, two for the gradient of the weights, and two per
        recurrent weight for that of the state; bias and pointwise work are not counted.
        """
        weights = 4 * self.hidden_size * (self.input_size + self.hidden_size)
        recurrent = 4 * self.hidden_size * self.hidden_size
        return 2 * self.members * self.batch * self.length * (2 * weights + recurrent)

    def data(self) -> tuple[Tensor, Tensor]:
        """Inputs `[T, E, D, B]` and the targets `[E, H, B]` of a squared error at the last step."""
        generator = torch.Generator().manual_seed(0)
        inputs = torch.randn(
            self.length, self.members, self.input_size, self.batch, generator=generator
        )
        return inputs, torch.randn(self.members, self.hidden_size, self.batch, generator=generator)


SHAPES = (
    Shape(8, 64, 64, 8, 32),
    Shape(8, 128, 64, 8, 64),
    Shape(20, 32, 16, 4, 32),
    Shape(8, 64, 256, 8, 32),
)
"""The shapes over which peers are compared by geometric means. At the last, gradients vanish so far
that they become subnormal."""

OTHERS = (
    Shape(200, 32, 16, 4, 32),
    Shape(2, 64, 16, 8, 256),
    Shape(1, 256, 8, 8, 1024),
)
"""A batch of members as the experiment has it, and wide networks."""

SHORT, LONG = Shape(2, 32, 64, 8, 32), Shape(2, 32, 512, 8, 32)
"""Between these a step takes the same time where subnormal numbers are flushed."""
