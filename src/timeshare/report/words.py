"""The words that a reader meets before they are explained by what they stand in."""

WORDS = (
    (
        "Score",
        "0 is what guessing reaches, 1 is perfect, on test sequences that training never saw.",
    ),
    (
        "Rule",
        "What turns a sequence into its answers; of a machine, a table from state and symbol to "
        "the next state. It stays the same at every step, or a share of its entries is drawn anew "
        "from one step to the next.",
    ),
    ("T", "Steps of the sequences trained on."),
    (
        "K",
        "Steps that truncated back-propagation looks back; K = T is full back-propagation.",
    ),
    ("Gap", "Score on the training sequences minus score on test sequences: overfitting."),
    (
        "Equal width, equal parameters",
        "Both networks have as many hidden units, or the shared one is widened until it has as "
        "many parameters as the unshared one.",
    ),
    (
        "Rule or seed",
        "What an experiment is repeated over: other rules where a task's rule is random, other "
        "random seeds where it has one. Intervals are over these.",
    ),
    (
        "New at each update",
        "Training sequences are never used twice: the limit of much data.",
    ),
    (
        "Trained out",
        "A network's training stopped by itself, since its validation score rose no more, before "
        "the most updates that were allowed.",
    ),
    (
        "Hold, cycle, align right",
        "What a network with weights for T steps does with a longer sequence: it keeps the last "
        "weights, begins again with the first ones, or uses its last steps for the sequence's end.",
    ),
    ("Time features", "Inputs that tell a shared network which step it is at."),
)
"""Words and what they mean."""
