"""Collect all runs and evaluations into tidy tables."""

from pathlib import Path

from timeshare.collection import collect
from timeshare.logs import logged

with logged(snakemake.log[0]):
    collect(
        [Path(run).parent for run in snakemake.input.runs],
        [Path(scores).parent for scores in snakemake.input.scores],
        Path(snakemake.output.scores).parent,
    )
