"""What a finished run says last: the answer, and where the report and the runs are.

python -m timeshare.report.ending config.yaml
"""

import sys
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

from timeshare.experiment import ConfigurationError, Experiment
from timeshare.experiment.paths import Paths


def ending(paths: Paths, configuration: str) -> Iterator[str]:
    """The lines, those of the answer first.

    Arguments:
        paths: of the experiment.
        configuration: path of its configuration.
    """
    if answer := answer_lines(Path(paths.report("report.md"))):
        yield from (*answer, "")
    report = Path(paths.report("report.html"))
    if report.exists():
        yield f"The report:  {report.resolve().as_uri()}"
    named = "" if configuration == "config.yaml" else f" CONFIG={configuration}"
    yield f"The runs:    make ui{named}"


def answer_lines(report: Path) -> list[str]:
    """The sentences of the answer, one paragraph a line; none where there is no report.

    Arguments:
        report: the report in Markdown, in which they stand between the question and the first list.
    """
    if not report.exists():
        return []
    top = report.read_text(encoding="utf-8").partition("\n## ")[0]
    blocks = [block.strip() for block in top.split("\n\n")]
    return list(takewhile(lambda block: not block.startswith("* "), filter(None, blocks[2:])))


def main(configuration: str) -> None:
    """Print the lines, or what is wrong with the configuration."""
    try:
        paths = Experiment.read(Path(configuration)).paths
    except ConfigurationError as error:
        sys.exit(str(error))
    print("\n".join(ending(paths, configuration)))


if __name__ == "__main__":
    main(sys.argv[1])
