"""Small synthetic tables with a known answer, and the report made from them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from timeshare.experiment import Experiment
from timeshare.report.build import build
from timeshare.report.tables import Tables, gathered, with_factors

Truth = Callable[[str, str, int, int], float]
"""Score of a task, schedule, train size and evaluated length."""

SEEDS = 4
SIZES = (32, 128, 512)
HOSTILE = "<script>alert(1)</script>"


def configuration() -> dict[str, Any]:
    """Three tasks, three schedules at equal width, and a wide shared network."""
    lstm = {"cell": "lstm", "hidden": 8}
    return {
        "tasks": {
            "parity": {},
            "drift-0": {"kind": "drift", "parameters": {"change": 0.0}},
            "drift-1": {"kind": "drift", "parameters": {"change": 1.0}},
            "labels": {},
        },
        "variants": {
            "one": lstm | {"schedule": {"kind": "shared"}},
            "halves": lstm | {"schedule": {"kind": "blocks", "size": 4}},
            "basis": lstm | {"schedule": {"kind": "basis", "functions": 2}},
            "own": lstm | {"schedule": {"kind": "unshared"}},
            "mixture": lstm | {"schedule": {"kind": "mixture", "components": 2}},
            "wide": {"cell": "lstm", "schedule": {"kind": "shared"}, "match": "own"},
        },
        "members": {"seeds": SEEDS, "train_sizes": list(SIZES), "learning_rates": [0.01]},
        "training": {"updates": 10},
        "evaluation": {"lengths": [16, 32, 64]},
        "sweeps": {
            "main": {
                "tasks": ["parity", "drift-0", "drift-1", "labels"],
                "variants": ["one", "halves", "basis", "mixture", "own", "wide"],
                "lengths": [16],
                "truncations": [2, "full"],
            }
        },
    }


@pytest.fixture(scope="session")
def experiment() -> Experiment:
    return Experiment.parse(configuration())


def sharing_wins(task: str, schedule: str, size: int, length: int) -> float:
    """Shared weights generalise; the others need data and fail at unseen lengths."""
    if schedule == "shared":
        return 0.95
    learned = {32: 0.2, 128: 0.5, 512: 0.9}[size]
    return learned if length == 16 else 0.05


def sharing_loses(task: str, schedule: str, size: int, length: int) -> float:
    """The opposite."""
    return 1.0 - sharing_wins(task, schedule, size, length)


def tables_of(experiment: Experiment, truth: Truth, **others: Any) -> Tables:
    """Tables whose seeds scatter a little about the truth."""
    rng = np.random.default_rng(0)
    conditions = with_factors(_conditions(experiment), experiment)
    rows = [
        row for condition in conditions.to_dict("records") for row in _scores(condition, truth, rng)
    ]
    scores = pd.DataFrame(rows)
    dense = scores[(scores["split"] == "test") & (scores["task"] != "labels")]
    steps = dense.loc[dense.index.repeat(dense["evaluated_length"])]
    steps = steps.assign(position=steps.groupby(level=0).cumcount())
    choices = scores[["task", "variant", "train_size", "selection", "learning_rate", "chosen"]]
    return gathered(
        scores=scores,
        positions=steps.drop(columns=["chance", "score", "loss", "metric", "diverged", "chosen"]),
        curves=pd.DataFrame(),
        conditions=conditions,
        choices=choices.drop_duplicates().assign(seconds=1.0),
        **others,
    )


def _conditions(experiment: Experiment) -> pd.DataFrame:
    rows = []
    for task, entry in experiment.tasks.items():
        for variant, network in experiment.variants.items():
            kind = network.schedule["kind"]
            for truncation in (2, 16):
                rows.append(
                    {
                        "task": task, "task_kind": entry.kind or task, "variant": variant,
                        "length": 16, "truncation": truncation, "cell": network.cell,
                        "schedule": kind, "hidden": 8, "clock": 0, "readout": "shared",
                        "parameters": 800 if kind == "unshared" else 100, "members": 12,
                        "diverged": 0, "updates": 10, "seconds": 2.0,
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def _scores(condition: dict[Any, Any], truth: Truth, rng: np.random.Generator) -> list[Any]:
    rows = []
    names = ("task", "variant", "length", "truncation")
    for size in SIZES:
        for seed in range(SEEDS):
            for split, length in (("train", 16), ("validation", 16), ("test", 16),
                                  ("test", 32), ("test", 64)):  # fmt: skip
                score = truth(condition["task"], condition["schedule"], size, length)
                score = 0.99 if split == "train" else score + rng.normal(0, 0.01)
                for selection in ("last", "best"):
                    rows.append(
                        {name: condition[name] for name in names}
                        | {
                            "seed": seed, "train_size": size, "learning_rate": 0.01,
                            "split": split, "group": "all", "evaluated_length": length,
                            "extension": "none" if length == 16 else "hold",
                            "selection": selection, "chosen": True, "diverged": False,
                            "metric": "accuracy", "value": 0.5 + score / 2, "chance": 0.5,
                            "score": score, "loss": 0.1,
                        }
                    )  # fmt: skip
    return rows


def part(name: str, effect: float, verdict: str, **changes: Any) -> dict[str, Any]:
    """A measured effect of a claim, as the table of claims keeps it."""
    return {
        "name": name, "effect": effect, "low": effect - 0.1, "high": effect + 0.1,
        "threshold": 0.05, "units": "score", "above": True, "decides": True, "verdict": verdict,
    } | changes  # fmt: skip


def judged(verdict: str, better: float = -0.2, **changes: Any) -> pd.DataFrame:
    """A table of claims with one argument and the bottom line, whose effect is `better`."""
    row = {
        "id": "C3", "title": "Unseen lengths", "argument": "Unshared weights do not generalise.",
        "estimand": "shared minus unshared", "rule": "above 0.05", "effect_name": "equal width",
        "effect": 0.4, "low": 0.3, "high": 0.5, "threshold": 0.05, "units": "score",
        "verdict": verdict, "sentence": "They do not. Difference: 0.40.", "missing": "",
        "section": "lengths",
        "parts": json.dumps([part("equal width", 0.4, "supported"),
                             part("equal parameters", -0.4, "contradicted")]),
    }  # fmt: skip
    side = "supported" if better > 0 else "contradicted"
    last = row | {
        "id": "C14", "title": "Bottom line", "section": "bottom-line", "verdict": side,
        "sentence": f"It would{'' if better > 0 else ' not'} do much better. Difference: 0.01.",
        "parts": json.dumps([
            part("unshared minus shared, equal width", better, side),
            part("equal width, rule stays", -0.3, side, decides=False),
            part("equal width, rule changes", 0.3, side, decides=False),
        ]),
    }  # fmt: skip
    return pd.DataFrame([row | changes, last])


@pytest.fixture(scope="session")
def built(experiment: Experiment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a report with claims, one of whose titles is markup."""
    folder = tmp_path_factory.mktemp("report")
    claims = judged("supported", title=HOSTILE)
    tables = tables_of(experiment, sharing_wins, claims=claims)
    build(tables, experiment, folder / "runs", folder)
    return folder
