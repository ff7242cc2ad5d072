"""Compare unshared networks with layered feed-forward ones."""

from pathlib import Path

from snakemake.iocontainers import Snakemake

from timeshare.analysis.contracts import write
from timeshare.recurrent.layered import equivalence
from timeshare.storage.logs import logged

snakemake: Snakemake

with logged(snakemake.log[0]):
    write("equivalence", Path(snakemake.output.table), equivalence(snakemake.params.cells))
