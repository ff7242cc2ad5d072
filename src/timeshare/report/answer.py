"""The answer: two lines without numbers, three cards, and what sharing buys."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from timeshare.analysis.statistics import Estimate
from timeshare.report import wording
from timeshare.report.differences import FEWEST, MOST, by_group
from timeshare.report.results import PAIR, Results
from timeshare.report.sides import CHANGES, REAL, STAYS, Side, side
from timeshare.report.verdicts import VERDICTS

BOTTOM_LINE = "bottom-line"
BETTER = {
    Side.SHARED: "shared weights are better",
    Side.UNSHARED: "unshared weights are better",
    Side.SAME: "the two are about the same",
    Side.OPEN: "these runs cannot tell which is better",
}
ON_REAL = {
    Side.SHARED: "On real data shared weights are better.",
    Side.UNSHARED: "On real data unshared weights are better.",
    Side.SAME: "On real data the two are about the same.",
    Side.OPEN: "On real data these runs cannot tell which is better.",
}
MUCH = {
    "supported": "Over the whole map of rates of change and amounts of data, unshared weights "
    "do much better.",
    "contradicted": "Nowhere on the map of rates of change and amounts of data do unshared weights "
    "do much better.",
    "depends": "Unshared weights do much better on a part of the map of rates of change and "
    "amounts of data, and not on another.",
    "inconclusive": "Whether unshared weights ever do much better stays open.",
    "not tested": "Whether unshared weights ever do much better was not tested.",
}
"""What each verdict on the bottom line answers."""
CLAUSES = {
    "supported": "it buys {}",
    "by construction": "by construction it buys {}",
    "contradicted": "it does not buy {}",
    "depends": "whether it buys {} depends",
    "inconclusive": "whether it buys {} stays open",
    "not tested": "whether it buys {} was not tested",
}


@dataclass(frozen=True)
class Card:
    """One number with what it is.

    Arguments:
        title: what it is about.
        number: the number; empty where nothing was measured.
        text: what it says.
        kind: name of a style.
    """

    title: str
    number: str
    text: str
    kind: str


def answer(results: Results) -> tuple[str, ...]:
    """The answer in two lines without numbers; one that says so where nothing was measured."""
    few, many = (
        {name: side(each, results.margin) for name, each in by_group(results, series).items()}
        for series in (FEWEST, MOST)
    )
    second = " ".join(filter(None, (_much(results.claims), _on_real(many))))
    found = (_by_rule(few, many), second)
    return tuple(filter(None, found)) or ("The tables hold nothing that could answer this.",)


def _on_real(groups: Mapping[str, Side]) -> str:
    return ON_REAL[groups[REAL]] if REAL in groups else ""


def _by_rule(few: Mapping[str, Side], many: Mapping[str, Side]) -> str:
    """Who is better where the rule stays and where it changes with the step."""
    stays, changes = (_clause(few.get(name), many.get(name)) for name in (STAYS, CHANGES))
    if stays and stays == changes:
        return f"Whether the rule stays the same or changes with the step, {stays}."
    clauses = [
        f"where {rule}, {words}"
        for rule, words in (
            ("the rule is the same at every step", stays),
            ("it changes with the step" if stays else "the rule changes with the step", changes),
        )
        if words
    ]
    sentence = "; ".join(clauses)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def _clause(few: Side | None, many: Side | None) -> str:
    """Who is better with few training sequences and with many, in one clause."""
    if many is None:
        return ""
    if few in (None, many):
        return BETTER[many]
    assert few is not None
    return f"{BETTER[few]} with few training sequences, and {BETTER[many]} with many"


def _much(claims: pd.DataFrame | None) -> str:
    """What the verdict on the bottom line answers; empty where it was not judged."""
    if claims is None:
        return ""
    rows = claims[claims["section"] == BOTTOM_LINE]
    return MUCH.get(str(rows["verdict"].iloc[0]), "") if len(rows) else ""


def cards(results: Results) -> tuple[Card, Card, Card]:
    """Same rule at every step, rule changes, price: one number each."""
    groups = by_group(results, MOST)
    stays, changes = (_card(name, groups.get(name), results.margin) for name in (STAYS, CHANGES))
    return stays, changes, _price(results)


def _card(title: str, found: Estimate | None, margin: float) -> Card:
    if found is None:
        return Card(title, "", "not measured", "open")
    amount = wording.decimal(abs(found.effect))
    match side(found, margin):
        case Side.SHARED:
            return Card(title, amount, "higher with shared weights, given most data", "shared")
        case Side.UNSHARED:
            return Card(title, amount, "higher with unshared weights, given most data", "unshared")
        case Side.SAME:
            return Card(title, amount, "apart given most data: about the same", "open")
    return Card(title, amount, "apart given most data: too uncertain to tell who is better", "open")


def _price(results: Results) -> Card:
    """How many times the parameters of shared networks unshared ones have at equal width."""
    rows = results.evidence.comparable(results.conditions)
    rows = rows[rows["schedule"].isin(PAIR) & (rows["truncation"] == rows["length"])]
    wide = rows.pivot_table(index=["task", "length"], columns="schedule", values="parameters")
    if not set(PAIR) <= set(wide.columns) or wide[PAIR].dropna().empty:
        return Card("Price of unsharing", "", "not measured", "open")
    ratio = float((wide["unshared"] / wide["shared"]).max())
    number = f"{ratio:,.0f}" if ratio >= 2 else f"{ratio:.1f}"
    return Card(
        "Price of unsharing",
        number,
        "times the parameters at equal width, at the longest sequences trained on",
        "open",
    )


def bought(claims: pd.DataFrame | None) -> str:
    """What sharing buys, by verdict, and how many of all arguments hold."""
    if claims is None or claims.empty:
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
    said = "; ".join([clauses[0].replace("it ", "sharing ", 1), *clauses[1:]])
    return f"{whole} {said[:1].upper()}{said[1:]}."
