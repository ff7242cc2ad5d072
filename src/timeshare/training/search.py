"""Whether a search ended at the edge of what it tried, so that a better value may lie beyond."""

import pandas as pd

SEARCHED = ["learning_rate", "weight_decay", "strength", "dropout"]
"""The hyperparameters that are searched."""


def edges(tried: pd.DataFrame, margin: float) -> list[str]:
    """The hyperparameters whose chosen value is the largest or smallest of those tried.

    It counts only where the settings with that value beat, on the mean, those with the neighbouring
    one by more than the margin. A smallest value of 0 is no edge, since nothing lies beyond it.

    Arguments:
        tried: the settings of one condition and train size, with `score` and `chosen`.
        margin: the smallest difference between scores that matters.
    """
    found = []
    chosen = tried[tried["chosen"]].iloc[0]
    for name in SEARCHED:
        means = tried.groupby(name)["score"].mean()
        if len(means) < 2 or pd.isna(chosen[name]):
            continue
        place = list(means.index).index(chosen[name])
        beyond = {0: 1, len(means) - 1: len(means) - 2}
        if place not in beyond or chosen[name] == 0:
            continue
        if means.iloc[place] - means.iloc[beyond[place]] > margin:
            found.append(name)
    return found
