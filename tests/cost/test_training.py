"""What training took, the search of settings apart."""

import pandas as pd
import pytest

from timeshare.analysis.contracts import checked
from timeshare.cost.operations import flops_of
from timeshare.cost.training import training
from timeshare.experiment import Condition
from timeshare.training.facts import condition_facts
from timeshare.training.model_factory import architecture_of

NAME = "parity/shared/length-10/truncation-full"
ENDED = {
    "reported": [(40, 8, "trained out"), (40, 24, "cut off"), (80, 16, "trained out")],
    "search": [(40, 6, "trained out"), (80, 2, "diverged")],
}
"""Train size, updates and ending of each network, by role."""


def facts_of(condition: Condition) -> pd.DataFrame:
    """A table of conditions whose reported networks took 24 seconds, and whose search took 4."""
    facts = condition_facts(condition, architecture_of(condition))
    return pd.DataFrame([{**facts, "seconds": 24.0, "search_seconds": 4.0}])


def members_of(condition: Condition) -> pd.DataFrame:
    names = {name: facts_of(condition)[name].iloc[0] for name in ("task", "variant")}
    names |= {name: facts_of(condition)[name].iloc[0] for name in ("length", "truncation")}
    rows = [
        {**names, "role": role, "train_size": size, "updates": updates, "ending": ending}
        for role, networks in ENDED.items()
        for size, updates, ending in networks
    ]
    return pd.DataFrame(rows)


@pytest.fixture
def table(conditions: dict[str, Condition]) -> pd.DataFrame:
    condition = conditions[NAME]
    return checked("training", training(members_of(condition), facts_of(condition)))


def test_a_train_size_and_role_has_the_updates_of_its_networks(table: pd.DataFrame) -> None:
    row = table[(table["train_size"] == 40) & (table["role"] == "reported")]
    assert row[["networks", "trained_out"]].to_numpy().tolist() == [[2, 1]]
    columns = ["updates_least", "updates_median", "updates_most", "updates"]
    assert row[columns].to_numpy().tolist() == [[8, 16, 24, 32]]


def test_seconds_are_shared_in_proportion_to_updates_within_a_role(table: pd.DataFrame) -> None:
    seconds = table.set_index(["train_size", "role"])["seconds"].to_dict()
    assert seconds == pytest.approx(
        {(40, "reported"): 16.0, (80, "reported"): 8.0, (40, "search"): 3.0, (80, "search"): 1.0}
    )


def test_operations_are_those_of_all_updates(
    table: pd.DataFrame, conditions: dict[str, Condition]
) -> None:
    each = flops_of(facts_of(conditions[NAME]).to_dict("records")[0])
    assert (table["flops"] == each * table["updates"]).all()


def test_an_experiment_without_networks_has_an_empty_table() -> None:
    assert checked("training", training(pd.DataFrame(), pd.DataFrame())).empty
