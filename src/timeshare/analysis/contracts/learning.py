"""The tables of what it took to learn: time to quality and samples to solve."""

from timeshare.analysis.contracts.base import boolean, contract, integer, number, text
from timeshare.analysis.contracts.columns import FACTORS, GROUP, MEMBER, ROLE, UNIT
from timeshare.analysis.contracts.cost import COST_FOLDER

QUANTITY = text("what is spent: `updates`, `seconds` or `flops` (floating-point operations)")

TRAINING = contract(
    "training",
    "A row is what the networks of one condition, train size and role took until their training "
    "ended.",
    (f"{COST_FOLDER}/training.parquet",),
    {
        **GROUP,
        "role": ROLE,
        "networks": integer("networks trained", "networks"),
        "trained_out": integer("networks that stopped by themselves", "networks"),
        "updates_least": integer("fewest updates that one of them made", "updates"),
        "updates_median": number("median of their updates", "updates"),
        "updates_most": integer("most updates that one of them made", "updates"),
        "updates": integer("updates of all of them together", "updates"),
        "seconds": number(
            "time that these updates took, shared among the networks of a job in proportion to "
            "their updates",
            "seconds",
        ),
        "flops": integer("floating-point operations of these updates", "operations"),
    },
)

QUALITY = contract(
    "quality",
    "A row is one member, with what it cost until its validation score first reached the level.",
    (f"{COST_FOLDER}/quality.parquet",),
    {
        **MEMBER,
        "level": number("validation score to reach", "score"),
        "reached": boolean("whether the member reached it"),
        "updates": integer(
            "updates until it reached the level, or all updates where it did not", "updates"
        ),
        "seconds": number(
            "the member's equal share of the time that these updates took", "seconds"
        ),
        "flops": integer("floating-point operations of these updates", "operations"),
    },
)

SURVIVAL = contract(
    "survival",
    "A row is one step of the curve of members that reached the level, against what they had "
    "spent, for the members of a condition and train size.",
    (f"{COST_FOLDER}/survival.parquet",),
    {
        **GROUP,
        "quantity": QUANTITY,
        "value": number("what a member had spent", "updates, seconds or operations"),
        "share": number("share of members that had reached the level by then", "share"),
        "low": number(
            "lower end of its 95 % interval",
            "share",
            "where the interval's formula has no value, as at shares of 0 and 1",
        ),
        "high": number(
            "upper end of its 95 % interval",
            "share",
            "where the interval's formula has no value, as at shares of 0 and 1",
        ),
    },
)

MEDIANS = contract(
    "medians",
    "A row is what half of the members of a condition and train size had spent when they reached "
    "the level.",
    (f"{COST_FOLDER}/medians.parquet",),
    {
        **GROUP,
        "quantity": QUANTITY,
        "members": integer("reported members", "networks"),
        "reached": integer("members that reached the level", "networks"),
        "median": number(
            "the median of what was spent",
            "updates, seconds or operations",
            "where fewer than half of the members reached the level",
        ),
    },
)

SAMPLES = contract(
    "samples",
    "A row is one unit of a condition with K = T and several train sizes, with the smallest size "
    "that solved the task.",
    (f"{COST_FOLDER}/samples.parquet",),
    {
        **FACTORS,
        "unit": UNIT["unit"],
        "solved": number("test score from which the task counts as solved", "score"),
        "train_size": integer(
            "smallest train size that solved the task", "sequences", "where none did"
        ),
        "failed": integer("largest train size below it that did not, 0 if none", "sequences"),
        "largest": integer("largest train size that was tried", "sequences"),
    },
)

NOT_SOLVED = "where no member solved the task"

GROWTH = contract(
    "growth",
    "A row is how the train size that solves a task grows with T for one task and variant with two "
    "lengths or more.",
    (f"{COST_FOLDER}/growth.parquet",),
    {
        "task": FACTORS["task"],
        "variant": FACTORS["variant"],
        "members": integer("members, over all lengths", "networks"),
        "solved": integer("members that solved the task", "networks"),
        "lengths": integer("different lengths T"),
        "first": integer("shortest length", "steps"),
        "last": integer("longest length", "steps"),
        "exponent": number(
            "exponent of the train size in T",
            "exponent",
            "where no member solved the task or an end of the interval is infinite",
        ),
        "low": number(
            "lower end of its 95 % interval, infinite where the data set no bound",
            "exponent",
            NOT_SOLVED,
        ),
        "high": number(
            "upper end of its 95 % interval, infinite where the data set no bound",
            "exponent",
            NOT_SOLVED,
        ),
        "level": number(
            "typical train size that solves the task at the length `centre`",
            "sequences",
            "where no member solved the task or both ends of the interval are infinite",
        ),
        "centre": number("geometric mean of the lengths", "steps", NOT_SOLVED),
    },
)

SEQUENCES = contract(
    "sequences",
    "A row is the number of training sequences that a task and variant would need at one length T "
    "if the measured growth went on.",
    (f"{COST_FOLDER}/sequences.parquet",),
    {
        "task": FACTORS["task"],
        "variant": FACTORS["variant"],
        "length": integer("length T", "steps"),
        "sequences": number(
            "training sequences needed", "sequences", "where the exponent is missing"
        ),
        "low": number(
            "the smaller number that the ends of the exponent's interval give",
            "sequences",
            "where the level is missing",
        ),
        "high": number(
            "the larger number that the ends of the exponent's interval give, may be infinite",
            "sequences",
            "where the level is missing",
        ),
        "extrapolated": boolean("whether the length is longer than any that was tried"),
    },
)

CONTRACTS = (TRAINING, QUALITY, SURVIVAL, MEDIANS, SAMPLES, GROWTH, SEQUENCES)
