"""What weakens a result: networks behind it not trained out, settings at the edge of the search."""

from dataclasses import dataclass

import pandas as pd

from timeshare.analysis.tables import CONDITION, Tables
from timeshare.experiment.conditions import Role
from timeshare.training.endings import CUT_OFF, DIVERGED

FLAGS = ("networks", "unfinished", "edges")
"""Columns of measurements: networks behind a row, those of them that were not trained out, and
the settings at an edge of the search, each followed by `END`."""
END = "; "
MEMBER = [*CONDITION, "rule", "seed", "train_size"]
"""Columns that tell reported networks apart."""
REPEATED = [
    *CONDITION,
    "cell",
    "schedule",
    "width",
    "hidden_size",
    "embedding",
    "train_size",
    "unit",
    "kind",
]
"""Columns that tell networks, or pairs of them, apart; rows that agree in these count once."""


@dataclass(frozen=True)
class Flags:
    """What a reader should know of the networks behind a result.

    Arguments:
        networks: how many they are.
        unfinished: those of them whose training was cut off or diverged, instead of stopping by
            itself.
        edges: the settings whose chosen value lies at the edge of those tried, in words.
    """

    networks: int = 0
    unfinished: int = 0
    edges: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The edges as a table holds them."""
        return END.join(self.edges)


def with_flags(table: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Scores of reported members with the columns `FLAGS` of each.

    Arguments:
        table: one row a measurement, with the columns that identify a member.
        tables: have the endings of all members and the settings that were chosen.
    """
    flagged = table.assign(networks=1, unfinished=0, edges="")
    if len(tables.members):
        known = tables.members[tables.members["role"] == str(Role.REPORTED)].set_index(MEMBER)
        ended = known["ending"].isin([CUT_OFF, DIVERGED]).astype(int)
        found = flagged[MEMBER].join(ended.rename("cut"), on=MEMBER)["cut"]
        flagged["unfinished"] = found.fillna(0).astype(int).to_numpy()
    words = _edges(tables)
    if len(words):
        keys = [*CONDITION, "train_size"]
        flagged["edges"] = flagged[keys].join(words, on=keys)["words"].fillna("").to_numpy()
    return flagged


def _edges(tables: Tables) -> pd.Series:
    """The edges of each condition and train size in words; none where nothing was searched."""
    choices = tables.choices
    if not len(choices):
        return pd.Series(dtype=str)
    chosen = choices[choices["chosen"] & (choices["edge"] != "")]
    titles = tables.conditions.drop_duplicates("variant").set_index("variant")["variant_title"]
    words = [
        "".join(f"{name.replace('_', ' ')} of the {title}{END}" for name in edge.split(", "))
        for edge, title in zip(chosen["edge"], chosen["variant"].map(titles), strict=True)
    ]
    keys = [*CONDITION, "train_size"]
    return pd.Series(words, pd.MultiIndex.from_frame(chosen[keys]), name="words", dtype=str)


def flags_of(table: pd.DataFrame) -> Flags:
    """The flags of the networks behind a table; none where it does not know them.

    Arguments:
        table: one row a measurement of a network or of a pair, with the columns `FLAGS`.
    """
    if not set(FLAGS) <= set(table.columns) or table.empty:
        return Flags()
    keys = [name for name in REPEATED if name in table]
    each = table.groupby(keys, dropna=False)[["networks", "unfinished"]].max()
    edges = {edge for text in table["edges"].unique() for edge in str(text).split(END) if edge}
    return Flags(int(each["networks"].sum()), int(each["unfinished"].sum()), tuple(sorted(edges)))
