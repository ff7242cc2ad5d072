"""Tables of an experiment some of whose networks were not trained out."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from timeshare.analysis.tables import CONDITION, Tables

SETTING = ["setting", "learning_rate", "weight_decay", "strength", "dropout"]
MEMBER = [*CONDITION, "unit", "rule", "seed", "train_size", *SETTING]


def flagged(tables: Tables, ended: Mapping[str, str], edge: str = "learning_rate") -> Tables:
    """The tables with how the networks of some variants ended, whose settings lie at an edge.

    Arguments:
        tables: of `trained`.
        ended: how the networks of each of these variants ended; the others were trained out.
        edge: the hyperparameter whose chosen value lies at an edge for these variants.
    """
    members = tables.scores[MEMBER].drop_duplicates().reset_index(drop=True)
    members.insert(len(CONDITION), "role", "reported")
    members["updates"] = 10
    members["ending"] = members["variant"].map(dict(ended)).fillna("trained out").astype(str)
    keys = [*CONDITION, "train_size", *SETTING]
    chosen: pd.DataFrame = tables.scores[keys].drop_duplicates().reset_index(drop=True)
    at_edge = [edge if variant in ended else "" for variant in chosen["variant"]]
    facts = {"score": 1.0, "loss": 0.1, "members": 4, "chosen": True, "seconds": 1.0}
    return replace(tables, members=members, choices=chosen.assign(**facts, edge=at_edge))
