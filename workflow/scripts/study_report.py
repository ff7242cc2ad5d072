"""Build the report of the study from its joined parts."""

from pathlib import Path

from snakemake.iocontainers import Snakemake

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.tables import Tables
from timeshare.experiment.cost import Projection
from timeshare.experiment.thresholds import Thresholds
from timeshare.report.build import build
from timeshare.report.results import read_results
from timeshare.storage.files import read_json, read_table
from timeshare.storage.logs import logged

snakemake: Snakemake

with logged(snakemake.log[0]):
    made = read_json(Path(snakemake.input.made))
    tables = Tables.read({name: Path(getattr(snakemake.input, name)) for name in Tables.names()})
    results = read_results(
        Evidence(tables, Thresholds.model_validate(made["claims"])),
        {name: Path(getattr(snakemake.input, name)) for name in ("claims", "outcomes")},
        [Path(path) for path in snakemake.input.cost],
        read_table(Path(snakemake.input.times)),
        Projection.model_validate(made["projection"]),
    )
    build(results, made["configuration"], made["runs"], Path(snakemake.output.html).parent)
