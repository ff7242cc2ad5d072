"""Draw the test sets of a task at every evaluated length."""

from pathlib import Path

from snakemake.iocontainers import Snakemake

from timeshare.data.files import write_parts
from timeshare.data.splits import Unit, draw_tests
from timeshare.experiment.build import build_task
from timeshare.storage.logs import logged

snakemake: Snakemake

with logged(snakemake.log[0]):
    drawn, lengths = snakemake.params.drawn, list(snakemake.params.lengths)
    task = build_task(drawn["kind"], drawn["parameters"])
    units = [Unit(*unit) for unit in drawn["units"]]
    parts = draw_tests(task, lengths, units, drawn["held"])
    facts = {"task": drawn, "split": "test", "lengths": lengths}
    write_parts(Path(snakemake.output.data), parts, facts)
