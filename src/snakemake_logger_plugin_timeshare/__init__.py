"""What a run of the workflow says on the terminal: `snakemake --logger timeshare`.

On a terminal one line stays, with what is being done and how long it will take; when the output
goes elsewhere, each finished job is a short line. A failure is shown with its log. Snakemake finds
this package by its name. It is the only one here that knows Snakemake, and knows nothing else.
"""

from snakemake_logger_plugin_timeshare.handler import LogHandler

__all__ = ["LogHandler"]
