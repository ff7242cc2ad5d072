"""Overfitting and cost on one picture: every contestant against the shared network."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from typing_extensions import override

from timeshare.analysis.estimates import pooled, row_of
from timeshare.analysis.gaps import gaps
from timeshare.analysis.tables import OWN_WIDTH, RECURRENT
from timeshare.report import drawing, wording
from timeshare.report.figures._efficient import efficient
from timeshare.report.figures._training import per_member
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.labels import spread, wrapped
from timeshare.report.names import cell_name
from timeshare.report.palette import INK, PALE, PAPER, Canvas
from timeshare.report.regions import map_cells, map_rows
from timeshare.report.results import Results
from timeshare.report.sides import CHANGES, STAYS, group_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

KEYS = ["task", "length", "cell", "train_size", "unit"]
"""What a contestant and the shared network that it is compared with have in common."""
SCORES = {"score": "test score", "gap": "generalisation gap"}
WHERE = {STAYS: "Where the rule stays", CHANGES: "Where it changes"}
SHORT = {STAYS: "Rule stays", CHANGES: "Rule changes"}
COSTS = {
    "parameters": "parameters",
    "flops": "training operations",
    "seconds": "training seconds",
}
DRAWN = ("parameters", "flops")
"""Costs along the horizontal axes; seconds are in the table, as jobs ran beside each other."""


class Contestants(Figure):
    """Test score and generalisation gap of every network against what it costs."""

    section = "trade-off"
    place = 1
    needs = (
        "No two networks of one cell were trained on the same generated task: name a shared "
        "variant and others in one sweep. Real data stand in sections of their own."
    )

    @override
    def finding(self, results: Results) -> Finding | None:
        table = _table(results)
        if table.empty or table["score"].isna().all():
            return None
        return Finding(
            _headline(table),
            _sentence(table, results.evidence.cell),
            "Each point is a network, compared with the shared one of its cell on the same tasks, "
            "rules or seeds and train sizes: differences of the test score (higher is better) and "
            "of the gap between training and test score with the last weights (lower is better) "
            "against the ratio of costs, on logarithmic axes; on the tasks of the map where there "
            "is one. The line joins the efficient networks: those that are clearly better than the "
            "shared one, and than any cheaper one.",
            table,
            lambda canvas: _draw(table, canvas),
            columns=2,
            spread="Points are means over units, bars 95 % intervals.",
            behind=_members(results),
        )


def _compared(results: Results) -> pd.DataFrame:
    """Test scores at T of the compared cell on generated tasks.

    Where there is a map, they are those of its tasks alone, which all networks have in common: a
    network that was tried on another task cannot be ranked among them.
    """
    scores = results.at_length[~results.at_length["real"]]
    rows = map_rows(results)
    if len(map_cells(results, rows)):
        keys = ["task", "length", "variant", "train_size"]
        return scores.merge(rows[keys].drop_duplicates(), on=keys)
    return scores


def _members(results: Results) -> pd.DataFrame:
    """Test score, gap and costs of each reported network on generated tasks, a row each."""
    scores = _compared(results)
    keys = ["task", "variant", "length", "truncation", "train_size", "unit"]
    last = gaps(results.evidence).rename(columns={"score": "gap"})[[*keys, "gap"]]
    rows = scores.merge(last, on=keys, how="left")
    rows = rows.merge(per_member(results), on=keys[:4], how="left")
    # Both have a width of their own and no embedding: shared and unshared network of each cell.
    own = rows["plain"] & (rows["width"] == OWN_WIDTH) & (rows["embedding"] == 0)
    return rows.assign(
        group=[group_of(False, bool(each)) for each in rows["rule_changes"]],
        reference=own & (rows["schedule"] == "shared"),
        counterpart=own & (rows["schedule"] == "unshared"),
    )


def _table(results: Results) -> pd.DataFrame:
    """A row a group and variant: differences from the shared network, and ratios of costs."""
    rows = _members(results)
    shared = rows[rows["reference"]].drop_duplicates(KEYS)
    # A network outside the recurrent family is compared with the shared one of the task's cell.
    usual = rows["task"].map(results.evidence.cells)
    rows = rows.assign(cell=rows["cell"].where(rows["family"] == RECURRENT, usual))
    both = rows.merge(shared[[*KEYS, *SCORES, *COSTS]], on=KEYS, suffixes=("", "_shared"))
    found = []
    for (group, variant), part in both.groupby(["group", "variant"]):
        facts = part.iloc[0]
        known = {
            "group": group,
            "variant": variant,
            "label": facts["label"],
            "schedule": facts["schedule"],
            "cell": facts["cell"],
            "reference": bool(facts["reference"]),
            "counterpart": bool(facts["counterpart"]),
            "tasks": part["task"].nunique(),
        }
        known |= {name: _ratio(part, name) for name in COSTS}
        for name in SCORES:
            each = part.assign(effect=part[name] - part[f"{name}_shared"]).dropna(subset="effect")
            estimated = row_of(pooled(each)) if len(each) else {}
            known |= {name: estimated.get("effect", np.nan)} | {
                f"{name}_{end}": estimated.get(end, np.nan) for end in ("low", "high", "units")
            }
        found.append(known)
    table = pd.DataFrame(found)
    if table.empty:
        return table
    # The shared networks of all cells are one point, with nothing between them and themselves.
    again = table["reference"] & table.duplicated(["group", "reference"])
    table = table[~again & table["group"].isin(table.loc[~table["reference"], "group"])]
    keys = table.assign(place=table["group"].map({STAYS: 0, CHANGES: 1}))
    return table.loc[keys.sort_values(["place", "parameters"]).index].reset_index(drop=True)


def _ratio(part: pd.DataFrame, name: str) -> float:
    """The geometric mean over conditions of a cost, over that of the shared network."""
    known = part.drop_duplicates(["task", "length", "train_size"])
    ratio = (known[name] / known[f"{name}_shared"]).dropna()
    return float(np.exp(np.log(ratio).mean())) if len(ratio) else float("nan")


def _headline(table: pd.DataFrame) -> str:
    """Which networks score clearly higher than the shared one, where the rule stays or changes."""
    clauses = []
    for group, words in WHERE.items():
        part = table[table["group"] == group]
        if part.empty:
            continue
        ahead = part[~part["reference"] & (part["score_low"] > 0)]
        rows = ahead.sort_values(["score", "parameters"], ascending=[False, True])
        if rows.empty:
            clauses.append(f"{words}, none is clearly better than the shared network")
        else:
            best = _name(rows.iloc[0].to_dict(), part)
            clauses.append(f"{words}, {best} gains most over the shared network")
    return "; ".join([*clauses[:1], *(text[:1].lower() + text[1:] for text in clauses[1:])])


def _name(row: Mapping[Any, Any], part: pd.DataFrame) -> str:
    """The label of a contestant, with its cell where there are several."""
    several = len(set(part.loc[~part["reference"], "cell"])) > 1
    label, cell = str(row["label"]), cell_name(row["cell"])
    if row["reference"] or not several or cell in label:
        return label
    network, further, features = label.partition(" with ")
    return f"{network} {cell}{further}{features}"


def _sentence(table: pd.DataFrame, cell: str) -> str:
    """Score, gap and costs of the unshared network of the compared cell, group by group."""
    found = []
    for group, part in table.groupby("group", sort=False):
        mine = part[part["counterpart"] & (part["cell"] == cell)]
        for row in mine.to_dict("records"):
            costs = [
                f"{wording.compact(float(f'{row[name]:.2g}'))} times the {words}"
                for name, words in COSTS.items()
                if row[name] == row[name]
            ]
            effects = [
                f"{wording.ranged(row[name], row[f'{name}_low'], row[f'{name}_high'])} in {words}"
                for name, words in SCORES.items()
                if row[name] == row[name]
            ]
            found.append(
                f"{WHERE[str(group)]}, unshared minus shared is {wording.listed(effects)}, for "
                f"{wording.listed(costs)}."
            )
    return " ".join(found) or "No unshared network was compared with a shared one."


def _draw(table: pd.DataFrame, canvas: Canvas) -> "Drawing":
    groups = [name for name in (STAYS, CHANGES) if name in set(table["group"])]
    costs = [name for name in DRAWN if table[name].notna().any()]
    # On a wide page a row has both groups; on a phone a column has one after the other.
    panels = [
        (score, cost, group)
        for score in SCORES
        for cost in costs
        for group in groups
        if table[score].notna().any()
    ]
    narrow = canvas.columns == 1
    across = 2.6 if narrow else 4.0
    titles = [f"{SHORT[group]}: {SCORES[score]}" for score, _, group in panels]
    figure, axes = drawing.panels(titles, canvas, 2.9 if narrow else 2.4, share=False)
    for axis, (score, cost, group) in zip(axes, panels, strict=True):
        part = table[table["group"] == group].dropna(subset=[score, cost])
        _panel(axis, part, score, cost, canvas)
        axis.set_xlabel(wrapped(f"{COSTS[cost]}, times those of shared weights", across, False))
    for score in SCORES:
        same = [axis for axis, panel in zip(axes, panels, strict=True) if panel[0] == score]
        if same:
            ends = [axis.get_ylim() for axis in same]
            for axis in same:
                axis.set_ylim(min(low for low, _ in ends), max(high for _, high in ends))
    for axis, (score, cost, group) in zip(axes, panels, strict=True):
        part = table[table["group"] == group].dropna(subset=[score, cost])
        _labels(axis, part, score, cost, canvas)
    return figure


def _panel(axis: "Axes", part: pd.DataFrame, score: str, cost: str, canvas: Canvas) -> None:
    axis.axhline(0, color=PALE, lw=1, zorder=0)
    for row in part.to_dict("records"):
        shade = canvas.palette.colour(row["schedule"])
        axis.plot(
            [row[cost]] * 2,
            [row[f"{score}_low"], row[f"{score}_high"]],
            color=shade,
            lw=2.4,
            alpha=0.35,
            solid_capstyle="butt",
        )
        axis.plot(
            row[cost],
            row[score],
            marker=canvas.palette.marker(row["cell"]),
            color=shade,
            ls="",
            ms=5.5,
        )
    clear = part[f"{score}_low"] > 0 if score == "score" else part[f"{score}_high"] < 0
    line = efficient(part[clear | part["reference"]], cost, score)
    axis.plot([row[cost] for row in line], [row[score] for row in line], color=PALE, lw=1, zorder=1)
    axis.set_xscale("log")
    drawing.ratios(axis, part[cost].tolist())


def _labels(axis: "Axes", part: pd.DataFrame, score: str, cost: str, canvas: Canvas) -> None:
    """The name of each network beside its point; names that would touch are moved up or down."""
    narrow = canvas.columns == 1
    inside = axis.transAxes.inverted()
    rows = part.sort_values(score).to_dict("records")
    ends = [inside.transform(axis.transData.transform((row[cost], row[score]))) for row in rows]
    heights = spread(
        [float(up) for _, up in ends], min(0.08 if narrow else 0.075, 1 / max(len(rows), 1))
    )
    for row, (across, _), height in zip(rows, ends, heights, strict=True):
        left = across > 0.55
        text = wrapped(_name(row, part), 9.0, capital=False)
        axis.annotate(
            text,
            (row[cost], row[score]),
            xytext=(float(across) + (-0.05 if left else 0.05), height),
            textcoords="axes fraction",
            ha="right" if left else "left",
            va="center",
            color=INK,
            fontsize=drawing.SMALLEST if narrow else 7.5,
            bbox={"facecolor": PAPER, "alpha": 0.7, "lw": 0, "pad": 0.5},
            arrowprops={"arrowstyle": "-", "color": PALE, "lw": 0.6, "shrinkA": 0, "shrinkB": 3},
        )
