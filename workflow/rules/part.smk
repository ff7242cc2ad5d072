# Keep the tables of an experiment that is a part of the study: `snakemake part`
from timeshare.cost.staleness import measuring_sources
from timeshare.experiment.benchmarks import benchmark_files
from timeshare.experiment.lookups import run_files
from timeshare.experiment.paths import PART_PREFIX

# Copy the tables, and note what they were made from; an experiment of another name is no part
if experiment.name.startswith(PART_PREFIX):
    # Imported here: it needs pandas, whose import takes longer than all else that a job reads
    from timeshare.analysis.parts import FACTS, KEPT, TIMES

    rule part:
        input:
            **{name: path for name, path in rules.collect.output.items()},
            **{name: path for name, path in rules.cost_measure.output.items()},
            **{name: path for name, path in rules.cost_project.output.items()},
            **{name: path for name, path in rules.cost_learning.output.items()},
            equivalence=rules.equivalence.output.table,
            runs=lambda wildcards: run_files(paths, CONDITIONS.values(), RUN),
            made_by=lambda wildcards: measuring_sources(
                sources, experiment, CONDITIONS.values(), MEASURED
            ),
            code=lambda wildcards: sources("keep_part"),
        output:
            tables=[paths.part(f"{name}.parquet") for name in KEPT],
            times=paths.part(TIMES),
            facts=paths.part(FACTS),
        log:
            paths.log("part"),
        conda:
            "../envs/timeshare.yaml"
        params:
            names=KEPT,
            configuration=RESOLVED,
            benchmarks=lambda wildcards: benchmark_files(paths, CONDITIONS.values()),
        message:
            "Keeping the tables of {experiment.name}"
        script:
            "../scripts/keep_part.py"
