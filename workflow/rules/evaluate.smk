# Evaluate the trained networks, and collect what is known of them into tables
from timeshare.experiment.lookups import evaluation_files, run_files
from timeshare.experiment.paths import EVALUATING
from timeshare.experiment.titles import titles


# Evaluate all conditions of a task at one T: every member, every length, every extension
rule evaluate:
    input:
        weights=lambda wildcards: run_files(
            paths,
            CONDITIONS.of_task(wildcards.task, wildcards.length),
            WEIGHTS,
        ),
        runs=lambda wildcards: run_files(
            paths, CONDITIONS.of_task(wildcards.task, wildcards.length), RUN
        ),
        train=rules.generate.output.train,
        validation=rules.generate.output.validation,
        tests=rules.generate_tests.output.data,
        code=lambda wildcards: sources(
            "evaluate",
            names_of(CONDITIONS.of_task(wildcards.task, wildcards.length)),
        ),
    output:
        scores=paths.evaluation("scores"),
        positions=paths.evaluation("positions"),
        test_sequences=paths.evaluation("test_sequences"),
    log:
        paths.log(EVALUATING),
    benchmark:
        paths.benchmark(EVALUATING)
    conda:
        "../envs/timeshare.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: requests.evaluation_mb(
            CONDITIONS.of_task(wildcards.task, wildcards.length),
            experiment.evaluated_lengths(wildcards.task),
            experiment.evaluation.sequences,
            attempt,
        ),
        runtime=lambda wildcards, attempt: requests.evaluation_minutes(
            CONDITIONS.of_task(wildcards.task, wildcards.length),
            experiment.evaluated_lengths(wildcards.task),
            experiment.evaluation.sequences,
            attempt,
        ),
    params:
        sequences=experiment.evaluation.sequences,
    message:
        "Evaluating all variants on {wildcards.task}, T={wildcards.length}"
    script:
        "../scripts/evaluate.py"


# Collect the files of all runs into tidy tables
rule collect:
    input:
        scores=lambda wildcards: evaluation_files(paths, CONDITIONS.values(), "scores"),
        positions=lambda wildcards: evaluation_files(
            paths, CONDITIONS.values(), "positions"
        ),
        test_sequences=lambda wildcards: evaluation_files(
            paths, CONDITIONS.values(), "test_sequences"
        ),
        history=lambda wildcards: run_files(paths, CONDITIONS.values(), HISTORY),
        runs=lambda wildcards: run_files(paths, CONDITIONS.values(), RUN),
        code=lambda wildcards: sources("collect"),
    output:
        scores=paths.table("scores"),
        positions=paths.table("positions"),
        test_sequences=paths.table("test_sequences"),
        curves=paths.table("curves"),
        members=paths.table("members"),
        conditions=paths.table("conditions"),
        choices=paths.table("choices"),
    log:
        paths.log("collect"),
    benchmark:
        paths.benchmark("collect")
    conda:
        "../envs/timeshare.yaml"
    params:
        conditions=lambda wildcards: len(CONDITIONS),
        titles=titles(experiment),
        margin=experiment.claims.margin,
    message:
        "Collecting {params.conditions} conditions"
    script:
        "../scripts/collect.py"
