"""Count what updates cost, fit exponents to what was measured, project memory to long sequences."""

from pathlib import Path

import pandas as pd
from snakemake.iocontainers import Snakemake

from timeshare.analysis.contracts import write
from timeshare.cost.counting import counted
from timeshare.cost.projection import limits, projected
from timeshare.cost.scaling import scaling
from timeshare.cost.study import conditions_of, variants_of
from timeshare.experiment.cost import Projection
from timeshare.storage.files import read_table
from timeshare.storage.logs import logged

snakemake: Snakemake

with logged(snakemake.log[0]):
    study = snakemake.params.study
    projection = Projection.model_validate(snakemake.params.projection)
    counts = counted(conditions_of(study))
    measured = read_table(Path(snakemake.input.measured))
    usual = measured[measured["update"] == study["update"]]
    tables = {"counted": counts, "scaling": pd.DataFrame()}
    if len(usual):
        tables["scaling"] = scaling(counts, usual, variants_of(study), study["update"])
    if snakemake.params.enabled:
        longest = 0 if measured.empty else int(measured["length"].max())
        tables |= {"projected": projected(projection, longest), "limits": limits(projection)}
    else:
        tables |= dict.fromkeys(("projected", "limits"), pd.DataFrame())
    for name, table in tables.items():
        write(name, Path(getattr(snakemake.output, name)), table)
