"""Facts of the tasks and variants of synthetic tables, as `collect` writes them."""

import itertools
import json
from collections.abc import Iterable
from typing import Any

import pandas as pd

from timeshare.analysis.tables import FIXED, MATCHED_WIDTH, OWN_WIDTH, RECURRENT, SEQUENCE
from timeshare.experiment.build import build_task
from timeshare.training.collect import MISSING, labels
from timeshare.training.facts import task_facts

DRIFT = {"random_rule": True}
HOLDS_OUT = {"holds_out": True, "groups": "trained, held-out"}
TASKS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "parity": ("parity", {}, {}),
    "parity-up-to": ("parity", {}, {"lengths": "up-to"}),
    "drift": ("drift", {}, DRIFT),
    "drift-0": ("drift", {"change": 0.0}, DRIFT),
    "drift-25": ("drift", {"change": 0.25}, DRIFT),
    "drift-50": ("drift", {"change": 0.5}, DRIFT),
    "recall": ("recall", {}, {}),
    "recall-up-to": ("recall", {}, {"lengths": "up-to"}),
    "latch": ("latch", {"rate": 0.1}, {}),
    "keyword": ("keyword", {}, HOLDS_OUT),
    "labels": ("labels", {}, DRIFT),
    # A dense task with groups by distance, and the same with windows at random offsets.
    "store": ("latch", {"rate": 0.1}, {"groups": "near, far"}),
    "store-offsets": (
        "latch",
        {"rate": 0.1},
        {"groups": "near, far", "window_offset": "random"},
    ),
    # Real data; the claims know it by its facts alone.
    "vowels": ("recall", {}, {"real": True}),
    "vowels-up-to": ("recall", {}, {"real": True, "lengths": "up-to"}),
}
"""Kind and parameters of each task, and the facts that the kind does not give, by name."""


def _variant(schedule: str, hidden_size: int = 32, parameters: int = 1000, **facts: Any) -> Any:
    plain = "time_features" not in facts
    own = hidden_size == 32
    return {
        "family": RECURRENT,
        "cell": "lstm",
        "schedule": schedule,
        "hidden_size": hidden_size,
        "parameters": parameters,
        "time_features": 0,
        "readout": "shared",
        "embedding": 0,
        "plain": plain,
        "width": OWN_WIDTH if own else MATCHED_WIDTH,
    } | facts


VARIANTS: dict[str, dict[str, Any]] = {
    "shared": _variant("shared"),
    "unshared": _variant("unshared", parameters=16000),
    "wide": _variant("shared", hidden_size=130, parameters=15800),
    "narrow": _variant("unshared", hidden_size=7, parameters=1010),
    "time_features": _variant("shared", parameters=1100, time_features=8),
    "soft": _variant("soft", parameters=16000),
    "halves": _variant("blocks", parameters=2000),
    "basis": _variant("basis", parameters=4000),
    "mixture": _variant("mixture", parameters=3000),
    "shared-embedding": _variant("shared", embedding=8),
    "unshared-embedding": _variant("unshared", parameters=16000, embedding=8),
    "mlp": _variant("mlp", hidden_size=50, parameters=15900, family="mlp", cell="mlp", plain=False),
    **{
        f"{cell}-{name}": _variant(kind, cell=cell, **facts)
        for cell in ("gru", "rnn")
        for name, kind, facts in (
            ("shared", "shared", {}),
            ("unshared", "unshared", {"parameters": 16000}),
            ("wide", "shared", {"hidden_size": 130, "parameters": 15800}),
        )
    },
}
"""Facts of each variant, by name; those with weights for each step have their parameters at 16."""
GROWING = ("unshared", "soft", "mlp")
"""Schedules whose parameters grow with T."""
TRAINING: dict[str, Any] = {
    "lengths": FIXED,
    "update": SEQUENCE,
    "window_offset": FIXED,
    "trained_out": 1.0,
    "edge": False,
    "settings": 9,
    "random_rule": False,
    "holds_out": False,
    "updates": 10,
    "updates_made": 120,
    "units": 4,
    "members": 12,
    "diverged": 0,
    "seconds": 2.0,
    "search_members": 24,
    "search_updates_made": 240,
    "search_seconds": 4.0,
}
"""How every condition was trained, and facts that most tasks share."""


def conditions(
    tasks: Iterable[str],
    variants: Iterable[str],
    lengths: Iterable[int],
    truncations: Iterable[int | None] = (None,),
) -> pd.DataFrame:
    """A table of conditions; a truncation of None is K = T."""
    grid = itertools.product(tasks, variants, lengths, truncations)
    table = pd.DataFrame([_condition(*each) for each in grid])
    table = table.assign(rule_change_measured=table["rule_change_rate"]).astype(MISSING)
    return table.assign(label=labels(table))


def _condition(task: str, variant: str, length: int, truncation: int | None) -> dict[str, Any]:
    kind, parameters, further = TASKS[task]
    facts = dict(VARIANTS[variant])
    if facts["schedule"] in GROWING:
        facts["parameters"] = facts["parameters"] * length // 16
    return {
        "task": task,
        "task_title": f"the task {task}",
        "variant": variant,
        "variant_title": f"the variant {variant}",
        "length": length,
        "truncation": truncation or length,
        "task_kind": kind,
        "task_parameters": json.dumps(parameters, sort_keys=True),
        **task_facts(build_task(kind, parameters), length, truncation or length),
        **TRAINING,
        **further,
        **facts,
    }
