"""Join the parts of the study."""

from pathlib import Path

from snakemake.iocontainers import Snakemake

from timeshare.analysis.parts import join
from timeshare.storage.files import write_json, write_table
from timeshare.storage.logs import logged

snakemake: Snakemake

with logged(snakemake.log[0]):
    joined = join([Path(folder) for folder in snakemake.params.folders])
    for name, table in joined.tables.items():
        write_table(Path(getattr(snakemake.output, name)), table)
    write_table(Path(snakemake.output.times), joined.times)
    write_json(Path(snakemake.output.made), joined.made())
