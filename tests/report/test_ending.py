"""What a finished run says last."""

from pathlib import Path

from timeshare.experiment.paths import Paths
from timeshare.report.ending import answer_lines, ending

REPORT = """# Why?

Would it?

It would where the rule changes.

On real data these runs cannot tell.

* a number: 0.1

## Where each is better

More.
"""


def written(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(REPORT)
    return path


def test_the_answer_is_what_the_report_says_first(tmp_path: Path) -> None:
    lines = answer_lines(written(tmp_path / "report.md"))
    assert lines == ["It would where the rule changes.", "On real data these runs cannot tell."]


def test_the_answer_comes_before_the_addresses(tmp_path: Path) -> None:
    paths = Paths("mine", str(tmp_path))
    written(Path(paths.report("report.md")))
    page = Path(paths.report("report.html"))
    page.write_text("the report")
    lines = list(ending(paths, "studies/mine.yaml"))
    assert lines[1:] == [
        "On real data these runs cannot tell.",
        "",
        f"The report:  {page.as_uri()}",
        "The runs:    make ui CONFIG=studies/mine.yaml",
    ]


def test_without_a_report_there_are_the_runs_alone(tmp_path: Path) -> None:
    assert list(ending(Paths("mine", str(tmp_path)), "config.yaml")) == ["The runs:    make ui"]
