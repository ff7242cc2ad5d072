"""Judge the claims on the joined parts of the study."""

from pathlib import Path

from snakemake.iocontainers import Snakemake

from timeshare.analysis.contracts import write
from timeshare.analysis.tables import Tables
from timeshare.claims.judging import judge
from timeshare.experiment.thresholds import Thresholds
from timeshare.storage.files import read_json
from timeshare.storage.logs import logged

snakemake: Snakemake

with logged(snakemake.log[0]):
    files = {name: Path(getattr(snakemake.input, name)) for name in Tables.names()}
    thresholds = Thresholds.model_validate(read_json(Path(snakemake.input.made))["claims"])
    for name, table in judge(Tables.read(files), thresholds).items():
        write(name, Path(getattr(snakemake.output, name)), table)
