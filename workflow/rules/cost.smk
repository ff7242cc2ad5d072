# What training costs: measured alone on the machine, counted, fitted, projected, and learned from runs
from timeshare.cost.study import study

COST = f"{RESULTS}/cost"
# The sections that name conditions
GRID = {"tasks", "variants", "members", "training", "evaluation", "sweeps"}


include: "studied.smk"


# Time every measured variant, with no other job beside it
rule cost_measure:
    input:
        code=lambda wildcards: sources("cost_measure", studied(timed())),
    output:
        measured=f"{COST}/measured.parquet",
    log:
        f"{RESULTS}/logs/cost/measure.log",
    benchmark:
        f"{RESULTS}/benchmarks/cost/measure.tsv"
    conda:
        "../envs/timeshare.yaml"
    # All there are; where nobody counts them, as on a cluster, the profile keeps the node free
    threads: workflow.resource_settings.cores or 1
    params:
        study=lambda wildcards: study(experiment, timed()),
        rounds=experiment.cost.rounds,
        device=experiment.cost.device,
    message:
        "Measuring the cost of updates, alone on the machine"
    script:
        "../scripts/cost_measure.py"


# Count by the formulas, fit exponents, and project memory to lengths nothing here holds
rule cost_project:
    input:
        measured=rules.cost_measure.output.measured,
        code=lambda wildcards: sources(
            "cost_project", studied(experiment.variants) | projected_names()
        ),
    output:
        counted=f"{COST}/counted.parquet",
        scaling=f"{COST}/scaling.parquet",
        projected=f"{COST}/projected.parquet",
        limits=f"{COST}/limits.parquet",
    log:
        f"{RESULTS}/logs/cost/project.log",
    benchmark:
        f"{RESULTS}/benchmarks/cost/project.tsv"
    conda:
        "../envs/timeshare.yaml"
    params:
        study=lambda wildcards: study(experiment, list(experiment.variants)),
        projection=experiment.cost.projection.model_dump(mode="json"),
    message:
        "Counting, fitting and projecting the cost of updates"
    script:
        "../scripts/cost_project.py"


# Read off the experiment's own runs what quality costs: updates, seconds, operations, sequences
rule cost_learning:
    input:
        scores=rules.collect.output.scores,
        curves=rules.collect.output.curves,
        conditions=rules.collect.output.conditions,
        code=lambda wildcards: sources(
            "cost_learning", named_by(CONDITIONS.values()), expands=True
        ),
    output:
        quality=f"{COST}/quality.parquet",
        survival=f"{COST}/survival.parquet",
        medians=f"{COST}/medians.parquet",
        samples=f"{COST}/samples.parquet",
        growth=f"{COST}/growth.parquet",
        sequences=f"{COST}/sequences.parquet",
    log:
        f"{RESULTS}/logs/cost/learning.log",
    benchmark:
        f"{RESULTS}/benchmarks/cost/learning.tsv"
    conda:
        "../envs/timeshare.yaml"
    params:
        level=experiment.cost.level,
        solved=experiment.cost.solved,
        projection=experiment.cost.projection.model_dump(mode="json"),
        configuration=experiment.model_dump(mode="json", include=GRID),
    message:
        "Summarising time to quality and samples to solve"
    script:
        "../scripts/cost_learning.py"


# The whole compute-cost study
rule cost:
    input:
        rules.cost_measure.output,
        rules.cost_project.output,
        rules.cost_learning.output,
