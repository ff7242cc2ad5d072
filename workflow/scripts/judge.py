"""Judge the claims."""

from pathlib import Path

from timeshare.claims.evidence import Tables
from timeshare.claims.judging import judge
from timeshare.experiment.thresholds import Thresholds
from timeshare.files import write_table
from timeshare.logs import logged

TABLES = ("scores", "positions", "conditions", "equivalence", "counted", "measured", "limits")

with logged(snakemake.log[0]):
    files = {name: Path(getattr(snakemake.input, name)) for name in TABLES}
    thresholds = Thresholds.model_validate(snakemake.params.thresholds)
    write_table(Path(snakemake.output.claims), judge(Tables.read(files), thresholds))
