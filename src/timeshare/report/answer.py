"""The answer in three sentences, computed from the verdicts and the scores."""

import json
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from timeshare.report import wording
from timeshare.report.estimates import Estimate
from timeshare.report.figures.bottom_line import FEWEST, MOST, tally
from timeshare.report.verdicts import VERDICTS, deciding, number, text_of

BOTTOM_LINE = "bottom-line"
FIRST = {"supported": "Yes", "contradicted": "No", "inconclusive": "It stays open"}
BUYS = {
    "C1": "one network for sequences of any length",
    "C2": "a parameter count that does not grow with T",
    "C3": "use at lengths never trained on",
    "C4": "rules that hold at positions never trained on",
    "C5": "less overfitting",
    "C11": "long sequences that fit into memory",
}
"""Arguments for sharing, as what it would buy."""
CLAUSES = {
    "supported": "it buys {}",
    "contradicted": "it does not buy {}",
    "inconclusive": "whether it buys {} stays open",
    "not tested": "whether it buys {} was not tested",
}
RULES = {"rule changes": "where the rule changes with the step", "rule stays": "where it stays"}
"""Parts of the bottom line that are told beside it, by the end of their names."""
WINS = 3
"""Most tasks named as those that unshared weights win."""


def answer(claims: pd.DataFrame | None, differences: pd.DataFrame) -> tuple[str, ...]:
    """The answer in three sentences: the bottom line, what sharing buys, and where it loses.

    Arguments:
        claims: as judged, or None.
        differences: of `bottom_line`.
    """
    found = [_bottom_line(claims, differences), _bought(claims), _where(claims, differences)]
    return tuple(filter(None, found)) or (
        "The tables hold nothing that could answer the question.",
    )


def _bottom_line(claims: pd.DataFrame | None, differences: pd.DataFrame) -> str:
    row = _told_bottom_line(claims)
    if row:
        return _verdict(row)
    if differences.empty:
        return ""
    return f"Given the most training sequences, {tally(differences, MOST)}."


def _told_bottom_line(claims: pd.DataFrame | None) -> dict[Hashable, Any]:
    """The row of the claim that answers the question; empty where it was not judged."""
    if claims is None:
        return {}
    told = claims[(claims["section"] == BOTTOM_LINE) & claims["verdict"].isin(FIRST)]
    return told.to_dict("records")[0] if len(told) else {}


def _verdict(row: Mapping[Hashable, Any]) -> str:
    """Yes, no or open, in the claim's words, with its effects."""
    head, _, _ = text_of(row, "sentence").partition(". ")
    head = head.rstrip(".")
    parts = deciding(row)
    effects = wording.listed([_directed(part) for part in parts])
    much = {number(float(part["threshold"]), str(part["units"])) for part in parts}
    held = f"; much better would be {much.pop()} higher" if len(much) == 1 else ""
    return (
        f"{FIRST[str(row['verdict'])]}: {head[:1].lower()}{head[1:]}. On a scale from 0 (chance) "
        f"to 1 (perfect) unshared weights score {effects}{held}."
    )


def _directed(part: Mapping[str, Any]) -> str:
    """Unshared minus shared, as higher or lower."""
    _, _, where = str(part["name"]).partition(", ")
    return _signed(part) + (f" at {where}" if where else "")


def _signed(part: Mapping[str, Any]) -> str:
    found = Estimate(float(part["effect"]), float(part["low"]), float(part["high"]), seeds=0)
    if not found.clear:
        return f"about the same ({wording.ranged(found.centre, found.low, found.high)})"
    amount = found.positive
    side = "higher" if found.centre > 0 else "lower"
    return f"{wording.ranged(amount.centre, amount.low, amount.high)} {side}"


def _bought(claims: pd.DataFrame | None) -> str:
    """What sharing buys, by verdict, and how many of all arguments hold."""
    if claims is None:
        return ""
    verdicts = dict(zip(claims["id"], claims["verdict"], strict=True))
    clauses = []
    for verdict in VERDICTS:
        names = [f"{BUYS[each]} ({each})" for each in BUYS if verdicts.get(each) == verdict]
        if names:
            clauses.append(CLAUSES[verdict].format(wording.listed(names)))
    counts = claims["verdict"].value_counts()
    tallied = [f"{counts[verdict]} {verdict}" for verdict in VERDICTS if verdict in counts]
    whole = (
        f"Of all {wording.counted(len(claims), 'argument')}, the rules fixed before the run "
        f"find {wording.listed(tallied)}."
    )
    if not clauses:
        return whole
    told = "; ".join([clauses[0].replace("it ", "sharing ", 1), *clauses[1:]])
    return f"{told[:1].upper()}{told[1:]}. {whole}"


def _where(claims: pd.DataFrame | None, differences: pd.DataFrame) -> str:
    """Where unshared weights win, where they lose most, and what these tasks are."""
    if differences.empty:
        return ""
    won, lost = _sides(differences, MOST)
    best = wording.listed([_told(row) for row in won[:WINS]])
    further = f" (and on {len(won) - WINS} more)" if len(won) > WINS else ""
    wins = f"they win on {best}{further}" if won else "they win on no task"
    loses = f"lose most on {_told(lost[0])}" if lost else "lose on none"
    said = f"{_by_rule(claims)}Given the most training sequences, {wins}, and {loses}"
    won, lost = _sides(differences, FEWEST)
    if won or lost:
        few = [f"{verb} most on {_told(rows[0], brief=True)}"
               for verb, rows in (("win", won), ("lose", lost)) if rows]  # fmt: skip
        said += f"; given the fewest, they {wording.listed(few)}"
    return f"{said}."


def _sides(
    differences: pd.DataFrame, series: str
) -> tuple[list[dict[Hashable, Any]], list[dict[Hashable, Any]]]:
    """The tasks that unshared weights clearly win, and those they clearly lose, most first."""
    rows = differences[differences["series"] == series].sort_values("centre").to_dict("records")
    clear = [row for row in rows if Estimate.of(row).clear]
    return (
        [row for row in reversed(clear) if row["centre"] > 0],
        [row for row in clear if row["centre"] < 0],
    )


def _by_rule(claims: pd.DataFrame | None) -> str:
    """The bottom line on rules that change and on rules that stay, where it was measured."""
    parts = json.loads(text_of(_told_bottom_line(claims), "parts") or "[]")
    said = [
        f"{_signed(part)} {where}"
        for ending, where in RULES.items()
        for part in parts
        if not part["decides"] and part["name"].endswith(ending)
    ]
    return (
        f"Over all cells and train sizes, unshared weights score {wording.listed(said)}. "
        if len(said) == len(RULES)
        else ""
    )


def _told(row: Mapping[Hashable, Any], brief: bool = False) -> str:
    """A task with the difference, and what is special about it."""
    special = f", {row['special']}" if row.get("special") and not brief else ""
    amount = wording.spoken(Estimate.of(row).positive)
    return f"{row['task']} (T={row['length']}; by {amount}){special}"
