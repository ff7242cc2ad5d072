"""Create the tracking store where it is missing."""

from pathlib import Path

from snakemake.iocontainers import Snakemake

from timeshare.experiment.models import Tracking
from timeshare.experiment.paths import Paths
from timeshare.storage.files import write_json
from timeshare.storage.logs import logged

snakemake: Snakemake

with logged(snakemake.log[0]):
    from timeshare.tracking.run import prepare

    tracking = Tracking.model_validate(snakemake.params.tracking)
    write_json(Path(snakemake.output.store), prepare(tracking, Paths(snakemake.params.name)))
