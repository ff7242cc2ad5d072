"""Create the tracking store where it is missing."""

from pathlib import Path

from snakemake.iocontainers import Snakemake

from timeshare.experiment.paths import Paths
from timeshare.storage.files import write_json
from timeshare.storage.logs import logged
from timeshare.tracking.example import Example
from timeshare.tracking.inputs import with_store

snakemake: Snakemake

with logged(snakemake.log[0]):
    from timeshare.tracking.run import prepare

    tracking = with_store(snakemake.params.tracking)
    example = snakemake.params.example and Example(**snakemake.params.example)
    prepared = prepare(tracking, Paths(snakemake.params.name), example)
    write_json(Path(snakemake.output.store), prepared)
