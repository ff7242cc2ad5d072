"""Draw the test sets of a task at every evaluated length."""

from pathlib import Path

from snakemake.iocontainers import Snakemake

from timeshare.data.files import write_parts
from timeshare.data.splits import draw_tests
from timeshare.experiment.build import build_task
from timeshare.storage.logs import logged

snakemake: Snakemake

with logged(snakemake.log[0]):
    drawn, lengths = snakemake.params.drawn, list(snakemake.params.lengths)
    parts = draw_tests(build_task(drawn["kind"], drawn["parameters"]), lengths, drawn["held"])
    facts = {"task": drawn, "split": "test", "lengths": lengths}
    write_parts(Path(snakemake.output.data), parts, facts)
