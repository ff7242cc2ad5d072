"""Print where the report of a configuration lies: `python -m timeshare.experiment config.yaml`."""

import sys
from pathlib import Path

from timeshare.experiment import ConfigurationError, Experiment


def main(configuration: Path) -> None:
    """Print the path of the report, or what is wrong with the configuration."""
    try:
        print(Experiment.read(configuration).paths.report("report.html"))
    except ConfigurationError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
