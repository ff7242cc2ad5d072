"""Train the members of one condition: a search for the setting, then the reported members."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from tqdm import tqdm

from timeshare.data.splits import Parts
from timeshare.experiment import Condition, Member
from timeshare.experiment.conditions import Role
from timeshare.recurrent.devices import device_of
from timeshare.recurrent.kernels.threads import threads_used
from timeshare.recurrent.subnormals import subnormals_flushed
from timeshare.tasks.base import Split
from timeshare.training.cohort import Cohort
from timeshare.training.history import Point
from timeshare.training.model_selection import chosen_settings
from timeshare.training.resume import Saver, owner_of


@dataclass(frozen=True)
class TrainedMembers:
    """The result of training members as one batch.

    Arguments:
        members: with their settings.
        tensors: `last/...` and `best/...` weights, member axis first.
        points: the learning curves.
        diverged: for each member the update at which it diverged, or None.
        stopped: for each member the number of updates it made.
        trained_out: whether each member stopped by itself.
        seconds: seconds of training.
        resumed_at: number of updates made at each time training was taken up again.
    """

    members: tuple[Member, ...]
    tensors: dict[str, Tensor]
    points: list[Point]
    diverged: list[int | None]
    stopped: list[int]
    trained_out: list[bool]
    seconds: float
    resumed_at: list[int]


@dataclass(frozen=True)
class Trained:
    """The result of training a condition.

    Arguments:
        condition: what was trained.
        search: the members on which settings were tried, or None where there was one setting.
        reported: the members to evaluate, each with the setting chosen for its train size.
    """

    condition: Condition
    search: TrainedMembers | None
    reported: TrainedMembers


def train(
    condition: Condition,
    splits: Mapping[Split, Parts],
    checkpoint: Path | None = None,
    threads: int = 1,
) -> Trained:
    """Choose a setting for each train size on the units of the search, then train all members.

    Arguments:
        condition: task, variant, T, K, members, settings and training plan.
        splits: training, validation and test parts by unit.
        checkpoint: where to save at intervals; an existing one is restored first. The search has
            a file of its own beside it.
        threads: of the compiled kernels; the results are the same with any number.

    Raises `ValueError` where the training plan asks for a device that is not there.
    """
    search: TrainedMembers | None = None
    chosen = dict.fromkeys(condition.train_sizes, 0)
    device = device_of(condition.training.device)
    with threads_used(threads):
        if condition.searches:
            beside = checkpoint and checkpoints(checkpoint)[1]
            held = dict(splits)
            held.pop(Split.TEST)
            search = train_members(condition, condition.search_members, held, beside, device)
            chosen = chosen_settings(condition, search.members, search.points, search.diverged)
        members = condition.with_settings(chosen)
        reported = train_members(condition, members, splits, checkpoint, device)
    return Trained(condition, search, reported)


def checkpoints(path: Path) -> tuple[Path, Path]:
    """The files that a training in progress keeps: of the reported members, and of the search."""
    return path, path.with_name(f"{path.name}-{Role.SEARCH}")


@subnormals_flushed()
def train_members(
    condition: Condition,
    members: Sequence[Member],
    splits: Mapping[Split, Parts],
    checkpoint: Path | None = None,
    device: torch.device | str = "cpu",
) -> TrainedMembers:
    """Train members of a condition as one batch; each stops by itself or after the most updates.

    Arguments:
        condition: what they are members of.
        members: with their settings.
        splits: as for `train`.
        checkpoint: as for `train`.
        device: any torch device.

    Returns:
        last and best weights, learning curves and divergences. The best weights of a member are
        those of its evaluation point with the highest validation score, the first of equals.
    """
    torch.set_num_threads(1)
    plan = condition.training
    cohort = Cohort(condition, members, splits, device)
    saver = Saver(checkpoint, owner_of(condition, members, splits), cohort)
    start = saver.resume()
    done = start.done
    if done == 0:
        cohort.record(0)
    for update in _progress(done, plan.most, condition.id):
        if not cohort.active:
            break
        cohort.update(update)
        done = update + 1
        if cohort.monitor.due(done):
            cohort.record(done)
        saver.save_if_due(done, plan.checkpoint_seconds)
    cohort.finish(done)
    saver.save(done)
    return TrainedMembers(
        cohort.members,
        cohort.weights(),
        cohort.monitor.points,
        cohort.divergence.updates,
        [stopped or 0 for stopped in cohort.stopped],
        cohort.trained_out,
        saver.seconds,
        start.resumed_at,
    )


def _progress(start: int, updates: int, name: str) -> Iterator[int]:
    """The numbers of the updates to make, with a progress bar on a terminal."""
    bar = tqdm(range(start, updates), desc=name, initial=start, total=updates, disable=None)
    yield from bar
