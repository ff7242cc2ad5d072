# Log what the files say to MLflow, after the fact; jobs that need the network stay on this machine

MLFLOW = f"{RESULTS}/mlflow"
ON_SERVER = (experiment.tracking.store or "").startswith(("http://", "https://"))
# A database has one writer
TRACKED_PARTS = min(8, len(CONDITIONS)) if ON_SERVER else 1
PURPOSES = {name: list(sweep.claims) for name, sweep in experiment.sweeps.items()}
TRACKING = experiment.tracking.model_dump(mode="json", by_alias=True)


localrules:
    track_store,
    track_part,
    track,


include: "tracked.smk"


# Create the store's schema and its experiment, once, before anything is logged
rule track_store:
    input:
        code=lambda wildcards: sources("track_store"),
    output:
        store=f"{MLFLOW}/store.json",
    log:
        f"{RESULTS}/logs/track/store.log",
    benchmark:
        f"{RESULTS}/benchmarks/track/store.tsv"
    conda:
        "../envs/timeshare.yaml"
    params:
        tracking=TRACKING,
        results=lambda wildcards: RESULTS,
    message:
        "Preparing the tracking store"
    script:
        "../scripts/track_store.py"


# Log every so many-th condition; on a server the parts are logged side by side
rule track_part:
    input:
        files=lambda wildcards: tracked_files(part_of(wildcards.part)),
        store=ancient(rules.track_store.output.store),
        code=lambda wildcards: sources("track"),
    output:
        done=f"{MLFLOW}/parts/{{part}}.json",
    log:
        f"{RESULTS}/logs/track/part-{{part}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/track/part-{{part}}.tsv"
    wildcard_constraints:
        part=r"\d+",
    conda:
        "../envs/timeshare.yaml"
    params:
        tracking=TRACKING,
        results=lambda wildcards: RESULTS,
        configuration=ASKED,
        sweeps=lambda wildcards: sweeps_of(part_of(wildcards.part)),
        purposes=PURPOSES,
    message:
        "Logging part {wildcards.part} of the conditions"
    script:
        "../scripts/track.py"


# Log what is not logged yet of any condition, and the report with its claims
rule track:
    input:
        files=tracked_files(CONDITIONS),
        parts=[f"{MLFLOW}/parts/{part}.json" for part in range(TRACKED_PARTS)],
        report=lambda wildcards: reported(),
        store=ancient(rules.track_store.output.store),
        code=lambda wildcards: sources("track"),
    output:
        done=f"{MLFLOW}/tracked.json",
    log:
        f"{RESULTS}/logs/track/all.log",
    benchmark:
        f"{RESULTS}/benchmarks/track/all.tsv"
    conda:
        "../envs/timeshare.yaml"
    params:
        tracking=TRACKING,
        results=lambda wildcards: RESULTS,
        configuration=ASKED,
        sweeps=sweeps_of(CONDITIONS),
        purposes=PURPOSES,
        conditions=len(CONDITIONS),
    message:
        "Logging {params.conditions} conditions"
    script:
        "../scripts/track.py"
