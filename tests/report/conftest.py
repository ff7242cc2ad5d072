"""Small synthetic results with a known answer, and the report made from them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.analysis.synthetic import FAST, Score, trained
from timeshare.analysis.evidence import Evidence
from timeshare.analysis.tables import Tables
from timeshare.report.build import build
from timeshare.report.findings import Finding
from timeshare.report.results import Results
from timeshare.report.sections import sections

LENGTH = 16
SIZES = (32, 128, 512)
TASKS = ("parity", "drift-0", "drift", "labels")
"""A rule that stays, the same task without and with change at every step, and random labels."""
VARIANTS = ("shared", "halves", "basis", "mixture", "unshared", "wide")
CONFIGURATION = {"tasks": {name: {} for name in TASKS}, "variants": dict.fromkeys(VARIANTS)}
HOSTILE = "<script>alert(1)</script>"


def sharing_wins(row: Mapping[str, Any]) -> float:
    """Shared weights generalise; the others need data and fail at unseen lengths."""
    if row["split"] == "train":
        return 0.99
    if row["schedule"] == "shared":
        return 0.95
    learned = {32: 0.2, 128: 0.5, 512: 0.9}[row["train_size"]]
    return learned if row["evaluated_length"] == LENGTH else 0.05


def sharing_loses(row: Mapping[str, Any]) -> float:
    """The opposite."""
    return 0.99 if row["split"] == "train" else 1.0 - sharing_wins(row)


def tables_of(score: Score) -> Tables:
    """Tables of all tasks and variants at one length."""
    return trained(
        score,
        TASKS,
        VARIANTS,
        [LENGTH],
        [2, None],
        train_sizes=SIZES,
        seeds=4,
        evaluated=(32, 64),
        spread=0.003,
    )


def results_of(tables: Tables, **others: Any) -> Results:
    """Results with these tables as their evidence; `others` are further fields of `Results`."""
    return Results(Evidence(tables, FAST), **others)


def findings(results: Results) -> dict[str, Finding]:
    """What the report of these results shows, by the names of the figures."""
    return {name: each for section in sections(results) for name, each in section.findings.items()}


@pytest.fixture(scope="session")
def winning() -> Results:
    return results_of(tables_of(sharing_wins))


@pytest.fixture(scope="session")
def losing() -> Results:
    return results_of(tables_of(sharing_loses))


def outcome(claim: str, name: str, effect: float, verdict: str, **changes: Any) -> dict[str, Any]:
    """A measured effect of a claim, as the table of outcomes keeps it."""
    row = {
        "id": claim,
        "name": name,
        "effect": effect,
        "low": effect - 0.1,
        "high": effect + 0.1,
        "threshold": 0.05,
        "units": "score",
        "above": True,
        "kind": "primary",
        "n": 10,
        "p_adjusted": 0.01,
        "verdict": verdict,
        "networks": 20,
        "unfinished": 0,
        "edges": "",
    }
    return row | changes


def claims(verdict: str, better: float = -0.2, **changes: Any) -> pd.DataFrame:
    """A table of claims: one on unseen lengths, and the bottom line, whose effect is `better`."""
    row = {
        "id": "C3",
        "title": "Unseen lengths",
        "argument": "Unshared weights do not generalise.",
        "estimand": "shared minus unshared",
        "rule": "above 0.05",
        "section": "lengths",
        "buys": "use at lengths never trained on",
        "verdict": verdict,
        "effect_name": "equal width",
        "effect": 0.4,
        "low": 0.3,
        "high": 0.5,
        "threshold": 0.05,
        "units": "score",
        "sentence": "They do not. Difference: 0.40.",
        "missing": "",
    }
    last = row | {
        "id": "C14",
        "title": "Bottom line",
        "section": "bottom-line",
        "buys": "",
        "verdict": "supported" if better > 0 else "contradicted",
        "sentence": f"It would{'' if better > 0 else ' not'} do much better. Difference: 0.01.",
    }
    return pd.DataFrame([row | changes, last])


def outcomes(better: float = -0.2) -> pd.DataFrame:
    """The outcomes behind `claims`."""
    side = "supported" if better > 0 else "contradicted"
    return pd.DataFrame(
        [
            outcome("C3", "equal width", 0.4, "supported"),
            outcome("C3", "equal parameters", -0.4, "contradicted"),
            outcome("C14", "unshared minus shared, equal width", better, side),
            outcome("C14", "equal width, rule stays", -0.3, side, kind="secondary"),
            outcome("C14", "equal width, rule changes", 0.3, side, kind="secondary"),
        ]
    )


@pytest.fixture(scope="session")
def runs() -> list[dict[str, Any]]:
    """What a run was made by, as far as the appendix reads it."""
    facts = {
        "machine": {"cores": 2, "cpu": "a processor"},
        "versions": {"timeshare": "1.0", "torch": "2.13"},
        "revision": "abc123",
    }
    return [facts]


@pytest.fixture(scope="session")
def built(
    winning: Results, runs: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of a report with claims, one of whose titles is markup."""
    folder = tmp_path_factory.mktemp("report")
    judged = claims("supported", title=HOSTILE)
    results = Results(winning.evidence, claims=judged, outcomes=outcomes())
    build(results, CONFIGURATION, runs, folder)
    return folder
