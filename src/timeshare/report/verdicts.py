"""The claims as the page shows them: each verdict with the primary outcomes that it rests on."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import isclose, isfinite
from typing import Any

import pandas as pd

from timeshare.report import wording

VERDICTS = (
    "supported",
    "contradicted",
    "depends",
    "inconclusive",
    "by construction",
    "not tested",
)
IN_FULL = "claims-in-full"
"""The anchor of the claims in the appendix, for those without a section of their own."""
NOTHING = 1e-12
"""Below this an exact quantity differs from another by rounding alone."""


@dataclass(frozen=True)
class Effect:
    """A measured effect of a claim.

    Arguments:
        text: what was measured, with its interval.
        verdict: its own, where the claim's does not follow from it; empty otherwise.
    """

    text: str
    verdict: str = ""

    @property
    def kind(self) -> str:
        """The verdict as the name of a style."""
        return self.verdict.replace(" ", "-")

    def __str__(self) -> str:
        return f"{self.text} ({self.verdict})" if self.verdict else self.text


@dataclass(frozen=True)
class Shown:
    """A row of the table of claims.

    Arguments:
        id: C1, C2, ...
        title: in a word or two.
        argument: in plain words.
        effects: primary outcomes with intervals, or what is missing.
        expected: where the argument expects them.
        more: number of further primary outcomes with the same verdict.
        verdict: one of `VERDICTS`.
        anchor: the section with its figure.
        details: name and text of all that the verdict rests on.
    """

    id: str
    title: str
    argument: str
    effects: Sequence[Effect]
    expected: str
    more: int
    verdict: str
    anchor: str
    details: Sequence[tuple[str, str]]

    @property
    def kind(self) -> str:
        """The verdict as the name of a style."""
        return self.verdict.replace(" ", "-")

    @property
    def line(self) -> str:
        """Effects and expectation in one line."""
        more = f"{self.more} more" if self.more else ""
        return "; ".join(filter(None, (*map(str, self.effects), more, self.expected)))


def shown(
    claims: pd.DataFrame | None, outcomes: pd.DataFrame, anchors: Collection[str]
) -> list[Shown]:
    """The rows of the table of claims; none where the claims were not judged.

    Arguments:
        claims: as judged.
        outcomes: the measured effects that the verdicts rest on.
        anchors: sections that the page has.
    """
    if claims is None:
        return []
    return [_shown(row, outcomes, anchors) for row in claims.to_dict("records")]


def _shown(row: Mapping[Hashable, Any], outcomes: pd.DataFrame, anchors: Collection[str]) -> Shown:
    section = str(row.get("section", ""))
    headings = (
        ("Estimand", "estimand"),
        ("Rule", "rule"),
        ("Found", "sentence"),
        ("Missing", "missing"),
    )
    found = primary(row, outcomes)
    # One effect stands for a verdict that all share; where they differ, each is shown.
    alike = row["verdict"] == "supported" or len(found) < 2
    main = [outcome for outcome in found if outcome["name"] == row["effect_name"]]
    chosen = main if alike else found
    effects = [Effect(words(outcome), "" if alike else outcome["verdict"]) for outcome in chosen]
    missing = text_of(row, "missing") or "\N{EN DASH}"
    return Shown(
        id=str(row["id"]),
        title=text_of(row, "title"),
        argument=text_of(row, "argument"),
        effects=effects or [Effect(missing)],
        expected=_expected(chosen),
        more=len(found) - len(effects) if effects else 0,
        verdict=str(row["verdict"]),
        anchor=section if section in anchors else IN_FULL,
        details=[(name, text_of(row, key)) for name, key in headings if text_of(row, key)],
    )


def text_of(row: Mapping[Hashable, Any], key: str) -> str:
    """A text of a claim's row, empty where it has none."""
    value = row.get(key)
    return value if isinstance(value, str) else ""


def primary(row: Mapping[Hashable, Any], outcomes: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """The outcomes that a claim's verdict rests on; none where nothing was measured."""
    return [each for each in outcomes_of(row, outcomes) if each["kind"] == "primary"]


def outcomes_of(row: Mapping[Hashable, Any], outcomes: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """All measured effects of a claim, primary and secondary."""
    if outcomes.empty:
        return []
    found: list[dict[Hashable, Any]] = outcomes[outcomes["id"] == row["id"]].to_dict("records")
    return found


def words(outcome: Mapping[Hashable, Any]) -> str:
    """An outcome with its interval, unless the interval is the effect itself."""
    effect, low, high = (float(outcome[key]) for key in ("effect", "low", "high"))
    units = str(outcome["units"])
    text = f"{outcome['name']} {number(effect, units)}".strip()
    same = NOTHING if units != "rounding" else 0.0
    if not all(isclose(effect, end, rel_tol=1e-9, abs_tol=same) for end in (low, high)):
        text += f" [{number(low, units)}, {number(high, units)}]"
    return f"{text} steps" if units == "steps" else text


def number(value: float, units: str) -> str:
    """A number in the notation of a claim's units."""
    if not isfinite(value):
        return "unknown"
    if units == "rounding":
        return f"{value:.0e}".replace("-", "\N{MINUS SIGN}")
    return f"{value:,.0f}" if units == "steps" else wording.decimal(value)


def _expected(found: Sequence[Mapping[Hashable, Any]]) -> str:
    """On which side of which threshold the argument expects the effects, where it is one."""
    known = {
        (outcome["above"], number(float(outcome["threshold"]), str(outcome["units"])))
        for outcome in found
        if isfinite(float(outcome["threshold"]))
    }
    if len(known) != 1:
        return ""
    above, threshold = known.pop()
    return f"expected {'above' if above else 'below'} {threshold}"
