"""The claims as the page shows them."""

from typing import Any

import pandas as pd
import pytest

from tests.report.conftest import claims, outcome, outcomes
from timeshare.report.verdicts import LONGEST, MOST_BARS, bars, shown, words

NOTHING = float("nan")


def test_a_claim_leads_to_its_section_if_there_is_one() -> None:
    rows = shown(claims("supported"), outcomes(), ["lengths"])
    assert [row.anchor for row in rows] == ["lengths", ""]


def test_an_untested_claim_says_so_in_a_sentence_and_unfolds_what_is_missing() -> None:
    untested = claims(
        "not tested",
        effect=NOTHING,
        low=NOTHING,
        high=NOTHING,
        sentence="Not tested: nothing was measured. Add `lengths`.",
        missing="Add `lengths`.",
    )
    row = shown(untested, pd.DataFrame(), ["lengths"])[0]
    assert row.sentence == "Not tested: nothing was measured."
    assert ("Missing", "Add lengths.") in row.details
    assert not row.bars


def test_a_long_sentence_gives_way_to_counts() -> None:
    row = shown(claims("depends", sentence="x" * (LONGEST + 1)), outcomes(), [])[0]
    assert row.sentence == "Of 2 measured effects: 1 supported and 1 contradicted."
    assert ("Found", "x" * (LONGEST + 1)) in row.details


def test_every_measured_effect_is_unfolded_with_its_verdict() -> None:
    row = shown(claims("supported"), outcomes(), ["lengths"])[0]
    assert row.outcomes == [
        (
            "primary effect: equal width 0.40 [0.30, 0.50]; argued to lie above 0.05",
            "supported",
            "",
        ),
        (
            "primary effect: equal parameters \N{MINUS SIGN}0.40 [\N{MINUS SIGN}0.50, "
            "\N{MINUS SIGN}0.30]; argued to lie above 0.05",
            "contradicted",
            "",
        ),
    ]
    assert row.picture == "1 supported and 1 contradicted"


def test_what_weakens_a_verdict_stands_beside_it_and_beside_its_effects() -> None:
    edges = {"edges": "learning rate of the unshared LSTM; "}
    known = [
        outcome("C3", "equal width", 0.4, "supported", networks=24, unfinished=3, **edges),
        outcome("C3", "equal parameters", 0.4, "supported", networks=24, unfinished=6),
        outcome("C3", "narrowed", 0.4, "supported", networks=24, unfinished=24, kind="secondary"),
    ]
    row = shown(claims("supported"), pd.DataFrame(known), ["lengths"])[0]
    assert row.caveat == (
        "6 of the 24 networks behind one of these effects had not finished training at the most "
        "updates allowed. Chosen at the edge of the values tried: learning rate of the unshared "
        "LSTM."
    )
    assert [mind.partition(" of")[0] for _, _, mind in row.outcomes] == ["3", "6", "24"]
    assert shown(claims("supported"), outcomes(), ["lengths"])[0].caveat == ""


def test_an_effect_is_listed_with_its_level_unless_its_name_says_it() -> None:
    known = [
        outcome("C3", "score", 0.4, "supported", level="trained at T", above=False),
        outcome("C3", "score, trained at T", 0.4, "supported", level="trained at T"),
    ]
    row = shown(claims("supported"), pd.DataFrame(known), ["lengths"])[0]
    assert [text for text, _, _ in row.outcomes] == [
        "primary effect: score, trained at T: 0.40 [0.30, 0.50]; argued to lie below 0.05",
        "primary effect: score, trained at T 0.40 [0.30, 0.50]; argued to lie above 0.05",
    ]


@pytest.mark.parametrize("above", [True, False])
@pytest.mark.parametrize("units", ["score", "steps"])
def test_what_speaks_for_the_argument_lies_right_of_the_threshold(above: bool, units: str) -> None:
    for effect in (0.2, 5.0):
        ends = {"low": effect * 0.9, "high": effect * 1.1}
        found: dict[Any, Any] = outcome("C1", "it", effect, "supported", units=units, **ends)
        (bar,) = bars([found | {"threshold": 1.0, "above": above}])
        assert 0 <= bar.low <= bar.middle <= bar.high <= 1
        assert (bar.middle > 0.5) == ((effect > 1.0) == above)


def test_outcomes_without_an_estimate_or_an_interval_are_drawn_as_far_as_they_are_known() -> None:
    nothing: dict[Any, Any] = outcome("C1", "it", NOTHING, "inconclusive")
    point: dict[Any, Any] = outcome("C1", "it", 0.3, "inconclusive", low=NOTHING, high=NOTHING)
    (bar,) = bars([nothing, point])
    assert bar.low == bar.middle == bar.high
    assert bars([]) == []
    assert len(bars([point] * 100)) == MOST_BARS


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
