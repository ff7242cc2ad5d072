"""Titles in the place of names, short labels, definitions, schedules and places of labels."""

from itertools import pairwise

import pytest

from tests.analysis.synthetic import at, trained
from timeshare.analysis.evidence import Evidence
from timeshare.report.labels import spread, wrapped
from timeshare.report.names import readable, titles
from timeshare.report.schedules import STEPS, pictures
from timeshare.report.terms import terms

LEVELS = {"shared": 0.9, "unshared": 0.5, "wide": 0.9, "narrow": 0.5, "time_features": 0.9}


def evidence() -> Evidence:
    return Evidence(trained(at(**LEVELS), ["parity", "drift-25"], LEVELS))


def test_titles_stand_in_the_place_of_names_in_every_table() -> None:
    found = readable(evidence())
    for table in (found.tables.scores, found.conditions, found.tables.choices):
        assert set(table["task"]) == {"the task parity", "the task drift-25"}
        assert "the variant wide" in set(table["variant"])
    assert set(found.conditions["task_name"]) == {"parity", "drift-25"}
    assert len(found.members) == len(evidence().members)


def test_two_tasks_of_one_title_keep_their_names_behind_it() -> None:
    conditions = evidence().conditions.assign(task_title="a machine")
    found = titles(conditions)["task"]
    assert found == {"parity": "a machine (parity)", "drift-25": "a machine (drift-25)"}


def test_labels_say_what_makes_a_network_another_one() -> None:
    conditions = readable(evidence()).conditions
    labels = conditions.drop_duplicates("variant_name").set_index("variant_name")["label"]
    assert labels.to_dict() == {
        "shared": "shared",
        "unshared": "unshared",
        "wide": "wider shared",
        "narrow": "narrower unshared",
        "time_features": "shared with time features",
    }


def test_two_networks_that_would_have_one_label_have_their_titles() -> None:
    tables = trained(at(shared=0.9, halves=0.5), ["parity"], ["shared", "halves"])
    same = tables.conditions.assign(schedule="shared")
    found = readable(Evidence(type(tables)(tables.scores, tables.positions, same)))
    assert set(found.conditions["label"]) == {"the variant shared", "the variant halves"}


def test_a_task_is_defined_by_its_class_and_what_differs_here() -> None:
    found = terms(readable(evidence()).conditions)
    assert list(found) == ["the task drift-25", "the task parity"]
    assert "change 0.25" in found["the task drift-25"].definition
    assert "parity" in found["the task parity"].definition.lower()
    assert "`" not in "".join(term.definition for term in found.values())
    assert found["the task parity"].picture == "../../docs/tasks/parity.svg"


def test_schedules_are_pictured_from_shared_to_unshared() -> None:
    found = pictures(evidence().conditions)
    assert [each.title for each in found] == ["Shared", "Unshared"]
    assert [len(set(each.colours)) for each in found] == [1, STEPS]


@pytest.mark.parametrize(
    "places", [[], [0.5], [0.5, 0.5, 0.5], [0.0, 1.0, 0.99, 0.98], [1.0] * 4, [0.2] * 30]
)
def test_labels_never_touch_and_stay_inside(places: list[float]) -> None:
    found = spread(places, 0.1)
    least = min(0.1, 1 / max(len(places), 1))
    ordered = sorted(found)
    gaps = [high - low for low, high in pairwise(ordered)]
    assert all(gap >= least - 1e-9 for gap in gaps)
    assert all(-1e-9 <= each <= 1 + 1e-9 for each in found)


def test_labels_stay_where_they_are_if_there_is_room() -> None:
    assert spread([0.9, 0.1, 0.5], 0.1) == pytest.approx([0.9, 0.1, 0.5])


def test_long_titles_have_several_lines() -> None:
    assert wrapped("a title that is long", 1.0) == "A title that\nis long"
