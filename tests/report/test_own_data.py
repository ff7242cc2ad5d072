"""A real data set is answered in its own terms, whatever it can tell."""

from dataclasses import replace
from typing import Any

import pytest

from tests.analysis.synthetic import at, trained
from tests.report.conftest import results_of
from timeshare.analysis.own_data import own_answers
from timeshare.analysis.tables import Tables
from timeshare.report.differences import comparisons
from timeshare.report.figures.own_data import OwnData
from timeshare.report.findings import Finding
from timeshare.report.own import in_metric, joint_answers
from timeshare.report.sections import OWN_DATA, sections
from timeshare.report.summary import TITLE, Summary, summary
from timeshare.tasks.metrics import Metric

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


def first_screen(tables: Tables, **others: Any) -> Summary:
    results = results_of(tables, **others)
    return summary(results, sections(results))


def test_the_first_screen_of_real_data_alone_is_about_these_data() -> None:
    screen = first_screen(many(trained(at(shared=0.5, unshared=0.8), ["vowels"], PAIR)))
    assert screen.title.endswith(": one set of weights for all steps, or one for each step?")
    assert "vowels" in screen.title
    assert "unshared weights are better." in screen.answer[0]
    assert "scores highest" in screen.answer[1]
    difference, metric, price = screen.cards
    assert difference.number == "0.30"
    assert "unshared better" in difference.text
    # Scores of .5 and .8 at a chance of one half are accuracies of .75 and .9
    assert metric.number == "90 %"
    assert metric.text == ("right with unshared weights, 75 % with shared ones, 50 % by guessing")
    assert price.title == "Price of unsharing"


def test_with_a_generated_task_the_first_screen_is_that_of_the_question() -> None:
    screen = first_screen(trained(at(shared=0.5, unshared=0.8), ["vowels", "parity"], PAIR))
    assert screen.title == TITLE


def test_each_cell_has_an_answer_that_names_it() -> None:
    kinds = ["shared", "unshared", "gru-shared", "gru-unshared"]
    score = {"shared": 0.5, "unshared": 0.8, "gru-shared": 0.8, "gru-unshared": 0.5}
    tables = many(trained(lambda row: score[row["variant"]], ["vowels"], kinds))
    gru, lstm = first_screen(tables).answer[:2]
    assert "with LSTM networks unshared weights are better" in lstm
    assert "with GRU networks shared weights are better" in gru
    sentence = found(tables).sentence
    assert sentence.count("best on validation data") == 1
    assert "with GRU networks (T=8" in sentence


def test_errors_are_in_the_units_of_the_table_where_these_are_known() -> None:
    (answer,) = own_answers(
        results_of(many(trained(at(shared=0.5, unshared=0.8), ["vowels"], PAIR))).evidence
    )
    levels = {"unshared": 0.25, "shared": 0.36}
    values = replace(answer, metric=Metric.ERROR, levels=levels, chance=1.0)
    number, text = in_metric(values, 10.0)
    assert number == "5"
    assert text == (
        "root mean squared error in the units of the target with unshared weights, 6 with shared "
        "ones, 10 by a constant"
    )
    assert in_metric(values, None)[0] == "0.5"


def test_the_interval_of_a_difference_is_the_one_of_the_whole_page() -> None:
    tables = trained(at(shared=0.5, unshared=0.6), ["vowels"], PAIR, spread=0.1)
    results = results_of(tables)
    (answer,) = joint_answers(results)
    (row,) = comparisons(results).to_dict("records")
    assert answer.profit is not None
    assert (answer.profit.low, answer.profit.high) == (row["low"], row["high"])
