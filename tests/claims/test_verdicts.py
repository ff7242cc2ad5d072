"""Each claim, fed tables in which it is true, false and undecidable, and tables that lack it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.analysis.synthetic import TASKS, WIDE, at, fitted, held_out, trained, unseen
from tests.claims.judging import judged
from timeshare.analysis.tables import Tables
from timeshare.claims.base import Claim
from timeshare.claims.c1_variable_length import VariableLength
from timeshare.claims.c2_parameters import Parameters
from timeshare.claims.c3_unseen_lengths import UnseenLengths
from timeshare.claims.c4_position import Position
from timeshare.claims.c5_overfitting import Overfitting
from timeshare.claims.c6_data import Data
from timeshare.claims.c7_power import Power
from timeshare.claims.c8_not_more_powerful import NotMorePowerful
from timeshare.claims.c9_feed_forward import FeedForward
from timeshare.claims.c10_function_of_time import FunctionOfTime
from timeshare.claims.c11_cost import Infeasible
from timeshare.claims.c12_truncation_is_cheaper import TruncationIsCheaper
from timeshare.claims.c13_beyond_truncation import BeyondTruncation
from timeshare.claims.c14_bottom_line import BottomLine
from timeshare.claims.judging import claims
from timeshare.claims.outcomes import Verdict

Case = tuple[Claim, Callable[[], Tables]]


def function_of_time(score: float, growing: bool = False, **options: Any) -> Tables:
    tables = unseen(score, 0.0, variants=["basis"], lengths=[8, 12], **options)
    if growing:
        grown = tables.conditions["parameters"] * tables.conditions["length"]
        tables.conditions["parameters"] = grown
    return tables


def grown(first: float, last: float, **options: Any) -> Tables:
    """The unshared network's gap with the smallest and with the largest train size."""

    def score(row: Any) -> float:
        gap = first if row["train_size"] == 32 else last
        return 1.0 if row["split"] == "train" else 1.0 - gap

    return trained(score, ["parity", "drift"], train_sizes=(32, 2048), **options)


def solving(score: Any, variants: list[str]) -> Tables:
    return trained(score, ["drift", "parity"], variants, lengths=[16])


def windows(latch: float, recall: float, **options: Any) -> Tables:
    """Scores with a window of one step."""
    return trained(
        lambda row: latch if row["task"] == "latch" else recall,
        ["latch", "recall"],
        lengths=[16],
        truncations=[1],
        **options,
    )


def compared(double: float, single: float) -> Tables:
    rows = [
        ("lstm", 8, "float64", "outputs", double, 1.0),
        ("lstm", 8, "float32", "outputs", single, 1.0),
    ]
    columns = ["cell", "length", "precision", "quantity", "difference", "scale"]
    return replace(empty(), equivalence=pd.DataFrame(rows, columns=columns))


def empty() -> Tables:
    """An experiment that says nothing."""
    return trained(at(shared=1.0), ["parity"], ["shared"], seeds=1)


def fitting(**longest: float | None) -> Tables:
    """The longest T of an unshared network on each machine; a shared one has no limit."""
    rows = [
        {
            "name": kind,
            "schedule": kind,
            "truncation": "128",
            "machine": machine,
            "length": length,
            "hidden_size": 512,
        }
        for machine, limit in longest.items()
        for kind, length in (("shared", None), ("unshared", limit))
    ]
    return replace(empty(), limits=pd.DataFrame(rows).astype({"length": "Int64"}))


def measured(*exponents: float) -> Tables:
    """Peak memory against K, one cell an exponent."""
    rows = [
        {
            "part": "update",
            "schedule": "shared",
            "cell": f"cell {number}",
            "variant": f"{number}",
            "length": 64,
            "truncation": k,
            "seconds_median": 1.0,
            "bytes_peak": k**exponent,
        }
        for number, exponent in enumerate(exponents)
        for k in (1, 4, 16, 64)
    ]
    return replace(empty(), measured=pd.DataFrame(rows))


def sized(*exponents: float) -> Tables:
    """Parameters against T of unshared networks, one variant an exponent."""
    rows = [
        {
            "variant": f"{kind}-{number}",
            "cell": "lstm",
            "schedule": kind,
            "length": length,
            "truncation": length,
            "hidden_size": 32,
            "parameters_readout": 0,
            "parameters_cell": 1000 * length**power,
        }
        for number, exponent in enumerate(exponents)
        for kind, power in (("unshared", exponent), ("shared", 0.0))
        for length in (16, 32, 64)
    ]
    return replace(empty(), counted=pd.DataFrame(rows))


POWERS = ["shared", "unshared", "wide", "time_features"]
ALONE = at(shared=0.5, unshared=1.0, wide=0.6, time_features=0.6)
CASES: dict[str, tuple[Case, Case, Case]] = {
    "C1": (
        (VariableLength(), lambda: unseen(1.0, 0.0)),
        (VariableLength(), lambda: unseen(0.1, 0.0)),
        (VariableLength(), lambda: unseen(0.5, 0.0)),
    ),
    "C2": (
        (Parameters(), lambda: sized(1.0, 0.99)),
        (Parameters(), lambda: sized(0.5, 0.0)),
        (Parameters(), lambda: sized(1.0, 0.5)),
    ),
    "C3": (
        (UnseenLengths(), lambda: unseen(1.0, 0.3)),
        (UnseenLengths(), lambda: unseen(0.9, 0.9)),
        (UnseenLengths(), lambda: unseen(0.9, 0.8, **WIDE)),
    ),
    "C4": (
        (Position(), lambda: held_out(1.0, 0.2)),
        (Position(), lambda: held_out(0.5, 0.7)),
        (Position(), lambda: held_out(0.6, 0.5, **WIDE)),
    ),
    "C5": (
        (Overfitting(), lambda: fitted(0.3, 0.4)),
        (Overfitting(), lambda: fitted(-0.1, 0.4)),
        (Overfitting(), lambda: fitted(0.1, 0.1, **WIDE)),
    ),
    "C6": (
        (Data(), lambda: grown(0.6, 0.0)),
        (Data(), lambda: grown(0.6, 0.4)),
        (Data(), lambda: grown(0.6, 0.05, **WIDE)),
    ),
    "C7": (
        (Power(), lambda: trained(at(shared=0.6, unshared=1.0), ["drift"])),
        (Power(), lambda: trained(at(shared=1.0, unshared=1.0), ["drift"])),
        (Power(), lambda: trained(at(shared=0.9, unshared=1.0), ["drift"], **WIDE)),
    ),
    "C8": (
        (
            NotMorePowerful(),
            lambda: solving(at(shared=0.5, unshared=1, wide=1, time_features=0), POWERS),
        ),
        (NotMorePowerful(), lambda: solving(ALONE, POWERS)),
        (NotMorePowerful(), lambda: solving(ALONE, ["shared", "unshared", "wide"])),
    ),
    "C9": (
        (FeedForward(), lambda: compared(1e-15, 1e-6)),
        (FeedForward(), lambda: compared(1e-2, 1e-1)),
        (FeedForward(), lambda: compared(1e-15, 1e-1)),
    ),
    "C10": (
        (FunctionOfTime(), lambda: function_of_time(0.9)),
        (FunctionOfTime(), lambda: function_of_time(0.9, growing=True)),
        (FunctionOfTime(), lambda: function_of_time(0.5)),
    ),
    "C11": (
        (Infeasible(), lambda: fitting(laptop=700, node=30_000)),
        (Infeasible(), lambda: fitting(laptop=10**6, node=None)),
        (Infeasible(), lambda: fitting(laptop=700, node=10**6)),
    ),
    "C12": (
        (TruncationIsCheaper(), lambda: measured(0.9, 1.0)),
        (TruncationIsCheaper(), lambda: measured(0.1, 0.0)),
        (TruncationIsCheaper(), lambda: measured(0.9, 0.1)),
    ),
    "C13": (
        (BeyondTruncation(), lambda: windows(1.0, 0.9)),
        (BeyondTruncation(), lambda: windows(0.1, 0.0)),
        (BeyondTruncation(), lambda: windows(1.0, 0.0)),
    ),
    "C14": (
        (BottomLine(), lambda: trained(at(shared=0.5, unshared=0.9), ["parity", "drift"])),
        (BottomLine(), lambda: trained(at(shared=0.9, unshared=0.9), ["parity", "drift"])),
        (
            BottomLine(),
            lambda: trained(at(shared=0.5, unshared=0.6), ["parity", "drift"], **WIDE),
        ),
    ),
}
EXPECTED = (Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.INCONCLUSIVE)


@pytest.mark.parametrize("number", range(3), ids=[str(verdict) for verdict in EXPECTED])
@pytest.mark.parametrize("name", CASES)
def test_the_verdict_follows_the_tables(name: str, number: int) -> None:
    claim, tables = CASES[name][number]
    judgement = judged(claim, tables())
    assert isinstance(claim, type(claims()[name]))
    assert judgement.verdict is EXPECTED[number], judgement.sentence
    assert judgement.sentence.startswith(claim.conclusions.of(EXPECTED[number]))
    assert judgement.main is not None and np.isfinite(judgement.main.effect)


@pytest.mark.parametrize("claim", claims().values(), ids=list(claims()))
def test_a_claim_without_its_conditions_says_what_to_add(claim: Claim) -> None:
    judgement = judged(claim, empty())
    assert judgement.verdict is Verdict.NOT_TESTED
    assert judgement.missing == claim.needs
    assert judgement.sentence == f"Not tested. {claim.needs}"


def test_every_claim_of_the_question_has_its_cases() -> None:
    assert list(claims()) == list(CASES) == [f"C{n}" for n in range(1, len(claims()) + 1)]


def test_the_synthetic_tasks_are_what_the_claims_take_them_for() -> None:
    tables = trained(at(shared=1.0), list(TASKS), ["shared"])
    assert len(tables.conditions) == len(TASKS)
