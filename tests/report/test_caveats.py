"""What weakens a result stands beside it, and what training took is shown."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

from tests.analysis.flagged import flagged
from tests.analysis.synthetic import trained
from tests.report.conftest import findings, results_of
from timeshare.analysis.flags import Flags
from timeshare.report.caveats import caveat
from timeshare.report.figures.distances import Distances
from timeshare.report.figures.training_cost import TrainingCost
from timeshare.report.palette import Canvas

STORE: dict[str, Any] = {
    "tasks": ["store"],
    "lengths": [16],
    "truncations": [4, None],
    "groups": ("all", "near", "far"),
}
SPENT = {
    ("shared", "reported"): (100, 1000),
    ("unshared", "reported"): (200, 2000),
    ("shared", "search"): (50, 500),
    ("unshared", "search"): (50, 500),
}
"""Updates and operations of ten networks each, by variant and role."""


def forgets(row: Mapping[str, Any]) -> float:
    """Unshared weights lose what lies beyond the window."""
    lost = row["schedule"] == "unshared" and row["group"] == "far" and row["truncation"] == 4
    return 0.5 if lost else 1.0


def keeps(row: Mapping[str, Any]) -> float:
    return 1.0


def test_networks_that_were_not_trained_out_are_counted_beside_a_figure() -> None:
    tables = trained(keeps, ["parity"], lengths=[16], train_sizes=(32, 64, 128), seeds=4)
    found = findings(results_of(flagged(tables, {"unshared": "cut off"})))["bottom-line"]
    assert found.caveat == (
        "12 of the 24 networks behind it had not finished training at the most updates allowed. "
        "Chosen at the edge of the values tried: learning rate of the the variant unshared."
    )
    finished = flagged(tables, {})
    assert findings(results_of(finished))["bottom-line"].caveat == ""


def test_many_edges_are_listed_by_hyperparameter_and_the_rest_is_counted() -> None:
    networks = [f"network {place}" for place in range(5)]
    edges = [f"learning rate of the {network}" for network in networks]
    said = caveat(Flags(3, 0, (*edges, "weight decay of the network 1")))
    assert said == (
        "Chosen at the edge of the values tried: learning rate of the network 0, network 1, "
        "network 2 and 2 more; weight decay of the network 1."
    )


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (forgets, "shared weights lose nothing and unshared weights lose"),
        (keeps, "shared weights lose nothing and unshared weights lose nothing"),
    ],
)
def test_distances_beyond_every_window_are_marked(score: Any, words: str) -> None:
    found = Distances().finding(results_of(trained(score, **STORE)))
    assert found is not None
    assert found.title == f"At distances beyond every window, {words}"
    marked = found.table.set_index(["truncation", "distance"])["beyond_window"]
    assert marked.groupby(level=[0, 1]).first().to_dict() == {
        (4, 1): False,
        (4, 8): True,
        (16, 1): False,
        (16, 8): False,
    }
    axes = found.draw(Canvas(3)).axes
    shaded = ["beyond every window" in [text.get_text() for text in axis.texts] for axis in axes]
    assert shaded == [True, False]


def test_unequal_updates_and_the_search_are_in_the_cost_section() -> None:
    tables = trained(keeps, ["parity"], lengths=[16])
    rows = [
        {
            "task": "parity",
            "variant": variant,
            "length": 16,
            "truncation": 16,
            "train_size": 512,
            "role": role,
            "networks": 10,
            "trained_out": 10,
            "updates_least": updates // 20,
            "updates_most": updates // 5,
            "updates": updates,
            "seconds": float(updates),
            "flops": flops,
        }
        for (variant, role), (updates, flops) in SPENT.items()
    ]
    found = TrainingCost().finding(results_of(tables, cost={"training": pd.DataFrame(rows)}))
    assert found is not None
    assert "2.00 times the updates" in found.title
    assert "25% of the operations and 25% of the seconds" in found.sentence
    shares = found.table.set_index("schedule")["share"]
    assert shares.to_dict() == pytest.approx({"shared": 1 / 3, "unshared": 0.2})
    found.draw(Canvas(1))
    assert TrainingCost().finding(results_of(tables)) is None
