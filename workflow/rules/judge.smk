# Judge the claims of the question, by rules that were fixed before the run
from timeshare.experiment.staleness import all_of

# The cells of which unshared networks are compared with layered ones
LAYERED = sorted(
    {each.cell for each in experiment.variants.values() if each.reference is None}
)


# Hold the unshared network against an explicitly layered feed-forward one
rule equivalence:
    input:
        code=lambda wildcards: sources(
            "equivalence", frozenset(("recurrent.cells", cell) for cell in LAYERED)
        ),
    output:
        table=paths.table("equivalence"),
    log:
        paths.log("equivalence"),
    benchmark:
        paths.benchmark("equivalence")
    conda:
        "../envs/timeshare.yaml"
    params:
        cells=LAYERED,
    message:
        "Comparing unshared networks with feed-forward ones"
    script:
        "../scripts/equivalence.py"


# Compute every claim's effect, interval and verdict from the tables
rule judge:
    input:
        scores=rules.collect.output.scores,
        positions=rules.collect.output.positions,
        test_sequences=rules.collect.output.test_sequences,
        members=rules.collect.output.members,
        conditions=rules.collect.output.conditions,
        choices=rules.collect.output.choices,
        equivalence=rules.equivalence.output.table,
        counted=rules.cost_project.output.counted,
        measured=rules.cost_measure.output.measured,
        limits=rules.cost_project.output.limits,
        quality=rules.cost_learning.output.quality,
        code=lambda wildcards: sources(
            "judge", all_of("claims", experiment.claims.further)
        ),
    output:
        claims=paths.table("claims"),
        outcomes=paths.table("outcomes"),
    log:
        paths.log("judge"),
    benchmark:
        paths.benchmark("judge")
    conda:
        "../envs/timeshare.yaml"
    params:
        thresholds=experiment.claims.model_dump(mode="json"),
    message:
        "Judging the claims"
    script:
        "../scripts/judge.py"
