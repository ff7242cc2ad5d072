"""Whether the folders that an experiment runs in have paths that every part of it can use."""

from collections.abc import Iterable
from pathlib import Path

from timeshare.experiment.models import Tracking
from timeshare.experiment.strict import shown

WILDCARDS = "{}"
"""What Snakemake takes for a wildcard wherever it stands in a path."""


def folder_fault(folders: Iterable[Path], tracking: Tracking) -> str | None:
    """What is wrong with the path of a folder, in a sentence; None where nothing is.

    Arguments:
        folders: the working directory and the checkout.
        tracking: the section of the configuration; a database in the results has an address.
    """
    default = tracking.enabled and tracking.store is None
    for folder in folders:
        text = str(folder)
        unfit = [letter for letter in text if letter in WILDCARDS or not letter.isprintable()]
        if unfit:
            return (
                f"The path {shown(text)} holds {unfit[0]!r}, which Snakemake reads as something "
                "else. Rename the folder."
            )
        if "?" in text and default:
            return (
                f"The path {shown(text)} holds '?', which the address of a database cannot. Rename "
                "the folder, or name another place as `tracking.store`."
            )
    return None
