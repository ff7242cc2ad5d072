# Draw the data sets of every task, once
from timeshare.experiment.lookups import evaluation_request, training_request
from timeshare.experiment.paths import DRAWING, DRAWING_TESTS


# Draw what training at one T reads: training, validation and test sets of each rule or seed
rule generate:
    input:
        code=lambda wildcards: sources(
            "generate", names_of_task(experiment, wildcards.task)
        ),
        files=lambda wildcards: experiment.task(wildcards.task).files,
    output:
        train=paths.training_data("train"),
        validation=paths.training_data("validation"),
        test=paths.training_data("test"),
        manifests=[
            paths.training_manifest(split) for split in ("train", "validation", "test")
        ],
    log:
        paths.log(DRAWING),
    benchmark:
        paths.benchmark(DRAWING)
    conda:
        "../envs/timeshare.yaml"
    params:
        drawn=lambda wildcards: training_request(
            experiment,
            CONDITIONS.of_task(wildcards.task, wildcards.length),
            wildcards.task,
            wildcards.length,
        ),
    message:
        "Drawing {wildcards.task} at T={wildcards.length} for training"
    script:
        "../scripts/generate.py"


# Draw the test sets of a task at every evaluated length
rule generate_tests:
    input:
        code=lambda wildcards: sources(
            "generate_tests", names_of_task(experiment, wildcards.task)
        ),
        files=lambda wildcards: experiment.task(wildcards.task).files,
    output:
        data=paths.test_data(),
        manifest=paths.test_manifest(),
    log:
        paths.log(DRAWING_TESTS),
    benchmark:
        paths.benchmark(DRAWING_TESTS)
    conda:
        "../envs/timeshare.yaml"
    params:
        drawn=lambda wildcards: evaluation_request(
            experiment, CONDITIONS.of_task(wildcards.task), wildcards.task
        ),
        lengths=lambda wildcards: experiment.evaluated_lengths(wildcards.task),
    message:
        "Drawing {wildcards.task} at every evaluated length"
    script:
        "../scripts/generate_tests.py"
