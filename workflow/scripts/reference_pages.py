"""Write the pages that are made from schedules, configuration and commands."""

from pathlib import Path

import typer
from snakemake.iocontainers import Snakemake

from timeshare.cli import app
from timeshare.gallery import commands, configuration, schedules
from timeshare.storage.files import replacing
from timeshare.storage.logs import logged

snakemake: Snakemake

with logged(snakemake.log[0]):
    pages = {
        snakemake.output.schedules: schedules.page(),
        snakemake.output.configuration: configuration.page(),
        snakemake.output.commands: commands.page(typer.main.get_command(app)),
    }
    for path, text in pages.items():
        with replacing(Path(path)) as temporary:
            temporary.write_text(text, encoding="utf-8")
