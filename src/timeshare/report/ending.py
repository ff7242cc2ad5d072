"""What a finished run says last: the answer, and where the report and the runs are.

python -m timeshare.report.ending config.yaml
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from timeshare.experiment import ConfigurationError, Experiment
from timeshare.experiment.paths import Paths
from timeshare.storage.files import read_table
from timeshare.storage.seals import DamagedFileError

BOTTOM_LINE = "C14"
"""The claim that answers the question."""


def ending(paths: Paths, configuration: str) -> Iterator[str]:
    """The lines, those of the answer first.

    Arguments:
        paths: of the experiment.
        configuration: path of its configuration.
    """
    answer = answer_lines(Path(paths.table("claims")))
    if answer:
        yield from (*answer, "")
    report = Path(paths.report("report.html"))
    if report.exists():
        yield f"The report:  {report.resolve().as_uri()}"
    named = "" if configuration == "config.yaml" else f" CONFIG={configuration}"
    yield f"The runs:    make ui{named}"


def answer_lines(claims: Path) -> list[str]:
    """The verdict on the claim that answers the question, and its sentence; none if not judged.

    Arguments:
        claims: the table of claims.
    """
    if not claims.exists():
        return []
    table = read_table(claims)
    rows = table[table["id"] == BOTTOM_LINE]
    return [
        line
        for row in rows.to_dict("records")
        for line in (f"{row['title']}: {row['verdict']}.", str(row["sentence"]))
    ]


def main(configuration: str) -> None:
    """Print the lines, or what is wrong with the configuration."""
    try:
        paths = Experiment.read(Path(configuration)).paths
    except ConfigurationError as error:
        sys.exit(str(error))
    try:
        lines = list(ending(paths, configuration))
    except DamagedFileError as error:
        sys.exit(str(error))
    print("\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1])
