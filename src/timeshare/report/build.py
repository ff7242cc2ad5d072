"""Build the report: one page, the same as Markdown, and the figures and tables behind it."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from timeshare.report import page
from timeshare.report.appendix import appendix
from timeshare.report.results import Results
from timeshare.report.sections import sections
from timeshare.report.summary import summary
from timeshare.report.vector import write_figure
from timeshare.storage.files import replacing

log = logging.getLogger(__name__)


def build(
    results: Results,
    configuration: Mapping[str, Any],
    runs: Sequence[Path],
    reports: Path,
    further: Iterable[str] = (),
) -> None:
    """Write `report.html`, `report.md`, `figures/` and `tables/`.

    Arguments:
        results: what was measured, all of it or a part.
        configuration: the resolved configuration, as plain values.
        runs: the files `run.json`, whose machines and versions the appendix shows.
        reports: where the report goes.
        further: import paths of figures outside the package, `my_module:MyFigure`.
    """
    filled = sections(results, further)
    drawn = {}
    for name, finding in (item for section in filled for item in section.findings.items()):
        log.info("drawing %s", name)
        drawn[name] = write_figure(name, finding, results.palette, reports / "figures")
        write_csv(reports / "tables" / f"{name}.csv", finding.table)
    extra = appendix(results, configuration, runs)
    write_csv(reports / "tables" / "conditions.csv", extra["conditions"])
    content = page.Content(summary(results, filled), filled, drawn, extra)
    for name, text in (("report.html", page.html(content)), ("report.md", page.markdown(content))):
        with replacing(reports / name) as temporary:
            temporary.write_text(text, encoding="utf-8")


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write a table as CSV; equal tables give equal bytes."""
    with replacing(path) as temporary:
        table.to_csv(temporary, index=False, float_format="%.6g", lineterminator="\n")
