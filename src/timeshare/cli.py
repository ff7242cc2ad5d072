"""The command `timeshare`: thin commands, whose work is done by the rest of the package.

Modules are imported by the command that needs them, so that help is shown at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Plan experiments on shared and unshared weights, and use the networks they train. "
    "An experiment is one YAML file; `make CONFIG=that-file` runs it.\n\n"
    "Example: timeshare new my-question --data walks.csv",
)

Configuration = Annotated[
    Path, typer.Argument(metavar="[CONFIG]", help="The configuration of the experiment.")
]


@contextmanager
def _explained() -> Iterator[None]:
    """End the command with the message of an error that is the user's to mend, and status 1."""
    try:
        yield
    except (ValueError, OSError) as error:
        typer.echo(f"timeshare: {error}", err=True)
        raise typer.Exit(1) from None


@app.callback()
def _commands() -> None:
    """Keep the name of a command even where there is one alone."""


@app.command()
def show(
    config: Configuration = Path("config.yaml"),
    slots: Annotated[
        str, typer.Option(help="Numbers of jobs at once to estimate the time for.")
    ] = "1,2,16",
) -> None:
    """Show what an experiment will take, before anything runs.

    Conditions, networks, jobs, time, memory and disk are counted from formulas; times are those of
    one core of an AMD EPYC (Zen 4). What is wrong with the configuration is said as `snakemake`
    says it.

    Example: timeshare show studies/quick.yaml --slots 1,16,200
    """
    with _explained():
        from timeshare.cost.overview import overview
        from timeshare.experiment import Experiment

        typer.echo(overview(Experiment.read(config), str(config), _numbers(slots)))


def _numbers(text: str) -> list[int]:
    """Numbers from 1 that are divided by commas or spaces."""
    words = text.replace(",", " ").split()
    if not words or not all(word.isdecimal() and int(word) > 0 for word in words):
        raise ValueError(f"--slots: {text!r} is found. Write numbers from 1, such as 1,16,200.")
    return [int(word) for word in words]
