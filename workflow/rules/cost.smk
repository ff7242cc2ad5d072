# What training costs: counted, measured alone on the machine, fitted, projected, and learned from runs

COST = f"{RESULTS}/cost"


# Time every measured variant, with no other job beside it
rule cost_measure:
    message:
        "Measuring the cost of updates, alone on the machine"
    input:
        code=sources("cost", "recurrent", "forward", "members", "scoring", "walk"),
    output:
        counted=f"{COST}/counted.parquet",
        measured=f"{COST}/measured.parquet",
    params:
        cost=experiment.cost.model_dump(mode="json"),
        variants={name: each.model_dump(mode="json") for name, each in experiment.variants.items()},
    threads: workflow.cores
    log:
        f"{RESULTS}/logs/cost/measure.log",
    benchmark:
        f"{RESULTS}/benchmarks/cost/measure.tsv"
    script:
        "../scripts/cost_measure.py"


# Fit exponents to what was measured and counted, and project memory to lengths nothing here holds
rule cost_project:
    message:
        "Fitting and projecting the cost of updates"
    input:
        counted=rules.cost_measure.output.counted,
        measured=rules.cost_measure.output.measured,
        code=sources("cost", "recurrent/architecture"),
    output:
        scaling=f"{COST}/scaling.parquet",
        projected=f"{COST}/projected.parquet",
        limits=f"{COST}/limits.parquet",
    params:
        cost=experiment.cost.model_dump(mode="json"),
    log:
        f"{RESULTS}/logs/cost/project.log",
    script:
        "../scripts/cost_project.py"


# Read off the experiment's own runs what quality costs: updates, seconds, operations, sequences
rule cost_learning:
    message:
        "Summarising time to quality and samples to solve"
    input:
        scores=rules.collect.output.scores,
        curves=rules.collect.output.curves,
        conditions=rules.collect.output.conditions,
        code=sources("cost"),
    output:
        quality=f"{COST}/quality.parquet",
        survival=f"{COST}/survival.parquet",
        medians=f"{COST}/medians.parquet",
        samples=f"{COST}/samples.parquet",
        growth=f"{COST}/growth.parquet",
        sequences=f"{COST}/sequences.parquet",
    params:
        cost=experiment.cost.model_dump(mode="json"),
    log:
        f"{RESULTS}/logs/cost/learning.log",
    script:
        "../scripts/cost_learning.py"


# The whole compute-cost study
rule cost:
    input:
        rules.cost_measure.output,
        rules.cost_project.output,
        rules.cost_learning.output,
