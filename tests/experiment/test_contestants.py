"""Embedding, dropout and references: what the configuration accepts and refuses."""

from typing import Any

import pytest

from tests.conftest import small
from timeshare.cost.plan import counted_variants, measured_variants
from timeshare.experiment import Experiment
from timeshare.experiment.build import build_task
from timeshare.experiment.cost import Cost
from timeshare.experiment.fitting import misfit
from timeshare.experiment.models import Variant
from timeshare.experiment.staleness import variant_names

RECURRENT = {"cell": "lstm", "schedule": {"kind": "soft"}, "hidden_size": 6}


def variant(**content: Any) -> Variant:
    return Variant.model_validate(content)


def test_a_reference_may_be_a_kind_alone_and_survives_writing_and_reading() -> None:
    short = variant(reference="mlp", hidden_size=4)
    assert short == variant(reference={"kind": "mlp"}, hidden_size=4)
    assert Variant.model_validate(short.model_dump(mode="json")) == short
    assert (short.cell, short.schedule) == ("none", {"kind": "none"})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"hidden_size": 4}, "name a `cell` and a `schedule`, or a `reference`"),
        ({"cell": "lstm", "hidden_size": 4}, "name a `cell` and a `schedule`"),
        ({**RECURRENT, "reference": "mlp"}, "not both"),
        ({"reference": "mpl", "hidden_size": 4}, "did you mean 'mlp'"),
        ({"reference": {"layers": 2}, "hidden_size": 4}, "its `kind` is missing"),
        ({"reference": {"kind": "mlp", "layer": 2}, "hidden_size": 4}, "did you mean 'layers'"),
        ({"reference": {"kind": "cnn", "kernel_size": 0}, "hidden_size": 4}, "kernel_size"),
        ({"reference": "logistic", "hidden_size": 4}, "has no hidden units"),
        ({"reference": "logistic", "match": "other"}, "has no hidden units"),
        ({"reference": "cnn"}, "either `hidden_size` or `match`"),
        ({"reference": "cnn", "hidden_size": 4, "embedding": 2}, "embedding: 2 is found"),
        ({"reference": "cnn", "hidden_size": 4, "readout": "per-step"}, "readout: 'per-step'"),
        ({**RECURRENT, "dropout": 0.5}, "unknown key 'dropout'"),
        ({**RECURRENT, "schedule": {"kind": "soft", "init": "alike"}}, "'independent' or 'same'"),
    ],
    ids=str,
)
def test_what_does_not_go_together_is_refused(content: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        variant(**content)


@pytest.mark.parametrize(
    ("content", "task", "windows", "message"),
    [
        ({"reference": "mlp", "hidden_size": 4}, "keyword", {}, None),
        ({"reference": "mlp", "hidden_size": 4}, "parity", {}, "asks at every step"),
        ({"reference": "logistic"}, "keyword", {"fixed": False}, "one length only"),
        ({"reference": "cnn", "hidden_size": 4}, "parity", {"fixed": False}, None),
        ({"reference": "cnn", "hidden_size": 4}, "parity", {"whole": False}, "'full' alone"),
        ({**RECURRENT, "embedding": 2}, "keyword", {"whole": False, "fixed": False}, None),
        ({**RECURRENT, "embedding": 2}, "adding", {}, "no symbols"),
    ],
    ids=str,
)
def test_whether_a_variant_can_do_a_task(
    content: dict[str, Any], task: str, windows: dict[str, bool], message: str | None
) -> None:
    found = misfit(variant(**content), build_task(task, {}), **windows)
    assert found is None if message is None else message in (found or "")


def test_the_source_of_a_reference_makes_its_results_stale() -> None:
    names = variant_names([variant(reference="mlp", hidden_size=4), variant(**RECURRENT)])
    assert names == {
        ("references", "mlp"),
        ("recurrent.cells", "lstm"),
        ("recurrent.schedules", "soft"),
    }


def test_the_cost_study_leaves_out_what_it_cannot_measure() -> None:
    variants = {
        "mlp": {"reference": "mlp", "hidden_size": 4},
        "embedded": {**RECURRENT, "embedding": 2},
        "soft": RECURRENT,
    }
    sweep = {"tasks": ["adding"], "variants": ["soft"], "lengths": [10]}
    experiment = Experiment.parse(
        small(tasks={"adding": {}}, variants=variants, sweeps={"main": sweep})
    )
    assert counted_variants(experiment, Cost()) == ["soft"]
    assert measured_variants(experiment, Cost()) == ["soft"]
    for name in ("mlp", "embedded"):
        with pytest.raises(ValueError, match=rf"cost\.variants: '{name}'"):
            measured_variants(experiment, Cost(variants=[name]))
