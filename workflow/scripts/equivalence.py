"""Compare unshared networks with layered feed-forward ones."""

from pathlib import Path

from timeshare.files import write_table
from timeshare.logs import logged
from timeshare.recurrent.feedforward import equivalence

with logged(snakemake.log[0]):
    write_table(Path(snakemake.output.table), equivalence())
