"""Fit exponents to what was measured, and project memory to long sequences."""

from pathlib import Path

import pandas as pd

from timeshare.cost.projection import limits, projected
from timeshare.cost.scaling import scaling
from timeshare.experiment import Experiment
from timeshare.experiment.cost import Cost
from timeshare.files import write_table
from timeshare.logs import logged

with logged(snakemake.log[0]):
    experiment = Experiment.parse(snakemake.config)
    cost = Cost.model_validate(snakemake.params.cost)
    counted = pd.read_parquet(snakemake.input.counted)
    measured = pd.read_parquet(snakemake.input.measured)
    exponents = scaling(counted, measured, experiment.variants)
    curves = projected(cost.projection, int(measured["length"].max()))
    write_table(Path(snakemake.output.scaling), exponents)
    write_table(Path(snakemake.output.projected), curves)
    write_table(Path(snakemake.output.limits), limits(cost.projection))
