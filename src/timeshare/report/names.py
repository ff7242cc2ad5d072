"""What readers see instead of the names in the configuration: titles, and short labels."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.tables import MATCHED_WIDTH, RECURRENT

SCHEDULES = {
    "shared": "shared",
    "blocks": "blocks of {size}",
    "cyclic": "cycle of {period}",
    "soft": "softly tied",
    "basis": "functions of time",
    "mixture": "mixture",
    "unshared": "unshared",
}
"""Labels of the schedules of the package, with their parameters in braces."""

REFERENCES = {
    "mlp": "fully connected",
    "cnn": "convolutional",
    "logistic": "logistic regression",
}
"""Short labels of the references of the package."""
MATCHED = {"shared": "wider", "unshared": "narrower"}
"""How a network is called whose width gives it as many parameters as another one has."""
FURTHER = ("time_features", "embedding")
"""Inputs that a label mentions."""


def readable(evidence: Evidence) -> Evidence:
    """The same evidence with the titles of tasks and variants in the place of their names.

    The column `label` of the conditions is a short label of each variant, for figures in which
    all networks have one cell. The names are kept as `task_name` and `variant_name`.
    """
    tables = evidence.tables
    conditions = tables.conditions
    named = conditions.assign(
        label=_labels(conditions), task_name=conditions["task"], variant_name=conditions["variant"]
    )
    known = titles(conditions)
    others = {
        name: with_titles(table, known)
        for name, table in vars(tables).items()
        if name != "conditions"
    }
    return replace(evidence, tables=replace(tables, conditions=with_titles(named, known), **others))


def titles(conditions: pd.DataFrame) -> dict[str, dict[str, str]]:
    """The title of each task and variant by its name, below the keys `task` and `variant`.

    Two of one title have their names behind it.
    """
    found = {}
    for what in ("task", "variant"):
        known = conditions.drop_duplicates(what).set_index(what)[f"{what}_title"].astype(str)
        again = known.duplicated(keep=False)
        unique = known.where(~again, known + " (" + known.index.astype(str) + ")")
        found[what] = dict(unique)
    return found


def with_titles(table: pd.DataFrame, known: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """A table with titles in the place of the names of its tasks and variants."""
    for what, named in known.items():
        if what in table:
            table = table.assign(**{what: table[what].map(named).fillna(table[what])})
    return table


def _labels(conditions: pd.DataFrame) -> pd.Series:
    """Short labels; the title of a variant where two of one cell would have the same."""
    short = conditions.apply(_label, axis=1)
    variants = conditions.assign(short=short).groupby(["cell", "short"])["variant"]
    return short.where(variants.transform("nunique") == 1, conditions["variant_title"])


def _label(facts: Mapping[str, Any]) -> str:
    """The schedule, and what else makes the variant another one than the usual one."""
    if facts["family"] != RECURRENT:
        return REFERENCES.get(str(facts["family"]), str(facts["variant_title"]))
    kind = str(facts["schedule"])
    parameters = json.loads(facts.get("schedule_parameters") or "{}")
    label = SCHEDULES.get(kind, kind.rpartition(":")[2]).format_map(_Known(parameters))
    if facts["width"] == MATCHED_WIDTH:
        label = f"{MATCHED.get(kind, 'matched')} {label}"
    further = [name for name in FURTHER if facts[name]]
    return " ".join([label, *(f"with {name.replace('_', ' ')}" for name in further)])


def cell_name(cell: object) -> str:
    """What readers call a cell: LSTM, GRU, RNN, or the class of one from outside."""
    name = str(cell).rpartition(":")[2]
    return name if ":" in str(cell) else name.upper()


def schedule_name(kind: object) -> str:
    """What readers call a schedule, without its parameters."""
    return SCHEDULES.get(str(kind), str(kind).rpartition(":")[2]).partition(" of {")[0]


class _Known(dict[str, Any]):
    """Parameters by name; one that is not given is a question mark."""

    def __missing__(self, key: str) -> str:
        return "?"
