"""What learning costs: updates until a level is reached, sequences until a task is solved."""

from typing import TYPE_CHECKING

import pandas as pd

from timeshare.report import drawing, wording
from timeshare.report.figures.lines import in_order, keys_of, of_key
from timeshare.report.findings import Finding
from timeshare.report.tables import CONDITION, FACTORS, Tables, common_size

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PAIR = ["shared", "unshared"]


def _of_pair(tables: Tables, name: str) -> pd.DataFrame:
    """A table of the cost study with factors, of the compared pair at K = T."""
    if name not in tables.cost:
        return pd.DataFrame()
    factors = tables.conditions.set_index(CONDITION)[FACTORS]
    rows = tables.plain(tables.cost[name].join(factors, on=CONDITION, how="inner"))
    return rows[
        rows["schedule"].isin(PAIR)
        & (rows["truncation"] == rows["length"])
        & rows["learnable"].astype(bool)
    ]


def time_to_quality(tables: Tables) -> Finding | None:
    """The share of members that reached a validation score, against updates."""
    rows = _of_pair(tables, "survival")
    if rows.empty or "medians" not in tables.cost or "quality" not in tables.cost:
        return None
    rows = common_size(rows[rows["quantity"] == "updates"])
    both = rows.groupby(["task", "length"])["schedule"].transform("nunique") == 2
    longest = rows.groupby("task")["length"].transform("max")
    table = rows[both & (rows["length"] == longest)]
    if table.empty:
        return None
    level = tables.cost["quality"]["level"].iloc[0]
    keys = ["task", "variant", "length", "truncation", "train_size"]
    middle = _of_pair(tables, "medians").merge(table[keys].drop_duplicates())
    return Finding(
        "quality",
        "Updates until the validation score is reached",
        _ratios(middle, level),
        f"Share of seeds whose validation score has reached {level:g}, by updates "
        "(Kaplan-Meier: seeds that never reach it are censored, not left out). Bands are 95 % "
        "intervals.",
        table,
        lambda columns: _steps(table, columns),
        spread="",
    )


def _ratios(middle: pd.DataFrame, level: float) -> str:
    said = []
    for quantity, noun in (("updates", "updates"), ("seconds", "seconds"), ("flops", "operations")):
        part = middle[middle["quantity"] == quantity]
        wide = part.pivot_table(index="task", columns="schedule", values="median").dropna()
        if set(PAIR) <= set(wide.columns) and len(wide):
            ratio = float((wide["unshared"] / wide["shared"]).median())
            said.append(f"{ratio:.2f} times the {noun}")
    never = middle[middle["quantity"] == "updates"]
    never = never[never["median"].isna()]
    lost = [f"{row.label} on {row.task}" for row in never.itertuples()]
    if not said:
        return f"No task was brought to a validation score of {level:g} by both."
    sentence = (
        f"To a validation score of {level:g}, unshared weights need {wording.listed(said)} of "
        "shared ones (median over tasks that both reach)."
    )
    if lost:
        sentence += f" Fewer than half of the seeds reach it with {wording.listed(lost)}."
    return sentence


def _steps(table: pd.DataFrame, columns: int) -> "Figure":
    keys = keys_of(table)
    figure, axes = drawing.panels([f"{task}, T={length}" for task, length in keys], columns)
    for axis, key in zip(axes, keys, strict=True):
        for line in in_order(of_key(table, key)):
            line = line.sort_values("value")
            schedule = str(line["schedule"].iloc[0])
            shade = drawing.colour(schedule)
            axis.fill_between(line["value"], line["low"], line["high"], step="post", color=shade,
                              alpha=0.15, lw=0)  # fmt: skip
            axis.step(line["value"], line["share"], where="post", color=shade,
                      lw=3.4 if schedule == "shared" else 1.6)  # fmt: skip
        axis.set_ylim(-0.05, 1.08)
        axis.set_xlim(left=0)
        axis.locator_params(axis="x", nbins=5)
    figure.supxlabel("updates", fontsize=9)
    figure.supylabel("share of seeds that reached it", fontsize=9)
    drawing.legend(figure, drawing.entries(table), lines=False)
    return figure


def samples(tables: Tables) -> Finding | None:
    """The smallest train size that solves a task, by T."""
    rows = _of_pair(tables, "samples")
    if rows.empty or "growth" not in tables.cost:
        return None
    lengths = rows.groupby("task")["length"].transform("nunique")
    rows = rows[lengths > 1]
    if rows.empty:
        return None
    solved = rows["solved"].iloc[0]
    rows = rows.assign(size=rows["train_size"].astype(float).fillna(2.0 * rows["largest"]))
    by = ["task", "variant", "label", "schedule", "cell", "length"]
    table = rows.groupby(by, as_index=False).agg(
        centre=("size", "median"), low=("size", "min"), high=("size", "max"),
        seeds=("seed", "nunique"), unsolved=("train_size", lambda sizes: int(sizes.isna().sum())),
    )  # fmt: skip
    return Finding(
        "samples",
        "Training sequences until a task is solved",
        _growth(tables.cost["growth"], rows),
        f"Smallest train size tried whose test accuracy at T is {solved:g} or more: median, "
        "smallest and largest over seeds. A seed that no size solved is drawn at twice the largest "
        "size tried.",
        table,
        lambda columns: _sizes(table, columns),
        spread="",
    )


def _growth(growth: pd.DataFrame, rows: pd.DataFrame) -> str:
    names = rows.drop_duplicates(["task", "variant"])[["task", "variant", "label"]]
    said = []
    for row in growth.merge(names).to_dict("records"):
        known = "is unknown"
        if pd.notna(row["exponent"]):
            known = f"is {wording.ranged(row['exponent'], row['low'], row['high'])}"
        said.append(f"{known} for {row['label']} on {row['task']}")
    if not said:
        return "The growth with T could not be fitted."
    return f"The exponent of the needed sequences against T {wording.listed(said)}."


def _sizes(table: pd.DataFrame, columns: int) -> "Figure":
    tasks = sorted(table["task"].unique())
    figure, axes = drawing.panels(tasks, columns)
    for axis, task in zip(axes, tasks, strict=True):
        part = table[table["task"] == task]
        for line in in_order(part):
            drawing.curve(axis, line, "length")
        drawing.octaves(axis, part["length"].tolist())
        drawing.decades(axis)
    figure.supxlabel("length T (steps)", fontsize=9)
    figure.supylabel("training sequences", fontsize=9)
    drawing.legend(figure, drawing.entries(table))
    return figure
