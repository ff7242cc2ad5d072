"""A task that breaks its promises is refused where it is drawn, in one sentence."""

import logging
from pathlib import Path
from typing import Any, ClassVar

import pytest
from numpy.random import Generator

from timeshare.data.drawing import draw
from timeshare.data.fresh import fresh
from timeshare.data.splits import Unit
from timeshare.registry import ContractError
from timeshare.storage.logs import logged
from timeshare.tasks.base import Sequences, Split, Targets, Task


class Broken(Task):
    """Returns sequences of one step more than it was asked for."""

    targets: ClassVar[Targets] = Targets.FINAL
    extra: int = 1

    @property
    def input_size(self) -> int:
        return 2

    @property
    def output_size(self) -> int:
        return 2

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        inputs = rng.integers(2, size=(count, length + self.extra))
        return Sequences(inputs, inputs[:, 0])


SENTENCE = (
    r"task Broken: sample\(count=\d+, length=12, split=\w+\): `inputs` has the shape "
    r"\[\d+, 13\], and symbols are \[N, 12\]; .*\.$"
)


def test_drawing_refuses_sequences_of_another_shape() -> None:
    with pytest.raises(ContractError, match=SENTENCE):
        draw(Broken(), 8, 12, Split.TEST)
    with pytest.raises(ContractError, match=SENTENCE):
        fresh(Broken(), 12, Unit(0, 0), 0, 8)
    assert draw(Broken(extra=0), 8, 12, Split.TEST).count == 8


def test_the_log_of_a_job_has_the_sentence_and_no_traceback(tmp_path: Path, capsys: Any) -> None:
    log = tmp_path / "job.log"
    with pytest.raises(SystemExit), logged(log):
        draw(Broken(), 8, 12, Split.TEST)
    logging.getLogger().handlers = []
    text = log.read_text()
    assert "task Broken: sample(" in text
    assert "Traceback" not in text
    assert "Traceback" not in capsys.readouterr().err
