"""Build the report."""

from pathlib import Path

from timeshare.experiment import Experiment
from timeshare.logs import logged
from timeshare.report.build import build
from timeshare.report.tables import read

with logged(snakemake.log[0]):
    experiment = Experiment.parse(snakemake.params.configuration)
    results = Path(snakemake.params.results)
    tables = read(
        Path(snakemake.input.scores).parent, results / "cost", results / "benchmarks", experiment
    )
    build(tables, experiment, results / "runs", Path(snakemake.output.html).parent)
