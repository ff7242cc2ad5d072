# What the study of costs looks at
from timeshare.cost.plan import measured_variants


def timed():
    """The variants that are measured."""
    return measured_variants(experiment, experiment.cost)


def studied(variants):
    """Names of the task, cells and schedules of a study of these variants."""
    task = experiment.cost.task or next(iter(experiment.tasks))
    kind = experiment.tasks[task].kind or task
    chosen = [experiment.variants[name] for name in variants]
    matched = [experiment.variants[each.match] for each in chosen if each.match]
    names = task_names(kind, experiment.task(task).model_dump(mode="json"))
    return names | networks_of(chosen + matched)


def projected_names():
    """Names of the cell and the schedules that are projected."""
    projection = experiment.cost.projection
    schedules = [
        ("recurrent.schedules", s["kind"]) for s in projection.schedules.values()
    ]
    return {("recurrent.cells", projection.cell), *schedules}
