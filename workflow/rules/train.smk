# Train the networks
from timeshare.cost.resources import Requests, gpus
from timeshare.experiment.lookups import by_task
from timeshare.experiment.paths import CHECKPOINT, TRAINING

requests = Requests()
trainings = {task: experiment.training_of(task) for task in experiment.tasks}


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
    threads: by_task({task: each.threads for task, each in trainings.items()})
    resources:
        mem_mb=lambda wildcards, attempt: requests.training_mb(
            CONDITIONS[condition_id(**wildcards)], attempt
        ),
        runtime=lambda wildcards, attempt: requests.training_minutes(
            CONDITIONS[condition_id(**wildcards)], attempt
        ),
        # Where jobs are bundled, one trains at a time (profiles/slurm)
        bundled=1,
        gpu=by_task({task: gpus(each.device) for task, each in trainings.items()}),
    params:
        condition=lambda wildcards: CONDITIONS[condition_id(**wildcards)].resolved(),
        checkpoint=paths.run(CHECKPOINT),
    message:
        "Training {wildcards.variant} on {wildcards.task}, T={wildcards.length}, K={wildcards.truncation}"
    script:
        "../scripts/train.py"
