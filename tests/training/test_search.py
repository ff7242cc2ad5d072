"""Whether a search ended at the edge of what it tried."""

from itertools import product

import pandas as pd
import pytest

from timeshare.training.search import edges

MARGIN = 0.05


def tried(scores: dict[float, float], name: str = "learning_rate") -> pd.DataFrame:
    """A search over one hyperparameter, of which the best value is chosen."""
    rows = [
        {"learning_rate": 0.1, "weight_decay": 0.0, "strength": float("nan"), "dropout": 0.0}
        | {name: value, "score": score, "chosen": score == max(scores.values())}
        for value, score in scores.items()
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("scores", "flagged"),
    [
        ({0.1: 0.5, 0.2: 0.6, 0.3: 0.9}, True),
        ({0.1: 0.9, 0.2: 0.6, 0.3: 0.5}, True),
        ({0.1: 0.5, 0.2: 0.9, 0.3: 0.6}, False),
        ({0.1: 0.5, 0.2: 0.86, 0.3: 0.9}, False),
        ({0.2: 0.5, 0.3: 0.9, 0.1: 0.6}, True),
        ({0.1: 0.9}, False),
        ({0.1: 0.9, 0.2: 0.5}, True),
    ],
    ids=["largest", "smallest", "inside", "within the margin", "any order", "one value", "two"],
)
def test_the_edge_counts_where_it_beats_its_neighbour_by_more_than_the_margin(
    scores: dict[float, float], flagged: bool
) -> None:
    for name in ("learning_rate", "weight_decay", "strength", "dropout"):
        assert edges(tried(scores, name), MARGIN) == ([name] if flagged else [])


def test_nothing_lies_beyond_zero() -> None:
    scores = {0.0: 0.9, 0.1: 0.5}
    assert edges(tried(scores, "weight_decay"), MARGIN) == []
    assert edges(tried({0.0: 0.5, 0.1: 0.9}, "weight_decay"), MARGIN) == ["weight_decay"]


def test_means_over_the_settings_of_a_value_are_compared() -> None:
    grid = product((0.1, 0.2, 0.3), (0.0, 1.0))
    scores = {(0.3, 1.0): 1.0, (0.3, 0.0): 0.2, (0.2, 1.0): 0.6, (0.2, 0.0): 0.6}
    rows = [
        {
            "learning_rate": rate,
            "weight_decay": decay,
            "strength": float("nan"),
            "dropout": 0.0,
            "score": scores.get((rate, decay), 0.1),
            "chosen": (rate, decay) == (0.3, 1.0),
        }
        for rate, decay in grid
    ]
    assert edges(pd.DataFrame(rows), MARGIN) == ["weight_decay"]
    assert edges(pd.DataFrame(rows), 0.5) == []


def test_a_strength_that_is_the_schedules_own_is_no_edge() -> None:
    table = tried({0.1: 0.4, 0.2: 0.5}, "strength")
    own = tried({float("nan"): 0.9}, "strength")
    both = pd.concat([table.assign(chosen=False), own])
    assert edges(both, MARGIN) == []
