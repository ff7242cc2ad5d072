"""Log conditions, and the report after the last of them."""

from pathlib import Path

from snakemake.iocontainers import Snakemake

from timeshare.experiment.paths import Paths
from timeshare.storage.files import write_json
from timeshare.storage.logs import logged
from timeshare.tracking.inputs import with_store

snakemake: Snakemake

with logged(snakemake.log[0]):
    from timeshare.tracking.run import Plan, track

    plan = Plan(
        with_store(snakemake.params.tracking),
        Paths(snakemake.params.name),
        snakemake.params.sweeps,
        snakemake.params.configuration,
        [Path(file) for file in snakemake.input.get("report", [])],
        snakemake.params.claims,
        snakemake.params.titles,
    )
    write_json(Path(snakemake.output.done), track(plan))
