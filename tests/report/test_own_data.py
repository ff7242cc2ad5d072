"""A real data set is answered in its own terms, whatever it can tell."""

from dataclasses import replace
from typing import Any

import pytest

from tests.analysis.synthetic import at, trained
from tests.report.conftest import results_of
from timeshare.analysis.own_data import own_answers
from timeshare.analysis.tables import Tables
from timeshare.report.figures.own_data import OwnData
from timeshare.report.findings import Finding
from timeshare.report.sections import OWN_DATA, sections

PAIR = ["shared", "unshared"]


def found(tables: Tables) -> Finding:
    finding = OwnData().finding(results_of(tables))
    assert finding is not None
    return finding


def growing(shared: float, unshared: float, slope: float) -> Any:
    """Scores with the most sequences (512), which fall by `slope` with each halving."""

    def score(row: Any) -> float:
        best = shared if row["schedule"] == "shared" else unshared
        return float(best - slope * {512: 0, 256: 1, 128: 2}[int(row["train_size"])])

    return score


def many(tables: Tables) -> Tables:
    """The same scores over so many test sequences that their draw adds nothing."""
    return replace(tables, scores=tables.scores.assign(sequences=10**8))


def test_data_that_profit_are_said_to_and_how_many_more_would_close_the_gap() -> None:
    tables = many(
        trained(growing(0.5, 0.7, 0.1), ["vowels"], PAIR, train_sizes=(128, 256, 512), spread=0.001)
    )
    finding = found(tables)
    assert finding.title == "These data profit from unsharing"
    assert "unshared minus shared test score is 0.20" in finding.sentence
    (answer,) = own_answers(results_of(tables).evidence)
    assert answer.growth is not None
    assert answer.growth.times == pytest.approx(4, rel=0.1)
    assert "shared weights would need about 1,5" in finding.sentence
    assert "through 3 train sizes" in finding.sentence


def test_one_train_size_cannot_tell_how_many_more() -> None:
    tables = many(trained(at(shared=0.8, unshared=0.5), ["vowels"], PAIR, spread=0.001))
    finding = found(tables)
    assert finding.title == "These data lose by unsharing"
    assert "unshared weights would need to catch up cannot be told from one" in finding.sentence


def test_scores_that_do_not_grow_never_close_the_gap() -> None:
    tables = many(
        trained(growing(0.5, 0.7, 0.0), ["vowels"], PAIR, train_sizes=(128, 256, 512), spread=0.001)
    )
    assert "more than 100 times the sequences" in found(tables).sentence


def test_few_test_sequences_cannot_tell_a_difference_and_the_sentence_says_how_large() -> None:
    tables = trained(at(shared=0.6, unshared=0.65), ["vowels"], PAIR, spread=0.001)
    finding = found(replace(tables, scores=tables.scores.assign(sequences=50)))
    assert finding.title == "These runs cannot tell whether the data profit from unsharing"
    assert "With 50 test sequences and " in finding.sentence
    assert "differences of less than about 0." in finding.sentence


def test_the_best_schedule_is_read_from_validation_data() -> None:
    tables = many(trained(at(shared=0.6, unshared=0.8, soft=0.9), ["vowels"], [*PAIR, "soft"]))
    assert (
        "soft\N{RIGHT DOUBLE QUOTATION MARK} is best on validation data" in found(tables).sentence
    )


def test_one_seed_is_told_apart_from_nothing() -> None:
    finding = found(trained(at(shared=0.6, unshared=0.8), ["vowels"], PAIR, seeds=1))
    assert "were not compared on two seeds or more" in finding.sentence
    assert "nan" not in finding.sentence


def test_generated_tasks_alone_have_no_such_answer() -> None:
    tables = trained(at(shared=0.6, unshared=0.8), ["parity"], PAIR)
    assert own_answers(results_of(tables).evidence) == []
    assert OwnData().finding(results_of(tables)) is None


@pytest.mark.parametrize(("tasks", "first"), [(["vowels"], True), (["vowels", "parity"], False)])
def test_the_section_comes_first_where_all_data_are_real(tasks: list[str], first: bool) -> None:
    tables = trained(at(shared=0.6, unshared=0.8), tasks, PAIR)
    assert (sections(results_of(tables))[0].anchor == OWN_DATA) is first
