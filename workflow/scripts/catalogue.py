"""Write the page of tasks."""

from pathlib import Path

from snakemake.iocontainers import Snakemake

from timeshare.gallery.catalogue import page
from timeshare.storage.files import replacing
from timeshare.storage.logs import logged

snakemake: Snakemake

with logged(snakemake.log[0]), replacing(Path(snakemake.output[0])) as temporary:
    temporary.write_text(page(), encoding="utf-8")
