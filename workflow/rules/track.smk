# Log what the files say to MLflow, after the fact; jobs that need the network stay on this machine

MLFLOW = f"{RESULTS}/mlflow"
TRACKED_PARTS = 8
ON_SERVER = (experiment.tracking.store or "").startswith(("http://", "https://"))
TRACKING = experiment.tracking.model_dump(mode="json", by_alias=True)


localrules:
    track_store,
    track_part,
    track,


def part_of(part):
    """Every so many-th condition: one of the parts that several jobs log to a server."""
    return sorted(CONDITIONS)[int(part) :: TRACKED_PARTS]


def tracked_parts():
    """The parts logged side by side: none on a database, which has one writer."""
    return range(min(TRACKED_PARTS, len(CONDITIONS))) if ON_SERVER else range(0)


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


# Create the store's schema and its experiment, once, before anything is logged
rule track_store:
    input:
        code=sources("tracking/store"),
    output:
        store=f"{MLFLOW}/store.json",
    log:
        f"{RESULTS}/logs/track/store.log",
    conda:
        "../envs/timeshare.yaml"
    params:
        tracking=TRACKING,
        results=lambda wildcards: RESULTS,
    message:
        "Preparing the tracking store"
    script:
        "../scripts/track_store.py"


# Log every so many-th condition to a server, side by side with the other parts
rule track_part:
    input:
        files=lambda wildcards: tracked_files(part_of(wildcards.part)),
        store=ancient(rules.track_store.output.store),
        code=sources("tracking"),
    output:
        done=f"{MLFLOW}/parts/{{part}}.json",
    log:
        f"{RESULTS}/logs/track/part-{{part}}.log",
    wildcard_constraints:
        part=r"\d+",
    conda:
        "../envs/timeshare.yaml"
    params:
        tracking=TRACKING,
        results=lambda wildcards: RESULTS,
        configuration=experiment.model_dump(mode="json"),
        sweeps=lambda wildcards: sweeps_of(part_of(wildcards.part)),
    message:
        "Logging part {wildcards.part} of the conditions"
    script:
        "../scripts/track.py"


# Log every condition that is not logged yet, then the report with its claims
rule track:
    input:
        files=tracked_files(CONDITIONS),
        parts=[f"{MLFLOW}/parts/{part}.json" for part in tracked_parts()],
        report=lambda wildcards: reported(),
        store=ancient(rules.track_store.output.store),
        code=sources("tracking"),
    output:
        done=f"{MLFLOW}/tracked.json",
    log:
        f"{RESULTS}/logs/track/all.log",
    benchmark:
        f"{RESULTS}/benchmarks/track.tsv"
    conda:
        "../envs/timeshare.yaml"
    params:
        tracking=TRACKING,
        results=lambda wildcards: RESULTS,
        configuration=experiment.model_dump(mode="json"),
        sweeps=sweeps_of(CONDITIONS),
        conditions=len(CONDITIONS),
    message:
        "Logging {params.conditions} conditions"
    script:
        "../scripts/track.py"
