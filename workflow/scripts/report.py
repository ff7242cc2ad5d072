"""Build the report."""

from pathlib import Path

from snakemake.iocontainers import Snakemake

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.tables import Tables
from timeshare.experiment.cost import Projection
from timeshare.experiment.thresholds import Thresholds
from timeshare.report.build import build
from timeshare.report.results import read_results
from timeshare.report.times import benchmark_times
from timeshare.storage.files import read_json
from timeshare.storage.logs import logged

snakemake: Snakemake

TABLES = ("scores", "positions", "test_sequences", "members", "conditions", "curves", "choices")

with logged(snakemake.log[0]):
    tables = Tables.read({name: Path(getattr(snakemake.input, name)) for name in TABLES})
    runs = [read_json(Path(path)) for path in sorted(snakemake.input.runs)]
    results = read_results(
        Evidence(tables, Thresholds.model_validate(snakemake.params.thresholds)),
        {name: Path(getattr(snakemake.input, name)) for name in ("claims", "outcomes")},
        [Path(path) for path in snakemake.input.cost],
        benchmark_times(
            {
                step: [Path(path) for path in paths]
                for step, paths in snakemake.params.benchmarks.items()
            }
        ),
        Projection.model_validate(snakemake.params.projection),
        runs,
    )
    build(
        results,
        snakemake.params.configuration,
        runs,
        Path(snakemake.output.html).parent,
        snakemake.params.configuration["report"]["figures"],
    )
