"""Judge the claims."""

from pathlib import Path

from snakemake.iocontainers import Snakemake

from timeshare.analysis.contracts import write
from timeshare.analysis.tables import Tables
from timeshare.claims.judging import judge
from timeshare.experiment.thresholds import Thresholds
from timeshare.storage.logs import logged

snakemake: Snakemake

TABLES = (
    "scores",
    "positions",
    "test_sequences",
    "members",
    "conditions",
    "choices",
    "equivalence",
    "counted",
    "measured",
    "limits",
    "quality",
)

with logged(snakemake.log[0]):
    files = {name: Path(getattr(snakemake.input, name)) for name in TABLES}
    thresholds = Thresholds.model_validate(snakemake.params.thresholds)
    for name, table in judge(Tables.read(files), thresholds).items():
        write(name, Path(getattr(snakemake.output, name)), table)
