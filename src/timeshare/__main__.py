"""`python -m timeshare` is the command `timeshare`."""

from timeshare.cli import app

app(prog_name="timeshare")
