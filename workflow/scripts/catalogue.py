"""Write the page of tasks."""

from pathlib import Path

from timeshare.files import replacing
from timeshare.logs import logged
from timeshare.report.catalogue import page

with logged(snakemake.log[0]), replacing(Path(snakemake.output[0])) as temporary:
    temporary.write_text(page(), encoding="utf-8")
