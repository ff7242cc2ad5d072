# Evaluate all conditions of a task at one T: every member, every length, every extension
rule evaluate:
    input:
        weights=lambda wildcards: run_files(wildcards, "weights.safetensors"),
        history=lambda wildcards: run_files(wildcards, "history.parquet"),
        runs=lambda wildcards: run_files(wildcards, "run.json"),
        train=rules.generate.output.train,
        validation=rules.generate.output.validation,
        tests=rules.generate_tests.output.data,
        code=lambda wildcards: sources(
            "evaluate", named_by(of_task(wildcards.task, int(wildcards.length)))
        ),
    output:
        scores=f"{EVALUATION}/scores.parquet",
        positions=f"{EVALUATION}/positions.parquet",
    log:
        f"{RESULTS}/logs/evaluate/{{task}}/length-{{length}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/evaluate/{{task}}/length-{{length}}.tsv"
    conda:
        "../envs/timeshare.yaml"
    params:
        sequences=experiment.evaluation.sequences,
    message:
        "Evaluating all variants on {wildcards.task}, T={wildcards.length}"
    script:
        "../scripts/evaluate.py"


# Collect the files of all runs into tidy tables
rule collect:
    input:
        scores=sorted({evaluation_of(c, "scores") for c in CONDITIONS.values()}),
        positions=sorted({evaluation_of(c, "positions") for c in CONDITIONS.values()}),
        history=[f"{run}/history.parquet" for run in RUNS],
        runs=[f"{run}/run.json" for run in RUNS],
        code=lambda wildcards: sources("collect"),
    output:
        scores=f"{RESULTS}/tables/scores.parquet",
        positions=f"{RESULTS}/tables/positions.parquet",
        curves=f"{RESULTS}/tables/curves.parquet",
        conditions=f"{RESULTS}/tables/conditions.parquet",
        choices=f"{RESULTS}/tables/choices.parquet",
    log:
        f"{RESULTS}/logs/collect.log",
    benchmark:
        f"{RESULTS}/benchmarks/collect.tsv"
    conda:
        "../envs/timeshare.yaml"
    params:
        conditions=len(RUNS),
    message:
        "Collecting {params.conditions} conditions"
    script:
        "../scripts/collect.py"
