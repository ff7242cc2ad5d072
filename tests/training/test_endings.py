"""How the training of each network ended."""

import pandas as pd

from tests.conftest import small
from tests.training.test_collect import STARTED, trained
from timeshare.analysis.contracts import checked
from timeshare.experiment import Condition, Experiment, expand
from timeshare.training.endings import member_endings
from timeshare.training.run_files import history_of, run_facts


def endings_of(condition: Condition, **reported: list[object]) -> pd.DataFrame:
    """The endings of a condition's networks; `reported` changes how those of that role fared."""
    done = trained(condition)
    facts = run_facts(done, STARTED)
    run = facts | {"reported": facts["reported"] | reported}
    return member_endings(history_of(done), [run])


def by_itself(condition: Condition) -> Condition:
    """The condition with a plan in which networks stop by themselves."""
    content = small()
    content["training"]["updates"] = {"least": 4, "most": 12, "patience": 4}
    return expand(Experiment.parse(content))[condition.id]


def test_each_network_of_search_and_report_has_a_row(condition: Condition) -> None:
    table = checked("members", endings_of(condition))
    counts = table["role"].value_counts()
    assert counts["reported"] == len(condition.members)
    assert counts["search"] == len(condition.search_members)
    assert not table.duplicated(["role", "rule", "seed", "train_size", "setting"]).any()


def test_a_network_is_trained_out_cut_off_or_diverged(condition: Condition) -> None:
    table = endings_of(
        by_itself(condition),
        trained_out=[True, False, False, True],
        diverged=[None, None, 3, None],
        updates=[8, 12, 12, 4],
    )
    reported = table[table["role"] == "reported"]
    assert reported["ending"].tolist() == ["trained out", "cut off", "diverged", "trained out"]
    assert reported["updates"].tolist() == [8, 12, 12, 4]


def test_networks_that_all_make_the_same_number_of_updates_end_there(condition: Condition) -> None:
    assert set(endings_of(condition)["ending"]) == {"fixed"}
