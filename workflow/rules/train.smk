# Train every member of one condition: seeds, train sizes and learning rates in one batch
rule train:
    input:
        train=rules.generate.output.train,
        validation=rules.generate.output.validation,
        test=rules.generate.output.test,
        code=lambda wildcards: sources("train", named_by([condition_of(wildcards)])),
    output:
        weights=f"{RUN}/weights.safetensors",
        history=f"{RUN}/history.parquet",
        run=f"{RUN}/run.json",
    log:
        f"{RESULTS}/logs/train/{{task}}/{{variant}}/length-{{length}}/truncation-{{truncation}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/train/{{task}}/{{variant}}/length-{{length}}/truncation-{{truncation}}.tsv"
    conda:
        "../envs/timeshare.yaml"
    params:
        condition=lambda wildcards: condition_of(wildcards).resolved(),
    message:
        "Training {wildcards.variant} on {wildcards.task}, T={wildcards.length}, K={wildcards.truncation}"
    script:
        "../scripts/train.py"
