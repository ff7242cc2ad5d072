# Train the networks
from timeshare.cost.resources import Requests, gpus
from timeshare.experiment.paths import CHECKPOINT, TRAINING

requests = Requests()


# Choose the setting of a condition and train its members: every rule and seed at every train size
rule train:
    input:
        train=rules.generate.output.train,
        validation=rules.generate.output.validation,
        test=rules.generate.output.test,
        code=lambda wildcards: sources(
            "train", names_of([CONDITIONS[condition_id(**wildcards)]])
        ),
    output:
        weights=paths.run(WEIGHTS),
        history=paths.run(HISTORY),
        run=paths.run(RUN),
    log:
        paths.log(TRAINING),
    benchmark:
        paths.benchmark(TRAINING)
    conda:
        "../envs/timeshare.yaml"
    threads: lambda wildcards: experiment.training_of(wildcards.task).threads
    resources:
        mem_mb=lambda wildcards, attempt: requests.training_mb(
            CONDITIONS[condition_id(**wildcards)], attempt
        ),
        runtime=lambda wildcards, attempt: requests.training_minutes(
            CONDITIONS[condition_id(**wildcards)], attempt
        ),
        # Where jobs are bundled, one trains at a time (profiles/slurm)
        bundled=1,
        gpu=lambda wildcards: gpus(experiment.training_of(wildcards.task).device),
    params:
        condition=lambda wildcards: CONDITIONS[condition_id(**wildcards)].resolved(),
        checkpoint=paths.run(CHECKPOINT),
    message:
        "Training {wildcards.variant} on {wildcards.task}, T={wildcards.length}, K={wildcards.truncation}"
    script:
        "../scripts/train.py"
