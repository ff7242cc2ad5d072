"""A card of the first screen: one number with what it is."""

from dataclasses import dataclass

from timeshare.report.results import PAIR, Results


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


def price(results: Results) -> Card:
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
        "times the parameters",
        "open",
    )
