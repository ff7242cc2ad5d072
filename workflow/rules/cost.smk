# What training costs: counted, measured alone on the machine, fitted, projected, and learned from runs

COST = f"{RESULTS}/cost"


# Time every measured variant, with no other job beside it
rule cost_measure:
    input:
        code=sources("cost", "recurrent", "forward", "members", "scoring", "walk"),
    output:
        counted=f"{COST}/counted.parquet",
        measured=f"{COST}/measured.parquet",
    log:
        f"{RESULTS}/logs/cost/measure.log",
    benchmark:
        f"{RESULTS}/benchmarks/cost/measure.tsv"
    conda:
        "../envs/timeshare.yaml"
    threads: workflow.cores
    params:
        cost=experiment.cost.model_dump(mode="json"),
        variants={
            name: each.model_dump(mode="json")
            for name, each in experiment.variants.items()
        },
    message:
        "Measuring the cost of updates, alone on the machine"
    script:
        "../scripts/cost_measure.py"


# Fit exponents to what was measured and counted, and project memory to lengths nothing here holds
rule cost_project:
    input:
        counted=rules.cost_measure.output.counted,
        measured=rules.cost_measure.output.measured,
        code=sources("cost", "recurrent/architecture"),
    output:
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
        cost=experiment.cost.model_dump(mode="json"),
    message:
        "Fitting and projecting the cost of updates"
    script:
        "../scripts/cost_project.py"


# Read off the experiment's own runs what quality costs: updates, seconds, operations, sequences
rule cost_learning:
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
    log:
        f"{RESULTS}/logs/cost/learning.log",
    benchmark:
        f"{RESULTS}/benchmarks/cost/learning.tsv"
    conda:
        "../envs/timeshare.yaml"
    params:
        cost=experiment.cost.model_dump(mode="json"),
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
