# Judge the claims of the question, by rules that were fixed before the run

# The cells that there are layered networks of
LAYERED = [("recurrent.cells", cell) for cell in ("rnn", "gru", "lstm")]


# Hold the unshared network against an explicitly layered feed-forward one
rule equivalence:
    input:
        code=lambda wildcards: sources("equivalence", LAYERED),
    output:
        table=f"{RESULTS}/tables/equivalence.parquet",
    log:
        f"{RESULTS}/logs/equivalence.log",
    benchmark:
        f"{RESULTS}/benchmarks/equivalence.tsv"
    conda:
        "../envs/timeshare.yaml"
    message:
        "Comparing unshared networks with feed-forward ones"
    script:
        "../scripts/equivalence.py"


# Compute every claim's effect, interval and verdict from the tables
rule judge:
    input:
        scores=rules.collect.output.scores,
        positions=rules.collect.output.positions,
        conditions=rules.collect.output.conditions,
        equivalence=rules.equivalence.output.table,
        counted=rules.cost_project.output.counted,
        measured=rules.cost_measure.output.measured,
        limits=rules.cost_project.output.limits,
        code=lambda wildcards: sources("judge", tasks_of(CONDITIONS.values())),
    output:
        claims=f"{RESULTS}/tables/claims.parquet",
    log:
        f"{RESULTS}/logs/judge.log",
    benchmark:
        f"{RESULTS}/benchmarks/judge.tsv"
    conda:
        "../envs/timeshare.yaml"
    params:
        thresholds=experiment.claims.model_dump(mode="json"),
    message:
        "Judging the claims"
    script:
        "../scripts/judge.py"
