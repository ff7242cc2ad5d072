"""Count and measure what updates cost."""

from pathlib import Path

from timeshare.cost.counting import counted
from timeshare.cost.measurement import measured
from timeshare.cost.plan import conditions, measured_variants
from timeshare.experiment import Experiment
from timeshare.experiment.cost import Cost
from timeshare.files import write_table
from timeshare.logs import logged

with logged(snakemake.log[0]):
    experiment = Experiment.parse(snakemake.config)
    cost = Cost.model_validate(snakemake.params.cost)
    every = conditions(experiment, cost, list(experiment.variants))
    timed = conditions(experiment, cost, measured_variants(experiment, cost))
    write_table(Path(snakemake.output.counted), counted(every))
    write_table(Path(snakemake.output.measured), measured(timed, cost.rounds, cost.device))
