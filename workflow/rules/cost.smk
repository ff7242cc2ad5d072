# What training costs: measured alone on the machine, counted, fitted, projected, and learned from runs
from timeshare.cost.plan import counted_variants, measured_variants
from timeshare.cost.resources import gpus
from timeshare.cost.staleness import projection_names, study_names
from timeshare.cost.study import study
from timeshare.experiment.staleness import variant_names

MEASURED = measured_variants(experiment, experiment.cost)
COUNTED = counted_variants(experiment, experiment.cost)


# Time every measured variant, with no other job beside it
rule cost_measure:
    input:
        code=lambda wildcards: sources(
            "cost_measure", study_names(experiment, MEASURED)
        ),
    output:
        measured=paths.cost("measured"),
    log:
        paths.log("cost/measure"),
    benchmark:
        paths.benchmark("cost/measure")
    conda:
        "../envs/timeshare.yaml"
    # All cores; on a cluster their number is unknown here, and the profile asks for a whole node
    threads: workflow.resource_settings.cores or 1
    resources:
        gpu=gpus(experiment.cost.device),
    params:
        study=lambda wildcards: study(experiment, MEASURED),
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
            "cost_project",
            study_names(experiment, COUNTED)
            | projection_names(experiment.cost.projection),
        ),
    output:
        counted=paths.cost("counted"),
        scaling=paths.cost("scaling"),
        projected=paths.cost("projected"),
        limits=paths.cost("limits"),
    log:
        paths.log("cost/project"),
    benchmark:
        paths.benchmark("cost/project")
    conda:
        "../envs/timeshare.yaml"
    params:
        study=lambda wildcards: study(experiment, COUNTED),
        enabled=experiment.cost.enabled,
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
        members=rules.collect.output.members,
        conditions=rules.collect.output.conditions,
        code=lambda wildcards: sources(
            "cost_learning",
            variant_names(each.network for each in CONDITIONS.values()),
        ),
    output:
        training=paths.cost("training"),
        quality=paths.cost("quality"),
        survival=paths.cost("survival"),
        medians=paths.cost("medians"),
        samples=paths.cost("samples"),
        growth=paths.cost("growth"),
        sequences=paths.cost("sequences"),
    log:
        paths.log("cost/learning"),
    benchmark:
        paths.benchmark("cost/learning")
    conda:
        "../envs/timeshare.yaml"
    params:
        level=experiment.cost.level,
        solved=experiment.claims.solved,
        projection=experiment.cost.projection.model_dump(mode="json"),
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
