"""Summarise what quality cost in the experiment's own runs."""

from pathlib import Path

from snakemake.iocontainers import Snakemake

from timeshare.analysis.contracts import write
from timeshare.cost.quality import medians, quality, survival
from timeshare.cost.samples import growth, samples, sequences
from timeshare.cost.training import training
from timeshare.experiment.cost import Projection
from timeshare.storage.files import read_table
from timeshare.storage.logs import logged

snakemake: Snakemake

with logged(snakemake.log[0]):
    projection = Projection.model_validate(snakemake.params.projection)
    scores, curves, trained, conditions = (
        read_table(Path(getattr(snakemake.input, name)))
        for name in ("scores", "curves", "members", "conditions")
    )
    members = quality(curves, conditions, snakemake.params.level)
    solving = samples(scores, snakemake.params.solved)
    grown = growth(solving)
    tables = {
        "training": training(trained, conditions),
        "quality": members,
        "survival": survival(members),
        "medians": medians(members),
        "samples": solving,
        "growth": grown,
        "sequences": sequences(grown, projection),
    }
    for name, table in tables.items():
        write(name, Path(getattr(snakemake.output, name)), table)
