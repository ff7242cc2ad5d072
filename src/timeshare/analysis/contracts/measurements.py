"""The tables of what training and evaluation measured."""

from timeshare.analysis.contracts.base import boolean, contract, integer, number, text
from timeshare.analysis.contracts.columns import CHOSEN, FACTORS, GROUP, MEMBER, METRIC, SELECTION

TABLES_FOLDER = "results/<name>/tables"
EVALUATION = "results/<name>/evaluations/<task>/length-<T>"
RUN = "results/<name>/runs/<task>/<variant>/length-<T>/truncation-<K>"

NOT_FINITE = "where an output of the network was not finite"
NORMALISED = "where the chance level is already perfect, or an output was not finite"
DIVERGED = "where the member diverged"

EVALUATED = {
    **MEMBER,
    "split": text("the sequences scored: `train`, `validation` or `test`"),
    "group": text("`all` sequences of the split, or one of the task's groups of sequences"),
    "evaluated_length": integer("length of the sequences scored", "steps"),
    "extension": text(
        "what the schedule does at a length it was not trained on: `hold`, `cycle` or "
        "`align-right`; `none` where it needs nothing"
    ),
    "selection": SELECTION,
}

SCORES = contract(
    "scores",
    "A row is the score of one member with one selection of weights on one set of sequences under "
    "one extension.",
    (f"{TABLES_FOLDER}/scores.parquet", f"{EVALUATION}/scores.parquet"),
    {
        **EVALUATED,
        "chosen": boolean(CHOSEN),
        "diverged": boolean("whether the member diverged in training; its value is then chance"),
        "metric": METRIC,
        "value": number("the metric on these sequences", "metric", NOT_FINITE),
        "chance": number(
            "the metric of the best constant output on these sequences, or of the training "
            "sequences' own chance level in the split `train`",
            "metric",
        ),
        "score": number(
            "the metric, scaled to 0 at chance and 1 when perfect", "score", NORMALISED
        ),
        "loss": number("mean loss on these sequences", "nats or squared error", DIVERGED),
    },
)

POSITIONS = contract(
    "positions",
    "A row is the metric of one member at one step of the test sequences; only members of dense "
    "tasks with the chosen learning rate that did not diverge have rows.",
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

CURVES = contract(
    "curves",
    "A row is one measurement of one member on one split while it trained.",
    (f"{TABLES_FOLDER}/curves.parquet", f"{RUN}/history.parquet"),
    {
        **FACTORS,
        "update": integer("updates made before the measurement", "updates"),
        "split": text("the sequences scored: `train`, `validation` or `test`"),
        "value": number(
            "the metric; chance from the update on at which a member diverged", "metric", NOT_FINITE
        ),
        "loss": number(
            "mean loss", "nats or squared error", "from the update on at which a member diverged"
        ),
        "chance": number("the metric of the best constant output", "metric"),
        "seed": MEMBER["seed"],
        "train_size": MEMBER["train_size"],
        "learning_rate": MEMBER["learning_rate"],
        "score": number(
            "the metric, scaled to 0 at chance and 1 when perfect", "score", NORMALISED
        ),
        "metric": METRIC,
    },
)

CONDITIONS = contract(
    "conditions",
    "A row is one condition, with all facts of its task and variant and how its training went.",
    (f"{TABLES_FOLDER}/conditions.parquet",),
    {
        **FACTORS,
        "task_kind": text("name or import path of the task's class"),
        "task_parameters": text("parameters of the task, as JSON"),
        "metric": METRIC,
        "learnable": boolean("whether the targets can be predicted from the inputs"),
        "dense": boolean("whether steps have targets of their own, instead of one per sequence"),
        "continues": boolean("whether the task's rule goes on in the same way past the length T"),
        "rule_changes": boolean("whether the rule changes from step to step or may do so"),
        "rule_change_rate": number(
            "how much of the rule is replaced at each step", "share", "where the task does not know"
        ),
        "symbolic": boolean("whether the inputs are symbols instead of measured values"),
        "real": boolean("whether the sequences come from a real data set"),
        "groups": text("names of the task's groups of test sequences; empty where it has none"),
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
        "batch": integer("sequences in an update of one member", "sequences"),
        "updates": integer("updates of the training plan", "updates"),
        "members": integer("networks trained together", "networks"),
        "diverged": integer("networks that diverged", "networks"),
        "seconds": number("time that the training of all members took", "seconds"),
        "started": text("when the job began, as an ISO 8601 time"),
        "finished": text("when the job ended, as an ISO 8601 time"),
        "digest": text("hash of everything that defines the run"),
        "label": text("what figures call the variant: its schedule where that is unambiguous"),
    },
)

CHOICES = contract(
    "choices",
    "A row is one learning rate of a condition, train size and selection of weights.",
    (f"{TABLES_FOLDER}/choices.parquet",),
    {
        **GROUP,
        "selection": SELECTION,
        "learning_rate": MEMBER["learning_rate"],
        "score": number(
            "mean validation score over the members", "score", "where no member has one"
        ),
        "loss": number(
            "mean validation loss over the members that did not diverge",
            "nats or squared error",
            "where all members diverged",
        ),
        "chosen": boolean(CHOSEN),
        "members": integer("networks with this learning rate", "networks"),
        "seconds": number(
            "these networks' equal share of the condition's training time", "seconds"
        ),
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

CONTRACTS = (SCORES, POSITIONS, CURVES, CONDITIONS, CHOICES, EQUIVALENCE)
