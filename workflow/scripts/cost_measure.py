"""Measure what updates cost."""

from pathlib import Path

from snakemake.iocontainers import Snakemake

from timeshare.analysis.contracts import write
from timeshare.cost.measurement import measured
from timeshare.cost.plan import with_both_updates
from timeshare.cost.study import conditions_of
from timeshare.storage.logs import logged

snakemake: Snakemake

with logged(snakemake.log[0]):
    timed = list(with_both_updates(conditions_of(snakemake.params.study)))
    table = measured(timed, snakemake.params.rounds, snakemake.params.device)
    write("measured", Path(snakemake.output.measured), table)
