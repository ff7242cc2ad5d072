"""The metric on each test sequence of a real data set, on which all seeds are scored alike."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import torch

from timeshare.data.splits import Unit
from timeshare.experiment import Condition, Member
from timeshare.experiment.models import SEQUENCES_AT_ONCE
from timeshare.tasks.base import Sequences, Task
from timeshare.training.history import member_table
from timeshare.training.sets import UnitSets
from timeshare.training.windows import AnyNetwork, score_targets

FACTORS = ["task", "variant", "length", "truncation", "train_size"]
"""Columns of which each combination is one network to a comparison, whatever the seed."""


def by_sequence(
    network: AnyNetwork, task: Task, sets: UnitSets, units: Sequence[Unit]
) -> tuple[np.ndarray, np.ndarray]:
    """The metric of each of N sequences, summed over its targets, and their number; `[E, N]`."""
    batches = sets.chunks(units, SEQUENCES_AT_ONCE)
    parts = [score_targets(network, task, batch, None) for batch in batches]
    values = torch.cat([scored.double().sum(dim=0).cpu() for scored, _, _ in parts], dim=1)
    targets = torch.cat([where.sum(dim=0).cpu() for _, _, where in parts], dim=1)
    return values.numpy(), targets.numpy()


def sequence_table(
    condition: Condition,
    members: Sequence[Member],
    diverged: Sequence[int | None],
    network: AnyNetwork,
    tests: Mapping[Unit, Mapping[int, Sequences]],
    selection: str,
) -> pd.DataFrame:
    """A row a test sequence of length T and train size: the metric, a mean over the seeds.

    The table is empty where the task is generated, so that each unit has test sequences of its own,
    and where no sequences of length T are tested.

    Arguments:
        condition: what was trained.
        members: the reported ones.
        diverged: the update at which each member diverged; such a member scores chance.
        network: the members with the weights that are scored.
        tests: the test sequences of each unit by length.
        selection: which weights these are.
    """
    task, length = condition.build_task(), condition.length
    if not task.real or any(length not in own for own in tests.values()):
        return pd.DataFrame()
    sets = {unit: own[length] for unit, own in tests.items()}
    units = [member.unit for member in members]
    values, targets = by_sequence(network, task, UnitSets(task, sets, network.device), units)
    chance = np.array([task.chance(sets[unit]) for unit in units])
    failed = np.array([update is not None for update in diverged])
    values = np.where(failed[:, None], chance[:, None] * targets, values)
    table = member_table(condition, members)[FACTORS]
    table = table.loc[table.index.repeat(values.shape[1])].reset_index(drop=True)
    table["selection"] = selection
    table["sequence"] = np.tile(np.arange(values.shape[1]), len(members))
    table["targets"] = targets.reshape(-1)
    with np.errstate(invalid="ignore"):  # a sequence without targets has no value
        table["value"] = (values / targets).reshape(-1)
    keys = [*FACTORS, "selection", "sequence"]
    return table.groupby(keys, as_index=False, sort=False).agg(
        {"targets": "first", "value": "mean"}
    )
