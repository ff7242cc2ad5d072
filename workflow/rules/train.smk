# Train every member of one condition: seeds, train sizes and learning rates in one batch
rule train:
    message:
        "Training {wildcards.variant} on {wildcards.task}, T={wildcards.length}, K={wildcards.truncation}"
    input:
        train=rules.generate.output.train,
        validation=rules.generate.output.validation,
        test=rules.generate.output.test,
        code=sources("training", "curves", "batches", "forward", "scoring", "recurrent"),
    output:
        weights=f"{RUN}/weights.safetensors",
        history=f"{RUN}/history.parquet",
        run=f"{RUN}/run.json",
    params:
        condition=lambda wildcards: condition_of(wildcards).resolved(),
    log:
        f"{RESULTS}/logs/train/{{task}}/{{variant}}/length-{{length}}/truncation-{{truncation}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/train/{{task}}/{{variant}}/length-{{length}}/truncation-{{truncation}}.tsv"
    script:
        "../scripts/train.py"
