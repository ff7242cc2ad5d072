"""Measure what updates cost."""

from pathlib import Path

from timeshare.cost.measurement import measured
from timeshare.cost.study import conditions_of
from timeshare.files import write_table
from timeshare.logs import logged

with logged(snakemake.log[0]):
    timed = conditions_of(snakemake.params.study)
    table = measured(timed, snakemake.params.rounds, snakemake.params.device)
    write_table(Path(snakemake.output.measured), table)
