"""Draw the test sets of a task at every evaluated length."""

from pathlib import Path

from timeshare.data import draw_tests, write_parts
from timeshare.experiment.build import build_task
from timeshare.logs import logged

with logged(snakemake.log[0]):
    drawn, lengths = snakemake.params.drawn, list(snakemake.params.lengths)
    parts = draw_tests(build_task(drawn["kind"], drawn["parameters"]), lengths, drawn["held"])
    facts = {"task": drawn, "split": "test", "lengths": lengths}
    write_parts(Path(snakemake.output.data), parts, facts)
