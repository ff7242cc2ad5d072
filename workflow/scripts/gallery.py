"""Draw a few sequences of one task."""

from pathlib import Path

from timeshare.logs import logged
from timeshare.report.gallery import write_pictures

with logged(snakemake.log[0]):
    write_pictures(
        snakemake.wildcards.exhibit, Path(snakemake.output.svg), Path(snakemake.output.png)
    )
