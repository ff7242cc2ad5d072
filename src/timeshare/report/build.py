"""Build the report: one page, the same as Markdown, and the figures and tables behind it."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from timeshare.experiment.conditions import FRESH
from timeshare.report import page
from timeshare.report.appendix import appendix
from timeshare.report.results import Results
from timeshare.report.sections import left_out, sections
from timeshare.report.summary import summary
from timeshare.report.terms import terms
from timeshare.report.vector import write_figure
from timeshare.storage.files import replacing

log = logging.getLogger(__name__)


def build(
    results: Results,
    configuration: Mapping[str, Any],
    runs: Sequence[Mapping[str, Any]],
    reports: Path,
    further: Iterable[str] = (),
) -> None:
    """Write `report.html`, `report.md`, `configuration.yaml`, `figures/` and `tables/`.

    Arguments:
        results: what was measured, all of it or a part.
        configuration: the resolved configuration, as plain values.
        runs: what each run was made by; the appendix shows machines, versions and revisions.
        reports: where the report goes.
        further: import paths of figures outside the package, `my_module:MyFigure`.
    """
    filled = sections(results, further)
    drawn = {}
    for name, finding in (item for section in filled for item in section.findings.items()):
        log.info("drawing %s", name)
        drawn[name] = write_figure(name, finding, results.palette, reports / "figures")
        write_csv(reports / "tables" / f"{name}.csv", finding.table)
    extra = appendix(results, runs)
    write_csv(reports / "tables" / "conditions.csv", extra["conditions"])
    known = terms(results.conditions)
    first = summary(results, filled)
    content = page.Content(first, filled, drawn, extra, known, left_out(filled))
    texts = {
        "report.html": page.html(content),
        "report.md": page.markdown(content),
        "configuration.yaml": plain(configuration),
    }
    for name, text in texts.items():
        with replacing(reports / name) as temporary:
            temporary.write_text(text, encoding="utf-8")


def plain(configuration: Mapping[str, Any]) -> str:
    """A configuration as YAML, without the keys that have no value."""
    return yaml.safe_dump(without_nothing(configuration), sort_keys=False, width=96)


def without_nothing(value: Any) -> Any:
    """Plain values without the keys that have none."""
    if isinstance(value, Mapping):
        return {key: without_nothing(each) for key, each in value.items() if each is not None}
    return [without_nothing(each) for each in value] if isinstance(value, list) else value


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write a table as CSV; equal tables give equal bytes."""
    if "train_size" in table:
        sizes = table["train_size"].map({FRESH: "fresh"})
        table = table.assign(train_size=sizes.where(sizes.notna(), table["train_size"]))
    with replacing(path) as temporary:
        table.to_csv(temporary, index=False, float_format="%.6g", lineterminator="\n")
