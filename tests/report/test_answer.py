"""The answer, its cards and what sharing buys, whichever way the tables point."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.analysis.synthetic import Score, at, trained
from tests.report.conftest import (
    SIZES,
    claims,
    results_of,
    sharing_loses,
    sharing_wins,
    tables_of,
)
from timeshare.report.answer import answer, bought, cards
from timeshare.report.results import Results


def apart(row: Mapping[str, Any]) -> float:
    """Shared weights are better where the rule stays, unshared ones where it changes."""
    return sharing_loses(row) if row["task"] == "drift" else sharing_wins(row)


def test_the_answer_says_who_is_better_where_the_rule_stays_and_where_it_changes(
    winning: Results, losing: Results
) -> None:
    assert answer(losing)[0] == (
        "In the map, with few and with many training sequences unshared weights are better."
    )
    assert answer(winning)[0] == (
        "In the map, with few and with many training sequences shared weights are better."
    )
    assert answer(results_of(tables_of(apart)))[0] == (
        "In the map, with few and with many training sequences shared weights are better where the "
        "rule stays, unshared ones better where it changes much."
    )
    assert "the two are about the same" in answer(results_of(tables_of(lambda row: 0.5)))[0]


def test_without_a_map_the_tasks_answer() -> None:
    tables = trained(sharing_wins, ["parity"], ["shared", "unshared"], [16], train_sizes=SIZES)
    assert answer(results_of(tables))[0] == (
        "Where the rule is the same at every step, shared weights are better."
    )


def much(wide: float) -> Score:
    """Unshared weights do much better than shared ones of their width, and a wide one as given."""
    levels = {"shared": 0.5, "unshared": 0.9, "wide": wide}
    return lambda row: levels[row["variant"]]


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (much(0.9), "do much better on every task; a shared network with as many parameters does"),
        (much(0.5), "a shared network with as many parameters is worse."),
        (at(shared=0.9, unshared=0.5, wide=0.9), "Nowhere do unshared weights do much better."),
    ],
)
def test_the_second_line_says_where_unshared_weights_do_much_better_and_why(
    score: Score, said: str
) -> None:
    variants = ["shared", "unshared", "wide"]
    results = results_of(trained(score, ["drift", "drift-0"], variants, [16]))
    assert said in answer(results)[1]


def test_how_many_real_data_sets_there_are_is_said() -> None:
    tables = trained(at(shared=0.5, unshared=0.9), ["vowels"], train_sizes=SIZES)
    assert answer(results_of(tables))[-1].endswith(
        "On the one real data set unshared weights are better."
    )


def test_the_answer_has_no_numbers_and_the_cards_one_each(winning: Results) -> None:
    assert not re.search(r"\d", " ".join(answer(winning)))
    for card in cards(winning):
        assert card.number
        assert not re.search(r"\d", card.title + card.text)


def test_the_cards_say_on_which_side_the_difference_lies(winning: Results, losing: Results) -> None:
    assert [card.kind for card in cards(winning)][:2] == ["shared", "open"]
    assert [card.kind for card in cards(losing)][:2] == ["unshared", "unshared"]
    assert cards(winning)[1].text == "no clear gain on any task"
    same = cards(results_of(tables_of(lambda row: 0.5)))
    assert "about the same" in same[0].text
    assert cards(winning)[2].number == "16"


def test_without_a_pair_nothing_is_claimed(winning: Results) -> None:
    tables = winning.evidence.tables
    kept = {
        name: getattr(tables, name)[getattr(tables, name)["variant"] == "shared"]
        for name in ("scores", "positions", "conditions")
    }
    alone = results_of(replace(tables, **kept))
    assert answer(alone) == ("The tables hold nothing that could answer this.",)
    assert [card.text for card in cards(alone)] == ["not measured"] * 3


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("supported", "Sharing buys use at lengths never trained on (C3)."),
        ("contradicted", "Sharing does not buy use at lengths never trained on (C3)."),
        ("inconclusive", "Whether sharing buys use at lengths never trained on (C3) stays open."),
        ("not tested", "Whether sharing buys use at lengths never trained on (C3) was not tested."),
    ],
)
def test_what_sharing_buys_follows_the_verdicts(verdict: str, said: str) -> None:
    assert bought(claims(verdict)).endswith(said)
    assert bought(claims(verdict)).startswith("Of all 2 arguments, ")
    assert bought(None) == ""
