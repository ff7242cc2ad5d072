"""Open a trained network of an experiment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from timeshare.nn.trained import TrainedNetwork
from timeshare.recurrent.schedules.base import Extension

if TYPE_CHECKING:
    from timeshare.experiment.conditions import Member

RUN, WEIGHTS = "run.json", "weights.safetensors"
"""The files of a run that are read."""
MemberChoice = int | Mapping[str, Any] | None
"""Which member: its position, values that only it has (`{"seed": 0, ...}`), or all of them."""


def load(
    folder: str | Path,
    member: MemberChoice = None,
    which: Literal["best", "last"] = "best",
    extension: str | Extension | None = None,
) -> TrainedNetwork:
    """A trained network, or all members of a condition as an ensemble.

    Arguments:
        folder: of a run, `results/<name>/runs/<task>/<variant>/length-<T>/truncation-<K>`.
        member: one network: its position in the condition, or values of it that no other member
            has, such as `{"seed": 0, "train_size": 128, "learning_rate": 0.01}`. None: all of them.
        which: the weights with the best validation score, or those after the last update.
        extension: which trained step provides the weights of a step past T.

    Raises `FileNotFoundError` if the folder has no run, and `ValueError` if no member, or more than
    one, fits.
    """
    from timeshare.storage.files import read_tensors
    from timeshare.training.facts import reported_members
    from timeshare.training.model_factory import architecture_of
    from timeshare.training.run_files import read_run

    folder = Path(folder)
    for name in (RUN, WEIGHTS):
        if not (folder / name).is_file():
            raise FileNotFoundError(f"{folder} is not the folder of a run: it has no {name}")
    if which not in ("best", "last"):
        raise ValueError(f"which is 'best' or 'last', not {which!r}")
    condition, facts = read_run(folder / RUN)
    rows = selected(reported_members(facts), member)
    tensors = {
        name.removeprefix(f"{which}/"): tensor[rows]
        for name, tensor in read_tensors(folder / WEIGHTS).items()
        if name.startswith(f"{which}/")
    }
    return TrainedNetwork(
        architecture_of(condition),
        tensors,
        single=member is not None,
        symbolic=condition.build_task().symbolic,
        extension=None if extension is None else Extension(extension),
    )


def selected(members: Sequence[Member], choice: MemberChoice) -> list[int]:
    """The positions of the members that are chosen; raises `ValueError` if it is not clear which.

    Arguments:
        members: of a condition, in the order of its tensors.
        choice: a position, values that only one member has, or None for all.
    """
    if choice is None:
        return list(range(len(members)))
    if isinstance(choice, int):
        if not 0 <= choice < len(members):
            raise ValueError(f"member: there is no member {choice}, only 0 to {len(members) - 1}")
        return [choice]
    values = [member.model_dump() for member in members]
    unknown = sorted(set(choice) - values[0].keys())
    if unknown:
        raise ValueError(f"member: {', '.join(unknown)} is none of {', '.join(values[0])}")
    rows = [row for row, own in enumerate(values) if choice.items() <= own.items()]
    if len(rows) != 1:
        found = "; ".join(str(own) for own in (values[row] for row in rows or range(len(members))))
        raise ValueError(f"member: {len(rows)} members fit {dict(choice)}. There are: {found}")
    return rows
