"""Draw which weights each step uses."""

from pathlib import Path

from snakemake.iocontainers import Snakemake

from timeshare.gallery.strips import write_pictures
from timeshare.storage.logs import logged

snakemake: Snakemake

with logged(snakemake.log[0]):
    write_pictures(Path(snakemake.output[0]).parent)
