# Names and look-ups that several rules share


def sources(*modules):
    """Source files that a job depends on, of whole packages or single modules."""
    root = Path(workflow.basedir) / "src" / "timeshare"
    found = []
    for module in modules:
        path = root / module
        inside = [
            file
            for file in sorted(path.rglob("*"))
            if file.suffix in (".py", ".c", ".h")
        ]
        found += inside if path.is_dir() else [path.with_suffix(".py")]
    return [str(path) for path in found]


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
