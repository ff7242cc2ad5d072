"""Tables are checked against their definitions, and the page that lists them is up to date."""

from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import read_by
from timeshare.analysis.contracts import TABLES, TableError, checked, empty, read, write
from timeshare.analysis.contracts.page import page
from timeshare.cost.counting import counted
from timeshare.data.splits import draw_tests
from timeshare.experiment import Condition
from timeshare.training.evaluate import evaluate
from timeshare.training.run_files import history_of
from timeshare.training.train import train


@pytest.fixture(scope="module")
def scores() -> pd.DataFrame:
    """A table of one row."""
    values = {"text": "a", "integer": 1, "number": 0.5, "boolean": True}
    types = TABLES["scores"].types
    return pd.DataFrame([{name: values[type_] for name, type_ in types.items()}])


def test_what_training_and_evaluation_give_has_the_columns_of_the_definitions(
    condition: Condition,
) -> None:
    splits = read_by(condition)
    trained = train(condition, splits)
    task, reported = condition.build_task(), trained.reported
    curves = history_of(trained)
    tests = draw_tests(task, [8, 10], condition.units, 16)
    found = evaluate(
        condition, reported.members, reported.tensors, reported.diverged, splits, tests, 16
    )
    for name, table in (
        ("curves", curves),
        ("scores", found.scores),
        ("positions", found.positions),
    ):
        pd.testing.assert_frame_equal(checked(name, table), table)


def test_what_the_cost_study_counts_has_the_columns_of_the_definition(
    condition: Condition,
) -> None:
    checked("counted", counted([condition]))


def test_a_missing_column_is_refused_in_one_sentence(scores: pd.DataFrame) -> None:
    with pytest.raises(TableError, match=r"Table 'scores' lacks the column 'seed'; expected are"):
        checked("scores", scores.drop(columns="seed"))


def test_an_unknown_column_is_refused_in_one_sentence(scores: pd.DataFrame) -> None:
    with pytest.raises(TableError, match="Table 'scores' has the unknown column 'sead'"):
        checked("scores", scores.assign(sead=1))


def test_columns_in_another_order_are_refused(scores: pd.DataFrame) -> None:
    with pytest.raises(TableError, match="Table 'scores' has the columns rule_change, loss, "):
        checked("scores", scores[list(reversed(list(scores)))])


def test_a_wrong_type_is_refused_in_one_sentence(scores: pd.DataFrame) -> None:
    with pytest.raises(TableError, match="Column 'seed' of table 'scores' has the type float64"):
        checked("scores", scores.assign(seed=1.5))


def test_a_missing_value_is_refused_where_every_row_has_one(scores: pd.DataFrame) -> None:
    with pytest.raises(TableError, match="Column 'task' of table 'scores' lacks a value in 1 of 1"):
        checked("scores", scores.assign(task=pd.Series([None], dtype="str")))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_without_rows_keeps_its_columns_and_types(name: str, tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    write(name, path, pd.DataFrame())
    pd.testing.assert_frame_equal(read(name, path), empty(name))
    assert list(empty(name)) == TABLES[name].columns


@pytest.mark.parametrize("name", TABLES)
def test_every_column_has_a_meaning(name: str) -> None:
    for column in TABLES[name].schema.columns.values():
        assert column.description
        assert not str(column.description).endswith(".")


def test_the_page_of_tables_is_the_one_made_from_the_definitions(root: Path) -> None:
    assert (root / "docs/tables.md").read_text() == page()
