"""Draw a few sequences of one task."""

from pathlib import Path

from snakemake.iocontainers import Snakemake

from timeshare.gallery.pictures import write_pictures
from timeshare.storage.logs import logged

snakemake: Snakemake

with logged(snakemake.log[0]):
    write_pictures(
        snakemake.wildcards.exhibit, Path(snakemake.output.svg), Path(snakemake.output.png)
    )
