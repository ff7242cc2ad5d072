# Draw the data sets of every task, once

DATA = f"{RESULTS}/data/{{task}}"


# Draw what training at one T reads: a training set a seed, validation, and test at T
rule generate:
    input:
        code=lambda wildcards: sources("generate", tasks_of(of_task(wildcards.task))),
        files=lambda wildcards: experiment.task(wildcards.task).files,
    output:
        train=f"{DATA}/length-{{length}}/train.safetensors",
        validation=f"{DATA}/length-{{length}}/validation.safetensors",
        test=f"{DATA}/length-{{length}}/test.safetensors",
        manifests=[
            f"{DATA}/length-{{length}}/{split}.manifest.json"
            for split in ("train", "validation", "test")
        ],
    log:
        f"{RESULTS}/logs/generate/{{task}}/length-{{length}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/generate/{{task}}/length-{{length}}.tsv"
    conda:
        "../envs/timeshare.yaml"
    params:
        drawn=drawn,
    message:
        "Drawing {wildcards.task} at T={wildcards.length} for training"
    script:
        "../scripts/generate.py"


# Draw the test sets of a task at every evaluated length
rule generate_tests:
    input:
        code=lambda wildcards: sources(
            "generate_tests", tasks_of(of_task(wildcards.task))
        ),
        files=lambda wildcards: experiment.task(wildcards.task).files,
    output:
        data=f"{DATA}/tests.safetensors",
        manifest=f"{DATA}/tests.manifest.json",
    log:
        f"{RESULTS}/logs/generate/{{task}}/tests.log",
    benchmark:
        f"{RESULTS}/benchmarks/generate/{{task}}/tests.tsv"
    conda:
        "../envs/timeshare.yaml"
    params:
        drawn=drawn,
        lengths=lambda wildcards: experiment.evaluated_lengths(wildcards.task),
    message:
        "Drawing {wildcards.task} at every evaluated length"
    script:
        "../scripts/generate_tests.py"
