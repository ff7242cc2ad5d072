"""Configurations that have nothing for a figure or a claim: the page says so and stands."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.analysis.synthetic import FAST, at, trained
from tests.report.conftest import findings, results_of
from timeshare.analysis.tables import Tables
from timeshare.claims.judging import judge
from timeshare.experiment.conditions import FRESH
from timeshare.report import drawing
from timeshare.report.build import build
from timeshare.report.palette import Canvas
from timeshare.report.sections import SECTIONS, left_out, sections

LEVELS = {"shared": 0.9, "unshared": 0.5, "soft": 0.8}


def no_dense_task() -> Tables:
    return trained(at(**LEVELS), ["recall", "drift-0"], LEVELS, train_sizes=(32, 512))


def one_task() -> Tables:
    return trained(at(**LEVELS), ["parity"], LEVELS, evaluated=(16,))


def one_task_without_a_pair() -> Tables:
    return trained(at(**LEVELS), ["drift"], ["shared"])


def one_unit() -> Tables:
    return trained(at(**LEVELS), ["parity", "drift"], LEVELS, train_sizes=(32, 64, 512), seeds=1)


def new_sequences_alone() -> Tables:
    return trained(at(**LEVELS), ["drift", "drift-0"], LEVELS, train_sizes=(FRESH,))


def random_labels_alone() -> Tables:
    return trained(at(**LEVELS), ["labels"], LEVELS, train_sizes=(32, 64, 512))


def real_data_alone() -> Tables:
    return trained(at(**LEVELS), ["vowels"], LEVELS, train_sizes=(32, 128, 512))


def all_diverged() -> Tables:
    """Every member has its chance score, and no loss, and no accuracy by step."""
    tables = trained(
        lambda row: 0.0,
        ["parity", "drift"],
        LEVELS,
        train_sizes=(32, 128, 512),
        spread=0.0,
        evaluated=(16, 32),
    )
    return replace(
        tables,
        scores=tables.scores.assign(diverged=True, loss=np.nan, value=0.5, score=0.0),
        positions=tables.positions.head(0),
        conditions=tables.conditions.assign(diverged=tables.conditions["members"]),
    )


def no_numbers() -> Tables:
    """Outputs that were not finite have no score."""
    tables = trained(at(**LEVELS), ["parity", "drift"], LEVELS, train_sizes=(32, 128, 512))
    return replace(tables, scores=tables.scores.assign(score=np.nan, value=np.nan))


CASES = (
    no_dense_task,
    one_task,
    one_task_without_a_pair,
    one_unit,
    new_sequences_alone,
    random_labels_alone,
    real_data_alone,
    all_diverged,
    no_numbers,
)


@pytest.mark.parametrize("case", CASES)
def test_every_figure_copes_or_says_what_is_missing(case: Callable[[], Tables]) -> None:
    tables = case()
    results = results_of(tables, **judge(tables, FAST))
    filled = sections(results)
    named = {each.title for each in filled} | set(left_out(filled))
    assert named == {each.title for each in SECTIONS}
    for name, finding in findings(results).items():
        assert finding.title
        assert finding.sentence
        assert ", ." not in finding.sentence
        assert "nan" not in f"{finding.title} {finding.sentence} {finding.note}".lower().split()
        assert "2,147,483,647" not in finding.sentence + finding.note
        with drawing.look(name):
            for columns in (1, finding.columns):
                finding.draw(Canvas(columns, results.palette))


@pytest.mark.parametrize("case", [one_task_without_a_pair, all_diverged])
def test_the_page_is_written_whatever_is_missing(
    case: Callable[[], Tables], runs: list[dict[str, Any]], tmp_path: Path
) -> None:
    tables = case()
    results = results_of(tables, **judge(tables, FAST))
    build(results, {}, runs, tmp_path)
    page = (tmp_path / "report.html").read_text()
    assert "diverged" in page
    assert ">nan<" not in page
    assert "`" not in page.split("<body>")[1].split("<script>")[0]


def test_without_verdicts_there_is_no_row_of_a_claim(
    runs: list[dict[str, Any]], tmp_path: Path
) -> None:
    build(results_of(one_task()), {}, runs, tmp_path)
    page = (tmp_path / "report.html").read_text()
    assert 'id="claims"' not in page
    assert "The claims were not judged" in page
    assert "not measured" in page
