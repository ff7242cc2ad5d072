"""Collect all runs and evaluations into tidy tables."""

from pathlib import Path

from snakemake.iocontainers import Snakemake

from timeshare.analysis.contracts import write
from timeshare.storage.logs import logged
from timeshare.training.collect import collect

snakemake: Snakemake

with logged(snakemake.log[0]):
    tables = collect(
        [Path(run).parent for run in snakemake.input.runs],
        [Path(scores).parent for scores in snakemake.input.scores],
        snakemake.params.titles,
        snakemake.params.margin,
    )
    for name, table in tables.items():
        write(name, Path(getattr(snakemake.output, name)), table)
