"""Evaluate every member of a condition at every length, under every extension."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from timeshare.data.splits import Parts
from timeshare.experiment import Condition
from timeshare.recurrent.network import Network
from timeshare.recurrent.schedules.base import Extension, trained_steps
from timeshare.recurrent.subnormals import subnormals_flushed
from timeshare.tasks.base import Sequences, Split, Targets, Task
from timeshare.tasks.metrics import Metric, normalised
from timeshare.training.batches import Batches
from timeshare.training.history import member_table, with_condition
from timeshare.training.layout import Batch, Store
from timeshare.training.model_factory import network_of
from timeshare.training.model_selection import chosen_members
from timeshare.training.windows import score_targets

Facts = dict[str, str | int]

ALL = "all"
NO_EXTENSION = "none"
SELECTIONS = ("last", "best")
CHUNK = 128
"""Sequences evaluated at once."""


@dataclass(frozen=True)
class Measured:
    """Scores of E members on one set of sequences.

    Arguments:
        values: the metric of each member `[E]`.
        losses: mean loss of each member `[E]`.
        positions: the metric at each step `[T, E]`, or None for a final task.
    """

    values: np.ndarray
    losses: np.ndarray
    positions: np.ndarray | None


def measure(
    network: Network, task: Task, store: Store, extension: Extension | None, count: int
) -> Measured:
    """Score members on the first `count` sequences of a store that all members share.

    Aligned to the right, each sequence ends on the last trained step: its true end, not that of
    the padding behind it.
    """
    batches = store.chunks(count, CHUNK, unpadded=extension is Extension.ALIGN_RIGHT)
    return _summed(network, task, batches, extension)


def _summed(
    network: Network, task: Task, batches: Iterator[Batch], extension: Extension | None
) -> Measured:
    total: list[Tensor] = []
    for batch in batches:
        parts = score_targets(network, task, batch, extension)
        sums = [part.double().sum(dim=2) for part in parts]
        total = [_added(a, b) for a, b in zip(total, sums, strict=True)] if total else sums
    scored, lost, count = total
    overall = count.sum(0)
    by_step = (scored / count).numpy() if task.targets is Targets.DENSE else None
    return Measured((scored.sum(0) / overall).numpy(), (lost.sum(0) / overall).numpy(), by_step)


def _added(one: Tensor, other: Tensor) -> Tensor:
    """Sums by step `[T, E]`, of which either may have fewer steps."""
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    return torch.cat([longer[: len(shorter)] + shorter, longer[len(shorter) :]])


@dataclass(frozen=True)
class Evaluation:
    """The evaluation of a condition.

    Arguments:
        scores: one row a member, selection, split, evaluated length and extension.
        positions: one row a step as well, for the test split and the chosen members of dense tasks.
    """

    scores: pd.DataFrame
    positions: pd.DataFrame


@subnormals_flushed()
def evaluate(
    condition: Condition,
    tensors: Mapping[str, Tensor],
    history: pd.DataFrame,
    diverged: list[int | None],
    splits: Mapping[Split, Parts],
    tests: Parts,
    sequences: int,
) -> Evaluation:
    """Evaluate every member of a condition.

    Arguments:
        condition: what was trained.
        tensors: `last/...` and `best/...` weights, as training saved them.
        history: learning curves, from which validation data choose the learning rates.
        diverged: the update at which each member diverged; such a member scores chance.
        splits: the data that training read.
        tests: test sequences for every evaluated length.
        sequences: most training sequences scored of each member.

    Returns:
        tidy tables; `chosen` marks the learning rate that was chosen on validation data.
    """
    torch.set_num_threads(1)
    task, network = condition.build_task(), network_of(condition)
    failed = np.array([update is not None for update in diverged])
    rows: list[pd.DataFrame] = []
    positions: list[pd.DataFrame] = []
    for selection in SELECTIONS:
        prefix = f"{selection}/"
        network.load_state_dict(
            {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
        )
        chosen = chosen_members(condition, history, selection, failed)
        for measured, facts, chance in _measurements(
            condition, task, network, splits, tests, sequences
        ):
            facts |= {"selection": selection}
            rows.append(_score_rows(condition, measured, facts, chance, failed, chosen, task))
            if measured.positions is not None and facts["split"] == str(Split.TEST):
                keep = chosen & ~failed
                positions.append(_position_rows(condition, measured.positions, facts, keep))
    scores = with_condition(pd.concat(rows, ignore_index=True), condition)
    by_step = pd.concat(positions, ignore_index=True) if positions else pd.DataFrame()
    return Evaluation(scores, with_condition(by_step, condition))


def _measurements(
    condition: Condition,
    task: Task,
    network: Network,
    splits: Mapping[Split, Parts],
    tests: Parts,
    sequences: int,
) -> Iterator[tuple[Measured, Facts, np.ndarray]]:
    """Every measurement of the members with their current weights: its facts, its chance `[E]`."""
    length = condition.length
    batches = Batches(condition, task, splits[Split.TRAIN])
    train = _summed(network, task, iter([batches.sample(sequences)]), None)
    facts: Facts = {
        "split": str(Split.TRAIN),
        "group": ALL,
        "evaluated_length": length,
        "extension": NO_EXTENSION,
    }
    yield train, facts, np.array(batches.chances(task, sequences))
    held = splits[Split.VALIDATION]["all"]
    measured = measure(network, task, Store(task, held), None, held.count)
    facts = facts | {"split": str(Split.VALIDATION)}
    yield measured, facts, np.full(network.members, task.chance(held))
    for test in tests.values():
        for group, sequences_of in grouped(task, test).items():
            chance = np.full(network.members, task.chance(sequences_of))
            store = Store(task, sequences_of)
            by_steps: dict[tuple[int, ...], Measured] = {}
            for extension in extensions(network, test.length):
                used = _used_steps(extension, length, test.length)
                if used not in by_steps:
                    by_steps[used] = measure(network, task, store, extension, sequences_of.count)
                yield (
                    by_steps[used],
                    {
                        "split": str(Split.TEST),
                        "group": group,
                        "evaluated_length": test.length,
                        "extension": NO_EXTENSION if extension is None else str(extension),
                    },
                    chance,
                )


def _used_steps(extension: Extension | None, length: int, evaluated: int) -> tuple[int, ...]:
    """The trained steps that an extension uses; equal ones give equal outputs."""
    if extension is None:
        return ()
    return tuple(trained_steps(range(evaluated), length, evaluated, extension))


def grouped(task: Task, sequences: Sequences) -> dict[str, Sequences]:
    """All sequences, and those of each of the task's groups by themselves."""
    parts = {ALL: sequences}
    if sequences.groups is not None:
        for number, name in enumerate(task.group_names):
            members = sequences.select(sequences.groups == number)
            if members.count:
                parts[name] = members
    return parts


def extensions(network: Network, evaluated_length: int) -> list[Extension | None]:
    """The extensions that apply at a length: none at T, and none for a schedule without an end."""
    architecture = network.architecture
    if not architecture.needs_extension or evaluated_length == architecture.length:
        return [None]
    return list(Extension)


def _score_rows(
    condition: Condition,
    measured: Measured,
    facts: Facts,
    chance: np.ndarray,
    failed: np.ndarray,
    chosen: np.ndarray,
    task: Task,
) -> pd.DataFrame:
    metric: Metric = task.metric
    table = member_table(condition.members).assign(**facts)
    table["chosen"] = chosen
    table["diverged"] = failed
    table["metric"] = str(metric)
    table["value"] = np.where(failed, chance, measured.values)
    table["chance"] = chance
    table["score"] = normalised(table["value"].to_numpy(), chance, metric)
    table["loss"] = np.where(failed, np.nan, measured.losses)
    return table


def _position_rows(
    condition: Condition, by_step: np.ndarray, facts: Facts, keep: np.ndarray
) -> pd.DataFrame:
    members = member_table(condition.members)[keep]
    steps = len(by_step)
    table = members.loc[members.index.repeat(steps)].reset_index(drop=True).assign(**facts)
    table["position"] = np.tile(np.arange(steps), len(members))
    table["value"] = by_step[:, keep].T.reshape(-1)
    return table
