"""Log conditions, and the report where there is one."""

from pathlib import Path

from timeshare.experiment.models import Tracking
from timeshare.files import write_json
from timeshare.logs import logged

with logged(snakemake.log[0]):
    from timeshare.tracking.run import Plan, track

    plan = Plan(
        Tracking.model_validate(snakemake.params.tracking),
        Path(snakemake.params.results),
        snakemake.params.sweeps,
        snakemake.params.configuration,
        [Path(file) for file in snakemake.input.get("report", [])],
        snakemake.params.purposes,
    )
    write_json(Path(snakemake.output.done), track(plan))
