"""Create the tracking store where it is missing."""

from pathlib import Path

from timeshare.experiment.models import Tracking
from timeshare.files import write_json
from timeshare.logs import logged

with logged(snakemake.log[0]):
    from timeshare.tracking.run import prepare

    tracking = Tracking.model_validate(snakemake.params.tracking)
    write_json(Path(snakemake.output.store), prepare(tracking, Path(snakemake.params.results)))
