"""The tables of what training and evaluation measured."""

from timeshare.analysis.contracts.base import boolean, contract, integer, number, text
from timeshare.analysis.contracts.columns import (
    FACTORS,
    GROUP,
    MEMBER,
    METRIC,
    ROLE,
    SELECTION,
    SETTING,
)

TABLES_FOLDER = "results/<name>/tables"
EVALUATION = "results/<name>/evaluations/<task>/length-<T>"
RUN = "results/<name>/runs/<task>/<variant>/length-<T>/truncation-<K>"

NOT_FINITE = "where no sequence has a target, or an output of the network was not finite"
NORMALISED = (
    "where the chance level is already perfect, as of one class alone, where no sequence has a "
    "target, or where an output was not finite"
)
UNASKED = "where no sequence has a target"
DIVERGED = "where the member diverged"

EVALUATED = {
    **MEMBER,
    "split": text("the sequences scored: `train`, `validation` or `test`"),
    "group": text("`all` sequences of the split, or one of the task's groups of sequences"),
    "distance": integer(
        "fewest steps between what is remembered and its target, in the sequences of the group",
        "steps",
        "where the group is not one of distances",
    ),
    "beyond_window": boolean(
        "whether the group's distances are K or more, so that no window of truncated "
        "back-propagation holds both what is remembered and its target; false where K = T and "
        "where the group is not one of distances"
    ),
    "evaluated_length": integer("length of the sequences scored", "steps"),
    "extension": text(
        "what the schedule does at a length it was not trained on: `hold`, `cycle` or "
        "`align-right`; `none` where it needs nothing"
    ),
    "sequences": integer("number of sequences scored", "sequences"),
    "selection": SELECTION,
}

SCORES = contract(
    "scores",
    "A row is the score of one reported member with one selection of weights on one set of "
    "sequences under one extension.",
    (f"{TABLES_FOLDER}/scores.parquet", f"{EVALUATION}/scores.parquet"),
    {
        **EVALUATED,
        "diverged": boolean("whether the member diverged in training; its value is then chance"),
        "metric": METRIC,
        "value": number("the metric on these sequences", "metric", NOT_FINITE),
        "chance": number(
            "the metric of the best constant output on these sequences, or of the training "
            "sequences' own chance level in the split `train`",
            "metric",
            UNASKED,
        ),
        "score": number(
            "the metric, scaled to 0 at chance and 1 when perfect", "score", NORMALISED
        ),
        "loss": number("mean loss on these sequences", "nats or squared error", DIVERGED),
        "rule_change": number(
            "share of the member's rule that is redrawn from one step to the next",
            "share",
            "where the task does not know",
        ),
    },
)

POSITIONS = contract(
    "positions",
    "A row is the metric of one member at one step of the test sequences; only reported "
    "members of dense tasks that did not diverge have rows.",
    (f"{TABLES_FOLDER}/positions.parquet", f"{EVALUATION}/positions.parquet"),
    {
        **EVALUATED,
        "position": integer("the step, counted from 0", "steps"),
        "value": number(
            "the metric over the sequences with a target at this step",
            "metric",
            "where no sequence has a target at this step",
        ),
    },
)

TEST_SEQUENCES = contract(
    "test_sequences",
    "A row is one test sequence of a real data set, read at length T by the reported networks of a "
    "condition and train size, which all read the same ones; a generated task has no rows.",
    (f"{TABLES_FOLDER}/test_sequences.parquet", f"{EVALUATION}/test_sequences.parquet"),
    {
        **GROUP,
        "selection": SELECTION,
        "sequence": integer("the sequence, counted from 0"),
        "targets": integer("targets of the sequence", "targets"),
        "value": number(
            "the metric on these targets, a mean over the networks; one that diverged counts as "
            "chance",
            "metric",
            "where the sequence has no target, or an output of a network was not finite",
        ),
    },
)

CURVES = contract(
    "curves",
    "A row is one measurement of one member on one split while it trained.",
    (f"{TABLES_FOLDER}/curves.parquet", f"{RUN}/history.parquet"),
    {
        **FACTORS,
        "role": ROLE,
        **{name: each for name, each in MEMBER.items() if name not in FACTORS},
        "diverged": boolean("whether the member diverged in the course of its training"),
        "update": integer("updates made before the measurement", "updates"),
        "split": text("the sequences scored: `train`, `validation` or `test`"),
        "value": number(
            "the metric; chance from the update on at which a member diverged", "metric", NOT_FINITE
        ),
        "loss": number(
            "mean loss", "nats or squared error", "from the update on at which a member diverged"
        ),
        "chance": number("the metric of the best constant output", "metric", UNASKED),
        "score": number(
            "the metric, scaled to 0 at chance and 1 when perfect", "score", NORMALISED
        ),
        "metric": METRIC,
    },
)

MEMBERS = contract(
    "members",
    "A row is one trained network, of the search or reported, with how its training ended.",
    (f"{TABLES_FOLDER}/members.parquet",),
    {
        **FACTORS,
        "role": ROLE,
        **{name: each for name, each in MEMBER.items() if name not in FACTORS},
        "updates": integer("updates that it made", "updates"),
        "ending": text(
            "how its training ended: `trained out` (it stopped by itself), `cut off` (at the most "
            "updates allowed), `diverged`, or `fixed` (all networks make the same number of "
            "updates)"
        ),
    },
)

CONDITIONS = contract(
    "conditions",
    "A row is one condition, with all facts of its task and variant and how its training went.",
    (f"{TABLES_FOLDER}/conditions.parquet",),
    {
        **FACTORS,
        "task_title": text("what readers call the task"),
        "variant_title": text("what readers call the variant"),
        "task_kind": text("name or import path of the task's class"),
        "task_parameters": text("parameters of the task, as JSON"),
        "metric": METRIC,
        "learnable": boolean("whether the targets can be predicted from the inputs"),
        "dense": boolean("whether steps have targets of their own, instead of one per sequence"),
        "random_rule": boolean("whether the task's rule is random, so that rules are the units"),
        "continues": boolean("whether the task's rule goes on in the same way past the length T"),
        "rule_changes": boolean("whether the rule changes from step to step or may do so"),
        "rule_change_rate": number(
            "how much of the rule is replaced at each step", "share", "where the task does not know"
        ),
        "symbolic": boolean("whether the inputs are symbols instead of measured values"),
        "real": boolean("whether the sequences come from a real data set"),
        "groups": text("names of the task's groups of test sequences; empty where it has none"),
        "holds_out": boolean("whether groups beyond the first one never occur in training"),
        "resampled": boolean(
            "whether a sequence of another length is the same one at another speed"
        ),
        "memoryless_score": number(
            "score that a perfect solver reaches at most when it sees no further back than K steps",
            "score",
            "where the task does not know it",
        ),
        "input_size": integer("input features D of the task"),
        "output_size": integer("outputs O of the task"),
        "family": text(
            "family of networks: `recurrent`, or the name or import path of a reference outside it"
        ),
        "cell": text("name or import path of the cell; `none` for a reference"),
        "schedule": text("name or import path of the schedule; `none` for a reference"),
        "schedule_parameters": text("parameters of the schedule or of the reference, as JSON"),
        "hidden_size": integer("hidden units H; 0 for a reference without any"),
        "width": text(
            "where H comes from: `own` (the configuration) or `matched` (the parameter count of "
            "another variant)"
        ),
        "time_features": integer("positional features of each step that are added to the input"),
        "readout": text("`shared` by all steps, or `per-step`"),
        "embedding": integer("features of the learned embedding of the inputs; 0 without one"),
        "init": text(
            "whether learned matrices begin as `independent` draws or as the `same`; `none` for a "
            "reference"
        ),
        "plain": boolean(
            "whether the variant is recurrent, has no time features and one shared read-out"
        ),
        "parameters": integer("trained parameters of one member"),
        "parameters_cell": integer(
            "trained parameters of the cell's weights of one member, or of a reference's layers "
            "before the read-out"
        ),
        "parameters_readout": integer("trained parameters of the read-out of one member"),
        "parameters_embedding": integer("trained parameters of the embedding of one member"),
        "rule_change_measured": number(
            "share of the rule that is really redrawn from step to step, mean over its rules",
            "share",
            "where the task does not know",
        ),
        "batch": integer("sequences in an update of one member", "sequences"),
        "updates": integer("the most updates of the training plan", "updates"),
        "update": text("what makes one update: a whole `sequence`, or each `window`"),
        "lengths": text("lengths trained on: `fixed` (T alone) or `up-to` (1 to T)"),
        "window_offset": text("where windows begin: `fixed`, or `random` in each update"),
        "settings": integer("settings tried for the variant"),
        "units": integer("rules, or seeds where the task has one rule, that are reported"),
        "members": integer("reported networks, trained together", "networks"),
        "diverged": integer("reported networks that diverged", "networks"),
        "trained_out": number(
            "share of the reported networks that stopped by themselves",
            "share",
            "where all make the same number of updates",
        ),
        "updates_made": integer("updates of all reported networks together", "updates"),
        "seconds": number("time that the training of the reported networks took", "seconds"),
        "search_members": integer("networks trained to choose a setting", "networks"),
        "search_updates_made": integer("updates of all these networks together", "updates"),
        "search_seconds": number("time that their training took", "seconds"),
        "started": text("when the job began, as an ISO 8601 time"),
        "finished": text("when the job ended, as an ISO 8601 time"),
        "digest": text("hash of everything that defines the run"),
        "label": text("what figures call the variant: its schedule where that is unambiguous"),
        "edge": boolean(
            "whether a chosen setting lies at the edge of what was tried and beats its neighbours "
            "by more than the margin, so that a better one may lie beyond"
        ),
    },
)

CHOICES = contract(
    "choices",
    "A row is one setting of a condition and train size, tried on units that are never reported.",
    (f"{TABLES_FOLDER}/choices.parquet",),
    {
        **GROUP,
        **SETTING,
        "score": number(
            "mean over the members of their highest validation score; training score where labels "
            "are random",
            "score",
            "where no member has one",
        ),
        "loss": number(
            "mean loss of the members at these scores",
            "nats or squared error",
            "where a member diverged",
        ),
        "members": integer("networks with this setting", "networks"),
        "chosen": boolean("whether the reported members of this train size have this setting"),
        "edge": text(
            "hyperparameters whose chosen value lies at the edge of those tried and beats its "
            "neighbour by more than the margin; empty where there is none"
        ),
        "seconds": number("these networks' equal share of the search's training time", "seconds"),
    },
)

EQUIVALENCE = contract(
    "equivalence",
    "A row compares one quantity of the unshared engine and of a layered feed-forward network with "
    "the same weights.",
    (f"{TABLES_FOLDER}/equivalence.parquet",),
    {
        "cell": text("name or import path of the cell"),
        "layers": text(
            "`independent` where the layered network has its own code for the cell, `from the "
            "cell's step` where its layers call the cell"
        ),
        "length": integer("length T of the sequences, which is the number of layers", "steps"),
        "precision": text("type of all numbers: `float64` or `float32`"),
        "quantity": text("what is compared: the outputs or one of the gradients"),
        "difference": number("largest absolute difference over members and entries"),
        "scale": number("largest absolute value compared"),
    },
)

CONTRACTS = (SCORES, POSITIONS, TEST_SEQUENCES, CURVES, MEMBERS, CONDITIONS, CHOICES, EQUIVALENCE)
