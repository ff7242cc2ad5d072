"""Keep the tables of a part of the study."""

from pathlib import Path

from snakemake.iocontainers import Snakemake

from timeshare.analysis.parts import digest_of, keep
from timeshare.report.times import benchmark_times
from timeshare.storage.logs import logged

snakemake: Snakemake

with logged(snakemake.log[0]):
    files = {
        step: [Path(path) for path in paths] for step, paths in snakemake.params.benchmarks.items()
    }
    keep(
        Path(snakemake.output.facts).parent,
        {name: Path(getattr(snakemake.input, name)) for name in snakemake.params.names},
        benchmark_times(files),
        snakemake.params.configuration,
        digest_of(snakemake.input.made_by),
        [Path(path) for path in snakemake.input.runs],
    )
