"""Draw what training at one T reads."""

from pathlib import Path

from snakemake.iocontainers import Snakemake

from timeshare.data.files import write_parts
from timeshare.data.splits import Unit, draw_training
from timeshare.experiment.build import build_task
from timeshare.storage.logs import logged

snakemake: Snakemake

with logged(snakemake.log[0]):
    drawn = snakemake.params.drawn
    length = int(snakemake.wildcards.length)
    splits = draw_training(
        build_task(drawn["kind"], drawn["parameters"]),
        length,
        [Unit(*unit) for unit in drawn["units"]],
        drawn["count"],
        drawn["held"],
        drawn["up_to"],
    )
    for split, parts in splits.items():
        path = Path(getattr(snakemake.output, split))
        write_parts(path, parts, {"task": drawn, "split": str(split), "length": length})
