"""Evaluate every member of a condition at every length, under every extension."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from timeshare.data.splits import Parts, Unit, held_out, tests_of
from timeshare.experiment import Condition, Member
from timeshare.experiment.models import SEQUENCES_AT_ONCE
from timeshare.recurrent.devices import device_of
from timeshare.recurrent.schedules.base import Extension
from timeshare.recurrent.subnormals import subnormals_flushed
from timeshare.tasks.base import Sequences, Split, Targets, Task
from timeshare.tasks.metrics import Metric
from timeshare.training.batches import Batches
from timeshare.training.by_sequence import sequence_table
from timeshare.training.extensions import extensions, used_steps
from timeshare.training.history import member_table
from timeshare.training.layout import Batch
from timeshare.training.model_factory import any_network_of
from timeshare.training.scoring import scores
from timeshare.training.sets import UnitSets
from timeshare.training.windows import AnyNetwork, score_targets

Facts = dict[str, str | int | list[int] | None]
"""What identifies a measurement: a value for all members, or a list of one for each."""

ALL = "all"
NO_EXTENSION = "none"
SELECTIONS = ("last", "best")


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
    network: AnyNetwork,
    task: Task,
    sets: UnitSets,
    units: Sequence[Unit],
    extension: Extension | None = None,
) -> Measured:
    """Score each member on all sequences of its unit.

    Aligned to the right, each sequence ends on the last trained step: its true end, not that of
    the padding behind it.
    """
    batches = sets.chunks(units, SEQUENCES_AT_ONCE, unpadded=extension is Extension.ALIGN_RIGHT)
    return _summed(network, task, batches, extension)


def _summed(
    network: AnyNetwork, task: Task, batches: Iterator[Batch], extension: Extension | None
) -> Measured:
    total: list[Tensor] = []
    for batch in batches:
        parts = score_targets(network, task, batch, extension)
        sums = [part.double().sum(dim=2).cpu() for part in parts]
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
        test_sequences: one row a test sequence of a real data set; see `sequence_table`.
    """

    scores: pd.DataFrame
    positions: pd.DataFrame
    test_sequences: pd.DataFrame


@subnormals_flushed()
def evaluate(
    condition: Condition,
    members: Sequence[Member],
    tensors: Mapping[str, Tensor],
    diverged: Sequence[int | None],
    splits: Mapping[Split, Parts],
    tests: Parts,
    sequences: int,
) -> Evaluation:
    """Evaluate every reported member of a condition.

    Arguments:
        condition: what was trained.
        members: the reported ones, with their settings.
        tensors: `last/...` and `best/...` weights, as training saved them.
        diverged: the update at which each member diverged; such a member scores chance.
        splits: the data that training read.
        tests: test sequences of every unit at every evaluated length.
        sequences: most training sequences scored of each member.
    """
    torch.set_num_threads(1)
    task, device = condition.build_task(), device_of(condition.training.device)
    network = any_network_of(condition, members, device)
    table = member_table(condition, members)
    table["diverged"] = [update is not None for update in diverged]
    table["rule_change"] = _rule_changes(condition, members)
    rows: list[pd.DataFrame] = []
    positions: list[pd.DataFrame] = [pd.DataFrame()]
    each: list[pd.DataFrame] = []
    own = {member.unit: tests_of(tests, member.unit) for member in members}
    for selection in SELECTIONS:
        prefix = f"{selection}/"
        network.load_state_dict(
            {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
        )
        for measured, facts, chance in _measurements(
            condition, members, task, network, splits, tests, sequences
        ):
            facts["selection"] = selection
            rows.append(_score_rows(table, measured, facts, chance, task.metric))
            if measured.positions is not None and facts["split"] == str(Split.TEST):
                positions.append(_position_rows(table, measured.positions, facts))
        each.append(sequence_table(condition, members, diverged, network, own, selection))
    return Evaluation(*(pd.concat(part, ignore_index=True) for part in (rows, positions, each)))


def _measurements(
    condition: Condition,
    members: Sequence[Member],
    task: Task,
    network: AnyNetwork,
    splits: Mapping[Split, Parts],
    tests: Parts,
    sequences: int,
) -> Iterator[tuple[Measured, Facts, np.ndarray]]:
    """Every measurement of the members with their current weights: its facts, its chance `[E]`."""
    units = [member.unit for member in members]
    batches = Batches(condition, members, task, splits[Split.TRAIN], network.device)
    sample = batches.sample(sequences)
    train = _summed(network, task, iter([sample]), None)
    facts: Facts = {
        "split": str(Split.TRAIN),
        "group": ALL,
        "distance": None,
        "beyond_window": False,
        "evaluated_length": condition.length,
        "extension": NO_EXTENSION,
        "sequences": batches.sampled(sequences),
    }
    yield train, facts, np.array(batches.chances(sequences))
    held = {unit: held_out(splits[Split.VALIDATION], unit) for unit in units}
    validation = UnitSets(task, held, network.device)
    facts = facts | {"split": str(Split.VALIDATION), "sequences": validation.counts(units)}
    yield measure(network, task, validation, units), facts, _chances(task, held, units)
    by_length = {unit: tests_of(tests, unit) for unit in set(units)}
    for evaluated in sorted(set.union(*(set(each) for each in by_length.values()))):
        if not network.reads_length(evaluated):
            continue
        whole = {unit: by_length[unit][evaluated] for unit in by_length}
        for group, sets in grouped(task, whole).items():
            yield from _extended(condition, task, network, units, evaluated, group, sets)


def _extended(
    condition: Condition,
    task: Task,
    network: AnyNetwork,
    units: Sequence[Unit],
    evaluated: int,
    group: str,
    sets: Mapping[Unit, Sequences],
) -> Iterator[tuple[Measured, Facts, np.ndarray]]:
    """The measurements of one group of test sequences of one length, under every extension."""
    store, chance = UnitSets(task, sets, network.device), _chances(task, sets, units)
    distance = None if group == ALL else task.group_distance(group)
    facts: Facts = {
        "split": str(Split.TEST),
        "group": group,
        "distance": distance,
        "beyond_window": beyond_window(distance, condition.length, condition.truncation),
        "evaluated_length": evaluated,
        "extension": NO_EXTENSION,
        "sequences": store.counts(units),
    }
    by_steps: dict[tuple[int, ...], Measured] = {}
    for extension in extensions(network, evaluated):
        used = used_steps(extension, condition.length, evaluated)
        if used not in by_steps:
            by_steps[used] = measure(network, task, store, units, extension)
        name = NO_EXTENSION if extension is None else str(extension)
        yield by_steps[used], facts | {"extension": name}, chance


def beyond_window(distance: int | None, length: int, truncation: int) -> bool:
    """Whether no window of K steps holds both ends of a distance; false where K = T.

    Arguments:
        distance: fewest steps between what is remembered and its target; None where unknown.
        length: steps T trained at.
        truncation: steps K of a window.
    """
    return distance is not None and truncation < length and distance >= truncation


def _rule_changes(condition: Condition, members: Sequence[Member]) -> list[float]:
    """The share of each member's rule that is redrawn from step to step; missing where unknown."""
    task = condition.build_task()
    rules = {member.rule for member in members}
    shares = {rule: task.of_rule(rule).share_changed(condition.length) for rule in rules}
    return [np.nan if (share := shares[member.rule]) is None else share for member in members]


def _chances(task: Task, sets: Mapping[Unit, Sequences], units: Sequence[Unit]) -> np.ndarray:
    """The score of chance on the sequences of each member's unit, `[E]`."""
    known = {id(each): task.chance(each) for each in sets.values()}
    return np.array([known[id(sets[unit])] for unit in units])


def grouped(task: Task, sets: Mapping[Unit, Sequences]) -> dict[str, dict[Unit, Sequences]]:
    """All sequences of each unit, and those of each of the task's groups by themselves.

    A group that some unit lacks is left out.
    """
    parts = {ALL: dict(sets)}
    if all(each.groups is not None for each in sets.values()):
        distinct = {id(each): each for each in sets.values()}
        for number, name in enumerate(task.group_names):
            found = {key: each.of_group(number) for key, each in distinct.items()}
            if all(task.metric.targets_in(each.targets) for each in found.values()):
                parts[name] = {unit: found[id(each)] for unit, each in sets.items()}
    return parts


def _score_rows(
    members: pd.DataFrame, measured: Measured, facts: Facts, chance: np.ndarray, metric: Metric
) -> pd.DataFrame:
    failed = members["diverged"].to_numpy()
    table = _with_facts(members.drop(columns=["diverged", "rule_change"]), facts)
    table["diverged"] = failed
    table["metric"] = str(metric)
    table["value"] = np.where(failed, chance, measured.values)
    table["chance"] = chance
    table["score"] = scores(table["value"].to_numpy(), chance, metric)
    table["loss"] = np.where(failed, np.nan, measured.losses)
    table["rule_change"] = members["rule_change"].to_numpy()
    return table


def _position_rows(members: pd.DataFrame, by_step: np.ndarray, facts: Facts) -> pd.DataFrame:
    """A row a step for each member that did not diverge."""
    keep = ~members["diverged"].to_numpy()
    known, steps = _with_facts(members, facts)[keep], len(by_step)
    known = known.drop(columns=["diverged", "rule_change"])
    table = known.loc[known.index.repeat(steps)].reset_index(drop=True)
    table["position"] = np.tile(np.arange(steps), len(known))
    table["value"] = by_step[:, keep].T.reshape(-1)
    return table


def _with_facts(members: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    table = members.assign(**facts)
    table["distance"] = table["distance"].astype("Int64")
    return table
