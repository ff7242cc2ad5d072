"""Use a trained network on new sequences: from a table to a table."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from timeshare.experiment.models import SEQUENCES_AT_ONCE
from timeshare.experiment.paths import WEIGHTS
from timeshare.experiment.strict import unknown
from timeshare.recurrent.schedules.base import Extension
from timeshare.recurrent.subnormals import subnormals_flushed
from timeshare.references.network import ReferenceNetwork
from timeshare.storage.files import read_tensors
from timeshare.tasks._columns import STEP
from timeshare.tasks.base import Sequences, Targets
from timeshare.tasks.csv import Csv, NewSequences
from timeshare.training.choosing import Candidate, task_of
from timeshare.training.extensions import extensions
from timeshare.training.layout import Store
from timeshare.training.model_factory import any_network_of
from timeshare.training.windows import AnyNetwork, read_outputs

BEST = "best/"
"""How the names of the weights with the best validation score begin."""
PROBABILITY = "p_"
"""How the columns of the classes' probabilities begin."""


def predicted(
    candidate: Candidate, table: Path, extension: Extension | None = None
) -> pd.DataFrame:
    """What a network predicts for the sequences of a table.

    Arguments:
        candidate: the trained network.
        table: of the form that the network was trained on; its targets are not looked at.
        extension: which trained step serves a step past T; None refuses sequences longer than T
            where the network's weights end there.

    Returns:
        one row a sequence, or a step of a dense task: the columns that name these, the predicted
        class or value in the target's column, and the probability of each class.

    Raises `ValueError`, one sentence, where the table is wrong or sequences are too long.
    """
    task = task_of(candidate)
    new = task.read_new(table)
    network = _network(candidate)
    _check_lengths(network, new, table, extension)
    _refuse_short(candidate, task, network, new, table)
    return _table(task, new, _outputs(network, task, new, extension))


def extension_named(name: str | None) -> Extension | None:
    """The extension of a name; `ValueError` where there is none, with those there are."""
    if name is None:
        return None
    known = [str(extension) for extension in Extension]
    if name not in known:
        raise ValueError(unknown("extension", name, known))
    return Extension(name)


def _network(candidate: Candidate) -> AnyNetwork:
    """The one member, with the weights of its best validation score."""
    network = any_network_of(candidate.condition, [candidate.member])
    place = candidate.place
    network.load_state_dict(
        {
            name.removeprefix(BEST): tensor[place : place + 1]
            for name, tensor in read_tensors(candidate.folder / WEIGHTS).items()
            if name.startswith(BEST)
        }
    )
    return network


def _check_lengths(
    network: AnyNetwork, new: NewSequences, table: Path, extension: Extension | None
) -> None:
    trained = network.architecture.length
    for length in sorted(set(new.lengths.tolist())):
        padded = isinstance(network, ReferenceNetwork) and length < trained
        if not padded and not network.reads_length(length):
            raise ValueError(
                f"{table}: a sequence has {length} steps, and the network reads {trained}."
            )
        if length > trained and extension is None and extensions(network, length) != [None]:
            raise ValueError(
                f"{table}: a sequence has {length} steps, and the network has weights of its own "
                f"for each of {trained}. Cut the sequences, choose a --variant whose weights are "
                f"shared, or an --extension: {', '.join(Extension)}."
            )


def _refuse_short(
    candidate: Candidate, task: Csv, network: AnyNetwork, new: NewSequences, table: Path
) -> None:
    """A final target was learned at the ends of the training sequences and at no step before them.

    Shared weights may be asked earlier; weights of an earlier step were never asked.
    """
    if task.targets is Targets.DENSE or not network.architecture.needs_extension:
        return
    if candidate.condition.training.lengths == "up-to":
        return
    shortest = min(int(task.table.lengths.min()), network.architecture.length)
    if (length := int(new.lengths.min())) < shortest:
        raise ValueError(
            f"{table}: a sequence has {length} steps, and the network, whose steps have weights of "
            f"their own, was trained on none of fewer than {shortest}. Give all steps, or choose a "
            "--variant whose weights are shared."
        )


@subnormals_flushed()
def _outputs(
    network: AnyNetwork, task: Csv, new: NewSequences, extension: Extension | None
) -> NDArray[np.float64]:
    """What the network gives for all sequences, those of one length together, without padding.

    Returns:
        outputs `[N, T, O]` of a dense task, `[N, 1, O]` of a final one; logits where the task has
        classes. Steps past the end of a sequence are NaN.
    """
    steps = new.features.shape[1] if task.targets is Targets.DENSE else 1
    values = np.full((len(new.names), steps, task.output_size), np.nan)
    for length, rows in _chunks(new):
        read, lengths = new.features[rows, :length], None
        if isinstance(network, ReferenceNetwork):
            missing = network.architecture.length - length
            read = np.pad(read, ((0, 0), (0, missing), (0, 0)))
            lengths = new.lengths[rows] if task.pad else None
        used = extension if length > network.architecture.length else None
        given = _read(network, task, read, lengths, used)
        values[rows, : min(steps, length)] = given[:, : min(steps, length)]
    return values


def _read(
    network: AnyNetwork,
    task: Csv,
    features: NDArray[np.float32],
    lengths: NDArray[np.int64] | None,
    extension: Extension | None,
) -> NDArray[np.float64]:
    """Outputs `[N, S, O]` of sequences of one length: at all steps, or at the last."""
    count, total = features.shape[:2]
    shape = (count, total) if task.targets is Targets.DENSE else (count,)
    nothing = np.zeros(shape, np.int64 if task.metric.classifies else np.float32)
    store = Store(task, Sequences(features, nothing, lengths))
    batch = store.gather(torch.arange(count)[None])
    parts = [logits for _, logits in read_outputs(network, task, batch, extension)]
    outputs: NDArray[np.float64] = torch.cat(parts)[:, 0].double().permute(2, 0, 1).numpy()
    return outputs


def _chunks(new: NewSequences) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Rows of sequences of one true length, some at once, with that length."""
    for length in sorted(set(new.lengths.tolist())):
        rows = np.flatnonzero(new.lengths == length)
        for first in range(0, len(rows), SEQUENCES_AT_ONCE):
            yield length, rows[first : first + SEQUENCES_AT_ONCE]


def _table(task: Csv, new: NewSequences, outputs: NDArray[np.float64]) -> pd.DataFrame:
    dense = task.targets is Targets.DENSE
    lengths = new.lengths if dense else np.ones(len(new.names), np.int64)
    columns: dict[str, Any] = {task.sequence: np.repeat(np.array(new.names), lengths)}
    if dense:
        counted = [step for length in lengths for step in range(length)]
        columns[task.step] = list(new.steps) or counted
    inside = np.arange(outputs.shape[1]) < lengths[:, None]
    flat = outputs[inside]
    target = task.target.replace(STEP, "").strip(" ._-") or "target"
    if not task.metric.classifies:
        return pd.DataFrame(columns | {target: task.in_units(flat[:, 0])})
    odds = np.exp(flat - flat.max(axis=1, keepdims=True))
    probabilities = odds / odds.sum(axis=1, keepdims=True)
    classes = np.array(task.output_names, dtype=object)
    columns[target] = classes[flat.argmax(axis=1)]
    for place, name in enumerate(task.output_names):
        columns[f"{PROBABILITY}{name}"] = probabilities[:, place]
    return pd.DataFrame(columns)
