# Names and look-ups that several rules share
from timeshare.imports import imported, source_of
from timeshare.registry import kinds


def sources(script, named=(), expands=False):
    """Files whose change makes what a script writes stale: all it imports, and what is named.

    Tasks, cells and schedules are found by name, so a file that no condition of the job names
    is not among them: a new one trains nothing again.

    `expands` says that the job itself makes conditions from the configuration.
    """
    package = Path(workflow.basedir) / "src" / "timeshare"
    files = [source_of(room, kind, package) for room, kind in sorted(named)]
    starts = [Path(workflow.basedir) / "workflow" / "scripts" / f"{script}.py"]
    # The registry only looks names up, logs and provenance tell of the job; and what the models
    # of the configuration make of it reaches a job as resolved parameters.
    aside = ["registry", "logs", "provenance", *([] if expands else ["experiment"])]
    without = tuple(f"timeshare.{name}" for name in aside)
    found = [
        imported(start, without, package) for start in (*starts, *filter(None, files))
    ]
    return sorted(str(path) for path in set().union(*found))


def task_names(kind, parameters):
    """Names of a task and of those it is made of."""
    words = [each for each in parameters.values() if isinstance(each, str)]
    parts = [each for each in words if ":" in each or each in kinds("tasks")]
    return {("tasks", each) for each in (kind, *parts)}


def exhibited(exhibit):
    """Names of the tasks in a picture."""
    return task_names(exhibit.kind, exhibit.task.model_dump())


def tasks_of(conditions):
    """Names of the tasks of conditions."""
    each = [task_names(one.task_kind, one.task_parameters) for one in conditions]
    return set().union(*each)


def networks_of(variants):
    """Names of the cells and schedules of variants."""
    cells = {("recurrent.cells", variant.cell) for variant in variants}
    return cells | {("recurrent.schedules", each.schedule["kind"]) for each in variants}


def named_by(conditions):
    """Names of all tasks, cells and schedules of conditions, those they match among them."""
    networks = [
        each for one in conditions for each in (one.network, one.matched) if each
    ]
    return tasks_of(conditions) | networks_of(networks)


def condition_of(wildcards):
    """The condition a set of wildcards names."""
    parts = [f"length-{wildcards.length}", f"truncation-{wildcards.truncation}"]
    return CONDITIONS["/".join([wildcards.task, wildcards.variant, *parts])]


def of_task(task, length=None):
    """All conditions of a task, at one T where given."""
    return [
        condition
        for condition in CONDITIONS.values()
        if condition.task == task and length in (None, condition.length)
    ]


def run_files(wildcards, name):
    """One file of every run of a task at one T."""
    conditions = of_task(wildcards.task, int(wildcards.length))
    return [f"{RESULTS}/runs/{condition.id}/{name}" for condition in conditions]


def evaluation_of(condition, name):
    """The table that holds a condition's evaluation."""
    return f"{RESULTS}/evaluations/{condition.task}/length-{condition.length}/{name}.parquet"


def drawn(wildcards):
    """What is drawn for a task: its kind and parameters, and how much of it.

    Training at one T reads the seeds and the sequences that its own conditions ask for, so what
    is asked for at another T draws nothing again. Test sets know nothing of members.
    """
    length = wildcards.get("length")
    conditions = of_task(wildcards.task, None if length is None else int(length))
    what = {
        "kind": conditions[0].task_kind,
        "parameters": conditions[0].task_parameters,
        "held": experiment.evaluation.sequences,
    }
    if length is None:
        return what
    return what | {
        "seeds": sorted({seed for each in conditions for seed in each.seeds}),
        "count": max(max(each.train_sizes) for each in conditions),
    }
