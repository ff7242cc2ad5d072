# Log what the files contain to MLflow, after the fact; jobs that need the network stay on this machine
from timeshare.experiment.lookups import sweeps_of
from timeshare.experiment.titles import titles
from timeshare.tracking.example import example_facts
from timeshare.tracking.inputs import hide_store, part, part_files, tracked_files

TRACKING = hide_store(experiment.tracking, config)
CLAIMS_OF_SWEEPS = {
    name: list(sweep.claims) for name, sweep in experiment.sweeps.items()
}


localrules:
    track_store,
    track_part,
    track,


# Create the store's schema and its experiment, once, before anything is logged
rule track_store:
    input:
        code=lambda wildcards: sources("track_store"),
    output:
        store=paths.tracking("store.json"),
    log:
        paths.log("track/store"),
    benchmark:
        paths.benchmark("track/store")
    conda:
        "../envs/timeshare.yaml"
    params:
        tracking=TRACKING,
        name=experiment.name,
        # What the saved views of charts begin with
        example=lambda wildcards: example_facts(CONDITIONS.values()),
    message:
        "Preparing the tracking store"
    script:
        "../scripts/track_store.py"


# Log one part of the conditions: on a server they are logged in parts, side by side
rule track_part:
    input:
        files=lambda wildcards: tracked_files(
            paths, part(CONDITIONS, wildcards.part, experiment.tracking).values()
        ),
        store=rules.track_store.output.store,
        code=lambda wildcards: sources("track"),
    output:
        done=paths.tracking("parts/{part}.json"),
    log:
        paths.log("track/part-{part}"),
    benchmark:
        paths.benchmark("track/part-{part}")
    wildcard_constraints:
        part=r"\d+",
    conda:
        "../envs/timeshare.yaml"
    params:
        tracking=TRACKING,
        name=experiment.name,
        configuration=RESOLVED,
        sweeps=lambda wildcards: sweeps_of(
            part(CONDITIONS, wildcards.part, experiment.tracking)
        ),
        claims=CLAIMS_OF_SWEEPS,
        titles=titles(experiment),
    message:
        "Logging part {wildcards.part} of the conditions"
    script:
        "../scripts/track.py"


# Log what is not logged yet of any condition, and the report with its claims: what its parts read
# makes it stale through them
rule track:
    input:
        parts=lambda wildcards: part_files(paths, CONDITIONS, experiment.tracking),
        report=[*rules.report.output, *rules.judge.output],
        store=rules.track_store.output.store,
        code=lambda wildcards: sources("track"),
    output:
        done=paths.tracking("tracked.json"),
    log:
        paths.log("track/all"),
    benchmark:
        paths.benchmark("track/all")
    conda:
        "../envs/timeshare.yaml"
    params:
        tracking=TRACKING,
        name=experiment.name,
        configuration=RESOLVED,
        sweeps=lambda wildcards: sweeps_of(CONDITIONS),
        claims=CLAIMS_OF_SWEEPS,
        titles=titles(experiment),
        conditions=lambda wildcards: len(CONDITIONS),
    message:
        "Logging {params.conditions} conditions"
    script:
        "../scripts/track.py"
