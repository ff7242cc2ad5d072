"""The answer in three sentences, computed from the verdicts and the scores."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from timeshare.analysis.estimates import estimate_of
from timeshare.analysis.statistics import Estimate
from timeshare.report import wording
from timeshare.report.differences import FEWEST, MOST, tally
from timeshare.report.verdicts import VERDICTS, number, outcomes_of, primary, text_of

BOTTOM_LINE = "bottom-line"
FIRST = {
    "supported": "Yes",
    "contradicted": "No",
    "depends": "It depends",
    "inconclusive": "It stays open",
}
CLAUSES = {
    "supported": "it buys {}",
    "by construction": "by construction it buys {}",
    "contradicted": "it does not buy {}",
    "depends": "whether it buys {} depends",
    "inconclusive": "whether it buys {} stays open",
    "not tested": "whether it buys {} was not tested",
}
RULES = {"rule changes": "where the rule changes with the step", "rule stays": "where it stays"}
"""Secondary outcomes of the bottom line, by the end of their names, and their words."""
WINS = 3
"""Most tasks that are listed where unshared weights score higher."""


def answer(
    claims: pd.DataFrame | None, outcomes: pd.DataFrame, differences: pd.DataFrame
) -> tuple[str, ...]:
    """The answer in three sentences: the bottom line, what sharing buys, and where it loses.

    Arguments:
        claims: as judged, or None.
        outcomes: the measured effects that the verdicts rest on.
        differences: of `differences.differences`.
    """
    found = [
        _bottom_line(claims, outcomes, differences),
        _bought(claims),
        _where(claims, outcomes, differences),
    ]
    return tuple(filter(None, found)) or (
        "The tables hold nothing that could answer the question.",
    )


def _bottom_line(
    claims: pd.DataFrame | None, outcomes: pd.DataFrame, differences: pd.DataFrame
) -> str:
    row = _judged_bottom_line(claims)
    if row:
        return _verdict(row, outcomes)
    if differences.empty:
        return ""
    return f"Given the most training sequences, {tally(differences, MOST)}."


def _judged_bottom_line(claims: pd.DataFrame | None) -> dict[Hashable, Any]:
    """The row of the claim that answers the question; empty where it was not judged."""
    if claims is None:
        return {}
    rows = claims[(claims["section"] == BOTTOM_LINE) & claims["verdict"].isin(FIRST)]
    return rows.to_dict("records")[0] if len(rows) else {}


def _verdict(row: Mapping[Hashable, Any], outcomes: pd.DataFrame) -> str:
    """Yes, no or open, in the claim's words, with its effects."""
    head, _, _ = text_of(row, "sentence").partition(". ")
    head = head.rstrip(".")
    parts = primary(row, outcomes)
    effects = wording.listed([_directed(outcome) for outcome in parts])
    much = {number(float(outcome["threshold"]), str(outcome["units"])) for outcome in parts}
    held = f"; much better would be {much.pop()} higher" if len(much) == 1 else ""
    return (
        f"{FIRST[str(row['verdict'])]}: {head[:1].lower()}{head[1:]}. On a scale from 0 (chance) "
        f"to 1 (perfect) unshared weights score {effects}{held}."
    )


def _directed(outcome: Mapping[Hashable, Any]) -> str:
    """Unshared minus shared, as higher or lower."""
    _, _, where = str(outcome["name"]).partition(", ")
    return _signed(outcome) + (f" at {where}" if where else "")


def _signed(outcome: Mapping[Hashable, Any]) -> str:
    found = Estimate(
        float(outcome["effect"]), float(outcome["low"]), float(outcome["high"]), units=0
    )
    if not found.clear:
        return f"about the same ({wording.ranged(found.effect, found.low, found.high)})"
    amount = found.positive
    side = "higher" if found.effect > 0 else "lower"
    return f"{wording.ranged(amount.effect, amount.low, amount.high)} {side}"


def _bought(claims: pd.DataFrame | None) -> str:
    """What sharing buys, by verdict, and how many of all arguments hold."""
    if claims is None:
        return ""
    gainful = claims[claims["buys"] != ""]
    clauses = []
    for verdict in VERDICTS:
        rows = gainful[gainful["verdict"] == verdict]
        names = [f"{gain} ({each})" for gain, each in zip(rows["buys"], rows["id"], strict=True)]
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
    bought = "; ".join([clauses[0].replace("it ", "sharing ", 1), *clauses[1:]])
    return f"{bought[:1].upper()}{bought[1:]}. {whole}"


def _where(claims: pd.DataFrame | None, outcomes: pd.DataFrame, differences: pd.DataFrame) -> str:
    """Where unshared weights win, where they lose most, and what these tasks are."""
    if differences.empty:
        return ""
    won, lost = _sides(differences, MOST)
    best = wording.listed([_task(row) for row in won[:WINS]])
    further = f" (and on {len(won) - WINS} more)" if len(won) > WINS else ""
    wins = f"they win on {best}{further}" if won else "they win on no task"
    loses = f"lose most on {_task(lost[0])}" if lost else "lose on none"
    sentence = f"{_by_rule(claims, outcomes)}Given the most training sequences, {wins}, and {loses}"
    won, lost = _sides(differences, FEWEST)
    if won or lost:
        few = [
            f"{verb} most on {_task(rows[0], brief=True)}"
            for verb, rows in (("win", won), ("lose", lost))
            if rows
        ]
        sentence += f"; given the fewest, they {wording.listed(few)}"
    return f"{sentence}."


def _sides(
    differences: pd.DataFrame, series: str
) -> tuple[list[dict[Hashable, Any]], list[dict[Hashable, Any]]]:
    """The tasks that unshared weights clearly win, and those they clearly lose, most first."""
    rows = differences[differences["series"] == series].sort_values("effect").to_dict("records")
    clear = [row for row in rows if estimate_of(row).clear]
    return (
        [row for row in reversed(clear) if row["effect"] > 0],
        [row for row in clear if row["effect"] < 0],
    )


def _by_rule(claims: pd.DataFrame | None, outcomes: pd.DataFrame) -> str:
    """The bottom line on rules that change and on rules that stay, where it was measured."""
    row = _judged_bottom_line(claims)
    parts = outcomes_of(row, outcomes) if row else []
    differences = [
        f"{_signed(outcome)} {where}"
        for ending, where in RULES.items()
        for outcome in parts
        if outcome["kind"] != "primary" and str(outcome["name"]).endswith(ending)
    ]
    return (
        f"Over all cells and train sizes, unshared weights score {wording.listed(differences)}. "
        if len(differences) == len(RULES)
        else ""
    )


def _task(row: Mapping[Hashable, Any], brief: bool = False) -> str:
    """A task with the difference, and what is special about it."""
    special = f", {row['special']}" if row.get("special") and not brief else ""
    amount = wording.spoken(estimate_of(row).positive)
    return f"{row['task']} (T={row['length']}; by {amount}){special}"
