"""What is measured, and how: parts, rounds, peaks, and the plan of conditions."""

import numpy as np
import pytest
import torch

from timeshare.cost.clock import EventClock, WallClock, clock_of
from timeshare.cost.counting import counted
from timeshare.cost.measurement import benchmark_cases, measured, synthetic
from timeshare.cost.peak import peak_bytes
from timeshare.cost.plan import conditions, measured_variants, with_both_updates
from timeshare.experiment import Experiment
from timeshare.experiment.build import build_task
from timeshare.experiment.cost import Cost
from timeshare.tasks.base import Split
from timeshare.training.parts import Part

CPU = torch.device("cpu")
needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")


def test_every_condition_has_a_row_for_each_part(experiment: Experiment, study: Cost) -> None:
    grid = conditions(experiment, study, ["shared", "unshared"])
    table = measured(grid, study.rounds)
    assert len(table) == 4 * len(grid)
    assert set(table["part"]) == {"forward", "backward", "optimiser", "update"}
    assert (table["rounds"] == 2).all()
    assert (table["seconds_low"] <= table["seconds_median"]).all()
    assert (table["seconds_median"] <= table["seconds_high"]).all()
    assert (table[["seconds_low", "bytes_peak"]] > 0).all(axis=None)
    assert (table["hidden_size"] == 5).all()
    keys = ["variant", "length", "truncation"]
    both = table.merge(
        counted(grid), on=[*keys, "cell", "schedule", "hidden_size", "members", "batch"]
    )
    assert len(both) == len(table)


def test_the_grid_is_full_at_each_length_and_truncated_at_some(
    experiment: Experiment, study: Cost
) -> None:
    grid = conditions(experiment, study, ["shared"])
    assert [(each.length, each.truncation) for each in grid] == [
        (4, 4),
        (8, 8),
        (16, 1),
        (16, 3),
        (16, 16),
    ]


def test_truncated_shared_networks_are_measured_with_both_updates(
    experiment: Experiment, study: Cost
) -> None:
    grid = list(with_both_updates(conditions(experiment, study, ["shared", "unshared"])))
    both = [each for each in grid if each.training.update == "window"]
    assert [(each.variant, each.length, each.truncation) for each in both] == [
        ("shared", 16, 1),
        ("shared", 16, 3),
        ("shared", 16, 16),
    ]
    # One network serves them all.
    assert len({id(each.network) for each in benchmark_cases(grid)}) == 2 * 3
    table = measured(both, 1)
    assert set(table["update"]) == {"window"} and (table["seconds_median"] > 0).all()


def test_networks_that_differ_in_k_alone_are_one(experiment: Experiment, study: Cost) -> None:
    grid = benchmark_cases(conditions(experiment, study, ["shared", "unshared"]))
    assert len({id(each.network) for each in grid}) == 2 * 3


def test_an_update_changes_the_weights_and_its_parts_add_up(
    experiment: Experiment, study: Cost
) -> None:
    case = benchmark_cases(conditions(experiment, study, ["shared"]))[2]
    before = case.network.state_dict()
    clock = WallClock()
    case.update(clock)
    spent = clock.seconds()
    assert set(spent) == set(Part)
    assert all(seconds > 0 for seconds in spent.values())
    after = case.network.state_dict()
    assert not torch.equal(before["weights"], after["weights"])


def test_the_widths_are_the_studys_and_a_match_follows(whole: Experiment) -> None:
    study = Cost(lengths=[4, 8], truncated_lengths=[8], hidden_size=4, batch=8, members=1)
    table = counted(conditions(whole, study, list(whole.variants))).set_index(
        ["variant", "length", "truncation"]
    )
    assert (table.loc[["unshared", "basis", "time_features"], "hidden_size"] == 4).all()
    wide = table.loc["wide"]
    assert wide["hidden_size"].loc[(8, 8)] > wide["hidden_size"].loc[(4, 4)] > 4
    total = table["parameters_cell"] + table["parameters_readout"]
    assert total["wide"].loc[(8, 8)] == pytest.approx(total["unshared"].loc[(8, 8)], rel=0.15)


def test_by_default_one_variant_of_each_cell_and_schedule(whole: Experiment) -> None:
    assert measured_variants(whole, Cost()) == ["shared", "unshared", "basis"]


def test_the_peak_counts_what_lived_at_once() -> None:
    def call() -> None:
        one = torch.zeros(100_000)
        two = one + 1
        del one
        two.mul_(2)

    assert peak_bytes(call, CPU) == pytest.approx(800_000, rel=0.02)


def test_the_peak_counts_numpys_buffers() -> None:
    def call() -> None:
        buffer = torch.from_numpy(np.zeros(100_000, np.float32))
        buffer.clone().add_(1)

    assert peak_bytes(call, CPU) == pytest.approx(800_000, rel=0.02)


def test_the_peak_ignores_what_was_there_before() -> None:
    kept = torch.zeros(1_000_000)
    assert peak_bytes(lambda: kept.add_(1), CPU) < 10_000


def test_the_clock_fits_the_device() -> None:
    assert isinstance(clock_of(CPU), WallClock)
    assert isinstance(clock_of(torch.device("cuda")), EventClock)


@needs_gpu
def test_the_same_study_runs_on_a_gpu(experiment: Experiment, study: Cost) -> None:
    table = measured(conditions(experiment, study, ["shared"]), 2, "cuda")
    assert (table[["seconds_low", "bytes_peak"]] > 0).all(axis=None)


@pytest.mark.parametrize("name", ["vowels", "text", "parity"])
def test_made_up_sequences_have_the_shape_of_the_task(name: str) -> None:
    task = build_task(name, {})
    made = synthetic(task, 6, 40, np.random.default_rng(0))
    real = task.sample(6, 20, Split.TRAIN, np.random.default_rng(0))
    assert made.inputs.shape == (6, 40, *real.inputs.shape[2:])
    assert made.inputs.dtype == real.inputs.dtype
    assert made.targets.ndim == real.targets.ndim
    if task.symbolic:
        assert made.inputs.max() < task.input_size
