"""Exponents: found where they are known, with intervals that hold them."""

import numpy as np
import pytest

from timeshare.cost.counting import counted
from timeshare.cost.measurement import measured
from timeshare.cost.plan import conditions
from timeshare.cost.scaling import Line, expected, exponent, scaling
from timeshare.experiment import Experiment
from timeshare.experiment.cost import Cost

SIZES = [16, 32, 64, 128, 256]


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0, 2.0])
def test_an_exact_power_is_found(power: float) -> None:
    slope, low, high = exponent(SIZES, [3.0 * size**power for size in SIZES])
    assert slope == pytest.approx(power, abs=1e-9)
    assert low == pytest.approx(power, abs=1e-6)
    assert high == pytest.approx(power, abs=1e-6)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(400):
        noise = np.exp(rng.normal(0, 0.2, len(SIZES)))
        _, low, high = exponent(SIZES, (np.asarray(SIZES) * noise).tolist())
        hits += low <= 1 <= high
    assert 0.92 <= hits / 400 <= 0.98


def test_too_few_points_give_no_interval() -> None:
    slope, low, high = exponent([1, 2], [1, 4])
    assert slope == pytest.approx(2)
    assert np.isnan([low, high]).all()
    assert np.isnan(exponent([4, 4], [1, 2])).all()


def test_exponents_of_a_study(experiment: Experiment, study: Cost) -> None:
    grid = conditions(experiment, study, ["shared", "unshared"])
    table = scaling(counted(grid), measured(grid, study.rounds), experiment.variants)
    keys = ["variant", "quantity", "against", "fixed"]
    lines = table.sort_values(keys).groupby(keys)
    exact = {
        ("shared", "parameters"): 0,
        ("unshared", "parameters"): 1,
        ("shared", "flops_update"): 1,
        ("unshared", "flops_update"): 1,
    }
    for (variant, quantity), truth in exact.items():
        row = lines.get_group((variant, quantity, "length", "full")).iloc[0]
        assert row["exponent"] == pytest.approx(truth, abs=0.05)
        assert row["expected"] == truth
        assert (row["points"], row["first"], row["last"]) == (3, 4, 16)
    parts = table[(table["quantity"] == "seconds") & (table["against"] == "truncation")]
    assert set(parts["part"]) == {"forward", "backward", "optimiser", "update"}
    assert parts["exponent"].notna().all()
    assert set(parts["fixed"]) == {"16"}
    peaks = lines.get_group(("shared", "bytes_peak", "length", "full")).iloc[0]
    assert 0 < peaks["exponent"] < 1.2


@pytest.mark.parametrize(
    ("quantity", "part", "against", "fixed", "growing", "truth"),
    [
        ("parameters", None, "length", "full", True, 1),
        ("parameters", None, "length", "full", False, 0),
        ("seconds", "optimiser", "length", "4", False, 0),
        ("seconds", "update", "length", "4", False, 1),
        ("seconds", "update", "truncation", "64", True, 0),
        ("bytes_peak", None, "length", "4", True, 0),
        ("bytes_peak", None, "length", "full", False, 1),
        ("bytes_peak", None, "truncation", "64", False, 1),
    ],
)
def test_what_the_formulas_expect(
    quantity: str, part: str | None, against: str, fixed: str, growing: bool, truth: float
) -> None:
    assert expected(Line(quantity, part, against, fixed, growing)) == truth


@pytest.mark.parametrize(
    ("part", "against", "fixed", "growing", "truth"),
    [
        ("optimiser", "length", "4", False, 1),
        ("optimiser", "length", "4", True, 2),
        ("optimiser", "length", "full", True, 1),
        ("optimiser", "truncation", "64", True, -1),
        ("update", "length", "4", True, 2),
        ("forward", "length", "4", True, 1),
    ],
)
def test_where_each_window_updates_the_optimiser_works_t_over_k_times(
    part: str, against: str, fixed: str, growing: bool, truth: float
) -> None:
    assert expected(Line("seconds", part, against, fixed, growing, by_window=True)) == truth
