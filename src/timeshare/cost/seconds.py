"""How many seconds the jobs of an experiment take, from the formulas and constants of one machine.

The constants were fitted to the 74 training jobs and 17 evaluations of the default experiment on
one core of an AMD EPYC (Zen 4, AVX-512); other machines are slower or faster by a factor that is
the same for all jobs, more or less. `docs/cost.md` says how far off the estimates were.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from timeshare.cost.formulas import flops_reference, flops_update
from timeshare.cost.plan import update_with
from timeshare.experiment.outlines import Outline
from timeshare.recurrent.architecture import Architecture, parameter_count
from timeshare.tasks.base import Split, Task
from timeshare.training.model_factory import any_architecture_of

OPERATION = 1.2e-11
"""Seconds of a floating-point operation in a matrix product."""
POINT = 4e-9
"""Seconds that a unit's gate takes beyond products, in each step of a sequence."""
PARAMETER = 1.5e-9
"""Seconds that AdamW takes for a parameter in an update."""
WINDOW = 8.7e-4
"""Seconds of a window of an update, whatever members and sizes it has."""
FORWARD = 1 / 3
"""Share of an update's operations that evaluating the same sequences takes."""
EVALUATED = 3.2e-11
"""Seconds of a floating-point operation of an evaluation, in which losses and scores count."""
START = 2.6
"""Seconds in which a job starts Python and torch, reads its files and writes them."""
STOPPED = 0.6
"""Share of the most updates that members make who stop by themselves; .55 and .67 were seen."""
EXTENSIONS = 4
"""Times that a network with an end is evaluated at a length beyond T."""
SELECTIONS = 2
"""Weights of each member that are evaluated: the last and the best."""


@dataclass(frozen=True)
class Work:
    """What the jobs of a condition have to do.

    Arguments:
        outline: the condition and the number of its members.
        parameters: learned numbers of a member.
        operations: in the matrix products of a member's update.
        rows: gates times hidden units, which a step computes; of a reference its hidden units.
        ends: whether a step past T has weights only by an extension.
    """

    outline: Outline
    parameters: int
    operations: int
    rows: int
    ends: bool


def work_of(outline: Outline, task: Task) -> Work:
    """What the jobs of a condition of the task have to do."""
    condition = outline.condition
    architecture = any_architecture_of(condition)
    count = parameter_count(architecture).total
    if isinstance(architecture, Architecture):
        operations = flops_update(update_with(architecture, condition, task, members=1))
        return Work(outline, count, operations, architecture.rows, architecture.needs_extension)
    operations = flops_reference(architecture, condition.training.batch)
    return Work(outline, count, operations, architecture.hidden_size, False)


def training_seconds(work: Work, share: float = 1.0) -> float:
    """Seconds of the job that trains a condition.

    Arguments:
        work: of the condition.
        share: of the most updates, how many the members make.
    """
    outline, condition = work.outline, work.outline.condition
    batches = 2 if outline.search_members else 1
    windows = -(-condition.length // condition.truncation)
    points = condition.length * condition.training.batch * work.rows
    member = OPERATION * work.operations + PARAMETER * work.parameters + POINT * points
    update = outline.networks * member + batches * windows * WINDOW
    return START + share * condition.training.most * update


def stopped_share(work: Work) -> float:
    """The share of the most updates that the members of a condition are expected to make."""
    return 1.0 if work.outline.condition.training.plateau is None else STOPPED


def evaluation_seconds(
    works: Sequence[Work], task: Task, lengths: Sequence[int], sequences: int
) -> float:
    """Seconds of the job that evaluates conditions of one task at one training length.

    Arguments:
        works: of the conditions.
        task: of all of them.
        lengths: evaluated lengths, in steps.
        sequences: of each test set that a rule generates.
    """
    tested = task.size(Split.TEST) or sequences
    groups = 1 + len(task.group_names)
    seconds = START
    for work in works:
        condition = work.outline.condition
        longer = EXTENSIONS if work.ends else 1
        steps = sum(length if length == condition.length else longer * length for length in lengths)
        step = FORWARD * work.operations / (condition.training.batch * condition.length)
        evaluated = (groups * steps + 2 * condition.length) * tested
        seconds += SELECTIONS * work.outline.members * evaluated * step * EVALUATED
    return seconds
