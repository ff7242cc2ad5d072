"""Which trained network of an experiment is used on new sequences: the best on validation data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from timeshare.experiment import Condition, Member
from timeshare.experiment.conditions import Role, size_name
from timeshare.experiment.paths import HISTORY, RUN, WEIGHTS
from timeshare.experiment.strict import unknown
from timeshare.storage.files import read_json, read_table
from timeshare.tasks.base import Split
from timeshare.tasks.csv import Csv
from timeshare.training.facts import reported_members

IDENTITY = ["rule", "seed", "train_size"]
"""The columns that identify a reported member of a condition."""


@dataclass(frozen=True)
class Candidate:
    """A trained network.

    Arguments:
        folder: of its condition's run.
        condition: what it belongs to.
        run: the content of the run's file.
        place: of the member in the condition.
        member: the member itself.
        score: its best score on validation sequences, 0 at chance and 1 when perfect.
    """

    folder: Path
    condition: Condition
    run: dict[str, Any]
    place: int
    member: Member
    score: float

    def __str__(self) -> str:
        member = self.member
        rule = f"rule {member.rule}, " if self.condition.random_rule else ""
        return (
            f"{self.condition.id}, member {self.place} ({rule}seed {member.seed}, "
            f"{size_name(member.train_size)} training sequences)"
        )


def best_network(
    folder: Path,
    task: str | None = None,
    variant: str | None = None,
    length: int | None = None,
    member: int | None = None,
) -> Candidate:
    """The network with the highest score on validation sequences; the lower loss breaks a tie.

    Arguments:
        folder: of an experiment's results, or of a condition's run.
        task: name of a task; needed where the experiment has several that read tables.
        variant: name of a variant; all when None.
        length: training length T; all when None.
        member: place of a member in its condition; all when None.

    Raises `ValueError`, one sentence, where there is none.
    """
    runs = list(_runs(folder))
    if not runs:
        raise ValueError(
            f"{folder}: there is no trained network in it. Name the folder of an experiment, such "
            "as results/my-question, after it ran."
        )
    own = [run for run in runs if run[1]["reading"] is not None]
    if not own:
        raise ValueError(f"{folder}: its tasks generate their sequences; none reads a table.")
    own = _of("task", task, own)
    if len(tasks := {run[1]["facts"]["task"] for run in own}) > 1:
        names = ", ".join(sorted(tasks))
        raise ValueError(f"{folder}: several tasks read tables. Choose one by --task: {names}.")
    own = _of("length", length, _of("variant", variant, own))
    found = [each for where, run in own for each in _candidates(where, run, member)]
    if not found:
        raise ValueError(
            f"{folder}: there is no member {member}. A condition's members are numbered from 0."
        )
    return max(found, key=lambda each: each[1])[0]


def _runs(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The folders of all trained conditions, with what their files say."""
    for path in sorted(folder.rglob(RUN)):
        if (path.parent / WEIGHTS).is_file() and (path.parent / HISTORY).is_file():
            run = read_json(path)
            yield path.parent, {"reading": None} | run


def _of(
    key: str, wanted: str | int | None, runs: Sequence[tuple[Path, dict[str, Any]]]
) -> list[tuple[Path, dict[str, Any]]]:
    """The runs whose task, variant or length is the wanted one; all where none is wanted."""
    if wanted is None:
        return list(runs)
    chosen = [run for run in runs if run[1]["facts"][key] == wanted]
    if not chosen:
        known = sorted({str(run[1]["facts"][key]) for run in runs})
        raise ValueError(unknown(key, str(wanted), known))
    return chosen


def _candidates(
    folder: Path, run: dict[str, Any], place: int | None
) -> Iterator[tuple[Candidate, tuple[float, float]]]:
    """The members of a run that did not diverge, each with what it is ranked by."""
    condition = Condition.of(run["condition"])
    history = read_table(folder / HISTORY)
    rows = history[(history["role"] == str(Role.REPORTED)) & ~history["diverged"]]
    rows = rows[rows["split"] == str(Split.VALIDATION)].assign(score=lambda t: t["score"].fillna(0))
    ranked = rows.sort_values(["score", "loss"], ascending=[False, True], kind="stable")
    first = ranked.groupby(IDENTITY).head(1)
    keys = first[IDENTITY].itertuples(index=False, name=None)
    best = dict(zip(keys, first[["score", "loss"]].to_numpy(float).tolist(), strict=True))
    for number, member in enumerate(reported_members(run)):
        key = (member.rule, member.seed, member.train_size)
        if place not in (None, number) or key not in best:
            continue
        score, loss = best[key]
        yield Candidate(folder, condition, run, number, member, score), (score, -loss)


def task_of(candidate: Candidate) -> Csv:
    """The task that a network was trained on, with its table as it was then.

    Raises `ValueError` where the table is gone or has changed, since then new sequences could not
    be scaled as those of the training were.
    """
    try:
        task = candidate.condition.build_task()
    except ValueError as error:
        raise ValueError(
            f"the table that {candidate.condition.id} was trained on is needed to read new "
            f"sequences alike: {error}"
        ) from None
    if not isinstance(task, Csv):
        raise ValueError(f"the task {candidate.condition.task!r} reads no tables.")
    if task.reading() != candidate.run["reading"]:
        raise ValueError(
            f"{task.file}: it has changed since {candidate.condition.id} was trained. Put the old "
            "one back, or train again, so that new sequences are scaled as in training."
        )
    return task
