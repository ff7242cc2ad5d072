"""One informative symbol at a random position among noise."""

from functools import cache
from typing import Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field

from timeshare.storage.streams import stream
from timeshare.tasks._bounds import LARGEST_RULE
from timeshare.tasks._names import numbers_and_letters
from timeshare.tasks._spread import spread
from timeshare.tasks.base import HELD_OUT, Sequences, Split, Targets, Task


class Keyword(Task):
    """Say which keyword occurred, wherever among the noise it stood.

    Which symbols are keywords, and of which class, is drawn from the task's own seed; the others
    are noise. The rule is the same at every position, but training and validation show keywords
    at some positions only; the test split shows half of them at the positions that were held out.
    `late` holds out the second half of the sequence, `early` the first half. `scattered` holds out
    half of the positions, here and there, so that trained and held-out keywords stand equally far
    from the end on average. Every second position would not do: a state that changes its sign at
    each step can tell odd from even.

    Remember: log2(keywords) bits from the keyword to the end.

    Chance: the share of the commonest keyword, near 1/keywords.

    Unseen length: fewer or more steps; positions are held out by the same rule.

    Source: ours, after the example of Goodfellow, Bengio & Courville (2016), "Deep learning",
    chapter 10 ("I went to Nepal in 2009" / "In 2009, I went to Nepal").
    """

    targets = Targets.FINAL

    keywords: int = Field(default=4, ge=2, le=64, description="informative symbols")
    noise: int = Field(default=4, ge=1, le=64, description="symbols that mean nothing")
    held_out: Literal["scattered", "late", "early", "none"] = Field(
        default="scattered",
        description="positions that training never shows a keyword at: 'scattered' half of them, "
        "here and there; 'late' the second half, 'early' the first half, or 'none'",
    )

    rule_seed: int = Field(
        default=0, ge=0, le=LARGEST_RULE, description="seed of which symbols are keywords"
    )

    @property
    def input_size(self) -> int:
        """One feature for each keyword and for each symbol of noise."""
        return self.keywords + self.noise

    @property
    def output_size(self) -> int:
        """One class for each keyword."""
        return self.keywords

    @property
    def input_names(self) -> tuple[str, ...]:
        """Keywords are called by the numbers of their classes, noise by letters."""
        names = numbers_and_letters(self.keywords, self.noise)
        return tuple(names[place] for place in np.argsort(self.symbols))

    @property
    def symbols(self) -> NDArray[np.int64]:
        """The keyword of each class, then the symbols of noise, `[keywords + noise]`."""
        return _symbols(self.rule_seed, self.keywords, self.noise)

    @property
    def group_names(self) -> tuple[str, ...]:
        """Sequences are grouped by the position of their keyword."""
        return ("trained",) if self.held_out == "none" else ("trained", "held-out")

    def space(self, length: int) -> float:
        """The choices of the keyword, of its trained position, and of the noise."""
        places = int((~self.held_out_positions(length)).sum())
        return self.keywords * places * float(self.noise) ** (length - 1)

    def length_fault(self, length: int) -> str | None:
        """A sequence is long enough for one trained and one held-out position."""
        if self.held_out == "none" or length >= 2:
            return super().length_fault(length)
        return f"a sequence with held-out positions has at least 2 steps, not {length}"

    def held_out_positions(self, length: int) -> NDArray[np.bool_]:
        """Whether a position is held out, `[T]`."""
        positions = np.arange(length)
        chosen: dict[str, NDArray[np.bool_]] = {
            "none": positions < 0,
            "scattered": spread(positions) >= 0.5,
            "late": positions >= (length + 1) // 2,
            "early": positions < (length + 1) // 2,
        }
        return chosen[self.held_out]

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Draw a uniform keyword at a uniform allowed position among independent uniform noise."""
        held = self.held_out_positions(length)
        trained, kept = np.flatnonzero(~held), np.flatnonzero(held)
        groups = np.zeros(count, dtype=np.int64)
        positions = rng.choice(trained, count)
        if split is Split.TEST and len(kept):
            groups = rng.integers(0, 2, count)
            positions = np.where(groups == HELD_OUT, rng.choice(kept, count), positions)
        places = rng.integers(self.keywords, self.input_size, (count, length))
        targets = rng.integers(0, self.keywords, count)
        places[np.arange(count), positions] = targets
        return Sequences(self.symbols[places], targets, groups=groups)


@cache
def _symbols(rule_seed: int, keywords: int, noise: int) -> NDArray[np.int64]:
    """A permutation of all symbols, read-only."""
    symbols = stream("keyword", rule_seed, keywords, noise).permutation(keywords + noise)
    symbols.flags.writeable = False
    return symbols
