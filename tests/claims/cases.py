"""For each claim, tables in which it has each of the verdicts that it can have.

Every case is a function of options of `trained` (the noise, the number of rules, the draw).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from tests.analysis.synthetic import FRESH, Score, at, held_out, joined, trained
from tests.claims.costs import compared, fitting, sized, timed
from timeshare.analysis.tables import ALL, Tables
from timeshare.claims.outcomes import Verdict

Case = Callable[..., Tables]
S, C, D = Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.DEPENDS
I, B = Verdict.INCONCLUSIVE, Verdict.BY_CONSTRUCTION  # noqa: E741
Row = Mapping[str, Any]
RANGES = [16, 32, 64]
"""Unseen lengths of networks trained at T = 8: up to twice, up to four times, and beyond."""


def lengths(dense: float, final: float, unshared: float = 0.0, **options: Any) -> Tables:
    """Scores of shared networks at unseen lengths, by where the answer is asked; 1 at T."""

    def score(row: Row) -> float:
        if row["evaluated_length"] == row["length"]:
            return 1.0
        asked = dense if row["dense"] else final
        return asked if row["schedule"] == "shared" else unshared

    tasks = ["parity", "parity-up-to", "recall", "recall-up-to"]
    return trained(score, tasks, **({"evaluated": RANGES} | options))


def gap(stays: float, changes: float, **options: Any) -> Tables:
    """How much more an unshared network loses from training to test, by kind of rule."""

    def score(row: Row) -> float:
        more = changes if row["rule_changes"] else stays
        if row["split"] == "train":
            return 0.9
        return 0.7 - more if row["schedule"] == "unshared" else 0.7

    variants = ["shared", "unshared", "wide"]
    chosen: dict[str, Any] = {"train_sizes": (64, 256), "lengths": [16]}
    return trained(score, ["parity", "drift"], variants, **(chosen | options))


def data(stays: tuple[float, float], changes: tuple[float, float], **options: Any) -> Tables:
    """The unshared network's gap with the smallest and with the largest train size."""

    def score(row: Row) -> float:
        first, last = changes if row["rule_changes"] else stays
        lost = first if row["train_size"] == 32 else last
        return 0.9 if row["split"] == "train" else 0.9 - lost

    return trained(score, ["parity", "drift"], **({"train_sizes": (32, 2048)} | options))


def power(width: float, parameters: float, gru: float = 0.0, **options: Any) -> Tables:
    """What unshared networks are ahead of shared ones, at equal width and equal parameters."""

    def score(row: Row) -> float:
        further = gru if row["cell"] == "gru" else 0.0
        if row["schedule"] == "unshared":
            return 0.85
        behind = parameters if row["width"] == "matched" else width
        return float(0.85 - behind - further)

    names = ("shared", "unshared", "wide")
    variants = [*names, *(f"gru-{name}" for name in names)]
    chosen: dict[str, Any] = {"train_sizes": (512, FRESH), "lengths": [16]}
    return trained(score, ["drift"], variants, **(chosen | options))


def solving(score: Score, variants: list[str], **options: Any) -> Tables:
    return trained(score, ["drift", "parity"], variants, **({"lengths": [16]} | options))


def function_of_time(generated: float, real: float, **options: Any) -> Tables:
    """Scores of a mixture at unseen lengths; a basis fails everywhere."""

    def score(row: Row) -> float:
        if row["evaluated_length"] == row["length"]:
            return 1.0
        return 0.2 if row["schedule"] == "basis" else (real if row["real"] else generated)

    tasks = ["parity", "vowels"]
    chosen: dict[str, Any] = {"evaluated": RANGES, "lengths": [8]}
    return trained(score, tasks, ["basis", "mixture"], **(chosen | options))


def windows(shared: float, unshared: float, offsets: float = 0.0, **options: Any) -> Tables:
    """What networks lose with K < T at distances beyond the window; K = T solves the task."""

    def score(row: Row) -> float:
        if row["truncation"] == row["length"] or row["group"] != "far":
            return 1.0
        lost = shared if row["schedule"] == "shared" else unshared
        return float(1.0 - (lost if row["window_offset"] == "fixed" else lost + offsets))

    chosen: dict[str, Any] = {
        "lengths": [16],
        "truncations": [2, 4, None],
        "groups": (ALL, "near", "far"),
    }
    return trained(score, ["store", "store-offsets"], **(chosen | options))


def rates(
    few: Mapping[float, float], soft: float = 0.0, wide: float = 0.0, **options: Any
) -> Tables:
    """The map: what unshared networks are ahead by rate; half of it with more sequences.

    Arguments:
        few: unshared minus shared with few sequences, by rate of rule change.
        soft: what softly tied networks are ahead of the better of the two.
        wide: what a widened shared network is ahead of the own one.
        options: of `trained`.
    """

    def score(row: Row) -> float:
        ahead = few[row["rule_change_rate"]] * (1.0 if row["train_size"] == 64 else 0.5)
        level = 0.6 + {"shared": 0.0, "unshared": ahead, "soft": max(0.0, ahead) + soft}.get(
            row["schedule"], 0.0
        )
        return float(level + wide * (row["width"] == "matched"))

    names = {0.0: "drift-0", 0.25: "drift-25", 0.5: "drift-50", 1.0: "drift"}
    variants = ["shared", "unshared", "wide", "soft"]
    chosen: dict[str, Any] = {"train_sizes": (64, 256), "lengths": [16]}
    return trained(score, [names[rate] for rate in few], variants, **(chosen | options))


def connected(generated: float, real: float, **options: Any) -> Tables:
    """What a fully connected network is ahead of an unshared one."""

    def score(row: Row) -> float:
        ahead = real if row["real"] else generated
        return 0.8 + ahead if row["family"] == "mlp" else 0.8

    tasks, variants = ["recall", "vowels"], ["unshared", "mlp"]
    return trained(score, tasks, variants, **({"lengths": [16]} | options))


def empty(**options: Any) -> Tables:
    """An experiment that says nothing."""
    return trained(at(shared=1.0), ["parity"], ["shared"], **(options | {"seeds": 1}))


def with_costs(**tables: pd.DataFrame) -> Case:
    """An experiment that says nothing, beside tables of the cost study."""
    return lambda **options: replace(empty(**options), **tables)


def timing(update: float, sequence: float, score: float) -> Case:
    """Exponents of time against K: of an update, of a sequence, and of training to a score."""

    def tables(**options: Any) -> Tables:
        chosen: dict[str, Any] = {"lengths": [16], "truncations": [2, 4, None]} | options
        found = trained(at(shared=1.0), ["latch"], ["shared"], **chosen)
        measured, quality = timed(found.scores, update, sequence, score)
        return replace(found, measured=measured, quality=quality)

    return tables


POWERS = ["shared", "unshared", "wide", "time_features"]
ALONE = at(shared=0.5, unshared=1.0, wide=0.6, time_features=0.6)
WIDE_SOLVES = at(shared=0.5, unshared=1, wide=1, time_features=0)
CASES: dict[str, dict[Verdict, Case]] = {
    "C1": {
        S: lambda **o: lengths(0.9, 0.8, **o),
        C: lambda **o: lengths(0.1, 0.3, **o),
        D: lambda **o: lengths(0.9, 0.1, **o),
        I: lambda **o: lengths(0.5, 0.5, **o),
    },
    "C2": {
        B: with_costs(counted=sized(1.0, 0.99)),
        C: with_costs(counted=sized(1.0, 0.5)),
    },
    "C3": {
        S: lambda **o: lengths(0.9, 0.9, 0.3, **o),
        C: lambda **o: lengths(0.9, 0.9, 0.9, **o),
        D: lambda **o: lengths(0.9, 0.2, 0.5, **o),
        # The best of three extensions adds nearly one standard deviation of the noise.
        I: lambda **o: lengths(0.9, 0.9, 0.842, **o),
    },
    "C4": {
        S: lambda **o: held_out(1.0, 0.2, **o),
        C: lambda **o: held_out(0.5, 0.7, **o),
        I: lambda **o: held_out(0.85, 0.8, **o),
    },
    "C5": {
        S: lambda **o: gap(0.4, 0.2, **o),
        C: lambda **o: gap(-0.1, 0.0, **o),
        D: lambda **o: gap(0.4, -0.1, **o),
        I: lambda **o: gap(0.05, 0.4, **o),
    },
    "C6": {
        S: lambda **o: data((0.6, 0.0), (0.4, 0.0), **o),
        C: lambda **o: data((0.6, 0.4), (0.0, 0.0), **o),
        D: lambda **o: data((0.6, 0.0), (0.6, 0.4), **o),
        I: lambda **o: data((0.6, 0.05), (0.6, 0.0), **o),
    },
    "C7": {
        S: lambda **o: power(0.3, 0.2, **o),
        C: lambda **o: power(0.0, -0.1, **o),
        D: lambda **o: power(0.3, -0.1, **o),
        I: lambda **o: power(0.05, 0.05, **o),
    },
    "C8": {
        S: lambda **o: solving(WIDE_SOLVES, POWERS, **o),
        C: lambda **o: solving(ALONE, POWERS, **o),
        I: lambda **o: solving(ALONE, ["shared", "unshared", "wide"], **o),
    },
    "C9": {
        B: with_costs(equivalence=compared(1e-15, 1e-6)),
        C: with_costs(equivalence=compared(1e-15, 1e-1)),
    },
    "C10": {
        S: lambda **o: function_of_time(0.9, 0.8, **o),
        C: lambda **o: function_of_time(0.2, 0.1, **o),
        D: lambda **o: function_of_time(0.9, 0.1, **o),
        I: lambda **o: function_of_time(0.9, 0.5, **o),
    },
    "C11": {
        S: with_costs(limits=fitting({32: (700, 7_000), 512: (10, 100)})),
        C: with_costs(limits=fitting({32: (10**6, None), 512: (200_000, 10**6)})),
        D: with_costs(limits=fitting({32: (10**6, None), 512: (10, 10**6)})),
    },
    "C12": {
        S: timing(1.0, 0.9, 0.8),
        C: timing(0.1, -0.2, 0.0),
        D: timing(1.0, -0.2, 0.0),
        I: timing(1.0, 0.9, 0.5),
    },
    "C13": {
        S: lambda **o: windows(0.0, 0.0, 0.5, **o),
        C: lambda **o: windows(0.4, 0.4, -0.1, **o),
        D: lambda **o: windows(0.0, 0.4, -0.1, **o),
        I: lambda **o: windows(0.05, 0.05, **o),
    },
    "C14": {
        S: lambda **o: rates({0.0: 0.4, 1.0: 0.4}, **o),
        C: lambda **o: rates({0.0: -0.4, 0.5: 0.0, 1.0: 0.02}, **o),
        D: lambda **o: rates({0.0: -0.4, 0.5: 0.0, 1.0: 0.4}, **o),
        I: lambda **o: rates({0.0: 0.4, 1.0: 0.2}, **o),
    },
    "C15": {
        S: lambda **o: rates({0.0: -0.4, 0.25: 0.0, 1.0: 0.3}, **o),
        C: lambda **o: rates({0.0: -0.4, 1.0: 0.3}, soft=-0.2, **o),
        I: lambda **o: rates({0.0: -0.4, 1.0: 0.3}, soft=-0.05, **o),
    },
    "C16": {
        S: lambda **o: connected(0.0, 0.1, **o),
        C: lambda **o: connected(-0.3, -0.2, **o),
        D: lambda **o: connected(-0.3, 0.1, **o),
        I: lambda **o: connected(-0.05, 0.1, **o),
    },
}
"""For each claim and each verdict that it can have, tables in which it is true."""
__all__ = ["CASES", "empty", "joined"]
