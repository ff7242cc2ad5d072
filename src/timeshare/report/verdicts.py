"""The claims as the page shows them, and the answer that they add up to."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import pandas as pd

from timeshare.report import wording
from timeshare.report.figures.bottom_line import FEWEST, MOST, extremes, tally

VERDICTS = ("supported", "contradicted", "inconclusive", "not tested")
BOTTOM_LINE = "bottom-line"
IN_FULL = "claims-in-full"
"""Where a claim without a section of its own is told."""


@dataclass(frozen=True)
class Shown:
    """A row of the table of claims.

    Arguments:
        id: C1, C2, ...
        title: in a word or two.
        argument: in plain words.
        effect: with its interval, or what is missing.
        verdict: one of `VERDICTS`.
        anchor: the section with its figure.
        details: name and text of all that the verdict rests on.
    """

    id: str
    title: str
    argument: str
    effect: str
    verdict: str
    anchor: str
    details: Sequence[tuple[str, str]]

    @property
    def kind(self) -> str:
        """The verdict as the name of a style."""
        return self.verdict.replace(" ", "-")


def shown(claims: pd.DataFrame | None, anchors: Collection[str]) -> list[Shown]:
    """The rows of the table of claims; none where the claims were not judged.

    Arguments:
        claims: as judged.
        anchors: sections that the page has.
    """
    if claims is None:
        return []
    rows = []
    for row in claims.to_dict("records"):
        section = str(row.get("section", ""))
        named = (("Estimand", "estimand"), ("Rule", "rule"), ("Found", "sentence"),
                 ("Missing", "missing"))  # fmt: skip
        details = [(name, _text(row, key)) for name, key in named if _text(row, key)]
        rows.append(
            Shown(
                id=str(row["id"]),
                title=_text(row, "title"),
                argument=_text(row, "argument"),
                effect=_effect(row),
                verdict=str(row["verdict"]),
                anchor=section if section in anchors else IN_FULL,
                details=details,
            )
        )
    return rows


def _text(row: Mapping[Hashable, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""


def _effect(row: Mapping[Hashable, Any]) -> str:
    """The effect with its interval and what it is held against, in the claim's units."""
    numbers = [float(row[key]) for key in ("effect", "low", "high", "threshold")]
    if not isfinite(numbers[0]):
        return _text(row, "missing") or "\N{EN DASH}"
    said = [_number(value) for value in numbers]
    units = _text(row, "units")
    name = _text(row, "effect_name")
    threshold = f"; threshold {said[3]}" if isfinite(numbers[3]) else ""
    return f"{name}: {said[0]} [{said[1]}, {said[2]}] {units}{threshold}".removeprefix(": ")


def _number(value: float) -> str:
    if not isfinite(value):
        return "unknown"
    if value != 0 and abs(value) < 0.005:
        return f"{value:.1e}".replace("-", "\N{MINUS SIGN}")
    return wording.compact(value) if abs(value) >= 100 else wording.decimal(value)


def answer(claims: pd.DataFrame | None, differences: pd.DataFrame) -> tuple[str, ...]:
    """The answer in three sentences: the bottom line, the arguments, and the extremes.

    Arguments:
        claims: as judged, or None.
        differences: of `bottom_line`.
    """
    found = list(filter(None, (_bottom_line(claims, differences), _arguments(claims, differences))))
    if len(differences):
        found.append(extremes(differences))
    return tuple(found) or ("The tables hold nothing that could answer the question.",)


def _bottom_line(claims: pd.DataFrame | None, differences: pd.DataFrame) -> str:
    if claims is not None:
        told = claims[(claims["section"] == BOTTOM_LINE) & (claims["verdict"] != "not tested")]
        if len(told):
            return _first_sentence(str(told["sentence"].iloc[0]))
    if differences.empty:
        return ""
    return f"Given the most training sequences, {tally(differences, MOST)}."


def _first_sentence(text: str) -> str:
    head, stop, _ = text.partition(". ")
    return f"{head}." if stop else text


def _arguments(claims: pd.DataFrame | None, differences: pd.DataFrame) -> str:
    if claims is None:
        fewest = differences[differences["series"] == FEWEST]
        return f"Given the fewest, {tally(differences, FEWEST)}." if len(fewest) else ""
    parts = []
    for verdict in VERDICTS:
        titles = [str(title) for title in claims.loc[claims["verdict"] == verdict, "title"]]
        if titles:
            parts.append(f"{len(titles)} {verdict} ({', '.join(titles)})")
    return f"Of {wording.counted(len(claims), 'argument')} about sharing, {wording.listed(parts)}."
