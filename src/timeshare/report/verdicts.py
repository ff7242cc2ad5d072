"""The claims as the page shows them: each verdict with the measured effects that decided it."""

import json
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import isclose, isfinite
from typing import Any

import pandas as pd

from timeshare.report import wording

VERDICTS = ("supported", "contradicted", "inconclusive", "not tested")
IN_FULL = "claims-in-full"
"""Where a claim without a section of its own is told."""
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
        effects: what decided, with intervals, or what is missing.
        expected: where the argument expects them.
        more: how many further effects decided alike.
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
    def said(self) -> str:
        """Effects and expectation in one line."""
        more = f"{self.more} more" if self.more else ""
        return "; ".join(filter(None, (*map(str, self.effects), more, self.expected)))


def shown(claims: pd.DataFrame | None, anchors: Collection[str]) -> list[Shown]:
    """The rows of the table of claims; none where the claims were not judged.

    Arguments:
        claims: as judged.
        anchors: sections that the page has.
    """
    if claims is None:
        return []
    return [_shown(row, anchors) for row in claims.to_dict("records")]


def _shown(row: Mapping[Hashable, Any], anchors: Collection[str]) -> Shown:
    section = str(row.get("section", ""))
    named = (("Estimand", "estimand"), ("Rule", "rule"), ("Found", "sentence"),
             ("Missing", "missing"))  # fmt: skip
    parts = deciding(row)
    # One effect stands for a verdict that all share; where they differ, each is told.
    alike = row["verdict"] == "supported" or len(parts) < 2
    told = parts if not alike else [part for part in parts if part["name"] == row["effect_name"]]
    effects = [Effect(words(part), "" if alike else part["verdict"]) for part in told]
    missing = text_of(row, "missing") or "\N{EN DASH}"
    return Shown(
        id=str(row["id"]),
        title=text_of(row, "title"),
        argument=text_of(row, "argument"),
        effects=effects or [Effect(missing)],
        expected=_expected(told),
        more=len(parts) - len(effects) if effects else 0,
        verdict=str(row["verdict"]),
        anchor=section if section in anchors else IN_FULL,
        details=[(name, text_of(row, key)) for name, key in named if text_of(row, key)],
    )


def text_of(row: Mapping[Hashable, Any], key: str) -> str:
    """A text of a claim's row, empty where it has none."""
    value = row.get(key)
    return value if isinstance(value, str) else ""


def deciding(row: Mapping[Hashable, Any]) -> list[dict[str, Any]]:
    """The parts that a verdict rests on; none where nothing was measured."""
    parts: list[dict[str, Any]] = json.loads(text_of(row, "parts") or "[]")
    decided = [part for part in parts if part["decides"]]
    if not decided and isfinite(float(row["effect"])):
        names = ("effect", "low", "high", "threshold", "units", "verdict")
        return [{"name": row["effect_name"], "above": None, **{key: row[key] for key in names}}]
    return decided


def words(part: Mapping[str, Any]) -> str:
    """A part with its interval, unless the interval is the effect itself."""
    effect, low, high = (float(part[key]) for key in ("effect", "low", "high"))
    units = str(part["units"])
    said = f"{part['name']} {number(effect, units)}".strip()
    same = NOTHING if units != "rounding" else 0.0
    if not all(isclose(effect, end, rel_tol=1e-9, abs_tol=same) for end in (low, high)):
        said += f" [{number(low, units)}, {number(high, units)}]"
    return f"{said} steps" if units == "steps" else said


def number(value: float, units: str) -> str:
    """A number as a claim's units ask for it."""
    if not isfinite(value):
        return "unknown"
    if units == "rounding":
        return f"{value:.0e}".replace("-", "\N{MINUS SIGN}")
    return f"{value:,.0f}" if units == "steps" else wording.decimal(value)


def _expected(parts: Sequence[Mapping[str, Any]]) -> str:
    """On which side of which threshold the argument expects the effects, where it is one."""
    known = {
        (part["above"], number(float(part["threshold"]), str(part["units"])))
        for part in parts
        if isfinite(float(part["threshold"]))
    }
    if len(known) != 1:
        return ""
    above, threshold = known.pop()
    if above is None:
        return f"threshold {threshold}"
    return f"expected {'above' if above else 'below'} {threshold}"
