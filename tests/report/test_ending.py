"""What a finished run says last."""

from pathlib import Path

import pandas as pd

from timeshare.experiment.paths import Paths
from timeshare.report.ending import answer_lines, ending
from timeshare.storage.files import write_table


def judged(path: Path) -> Path:
    claims = pd.DataFrame(
        {
            "id": ["C1", "C14"],
            "title": ["Variable length", "The bottom line"],
            "verdict": ["supported", "contradicted"],
            "sentence": ["It reads any length.", "It would do worse."],
        }
    )
    write_table(path, claims)
    return path


def test_the_answer_is_the_verdict_on_the_bottom_line(tmp_path: Path) -> None:
    claims = judged(tmp_path / "claims.parquet")
    assert answer_lines(claims) == ["The bottom line: contradicted.", "It would do worse."]


def test_the_answer_comes_before_the_addresses(tmp_path: Path) -> None:
    paths = Paths("mine", str(tmp_path))
    judged(Path(paths.table("claims")))
    page = Path(paths.report("report.html"))
    page.parent.mkdir(parents=True)
    page.write_text("the report")
    lines = list(ending(paths, "studies/mine.yaml"))
    assert lines[1:] == [
        "It would do worse.",
        "",
        f"The report:  {page.as_uri()}",
        "The runs:    make ui CONFIG=studies/mine.yaml",
    ]


def test_without_a_report_there_are_the_runs_alone(tmp_path: Path) -> None:
    assert list(ending(Paths("mine", str(tmp_path)), "config.yaml")) == ["The runs:    make ui"]
