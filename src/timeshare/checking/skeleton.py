"""A task to begin with: a file with comments, and a test."""

import re
from pathlib import Path

from timeshare.storage.files import replacing

TASK = '''"""The task {name}. `timeshare check {module}:{cls}`"""

from typing import ClassVar

import numpy as np
from numpy.random import Generator
from pydantic import Field

from timeshare.tasks.base import Sequences, Split, Targets, Task


class {cls}(Task):
    """Say whether the first symbol came again.

    Remember: the first symbol.

    Chance: the share of the commoner answer.

    Unseen length: the rule goes on unchanged.

    Source: your own.
    """

    # DENSE: a target at each step, [N, T]. FINAL: one for each sequence, [N].
    targets: ClassVar[Targets] = Targets.FINAL

    # Parameters are fields with bounds and a description; a wrong one is refused in a sentence.
    symbols: int = Field(default=4, ge=2, description="number of symbols")

    @property
    def input_size(self) -> int:
        """Number of symbols, or of channels where `symbolic` is False."""
        return self.symbols

    @property
    def output_size(self) -> int:
        """Number of classes: no and yes."""
        return 2

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Symbols at random; `rng` is the only source of randomness."""
        # Symbols are integers [N, T]; features would be float32 [N, T, D].
        inputs = rng.integers(self.symbols, size=(count, length))
        came_again = (inputs[:, 1:] == inputs[:, :1]).any(axis=1)
        return Sequences(inputs=inputs, targets=came_again.astype(np.int64))
'''

TEST = '''"""The task {name} keeps what every task promises, and its own rule."""

import numpy as np

from timeshare.checking.check import check
from timeshare.data.drawing import draw
from timeshare.tasks.base import Split
from {module} import {cls}


def test_it_keeps_what_every_task_promises() -> None:
    faults = [fault for found in check("{module}:{cls}", {{}}, None) for fault in found.faults]
    assert faults == []


def test_its_targets_are_those_of_the_rule() -> None:
    sequences = draw({cls}(), 50, 8, Split.TEST)
    # Written apart from the task, symbol by symbol.
    expected = [int(row[0] in row[1:].tolist()) for row in sequences.inputs]
    assert np.array_equal(sequences.targets, expected)
'''


def write(name: str, folder: Path, force: bool) -> tuple[str, str, str]:
    """Write a task and its test into a folder.

    Arguments:
        name: of the task, lower-case words with hyphens.
        folder: where both files are written.
        force: whether files that are there are overwritten.

    Returns:
        the name of the file, of the test, and the import path of the class.

    Raises `ValueError` for a name that cannot be one, and where a file is there already.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*", name):
        raise ValueError(f"{name!r} is no name of a task. Write lower-case words: count-ones.")
    module = name.replace("-", "_")
    cls = "".join(word.capitalize() for word in module.split("_"))
    files = {f"{module}.py": TASK, f"test_{module}.py": TEST}
    for file in files:
        if (folder / file).exists() and not force:
            raise ValueError(f"{file} is there already. Choose another name, or add --force.")
    for file, text in files.items():
        with replacing(folder / file) as temporary:
            temporary.write_text(text.format(name=name, module=module, cls=cls), encoding="utf-8")
    return f"{module}.py", f"test_{module}.py", f"{module}:{cls}"
