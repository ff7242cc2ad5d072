"""Time to quality and samples to solve, on tables made by hand."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest

from timeshare.analysis.contracts import checked
from timeshare.cost.formulas import flops_update
from timeshare.cost.plan import update_of
from timeshare.cost.quality import medians, quality, survival
from timeshare.cost.samples import growth, samples, sequences
from timeshare.experiment import Condition
from timeshare.experiment.conditions import FRESH
from timeshare.experiment.cost import Projection
from timeshare.training.facts import condition_facts
from timeshare.training.model_factory import architecture_of

NAME = "parity/shared/length-10/truncation-full"
FACTORS = {"task": "parity", "variant": "shared", "length": 10, "truncation": 10}


def member(seed: int, size: int = 40) -> dict[str, object]:
    """What identifies a member."""
    setting = {"setting": 1, "learning_rate": 0.01, "weight_decay": 0.0, "strength": np.nan}
    unit = {"unit": seed, "rule": 0, "seed": seed, "train_size": size}
    return {**FACTORS, **unit, **setting, "dropout": 0.0}


def curves_of(arrivals: dict[int, int | None], role: str = "reported") -> pd.DataFrame:
    """Validation curves of seeds that reach 0.9 at an update, or never; train curves that do."""
    rows = [
        {
            **member(seed),
            "role": role,
            "update": update,
            "split": split,
            "score": 0.95 if reached else 0.2,
        }
        for seed, arrival in arrivals.items()
        for update in (0, 4, 8, 12)
        for split in ("train", "validation")
        for reached in [split == "train" or (arrival is not None and update == arrival)]
    ]
    return pd.DataFrame(rows)


def spent_by(condition: Condition, updates: int) -> pd.DataFrame:
    """A table of conditions: the reported members made so many updates in 24 seconds."""
    facts = condition_facts(condition, architecture_of(condition))
    return pd.DataFrame([{**facts, "seconds": 24.0, "updates_made": updates}])


def qualities(conditions: dict[str, Condition], arrivals: dict[int, int | None]) -> pd.DataFrame:
    return quality(curves_of(arrivals), spent_by(conditions[NAME], 48), 0.9)


def test_a_member_costs_until_it_first_arrives(conditions: dict[str, Condition]) -> None:
    table = qualities(conditions, {0: 4, 1: 8, 2: None})
    assert table["reached"].tolist() == [True, True, False]
    assert table["updates"].tolist() == [4, 8, 12]
    assert table["seconds"].tolist() == [2.0, 4.0, 6.0]
    each = flops_update(update_of(conditions[NAME], 1))
    assert table["flops"].tolist() == [4 * each, 8 * each, 12 * each]
    checked("quality", table)


def test_a_member_that_stopped_without_arriving_costs_what_it_made(
    conditions: dict[str, Condition],
) -> None:
    curves = curves_of({0: 12, 1: None})
    curves = curves[(curves["seed"] == 0) | (curves["update"] <= 8)]
    table = quality(curves, spent_by(conditions[NAME], 20), 0.9)
    assert table["reached"].tolist() == [True, False]
    assert table["updates"].tolist() == [12, 8]
    assert table["seconds"].sum() == pytest.approx(24.0)


def test_members_of_a_search_do_not_count(conditions: dict[str, Condition]) -> None:
    searched = curves_of({1_000_000: 4}, role="search")
    both = pd.concat([curves_of({0: 8}), searched])
    table = quality(both, spent_by(conditions[NAME], 48), 0.9)
    assert table["seed"].tolist() == [0]


def test_curves_of_a_condition_that_the_table_lacks_are_refused(
    conditions: dict[str, Condition],
) -> None:
    spent = spent_by(conditions["drift/unshared/length-10/truncation-3"], 48)
    with pytest.raises(ValueError, match=r"has no row for.*parity"):
        quality(curves_of({0: 4}), spent, 0.9)


def test_the_median_counts_members_that_never_arrive(conditions: dict[str, Condition]) -> None:
    table = qualities(conditions, {0: 4, 1: 8, 2: 12, 3: None, 4: None})
    found = medians(table).set_index("quantity").loc["updates"]
    assert (found["members"], found["reached"], found["median"]) == (5, 3, 12)
    late = medians(qualities(conditions, {0: 4, 1: None, 2: None}))
    assert late["median"].isna().all()


def test_the_curve_steps_up_and_ends_below_one(conditions: dict[str, Condition]) -> None:
    table = survival(qualities(conditions, {0: 4, 1: 8, 2: 8, 3: None}))
    steps = table[table["quantity"] == "updates"]
    assert steps["value"].tolist() == [0, 4, 8, 12]
    assert steps["share"].tolist() == pytest.approx([0, 0.25, 0.75, 0.75])
    known = steps.dropna(subset=["low", "high"])
    assert len(known)
    assert ((known["low"] <= known["share"]) & (known["share"] <= known["high"])).all()


@pytest.mark.parametrize("arrivals", [{0: None, 1: None}, {0: 0, 1: 0}, {0: 4}])
def test_extreme_groups_are_summarised(
    conditions: dict[str, Condition], arrivals: dict[int, int | None]
) -> None:
    table = qualities(conditions, arrivals)
    reached = medians(table)["reached"]
    assert (reached == sum(arrival is not None for arrival in arrivals.values())).all()
    assert survival(table)["share"].between(0, 1).all()


def trials(solving: Mapping[int, Sequence[int | None]]) -> pd.DataFrame:
    """Test scores by T; a seed solves from a train size on, or never."""
    rows = [
        {
            "task": "parity",
            "variant": "unshared",
            "length": length,
            "truncation": length,
            "unit": seed,
            "train_size": size,
            "split": "test",
            "evaluated_length": length,
            "selection": "best",
            "metric": "accuracy",
            "score": 0.99 if start is not None and size >= start else 0.6,
        }
        for length, starts in solving.items()
        for seed, start in enumerate(starts)
        for size in (32, 64, 128, 256, 512, 1024)
    ]
    return pd.DataFrame(rows)


def test_the_smallest_size_that_solves_and_the_one_below() -> None:
    table = samples(trials({8: [128, 32, None]}), 0.95)
    assert table["train_size"].tolist() == [128, 32, pd.NA]
    assert table["failed"].tolist() == [64, 0, 1024]
    assert table["largest"].tolist() == [1024] * 3


def test_new_sequences_at_each_update_are_no_train_size() -> None:
    scores = trials({8: [None]})
    fresh = scores[scores["train_size"] == 1024].assign(train_size=FRESH, score=1.0)
    table = samples(pd.concat([scores, fresh]), 0.95)
    assert table["train_size"].isna().all()
    assert table["largest"].tolist() == [1024]
    checked("samples", table)
    only = pd.concat([scores[scores["train_size"] == 32], fresh])
    assert samples(only, 0.95).empty


def test_other_lengths_splits_and_truncations_do_not_count() -> None:
    scores = trials({8: [64]})
    longer = scores.assign(evaluated_length=16, score=1.0)
    trained = scores.assign(split="train", score=1.0)
    truncated = scores.assign(truncation=1, score=1.0)
    table = samples(pd.concat([scores, longer, trained, truncated]), 0.95)
    assert table["train_size"].tolist() == [64]


@pytest.mark.parametrize(
    ("solving", "exponent"),
    [
        ({8: [64, 64, 128], 16: [128, 128, 256], 32: [256, 256, 512]}, 1.0),
        ({8: [128, 64, 128], 16: [64, 128, 128], 32: [128, 128, 64]}, 0.0),
        ({4: [32, 64], 8: [256, 128], 16: [1024, 512]}, 2.0),
    ],
)
def test_the_growth_of_samples_is_found(
    solving: Mapping[int, Sequence[int | None]], exponent: float
) -> None:
    fit = growth(samples(trials(solving), 0.95)).iloc[0]
    assert fit["exponent"] == pytest.approx(exponent, abs=0.25)
    assert fit["low"] < exponent < fit["high"]


def test_members_that_never_solve_push_the_growth_up() -> None:
    solved = {8: [128, 128, 256], 16: [256, 256, 512], 32: [512, 512, 1024]}
    censored: dict[int, Sequence[int | None]] = {**solved, 32: [None, None, None]}
    kept = growth(samples(trials(solved), 0.95)).iloc[0]
    pushed = growth(samples(trials(censored), 0.95)).iloc[0]
    assert pushed["exponent"] > kept["exponent"] + 0.3
    assert pushed["solved"] == 6


def test_where_no_member_solves_a_longer_task_the_growth_has_no_upper_bound() -> None:
    fit = growth(samples(trials({8: [128, 64], 16: [None, None]}), 0.95)).iloc[0]
    assert math.isinf(fit["high"])
    assert math.isnan(fit["exponent"])
    assert 0 < fit["low"] < 10
    line = sequences(growth(samples(trials({8: [128, 64], 16: [None, None]}), 0.95)), Projection())
    assert line["sequences"].isna().all()
    assert np.isinf(line["high"]).all()
    assert (line["low"] > 1024).all()


def test_nothing_is_fitted_where_nothing_is_solved_or_one_length_known() -> None:
    never = growth(samples(trials({8: [None], 16: [None]}), 0.95))
    assert np.isnan(never.iloc[0]["exponent"])
    assert growth(samples(trials({8: [64]}), 0.95)).empty
    assert sequences(never, Projection()).empty


def test_the_projection_goes_through_the_measured_centre() -> None:
    fits = growth(
        samples(trials({8: [64, 64, 128], 16: [128, 128, 256], 32: [256, 256, 512]}), 0.95)
    )
    table = sequences(fits, Projection(shortest=10, longest=100_000))
    assert table["length"].tolist() == [10, 100, 1000, 10_000, 100_000]
    assert table["extrapolated"].tolist() == [False, True, True, True, True]
    ratios = table["sequences"].to_numpy()[1:] / table["sequences"].to_numpy()[:-1]
    assert ratios == pytest.approx(10 ** fits.iloc[0]["exponent"])
    far = table[table["extrapolated"]]
    assert ((far["low"] <= far["sequences"]) & (far["sequences"] <= far["high"])).all()
