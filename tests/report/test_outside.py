"""A figure from outside the package: the one of the guide."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.analysis.synthetic import at, trained
from tests.conftest import small
from tests.guides import guide
from tests.report.conftest import results_of, sharing_wins
from timeshare.claims.judging import judge
from timeshare.experiment import Experiment
from timeshare.experiment.staleness import all_of, sources
from timeshare.registry import ContractError, UnknownNameError
from timeshare.report.build import build
from timeshare.report.results import Results
from timeshare.report.sections import FigureError, figures, sections


@pytest.fixture
def further(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The figures that a configuration with the guide's lines lists."""
    with guide("adding-a-figure.md", "my_figures", tmp_path, monkeypatch) as section:
        yield Experiment.parse(small(**section)).report.figures


@pytest.fixture
def two_lengths() -> Results:
    variants = ["shared", "unshared"]
    return results_of(trained(sharing_wins, ["parity"], variants, [8, 16], train_sizes=(512,)))


def test_a_figure_of_one_file_is_on_the_page(
    further: list[str], two_lengths: Results, runs: list[dict[str, Any]], tmp_path: Path
) -> None:
    build(two_lengths, {}, runs, tmp_path / "report", further)
    page = (tmp_path / "report" / "report.html").read_text()
    section = page.split('<section aria-labelledby="lengths">')[1].split("</section>")[0]
    assert '<figure id="figure-TrainingLengths">' in section
    assert "The highest score is 0.95 [" in section
    for name in ("figures/TrainingLengths.svg", "figures/TrainingLengths.png"):
        assert (tmp_path / "report" / name).stat().st_size > 1000
    assert "shared, T=16" in (tmp_path / "report/tables/TrainingLengths.csv").read_text()


def test_a_figure_whose_tables_are_missing_says_what_to_add(
    further: list[str], winning: Results
) -> None:
    (lengths,) = (each for each in sections(winning, further) if each.anchor == "lengths")
    assert "TrainingLengths" not in lengths.findings
    assert any(line.startswith("No task was trained at two lengths") for line in lengths.missing)


def test_the_report_depends_on_the_file_of_the_figure(further: list[str], tmp_path: Path) -> None:
    files = sources("report", all_of("report.figures", further))
    assert str(tmp_path / "my_figures.py") in files
    assert any(file.endswith("figures/bottom_line.py") for file in files)


def test_a_figure_that_lacks_something_is_refused_with_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        "from timeshare.report.figures.base import Figure",
        "class Half(Figure): ...",
        "class Elsewhere(Figure):",
        "    section = 'nowhere'",
        "    def finding(self, results): ...",
        "class gap(Elsewhere):",
        "    section = 'overfitting'",
    ]
    (tmp_path / "my_wrong_figures.py").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(UnknownNameError, match="Half' does not define finding, section"):
        figures(["my_wrong_figures:Half"])
    with pytest.raises(FigureError, match="the section 'nowhere', which the report does not have"):
        figures(["my_wrong_figures:Elsewhere"])
    with pytest.raises(FigureError, match="two figures have the name 'gap'"):
        figures(["my_wrong_figures:gap"])


def test_a_claim_of_one_file_is_on_the_page(
    runs: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = trained(at(shared=0.9, unshared=0.5), ["parity"], train_sizes=(32, 512))
    with guide("adding-a-claim.md", "my_claims", tmp_path, monkeypatch) as section:
        found = judge(tables, Experiment.parse(small(**section)).claims)
    build(results_of(tables, **found), {}, runs, tmp_path / "report")
    page = (tmp_path / "report" / "report.html").read_text()
    assert '<details id="claim-FewSequences">' in page
    assert 'with few training sequences (<a href="#claim-FewSequences">' in page
    assert f"Of all {len(found['claims'])} arguments" in page


def test_every_figure_of_the_package_is_in_a_section() -> None:
    known = figures()
    assert {"bottom-line", "truncation-cost", "equal-parameters"} <= set(known)
    assert all(figure.place < 100 for figure in known.values())


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        ("'hello'", "`finding` returns str instead of Finding or None"),
        ("Finding('', 'b', 'c', pd.DataFrame(), print)", "the finding's `title` is ''"),
        ("Finding('a', 'b', 'c', None, print)", "`table` is NoneType instead of a DataFrame"),
        ("Finding('a', 'b', 'c', pd.DataFrame(), None)", "`draw` is NoneType, and it is a"),
        (
            "Finding('a', 'b', 'c', pd.DataFrame(), lambda canvas: None)",
            "`draw` returns NoneType instead of a matplotlib Figure",
        ),
    ],
)
def test_what_a_figure_returns_is_held_to_its_type(
    returned: str,
    words: str,
    winning: Results,
    runs: list[dict[str, Any]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = [
        "import pandas as pd",
        "from timeshare.report.figures.base import Figure",
        "from timeshare.report.findings import Finding",
        "class Mine(Figure):",
        "    section = 'lengths'",
        f"    def finding(self, results): return {returned}",
    ]
    module = f"author_{abs(hash(returned))}"
    (tmp_path / f"{module}.py").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ContractError, match=re.escape(words)):
        build(winning, {}, runs, tmp_path / "report", [f"{module}:Mine"])
