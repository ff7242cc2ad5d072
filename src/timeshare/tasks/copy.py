"""A stream of phrases, each to be repeated after it was read."""

import numpy as np
from numpy.random import Generator
from pydantic import Field, model_validator

from timeshare.tasks.base import NO_TARGET, Sequences, Split, Targets, Task
from timeshare.tasks.metrics import Metric

BLANK, MARKER = 0, 1


class Copy(Task):
    """Repeat each phrase of a stream: m symbols are read, then m blanks, over and over.

    While a phrase is read the target is a blank; during the blanks it is the phrase, symbol by
    symbol. A phrase begins with a marker, and its length m is uniform between `shortest` and
    `longest`. A sequence is a window of T steps into an endless stream that begins anywhere in
    it; while a phrase is repeated that began before the window, there are no targets. Perplexity is
    2 to the power of the bits.

    Remember: up to `longest` symbols in their order, and how many of them were read.

    Chance: the entropy of the targets, half of which are blanks.

    Unseen length: a shorter or longer window into the stream.

    Source: Hochreiter & Schmidhuber (1997), "Long short-term memory"; as a stream, with
    perplexity by truncation length, Aicher, Foti & Fox (2019), "Adaptively truncating
    backpropagation through time to control gradient bias": phrases of 5 to 10 of 6 symbols,
    marker and blank among them (fixed phrases: 10).
    """

    targets = Targets.DENSE
    metric = Metric.BITS

    symbols: int = Field(default=4, ge=2, le=64, description="symbols, marker and blank apart")
    shortest: int = Field(default=5, ge=2, le=256, description="fewest steps m of a phrase")
    longest: int = Field(default=10, ge=2, le=256, description="most steps m of a phrase")

    @model_validator(mode="after")
    def _lengths_are_ordered(self) -> "Copy":
        if self.shortest > self.longest:
            raise ValueError(
                f"`shortest` is {self.shortest}, more than `longest`, {self.longest}; "
                "make them equal for phrases of one length."
            )
        return self

    @property
    def input_size(self) -> int:
        """One feature each for the blank, the marker and the symbols."""
        return self.symbols + 2

    @property
    def output_size(self) -> int:
        """One class for each symbol of the inputs."""
        return self.input_size

    @property
    def input_names(self) -> tuple[str, ...]:
        """The blank is shown as a dash, the marker as a hash."""
        return ("\N{EN DASH}", "#", *(str(symbol) for symbol in range(self.symbols)))

    @property
    def output_names(self) -> tuple[str, ...]:
        """The outputs have the names of the inputs."""
        return self.input_names

    def space(self, length: int) -> float:
        """A lower bound: the choices of the whole phrases in a window."""
        return float(self.symbols) ** ((self.shortest - 1) * (length // (2 * self.longest)))

    def length_fault(self, length: int) -> str | None:
        """A window is long enough to hold a phrase and some of its repetition."""
        need = 3 * self.longest
        if length >= need:
            return None
        return f"phrases of {self.longest} need at least {need} steps, not {length}"

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Draw windows into independent streams."""
        start = rng.integers(0, 2 * self.longest, (count, 1))
        end = 2 * self.longest + length
        sizes = rng.integers(
            self.shortest, self.longest + 1, (count, end // (2 * self.shortest) + 1)
        )
        ends = 2 * sizes.cumsum(axis=1)
        begins = ends - 2 * sizes
        stream = rng.integers(2, self.input_size, (count, end))
        rows, phrases = np.nonzero(begins < end)
        stream[rows, begins[rows, phrases]] = MARKER

        steps = start + np.arange(length)
        # Row by row: a comparison of all steps with all phrases would need memory of T squared
        phrase = np.stack(
            [np.searchsorted(row, at, side="right") for row, at in zip(ends, steps, strict=True)]
        )
        begin, size = (np.take_along_axis(of, phrase, axis=1) for of in (begins, sizes))
        shown = steps < begin + size
        symbols = np.take_along_axis(stream, np.where(shown, steps, steps - size), axis=1)
        repeated = np.where(begin >= start, symbols, NO_TARGET)
        return Sequences(
            inputs=np.where(shown, symbols, BLANK), targets=np.where(shown, BLANK, repeated)
        )
