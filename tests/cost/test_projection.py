"""Memory at lengths that were not measured."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from timeshare.cost.projection import assumptions, limits, projected
from timeshare.experiment.cost import Projection

SMALL = Projection(
    hidden_size=8,
    hidden_sizes=[8, 32],
    input_size=3,
    output_size=2,
    batch=4,
    truncation=10,
    shortest=100,
    longest=100_000,
    machines={"a": 0.01, "b": 1},
)


def test_the_parts_add_up_and_the_unmeasured_is_marked() -> None:
    table = projected(SMALL, 1000)
    parts = ["bytes_weights", "bytes_gradients", "bytes_optimiser", "bytes_activations"]
    assert (table[parts].sum(axis=1) == table["bytes_total"]).all()
    assert (table["extrapolated"] == (table["length"] > 1000)).all()
    assert set(table["truncation"]) == {"full", "10"}
    assert table["length"].min() == 100
    assert table["length"].max() == 100_000


def test_weights_grow_where_steps_have_their_own_and_activations_where_k_is_t() -> None:
    table = projected(SMALL, 1000).set_index(["name", "truncation", "length"]).sort_index()

    def growth(name: str, truncation: str, column: str) -> float:
        line = table.xs((name, truncation))[column].to_numpy(float)
        return float(np.log10(line[-1] / line[0]) / 3)

    assert growth("unshared", "10", "bytes_weights") == pytest.approx(1, abs=0.03)
    assert growth("blocks", "full", "bytes_weights") == pytest.approx(1, abs=0.03)
    for name in ("shared", "basis"):
        assert growth(name, "full", "bytes_weights") == 0
    for name in ("shared", "blocks", "basis", "unshared"):
        assert growth(name, "full", "bytes_activations") == pytest.approx(1, abs=0.03)
        assert growth(name, "10", "bytes_activations") == 0


def test_the_limit_is_the_last_length_that_fits() -> None:
    table = limits(SMALL)
    assert len(table) == 2 * 4 * 2 * 2
    table = table[table["hidden_size"] == 8]
    endless = table[table["length"].isna()]
    assert set(zip(endless["name"], endless["truncation"], strict=True)) == {
        ("shared", "10"),
        ("basis", "10"),
    }
    for row in table.dropna(subset=["length"]).to_dict("records"):
        length = int(row["length"])
        edge = SMALL.model_copy(update={"shortest": length, "longest": length + 1})
        lines = projected(edge, 0)
        same = lines[(lines["name"] == row["name"]) & (lines["truncation"] == row["truncation"])]
        sizes = same.set_index("length")["bytes_total"].to_dict()
        assert sizes[length] <= row["bytes_machine"] < sizes[length + 1]


def test_wider_networks_fit_shorter_sequences() -> None:
    keys = ["name", "truncation", "machine"]
    wide = limits(SMALL).pivot_table(index=keys, columns="hidden_size", values="length").dropna()
    assert len(wide) and (wide[8] > wide[32]).all()


def test_the_hidden_size_of_the_curves_has_limits_too() -> None:
    table = limits(SMALL.model_copy(update={"hidden_sizes": [16, 64]}))
    assert sorted(table["hidden_size"].unique()) == [8, 16, 64]


def test_a_machine_too_small_for_one_step_holds_none() -> None:
    table = limits(SMALL.model_copy(update={"machines": {"tiny": 1e-9}}))
    assert table["length"].tolist() == [0] * len(table)
    assert isinstance(table["length"].dtype, pd.Int64Dtype)


def test_the_assumptions_name_the_network() -> None:
    assert "H = 8" in assumptions(SMALL)[0]


def test_lengths_out_of_order_are_refused() -> None:
    with pytest.raises(ValidationError, match="is not shorter than longest"):
        Projection(shortest=10, longest=10)
