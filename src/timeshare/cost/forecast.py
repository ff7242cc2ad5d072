"""What an experiment will take: jobs, core time, wall time and disk. Imports no torch."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace
from statistics import fmean

from timeshare.cost.fitting import timed_task
from timeshare.cost.plan import conditions as study_conditions
from timeshare.cost.plan import measured_variants
from timeshare.cost.seconds import (
    START,
    Work,
    evaluation_seconds,
    stopped_share,
    training_seconds,
    work_of,
)
from timeshare.experiment import Experiment
from timeshare.experiment.outlines import Outline, outlines
from timeshare.tasks.base import Split, Task

REAL = 4
"""Bytes of a number in a file."""
WEIGHTS = 2
"""Weights of each member that are stored: the last and the best."""
RUN_BYTES = 80_000
"""Bytes of a condition's other files, its log and its benchmark."""
TRACKED_BYTES = 300_000
"""Bytes of a condition in the tracking store, its weights aside."""
BASE_BYTES = 20e6
"""Bytes of the report, the tables and the schema of the tracking store."""

DRAWING = 0.5
MEASURING = 0.015
"""Seconds of a repetition of a measured update, at least."""
TRAIN, EVALUATE, DATA, MEASURE = "train", "evaluate", "data", "cost: measure"
ONCE = {"equivalence": 2.7, "cost: project": 2.8}
"""Seconds of steps of one job that run beside training."""
LATE = {"collect": 2.5, "cost: learning": 2.9, "judge": 7.8, "report": 24.0}
"""Seconds of steps of one job that wait for all evaluations."""
TRACKING = {"track: store": 5.7, "track: conditions": 2.0, "track: all": 8.0}
PER_CONDITION = {"collect": 0.045, "track: conditions": 0.046}
"""Seconds for each condition in steps that read them all."""
JOBS = {
    DATA: ("generate", "generate_tests"),
    "track: store": ("track_store",),
    "track: conditions": ("track_part",),
    "track: all": ("track",),
} | {step: (step.replace(": ", "_"),) for step in (TRAIN, EVALUATE, MEASURE, *ONCE, *LATE)}
"""The jobs of each step, as the workflow calls them."""
STARTING = 5.0
"""Seconds in which Snakemake starts."""


@dataclass(frozen=True)
class Forecast:
    """What an experiment will take.

    Arguments:
        conditions: number of conditions.
        members: number of reported members.
        search_members: number of members of the search.
        seconds: expected seconds of each job, by step.
        most: as `seconds`, where every network makes all its updates.
        data, weights, tracked: bytes of data sets, of weights and other files of runs, and of the
            tracking store.
    """

    conditions: int
    members: int
    search_members: int
    seconds: Mapping[str, Sequence[float]]
    most: Mapping[str, Sequence[float]]
    data: float
    weights: float
    tracked: float

    @property
    def jobs(self) -> int:
        """Number of jobs."""
        return sum(map(len, self.seconds.values()))

    @property
    def core_seconds(self) -> float:
        """Expected seconds of all jobs, one after the other on one core."""
        return sum(map(sum, self.seconds.values()))

    @property
    def most_core_seconds(self) -> float:
        """As `core_seconds`, where every network makes all its updates."""
        return sum(map(sum, self.most.values()))

    @property
    def disk(self) -> float:
        """Bytes of all files."""
        return self.data + self.weights + self.tracked + BASE_BYTES

    def by_job(self) -> dict[str, float]:
        """Expected seconds of a job by its name in the workflow, on the mean of such jobs."""
        return {
            job: fmean(self.seconds[step])
            for step, jobs in JOBS.items()
            if self.seconds.get(step)
            for job in jobs
        }

    def wall_seconds(self, slots: int) -> float:
        """Expected seconds from start to end where so many jobs run at once.

        Training waits for data, evaluation for training, and the tables for all evaluations; the
        measurement of costs runs alone.
        """
        beside = [*self.seconds[TRAIN], *(s for name in ONCE for s in self.seconds.get(name, ()))]
        late = (sum(self.seconds.get(name, ())) for name in (*LATE, *TRACKING))
        return (
            STARTING
            + makespan(self.seconds[DATA], slots)
            + makespan(beside, slots)
            + makespan(self.seconds[EVALUATE], slots)
            + sum(self.seconds.get(MEASURE, ()))
            + sum(late)
        )


def makespan(seconds: Iterable[float], slots: int) -> float:
    """Seconds until all jobs are done, the longest first, each on the slot that is free first."""
    jobs = sorted(seconds, reverse=True)
    free = [0.0] * min(slots, len(jobs))
    heapify(free)
    for job in jobs:
        heapreplace(free, free[0] + job)
    return max(free, default=0.0)


def forecast(experiment: Experiment) -> Forecast:
    """What an experiment will take; its grid is outlined and no member of it is made."""
    known = outlines(experiment)
    tasks = {name: experiment.task(name) for name in {o.condition.task for o in known.values()}}
    pairs: dict[tuple[str, int], list[Work]] = defaultdict(list)
    for outline in known.values():
        condition = outline.condition
        pairs[condition.task, condition.length].append(work_of(outline, tasks[condition.task]))
    works = [work for group in pairs.values() for work in group]
    fixed = _single(experiment, len(known)) | {
        DATA: [DRAWING] * (len(pairs) + len(tasks)),
        EVALUATE: _evaluations(experiment, tasks, pairs),
    }
    weights = WEIGHTS * REAL * sum(work.parameters * work.outline.members for work in works)
    tracked = weights + TRACKED_BYTES * len(known) if experiment.tracking.enabled else 0
    return Forecast(
        conditions=len(known),
        members=sum(outline.members for outline in known.values()),
        search_members=sum(outline.search_members for outline in known.values()),
        seconds=fixed | {TRAIN: [training_seconds(work, stopped_share(work)) for work in works]},
        most=fixed | {TRAIN: [training_seconds(work) for work in works]},
        data=_data_bytes(experiment, tasks, pairs),
        weights=weights + RUN_BYTES * len(known),
        tracked=tracked,
    )


def _evaluations(
    experiment: Experiment,
    tasks: Mapping[str, Task],
    pairs: Mapping[tuple[str, int], Sequence[Work]],
) -> list[float]:
    """Seconds of each job that evaluates a task at one training length."""
    lengths = {name: experiment.evaluated_lengths(name) for name in tasks}
    sequences = experiment.evaluation.sequences
    return [
        evaluation_seconds(group, tasks[task], lengths[task], sequences)
        for (task, _), group in pairs.items()
    ]


def _single(experiment: Experiment, conditions: int) -> dict[str, list[float]]:
    """Seconds of the steps of one job."""
    steps = ONCE | LATE | (TRACKING if experiment.tracking.enabled else {})
    found = {name: [s + PER_CONDITION.get(name, 0.0) * conditions] for name, s in steps.items()}
    return found | {MEASURE: [_measuring(experiment) if experiment.cost.enabled else START]}


def _measuring(experiment: Experiment) -> float:
    """Seconds in which the cost study measures updates."""
    cost = experiment.cost
    study = study_conditions(experiment, cost, measured_variants(experiment, cost))
    seconds, task = 0.0, timed_task(experiment, cost)
    for condition in study:
        outline = Outline(condition, {cost.batch: cost.members})
        update = training_seconds(work_of(outline, task)) - START
        seconds += (cost.rounds + 2) * max(MEASURING, update)
    return START + seconds


def _data_bytes(
    experiment: Experiment,
    tasks: Mapping[str, Task],
    pairs: Mapping[tuple[str, int], Sequence[Work]],
) -> float:
    """Bytes of the training, validation and test sequences of all units."""
    held, total = experiment.evaluation.sequences, 0.0
    for (name, length), group in pairs.items():
        task = tasks[name]
        units = max(work.outline.most_units for work in group)
        drawn = max(work.outline.drawn for work in group)
        total += _step_bytes(task) * length * units * (drawn + 2 * _held(task, held, units))
    for name, task in tasks.items():
        units = max(
            work.outline.members
            for (own, _), group in pairs.items()
            if own == name
            for work in group
        )
        steps = sum(experiment.evaluated_lengths(name))
        total += _step_bytes(task) * steps * units * _held(task, held, units)
    return total


def _held(task: Task, sequences: int, units: int) -> float:
    """Held-out sequences of a unit; those of a data set are shared by all units."""
    size = task.size(Split.TEST)
    return sequences if size is None else size / units


def _step_bytes(task: Task) -> int:
    """Bytes of a step with its target: symbols and classes take one each, features four."""
    return 2 if task.symbolic else REAL * (task.input_size + 1)
