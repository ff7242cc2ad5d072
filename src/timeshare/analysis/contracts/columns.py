"""Columns that several tables share."""

import pandera.pandas as pa

from timeshare.analysis.contracts.base import integer, number, text

FACTORS: dict[str, pa.Column] = {
    "task": text("name of the task in the configuration"),
    "variant": text("name of the variant in the configuration"),
    "length": integer("length T of the training sequences", "steps"),
    "truncation": integer("truncation K, the window of back-propagation; K = T is full", "steps"),
}
"""The columns that identify a condition."""
TRAIN_SIZE = integer(
    "number of distinct training sequences; 2147483647 where each update reads new ones",
    "sequences",
)
GROUP: dict[str, pa.Column] = {**FACTORS, "train_size": TRAIN_SIZE}
"""A condition and a train size."""
UNIT: dict[str, pa.Column] = {
    "unit": integer(
        "the unit of all statistics: number of the rule where the task's rule is random, else of "
        "the seed"
    ),
    "rule": integer("number of the rule; 0 where the task has one rule"),
    "seed": integer("seed of the data, the order of the batches and the initialisation"),
}
"""The columns that identify a rule and a seed."""
SETTING: dict[str, pa.Column] = {
    "setting": integer("number of the setting among those tried for the variant"),
    "learning_rate": number("learning rate of the optimiser"),
    "weight_decay": number("decoupled weight decay of the optimiser"),
    "strength": number("strength of the tie", missing="where the schedule's own one is used"),
    "dropout": number("share of units dropped while training", "share"),
}
"""The columns of a setting of the searched hyperparameters."""
MEMBER: dict[str, pa.Column] = {**FACTORS, **UNIT, "train_size": TRAIN_SIZE, **SETTING}
"""The columns that identify one trained network."""
SELECTION = text("weights: `last` (after the last update) or `best` (highest validation score)")
ROLE = text("`search` (its scores only chose a setting) or `reported`")
METRIC = text("metric of the task: `accuracy`, `bits` or `error`")
MEASURED_CONDITION: dict[str, pa.Column] = {
    "variant": FACTORS["variant"],
    "cell": text("name or import path of the cell"),
    "schedule": text("name or import path of the schedule"),
    "length": integer("length T of the sequences of an update", "steps"),
    "truncation": FACTORS["truncation"],
    "hidden_size": integer("hidden units H"),
    "members": integer("networks that one update trains", "networks"),
    "batch": integer("sequences of each network in one update", "sequences"),
}
"""The columns that identify a condition of the cost study."""
