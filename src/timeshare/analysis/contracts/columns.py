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
GROUP: dict[str, pa.Column] = {
    **FACTORS,
    "train_size": integer("number of distinct training sequences", "sequences"),
}
"""A condition and a train size."""
MEMBER: dict[str, pa.Column] = {
    **FACTORS,
    "seed": integer("seed of the data, the order of the batches and the initialisation"),
    "train_size": GROUP["train_size"],
    "learning_rate": number("learning rate of the optimiser"),
}
"""The columns that identify one trained network."""
SELECTION = text("weights: `last` (after the last update) or `best` (highest validation score)")
METRIC = text("metric of the task: `accuracy`, `bits` or `error`")
CHOSEN = "whether validation data chose this learning rate for the train size"
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
