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


def _version(asked: bool) -> None:
    """Print the version and end."""
    if asked:
        from importlib.metadata import version

        typer.echo(f"timeshare {version('timeshare')}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options before a command."""


Configuration = Annotated[
    Path, typer.Argument(metavar="[CONFIG]", help="The configuration of the experiment.")
]
Run = Annotated[
    Path,
    typer.Argument(metavar="RUN", help="An experiment's name, its results, or one run's folder."),
]
Table = Annotated[
    Path, typer.Argument(metavar="TABLE", help="New sequences, in the form of your own table.")
]


@contextmanager
def _explained() -> Iterator[None]:
    """End the command with the message of an error that is the user's to mend, and status 1."""
    try:
        yield
    except (ValueError, OSError) as error:
        typer.echo(f"timeshare: {error}", err=True)
        raise typer.Exit(1) from None


@app.command(short_help="What an experiment will take, before it runs.")
def show(
    config: Configuration = Path("config.yaml"),
    slots: Annotated[
        str, typer.Option(help="Numbers of jobs at once to estimate the time for.")
    ] = "1,2,16",
) -> None:
    """Show what an experiment will take, before anything runs.

    It counts conditions, networks and jobs, and estimates time, memory and disk by formulas. The
    times are those of one core of an AMD EPYC (Zen 4); yours differ by a factor. A faulty
    configuration is refused with the same message as by `snakemake`.

    Example: timeshare show studies/quick.yaml --slots 1,16,200
    """
    with _explained():
        from timeshare.cost.overview import overview
        from timeshare.experiment import Experiment

        typer.echo(overview(Experiment.read(config), str(config), _numbers(slots)))


@app.command(short_help="Write an experiment's configuration from a table.")
def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of the experiment and of its file.")
    ],
    data: Annotated[
        Path | None,
        typer.Option(help="Your table: CSV, Parquet, .npz or .ts. Without it, built-in tasks."),
    ] = None,
    target: Annotated[str | None, typer.Option(help="Column of the target.")] = None,
    sequence: Annotated[str | None, typer.Option(help="Column that names the sequence.")] = None,
    step: Annotated[str | None, typer.Option(help="Column that numbers the step.")] = None,
    split: Annotated[
        str | None, typer.Option(help="Column that says train, validation or test.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file of this name.")] = False,
) -> None:
    """Write the configuration of a new experiment, NAME.yaml, with comments on what to change.

    What the table holds is found in it: one row a step or one row a sequence, which columns are
    what, lengths, classes or values, sizes. The experiment takes about three minutes on two cores.

    Example: timeshare new my-question --data walks.csv --target direction
    """
    with _explained():
        from timeshare.cost.starter import starter
        from timeshare.storage.files import replacing

        path = Path(f"{name}.yaml")
        if path.exists() and not force:
            raise ValueError(f"{path} is there already. Choose another name, or add --force.")
        columns = {"target": target, "sequence": sequence, "step": step, "split": split}
        given = {role: column for role, column in columns.items() if column is not None}
        text = starter(name, data, given, Path())
        with replacing(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
        typer.echo(
            f"Wrote {path}: read it, and change what is wrong.\n"
            f"What it will take:  timeshare show {path}\n"
            f"Run it:             make CONFIG={path}"
        )


@app.command(short_help="Use a trained network on new sequences.")
def predict(
    run: Run,
    table: Table,
    output: Annotated[
        Path, typer.Option(help="Where the predictions are written: CSV or Parquet.")
    ] = Path("predictions.csv"),
    task: Annotated[
        str | None, typer.Option(help="Name of the task, where several are yours.")
    ] = None,
    variant: Annotated[
        str | None, typer.Option(help="Use the best network of this variant.")
    ] = None,
    length: Annotated[
        int | None, typer.Option(help="Use the best one of this training length.")
    ] = None,
    member: Annotated[
        int | None, typer.Option(help="Use this member of its condition, from 0.")
    ] = None,
    extension: Annotated[
        str | None, typer.Option(help="Which trained step serves a step past the last one.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite the file of predictions.")
    ] = False,
) -> None:
    """Use the best network of an experiment on new sequences, from a table to a table.

    The best network is the one with the highest score on validation sequences. Features are scaled
    as those of its training were; values are in the units of your table, classes have their names
    and probabilities. Columns of targets in the new table are not looked at.

    Example: timeshare predict my-question new-walks.csv --output predictions.csv
    """
    with _explained():
        from timeshare.storage.files import write_user_table

        if output.exists() and not force:
            raise ValueError(f"{output} is there already. Name another file, or add --force.")
        from timeshare.training.choosing import best_network
        from timeshare.training.predict import extension_named, predicted

        folder = run if run.is_dir() else Path("results") / run
        chosen = best_network(folder, task, variant, length, member)
        predictions = predicted(chosen, table, extension_named(extension))
        write_user_table(output, predictions)
        typer.echo(f"{chosen}, validation score {chosen.score:.2f}")
        typer.echo(f"Wrote {len(predictions):,} predictions: {output}")


@app.command(short_help="Check a task, cell, schedule, claim or figure of your own.")
def check(
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH", help="my_module:MyClass; the module may lie in this folder."
        ),
    ],
    parameters: Annotated[
        str, typer.Option(help="Its parameters, as the configuration would have them.")
    ] = "{}",
    tables: Annotated[
        Path | None,
        typer.Option(help="Results of an experiment, on which a claim or figure is tried, too."),
    ] = None,
) -> None:
    """Check that a task, cell, schedule, reference, claim or figure keeps what its kind promises.

    Shapes, dtypes, ranges, determinism, leakage of test sequences, gradients against the
    definition, what is counted, what is described. Each promise is a line, each fault a sentence;
    the status is 1 where there is one.

    Example: timeshare check my_tasks:Majority --parameters '{share: 0.4}'
    """
    with _explained():
        from timeshare.checking.check import check as checked
        from timeshare.checking.check import parameters_of

        broken = 0
        for result in checked(path, parameters_of(parameters), tables):
            word = "ok" if result.checked and not result.faults else "FAILED"
            typer.echo(f"{word if result.checked else '-':7} {result.promise}")
            for fault in result.faults:
                typer.echo(f"          {fault}")
            broken += bool(result.faults)
        if broken:
            raise ValueError(f"{path} breaks {broken} of its promises.")
        typer.echo(f"{path} keeps all of them.")


@app.command(name="new-task", short_help="Write a task of your own to begin with.")
def new_task(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="Name of the task: lower-case words with hyphens."),
    ],
    force: Annotated[bool, typer.Option(help="Overwrite files of these names.")] = False,
) -> None:
    """Write a task of your own to begin with, NAME.py, and a test of it, test_NAME.py.

    Both work as they are: change the rule, and what the comments say about it.

    Example: timeshare new-task count-ones
    """
    with _explained():
        from timeshare.checking.skeleton import write

        module, test, kind = write(name, Path(), force)
        typer.echo(
            f"Wrote {module} and {test}: change the rule.\n"
            f"Check it:           timeshare check {kind}\n"
            f"Test it:            python -m pytest {test}\n"
            f"In a configuration: tasks: {{{name}: {{kind: '{kind}'}}}}"
        )


def _numbers(text: str) -> list[int]:
    """Numbers from 1 that are divided by commas or spaces."""
    words = text.replace(",", " ").split()
    if not words or not all(word.isdecimal() and int(word) > 0 for word in words):
        raise ValueError(f"--slots: {text!r} is found. Write numbers from 1, such as 1,16,200.")
    return [int(word) for word in words]
