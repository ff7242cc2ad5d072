"""Build the report: one page, the same as Markdown, and the figures and tables behind it."""

import logging
from pathlib import Path

import pandas as pd

from timeshare.experiment import Experiment, expand
from timeshare.files import replacing
from timeshare.report import page
from timeshare.report.appendix import appendix
from timeshare.report.figures import (
    bottom_line,
    cost,
    lengths,
    overfitting,
    position,
    power,
    spectrum,
    truncation,
)
from timeshare.report.findings import Section
from timeshare.report.summary import summary
from timeshare.report.tables import Tables
from timeshare.report.vector import write_figure

log = logging.getLogger(__name__)


def build(tables: Tables, experiment: Experiment, runs: Path, reports: Path) -> None:
    """Write `report.html`, `report.md`, `figures/` and `tables/`.

    Arguments:
        tables: what was measured, all of it or a part.
        experiment: what was asked for.
        runs: the folder of the runs, whose machine and versions the appendix shows.
        reports: where the report goes.
    """
    themes = sections(tables)
    drawn = {}
    for finding in (each for theme in themes for each in theme.findings):
        log.info("drawing %s", finding.name)
        drawn[finding.name] = write_figure(finding, reports / "figures")
        write_csv(reports / "tables" / f"{finding.name}.csv", finding.table)
    extra = appendix(tables, experiment, runs)
    write_csv(reports / "tables" / "conditions.csv", extra["conditions"])
    missing = [sentence for theme in themes for sentence in theme.missing]
    anchors = [theme.anchor for theme in themes]
    first = summary(tables, expand(experiment), missing, anchors)
    content = page.Content(first, themes, drawn, extra)
    for name, text in (("report.html", page.html(content)), ("report.md", page.markdown(content))):
        with replacing(reports / name) as temporary:
            temporary.write_text(text, encoding="utf-8")


def sections(tables: Tables) -> list[Section]:
    """The themes in the order of the page."""
    themes = (bottom_line, overfitting, lengths, position, truncation, spectrum, power, cost)
    return [theme.section(tables) for theme in themes]


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write a table as CSV; equal tables give equal bytes."""
    with replacing(path) as temporary:
        table.to_csv(temporary, index=False, float_format="%.6g", lineterminator="\n")
