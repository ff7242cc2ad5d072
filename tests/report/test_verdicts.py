"""The claims as the page shows them, and the answer, whichever way they point."""

from typing import Any

import pandas as pd
import pytest

from tests.report.conftest import claims, outcome, outcomes
from timeshare.report.answer import answer
from timeshare.report.differences import differences
from timeshare.report.results import Results
from timeshare.report.verdicts import shown, words

NOTHING = float("nan")
NO_DIFFERENCES = pd.DataFrame()


def test_the_answer_says_yes_or_no_with_the_effect() -> None:
    no = answer(claims("supported", better=-0.2), outcomes(-0.2), NO_DIFFERENCES)[0]
    assert no.startswith("No: it would not do much better. ")
    assert "unshared weights score 0.20 [0.10, 0.30] lower at equal width" in no
    yes = answer(claims("supported", better=0.2), outcomes(0.2), NO_DIFFERENCES)[0]
    assert yes.startswith("Yes: it would do much better. ")
    assert "unshared weights score 0.20 [0.10, 0.30] higher at equal width" in yes


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("supported", "Sharing buys use at lengths never trained on (C3). "),
        ("contradicted", "Sharing does not buy use at lengths never trained on (C3). "),
        ("inconclusive", "Whether sharing buys use at lengths never trained on (C3) stays open. "),
        ("not tested", "Whether sharing buys use at lengths never trained on (C3) was not tested"),
    ],
)
def test_the_answer_says_what_sharing_buys(verdict: str, said: str) -> None:
    sentence = answer(claims(verdict), outcomes(), NO_DIFFERENCES)[1]
    assert sentence.startswith(said)
    assert "Of all 2 arguments, " in sentence


def test_the_answer_says_where_unshared_weights_win_and_lose(
    winning: Results, losing: Results
) -> None:
    lost = answer(claims("supported"), outcomes(), differences(winning))
    assert "score 0.30 [0.20, 0.40] higher where the rule changes with the step" in lost[2]
    assert "0.30 [0.20, 0.40] lower where it stays" in lost[2]
    assert "they win on no task, and lose most on" in lost[2]
    won = answer(None, NO_DIFFERENCES, differences(losing))
    assert "drift (T=16; by 0.0" in won[-1]
    assert "whose rule changes with the step" in won[-1]
    assert "and lose on none; given the fewest, they win most on" in won[-1]


def test_a_claim_leads_to_its_section_or_to_the_appendix() -> None:
    assert [row.anchor for row in shown(claims("supported"), outcomes(), ["lengths"])] == [
        "lengths",
        "claims-in-full",
    ]


def test_an_untested_claim_shows_what_is_missing() -> None:
    untested = claims(
        "not tested", effect=NOTHING, low=NOTHING, high=NOTHING, missing="Add lengths."
    )
    assert shown(untested, pd.DataFrame(), ["lengths"])[0].line == "Add lengths."


def test_a_supported_claim_shows_one_effect_and_how_many_more() -> None:
    row = shown(claims("supported"), outcomes(), ["lengths"])[0]
    assert row.line == "equal width 0.40 [0.30, 0.50]; 1 more; expected above 0.05"


@pytest.mark.parametrize("verdict", ["inconclusive", "contradicted"])
def test_a_claim_that_fails_shows_every_effect_that_decided(verdict: str) -> None:
    row = shown(claims(verdict), outcomes(), ["lengths"])[0]
    assert [effect.verdict for effect in row.effects] == ["supported", "contradicted"]
    assert "equal parameters \N{MINUS SIGN}0.40" in row.line


@pytest.mark.parametrize(
    ("units", "numbers", "said"),
    [
        ("score", (0.00039, -0.00044, 0.0012), "it 0.00 [0.00, 0.00]"),
        ("share", (1.0, 1.0, 1.0), "it 1.00"),
        ("exponent", (0.0, 0.0, 5.8e-32), "it 0.00"),
        ("steps", (30461.0, 30461.0, 30461.0), "it 30,461 steps"),
        ("rounding", (5.1e-16, 5.1e-16, 5.1e-16), "it 5e\N{MINUS SIGN}16"),
    ],
)
def test_numbers_follow_their_units(
    units: str, numbers: tuple[float, float, float], said: str
) -> None:
    found: dict[Any, Any] = outcome("C1", "it", 0.0, "supported", units=units)
    found |= dict(zip(("effect", "low", "high"), numbers, strict=True))
    assert words(found) == said
