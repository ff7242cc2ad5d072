# What tracking jobs read, and how they share the conditions


def part_of(part):
    """Every so many-th condition."""
    return sorted(CONDITIONS)[int(part) :: TRACKED_PARTS]


def tracked_files(names):
    """All that the runs of these conditions are made from."""
    conditions = [CONDITIONS[name] for name in names]
    kinds = ("run.json", "history.parquet", "weights.safetensors")
    files = [f"{RESULTS}/runs/{name}/{kind}" for name in names for kind in kinds]
    files += sorted({evaluation_of(condition, "scores") for condition in conditions})
    for condition in conditions:
        data, length = f"{RESULTS}/data/{condition.task}", condition.length
        drawn = (f"length-{length}/train", f"length-{length}/validation", "tests")
        files += [f"{data}/{split}.manifest.json" for split in drawn]
    return list(dict.fromkeys(files))


def sweeps_of(names):
    """The sweeps that name each condition."""
    return {name: list(CONDITIONS[name].sweeps) for name in names}


def reported():
    """The report, and the claims it rests on, where the workflow makes them."""
    return [
        file
        for name in ("report", "judge")
        if workflow.is_rule(name)
        for file in getattr(rules, name).output
    ]
