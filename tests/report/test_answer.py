"""The answer, its cards and what sharing buys, whichever way the tables point."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.report.conftest import (
    claims,
    outcomes,
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


def unclear(row: Mapping[str, Any]) -> float:
    """The sign of the difference is another at each train size."""
    return {32: 0.2, 128: 0.5, 512: 0.8}[row["train_size"]] if row["schedule"] == "shared" else 0.5


def judged(results: Results, verdict: str) -> Results:
    table = claims("supported")
    last = table["section"] == "bottom-line"
    return replace(
        results,
        claims=table.assign(verdict=table["verdict"].where(~last, verdict)),
        outcomes=outcomes(),
    )


def test_the_answer_says_who_is_better_where_the_rule_stays_and_where_it_changes(
    winning: Results, losing: Results
) -> None:
    whole = "Whether the rule stays the same or changes with the step, "
    assert answer(winning)[0] == f"{whole}shared weights are better."
    assert answer(losing)[0] == f"{whole}unshared weights are better."
    assert answer(results_of(tables_of(apart)))[0] == (
        "Where the rule is the same at every step, shared weights are better; where it changes "
        "with the step, unshared weights are better."
    )
    assert "the two are about the same" in answer(results_of(tables_of(lambda row: 0.5)))[0]


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("supported", "do much better."),
        ("contradicted", "Nowhere on the map"),
        ("depends", "on a part of the map"),
        ("inconclusive", "stays open"),
        ("not tested", "was not tested"),
    ],
)
def test_the_second_line_follows_the_verdict_on_the_bottom_line(
    winning: Results, verdict: str, said: str
) -> None:
    assert said in answer(judged(winning, verdict))[1]


def test_the_answer_has_no_numbers_and_the_cards_one_each(winning: Results) -> None:
    assert not re.search(r"\d", " ".join(answer(judged(winning, "depends"))))
    for card in cards(winning):
        assert card.number
        assert not re.search(r"\d", card.title + card.text)


def test_the_cards_say_on_which_side_the_difference_lies(winning: Results, losing: Results) -> None:
    assert [card.kind for card in cards(winning)][:2] == ["shared", "shared"]
    assert [card.kind for card in cards(losing)][:2] == ["unshared", "unshared"]
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
