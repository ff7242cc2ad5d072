"""Whether a variant can do a task, as a sentence where it cannot."""

from timeshare.experiment.build import build_reference
from timeshare.experiment.models import Variant
from timeshare.tasks.base import Targets, Task


def misfit(variant: Variant, task: Task, whole: bool = True, fixed: bool = True) -> str | None:
    """What keeps a variant from doing a task, and what to do about it; None where nothing does.

    Arguments:
        variant: as the configuration lists it.
        task: the task.
        whole: whether windows are as long as sequences (K = T).
        fixed: whether all training sequences have T steps.
    """
    if variant.embedding and not task.symbolic:
        return (
            f"embedding: {variant.embedding} is found, but the task's inputs are measured values "
            "and no symbols. Leave the variant out of the task's sweeps."
        )
    if variant.reference is None:
        return None
    name = f"the reference {variant.reference['kind']!r}"
    if not whole:
        return f"{name} reads a whole sequence at once. Give its sweep the truncation 'full' alone."
    if build_reference(variant.reference).every_step:
        return None
    if task.targets is Targets.DENSE:
        return (
            f"{name} answers once a sequence, and the task asks at every step. Leave the variant "
            "out of the task's sweeps."
        )
    if not fixed:
        return f"{name} reads sequences of one length only. Train the task at 'fixed' lengths."
    return None
