"""What a figure of the report is."""

from abc import ABC, abstractmethod
from typing import ClassVar

from timeshare.report.findings import Finding
from timeshare.report.results import Results


class Figure(ABC):
    """A figure of the report, with its sentence, its caption and its table.

    Its name, and that of its files, is the name of the module with hyphens for underscores; the
    name of a figure from outside the package is that of its class.
    """

    section: ClassVar[str]
    """The anchor of the section that the figure belongs to; `report.sections` lists them."""
    place: ClassVar[int] = 100
    """The figures of a section are in the order of this number, then of their names."""
    needs: ClassVar[str] = ""
    """What to add to the configuration where the tables lack what is drawn; it is shown in the
    figure's place. Where it is empty, the figure is left out silently."""

    @abstractmethod
    def finding(self, results: Results) -> Finding | None:
        """What the figure shows, or None where the tables lack what it needs.

        Arguments:
            results: scores, costs and verdicts of an experiment.
        """
